"""A roll-up tells of each thing what was so of that thing: of each move, answer, figure and part.

And what no report has told, or one told that does not hold, is named where it belongs.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from config import clock
from flows import quarter_close
from intake.lives import undo
from intake.lives.changes import ask_to_change
from intake.lives.correcting import ask_to_correct
from intake.lives.entries import log_of
from intake.lives.parts import ask_to_put_parts
from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, EditionState, ReportKind
from models.lifecycle import Brought, Move, Outcome
from models.owners import move_to_group
from models.plan import Goal, Plan
from models.promise import Promise
from models.status import ReleasedWords, Says, StatusAnswer, Way
from models.year_end import close_plan, reopen_plan
from reports.approval import missing_promises
from reports.blocks import Bullets, Heading, Picture, Report
from reports.changes import changes
from reports.compiling import compile_edition
from reports.editions import Of, before, newest
from reports.files import MEDIA_TYPES, as_file
from reports.rollup import sections
from reports.rollup.against import moved_without_cause
from reports.rollup.in_short import in_short
from reports.rollup.shapes import SCHEMA, Counts, PeriodFacts
from reports.rollup.show import report_of
from reports.rollup.story import story_with_answer
from rules.lives import parts_in_words
from tests.cast import FRIDA, Town
from tests.test_rollup_one_number import next_plan, report, said, table, told

QUARTER = date(2024, 4, 5)
SUMMER = date(2024, 7, 5)


def answer(
    town: Town,
    activity: int,
    says: Says,
    day: date,
    *,
    words: str = "",
    instead: str = "",
    proposed: date | None = None,
    registered: date | None = None,
) -> None:
    """Alice has answered by telephone; Frida wrote it down, and lets the words stand."""
    at = datetime.combine(registered, datetime.min.time(), UTC) if registered else clock.now()
    with transaction(town.settings) as session:
        row = StatusAnswer(
            activity_id=activity,
            person_id=town.alice,
            at=at,
            on_day=day,
            says=says,
            text=words,
            instead=instead,
            proposed_text=str(proposed or ""),
            proposed_first=proposed,
            proposed_last=proposed,
            way=Way.PHONE,
            registered_by="Frida",
        )
        session.add(row)
        session.flush()
        if words:
            assert row.id is not None
            yes = ReleasedWords(answer_id=row.id, words=words, edited=False, on_day=day, by="F")
            session.add(yes)


def happened(town: Town, period: str = "2024Q1", cut_off: date = QUARTER) -> dict[str, str]:
    """What the table of a quarter says happened to each activity."""
    rows = table(report(town, period, cut_off), "NOSAM Alm: ").rows
    return {row[0].partition(" ")[2]: row[3] for row in rows}


def under(shown: Report, heading: str) -> Sequence[str]:
    """The lines under a heading; none where it is not there."""
    blocks = list(shown.blocks)
    for at, block in enumerate(blocks):
        if isinstance(block, Heading) and block.text == heading:
            after = blocks[at + 1]
            assert isinstance(after, Bullets)
            return after.items
    return ()


def approved(town: Town, period: str, cut_off: date, group: int | None = None) -> None:
    """A report is compiled and approved."""
    of = Of(ReportKind.QUARTER, 1, group, period)
    compiled = compile_edition(town.settings, of, cut_off, "Frida")
    assert compiled is not None
    with transaction(town.settings) as session:
        session.execute(
            update(Edition)
            .where(c(Edition).id == compiled[0])
            .values(state=EditionState.APPROVED, approved_at=clock.now(), approved_by="Frida")
        )


def taken_back(town: Town, activity: int, day: date, why: str = "Fel rad") -> None:
    """The last that was done with an activity is taken back."""
    with transaction(town.settings) as session:
        last = log_of(session, {activity})[activity][0]
        chain = undo.look(session, [activity], last.key, held=True)
        undo.take_back(session, chain, FRIDA, today=day, reason=why)


def test_each_carrying_over_tells_the_plan_that_it_led_to(town: Town) -> None:
    following = next_plan(town)
    with transaction(town.settings) as session:
        later = Plan(collaboration_id=1, group_id=town.alm, title="Plan 2026")
        session.add(later)
        session.flush()
        assert later.id is not None
        after_that = later.id
    sip = town.decided("SIP för fler", by="2024-12-31")
    wrong, right = Brought(next_plan_id=following), Brought(next_plan_id=after_that)
    town.move(sip, Move.CARRY_OVER, wrong, date(2024, 2, 1))
    town.move(sip, Move.UNDO_CARRY_OVER, Brought(reason="Fel plan"), date(2024, 2, 5))
    town.move(sip, Move.CARRY_OVER, right, date(2024, 3, 1))
    words = happened(town)["SIP för fler"]
    assert "Överförd 1 februari 2024 till Plan 2025." in words
    assert words.endswith("Överförd 1 mars 2024 till Plan 2026.")


def test_each_ending_tells_who_went_on_with_it_then(town: Town) -> None:
    """Ended twice in the quarter, and once more before the cut-off."""
    sip = town.decided("SIP för fler", by="2024-12-31")
    kept = {date(2024, 2, 1): "Regionen", date(2024, 3, 1): "Kommunerna", date(2024, 4, 3): "Alla"}
    for day, who in kept.items():
        if day > date(2024, 2, 1):
            town.move(sip, Move.REOPEN, Brought(decision_id=town.decision), day)
        brought = Brought(
            outcome=Outcome.ORDINARY, kept_by=who, reason="Klart", decision_id=town.decision
        )
        town.move(sip, Move.ABANDON, brought, day)
    words = happened(town)["SIP för fler"]
    told_of = [words.index(f"förs vidare av {who}: Klart.") for who in kept.values()]
    assert told_of == sorted(told_of)
    assert words.index("Registrerat efter periodens slut:") < told_of[-1]


def test_the_figure_is_that_of_the_last_follow_up(town: Town) -> None:
    """It was told anew after the first one; the second has its own."""
    sip = town.decided("SIP för fler", by="2024-12-31")
    town.move(sip, Move.START, today=date(2024, 1, 20))
    town.move(sip, Move.FOLLOW_UP, Brought(result="Några", figure="12"), date(2024, 2, 1))
    with transaction(town.settings) as session:
        given = {"figure": "14", "reason": "Två till"}
        ask_to_change(session, sip, given, FRIDA, today=date(2024, 2, 2))
    assert happened(town, cut_off=date(2024, 2, 3))["SIP för fler"].endswith("Siffra: 14.")
    goes_on = Brought(deadline=date(2024, 12, 31), reason="Mer")
    town.move(sip, Move.CONTINUE, goes_on, date(2024, 2, 10))
    town.move(sip, Move.FOLLOW_UP, Brought(result="Fler", figure="20"), date(2024, 3, 1))
    assert happened(town)["SIP för fler"].endswith("Resultat: Fler. Siffra: 20.")


def test_the_newest_answer_is_told_though_an_older_one_has_words(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-12-31")
    answer(town, sip, Says.ON_TRACK, date(2024, 2, 1), words="Det rullar på")
    answer(town, sip, Says.LATE, date(2024, 3, 20), proposed=date(2025, 6, 30))
    newest_one = "Besked 20 mars 2024: försenat, nytt slutdatum föreslaget: 30 juni 2025."
    words = happened(town)["SIP för fler"]
    assert words.endswith(newest_one)
    assert "går enligt plan" not in words
    year = table(report(town, "2024"), "NOSAM Alm: ").rows[0][3]
    assert year.endswith(f"Besked 1 februari 2024: ”Det rullar på”. {newest_one}")


def test_whoever_takes_a_question_over_is_not_told_as_the_wrong_one(small_town: Town) -> None:
    sip = small_town.decided("SIP för fler", by="2024-12-31")
    answer(small_town, sip, Says.NOT_ME, date(2024, 2, 1))
    assert happened(small_town)["SIP för fler"].endswith("Besked 1 februari 2024: fel ansvarig.")
    answer(small_town, sip, Says.NOT_ME, date(2024, 3, 1), instead="Alice")
    assert happened(small_town)["SIP för fler"].endswith("Besked 1 mars 2024: tar över frågan.")


@pytest.mark.parametrize(
    ("says", "kept"), [(Says.NOT_ME, False), (Says.ON_TRACK, True)], ids=["not me", "on track"]
)
def test_that_it_is_somebody_elses_to_answer_keeps_no_promise(
    town: Town, says: Says, kept: bool
) -> None:
    sip = town.decided("SIP för fler", by="2024-12-31")
    with transaction(town.settings) as session:
        session.add(Promise(activity_id=sip, words="Redovisas i årsrapport", made_to="årsrapport"))
    answer(town, sip, says, date(2024, 3, 1), words="Fråga Bo i kommunen")
    (promise,) = told(town, "2024").groups[0].activities[0].promises
    assert promise.kept is kept


def promised(town: Town, activity: int, due: date | None = None) -> None:
    """An activity promises to be told of."""
    with transaction(town.settings) as session:
        row = Promise(activity_id=activity, words="Redovisas", made_to="årsrapport", due=due)
        session.add(row)


def test_nothing_is_owed_of_what_was_rejected_or_is_promised_for_another_year(town: Town) -> None:
    """A year's report may be approved though they are not told of; of the third it may not."""
    rejected = town.activity("Avslagen", by="2024-12-31")
    brought = Brought(reason="Inte nu", decision_id=town.decision)
    town.move(rejected, Move.REJECT, brought, date(2024, 2, 1))
    later, now = (town.decided(what, by="2024-12-31") for what in ("Nästa år", "I år"))
    promised(town, rejected)
    promised(town, later, date(2025, 12, 31))
    promised(town, now, date(2024, 12, 31))
    year = report(town, "2024")
    stands = {row[0]: row[-1] for row in table(year, "Det som ska redovisas").rows}
    assert stands == {
        "I år": "Saknas",
        "Nästa år": "Återstår",
        "Avslagen": "Aktiviteten är avslagen",
    }
    assert "En redovisning saknas. Den står först i tabellen." in said(year)
    with reading(town.settings) as session:
        frozen = newest(session, Of(ReportKind.YEAR, 1, None, "2024"))
    assert frozen is not None
    assert missing_promises(frozen) == ["I år (NOSAM Alm), ”Redovisas”"]


