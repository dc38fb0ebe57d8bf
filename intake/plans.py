"""Tables of a plan -> a PlanDraft with its doubts. No database; saving is in `filing.py`.

Reads by the kind of document and by wording: `documents.py` gives tables, `layout.py` says which
rows are activities under which headings, `front_page.py` what the plan tells of itself, and here
rows become activities. What is doubtful about them is told by `plan/doubts.py`.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from intake.documents import (
    MAX_BYTES,
    MAX_PAGES,
    Document,
    File,
    Refusal,
    file_at,
    kind_of,
    read_content,
)
from intake.drafts import (
    ActivityDraft,
    Asks,
    Doubt,
    GoalDraft,
    PlanDraft,
    Skipped,
    Source,
    as_json,
)
from intake.plan.beside import with_tables_apart
from intake.plan.doubts import (
    NO_FOLLOW_UP,
    NO_RESPONSIBLE,
    doubts_of,
    doubts_of_plan,
    one_of_several_groups,
)
from intake.plan.front_page import (
    FrontPage,
    Line,
    read_beside,
    read_front_page,
    runs_on_words,
    sheet_title,
    title_line,
    without_label,
    years_in,
)
from intake.plan.heading_words import DATE_ROLES, Synonyms, fold
from intake.plan.labelled import with_text_as_tables
from intake.plan.layout import lay_out
from intake.plan.money import amounts_in, funding_of
from intake.plan.promises import promises_in
from intake.plan.refusing import no_plan_in
from intake.plan.responsible import participants_in_text, responsible_in_text, split_responsible
from intake.plan.rows import PlanRow, short
from intake.plan.shape import goal_words, shape_of
from intake.plan.states import state_of
from intake.plan.taken_apart import Layout
from intake.plan.upright import set_upright
from intake.plan.wording import Reader, both_ends, dates_in_text, says_start
from intake.plan.years import most_common, only_year, reference_of, years_of_dates
from models.plan_shape import Role
from models.span import NOTHING, Precision, Span

__all__ = [
    "ActivityDraft",
    "Asks",
    "Doubt",
    "GoalDraft",
    "PlanDraft",
    "Refusal",
    "Skipped",
    "Source",
    "as_json",
    "plan_in",
    "read_plan",
]

MAX_ROWS = 5_000
_IN_A_BOX = "Texten står i en textruta vid sidan av tabellen och är inte inläst."
_LOOSE_BULLET = "Punkten säger varken vem som ansvarar eller när, och är inte inläst."
ALIKE = 0.9  # how alike two wordings are when they are the same goal

_THEME = re.compile(
    r"^((?:TG|Temagrupp)\s+[^:\n]{1,60}?)\s*:\s*"
    r"|^((?:TG|Temagrupp) [A-ZÅÄÖ]\S*(?: (?:och )?\S+)?)\s*(?:\n\s*|$)"
)


def read_plan(
    path: Path,
    *,
    reference: date | None = None,
    max_bytes: int = MAX_BYTES,
    max_pages: int = MAX_PAGES,
    synonyms: Synonyms | None = None,
) -> PlanDraft:
    """Read a plan file. `reference` gives dates without a year theirs; the plan tells it else.

    Raises Refusal with one sentence for whatever cannot be read as a plan. `synonyms` are headings
    in an installation's own words.
    """
    kind_of(path.name)
    found = file_at(path, max_bytes=max_bytes)
    return plan_in(
        path.name,
        found,
        reference=reference,
        max_bytes=max_bytes,
        max_pages=max_pages,
        synonyms=synonyms,
    )


def plan_in(
    name: str,
    file: File,
    *,
    reference: date | None = None,
    max_bytes: int = MAX_BYTES,
    max_pages: int = MAX_PAGES,
    synonyms: Synonyms | None = None,
) -> PlanDraft:
    """Read a plan under a name, from wherever its bytes are; no file is left behind."""
    document = read_content(name, file, max_bytes=max_bytes, max_pages=max_pages)
    return understood(document, reference=reference, synonyms=synonyms)


def understood(
    document: Document, *, reference: date | None = None, synonyms: Synonyms | None = None
) -> PlanDraft:
    """What a document that is read already says as a plan."""
    _check_rows(document)
    document, turned = set_upright(document, synonyms)
    _check_rows(document)
    document = with_text_as_tables(with_tables_apart(document, synonyms), synonyms)
    layout = lay_out(document, synonyms, turned)
    if not layout.rows:
        raise no_plan_in(document, synonyms)
    lines = _lines(document, layout)
    page = read_front_page(lines, document.file)
    page.title = sheet_title(layout.sheets, page.title, document.file, lines)
    page.organisation = page.organisation or layout.organisation
    taken = {page.title, *(line.text for line in layout.lines)}
    beside = read_beside(page, [text for text in document.boxes if text not in taken])
    layout.skipped += [Skipped("textruta", short(text, 120), _IN_A_BOX) for text in beside]
    told = page.years or years_in(" ".join(layout.sheets))
    common: Mapping[int, int] = {} if told else years_of_dates(layout.rows)
    years = told or most_common(common)
    first_day = date(years[0], 1, 1) if years else None
    sure = not reference and len(common) < 2
    reader = Reader(
        reference or reference_of(page.adopted_on, years), only_year(years) if sure else None
    )
    facts = _Facts(document, reader, first_day, page.goals)
    activities = [draft for row in layout.rows for draft in _activities(row, facts)]
    activities = one_of_several_groups(_goals_apart(activities))
    shape = shape_of(layout)
    decided = bool(page.adopted_on) or any(draft.decided_by for draft in activities)
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
        goal_words=goal_words(shape, layout, page.goals_called),
        shape=shape,
        goals=_goals(page.goals, layout.goals, activities),
        activities=activities,
        continuous=[_continuous(line, heading) for line, heading in page.running_on],
        skipped=[*layout.skipped, *_bullets_left(page, layout)],
        questions=doubts_of_plan(document, layout, years, decided=decided),
        rows=layout.tally,
    )


def _check_rows(document: Document) -> None:
    """Refuse what is no plan but a register."""
    rows = sum(len(table.rows) for table in document.tables)
    if rows > MAX_ROWS:
        raise Refusal(
            f"{document.file} has {rows} rows; a plan of more than {MAX_ROWS} is not read.",
            f"{document.file} har {rows} rader. "
            f"En plan med fler än {MAX_ROWS} rader läses inte in.",
        )


def _bullets_left(page: FrontPage, layout: Layout) -> Iterable[Skipped]:
    """The bullets that became neither an activity nor a part of what the plan tells of itself."""
    told = [*page.goals, *(line.text for line, _ in page.running_on)]
    told += [page.purpose, page.target_groups]
    known = "\n".join(map(fold, told))
    for line in layout.lines:
        if line.bullet and fold(line.text) not in known:
            sheet = line.source.sheet
            where = f"blad {sheet}, rad" if sheet else "stycke"
            yield Skipped(f"{where} {line.source.row}", short(line.text, 120), _LOOSE_BULLET)


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
    goals = _goals_of(row, facts.goals)
    goal = goals[0] if goals else ""
    theme = _THEME.match(goal)
    if theme:
        goal = goal[theme.end() :]
    focus_area = without_label(row.text(Role.FOCUS_AREA))
    if not goal and any(alike(focus_area, listed) for listed in facts.goals):
        goal, focus_area = focus_area, ""  # a section row that is one of the plan's goals
    what, how = row.text(Role.WHAT), row.text(Role.HOW)
    if not what:
        what, doubt = _instead_of_what(row, goal, how)
        doubts.append(doubt)
    goal = goal or focus_area  # the lowest level that the plan has
    start, deadline = _dates(row, facts, doubts)
    status = row.text(Role.STATUS)
    state = state_of(status, row.headings.words_over(Role.STATUS))
    texts = [row.text(role) for role in (Role.WHAT, Role.HOW, Role.FOLLOW_UP, Role.STATUS)]
    draft = ActivityDraft(
        what=what,
        source=row.source,
        how=how,
        goal=goal,
        goals=tuple(dict.fromkeys(name for name in (goal, *goals[1:]) if name)),
        focus_area=focus_area,
        theme_group=theme[1] or theme[2] if theme else "",
        target_group=row.text(Role.TARGET_GROUP),
        start=start,
        deadline=deadline,
        follow_up=row.text(Role.FOLLOW_UP),
        money=funding_of(
            row.text(Role.FUNDING), row.headings.words_over(Role.FUNDING), texts[:3], facts.reader
        ),
        promises=promises_in(texts[1:], facts.reader),
        status_words=status,
        state=state.state,
    )
    draft = _with_people(draft, row, doubts)
    doubts += doubts_of(draft, row, facts.first_day)
    doubts += _money_doubts(draft, row)
    if state.doubt:
        doubts.append(row.doubt(Asks.STATUS, state.doubt, Role.STATUS, state.proposal))
    return replace(draft, questions=tuple(dict.fromkeys(doubts)))


def _with_people(draft: ActivityDraft, row: PlanRow, doubts: list[Doubt]) -> ActivityDraft:
    """Who answers, who decides and who takes part, each apart."""
    answering = split_responsible(row.text(Role.RESPONSIBLE))
    responsible = answering.responsible
    texts = [row.text(Role.WHAT), draft.how, draft.follow_up]
    untold = not row.headings.has(Role.RESPONSIBLE) and not responsible
    if untold and (found := responsible_in_text(texts)):
        responsible = split_responsible(found).responsible or (found,)
        told = f"Ansvarig har ingen kolumn; ”{found}” är hämtat ur den löpande texten."
        doubts.append(row.doubt(Asks.FROM_TEXT, told, proposal=found))
    words = row.text(Role.PARTICIPANTS)
    listed = split_responsible(words)
    taking_part = (*listed.responsible, *listed.participants, *answering.participants)
    if not taking_part and not row.headings.has(Role.PARTICIPANTS):
        taking_part = participants_in_text(texts)
    known = {name.casefold() for name in responsible}
    parts = [words, ", ".join(answering.participants)]
    return replace(
        draft,
        responsible=responsible,
        decided_by=row.text(Role.DECIDED_BY) or answering.decided_by,
        participants="\n".join(part for part in parts if part),
        taking_part=tuple(n for n in dict.fromkeys(taking_part) if n.casefold() not in known),
    )


def _money_doubts(draft: ActivityDraft, row: PlanRow) -> Iterable[Doubt]:
    amounts = amounts_in(draft.funding)
    if len(set(amounts)) > 1:
        told = f"Flera belopp står i ”{short(draft.funding)}”; det första är valt."
        yield row.doubt(Asks.FUNDING, told, Role.FUNDING, str(amounts[0]))


def _goals_of(row: PlanRow, listed: list[str]) -> list[str]:
    """The goals that a row serves: by their words or numbers, one or several."""
    words = row.text(Role.GOAL)
    numbered = _by_numbers(without_label(words), listed)
    if numbered:
        return numbered
    lines = [line.strip(" -–•") for line in re.split(r"\n|;", words) if line.strip(" -–•")]
    if len(lines) > 1:
        told = [_by_numbers(without_label(x), listed) or [without_label(x)] for x in lines]
        known = [any(alike(name, goal) for goal in listed) for names in told for name in names]
        labelled = all(without_label(line) != line for line in lines)
        if all(known) or labelled:
            return [name for names in told for name in names]
    return [without_label(words)] if words else []


def _goals_apart(activities: list[ActivityDraft]) -> list[ActivityDraft]:
    """A cell of two lines holds two goals, when one of them is the goal of another row."""
    known = {fold(draft.goal) for draft in activities if "\n" not in draft.goal} - {""}
    apart = []
    for draft in activities:
        lines = [line.strip(" -–•") for line in draft.goal.split("\n") if line.strip(" -–•")]
        if len(draft.goals) == 1 and len(lines) > 1 and any(fold(line) in known for line in lines):
            apart.append(replace(draft, goal=lines[0], goals=tuple(lines)))
        else:
            apart.append(draft)
    return apart


def _by_numbers(goal: str, listed: list[str]) -> list[str]:
    """ "Mål 2" or "2" is the second goal of the plan's list; "Mål 1, 3" are two of them.

    A goal that is called "Mål 2" is itself.
    """
    if (
        not listed
        or goal in listed
        or not re.fullmatch(
            r"(?:\w{0,12}mål(?:en)?\s*)?\d{1,2}(?:\s*(?:,|/|\+|;|och|samt|&)\s*(?:mål\s*)?\d{1,2})*\.?",
            goal,
            re.IGNORECASE,
        )
    ):
        return []
    numbers = [int(number) for number in re.findall(r"\d+", goal)]
    if not all(1 <= number <= len(listed) for number in numbers):
        return []
    return [listed[number - 1] for number in dict.fromkeys(numbers)]


def _instead_of_what(row: PlanRow, goal: str, how: str) -> tuple[str, Doubt]:
    """An activity must be called something: the goal's words, unless other rows have them too."""
    if goal and (row.own_goal or not how):
        told = f"Aktiviteten saknar egna ord; målets ord ”{short(goal)}” står i stället."
        return goal, row.doubt(Asks.NO_WORDS, told, Role.GOAL, goal)
    words = how or row.text(Role.FOLLOW_UP) or row.text(Role.FOCUS_AREA) or "(utan ord)"
    first = words.split("\n")[0]
    told = f"Aktiviteten saknar egna ord; ”{short(first)}” står i stället."
    return first, row.doubt(Asks.NO_WORDS, told, Role.HOW, first)


