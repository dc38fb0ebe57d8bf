"""What a PDF says beside its pages: notes, fields that are filled in, files that are laid into it.

Read off the file's own objects, each once and a bounded number of them: they may lead in a circle.
"""

from collections.abc import Iterator
from typing import Any

from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import decode_text

from intake.documents import Refusal

_MOST = 200_000  # objects of a page's notes, or of all fields
# An object's keys that hold words or lead to some: a note's, a field's, what is typed, a link.
_KEYS = ("Contents", "T", "TU", "V", "DV", "RC", "Subj", "A", "URI", "Kids", "Popup", "Opt")


def words_of_notes(page: Any) -> Iterator[str]:  # noqa: ANN401 - pdfplumber has no types
    """The words of a page's notes and fields, and where its links lead."""
    yield from _words(page.page_obj.annots)


def words_of_fields(pdf: Any) -> Iterator[str]:  # noqa: ANN401
    """The words of the fields that no page shows."""
    form = resolve1(_root(pdf).get("AcroForm"))
    if isinstance(form, dict):
        yield from _words(form.get("Fields"))


def refuse_laden(name: str, pdf: Any) -> None:  # noqa: ANN401
    """Raise `Refusal` for a PDF that carries files: nobody looks through those."""
    names = resolve1(_root(pdf).get("Names"))
    laden = isinstance(names, dict) and "EmbeddedFiles" in names
    if laden or any(_attaches(page) for page in pdf.pages):
        raise Refusal(
            f"{name} has files laid into it",
            f"{name} har andra filer bifogade i sig, och de går inte att läsa igenom. Spara den "
            "utan dem och försök igen.",
        )


def _attaches(page: Any) -> bool:  # noqa: ANN401
    notes = resolve1(page.page_obj.annots) or []
    for each in notes if isinstance(notes, list) else []:
        note = resolve1(each)
        if isinstance(note, dict) and _literal(note.get("Subtype")) == "FileAttachment":
            return True
    return False


def _root(pdf: Any) -> dict[str, Any]:  # noqa: ANN401
    return dict(pdf.doc.catalog or {})


def _literal(value: Any) -> str:  # noqa: ANN401
    value = resolve1(value)
    return str(value.name) if isinstance(value, PSLiteral) else ""


def _words(first: Any) -> Iterator[str]:  # noqa: ANN401
    todo, seen = [first], set[int]()
    for _ in range(_MOST):
        if not todo:
            return
        one = todo.pop()
        if isinstance(one, PDFObjRef):
            if one.objid in seen:
                continue
            seen.add(one.objid)
            one = resolve1(one)
        if isinstance(one, bytes):
            yield decode_text(one)
        elif isinstance(one, PDFStream):
            yield one.get_data().decode("latin-1")
        elif isinstance(one, list):
            todo.extend(one)
        elif isinstance(one, dict):
            todo.extend(one[key] for key in _KEYS if key in one)