def test_an_answer_that_was_registered_too_late_for_its_report_is_in_the_next(town: Town) -> None:
    """Given in March, written down in May: the quarter's report had gone in April."""
    sip = town.decided("SIP för fler", by="2024-12-31")
    with transaction(town.settings) as session:
        session.add(Promise(activity_id=sip, words="Redovisas i årsrapport", made_to="årsrapport"))
    answer(
        *(town, sip, Says.DONE, date(2024, 3, 20)),
        words="Vi är klara",
        registered=date(2024, 5, 3),
    )
    line = "SIP för fler: Besked 20 mars 2024: klart. ”Vi är klara” Registrerat 3 maj 2024."
    shown = report(town, "2024Q2", SUMMER)
    assert under(shown, "Registrerat i efterhand") == (line,)
    assert table(shown, "Det som ska redovisas").rows[0][-1] == "Redovisad"
    for period, cut_off in (("2024Q1", QUARTER), ("2024Q3", date(2024, 10, 5))):
        assert under(report(town, period, cut_off), "Registrerat i efterhand") == ()


def test_an_answer_of_december_keeps_this_years_promise_and_not_the_next_ones(town: Town) -> None:
    """It was registered in February, before the annual report's cut-off in March."""
    sip = town.decided("SIP för fler", by="2025-12-31")
    promised(town, sip)
    answer(
        *(town, sip, Says.ON_TRACK, date(2024, 12, 20)),
        words="Det rullar på",
        registered=date(2025, 2, 3),
    )
    kept = {
        year: told(town, year, cut_off).groups[0].activities[0].promises[0].kept
        for year, cut_off in (("2024", date(2025, 3, 13)), ("2025", date(2026, 3, 13)))
    }
    assert kept == {"2024": True, "2025": False}


