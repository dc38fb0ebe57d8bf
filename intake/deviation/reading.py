"""An export of a deviation system -> cases, refused rows, and rows with a personnummer in them.

1. Find the heading row, and which column is which. Without a day to count on the whole is refused.
2. Read each row under it: sums are passed by, a row without number or day is refused with its row.
3. Look for personnummer in every cell, also those that are not read; keep only the row's number.
4. Of several rows with one number the one that was changed last counts, else the later.
5. Hide what is free text after all: whole columns of ever new words, and numbers that are persons.
"""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from operator import attrgetter

from intake.deviation import values
from intake.deviation.excel import Row
from intake.deviation.headings import HEADING_WITHIN, headings, known
from intake.deviation.shapes import (
    CODES,
    SOMETHING_ELSE,
    UNITS,
    Case,
    Column,
    Export,
    Heading,
    Refused,
    Source,
    Why,
)
from intake.deviation.sources import Sheet, sheets
from intake.deviation.spelling import nothing_told, one_word_each
from intake.documents import File, Refusal, digest_of
from intake.personnummer import find, masked

NOTHING_SAVED = "Nothing was saved."
MARKED = "\0"  # before a number that is to be a pseudonym: no case number begins so
_TOTAL = re.compile(
    r"(?:grand total|total(?:t|er|summa|en)?|(?:del)?summa|summering|sum|genomsnitt|medel(?:värde)?"
    r"|median|antal(?: rader| ärenden| avvikelser| poster| st)?)\b(?!.*\d{4}-\d)",
    re.IGNORECASE,
)
_UTC = re.compile(r"\b(?:UTC|GMT)\b")
_SECTION = re.compile(r"(?!.*[@:;?!])[A-ZÅÄÖ].{1,59}")  # "Äldre", "Barn och unga (0–18 år)"
_COUNTED = re.compile(r"(?i)\s*[(\[]\s*\d+\s*(?:st|ärenden|avvikelser|rader)?\.?\s*[)\]]\s*$")
_FIGURE = re.compile(r"[\d\s.,%]+")
_SHAPED = re.compile(r"(?:19|20)?\d{6}[-+ ]?\d{4}")
_FEW_WORDS = 12  # so many different words in a column are a list of codes, however few the rows
_MANY_UNITS = 200


@dataclass(slots=True)
class _Reading:
    """What is gathered while a file is gone through."""

    export: Export
    key: bytes
    cases: dict[str, Case] = field(default_factory=dict)  # those of the export
    in_cells: dict[int, set[str]] = field(default_factory=dict)  # row -> digits that were found
    in_numbers: dict[int, str] = field(default_factory=dict)  # row -> a case number like a person
    shaped: int = 0  # case numbers that have the shape of a personnummer


def read_export(name: str, file: File, source: Source, key: bytes) -> Export:
    """Read a file. `key` makes a pseudonym of a case number that is a personnummer.

    Pages and commands have it read in a process apart (`reading_apart.py`), which has no key: there
    such a number is marked, and made a pseudonym of afterwards.
    """
    reading = _Reading(Export(masked(name), digest_of(file)), key)
    reading.export.cases = reading.cases
    found, refusals = 0, []
    for hidden in (False, True):  # a hidden sheet counts only where no other holds cases
        for sheet in sheets(name, file, lambda texts: known(texts, source)):
            if sheet.hidden is hidden and not (hidden and found):
                refusal = _read_sheet(name, sheet, source, reading)
                found += refusal is None
                refusals += [refusal] if refusal else []
        if found:
            break
    if not found:
        raise max(refusals, key=lambda each: each.headings).refusal if refusals else _no(name, [])
    _tell_persons(reading)
    _hide_text_columns(reading.export)
    _one_spelling(reading.export)
    return reading.export


