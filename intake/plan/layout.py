"""How a document is laid out: which rows are activities, under which headings, goals and sections.

Everything that is not a row of a plan becomes a line (for `front_page.py`) or is skipped with its
reason; nothing is dropped in silence. What a row's words mean is the work of `plans.py`.
"""

import re
from dataclasses import replace

from intake.documents import Cell, Document, Paragraph, Table, unique_cells
from intake.drafts import Skipped, Source, Tally
from intake.plan.cards import headed
from intake.plan.charts import made_plain
from intake.plan.doubts import doubts_of_signs
from intake.plan.filled_in import helping_rows
from intake.plan.front_page import (
    Line,
    Part,
    is_about_plan,
    line_of,
    names_rows,
    organisation_in,
    part_of,
)
from intake.plan.heading_words import Synonyms
from intake.plan.headings import Headings, heading_row, why_no_plan
from intake.plan.labelled import has_plan_in
from intake.plan.listed import item_of
from intake.plan.other_tables import continues, is_of_risks, others_under, plan_beside, risks_above
from intake.plan.rows import (
    PlanRow,
    as_above,
    by_role,
    by_year,
    continued,
    says_something,
    short,
)
from intake.plan.sections import (
    APPENDIX,
    FOOTNOTE,
    LABELLED,
    TOTAL_ALONE,
    is_fact,
    is_section,
    is_sure,
    is_total,
    labels_apart,
    lone_sections,
    parts_within,
    states_over,
)
from intake.plan.signs import Legend, year_named
from intake.plan.subheadings import with_parties, with_subheadings
from intake.plan.taken_apart import Layout
from intake.plan.together import put_together
from models.plan_shape import Role

_HIDDEN = "Bladet är dolt och är inte inläst."
_UNDER = "Raden hör till en annan tabell under planens."
_RISKS = "Raden hör till en tabell över risker, inte till planens."
_GOES_ON = re.compile(r"forts|\(forts|fortsättning", re.IGNORECASE)


def lay_out(
    document: Document, synonyms: Synonyms | None = None, turned: Tally | None = None
) -> Layout:
    """Go through a document once, from its first word to its last; `turned` are rows before."""
    together = put_together(document, synonyms)
    document = together.document
    walk = _Walk(document, synonyms, lenient=not has_plan_in(document, synonyms))
    walk.legend.read_document(document)
    walk.left_out = together.left_out
    walk.layout.asked += together.asked
    walk.layout.tally = turned or Tally()
    walk.layout.tally.around += together.joined_rows
    for block in document.blocks:
        if isinstance(block, Paragraph):
            walk.paragraph(block)
        else:
            walk.table(block)
    return walk.layout


