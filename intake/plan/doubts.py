"""What is doubtful about an activity or a plan as it was read, as sentences with proposals.

Looks at drafts only. What those on file make doubtful (an unknown name, a double, a plan that is
full) is told in `intake/filing/known.py`.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from intake.documents import Cell, Document
from intake.drafts import ActivityDraft, Asks, Doubt
from intake.plan.front_page import group_in
from intake.plan.heading_words import columns_of_form, fold, is_aside
from intake.plan.rows import PlanRow, coloured, short
from intake.plan.states import state_of
from intake.plan.taken_apart import Layout
from intake.plan.wording import RUNS_ON
from models.plan_shape import Role
from models.span import Precision

MANY = 150  # activities; a plan with more is asked about, since a schedule has hundreds
NO_RESPONSIBLE = "Ingen ansvarig står i planen."
NO_DEADLINE = "Inget slutdatum står i planen."
NO_FOLLOW_UP = "Ingen uppföljning står i planen."

NAMES = {
    Role.GOAL: "mål",
    Role.FOCUS_AREA: "område",
    Role.WHAT: "aktivitet",
    Role.HOW: "beskrivning",
    Role.RESPONSIBLE: "ansvarig",
    Role.DECIDED_BY: "vem som beslutar",
    Role.PARTICIPANTS: "deltagare",
    Role.START: "start",
    Role.DEADLINE: "slutdatum",
    Role.PERIOD: "tid",
    Role.FOLLOW_UP: "uppföljning",
    Role.STATUS: "läge",
    Role.TARGET_GROUP: "målgrupp",
    Role.FUNDING: "pengar",
    Role.NUMBER: "nummer",
}  # what each column holds, in the middle of a sentence

_GENERIC_GROUP = re.compile(
    r"(NOSAM|LOSAM|Temagrupp(?:en)?|Samverkansgrupp(?:en)?)\b", re.IGNORECASE
)


def doubts_of(draft: ActivityDraft, row: PlanRow, first_day: date | None) -> Iterable[Doubt]:
    """The doubts about one activity, in the order a reader would ask."""
    if not draft.responsible:
        words = row.text(Role.RESPONSIBLE)
        unsaid = not words or draft.decided_by
        told = (
            NO_RESPONSIBLE
            if unsaid
            else f"Ingen ansvarig: ”{short(words)}” är ingen person eller grupp."
        )
        yield row.doubt(Asks.NO_RESPONSIBLE, told, Role.RESPONSIBLE)
    yield from _date_doubts(draft, row, first_day)
    open_words = RUNS_ON.search(f"{draft.how}\n{draft.what}")
    if open_words and draft.deadline.last:
        told = f"”{open_words[0]}” står bredvid slutdatum ”{short(draft.deadline.text)}”."
        yield row.doubt(Asks.RUNS_ON_TOO, told, _date_role(row, Role.DEADLINE))
    if not draft.follow_up:
        yield row.doubt(Asks.NO_FOLLOW_UP, NO_FOLLOW_UP, Role.FOLLOW_UP)


def doubts_of_signs(
    row: PlanRow, cells: list[Cell], shown: str, who: str, *, from_above: bool
) -> Iterable[Doubt]:
    """What a row says by lines through it, by colours and by the row above.

    `shown` is the status that a colour told, `who` the one who answers.
    """
    what = row.cell(Role.WHAT)
    if what and what.struck:
        told = "Raden är överstruken i filen. Stryk aktiviteten om den inte gäller längre."
        yield row.doubt(Asks.STATUS, told, Role.WHAT)
    if coloured(row.headings, cells):
        told = f"Tiden ”{row.text(Role.PERIOD)}” är läst ur rutornas färg; stämmer det?"
        yield row.doubt(Asks.DATE_UNSURE, told, Role.PERIOD)
    if shown:
        told = f"Läget ”{shown}” är läst ur rutans färg; stämmer det?"
        yield row.doubt(Asks.STATUS, told, Role.STATUS, state_of(shown).state)
    if who:
        told = f"Ansvarig ”{short(who)}” är läst ur rutans färg; stämmer det?"
        yield row.doubt(Asks.FROM_TEXT, told, Role.RESPONSIBLE, who)
    if from_above:
        told = "Raden har inget eget mål; målet ovanför gäller."
        yield row.doubt(Asks.GOAL_FROM_ABOVE, told, Role.GOAL, row.text(Role.GOAL))


def _date_doubts(draft: ActivityDraft, row: PlanRow, first_day: date | None) -> Iterable[Doubt]:
    start, deadline = draft.start, draft.deadline
    if not deadline.text:
        yield row.doubt(Asks.NO_DEADLINE, NO_DEADLINE, Role.DEADLINE)
    for name, role, span in (
        ("Startdatum", Role.START, start),
        ("Slutdatum", Role.DEADLINE, deadline),
    ):
        words = f"{name} ”{short(span.text)}”"
        where = _date_role(row, role)
        if span.doubt:
            yearless = "året" in span.doubt.lower()
            kind = Asks.YEAR_MISSING if yearless else Asks.DATE_UNSURE
            kind = (
                Asks.NO_SUCH_DAY if span.precision is Precision.INVALID and not yearless else kind
            )
            day = span.last if role is Role.DEADLINE else span.first
            yield row.doubt(kind, f"{words}: {span.doubt}", where, day.isoformat() if day else "")
        elif span.text and span.precision is Precision.NONE:
            yield row.doubt(Asks.NO_DATE, f"{words} är inget datum.", where)
        elif span.precision is Precision.INVALID:
            told = f"{words} finns inte eller kan inte tydas."
            yield row.doubt(Asks.NO_SUCH_DAY, told, where)
        elif first_day and span.last and span.last < first_day and deadline.text:
            told = f"{words} ligger före planens år {first_day.year}."
            yield row.doubt(Asks.BEFORE_PLAN, told, where)
    if start.first and deadline.last and deadline.last < start.first:
        told = f"Slutdatum ”{short(deadline.text)}” ligger före start ”{short(start.text)}”."
        yield row.doubt(Asks.ENDS_BEFORE_START, told, _date_role(row, Role.DEADLINE))


def _date_role(row: PlanRow, role: Role) -> Role:
    """The column that a date came from: its own, or the one for both ends."""
    return role if row.text(role) else Role.PERIOD


def one_of_several_groups(activities: list[ActivityDraft]) -> list[ActivityDraft]:
    """A bare "NOSAM" says too little where the same plan names NOSAM Alingsås and NOSAM Lerum."""
    names = {name for draft in activities for name in draft.responsible}
    several: dict[str, set[str]] = {}
    for name in names:
        head = _GENERIC_GROUP.match(name)
        if head and len(name) > head.end():
            several.setdefault(head[1].casefold(), set()).add(name)
    asked = []
    for draft in activities:
        doubts = []
        for name in draft.responsible:
            bare = re.search(rf"(?:^|\bi ){_GENERIC_GROUP.pattern}$", name, re.IGNORECASE)
            others = several.get(bare[1].casefold(), set()) if bare else set()
            if bare and len(others) > 1:
                told = f"Vilken {bare[1]}? Planen nämner {listed(sorted(others))}."
                doubts.append(Doubt(Asks.WHICH_GROUP, told, name, source=draft.source))
        asked.append(replace(draft, questions=draft.questions + tuple(doubts)))
    return asked


def doubts_of_plan(
    document: Document,
    layout: Layout,
    years: tuple[int, int] | None,
    *,
    decided: bool,
) -> list[Doubt]:
    """What is doubtful about the plan itself: its year, its decision, columns nobody knows."""
    doubts = [Doubt(Asks.FILE, note) for note in [*document.notes, *layout.asked]]
    if len(layout.rows) > MANY:
        told = (
            f"Filen ger {len(layout.rows)} aktiviteter, fler än en plan brukar ha. Är det en plan?"
        )
        doubts.append(Doubt(Asks.FILE, told))
    if not years:
        told = "Planens år står varken i titeln, i filens namn eller i datumen."
        doubts.append(Doubt(Asks.NO_YEAR, told))
    unknown = list(dict.fromkeys(layout.unknown))
    form = columns_of_form(unknown)
    aside = [words for words in unknown if is_aside(words) or fold(words) in form]
    doubts += [
        Doubt(Asks.COLUMN, f"Kolumnen ”{short(words)}” förstods inte och är inte inläst.", words)
        for words in unknown
        if words not in aside
    ]
    if aside:
        told = f"Kolumner som inte hör till en plan är inte inlästa: {listed(aside)}."
        doubts.append(Doubt(Asks.COLUMN, told, ", ".join(aside)))
    doubts += [
        Doubt(
            Asks.COLUMN,
            f"Kolumnen ”{short(words)}” är läst som {NAMES[role]} efter det som står under den; "
            "stämmer det?",
            words,
            role.value,
        )
        for words, role in layout.guessed.items()
    ]
    groups = _groups_over_tables(layout)
    if len(groups) > 1:
        told = (
            f"Filen har tabeller för flera grupper: {listed(groups)}. Alla aktiviteter läses in för"
            " en av dem. Dela filen om varje grupp har sin egen plan."
        )
        doubts.append(Doubt(Asks.WHICH_GROUP, told, ", ".join(groups)))
    if not decided:
        told = "Det står inte i filen när planen beslutades eller av vem."
        doubts.append(Doubt(Asks.NOTHING_DECIDED, told))
    return doubts


def _groups_over_tables(layout: Layout) -> list[str]:
    """The groups that sheets and headings are named after."""
    sheets = {row.source.sheet for row in layout.rows}
    heads = [line.text for line in layout.lines if line.heading and len(line.text) <= 80]
    told = [name for name in layout.sheets if name in sheets] + heads
    return list(dict.fromkeys(group for words in told if (group := group_in(words))))


def listed(names: list[str]) -> str:
    """The names as Swedish lists them."""
    return f"{', '.join(names[:-1])} och {names[-1]}" if len(names) > 1 else "".join(names)
