"""What passes between the files of this folder: columns, cases, refusals, an export that was read.

There is no place for free text in any of them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b

from models.deviation import NOT_GIVEN, FoundBy
from rules.periods import period_of

SOMETHING_ELSE = "(annat)"  # what stands instead of a value that looked like free text


class Column(StrEnum):
    """The columns that are read. Every other column of a file is left where it is."""

    NUMBER = "number"
    REGISTERED = "registered"
    HAPPENED = "happened"
    CHANGED = "changed"
    ANSWERED = "answered"
    CLOSED = "closed"
    REPORTING_ORG = "reporting_org"
    REPORTING_UNIT = "reporting_unit"
    INVESTIGATING_ORG = "investigating_org"
    INVESTIGATING_UNIT = "investigating_unit"
    AREA = "area"
    GROUP = "target_group"
    PROCESS = "process"
    CLASS = "classified"
    SEVERITY = "severity"
    STATUS = "status"
    HANDLING = "handling"


DATES = (Column.REGISTERED, Column.HAPPENED, Column.CHANGED, Column.ANSWERED, Column.CLOSED)
UNITS = (
    Column.REPORTING_ORG,
    Column.REPORTING_UNIT,
    Column.INVESTIGATING_ORG,
    Column.INVESTIGATING_UNIT,
)
CODES = (
    Column.AREA,
    Column.GROUP,
    Column.PROCESS,
    Column.CLASS,
    Column.SEVERITY,
    Column.STATUS,
)
SWEDISH: Mapping[Column, str] = {
    Column.NUMBER: "Ärendenummer",
    Column.REGISTERED: "Registreringsdatum",
    Column.HAPPENED: "Händelsedatum",
    Column.CHANGED: "Senast ändrad",
    Column.ANSWERED: "Svarsdatum",
    Column.CLOSED: "Avslutsdatum",
    Column.REPORTING_ORG: "Rapporterande organisation",
    Column.REPORTING_UNIT: "Rapporterande enhet",
    Column.INVESTIGATING_ORG: "Utredande organisation",
    Column.INVESTIGATING_UNIT: "Utredande enhet",
    Column.AREA: "Närområde",
    Column.GROUP: "Målgrupp",
    Column.PROCESS: "Process",
    Column.CLASS: "Klassificering",
    Column.SEVERITY: "Allvarlighetsgrad",
    Column.STATUS: "Status",
    Column.HANDLING: "Handläggningstid i dagar",
}


class Why(StrEnum):
    """Why a row is no case. Kept as a word, told in the reader's language, never with the cell."""

    NO_NUMBER = "no number"
    ODD_NUMBER = "odd number"
    NO_DATE = "no date"
    ODD_DATE = "odd date"
    RUN_TOGETHER = "run together"

    @property
    def english(self) -> str:
        """For the command line."""
        return _REASONS[self][0]

    @property
    def swedish(self) -> str:
        """For the pages."""
        return _REASONS[self][1]


_REASONS = {
    Why.NO_NUMBER: ("The case number is missing.", "Ärendenumret saknas."),
    Why.ODD_NUMBER: (
        "What stands as case number is none.",
        "Det som står som ärendenummer är inget ärendenummer.",
    ),
    Why.NO_DATE: ("The date is missing.", "Datumet saknas."),
    Why.ODD_DATE: (
        "The date cannot be read; write it as 2025-03-01.",
        "Datumet går inte att läsa. Skriv det som 2025-03-01.",
    ),
    Why.RUN_TOGETHER: (
        "A quotation mark is missing, so several rows run together here.",
        "Ett citattecken saknas, så flera rader har flutit ihop här.",
    ),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no case; `row` as Excel counts it."""

    row: int
    why: Why


@dataclass(slots=True)
class Case:
    """A case as one row tells it: the allow-list, and nothing beside it."""

    number: str
    row: int
    registered_on: date
    happened_on: date | None
    changed_at: datetime | None
    answered_on: date | None
    reporting_org: str
    reporting_unit: str
    investigating_org: str
    investigating_unit: str
    found_by: FoundBy
    area: str
    target_group: str
    process: str
    classified: str
    severity: str
    status: str
    handling: int | None
    answer_days: int | None
    voided: bool
    waits: bool

    @property
    def month(self) -> int:
        """The month it is counted in, as the database has it."""
        return self.registered_on.year * 12 + self.registered_on.month - 1

    def kept(self) -> tuple[object, ...]:
        """What the database keeps, in the order of `models.deviation.KEPT`."""
        return (
            self.registered_on,
            self.month,
            self.happened_on,
            self.changed_at,
            self.answered_on,
            self.reporting_org,
            self.reporting_unit,
            self.investigating_org,
            self.investigating_unit,
            self.found_by.value,
            self.area,
            self.target_group,
            self.process,
            self.classified,
            self.severity,
            self.status,
            self.handling,
            self.answer_days,
            self.voided,
            self.waits,
        )


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the file as the mapping page shows it: its heading, never what is in it."""

    text: str
    column: Column | None
    guessed: bool = True  # by its words, not by a saved mapping


@dataclass(frozen=True, slots=True)
class Source:
    """How a source is read: folded heading -> column, or None for a column to leave alone."""

    name: str = ""
    columns: Mapping[str, Column | None] = field(default_factory=dict)
    own_series: bool = False

    @property
    def series(self) -> str:
        """What sets this source's numbers apart; "" where all sources share one series."""
        return self.name if self.own_series else ""

    @property
    def digest(self) -> str:
        """The same digest, the same reading of the same file."""
        parts = [self.series, *(f"{k}={v or ''}" for k, v in sorted(self.columns.items()))]
        return blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()


@dataclass(slots=True)
class Export:
    """A file that was read. `rows` are the rows under the headings that are no sums."""

    file: str
    sha256: str
    headings: list[Heading] = field(default_factory=list)
    rows: int = 0
    totals: int = 0
    hidden: int = 0
    cases: Mapping[str, Case] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    personnummer_rows: list[int] = field(default_factory=list)
    spelled: Mapping[str, str] = field(default_factory=dict)  # target groups as they are called

    def by_quarter(self, column: Column) -> dict[str, dict[str, int]]:
        """How many cases by quarter and by the words of a column."""
        counts: dict[str, Counter[str]] = {}
        for case in self.cases.values():
            quarter = str(period_of(case.registered_on))
            words = getattr(case, column.value)
            words = self.spelled.get(words, words) if column is Column.GROUP else words
            words = words or NOT_GIVEN
            counts.setdefault(quarter, Counter())[words] += 1
        return {quarter: dict(sorted(counts[quarter].items())) for quarter in sorted(counts)}
