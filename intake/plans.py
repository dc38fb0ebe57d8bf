"""Tables of a plan -> a PlanDraft with its doubts. No database; saving is in `filing.py`.

Reads by the kind of document and by wording: `documents.py` gives tables, `layout.py` says which
rows are activities under which headings, `front_page.py` what the plan tells of itself, and here
rows become activities and every doubt becomes a sentence for the person who looks them over.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from intake.documents import MAX_BYTES, Document, Refusal, read_tables
from intake.drafts import ActivityDraft, GoalDraft, PlanDraft, Skipped, Source, as_json
from intake.plan.front_page import (
    Line,
    read_front_page,
    runs_on_words,
    title_line,
    without_label,
    years_in,
)
from intake.plan.headings import DATE_ROLES, Role, fold
from intake.plan.layout import Layout, lay_out
from intake.plan.responsible import responsible_in_text, split_responsible
from intake.plan.rows import PlanRow, short
from intake.plan.wording import RUNS_ON, Reader, both_ends, dates_in_text, state_of
from models.span import NOTHING, Precision, Span

__all__ = [
    "ActivityDraft",
    "GoalDraft",
    "PlanDraft",
    "Refusal",
    "Skipped",
    "Source",
    "as_json",
    "read_plan",
]

ALIKE = 0.9  # how alike two wordings are when they are the same goal

_THEME = re.compile(
    r"^((?:TG|Temagrupp)\s+[^:\n]{1,60}?)\s*:\s*"
    r"|^((?:TG|Temagrupp) [A-ZÅÄÖ]\S*(?: (?:och )?\S+)?)\s*(?:\n\s*|$)"
)
_GENERIC_GROUP = re.compile(
    r"(NOSAM|LOSAM|Temagrupp(?:en)?|Samverkansgrupp(?:en)?)\b", re.IGNORECASE
)


def read_plan(
    path: Path, *, reference: date | None = None, max_bytes: int = MAX_BYTES
) -> PlanDraft:
    """Read a plan file. `reference` gives dates without a year theirs; the plan tells it else.

    Raises Refusal with one sentence for whatever cannot be read as a plan.
    """
    document = read_tables(path, max_bytes=max_bytes)
    layout = lay_out(document)
    if not layout.rows:
        raise Refusal(
            f"{document.file} has no table with headings such as Aktivitet, Ansvarig and Deadline; "
            "add a heading row and try again."
        )
    page = read_front_page(_lines(document, layout), document.file)
    page.organisation = page.organisation or layout.organisation
    told = page.years or years_in(" ".join(layout.sheets))
    common: Mapping[int, int] = {} if told else _years_of_dates(layout.rows)
    years = told or _most_common(common)
    first_day = date(years[0], 1, 1) if years else None
    sure = not reference and len(common) < 2
    reader = Reader(
        reference or _reference(page.adopted_on, years), _only_year(years) if sure else None
    )
    facts = _Facts(document, reader, first_day, page.goals)
    activities = [draft for row in layout.rows for draft in _activities(row, facts)]
    activities = _one_of_several_groups(activities)
    return PlanDraft(
        title=page.title,
        file=document.file,
        sha256=document.sha256,
        organisation=page.organisation,
        group=page.group,
        year=years[0] if years else None,
        first_day=first_day,
        last_day=date(years[1], 12, 31) if years else None,
        adopted_on=page.adopted_on,
        last_changed_on=page.last_changed_on,
        parent_title=page.parent_title,
        purpose=page.purpose,
        target_groups=page.target_groups,
        goals=_goals(page.goals, layout.goals, activities),
        activities=activities,
        continuous=[_continuous(line, heading) for line, heading in page.running_on],
        skipped=layout.skipped,
        doubts=_plan_doubts(document, layout, years),
    )


def _lines(document: Document, layout: Layout) -> list[Line]:
    """The text of the plan; with the page heads and text boxes when only they hold its title."""
    if title_line(layout.lines):
        return layout.lines
    nowhere = Source(document.file, 0, 0)
    margin = [
        Line(text, nowhere)
        for text in document.margin
        if text not in {x.text for x in layout.lines}
    ]
    return margin + layout.lines if title_line(margin) else layout.lines


@dataclass(frozen=True, slots=True)
class _Facts:
    """What every row needs to know of its plan."""

    document: Document
    reader: Reader
    first_day: date | None
    goals: list[str]


def _activities(row: PlanRow, facts: _Facts) -> list[ActivityDraft]:
    """The activities of a row: mostly one."""
    parts = row.parts()
    return [_activity(part, facts) for part in parts]


def _activity(row: PlanRow, facts: _Facts) -> ActivityDraft:
    doubts = list(row.doubts)
    goal = _by_number(without_label(row.text(Role.GOAL)), facts.goals, doubts)
    theme = _THEME.match(goal)
    if theme:
        goal = goal[theme.end() :]
    focus_area = row.text(Role.FOCUS_AREA)
    if not goal and any(alike(focus_area, listed) for listed in facts.goals):
        goal, focus_area = focus_area, ""  # a section row that is one of the plan's goals
    what, how = row.text(Role.WHAT), row.text(Role.HOW)
    if not what:
        what, doubt = _instead_of_what(row, goal, how)
        doubts.append(doubt)
    answering = split_responsible(row.text(Role.RESPONSIBLE))
    goal = goal or focus_area  # the lowest level that the plan has
    responsible = answering.responsible
    start, deadline = _dates(row, facts, doubts)
    if not row.headings.has(Role.RESPONSIBLE):
        found = responsible_in_text([row.text(Role.WHAT), how, row.text(Role.FOLLOW_UP)])
        if found:
            responsible = (found,)
            doubts.append(f"Ansvarig har ingen kolumn; ”{found}” är hämtat ur den löpande texten.")
    participants = [row.text(Role.PARTICIPANTS), ", ".join(answering.participants)]
    status = row.text(Role.STATUS)
    state = state_of(status)
    draft = ActivityDraft(
        what=what,
        source=row.source,
        how=how,
        goal=goal,
        focus_area=focus_area,
        theme_group=theme[1] or theme[2] if theme else "",
        target_group=row.text(Role.TARGET_GROUP),
        responsible=responsible,
        decided_by=row.text(Role.DECIDED_BY) or answering.decided_by,
        participants="\n".join(part for part in participants if part),
        start=start,
        deadline=deadline,
        follow_up=row.text(Role.FOLLOW_UP),
        funding=row.text(Role.FUNDING),
        status_words=status,
        state=state.state,
    )
    doubts += _doubts(draft, row, facts)
    doubts += [state.doubt] if state.doubt else []
    return replace(draft, doubts=tuple(dict.fromkeys(doubts)))


def _by_number(goal: str, listed: list[str], doubts: list[str]) -> str:
    """ "Mål 2" or "2" is the second goal of the plan's list; of several the first is taken."""
    if not listed or not re.fullmatch(
        r"(?:\w{0,12}mål\s*)?\d{1,2}(?:\s*(?:,|och|&)\s*\d{1,2})*\.?", goal, re.I
    ):
        return goal
    numbers = [int(number) for number in re.findall(r"\d+", goal)]
    if not all(1 <= number <= len(listed) for number in numbers):
        return goal
    if len(numbers) > 1:
        doubts.append(f"Raden nämner flera mål (”{goal}”); det första är valt.")
    return listed[numbers[0] - 1]


