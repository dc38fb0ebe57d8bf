"""A plan as the table its collaboration works with, in Word and Excel: what is read in goes out.

Reading the file in again changes nothing (`intake/filing/differences.py`), which is why an activity
without a goal stands above those with one, dates tell their year, and every row has a number. What
runs over time and is no more than its words is a list of its own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby, pairwise
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.shared import OxmlElement
from docx.shared import Cm, Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.group import Collaboration, Group
from models.lifecycle import State
from models.plan import Plan
from models.promise import Participant
from models.span import Span
from models.standing import ActivityStanding, GoalStanding, OnFile, whole
from reports.writers.excel import put
from rules.span_words import words_for
from rules.wording import capitalised, period_in_words

HEADS = (
    *("Nr", "Mål", "Aktivitet", "Hur", "Ansvarig", "Deltar"),
    *("Start", "Klart senast", "Uppföljning", "Status"),
)
GOAL = 1  # the column whose cells are merged
RUNS_ON = "Löper över tid"
LIST = "Följande aktiviteter löper över tid"
_WIDTHS = (1.0, 3.5, 4.1, 4.3, 3.1, 2.1, 1.9, 2.1, 3.2, 2.4)  # in centimetres, of an A4 lying down


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A plan ready to be written."""

    title: str
    facts: tuple[str, ...]
    purpose: str
    goals: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    running_on: tuple[str, ...]

    def merged(self) -> Iterable[tuple[int, int]]:
        """The first and last row of each goal that stands over several, counted from 0."""
        at = 0
        for goal, rows in groupby(row[GOAL] for row in self.rows):
            many = len(list(rows))
            if goal and many > 1:
                yield at, at + many - 1
            at += many


def plan_table(session: Session, plan_id: int) -> PlanTable | None:
    """A plan as it is now; None when there is no such plan."""
    file = whole(session, plan_id)
    if file is None:
        return None
    group, area = session.execute(
        select(c(Group).name, c(Collaboration).name)
        .join(Plan, c(Plan).group_id == c(Group).id)
        .join(Collaboration, c(Collaboration).id == c(Plan).collaboration_id)
        .where(c(Plan).id == plan_id)
    ).one()
    return _table(file, group, area, _participants(session, plan_id))


def _table(file: OnFile, group: str, area: str, taking_part: dict[int, list[str]]) -> PlanTable:
    order = {number: at for at, number in enumerate(_in_order(file.goals))}
    shown = [one for one in file.activities if one.state is not State.WITHDRAWN]
    listed = [one for one in shown if _is_only_words(one) and one.id not in taking_part]
    if len(listed) == len(shown):
        listed = []  # a file without any table is no plan
    in_table = sorted(
        (one for one in shown if one not in listed),
        key=lambda one: sorted(order[goal] for goal in one.goals if goal in order),
    )
    plan = file.plan
    period = period_in_words(plan.first_day, plan.last_day)
    adopted = f"Fastställd: {plan.adopted_on}" if plan.adopted_on else ""
    facts = (f"Grupp: {group}", f"Vårdsamverkan: {area}", period and f"Period: {period}", adopted)
    return PlanTable(
        title=plan.title,
        facts=tuple(filter(None, facts)),
        purpose=plan.purpose,
        goals=tuple(file.goals[number].text for number in order),
        head=_head(plan.goal_words),
        rows=tuple(
            _row(at, one, file.goals, taking_part.get(one.id, ()))
            for at, one in enumerate(in_table, start=1)
        ),
        running_on=tuple(one.what for one in listed),
    )


def _head(goal_words: str) -> tuple[str, ...]:
    """The headings, the goals under the plan's own word for them where it is a kind of "mål"."""
    word = goal_words.split("\n", maxsplit=1)[0].strip()
    own = word if re.fullmatch(r"(?:\w+ )?\w*mål", word, re.IGNORECASE) else HEADS[GOAL]
    return (HEADS[0], own, *HEADS[2:])


def _row(
    number: int,
    one: ActivityStanding,
    goals: dict[int, GoalStanding],
    taking_part: Sequence[str],
) -> tuple[str, ...]:
    words = (
        str(number),
        "\n".join(_line(goals[goal].text) for goal in one.goals if goal in goals),
        one.what,
        one.how,
        "\n".join(_line(name) for name in one.responsible),
        "\n".join(_line(name) for name in taking_part),
        _span(one.start),
        _span(one.deadline),
        one.follow_up,
        capitalised(one.state.value),
    )
    return tuple(_cell(word) for word in words)


def _span(span: Span) -> str:
    if span.open:
        return RUNS_ON
    return words_for(span)


def _is_only_words(one: ActivityStanding) -> bool:
    """Runs on, and nothing is said of it but what it is."""
    said = (one.how, one.follow_up, one.start.text, *one.responsible, *one.goals)
    return one.deadline.open and not any(said) and "\n" not in one.what and len(one.what) < 200


def _in_order(goals: dict[int, GoalStanding], parent: int | None = None) -> list[int]:
    here = [
        number
        for number, goal in goals.items()
        if (goal.parent_id if goal.parent_id in goals else None) == parent
    ]
    return [each for number in here for each in (number, *_in_order(goals, number))]