def look_at(name: str, file: File, source: Source) -> list[Heading]:
    """The headings of a file, for the page on which they are told apart: never what is in it."""
    best: list[Heading] = []
    for sheet in sheets(name, file, lambda texts: known(texts, source)):
        for _, row in islice(sheet.rows, HEADING_WITHIN):
            here = headings(_texts(row), source)
            score = (sum(1 for h in here if h.column), sum(1 for h in here if h.text))
            if score > (sum(1 for h in best if h.column), sum(1 for h in best if h.text)):
                best = here
    return [heading for heading in best if heading.text]


@dataclass(frozen=True, slots=True)
class _NotHere:
    """Why a sheet holds no cases, and how many headings it had."""

    headings: int
    refusal: Refusal


def _read_sheet(name: str, sheet: Sheet, source: Source, reading: _Reading) -> _NotHere | None:
    top = list(islice(sheet.rows, HEADING_WITHIN))
    at = max(range(len(top)), key=lambda i: (known(_texts(top[i][1]), source), -i), default=None)
    named = headings(_texts(top[at][1]), source) if at is not None else []
    columns = {h.column: i for i, h in enumerate(named) if h.column}
    days = {Column.REGISTERED, Column.HAPPENED} & columns.keys()
    if at is None or Column.NUMBER not in columns or not days:
        return _NotHere(len(columns), _no(name, list(columns)))
    if not reading.export.headings:
        reading.export.headings = [heading for heading in named if heading.text]
    rows = _Rows(columns, _texts(top[at][1]), sheet.sign, reading)
    rows.read(chain(top[at + 1 :], sheet.rows))
    return None


def _no(name: str, columns: Sequence[Column]) -> Refusal:
    if columns and Column.NUMBER in columns:
        return Refusal(
            f"{name} has no column for the date a case was registered or happened; export it with "
            f"that column, or say with a mapping which one it is. {NOTHING_SAVED}",
            f"{name} har ingen kolumn med registreringsdatum eller händelsedatum. Exportera filen "
            "med en sådan kolumn, eller visa under Källor vilken den är. Inget är sparat.",
        )
    return Refusal(
        f"{name} has no heading row with a case number and a date; export it with headings, or "
        f"say with a mapping which columns they are. {NOTHING_SAVED}",
        f"{name} har ingen rubrikrad med ärendenummer och datum. Exportera filen med rubriker, "
        "eller visa under Källor vilka kolumner det är. Inget är sparat.",
    )


