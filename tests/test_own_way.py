"""What is said in each database's own words finds the same rows, and can be found by an index."""

from itertools import combinations

import pytest
from sqlalchemy import ColumnElement, Dialect, select
from sqlalchemy.dialects import postgresql, sqlite

from models.activity import Activity, Responsibility
from models.columns import c
from models.database import engine_for, most_at_once, reading
from models.group import Group
from models.own_way import among
from rules.access import Viewer
from tests.cast import Town
from web.page import readable_activities

POSTGRES: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
SQLITE: Dialect = sqlite.dialect()
VIEWERS = [
    Viewer(person_id=1, name="Alice", reads=frozenset(reads), leads=frozenset(leads))
    for reads in ((), (1,), (2,), (1, 2))
    for leads in ((), (1,))
]


def readable_by(viewer: Viewer, town: Town) -> set[int]:
    """By hand: what her groups own or answer for, and what the collaborations she leads own."""
    with reading(town.settings) as session:
        areas = dict(session.execute(select(c(Group).id, c(Group).collaboration_id)).tuples().all())
        owners = dict(session.execute(select(c(Activity).id, c(Activity).group_id)).tuples().all())
        answering = session.execute(
            select(c(Responsibility).activity_id, c(Responsibility).group_id)
        ).all()
    hers = {group for group, area in areas.items() if group in viewer.reads or area in viewer.leads}
    owned = {activity for activity, group in owners.items() if group in hers}
    return owned | {activity for activity, group in answering if group in viewer.reads}


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda v: f"{set(v.reads)}-{set(v.leads)}")
def test_a_viewer_reads_the_same_in_both_databases(town: Town, viewer: Viewer) -> None:
    town.decided("Alms egen")
    town.decided("Alms, som Björk svarar för", group=town.bjork)
    with reading(town.settings) as session:
        seen = session.execute(select(c(Activity).id).where(readable_activities(viewer)))
        assert set(seen.scalars()) == readable_by(viewer, town)


def as_said(condition: ColumnElement[bool], of: Dialect) -> str:
    """The words that a database is asked with."""
    return " ".join(str(select(c(Activity).id).where(condition).compile(dialect=of)).split())


def test_each_database_is_asked_in_words_that_it_has_an_index_for() -> None:
    found = select(c(Group).id).where(c(Group).name == "NOSAM Alm")
    asked = among(c(Activity).group_id, found)
    assert "group_id = ANY (array((SELECT" in as_said(asked, POSTGRES)
    assert as_said(asked, SQLITE).endswith("WHERE groups.name = ?)")


@pytest.mark.parametrize(("of_one", "of_another"), combinations(VIEWERS, 2))
def test_no_two_viewers_share_a_kept_question(of_one: Viewer, of_another: Viewer) -> None:
    """The words of a statement are kept, its values are not: they would be another's."""
    one, another = (
        select(c(Activity).id)
        .where(readable_activities(viewer))
        .compile(
            dialect=POSTGRES,
            compile_kwargs={"literal_binds": True},
        )
        for viewer in (of_one, of_another)
    )
    assert str(one) != str(another)


def test_nobody_who_is_being_answered_waits_for_a_connection(town: Town) -> None:
    """In no order some of fifty would wait for ever longer."""
    engine = engine_for(town.settings)
    if engine.dialect.name == "postgresql":
        assert most_at_once(town.settings) * 2 <= engine.pool.size()  # type: ignore[attr-defined]
        assert engine.pool._max_overflow == 0  # type: ignore[attr-defined]