def _dates(row: PlanRow, facts: _Facts, doubts: list[Doubt]) -> tuple[Span, Span]:
    reader = facts.reader.of_year(row.year)
    timed = any(row.text(role) for role in DATE_ROLES)
    if not row.headings.has(*DATE_ROLES) or not (timed or row.source.table):
        if timed:  # under a label in the row's only cell
            return _in_cells(row, reader)
        texts = [row.text(role) for role in (Role.WHAT, Role.HOW, Role.FOLLOW_UP)]
        told = dates_in_text(texts, reader, facts.first_day)
        for name, span in (("Start", told.start), ("Slutdatum", told.deadline)):
            if span.text:
                words = f"{name} har ingen kolumn; ”{span.text}” är hämtat ur den löpande texten."
                doubts.append(row.doubt(Asks.FROM_TEXT, words, proposal=span.text))
        lasts = told.deadline.text or not row.runs_on
        return told.start, told.deadline if lasts else _runs_on(row.runs_on)
    return _in_cells(row, reader)


def _by_then(span: Span) -> Span:
    """A turn of year as a deadline is its last day before midnight."""
    turn = span.precision is Precision.TURN and span.first and not span.open
    return replace(span, last=span.first) if turn else span


def _in_cells(row: PlanRow, reader: Reader) -> tuple[Span, Span]:
    """Start and deadline out of the cells of a row."""
    start = reader.cell(cell) if (cell := row.cell(Role.START)) else NOTHING
    deadline = _by_then(reader.cell(cell)) if (cell := row.cell(Role.DEADLINE)) else NOTHING
    says_both = deadline.precision.value.endswith("-range") or says_start(row.text(Role.DEADLINE))
    if says_both and not row.headings.has(Role.START):
        start, deadline = both_ends(row.text(Role.DEADLINE), deadline, reader)
    period = row.cell(Role.PERIOD)
    if period and period.text:
        begins, ends = both_ends(period.text, reader.cell(period), reader)
        ends = _by_then(ends)
        if row.headings.has(Role.DEADLINE) and not begins.text:
            begins, ends = (ends, NOTHING) if not row.headings.has(Role.START) else (begins, ends)
        start = start if start.text else begins
        deadline = deadline if deadline.text else ends
    if row.runs_on and not deadline.text:
        deadline = _runs_on(row.runs_on)
    return start, deadline


def _goals(
    listed: list[str], sections: list[str], activities: list[ActivityDraft]
) -> list[GoalDraft]:
    """The goals of the plan's list, then those that only rows and sections name."""
    found = [GoalDraft(text) for text in [*listed, *sections]]
    found += [GoalDraft(d.focus_area) for d in activities if d.focus_area]
    found += [GoalDraft(goal, d.focus_area) for d in activities for goal in d.goals]
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
        questions=(
            Doubt(Asks.NO_RESPONSIBLE, NO_RESPONSIBLE, source=line.source),
            Doubt(Asks.NO_FOLLOW_UP, NO_FOLLOW_UP, source=line.source),
        ),
    )


def _runs_on(heading: str) -> Span:
    return Span(runs_on_words(heading), None, None, Precision.OPEN, open=True)
