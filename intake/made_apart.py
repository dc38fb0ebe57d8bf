"""What is made of a file's words is made in a process of its own, within the bounds of its bytes.

The bytes are read apart (`apart.py`); but one cell of 8,000 letters may keep a pattern busy for a
minute, and while it does, the process that serves pages answers nobody. So whatever tries words
against patterns does it in such a child, and what it makes comes back as JSON that is checked
against its type. What is made is each caller's own: `plan_seen.py`, `people/lists_apart.py`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import IO, Any, TypeVar, get_type_hints

from pydantic import TypeAdapter

from intake import apart
from intake.apart import Bounds, Reader, told_by
from intake.documents import Content, Document, File, Refusal
from intake.readers.apart import heard, told
from models.plan_shape import Role

T = TypeVar("T")
BOUNDS = Bounds()
_PIECE = 1024 * 1024  # letters of what is made that are told in a line


def made_of_document(
    make: Callable[[Document, dict[str, Role]], T], document: Document, synonyms: Mapping[str, Role]
) -> T:
    """What a function makes of a document that was read already; it is known by module and name.

    Raises what `told_by` raises: `Refusal` too, for words that take too long.
    """
    reader = Reader(f"{__name__}:from_document", (__name__, make.__module__), of_words=True)
    return _made(reader, make, document.file, _as_lines(document, synonyms))


def made_of_file(
    make: Callable[..., T], name: str, file: File, *words: str, libraries: Sequence[str] = ()
) -> T:
    """What a function makes of a name, the open file and some words, reading it there itself."""
    reader = Reader(f"{__name__}:from_file", (__name__, make.__module__, *libraries))
    return _made(reader, make, name, file, *words)


def _made(reader: Reader, make: Callable[..., T], name: str, file: File, *words: str) -> T:
    address = f"{make.__module__}:{make.__name__}"
    with told_by(
        reader, name, file, name, address, *words, heavy=_heavy(name), bounds=BOUNDS
    ) as lines:
        made = "".join(map(str, lines))
    found: T = _shape_of(make).validate_json(made)
    return found


def _as_lines(document: Document, synonyms: Mapping[str, Role]) -> bytes:
    """A document as lines of JSON, as readers tell what they have read."""
    head = {"sha256": document.sha256, "synonyms": synonyms}
    content = Content(document.blocks, document.notes, document.margin, document.boxes)
    return "\n".join(map(json.dumps, [head, *told(document.file, content)])).encode()


def _heavy(name: str) -> Refusal:
    return Refusal(
        f"{name} holds words that take too long to understand; are there very long ones in a cell?",
        f"{name} har text som tar för lång tid att förstå. Ta bort de längsta orden ur cellerna "
        "och försök igen.",
    )


@cache
def _shape_of(make: Callable[..., Any]) -> TypeAdapter[Any]:
    return TypeAdapter(get_type_hints(make)["return"])


# In the child.


def from_document(file: IO[bytes], name: str, address: str) -> Iterator[str]:
    """Make it of the document that the parent has told."""
    make = _function_at(address)
    head, *lines = map(json.loads, file)
    read = heard(name, lines)
    words = (read.blocks, read.notes, read.margin, read.boxes)
    synonyms = {heading: Role(role) for heading, role in head["synonyms"].items()}
    yield from _pieces(make, make(Document(name, head["sha256"], *words), synonyms))


def from_file(file: IO[bytes], name: str, address: str, *words: str) -> Iterator[str]:
    """Read the file, and make it, in this one child."""
    apart.read_here()
    make = _function_at(address)
    yield from _pieces(make, make(name, file, *words))


def _function_at(address: str) -> Callable[..., Any]:
    module, _, name = address.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def _pieces(make: Callable[..., Any], made: object) -> Iterator[str]:
    words = _shape_of(make).dump_json(made).decode()
    for at in range(0, len(words), _PIECE):
        yield words[at : at + _PIECE]
