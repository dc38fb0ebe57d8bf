"""Exports of made-up deviations, as the systems of several places would write them."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
from sqlmodel import Session

from intake.deviation.whose import the_only_one

HEADS = (
    "Ärendenummer",
    "Registreringsdatum",
    "Rapporterande enhet",
    "Utreds av",
    "Målgrupp",
    "Process",
    "Händelsebeskrivning",
    "Status",
    "Svarsdatum",
    "Handläggningstid (dagar)",
)
SENTINEL = "vitsippan blommar bakom ladan"


def ours(session: Session) -> int:
    """The installation's only collaboration; it comes on file with its first deviations."""
    area = the_only_one(session, "Vårdsamverkan Prov")
    assert area is not None
    return area


def row(number: str, day: Any, group: str = "Äldre", **other: Any) -> list[Any]:  # noqa: ANN401
    """A row under HEADS; `process`, `unit`, `by`, `text`, `status`, `answered`, `time`."""
    return [
        number,
        day,
        other.get("unit", "Hemtjänst Alm"),
        other.get("by", "Björks sjukhus"),
        group,
        other.get("process", "SIP"),
        other.get("text", f"Det som hände: {SENTINEL}. Sedan ringde de."),
        other.get("status", "Avslutad"),
        other.get("answered", ""),
        other.get("time", ""),
    ]


THREE = [
    row("A-1", "2025-01-15", time="12,5", answered="2025-01-28"),
    row("A-2", "2025-02-01", "Barn och unga", process="Läkemedel"),
    row("A-3", "2025-04-30", status="Under utredning"),
]


def text(rows: Sequence[Sequence[Any]], sign: str = ";", heads: Sequence[str] = HEADS) -> str:
    """The words of a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sign, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()


def csv_file(
    rows: Sequence[Sequence[Any]],
    sign: str = ";",
    coding: str = "utf-8-sig",
    heads: Sequence[str] = HEADS,
) -> bytes:
    """A CSV file."""
    return text(rows, sign, heads).encode(coding)


def excel(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for each in rows:
            sheet.append(list(each))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
