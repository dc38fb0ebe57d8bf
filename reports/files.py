"""An edition as a file of any kind, with the name it is saved under."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from models.edition import ReportKind
from reports.blocks import Report
from reports.editions import Frozen, canonical
from reports.writers.excel import write_excel
from reports.writers.html import write_html
from reports.writers.pdf import write_pdf
from reports.writers.word import write_word

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_FIRST = {
    ReportKind.DEVIATIONS: "avvikelser",
    ReportKind.QUARTER: "statusrapport",
    ReportKind.YEAR: "arsrapport",
}
_PLAIN = str.maketrans({"å": "a", "ä": "a", "ö": "o", "é": "e"})


def as_file(file_format: str, frozen: Frozen, report: Report, template: Path | None) -> bytes:
    """The bytes. Raises `KeyError` for another format, `TemplateError` for a bad Word template."""
    writers: dict[str, Callable[[], bytes]] = {
        "html": lambda: write_html(report).encode(),
        "pdf": lambda: write_pdf(report),
        "docx": lambda: write_word(report, template),
        "xlsx": lambda: write_excel(report),
        "json": lambda: canonical(frozen.facts).encode(),
    }
    return writers[file_format]()


def as_files(
    file_formats: Sequence[str], frozen: Frozen, report: Report, template: Path | None
) -> dict[str, bytes]:
    """Several files of one edition, made beside each other: Typst needs no Python meanwhile.

    So the PDF begins before the others take up Python.
    """
    with ThreadPoolExecutor(len(file_formats)) as beside:
        begun = {
            one: beside.submit(as_file, one, frozen, report, template)
            for one in sorted(file_formats, key=lambda one: one != "pdf")
        }
        return {one: begun[one].result() for one in file_formats}


def file_name(frozen: Frozen, report: Report, file_format: str) -> str:
    """A name of plain letters: "statusrapport-2025q1-nosam-alm-utgava-1.pdf"."""
    first = _FIRST[frozen.of.kind]
    group = report.subtitle if frozen.of.group_id is not None else report.organisation
    words = "".join(
        letter if letter.isascii() and letter.isalnum() else " "
        for letter in group.casefold().translate(_PLAIN)
    )
    parts = (first, frozen.of.period.lower(), *words.split(), f"utgava-{frozen.number}")
    return f"{'-'.join(parts)}.{file_format}"
