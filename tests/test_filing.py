"""Whom a plan's words name among those on file; guessing would write to the wrong people."""

import pytest

from intake.people.register import whom
from models.activity import Answerable

PEOPLE = {"alice ek": 1, "alice@example.org": 1}
GROUPS = {"nosam lerum": 10, "nosam alingsås": 20, "samordningsgruppen": 30}


@pytest.mark.parametrize("words", ["Alice Ek", "alice@example.org", "ALICE  EK", "Alice Ek, chef"])
def test_a_person_is_known_by_name_or_address(words: str) -> None:
    found = whom(words, PEOPLE, GROUPS)
    assert (found.kind, found.person_id) == (Answerable.PERSON, 1)


def test_a_group_is_known_by_its_name() -> None:
    assert whom("NOSAM Alingsås", PEOPLE, GROUPS).group_id == 20


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("ordförande i NOSAM Lerum", "ordförande"),
        ("Ordförande NOSAM Lerum", "ordförande"),
        ("vice ordförande NOSAM Lerum", "vice ordförande"),
        ("samordnare för NOSAM Lerum", "samordnare"),
    ],
)
def test_a_role_in_a_group_is_known_with_or_without_its_preposition(words: str, role: str) -> None:
    found = whom(words, PEOPLE, GROUPS)
    assert (found.kind, found.group_id, found.role) == (Answerable.ROLE, 10, role)


@pytest.mark.parametrize("words", ["NOSAM", "Varje verksamhet", "ordförande i NOSAM", "Alice"])
def test_words_that_name_nobody_for_sure_stay_words(words: str) -> None:
    assert whom(words, PEOPLE, GROUPS).kind is Answerable.WORDS