class _Walk:
    """What is known so far while the document is read downwards."""

    def __init__(self, document: Document, synonyms: Synonyms | None, *, lenient: bool) -> None:
        self.file = document.file
        self.synonyms = synonyms
        self.lenient = lenient  # no heading of a plan is known: the cells beneath tell
        self.year: int | None = None  # that the heading over the rows names
        self.legend = Legend()
        self.document = document
        self.titles = sum(paragraph.title for paragraph in document.paragraphs)
        self.others: dict[int, str] = {}  # the rows that are no activities, and why
        self.sections: set[int] = set()  # the rows that name what the rows under them are for
        self.known: dict[int, Headings | None] = {}  # its rows as headings, by their numbers
        self.rows: list[list[Cell]] = []  # of the table that is read, from its headings on
        self.layout = Layout()
        self.headings: Headings | None = None
        self.section: dict[Role, str] = {}
        self.last: PlanRow | None = None
        self.upper = ""  # the heading of the focus area that goals' headings stand under
        self.pending: list[Line] = []  # the lines since the last table
        self.listing = False  # inside a list that runs on, under or between the rows
        self.runs_on = ""  # the heading's words, when it says that its rows run on
        self.over_heads = False  # the row under this one is a heading row
        self.over = False  # past the plan, in the abbreviations or references under it
        self.at = self.width = 0  # the last row's number, and the columns of its table
        self.left_out: dict[str, str] = {}  # the sheets that are not read, and why
        self.states = states_over(document)  # a board's headings: "Att göra", "Pågår", "Klart"

    def paragraph(self, paragraph: Paragraph) -> None:
        whole = paragraph.heading or paragraph.bullet
        for text in [paragraph.text] if whole else paragraph.text.split("\n"):
            line = line_of(
                " ".join(text.split()),
                Source(self.file, 0, paragraph.number, page=paragraph.page),
                heading=paragraph.heading,
                title=paragraph.title,
                bullet=paragraph.bullet,
            )
            if line.text:
                self.layout.lines.append(line)
                if not self.legend.read_line(line.text):
                    self.pending.append(line)

    def table(self, table: Table) -> None:
        if not table.rows:
            return
        if why_not := _HIDDEN if table.hidden else self.left_out.get(table.name):
            self.skip(table, table.rows[0], why_not)
            self.layout.tally.left_out += len(table.rows)
            return
        if table.name and table.name not in self.layout.sheets:
            self.layout.sheets.append(table.name)
        rows_told = len(table.rows)
        table, found = headed(made_plain(table), self.synonyms, lenient=self.lenient)
        self.layout.tally.taken += rows_told - len(table.rows)  # one card, many rows
        if found and self._cut_over_its_heads(table, *found):
            found = None  # the rows go on, and the headings under the first ones are repeated
        at = found[0] if found else None
        listed = table.number == 0  # from running text, and under headings of ours
        self.runs_on, self.over = "", False
        under = self.headings if self.layout.rows and not listed else None
        if at is not None and not listed and self._risks_apart(table, at, under):
            return
        if at is not None:
            self._other_plan(table.rows[at])
        self._section_before(table, at)
        width = len(table.rows[0])
        goes_on = at is None and self._goes_on(table, width)
        self.pending, self.listing, self.last = [], False, None
        if at is None and not goes_on:
            self._no_plan(table)
            return
        self.layout.tally.around += at or 0
        if at is not None:
            self.headings = None
        for row in table.rows[: at or 0]:
            self._over(table, row)
        rows = table.rows[at or 0 :]
        self.at = rows[0][0].row
        self.width = width
        self.known = {row[0].row: heading_row(row, self.synonyms) for row in rows}
        heads = [*(self._is_heads(row, found) for row in rows[1:]), False]
        if found:
            self._begin(found[1], rows[0])
            self.layout.tally.around += 1
        assert self.headings is not None
        for row in rows:
            self.legend.read(row)
        self.others = dict.fromkeys(others_under(self.headings, rows, self.synonyms), _UNDER)
        self.others |= helping_rows(self.headings, rows[1:], self.known) if found else {}
        self.rows = rows
        self.sections = lone_sections(self.headings, rows[1:]) if found else set()
        for row, self.over_heads in list(zip(rows, heads, strict=True))[1 if found else 0 :]:
            self._counted(table, row)
            self.at = row[0].row

    def _risks_apart(self, table: Table, at: int, under: Headings | None) -> bool:
        """Are these risks beside a plan? They are told; what stands under them is read on."""
        if not is_of_risks(table.rows[at], under):
            return False
        above = 0 if under else risks_above(table.rows, at, self.synonyms)
        if not under and not above and not plan_beside(self.document, self.synonyms):
            return False
        if not above:
            self._other_table(table, table.rows, _UNDER if under else _RISKS)
            return True
        self._other_table(table, table.rows[at : at + above], _RISKS)
        self.table(replace(table, rows=[*table.rows[:at], *table.rows[at + above :]]))
        return True

    def _other_table(self, table: Table, rows: list[list[Cell]], reason: str) -> None:
        """Risks or the like beside the plan, each row of them told."""
        for row in rows:
            self.skip(table, row, reason)
        self.layout.tally.left_out += len(rows)
        self.pending = []

    def _is_heads(self, row: list[Cell], found: tuple[int, Headings] | None) -> bool:
        """Is a row another row of headings, or the table's own once more?"""
        again = found is not None and found[1].repeated_by(row)
        return again or self.known[row[0].row] is not None

    def _other_plan(self, row: list[Cell]) -> None:
        """A table with other headings goes on with nobody's goal."""
        own = heading_row(row, self.synonyms)
        if self.headings and own and own.words != self.headings.words:
            self.section = {}

    def skip(self, table: Table, row: list[Cell], reason: str) -> None:
        words = " | ".join(cell.text for cell in unique_cells(row))
        place = f"blad {table.name}" if table.name else f"tabell {table.number}"
        where = f"{place}, rad {row[0].row}"
        self.layout.skipped.append(Skipped(where, short(words, 120), reason))

    def _cut_over_its_heads(self, table: Table, at: int, own: Headings) -> bool:
        """Are the rows over the headings of the plan that goes on, cut where a page ended?"""
        if not at or self.headings is None or not own.repeated_by(table.rows[at]):
            return False
        same = dict(own.words) == dict(self.headings.words) and table.rows[0][0].page > 0
        return same and self._goes_on(replace(table, rows=table.rows[:at]), len(table.rows[0]))

    def _goes_on(self, table: Table, width: int) -> bool:
        """A table without headings right under a plan of as many columns is its next page."""
        if self.headings is None or width != self.width or table.name:
            return False
        between = any(line.heading and not _GOES_ON.match(line.text) for line in self.pending)
        return not between and continues(self.headings, table.rows)

    def _section_before(self, table: Table, at: int | None) -> None:
        """The heading in the running text over a table names its goal or focus area."""
        if table.name:
            self.section, self.year = {}, year_named(table.name)
            return
        if not self.pending:
            return
        self.section = {}
        last = self.pending[-1]
        named = [year for line in self.pending if (year := year_named(line.text))]
        self.year = named[-1] if named else None
        if part_of(last) is Part.RUNNING_ON:
            self.runs_on = last.text
        within = parts_within(self.pending)
        for line in reversed(self.pending):
            if line.bullet or (line in within and not LABELLED.match(line.text)):
                return
            words = line.heading or (len(line.text) <= 100 and line.text[-1] not in ".:,;!")
            if line.text in self.states and at is not None:
                self.section[Role.STATUS] = self.states[line.text]
                return
            if self._names_all(line):
                return
            if words and at is not None:
                if not is_about_plan(line.text) and part_of(line) in (None, Part.OTHER):
                    self._name_upper(line)
                    self._name_section(line.text)
                return

    def _names_all(self, line: Line) -> bool:
        """Is it the only title, first in its file? On a slide it may name a part."""
        first = line.title and self.titles == 1 and line is self.layout.lines[0]
        return first and not line.source.page and not LABELLED.match(line.text)

    def _name_upper(self, line: Line) -> None:
        """A goal's heading stands under the focus area that a heading named last."""
        labelled = LABELLED.match(line.text)
        named = [LABELLED.match(other.text) for other in self.pending if other.heading]
        upper = next((found for found in reversed(named) if found and found["focus"]), None)
        if not labelled or not labelled["goal"]:
            self.upper = ""
        elif upper:
            self.upper = upper[0]
        if self.upper:
            self._name_section(self.upper)

    def _name_section(self, text: str) -> None:
        if text in self.states:
            self.section[Role.STATUS] = self.states[text]
            return
        labelled = LABELLED.match(text)
        role, words = Role.FOCUS_AREA, text.strip(" :")
        if labelled:
            words = labelled["rest"].strip()
            if labelled["goal"]:
                role = Role.GOAL
            elif labelled["target"]:
                role = Role.TARGET_GROUP
        if labelled:
            self.layout.called.setdefault(role, labelled["label"])
        if role is Role.FOCUS_AREA:
            self.section.pop(Role.GOAL, None)
            self.section.pop(Role.STATUS, None)
        self.section[role] = words
        if role is not Role.TARGET_GROUP:
            self.layout.goals.append(words)

    def _over(self, table: Table, row: list[Cell]) -> None:
        """A row above the headings: the plan's title, a fact about it, or a section's name."""
        cells = list(unique_cells(row))
        text = ": ".join(cell.text.rstrip(": ") for cell in cells[:2])
        line = line_of(text, self._source(table, row), heading=True, title=False, bullet=False)
        self.layout.lines.append(line)
        named = names_rows(line, self.layout.lines, labelled=bool(LABELLED.match(text)))
        if not self.legend.read(row) and len(cells) == 1 and named and not FOOTNOTE.match(text):
            self._name_section(text)

    def _no_plan(self, table: Table) -> None:
        """A table without an activity in it: facts and lists are kept as lines, the rest told."""
        for row in table.rows:
            self.legend.read(row)
        several = [row for row in table.rows if len(list(unique_cells(row))) > 1]
        for row in table.rows:
            cells = list(unique_cells(row))
            if len(cells) <= 2:
                text = ": ".join(cell.text.rstrip(": ") for cell in cells)
                self._line(table, row, text, cells[0].bold and len(cells) == 1)
                if len(cells) == 1 and LABELLED.match(text):
                    self.pending.append(self.layout.lines[-1])
        if several:
            self.skip(table, several[0], why_no_plan(several))
        self.layout.tally.left_out += len(several)
        self.layout.tally.around += len(table.rows) - len(several)
        self.headings = None

    def _line(self, table: Table, row: list[Cell], text: str, heading: bool) -> None:
        for part in text.split("\n"):
            if part.strip():
                source = self._source(table, row)
                line = line_of(part.strip(), source, heading=heading, title=False, bullet=False)
                self.layout.lines.append(line)

    def _source(self, table: Table, row: list[Cell]) -> Source:
        page = max(cell.page for cell in row)
        return Source(self.file, table.number, row[0].row, table.name, page)

    def _counted(self, table: Table, row: list[Cell]) -> None:
        """A row, and what became of it: an activity or a part of one, left out, or around them."""
        last, left_out = self.last, len(self.layout.skipped)
        self._row(table, row)
        tally = self.layout.tally
        if len(self.layout.skipped) > left_out:
            tally.left_out += 1
        elif self.last is not None and self.last is not last:
            tally.taken += 1
        else:
            tally.around += 1

    def _row(self, table: Table, row: list[Cell]) -> None:
        if self.headings and self.headings.repeated_by(row):
            return
        if why_not := self.others.get(row[0].row):
            self.skip(table, row, why_not)
            return
        headings = self.known.get(row[0].row)
        apart = row[0].row > self.at + 1
        if headings and (not self.headings or apart or is_sure(headings)):
            self._begin(headings, row)
            return
        self._under_headings(table, row)

    def _under_headings(self, table: Table, row: list[Cell]) -> None:
        assert self.headings is not None
        if self.over:
            self.skip(table, row, "En anmärkning vid tabellen, ingen aktivitet.")
            return
        if self.at == self.headings.row:
            parties = with_parties(self.headings, row, self.rows[2:])
            below = parties or with_subheadings(self.headings, row)
            if below:
                self.headings = below
                return
        number = self.headings.columns(Role.NUMBER)
        cells = [
            cell
            for cell in unique_cells(row)
            if cell.column not in number or not re.fullmatch(r"\w{0,3}[\d.:]+\w?|#", cell.text)
        ]
        own = [cell for cell in cells if not cell.from_above and says_something(cell)]
        if not own:
            return
        alone = len(own) == 1 and self._alone(table, row, own[0], len(cells))
        if alone or (len(own) == 2 and self.legend.read(row)):  # "Grön | Klar" under the rows
            return
        self.listing = False
        self._activity(table, row, own)

    def _begin(self, headings: Headings, row: list[Cell]) -> None:
        self.headings, self.listing, self.last, self.over = headings, False, None, False
        self.layout.unknown += headings.unknown
        self.layout.guessed |= {
            headings.told[at]: role for at, role in headings.guessed.items() if at in headings.told
        }
        said = [cell.text for cell in unique_cells(row)]
        self.layout.organisation = self.layout.organisation or organisation_in(said)

    def _alone(self, table: Table, row: list[Cell], cell: Cell, cells: int) -> bool:
        """A row with one text of its own: section, list, sum or note; False when an activity."""
        assert self.headings is not None
        role = self.headings.roles.get(cell.column)
        if cells > 1:
            return self._continued(cell, role)
        text = cell.text
        line = line_of(text, self._source(table, row), heading=False, title=False, bullet=False)
        across = sum(other.origin == cell.origin for other in row) > 1
        apart = row[0].row > self.at + 1
        on_paper = row[0].page > 0  # where headings are repeated on each page
        titled = self.over_heads and (apart or role is not Role.WHAT or not on_paper)
        in_list = (
            self.listing and not titled and (line.bullet or not (across or apart or cell.bold))
        )
        if (year := year_named(text)) and not self.listing:
            self.year = year
            self._line(table, row, text, heading=False)
        elif self.legend.read(row):
            self._line(table, row, text, heading=False)
        elif part_of(line) in (Part.RUNNING_ON, Part.GOALS):
            self.layout.lines.append(replace(line, heading=True))
            self.listing = True
            self.runs_on = text if part_of(line) is Part.RUNNING_ON else ""
        elif in_list or (":" in text and self._tells_of_plan(text, cell, role)):
            self.runs_on = ""  # a list, and no heading over rows
            self._line(table, row, text, heading=False)
        elif TOTAL_ALONE.fullmatch(text):
            self.skip(table, row, "En summa, ingen aktivitet.")
        elif self._is_note(text, apart):
            self.skip(table, row, "En anmärkning vid tabellen, ingen aktivitet.")
        elif across or titled or is_section(cell, role) or row[0].row in self.sections:
            self.listing, self.runs_on = False, ""
            names_all = across or titled or LABELLED.match(text)
            if role is Role.GOAL and not names_all:
                self.section[Role.GOAL] = text
                self.layout.goals.append(text)
            else:
                self._name_section(text)
        else:
            return self._continued(cell, role)
        return True

    def _tells_of_plan(self, text: str, cell: Cell, role: Role | None) -> bool:
        """ "Fastställd: 2026-01-15"; not "Ta fram rutin. Ansvarig: MAS", wherever it stands."""
        named = LABELLED.match(text)
        if named and named["goal"]:  # "Mål 2: Den enskilde har en plan"
            return False
        fact = is_about_plan(text) and is_fact(text, cell, role)
        return fact and not item_of(text, self.synonyms).says_more

    def _is_note(self, text: str, apart: bool) -> bool:
        """A footnote; or the heading of what is no part of the plan, and all under it."""
        self.over = bool(APPENDIX.fullmatch(text))
        return self.over or bool(FOOTNOTE.match(text)) or (apart and len(text) > 60)

    def _continued(self, cell: Cell, role: Role | None) -> bool:
        """One more responsible, or the rest of a cell that was cut by a new page."""
        longer = continued(self.last, cell, role)
        if longer:
            self.last = self.layout.rows[-1] = longer
        return longer is not None

    def _activity(self, table: Table, row: list[Cell], own: list[Cell]) -> None:
        assert self.headings is not None
        if is_total(own, self.headings):
            self.skip(table, row, "En summa, ingen aktivitet.")
            return
        for one in by_year(self.headings, row):
            self._one_activity(table, one, own)

    def _one_activity(self, table: Table, row: list[Cell], own: list[Cell]) -> None:
        assert self.headings is not None
        texts, cells = by_role(self.headings, as_above(row, self.headings, self.last))
        if len(own) == 1:
            labels_apart(texts, cells, self.synonyms)
        shown = self.legend.state_of(self.headings, row, texts)
        who = self.legend.answering.who_of(self.headings, row, texts)
        if not any(texts.get(role) for role in (Role.WHAT, Role.HOW, Role.GOAL, Role.FOLLOW_UP)):
            self.skip(table, row, "Raden säger inte vad som ska göras.")
            return
        from_above = False
        own_goal = any(self.headings.roles.get(cell.column) is Role.GOAL for cell in own)
        if texts.get(Role.FOCUS_AREA):
            if texts[Role.FOCUS_AREA] != self.section.get(Role.FOCUS_AREA):
                self.section.pop(Role.GOAL, None)
            self.section[Role.FOCUS_AREA] = texts[Role.FOCUS_AREA]
        if texts.get(Role.GOAL):
            self.section[Role.GOAL] = texts[Role.GOAL]
        for role, words in self.section.items():
            if not texts.get(role):
                texts[role] = words
                from_above |= role is Role.GOAL and self.headings.has(Role.GOAL)
        source = self._source(table, row)
        self.last = PlanRow(self.headings, source, texts, cells, own_goal, runs_on=self.runs_on,
                            year=self.year)  # fmt: skip
        doubts = doubts_of_signs(self.last, row, shown, who, from_above=from_above)
        self.last = replace(self.last, doubts=(*self.last.doubts, *doubts))
        self.layout.rows.append(self.last)