def _participants(session: Session, plan_id: int) -> dict[int, list[str]]:
    named: dict[int, list[str]] = {}
    for activity_id, words in session.execute(
        select(c(Participant).activity_id, c(Participant).words)
        .join(Activity, c(Activity).id == c(Participant).activity_id)
        .where(c(Activity).plan_id == plan_id)
        .order_by(c(Participant).id)
    ):
        named.setdefault(activity_id, []).append(words)
    return named


def _line(words: str) -> str:
    return " ".join(words.split())


def _cell(words: str) -> str:
    """Words without blank lines between them, which would look like two activities in a row, and
    without what no XML file may hold."""
    lines = [_line(line) for line in words.split("\n")]
    kept = "\n".join(line for line in lines if line)
    return "".join(sign for sign in kept if sign == "\n" or (sign >= " " and _is_text(sign)))


def _is_text(sign: str) -> bool:
    return not (0xD800 <= ord(sign) <= 0xDFFF or sign in "\ufffe\uffff")


# --- Excel --------------------------------------------------------------------------------------


def as_excel(table: PlanTable) -> bytes:
    """A workbook: the activities, what is said of the plan itself, what runs over time."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Aktiviteter"
    _write_rows(sheet, table)
    about = book.create_sheet("Om planen")
    _write_list(about, [(f"Plan: {_line(table.title)}", True), *((f, False) for f in table.facts)])
    if table.goals:
        _write_list(about, [("Mål", True), *((f"– {_line(goal)}", False) for goal in table.goals)])
    if table.purpose:
        _write_list(about, [("Syfte", True), (_line(table.purpose), False)])
    if table.running_on:
        lines = [(LIST, True), *((f"– {_line(what)}", False) for what in table.running_on)]
        _write_list(book.create_sheet(RUNS_ON), lines)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _write_rows(sheet: Worksheet, table: PlanTable) -> None:
    side = Side(style="thin", color="B8C4C6")
    border = Border(side, side, side, side)
    for line, row in enumerate((table.head, *table.rows), start=1):
        for column, words in enumerate(row, start=1):
            cell = put(sheet.cell(line, column), words)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = border
            if line == 1:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="EEF4F6")
    for first, last in table.merged():
        sheet.merge_cells(
            start_row=first + 2, end_row=last + 2, start_column=GOAL + 1, end_column=GOAL + 1
        )
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width * 5.5
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _write_list(sheet: Worksheet, lines: Sequence[tuple[str, bool]]) -> None:
    """Lines under what the sheet holds already, the headings among them bold."""
    start = sheet.max_row + 2 if sheet["A1"].value else 1
    for at, (words, heading) in enumerate(lines, start=start):
        cell = put(sheet.cell(at, 1), words)
        cell.font = Font(bold=heading)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 90


# --- Word ---------------------------------------------------------------------------------------


def as_word(table: PlanTable) -> bytes:
    """A document lying down: title and facts, goals, the table, what runs over time."""
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1)
    section.top_margin = section.bottom_margin = Cm(1.5)
    document.core_properties.title = _line(table.title)
    document.core_properties.author = ""
    document.styles["Normal"].font.size = Pt(9.5)
    document.add_heading(_line(table.title), 0)
    for fact in table.facts:
        document.add_paragraph(fact)
    if table.purpose:
        document.add_heading("Syfte", 1)
        document.add_paragraph(_cell(table.purpose))
    if table.goals:
        document.add_heading("Mål", 1)
        for goal in table.goals:
            document.add_paragraph(_line(goal), "List Bullet")
    document.add_heading("Aktiviteter", 1)
    if table.rows:
        _word_rows(document, table)
    if table.running_on:
        document.add_heading(LIST, 1)
        for what in table.running_on:
            document.add_paragraph(_line(what), "List Bullet")
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _word_rows(document: Any, table: PlanTable) -> None:  # noqa: ANN401 - python-docx is untyped
    drawn = document.add_table(rows=len(table.rows) + 1, cols=len(table.head), style="Table Grid")
    drawn.autofit = False
    for column, width in zip(drawn.columns, _WIDTHS, strict=True):
        column.width = Cm(width)
    merged = {row for first, last in table.merged() for row in range(first + 1, last + 1)}
    rows = [row.cells for row in drawn.rows]
    for at, (cells, words) in enumerate(zip(rows, (table.head, *table.rows), strict=True)):
        for column, (cell, text) in enumerate(zip(cells, words, strict=True)):
            cell.width = Cm(_WIDTHS[column])
            if column == GOAL and at - 1 in merged:
                continue
            cell.text = text
            for run in cell.paragraphs[0].runs:
                run.bold = True if at == 0 else None
                run.font.size = Pt(9)
    for first, last in table.merged():
        rows[first + 1][GOAL].merge(rows[last + 1][GOAL])
        _without_empty_lines(rows[first + 1][GOAL])
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    drawn.rows[0]._tr.get_or_add_trPr().append(repeated)


def _without_empty_lines(cell: Any) -> None:  # noqa: ANN401 - python-docx is untyped
    for _, paragraph in pairwise(list(cell.paragraphs)):
        if not paragraph.text:
            paragraph._p.getparent().remove(paragraph._p)


WRITERS = {"docx": as_word, "xlsx": as_excel}
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_name(table: PlanTable, kind: str) -> str:
    """A name for the file, of letters and digits: "aktivitetsplan_2024.docx"."""
    plain = table.title.lower().translate(str.maketrans("åäöéü", "aaoeu"))
    return f"{re.sub('[^a-z0-9]+', '_', plain).strip('_')[:60] or 'plan'}.{kind}"