def test_an_answer_registered_while_its_quarter_was_open_counts_there_alone(town: Town) -> None:
    sip = town.decided("SIP för fler", by="2024-12-31")
    answer(town, sip, Says.AT_RISK, date(2024, 3, 30), registered=date(2024, 4, 2))
    assert "Besked 30 mars 2024: osäkert." in happened(town)["SIP för fler"]
    assert under(report(town, "2024Q2", SUMMER), "Registrerat i efterhand") == ()


def test_parts_and_results_that_were_taken_back_are_named(town: Town) -> None:
    parts = town.decided("Delar", by="2024-12-31")
    with transaction(town.settings) as session:
        given = {"name": "Lerum", "state": "klar"}
        ask_to_put_parts(session, parts, given, FRIDA, today=date(2024, 3, 1))
    result = town.decided("Resultat", by="2024-12-31")
    town.move(result, Move.START, today=date(2024, 1, 20))
    town.move(result, Move.FOLLOW_UP, Brought(result="Bra", figure="4"), date(2024, 2, 1))
    with transaction(town.settings) as session:
        given = {"result": "Mycket bra", "reason": "Skrev fel"}
        ask_to_correct(session, result, given, FRIDA, today=date(2024, 2, 5))
    approved(town, "2024Q1", QUARTER)
    taken_back(town, parts, date(2024, 5, 2))
    taken_back(town, result, date(2024, 5, 3), "Det stod rätt")
    assert under(report(town, "2024Q2", SUMMER), "Rättat sedan förra rapporten") == (
        "Delar: beskedet 1 mars 2024 om delen Lerum (klar) gäller inte. "
        "Det togs tillbaka 2 maj 2024: Fel rad.",
        "Resultat: rättat resultat 5 februari 2024 gäller inte. "
        "Det togs tillbaka 3 maj 2024: Det stod rätt.",
    )


