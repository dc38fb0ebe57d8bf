"""Editions: what was compiled stays as it was, on either database."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.database import reading, transaction
from models.edition import ReportKind
from reports.editions import Difference, Facts, Of, before, by_id, differences, freeze, newest
from tests.cast import Town

FACTS: Facts = {"states": {"pågående": 3, "avslutad": 1}, "answers": ["Vi hann inte."]}


def frozen(town: Town, facts: Facts) -> tuple[int, bool]:
    with transaction(town.settings) as session:
        return freeze(
            session,
            Of(ReportKind.QUARTER, 1, town.alm, "2024Q1"),
            facts,
            schema_version=1,
            cut_off=date(2024, 4, 5),
            by="Frida",
        )


def test_the_same_facts_make_one_edition_and_a_correction_makes_the_next(town: Town) -> None:
    first, new = frozen(town, FACTS)
    assert new
    assert frozen(town, dict(reversed(FACTS.items()))) == (first, False)
    second, new = frozen(town, FACTS | {"states": {"pågående": 4, "avslutad": 1}})
    assert new
    with reading(town.settings) as session:
        now = newest(session, Of(ReportKind.QUARTER, 1, town.alm, "2024Q1"))
        assert now is not None
        assert (now.id, now.number) == (second, 2)
        was = before(session, now)
        assert was is not None
        assert was.facts == FACTS
        assert was.reference.startswith("Utgåva 1 · ")
        assert list(differences(was.facts, now.facts)) == [Difference(("states", "pågående"), 3, 4)]


def test_another_groups_report_is_another_report(town: Town) -> None:
    frozen(town, FACTS)
    with reading(town.settings) as session:
        assert newest(session, Of(ReportKind.QUARTER, 1, town.bjork, "2024Q1")) is None
        assert newest(session, Of(ReportKind.QUARTER, 1, None, "2024Q1")) is None


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE edition SET facts = '{}'",
        "UPDATE edition SET sha256 = 'x'",
        "DELETE FROM edition",
    ],
)
def test_the_database_itself_keeps_the_facts(town: Town, deed: str) -> None:
    edition_id, _ = frozen(town, FACTS)
    with pytest.raises(DBAPIError, match="never change"), transaction(town.settings) as session:
        session.execute(text(deed))
    with reading(town.settings) as session:
        kept = by_id(session, edition_id)
        assert kept is not None
        assert kept.facts == FACTS


def test_how_far_an_edition_has_come_may_change(town: Town) -> None:
    frozen(town, FACTS)
    with transaction(town.settings) as session:
        session.execute(text("UPDATE edition SET state = 'reviewed', reviewed_by = 'Frida'"))
