"""What a row or a line is: a section's name, a sum, a fact about the plan, an activity of one cell.

Looks at one row at a time and keeps nothing; what to do with it is decided in `layout.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from intake.documents import Cell, Document, Paragraph, unique_cells
from intake.plan.front_page import Line, Part, is_of_the_file, part_of
from intake.plan.heading_words import Synonyms, role_of
from intake.plan.headings import Headings
from intake.plan.listed import item_of
from intake.plan.states import tells_state
from models.plan_shape import Role

_DATED = re.compile(
    r"\b(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]*\.? (?:20)?\d\d\b|\d\d-\d\d"
    r"|\b\d{1,2}/\d{1,2}\b|\bv(?:ecka)?\.? ?\d",
    re.IGNORECASE,
)
_LONGEST_NAME = 5  # words of a section's name
_LONGEST_STATE = 40  # signs of a heading that says how it goes
# "Pågår (3)" says how many cards stand under it, "Pågående insatser" what they are.
_BESIDE_STATE = re.compile(
    r"\s*(?:\b(?:aktiviteter|insatser|åtgärder|uppgifter|ärenden))?\s*(?:\(?\d{1,3}\)?)?$",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"(?:del)?summa\b|totalt?\b|antal\b|summering\b", re.IGNORECASE)
TOTAL_ALONE = re.compile(
    r"(?:del)?summa\b.*"
    r"|totalt?:?\s+\d+\s+(?:st\.?\s+)?(?:aktivitet|åtgärd|insats|uppgift|punkt|rad|post|mål)\w*\W*"
    r"|(?:totalt?|antal|summering)(?:[^\d:=]*[:=]\s*[\d\s.,]+(?:kr|tkr|st)?)?\W*",
    re.IGNORECASE,
)
FOOTNOTE = re.compile(
    r"\*|(?:fot)?not(?: \d+)?[:.]|källa\b|kommentar:"
    r"|planen (?:är |har )?(?:senast )?(?:revidera|uppdatera|ändra)\w+"
    r"|anm\w*[:.]|obs\b|[¹²³]|\S{1,15} = \S",
    re.IGNORECASE,
)
APPENDIX = re.compile(
    r"(?:förkortning(?:ar)?|(?:tecken)?förklaring(?:ar)?|begrepp(?:slista)?|ordlista|referenser"
    r"|versionshistorik|deltagare|källor|länkar)(?: och \w+)?:?",
    re.IGNORECASE,
)
LABELLED = re.compile(
    r"^(?P<label>"
    r"(?P<goal>(?:prioriterat |övergripande )?(?:del|inriktnings|effekt)?mål(?:sättning)?)"
    r"|(?P<focus>(?:prioriterat )?(?:fokus|mål|insats|utvecklings|process)?område|bilaga|tema)"
    r"|(?P<target>målgrupp))\s*(?:(?:\d{1,2}(?:\.\d+)*[a-z]?)?\s*[:.–—-]|\d{1,2}(?:\.\d+)*[a-z]?(?=\s+(?-i:[A-ZÅÄÖ])))"
    r"\s+(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)


def states_over(document: Document) -> dict[str, str]:
    """The headings of a board, which say how it goes with what stands under them: two or more."""
    lines = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    for table in document.tables:
        for row in table.rows:
            cells = [cell for cell in row if cell.text]
            if cells and cells[-1].origin == cells[0].origin:  # one text, or one over all of it
                lines.append(cells[0].text)
    short = [line for line in lines if len(line) <= _LONGEST_STATE]
    plain = {line: _BESIDE_STATE.sub("", line).strip(" :") for line in short}
    told = {line: words for line, words in plain.items() if tells_state(words)}
    return told if len({words.casefold() for words in told.values()}) > 1 else {}


def parts_within(lines: list[Line]) -> list[Line]:
    """The lines that belong to a list or text with a heading of its own: goals, purpose."""
    within: list[Line] = []
    part: Part | None = None
    for line in lines:
        begins = part_of(line)
        if begins:
            part = begins
        elif part not in (None, Part.OTHER):
            within.append(line)
    return within


def is_total(own: list[Cell], headings: Headings) -> bool:
    """ "Summa" before figures; "Antal utbildade" under Uppföljning is none."""
    first = next((cell for cell in own if _TOTAL.match(cell.text)), None)
    if first is None:
        return False
    role = headings.roles.get(first.column)
    others = [cell for cell in own if cell is not first]
    figures = all(re.fullmatch(r"[\d\s.,%]+(?:kr|tkr)?", cell.text) for cell in others)
    named = role in (None, Role.NUMBER, Role.GOAL, Role.FOCUS_AREA, Role.WHAT)
    return named and figures and bool(others or TOTAL_ALONE.fullmatch(first.text))


def is_fact(text: str, cell: Cell, role: Role | None) -> bool:
    """Is a lone text a fact about the plan, and no activity that names a day?"""
    return role is not Role.WHAT or cell.bold or is_of_the_file(text)


def labels_apart(
    texts: dict[Role, str], cells: dict[Role, Cell], synonyms: Synonyms | None
) -> None:
    """ "Ta fram rutin. Ansvarig: MAS. Klart: maj" in a row's only cell says what columns would."""
    cell = cells.get(Role.WHAT)
    item = item_of(cell.text, synonyms) if cell else None
    if cell is None or item is None or not item.told or not item.what:
        return
    texts[Role.WHAT] = item.what
    cells[Role.WHAT] = replace(cell, text=item.what)
    for column, words in item.told.items():
        role = role_of(column)
        if role and not texts.get(role):
            texts[role] = words
            cells[role] = replace(cell, text=words, value=None, precision=None)


def is_sure(headings: Headings) -> bool:
    """Inside a table a row must be more like headings than the first one, to be new headings."""
    roles = set(headings.roles.values())
    dated = any(_DATED.search(words) for words in headings.told.values())  # "senast maj 2026"
    return len(roles) >= 3 and Role.WHAT in roles and not headings.unknown and not dated


def lone_sections(headings: Headings, rows: Sequence[list[Cell]]) -> set[int]:
    """The rows of one short text each that name the rows under them, though nothing is bold.

    So it is when the first row under the headings is one, another follows further down, each has
    rows of several cells under it, and no other row has one cell alone.
    """
    found: list[int] = []
    before = False
    for row in rows:
        cells = [cell for cell in unique_cells(row) if cell.text]
        alone = len(cells) == 1
        if alone and not _names_rows(cells[0], headings):
            return set()
        if alone and (before or cells[0].page):  # on paper it is the rest of a cell
            return set()
        if alone:
            found.append(row[0].row)
        elif not found:
            return set()
        before = alone
    return set(found) if len(found) > 1 and not before else set()


def _names_rows(cell: Cell, headings: Headings) -> bool:
    short = len(cell.text.split()) <= _LONGEST_NAME and cell.text[-1] not in ".:!?"
    return short and headings.roles.get(cell.column) is Role.WHAT


def is_section(cell: Cell, role: Role | None) -> bool:
    """A lone cell: bold, labelled, or in a column that names goals is the name of what follows."""
    names = (Role.GOAL, Role.FOCUS_AREA, Role.NUMBER)
    return cell.bold or role in names or bool(LABELLED.match(cell.text))