def test_what_was_agreed_after_the_period_was_told_by_no_report_of_it(town: Town) -> None:
    """A new deadline of 3 April, before the first quarter's cut-off, is the next quarter's."""
    sip = town.decided("SIP för fler", by="2024-12-31")
    with transaction(town.settings) as session:
        given = {"deadline": "2025-06-30", "reason": "Vi väntar"}
        ask_to_change(session, sip, given, FRIDA, today=date(2024, 4, 3))
    approved(town, "2024Q1", QUARTER)
    taken_back(town, sip, date(2024, 5, 2))
    assert under(report(town, "2024Q2", SUMMER), "Rättat sedan förra rapporten") == ()


def test_two_activities_of_one_name_are_not_told_as_one(town: Town) -> None:
    alm = town.decided("Utbildning", by="2024-12-31")
    bjork = town.decided("Utbildning", by="2024-12-31")
    with transaction(town.settings) as session:
        move_to_group(session, [bjork], town.bjork, FRIDA, today=date(2024, 1, 11), reason="x")
    for id_ in (alm, bjork):
        town.move(id_, Move.START, today=date(2024, 2, 1))
    approved(town, "2024Q1", QUARTER)
    for id_ in (alm, bjork):
        taken_back(town, id_, date(2024, 5, 2))
    assert under(report(town, "2024Q2", SUMMER), "Rättat sedan förra rapporten") == tuple(
        f"Utbildning ({group}): Startad 1 februari 2024 gäller inte. "
        "Det togs tillbaka 2 maj 2024: Fel rad."
        for group in ("NOSAM Alm", "NOSAM Björk")
    )
    approved(town, "2024Q2", SUMMER)
    quarter_close.send_unsent(town.settings, date(2024, 8, 6))
    told = [one.text for one in town.letters() if "* Rapporten har" in one.text]
    assert told
    assert all("* Rapporten har två rättelser av det som tidigare rapporter sa." in t for t in told)


def test_two_of_one_name_that_were_registered_late_are_told_apart(small_town: Town) -> None:
    town = small_town
    alm, bjork = (town.decided("Utbildning", by="2024-12-31") for _ in range(2))
    with transaction(town.settings) as session:
        move_to_group(session, [bjork], town.bjork, FRIDA, today=date(2024, 1, 11), reason="x")
    for id_ in (alm, bjork):
        answer(town, id_, Says.AT_RISK, date(2024, 3, 20), registered=date(2024, 5, 3))
    assert under(report(town, "2024Q2", SUMMER), "Registrerat i efterhand") == tuple(
        f"Utbildning ({group}): Besked 20 mars 2024: osäkert. Registrerat 3 maj 2024."
        for group in ("NOSAM Alm", "NOSAM Björk")
    )


