"""What stands beside the words: the year in a heading over rows, colours and letters with a legend.

A legend ("Grön = Klar" on green ground, "P = pågår") tells what a colour or a letter means; without
one a colour is told by its name, and the state that it means is asked. It may stand anywhere in the
file: under the rows, on a sheet of its own. It may also say who answers ("Blå = regionen ansvarar",
"K = kommunen"): those are told by `Answering`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from intake.documents import Cell, Document, Paragraph, unique_cells
from intake.plan.answering import Answering, colour_name
from intake.plan.headings import Headings, headings_in
from intake.plan.states import SIGNS, state_of, tells_state
from models.plan_shape import Role

_YEAR_NAMED = re.compile(
    r"(?:(?:planerade |gemensamma |nya |våra )?"
    r"(?:aktiviteter|insatser|åtgärder|verksamhetsår|år|året|tidplan|aktivitetsplan|handlingsplan"
    r"|årsplan|genomförande|plan|det (?:här )?(?:gör|ska) vi(?: göra)?|(?:så )?(?:här )?arbetar vi"
    r"|vi gör|att göra|planerat)(?: (?:för|under|år|för år|i|\W))? )?(?<!\d)(20\d\d):?",
    re.IGNORECASE,
)
_MEANING = re.compile(r"^(?P<colour>[^\W\d_]{2,12})\s*[=:–-]\s*(?P<words>\S.{0,40})$")
_CODE = re.compile(
    r"^(?P<code>[^\W\d_]{1,3}|\d|[✓✔✗☒☑●○◐◑◔◕★☆x+/–-])\s*[=:–-]\s*"
    r"(?P<words>[^\W\d_].{1,40})$"
)
_FEWEST_CODES = 2
_LONGEST_MEANING = 40  # signs
_MOST_ROWS = 15  # of a table that is a legend
_COLOURS = {
    "grön": "grön", "green": "grön", "gul": "gul", "yellow": "gul", "röd": "röd", "red": "röd",
    "orange": "orange", "grå": "grå", "grey": "grå", "blå": "blå", "vit": "vit",
    "grönt": "grön", "gult": "gul", "rött": "röd", "grått": "grå", "blått": "blå", "vitt": "vit",
}  # fmt: skip
_SIGN = re.compile(rf"(?P<sign>{'|'.join(SIGNS)})\ufe0f?\s*[=:–-]?\s*(?P<words>[^\W\d_].{{0,40}})")
_EACH_SIGN = re.compile(rf"({'|'.join(SIGNS)})\ufe0f?\s*[=:–-]?\s*")


_BETWEEN = re.compile(r"\s*[,;\n|]\s*|\s{3,}|\s+[/·•]\s+")
_LABEL = re.compile(
    r"^(?:teckenförklaring|förklaring|status|läge|förkortningar|koder)\s*:\s*", re.IGNORECASE
)


def _tells(words: str) -> bool:
    return bool(words) and len(words) <= _LONGEST_MEANING and _may_be_state(words)


def _may_be_state(words: str) -> bool:
    return tells_state(words) or not (said := state_of(words)).doubt or bool(said.proposal)


def _on_one_line(row: Sequence[Cell]) -> str:
    """ "G | Genomförd" as "G = Genomförd"."""
    cells = list(unique_cells(list(row)))
    return " = ".join(cell.text for cell in cells) if len(cells) < 3 else ""


def year_named(text: str) -> int | None:
    """The year that a heading such as "Aktiviteter 2026" gives to what stands under it."""
    found = _YEAR_NAMED.fullmatch(" ".join(text.split()))
    return int(found[1]) if found else None


@dataclass(slots=True)
class Legend:
    """What colours mean: by their ground, and by their names."""

    by_ground: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    by_sign: dict[str, str] = field(default_factory=dict)
    by_code: dict[str, str] = field(default_factory=dict)
    answering: Answering = field(default_factory=Answering)

    def read_line(self, text: str) -> bool:
        """Is a line of running text a legend, "Grönt = klart, gult = pågår"? Then remember it."""
        parts = [part.strip(" .") for part in _BETWEEN.split(_LABEL.sub("", text))]
        if self._read_codes(parts) or self._read_signs(text):
            return True
        told = [_MEANING.match(part) for part in parts]
        known = [one for one in told if one and one["colour"].lower() in _COLOURS]
        if len(known) < 2 or len(known) != len(told):
            return False
        for one in known:
            self._remember(_COLOURS[one["colour"].lower()], one["words"].strip(" ."))
        return True

    def _remember(self, colour: str, words: str) -> None:
        if not self.answering.read(colour, words):
            self.by_name[colour] = words

    def _read_signs(self, text: str) -> bool:
        """ "🟢 = klart 🟡 = pågår": nothing but signs, each with words of status behind it."""
        before, *told = _EACH_SIGN.split(_LABEL.sub("", text))
        known = {
            sign: words.strip(" ,;.|/") for sign, words in zip(told[::2], told[1::2], strict=True)
        }
        if before.strip() or len(known) < _FEWEST_CODES or not all(map(_tells, known.values())):
            return False
        self.by_sign |= known
        return True

    def _read_codes(self, parts: Sequence[str]) -> bool:
        """ "G = genomförd, P = pågår": two or more short signs that are words of status."""
        told = [_CODE.match(part) for part in parts if part]
        known = {one["code"].casefold(): one["words"].strip() for one in told if one}
        if len(known) < _FEWEST_CODES or len(known) != len(told):
            return False
        if sum(map(_may_be_state, known.values())) <= len(known) / 2:
            return self.answering.read_codes(known)
        self.by_code |= known
        return True

    def read_document(self, document: Document) -> None:
        """The legends that stand apart from the rows: in the text, in small tables, on sheets."""
        for block in document.blocks:
            if isinstance(block, Paragraph):
                self.read_line(block.text)
            elif len(block.rows) <= _MOST_ROWS and headings_in(block) is None:
                found = Legend()
                several = sum(map(found.read, block.rows)) > 1
                several |= found._read_codes([_on_one_line(row) for row in block.rows])
                if several:
                    self.by_ground |= found.by_ground
                    self.by_name |= found.by_name
                    self.by_sign |= found.by_sign
                    self.by_code |= found.by_code
                    self.answering.learn(found.answering)

    def read(self, row: Sequence[Cell]) -> bool:
        """Is this row a line of a legend? Then it is remembered."""
        cells = list(unique_cells(list(row)))
        if len(cells) == 1 and self.read_line(cells[0].text):
            return True
        grounds = {cell.fill for cell in row if cell.fill}
        words = ""
        if len(cells) == 1:
            told = _MEANING.match(cells[0].text)
            sign = _SIGN.fullmatch(cells[0].text.strip())
            if told and told["colour"].lower() in _COLOURS:
                words = told["words"].strip()
                self._remember(_COLOURS[told["colour"].lower()], words)
            elif sign and tells_state(sign["words"]):
                words = self.by_sign[sign["sign"]] = sign["words"].strip()
        elif len(cells) == 2 and cells[0].text.lower() in _COLOURS:
            words = cells[1].text if len(cells[1].text) <= 40 else ""
            if words:
                self._remember(_COLOURS[cells[0].text.lower()], words)
        if len(cells) == 1 and not words and len(grounds) == 1 and not cells[0].fill:
            words = cells[0].text if tells_state(cells[0].text) else ""  # "Klar" beside green
        if words and len(grounds) == 1 and not self.answering.read_ground(grounds, words):
            self.by_ground[grounds.pop()] = words
        return bool(words)

    def state_of(self, headings: Headings, row: Sequence[Cell], texts: dict[Role, str]) -> str:
        """The words of status that the row's colour stands for, put where they belong, or ""."""
        told = texts.get(Role.STATUS, "")
        if told:
            if meant := self.by_sign.get(told.strip(" \ufe0f")):
                texts[Role.STATUS] = meant  # in words, beside the sign: nothing to ask
                return ""
            if meant := self.by_code.get(told.strip().casefold()):
                texts[Role.STATUS] = meant
                return ""
            if told.lower() in _COLOURS and (meant := self.by_name.get(_COLOURS[told.lower()])):
                texts[Role.STATUS] = meant
                return meant
            return ""
        columns = headings.columns(Role.STATUS)
        grounds = {cell.fill for cell in row if cell.column in columns and cell.fill}
        grounds -= self.answering.grounds()
        if not columns:
            grounds = {
                cell.fill for cell in row if cell.column in headings.roles
            } & self.by_ground.keys()
        if len(grounds) != 1:
            return ""
        words = self._meaning(grounds.pop())
        if words:
            texts[Role.STATUS] = words
        return "" if state_of(words).doubt else words  # what is asked anyway is asked once

    def _meaning(self, ground: str) -> str:
        if ground in self.by_ground:
            return self.by_ground[ground]
        name = colour_name(ground)
        return self.by_name.get(name, name.capitalize())
