"""What must not wait until the process leader is back is told whoever stands in for her too."""

from datetime import UTC, date, datetime

import pytest

from flows import year_close
from intake.people.delegation import delegate
from models.database import transaction
from tests.cast import FRIDA, Town
from tests.test_approval import promised
from tests.test_deviation_report import DUE, cases, groups, runs, take

pytestmark = pytest.mark.by_turns


def bob_stands_in(town: Town, first: date, last: date) -> None:
    """For all that is Frida's."""
    with transaction(town.settings) as session:
        given = {"delegate": "Bob", "first_day": str(first), "last_day": str(last)}
        delegate(session, town.frida, given, FRIDA, today=first)


def test_the_years_draft_goes_to_frida_and_to_bob_who_stands_in_for_her(town: Town) -> None:
    promised(town)
    bob_stands_in(town, date(2025, 1, 7), date(2025, 1, 31))
    assert len(year_close.make_due(town.settings, date(2025, 1, 9))) == 2
    drafts = [one.to_name for one in town.letters() if "årsrapport 2024" in one.subject]
    assert sorted(drafts) == ["Bob", "Frida"]


@pytest.mark.parametrize(
    ("taken_in", "newest", "goes_anyway"),
    [
        (datetime(2025, 4, 2, tzinfo=UTC), "2025-01", True),
        (datetime(2025, 3, 20, tzinfo=UTC), "2025-03", False),
    ],
)
def test_both_are_told_that_reports_wait_and_whether_they_go_anyway(
    small_town: Town, taken_in: datetime, newest: str, goes_anyway: bool
) -> None:
    """An old file is waited out until 5 May; a missing one without end."""
    groups(small_town)
    take(small_town, cases("Äldre", newest, 6, "T"), taken_in)
    bob_stands_in(small_town, DUE, date(2025, 4, 30))
    assert runs(small_town, DUE) == (2, 0, 0)
    letters = [one for one in small_town.letters() if "väntar på en fil" in one.subject]
    assert sorted(one.to_name for one in letters) == ["Bob", "Frida"]
    for one in letters:
        assert "Når filen till periodens slut skickas rapporterna av sig själva" in one.text
        assert ("Annars går de ändå efter den 5 maj 2025" in one.text) is goes_anyway
    assert runs(small_town, date(2025, 5, 6))[1] == (2 if goes_anyway else 0)