def test_what_was_registered_late_stands_also_where_activities_are_too_many_to_list(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "MOST_LISTED", 2)
    for what in ("Trygg hemgång", "SIP för fler", "Ny mottagning"):
        id_ = small_town.decided(what, by="2024-12-31")
    answer(small_town, id_, Says.AT_RISK, date(2024, 3, 20), registered=date(2024, 5, 3))
    shown = report(small_town, "2024Q2", SUMMER)
    assert under(shown, "Registrerat i efterhand") == (
        "Ny mottagning: Besked 20 mars 2024: osäkert. Registrerat 3 maj 2024.",
    )


def test_what_was_the_only_thing_told_is_named_when_it_is_gone(small_town: Town) -> None:
    """No activity is left to report on, and the report comes all the same."""
    town = small_town
    alone = town.activity("Av misstag", by="2024-12-31", today=date(2024, 3, 1))
    approved(town, "2024Q1", QUARTER, town.alm)
    taken_back(town, alone, date(2024, 5, 2))
    of = Of(ReportKind.QUARTER, 1, town.alm, "2024Q2")
    assert compile_edition(town.settings, of, SUMMER, "Frida") is not None
    after = Of(ReportKind.QUARTER, 1, town.alm, "2024Q3")
    assert compile_edition(town.settings, after, date(2024, 10, 5), "Frida") is None
    with reading(town.settings) as session:
        frozen = newest(session, of)
    assert frozen is not None
    shown = report_of(frozen, {})
    assert under(shown, "Rättat sedan förra rapporten") == (
        "Av misstag: Föreslagen 1 mars 2024 gäller inte. Det togs tillbaka 2 maj 2024: Fel rad.",
    )
    for kind in MEDIA_TYPES:
        assert as_file(kind, frozen, shown, None)


@pytest.mark.parametrize("opened", [False, True], ids=["closed", "opened again"])
def test_a_closed_plan_without_days_has_neither_goals_nor_money_left(
    town: Town, opened: bool
) -> None:
    town.decided("SIP för fler", by="2024-12-31")
    with transaction(town.settings) as session:
        old = Plan(collaboration_id=1, group_id=town.alm, title="Planen utan dagar")
        old.funding_text, old.funding_amount = "100 000 kr", 100_000
        session.add(old)
        session.flush()
        assert old.id is not None
        session.add(Goal(plan_id=old.id, text="Ett mål som ingen tog sig an"))
        close_plan(session, old.id, FRIDA, today=date(2024, 2, 1), reason="Slut")
        if opened:
            day, by = date(2024, 2, 10), town.decision
            reopen_plan(session, old.id, FRIDA, today=day, reason="Mer", decision_id=by)
    goal = "Ett mål som ingen tog sig an"
    assert goal in told(town, "2024Q1", QUARTER).groups[0].goals_without_activity
    later = told(town, "2024Q2", SUMMER)
    there = goal in later.groups[0].goals_without_activity
    assert (there, bool(later.plans_money)) == (opened, opened)


def test_a_group_that_an_activity_left_has_changed_for_a_reason(town: Town) -> None:
    """The draft said that nothing explained it."""
    sip = town.decided("SIP för fler", by="2024-12-31")
    town.decided("Den som är kvar", by="2024-12-31")
    report(town, "2024Q2", date(2024, 5, 1))
    with transaction(town.settings) as session:
        move_to_group(session, [sip], town.bjork, FRIDA, today=date(2024, 5, 5), reason="x")
    report(town, "2024Q2", date(2024, 5, 6))
    with reading(town.settings) as session:
        frozen = newest(session, Of(ReportKind.QUARTER, 1, None, "2024Q2"))
        assert frozen is not None
        assert moved_without_cause(session, frozen) == []


