"""A file that was sent, shown, and waits for a yes: kept under its own fingerprint, a day at most.

It lies in the installation's home folder, readable by nobody else. What is saved is read and
compared anew, so that it is true when it is saved.
"""

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import Request
from starlette.datastructures import UploadFile

from config.settings import Settings
from intake.documents import Refusal
from intake.personnummer import masked
from web.forms import read_form
from web.page import settings_of

A_DAY = 24 * 60 * 60
_FORM = 100_000  # bytes that a form has beside its file
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Given:
    """What a form brought: a file, or the fingerprint of one that was shown, and the choices."""

    name: str = ""
    data: bytes = b""
    fields: dict[str, str] = field(default_factory=dict)
    too_big: bool = False


async def sent(request: Request, *, max_fields: int = 20) -> Given:
    """The form, its file read on the loop; a file above the limit is not read at all."""
    most = settings_of(request).max_upload_bytes
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most + _FORM:
        return Given(too_big=True)
    form = await read_form(request, max_files=1, max_fields=max_fields)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return Given(fields=fields)
    data = await file.read(most + 1)
    name = masked(Path(file.filename).name)
    return Given(name, data, fields, too_big=len(data) > most)


def file_of(settings: Settings, given: Given) -> tuple[str, bytes]:
    """The name and bytes of the file that was sent, or of the one that was shown before."""
    if given.too_big:
        most = settings.max_upload_mb
        raise Refusal(
            f"files above {most} MB are not read",
            f"Filen är större än {most} MB. Ta bort bilder ur den, eller spara tabellen i en egen "
            "fil, och försök igen.",
        )
    if given.name:
        return given.name, given.data
    fingerprint = given.fields.get("fingerprint", "")
    name = Path(given.fields.get("name", "")).name
    if _FINGERPRINT.fullmatch(fingerprint) and name:
        kept = _folder(settings) / fingerprint
        if kept.is_file():
            return name, kept.read_bytes()
        raise Refusal(
            "the file is not kept any more",
            "Det har gått för lång tid. Välj filen igen.",
        )
    raise Refusal("no file was chosen", "Välj en fil först.")


def keep(settings: Settings, data: bytes) -> str:
    """Keep a file until it is saved; those that nobody saved in a day are removed."""
    folder = _folder(settings)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - A_DAY:
            old.unlink(missing_ok=True)
    fingerprint = hashlib.sha256(data).hexdigest()
    kept = folder / fingerprint
    kept.touch(mode=0o600)
    kept.write_bytes(data)
    return fingerprint


def forget(settings: Settings, data: bytes) -> None:
    """Remove a file that is saved."""
    (_folder(settings) / hashlib.sha256(data).hexdigest()).unlink(missing_ok=True)


def forget_named(settings: Settings, fields: Mapping[str, str]) -> None:
    """Remove a file that somebody looked at and did not want."""
    fingerprint = fields.get("fingerprint", "")
    if _FINGERPRINT.fullmatch(fingerprint):
        (_folder(settings) / fingerprint).unlink(missing_ok=True)


def _folder(settings: Settings) -> Path:
    folder = settings.home / "inlasning"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
