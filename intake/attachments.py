"""A file that is attached to a comment: looked through in a process apart, then kept as it came.

What it is, is judged by what is in it (`readers/attached.py`); its name says nothing. One with a
personnummer in it is refused whole, since a file is kept as it is and cannot be blanked.
"""

import hashlib
import os
from dataclasses import dataclass

from intake.apart import Bounds, Reader, told_by
from intake.documents import File, Refusal, check_size, opened
from intake.personnummer import holds
from models.comment import MOST_BYTES, FileKind
from rules.comments import name_of_file
from rules.wording import shortened

MEGABYTES = MOST_BYTES // (1024 * 1024)
_READER = Reader("intake.readers.attached:looked_through", ("intake.readers.attached",))
# Ten megabytes are looked through in a second or two; one that works for long is a trap.
_BOUNDS = Bounds(work=15, wait=60)
_IN_A_SENTENCE = 60  # signs of a file's name


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that may be kept."""

    name: str
    kind: FileKind
    sha256: str
    content: bytes


def attached(name: str, file: File) -> Attached:
    """What somebody attaches. Raises `Refusal`, in a sentence, for what is not kept."""
    called = shortened(name, _IN_A_SENTENCE)
    with opened(file) as source:
        size = source.seek(0, os.SEEK_END)
    if size > MOST_BYTES:
        raise too_big(called)
    if size == 0:
        raise Refusal(f"{called} is empty", f"{called} är tom. Välj en annan fil.")
    check_size(called, file, max_bytes=MOST_BYTES)
    kind = _looked_through(called, file)
    with opened(file) as source:
        source.seek(0)
        content = source.read(MOST_BYTES + 1)
    if len(content) != size:
        raise Refusal(f"{called} changed while it was read")
    sha256 = hashlib.sha256(content).hexdigest()
    return Attached(name_of_file(name, kind.value), kind, sha256, content)


def too_big(called: str = "") -> Refusal:
    """The answer to a file of more than may be kept."""
    return Refusal(
        f"files above {MEGABYTES} MB are not taken in",
        f"{called or 'Filen'} är större än {MEGABYTES} MB. Gör den mindre, eller lägg den där ni "
        "brukar lägga stora filer och skriv adressen i stället.",
    )


def _looked_through(called: str, file: File) -> FileKind:
    heavy = Refusal(
        f"{called} takes too much time or memory to look through",
        f"{called} är för tung att läsa igenom. Dela upp den, eller skriv en adress i stället.",
    )
    kind: FileKind | None = None
    with told_by(_READER, called, file, called, heavy=heavy, bounds=_BOUNDS) as lines:
        for what, words in lines:
            if what == "kind":
                kind = FileKind(words)
            elif holds(str(words)):
                raise Refusal(
                    f"{called} holds a personnummer",
                    f"{called} innehåller ett personnummer och sparas inte. Ta bort det ur filen, "
                    "spara den på nytt och försök igen.",
                )
    if kind is None:
        raise heavy
    return kind