def test_two_are_both_and_parts_are_bent() -> None:
    period = PeriodFacts("2024Q1", date(2024, 1, 1), date(2024, 3, 31), date(2024, 3, 31))
    two = Counts(followed_up_in_time=2, moved={Move.FOLLOW_UP: 1})
    assert "En aktivitet följdes upp två gånger, båda i tid." in in_short(two, period)
    three = Counts(followed_up_in_time=3, moved={Move.FOLLOW_UP: 3})
    assert "Tre aktiviteter följdes upp, alla i tid." in in_short(three, period)
    parts = [(f"Kommun {n}", "klar") for n in range(3)]
    parts += [("A", "inte svarat"), ("B", "inte svarat"), ("C", "beslutad"), ("D", "i dialog")]
    assert parts_in_words(parts) == ("3 klara, 2 som inte har svarat, 1 beslutad, 1 i dialog")


def test_money_without_amounts_is_not_nothing_left(small_town: Town) -> None:
    sip = small_town.decided("SIP för fler", by="2024-12-31")
    small_town.change(sip, funding_text="Statsbidrag")
    words = said(report(small_town, "2024Q1", QUARTER))
    assert "Aktiviteternas medel: inga belopp står i planerna." in words
    small_town.change(sip, funding_amount=500)
    words = said(report(small_town, "2024Q1", QUARTER))
    assert "Aktiviteternas medel: 500\xa0kr kan användas efter perioden." in words


def test_a_drawing_of_a_quarter_that_goes_on_says_which_day(small_town: Town) -> None:
    small_town.decided("SIP för fler", by="2024-12-31")
    small_town.decided("Trygg hemgång", by="2024-12-31")
    (drawn,) = [
        b
        for b in report(small_town, "2024Q1", date(2024, 2, 1)).blocks
        if isinstance(b, Picture) and b.name.startswith("lagen")
    ]
    assert drawn.caption == "Aktiviteternas lägen vid periodens början och 1 februari 2024"
    assert "Antal den 1 februari 2024: beslutad 2." in drawn.alt


def test_how_often_what_runs_on_was_seen_to_is_told_as_it_was(small_town: Town) -> None:
    """Each quarter then; since a later agreement, with a deadline, it is not asked that way."""
    town = small_town
    sip = town.decided("SIP för fler", runs_on=date(2024, 3, 1))
    town.change(sip, review_months=3)
    then = told(town, "2024Q2", SUMMER).groups[0].activities[0]
    assert (then.fate, story_with_answer(then)) == (
        "inte uppföljd",
        "Ingen har sett över den under perioden.",
    )
    with transaction(town.settings) as session:
        given = {"deadline": "2025-06-30", "reason": "Nu har den ett slut"}
        ask_to_change(session, sip, given, FRIDA, today=date(2024, 8, 1))
    town.change(sip, review_months=12)
    assert told(town, "2024Q2", SUMMER).groups[0].activities[0] == then


@pytest.mark.parametrize("schema", [8, SCHEMA], ids=["before", "now"])
def test_a_correction_that_is_counted_otherwise_tells_what_differs_too(
    small_town: Town, schema: int
) -> None:
    """Whoever corrected a report after an upgrade was told of the upgrade alone."""
    town = small_town
    sip = town.decided("SIP för fler", by="2024-12-31")
    report(town, "2024Q1", QUARTER)
    town.move(sip, Move.START, today=date(2024, 2, 1))
    report(town, "2024Q1", QUARTER)
    with reading(town.settings) as session:
        now = newest(session, Of(ReportKind.QUARTER, 1, None, "2024Q1"))
        assert now is not None
        was = before(session, now)
        assert was is not None
    old = replace(was, schema_version=6, facts=was.facts | {"schema": 6})
    told_of = changes(old, replace(now, schema_version=schema), {}, {})
    if schema < SCHEMA:
        assert [one.what for one in told_of] == ["Hur uppgifterna är räknade"]
        return
    first, *rest = told_of
    assert (first.before, first.after) == ("som förut", "på ett nytt sätt")
    lines = {(one.what, one.before, one.after) for one in rest}
    assert ("NOSAM Alm: startade", "0", "1") in lines
    assert ("NOSAM Alm: SIP för fler", "beslutad", "pågående") in lines
