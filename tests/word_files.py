"""The words in the fields of a Word file that we made, as the page takes them in."""

from intake.readers.fields import read_fields
from reports.writers.word_body import PLACE


def read_prose(file: bytes) -> dict[str, str]:
    """What is written, by place."""
    return read_fields("utkast.docx", file, PLACE, max_bytes=len(file)).texts
