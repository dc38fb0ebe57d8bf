"""A form with a file: taken in piece by piece, shown, and kept until somebody says yes.

What is sent is never whole in memory: it lies in a file without a name in the home folder, that is
gone with the request. A file that is shown and waits for a yes is kept by `intake/kept.py`; what is
saved is read and compared anew, so that it is true when it is saved.
"""

import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from config.settings import Settings
from intake import kept
from intake.documents import File, Refusal, opened
from intake.personnummer import masked
from web.bodies import TooBig, Unreadable, counted, kind_of, of_few
from web.forms import read_form
from web.page import settings_of

_FORM = 2_000_000  # bytes that a form has beside its file


@dataclass(frozen=True, slots=True)
class Given:
    """What a form brought: a file, or the fingerprint of one that was shown, and the choices."""

    name: str = ""
    file: IO[bytes] | None = None
    fields: dict[str, str] = field(default_factory=dict)
    too_big: bool = False


@asynccontextmanager
async def sent(
    request: Request,
    *,
    most: int | None = None,
    field_name: str = "file",
    max_fields: int = 20,
    keep_words: bool = False,
) -> AsyncIterator[Given]:
    """The form, its file on disk until the request is done; one above the limit is not taken in.

    `keep_words`: of a form with such a file the fields that stand before it are kept.
    """
    most = settings_of(request).max_upload_bytes if most is None else most
    length = request.headers.get("content-length", "")
    if not keep_words and length.isdecimal() and int(length) > most + _FORM:
        yield Given(too_big=True)
        return
    cut: list[bool] | None = [] if keep_words else None
    try:
        form = await read_form(request, parse=partial(_parsed, request, most, max_fields, cut))
    except TooBig:
        yield Given(too_big=True)
        return
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    file = form.get(field_name)
    if cut:
        yield Given(fields=fields, too_big=True)
        return
    try:
        if isinstance(file, UploadFile) and file.filename:
            name = masked(Path(file.filename.replace("\x00", "")).name)
            taken = cast(IO[bytes], file.file)
            yield Given(name, taken, fields, too_big=os.fstat(taken.fileno()).st_size > most)
        else:
            yield Given(fields=fields)
    finally:
        await form.close()


async def _parsed(request: Request, most: int, max_fields: int, cut: list[bool] | None) -> FormData:
    """The form; of one that is too big what came before, if that is kept, and a mark in `cut`."""
    settings = settings_of(request)
    stream = counted(request.stream(), most + _FORM)
    kind = kind_of(request.scope)
    try:
        if kind == "multipart/form-data":
            parser = _IntoHome(settings, request, stream, max_fields)
            try:
                return await parser.parse()
            except TooBig:
                if cut is None:
                    raise
                cut.append(True)
                return FormData([item for item in parser.items if isinstance(item[1], str)])
        if kind == "application/x-www-form-urlencoded":
            few = of_few(stream, max_fields)
            return await FormParser(request.headers, few, max_fields=max_fields).parse()
    except MultiPartException as error:
        raise Unreadable from error
    if kind:
        raise Unreadable
    return FormData()


class _IntoHome(MultiPartParser):
    """Reads a form; a file in it goes to the home folder, and gets no name there."""

    def __init__(
        self,
        settings: Settings,
        request: Request,
        stream: AsyncGenerator[bytes, None],
        max_fields: int,
    ) -> None:
        super().__init__(request.headers, stream, max_files=1, max_fields=max_fields)
        self._folder = kept.folder(settings)

    def on_headers_finished(self) -> None:
        """A file begins: not in the system's folder for such, nor in memory."""
        super().on_headers_finished()
        upload = self._current_part.file
        if upload is not None:
            upload.file.close()
            file: Any = TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed with the form
            upload.file = file
            self._files_to_close_on_error.append(file)


def file_of(settings: Settings, given: Given) -> tuple[str, File]:
    """The name of the file that was sent, or of the one that was shown before, and the file."""
    if given.too_big:
        most = settings.max_upload_mb
        raise Refusal(
            f"files above {most} MB are not read",
            f"Filen är större än {most} MB. Ta bort bilder ur den, eller spara tabellen i en egen "
            "fil, och försök igen.",
        )
    if given.file is not None:
        return given.name, given.file
    fingerprint = given.fields.get("fingerprint", "")
    name = Path(given.fields.get("name", "").replace("\x00", "")).name
    if kept.is_key(fingerprint) and name:
        path = kept.kept(settings, fingerprint)
        if path is not None:
            return name, path
        raise Refusal(
            "the file is not kept any more",
            "Det har gått för lång tid. Välj filen igen.",
        )
    raise Refusal("no file was chosen", "Välj en fil först.")


def keep(settings: Settings, file: File) -> str:
    """Keep the file that is shown until it is saved; the key that it is found by."""
    if isinstance(file, Path) and (key := kept.keep_on(settings, file)):
        return key
    with opened(file) as source:
        return kept.keep(settings, source)


def forget_named(settings: Settings, fields: Mapping[str, str]) -> None:
    """Remove a file that is saved, or that somebody looked at and did not want."""
    kept.forget(settings, fields.get("fingerprint", ""))
