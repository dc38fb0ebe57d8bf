"""A round never stops for one: what cannot be done is set aside and told, the others go.

It is tried again the next morning; when most of a kind fails it is the system, and that is told.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from config import clock
from config.settings import Settings
from flows import (
    deviation_report,
    quarter_close,
    report_letters,
    rounds,
    status_round,
    weekly_letter,
    year_close,
)
from flows.broke import Broke
from flows.heartbeat import beat
from intake.deviation import folder as deviation_folder
from intake.deviation.folder import take_in_folder
from models.alone import Aside, alone, keep_tally
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition
from models.group import Collaboration, Group
from models.heartbeat import MissedRound
from models.lifecycle import Move
from models.person import Person, Role
from models.plan import Plan
from models.round import Round, SetAside
from notifications import feeds, status_rounds
from notifications.administrators import bring_in
from notifications.letters import deviations as deviation_letters
from notifications.letters import morning, owed, parts, reports, weekly
from rules.access import Viewer
from tests.cast import Town
from tests.conftest import browse
from tests.deviation_files import HEADS, csv_file
from tests.test_deviation_report import cases, groups, take
from tests.test_deviations_folder import leaves
from tests.test_flows import foljsam
from tests.test_quarter_close import DUE, working
from tests.test_year_close import DRAFT
from web.app import create_app
from web.overview.heading import of_hers

pytestmark = pytest.mark.by_turns
NEXT = date(2024, 4, 8)  # the working day after DUE


def poison(
    into: pytest.MonkeyPatch, room: ModuleType, name: str, says: Callable[..., bool]
) -> None:
    """What a room calls by that name breaks for whom `says` answers yes, and is else the same."""
    real = getattr(room, name)

    def breaks(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        if says(*args, **kwargs):
            raise ValueError("gift")
        return real(*args, **kwargs)

    into.setattr(room, name, breaks)


def fourth(person_id: int) -> Callable[..., bool]:
    """Is it for that person, the fourth thing that is given?"""
    return lambda *given, **_values: given[3] == person_id


def run(line: str, day: date, *works: Callable[[], Any]) -> dict[str, int]:
    """A round without Prefect around it: noted, with its tally."""

    async def goes() -> dict[str, int]:
        async with rounds.noted(line, day) as (_, counts):
            for work in works:
                await asyncio.to_thread(work)
        return counts

    return asyncio.run(goes())


def quarter(town: Town, day: date) -> dict[str, int]:
    """The round of quarterly reports."""
    return run(
        quarter_close.LINE,
        day,
        lambda: quarter_close.make_due(town.settings, day),
        lambda: quarter_close.send_unsent(town.settings, day),
    )


def asides(town: Town) -> list[tuple[str, str]]:
    """What has been set aside, and why."""
    with reading(town.settings) as session:
        asked = select(c(SetAside).what, c(SetAside).why).order_by(c(SetAside).id)
        return [(what, why) for what, why in session.execute(asked)]


def names(town: Town) -> list[str]:
    """Who has had a letter."""
    return [letter.to_name for letter in town.letters()]


def overview(town: Town, day: date) -> str:
    """The first page."""
    pages = browse(create_app(town.settings.model_copy(update={"today": day})))
    return str(pages.get("/").text)


def test_a_group_whose_report_cannot_be_compiled_stops_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    working(town)
    with monkeypatch.context() as broken:
        is_bjork = lambda _told, of, *_: of.group_id == town.bjork  # noqa: E731
        poison(broken, quarter_close, "compile_edition", is_bjork)
        assert quarter(town, DUE)["set_aside"] == 1
    assert names(town) == ["Alice"]
    assert asides(town) == [("Statusrapport för NOSAM Björk, 2024Q1", "ValueError: gift")]
    told = overview(town, DUE)
    assert "Gick inte att göra, prövas igen" in told
    assert "Statusrapport för NOSAM Björk, 2024Q1" in told
    assert "set_aside" not in quarter(town, NEXT)
    assert names(town) == ["Alice", "Alice", "Bob"]
    assert "Statusrapport för NOSAM Björk" not in overview(town, NEXT)


def test_a_report_whose_file_cannot_be_made_waits_and_the_others_go(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    working(town)
    with monkeypatch.context() as broken:
        is_bjork = lambda _, frozen, *__: frozen.of.group_id == town.bjork  # noqa: E731
        poison(broken, report_letters, "as_file", is_bjork)
        assert quarter(town, DUE)["set_aside"] == 1
    assert names(town) == ["Alice"]
    quarter(town, NEXT)
    assert names(town) == ["Alice", "Alice", "Bob"]


def test_a_letter_that_cannot_be_made_waits_and_nobody_gets_hers_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    working(town)
    town.holds(town.frida, town.bjork, Role.MEMBER)
    with monkeypatch.context() as broken:
        poison(broken, reports, "_add", fourth(town.bob))
        assert quarter(town, DUE)["set_aside"] == 1
    assert names(town) == ["Alice", "Frida"]
    assert [what for what, _ in asides(town)] == ["Statusrapport kv 1 2024, brev till Bob"]
    quarter(town, NEXT)
    assert names(town) == ["Alice", "Frida", "Bob"]
    quarter(town, date(2024, 4, 9))
    assert names(town) == ["Alice", "Frida", "Bob"]


def test_when_most_reports_fail_the_round_says_that_it_is_the_system(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    working(town)
    with monkeypatch.context() as broken:
        poison(broken, quarter_close, "compile_edition", lambda *_: True)
        with pytest.raises(Broke, match="MostFailedError"):
            quarter(town, DUE)
    with reading(town.settings) as session:
        (row,) = session.execute(select(Round)).scalars()
    assert row.finished_at is None
    assert row.failed.startswith("MostFailedError: 3 av 3 gick inte att göra.")
    assert len(asides(town)) == 3
    quarter(town, DUE)
    assert sorted(names(town)) == ["Alice", "Bob"]


def test_one_persons_morning_letter_stops_nobody_elses(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (town.alice, town.bob, town.frida):
        town.decided(f"Uppgift {person}", by="2024-04-20", person=person)
    monday, tuesday = date(2024, 4, 15), date(2024, 4, 16)
    with monkeypatch.context() as broken:
        poison(broken, morning, "compose", lambda *given, **_: given[2] == "Bob")
        counts = run("morning-round", monday, lambda: town.morning(monday))
    assert counts["set_aside"] == 1
    assert sorted(names(town)) == ["Alice", "Frida"]
    assert asides(town) == [("Dagens brev till Bob", "ValueError: gift")]
    run("morning-round", tuesday, lambda: town.morning(tuesday))
    assert sorted(names(town)) == ["Alice", "Bob", "Frida"]


def test_an_activity_that_cannot_be_asked_about_stops_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for what in ("Första", "Andra", "Tredje"):
        town.decided(what, by="2024-04-20")
    monday, tuesday = date(2024, 4, 15), date(2024, 4, 16)
    with monkeypatch.context() as broken:
        poison(broken, owed, "_put", lambda _items, _who, rows, *_: rows[0].what == "Andra")
        counts = run("morning-round", monday, lambda: town.morning(monday))
    assert counts["set_aside"] == 1
    (first,) = town.letters()
    assert "Första" in first.text
    assert "Andra" not in first.text
    run("morning-round", tuesday, lambda: town.morning(tuesday))
    assert "Andra" in town.letters()[-1].text


def test_what_a_letter_of_several_broke_on_is_told_to_no_leader(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alice answers in all three: Frida would read what it broke on in Norr, and they of hers."""
    three_collaborations(town)
    poison(monkeypatch, morning, "compose", lambda *given, **_: given[2] == "Alice")
    with keep_tally() as tally:
        town.morning("2024-12-02")
    assert [one.collaboration_id for one in tally.failed.values()] == [None]
    with transaction(town.settings) as session:
        session.execute(update(Group).values(collaboration_id=1))
        session.execute(update(Plan).values(collaboration_id=1))
    with keep_tally() as tally:
        town.morning("2024-12-03")
    assert [one.collaboration_id for one in tally.failed.values()] == [1], "of hers alone"