def _instead_of_what(row: PlanRow, goal: str, how: str) -> tuple[str, str]:
    """An activity must be called something: the goal's words, unless other rows have them too."""
    if goal and (row.own_goal or not how):
        return goal, f"Aktiviteten saknar egna ord; målets ord ”{short(goal)}” står i stället."
    words = how or row.text(Role.FOLLOW_UP) or row.text(Role.FOCUS_AREA) or "(utan ord)"
    first = words.split("\n")[0]
    return first, f"Aktiviteten saknar egna ord; ”{short(first)}” står i stället."


def _dates(row: PlanRow, facts: _Facts, doubts: list[str]) -> tuple[Span, Span]:
    reader = facts.reader
    if not row.headings.has(*DATE_ROLES):
        texts = [row.text(role) for role in (Role.WHAT, Role.HOW, Role.FOLLOW_UP)]
        told = dates_in_text(texts, reader, facts.first_day)
        for name, span in (("Start", told.start), ("Slutdatum", told.deadline)):
            if span.text:
                doubts.append(
                    f"{name} har ingen kolumn; ”{span.text}” är hämtat ur den löpande texten."
                )
        lasts = told.deadline.text or not row.runs_on
        return told.start, told.deadline if lasts else _runs_on(row.runs_on)
    start = reader.cell(cell) if (cell := row.cell(Role.START)) else NOTHING
    deadline = reader.cell(cell) if (cell := row.cell(Role.DEADLINE)) else NOTHING
    if deadline.precision.value.endswith("-range") and not row.headings.has(Role.START):
        start, deadline = both_ends(row.text(Role.DEADLINE), deadline, reader)
    period = row.cell(Role.PERIOD)
    if period and period.text:
        begins, ends = both_ends(period.text, reader.cell(period), reader)
        if row.headings.has(Role.DEADLINE) and not begins.text:
            begins, ends = (ends, NOTHING) if not row.headings.has(Role.START) else (begins, ends)
        start = start if start.text else begins
        deadline = deadline if deadline.text else ends
    if row.runs_on and not deadline.text:
        deadline = _runs_on(row.runs_on)
    return start, deadline