@dataclass(slots=True)
class _Rows:
    """The rows under a heading row."""

    columns: dict[Column, int]
    heads: list[str]
    sign: str
    reading: _Reading
    coded: dict[str, int | None] = field(init=False)
    utc: set[Column] = field(init=False)  # columns whose headings say that their stamps are UTC
    section: str = ""  # the target group that a row of its own names

    def __post_init__(self) -> None:
        """Where the coded columns stand, by the names that a case has for them."""
        self.coded = {column.value: self.columns.get(column) for column in (*UNITS, *CODES)}
        self.utc = {
            column
            for column, at in self.columns.items()
            if column in _DATES and _UTC.search(self.heads[at])
        }

    @property
    def counted(self) -> Column:
        """The day that a case is counted on."""
        return Column.REGISTERED if Column.REGISTERED in self.columns else Column.HAPPENED

    def read(self, rows: Iterator[Row]) -> None:
        """Go through them."""
        for number, row in rows:
            texts = _texts(row)
            if not any(texts) or self._is_heading(texts):
                continue
            self._persons(number, texts)
            if section := self._section(texts):
                self.section = section
                continue
            if self._is_total(texts):
                self.reading.export.totals += 1
                continue
            self.reading.export.rows += 1
            why = self._row(number, row, texts)
            if why:
                self.reading.export.refused.append(Refused(number, why))

    def _is_heading(self, texts: list[str]) -> bool:
        """A report of several pages has its headings on each."""
        at = self.columns[Column.NUMBER]
        if at >= len(texts) or texts[at] != self.heads[at]:
            return False
        return sum(1 for a, b in zip(texts, self.heads, strict=False) if a == b and a) > 1

    def _is_total(self, texts: list[str]) -> bool:
        """A row of sums: it says so first or where its number would be, or has only figures."""
        number = self._text(texts, Column.NUMBER)
        filled = [text for text in texts if text]
        if number and not _TOTAL.match(number):
            return bool(_TOTAL.match(filled[0])) and all(map(_FIGURE.fullmatch, filled[1:]))
        if _TOTAL.match(filled[0]) or (number and _TOTAL.match(number)):
            return True
        return len(filled) <= 2 and all(_FIGURE.fullmatch(text) for text in filled)

    def _section(self, texts: list[str]) -> str:
        """The target group that stands on a row of its own, where no column tells it."""
        filled = {text for text in texts if text}
        if Column.GROUP in self.columns or len(filled) != 1:
            return ""
        words = _COUNTED.sub("", filled.pop()).strip(" :")
        words = re.sub(r"(?i)^målgrupp(?:en)?\s*:\s*", "", words)
        if _TOTAL.match(words) or not _SECTION.fullmatch(words) or values.moment(words):
            return ""
        return "" if values.code(words) == SOMETHING_ELSE else values.code(words)

    def _persons(self, row: int, texts: list[str]) -> None:
        """Remember which digits were found in which row; the number's own column by itself."""
        at = self.columns[Column.NUMBER]
        number = texts[at] if at < len(texts) else ""
        rest = "\t".join([*texts[:at], *texts[at + 1 :]])
        if found := find(rest):
            digits = {_digits(rest[f.start : f.end]) for f in found}
            self.reading.in_cells.setdefault(row, set()).update(digits)
        if find(number):
            self.reading.in_numbers[row] = number
        if _SHAPED.fullmatch(number):
            self.reading.shaped += 1

    def _row(self, row: int, cells: Sequence[object], texts: list[str]) -> Why | None:
        """Put a row's case on file, or say why it is none."""
        words = self._text(texts, Column.NUMBER)
        counted = self.counted
        if self.sign and any(self._runs_on(text) for text in texts if "\n" in text):
            return Why.RUN_TOGETHER
        if not words:
            return Why.NO_NUMBER
        number = values.case_number(words)
        if number is None:
            return Why.ODD_NUMBER
        day = self._moment(cells, counted)
        if day is None:
            return Why.ODD_DATE if self._text(texts, counted) else Why.NO_DATE
        case = self._case(row, number, cells, texts)
        before = self.reading.cases.get(number)
        if before is None or not _is_older(case, before):
            self.reading.cases[number] = case
        return None

    def _runs_on(self, text: str) -> bool:
        """A cell that has swallowed a row, since a quotation mark was never closed."""
        at, day = self.columns[Column.NUMBER], self.columns[self.counted]
        for line in text.splitlines()[1:]:
            cells = line.split(self.sign)
            whole = len(cells) > max(at, day)
            if whole and values.case_number(cells[at]) and values.moment(cells[day]):
                return True
        return False

    def _case(self, row: int, number: str, cells: Sequence[object], texts: list[str]) -> Case:
        days = {
            column: self._moment(cells, column) if column in self.columns else None
            for column in _DATES
        }
        counted = days[Column.REGISTERED] or days[Column.HAPPENED]
        assert counted is not None
        registered, happened = counted.date(), days[Column.HAPPENED]
        codes = {name: self._code(texts, at) for name, at in self.coded.items()}
        codes["target_group"] = codes["target_group"] or self.section
        status = codes["status"]
        handling = values.hundredths(self._text(texts, Column.HANDLING))
        voided = values.is_void(status)
        answer = days[Column.ANSWERED] or days[Column.CLOSED]
        answered = answer.date() if answer else None
        done = values.is_done(status) or answered is not None
        answer_days = (answered - registered).days if answered else None
        if answer_days is None and done and handling is not None:
            answer_days = -(-handling // 100)
        return Case(
            number=number,
            row=row,
            registered_on=registered,
            happened_on=happened.date() if happened else None,
            changed_at=values.zoned(days[Column.CHANGED]),
            answered_on=answered,
            found_by=values.found_by(
                codes["reporting_org"] or codes["reporting_unit"],
                codes["investigating_org"] or codes["investigating_unit"],
            ),
            handling=handling,
            answer_days=answer_days if answer_days is None or answer_days >= 0 else None,
            voided=voided,
            waits=not voided and not done,
            **codes,
        )

    def _text(self, texts: list[str], column: Column) -> str:
        at = self.columns.get(column)
        return texts[at] if at is not None and at < len(texts) else ""

    def _cell(self, cells: Sequence[object], column: Column) -> object:
        at = self.columns[column]
        return cells[at] if at < len(cells) else None

    def _moment(self, cells: Sequence[object], column: Column) -> datetime | None:
        """A cell's moment in Swedish time."""
        return values.moment(self._cell(cells, column), utc=column in self.utc)

    def _code(self, texts: list[str], at: int | None) -> str:
        if at is None or at >= len(texts):
            return ""
        word = values.code(texts[at])
        if nothing_told(word):
            return ""
        if word == SOMETHING_ELSE:
            self.reading.export.hidden += 1
        return word


_DATES = (Column.REGISTERED, Column.HAPPENED, Column.CHANGED, Column.ANSWERED, Column.CLOSED)


def _texts(row: Sequence[object]) -> list[str]:
    return list(map(values.plain, row))


def _is_older(case: Case, before: Case) -> bool:
    """Was it changed before the other? Where that is not told, the later row is the newer."""
    if case.changed_at is None or before.changed_at is None:
        return False
    return case.changed_at < before.changed_at


def _digits(text: str) -> str:
    return re.sub(r"\W", "", text)


def _tell_persons(reading: _Reading) -> None:
    """Which rows hold a personnummer, and no case is known by one.

    Where most case numbers of that shape fail the check, the rest pass it by chance: it is a series
    that only looks alike, also where a text speaks of one of its numbers.
    """
    export = reading.export
    alike = reading.shaped > 2 * len(reading.in_numbers)
    series = {_digits(number) for number in reading.in_numbers.values()} if alike else set()
    rows = {row for row, digits in reading.in_cells.items() if digits - series}
    if not alike:
        rows |= reading.in_numbers.keys()
        for words in {values.case_number(n) or "" for n in reading.in_numbers.values()}:
            if case := reading.cases.pop(words, None):
                case.number = pseudonym(words, reading.key) if reading.key else MARKED + words
                reading.cases[case.number] = case
    export.personnummer_rows = sorted(rows)


def pseudonym(number: str, key: bytes) -> str:
    """The same number gives the same word, and nobody without the key can go back."""
    return "DOLT-" + hmac.new(key, _digits(number).encode(), hashlib.sha256).hexdigest()[:12]


def _hide_text_columns(export: Export) -> None:
    """A column of codes repeats its words; one that has ever new ones holds stories."""
    cases = list(export.cases.values())
    for column in (*CODES, *UNITS):
        of = attrgetter(column.value)
        different = len(set(map(of, cases)))
        most = _MANY_UNITS if column in UNITS else _FEW_WORDS
        if different > max(most, len(cases) // 2):
            for case in cases:
                if of(case):
                    setattr(case, column.value, SOMETHING_ELSE)
                    export.hidden += 1


def _one_word_for_each_group(export: Export) -> None:
    """ "Barn & unga" and "Barn och unga (0–18 år)" are one group."""
    words = Counter(case.target_group for case in export.cases.values())
    called = one_word_each(words, {})
    for case in export.cases.values():
        case.target_group = called[case.target_group]


def _one_spelling(export: Export) -> None:
    """ "äldre" and "Äldre" are one group: the spelling that is used most counts."""
    _one_word_for_each_group(export)
    for column in CODES:
        of = attrgetter(column.value)
        words = Counter(map(of, export.cases.values()))
        best: dict[str, str] = {}
        for word, _ in words.most_common():
            best.setdefault(word.casefold(), word)
        if len(best) == len(words):
            continue
        for case in export.cases.values():
            setattr(case, column.value, best[of(case).casefold()])