def test_a_calendar_file_that_cannot_be_made_leaves_the_letter(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.decided("Ett", by="2024-04-20")
    town.decided("Två", by="2024-04-20", person=town.bob)
    town.decided("Tre", by="2024-04-20", person=town.frida)
    is_two = lambda entries: any("Två" in str(each) for each in entries)  # noqa: E731
    poison(monkeypatch, feeds, "enclosed_calendar", is_two)
    monday = date(2024, 4, 15)
    assert run("morning-round", monday, lambda: town.morning(monday))["set_aside"] == 1
    assert sorted(names(town)) == ["Alice", "Bob", "Frida"]


def test_one_process_leaders_week_stops_nobody_elses_and_comes_the_next_day(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.activity("Fler SIP", words="alla berörda")
    town.holds(town.alice, town.deciders, Role.PROCESS_LEADER)
    monday, tuesday, wednesday = date(2024, 6, 3), date(2024, 6, 4), date(2024, 6, 5)
    with monkeypatch.context() as broken:
        poison(broken, parts, "add", lambda _session, who, *_, **__: who == town.frida)
        run(weekly.LINE, monday, lambda: weekly_letter._write(monday))
    assert names(town) == ["Alice"]
    run(weekly.LINE, tuesday, lambda: weekly_letter._write(tuesday))
    run(weekly.LINE, wednesday, lambda: weekly_letter._write(wednesday))
    assert names(town) == ["Alice", "Frida"]


def test_a_group_whose_status_round_cannot_be_opened_stops_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for group in (town.alm, town.bjork, town.deciders):
        town.change(town.decided(f"I {group}", by="2024-12-31", group=group), group_id=group)
    day, after = date(2024, 3, 25), date(2024, 3, 26)
    with monkeypatch.context() as broken:
        is_bjork = lambda _session, planned, *_: planned.group_id == town.bjork  # noqa: E731
        poison(broken, status_rounds, "_open", is_bjork)
        run(status_round.LINE, day, lambda: status_round._close_and_open(day))
    assert asides(town) == [("Statusrunda för NOSAM Björk", "ValueError: gift")]
    with reading(town.settings) as session:
        assert _rounds_of(session) == {town.alm, town.deciders}
    run(status_round.LINE, after, lambda: status_round._close_and_open(after))
    with reading(town.settings) as session:
        assert _rounds_of(session) == {town.alm, town.bjork, town.deciders}


def _rounds_of(session: Session) -> set[int]:
    return set(session.execute(text("SELECT group_id FROM status_round")).scalars())


def put(session: Session, row: Any) -> int:  # noqa: ANN401
    """A row on file; its number."""
    session.add(row)
    session.flush()
    return int(row.id)


def three_collaborations(town: Town) -> None:
    """Each has a leader and an activity: Frida's own, Norr and Söder."""
    town.decided(by="2024-12-31")
    with transaction(town.settings) as session:
        for name in ("Norr", "Söder"):
            area = put(session, Collaboration(name=name))
            group = put(session, Group(collaboration_id=area, name=f"Grupp {name}"))
            email = f"{name[0].lower()}@example.org"
            leader = put(session, Person(name=f"Ledare {name}", email=email))
            put(session, Plan(collaboration_id=area, group_id=group, title=f"Plan {name}"))
            town._holds(session, leader, group, Role.PROCESS_LEADER)
    for name in ("Norr", "Söder"):
        _activity_in(town, name)


def _activity_in(town: Town, name: str) -> None:
    with reading(town.settings) as session:
        group = session.execute(select(c(Group).id).where(c(Group).name == f"Grupp {name}"))
        plan = session.execute(select(c(Plan).id).where(c(Plan).title == f"Plan {name}"))
        group_id, plan_id = group.scalar_one(), plan.scalar_one()
    row = town.decided(f"I {name}", by="2024-12-31")
    town.change(row, group_id=group_id, plan_id=plan_id)
    town.move(row, Move.START, today=date(2024, 2, 1))


def test_a_collaboration_whose_annual_draft_cannot_be_made_stops_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_collaborations(town)
    with monkeypatch.context() as broken:
        is_second = lambda _told, of, *_: of.collaboration_id == 2  # noqa: E731
        poison(broken, year_close, "compile_edition", is_second)
        run(year_close.LINE, DRAFT, lambda: year_close.make_due(town.settings, DRAFT))
    assert sorted(names(town)) == ["Frida", "Ledare Söder"]
    assert [what for what, _ in asides(town)] == ["Utkast till årsrapport för Norr, 2024"]
    after = date(2025, 1, 10)
    run(year_close.LINE, after, lambda: year_close.make_due(town.settings, after))
    assert sorted(names(town)) == ["Frida", "Ledare Norr", "Ledare Söder"]


def deviations(town: Town, day: date) -> dict[str, int]:
    """The round of deviation reports."""
    return run(
        deviation_report.LINE,
        day,
        lambda: deviation_report.make_due(town.settings, day),
        lambda: deviation_report.send_unsent(town.settings, day),
    )


@pytest.mark.parametrize("where", ["frozen", "file", "letter"])
def test_a_groups_deviation_report_stops_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    _, mind = groups(town)
    took = datetime(2025, 4, 2, 8, tzinfo=UTC)
    take(town, [*cases("Äldre", "2025-03", 7), *cases("Psykiatri", "2025-03", 6)], took)
    day, after = date(2025, 4, 4), date(2025, 4, 7)
    with monkeypatch.context() as broken:
        if where == "frozen":
            is_mind = lambda _session, of, *_, **__: of.group_id == mind  # noqa: E731
            poison(broken, deviation_report, "freeze", is_mind)
        elif where == "file":
            is_mind = lambda _kind, frozen, *_: frozen.of.group_id == mind  # noqa: E731
            poison(broken, deviation_report, "as_file", is_mind)
        else:
            poison(broken, deviation_letters, "_add", fourth(town.bob))
        assert deviations(town, day)["set_aside"] == 1
    assert "Bob" not in names(town)
    assert "Alice" in names(town)
    before = len(names(town))
    deviations(town, after)
    assert names(town)[before:] == ["Bob"]


def test_a_file_of_deviations_that_breaks_its_reader_stops_no_other(
    told: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    watched = told.model_copy(update={"deviations_folder": str(folder)})
    for number, name in enumerate(("ett.csv", "tva.csv", "tre.csv"), 1):
        leaves(watched, name, csv_file(cases("Äldre", f"2025-0{number}", 3), heads=HEADS))
    with monkeypatch.context() as broken, keep_tally() as tally:
        is_two = lambda name, *_, **__: name == "tva.csv"  # noqa: E731
        poison(broken, deviation_folder, "read_deviations", is_two)
        taken = take_in_folder(watched, clock.now())
        assert [each.file for each in taken if each.taken_in] == ["ett.csv", "tre.csv"]
        (aside,) = tally.aside
        assert (aside.what, aside.why) == ("Avvikelser ur filen tva.csv", "ValueError")  # no cell
        tally.must_be_few()
    assert [each.file for each in take_in_folder(watched, clock.now())] == ["tva.csv"]


def test_a_missed_round_of_a_line_that_is_no_more_keeps_no_other_from_being_told(
    town: Town,
) -> None:
    """It stands on file since an older version."""
    settings = town.settings.model_copy(update={"administrators": "frida@example.org"})
    now = datetime(2024, 12, 2, 12, tzinfo=UTC)
    bring_in(settings, now.date())
    with transaction(settings) as session:
        for line in ("gone-line", "morning-round"):
            values = {"line": line, "due_at": now, "why": "Borta.", "noticed_at": now}
            session.execute(insert(MissedRound).values(values))
    beat(settings, now)
    assert [letter.to_name for letter in town.letters()] == ["Frida"]


def test_a_database_that_is_away_is_nobodys_own_failure() -> None:
    with (
        keep_tally() as tally,
        pytest.raises(OperationalError),
        alone("Brev till", "Alice"),
    ):
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))
    assert tally.aside == []


def test_what_failed_at_first_and_went_when_tried_again_is_not_told() -> None:
    with keep_tally() as tally:
        for error in (True, False):
            with alone("Brev till", "Alice", collaboration_id=1):
                if error:
                    raise ValueError("gift")
            assert tally.aside == ([Aside("Brev till Alice", "ValueError: gift", 1)] * error)
        tally.must_be_few()


def test_only_those_who_lead_the_collaboration_read_of_what_was_set_aside(town: Town) -> None:
    with transaction(town.settings) as session:
        other = Collaboration(name="Söder")
        session.add(other)
        row = Round(line="quarter-close", on_day=DUE, started_at=clock.now())
        session.add(row)
        session.flush()
        for area, what in ((1, "Hennes"), (other.id, "Andras"), (None, "Systemets")):
            values = {"round_id": row.id, "collaboration_id": area, "what": what, "why": "x"}
            session.execute(insert(SetAside).values(values))
    seen = {}
    for name, viewer in (
        ("leader", Viewer(leads=frozenset({1}))),
        ("administrator", Viewer(administrator=True)),
        ("reader", Viewer()),
    ):
        with reading(town.settings) as session:
            asked = select(c(SetAside).what).where(of_hers(viewer)).order_by(c(SetAside).id)
            seen[name] = list(session.execute(asked).scalars())
    assert seen == {
        "leader": ["Hennes"],
        "administrator": ["Hennes", "Andras", "Systemets"],
        "reader": [],
    }


def test_in_a_real_flow_a_spoiled_row_sets_its_own_group_aside(place: Town) -> None:
    """A date on file that is none: SQLite takes it, and reading it breaks."""
    working(place)
    with transaction(place.settings) as session:
        spoil = text("UPDATE activity SET start_first = 'trasig' WHERE group_id = :group")
        session.execute(spoil, {"group": place.bjork})
    done = foljsam(place, "run", "quarter-close", "--today", str(DUE), "--json")
    assert done.returncode == 0, done.stderr
    assert '"set_aside": 1' in done.stdout
    assert names(place) == ["Alice"]
    assert [what for what, _ in asides(place)] == ["Statusrapport för NOSAM Björk, 2024Q1"]
    with transaction(place.settings) as session:
        session.execute(text("UPDATE activity SET start_first = NULL"))
    quarter(place, NEXT)
    assert sorted(names(place)) == ["Alice", "Alice", "Bob"]
    with reading(place.settings) as session:
        assert len(session.execute(select(c(Edition).id)).all()) == 2