def _doubts(draft: ActivityDraft, row: PlanRow, facts: _Facts) -> Iterable[str]:
    """The sentences about one activity, in the order a reader would ask."""
    if not draft.responsible:
        words = row.text(Role.RESPONSIBLE)
        if words and not draft.decided_by:
            yield f"Ingen ansvarig: ”{short(words)}” är ingen person eller grupp."
        else:
            yield "Ingen ansvarig står i planen."
    yield from _date_doubts(draft, facts.first_day)
    open_words = RUNS_ON.search(f"{draft.how}\n{draft.what}")
    if open_words and draft.deadline.last:
        yield f"”{open_words[0]}” står bredvid slutdatum ”{short(draft.deadline.text)}”."
    if not draft.follow_up:
        yield "Ingen uppföljning står i planen."


def _date_doubts(draft: ActivityDraft, first_day: date | None) -> Iterable[str]:
    start, deadline = draft.start, draft.deadline
    if not deadline.text:
        yield "Inget slutdatum står i planen."
    for name, span in (("Startdatum", start), ("Slutdatum", deadline)):
        words = f"{name} ”{short(span.text)}”"
        if span.doubt:
            yield f"{words}: {span.doubt}"
        elif span.text and span.precision is Precision.NONE:
            yield f"{words} är inget datum."
        elif span.precision is Precision.INVALID:
            yield f"{words} finns inte eller kan inte tydas."
        elif first_day and span.last and span.last < first_day and deadline.text:
            yield f"{words} ligger före planens år {first_day.year}."
    if start.first and deadline.last and deadline.last < start.first:
        yield f"Slutdatum ”{short(deadline.text)}” ligger före start ”{short(start.text)}”."


def _one_of_several_groups(activities: list[ActivityDraft]) -> list[ActivityDraft]:
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
                doubts.append(f"Vilken {bare[1]}? Planen nämner {_listed(sorted(others))}.")
        asked.append(replace(draft, doubts=draft.doubts + tuple(doubts)))
    return asked


def _goals(
    listed: list[str], sections: list[str], activities: list[ActivityDraft]
) -> list[GoalDraft]:
    """The goals of the plan's list, then those that only rows and sections name."""
    found = [GoalDraft(text) for text in [*listed, *sections]]
    found += [GoalDraft(d.focus_area) for d in activities if d.focus_area]
    found += [GoalDraft(d.goal, d.focus_area) for d in activities if d.goal]
    goals: list[GoalDraft] = []
    for goal in dict.fromkeys(found):
        same = (known for known in goals if alike(known.text, goal.text))
        if not any(not known.parent or alike(known.parent, goal.parent) for known in same):
            goals.append(goal)
    return goals


def alike(one: str, other: str) -> bool:
    """The same words, but for a slip of the pen."""
    left, right = _folded(one), _folded(other)
    if left == right:
        return True
    if not 0.8 <= (len(left) + 1) / (len(right) + 1) <= 1.25:  # too far apart to be 0.9 alike
        return False
    words, others = set(left.split()), set(right.split())
    if min(len(words), len(others)) >= 5 and len(words & others) * 2 < max(len(words), len(others)):
        return False
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


@lru_cache(maxsize=4096)
def _folded(words: str) -> str:
    return fold(words)[:500]


def _continuous(line: Line, heading: str) -> ActivityDraft:
    """An activity of the list that runs on: it has no end, and mostly nobody to answer for it."""
    return ActivityDraft(
        what=line.text,
        source=line.source,
        deadline=_runs_on(heading),
        doubts=("Ingen ansvarig står i planen.", "Ingen uppföljning står i planen."),
    )


def _runs_on(heading: str) -> Span:
    return Span(runs_on_words(heading), None, None, Precision.OPEN, open=True)


def _reference(adopted_on: date | None, years: tuple[int, int] | None) -> date | None:
    """The day that the plan's words were written: "i maj" is in its year, adopted before or not."""
    if adopted_on and (years is None or years[0] <= adopted_on.year <= years[1]):
        return adopted_on
    return date(years[0], 1, 1) if years else None


def _years_of_dates(rows: list[PlanRow]) -> Counter[int]:
    """The years that the dates are in, for where neither title nor file name tells the plan's."""
    years: Counter[int] = Counter()
    for row in rows:
        for role in DATE_ROLES:
            cell = row.cell(role)
            found = years_in(cell.text) if cell else None
            if found:
                years[found[1]] += 1
    return years


def _only_year(years: tuple[int, int] | None) -> int | None:
    """The plan's year, when it has just one."""
    return years[0] if years and years[0] == years[1] else None


def _most_common(years: Mapping[int, int]) -> tuple[int, int] | None:
    if not years:
        return None
    most = max(years, key=lambda year: (years[year], year))
    return most, most


def _plan_doubts(document: Document, layout: Layout, years: tuple[int, int] | None) -> list[str]:
    doubts = list(document.notes)
    if not years:
        doubts.append("Planens år står varken i titeln, i filens namn eller i datumen.")
    doubts += [
        f"Kolumnen ”{short(words)}” förstods inte och är inte inläst."
        for words in dict.fromkeys(layout.unknown)
    ]
    return doubts


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} och {names[-1]}"
