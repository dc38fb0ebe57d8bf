"""The manifest of an archive: what its files were when it was made, and whether they still are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

MANIFEST = "manifest.json"


class ArchiveError(ValueError):
    """An archive cannot be made or is not whole; the message says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of an archive."""

    name: str
    sha256: str
    bytes: int


def write_manifest(folder: Path, about: Mapping[str, object]) -> list[Kept]:
    """Write down every file of the folder, after what the archive is about."""
    kept = [_kept(folder, path) for path in _files(folder)]
    manifest = {
        "archive": "foljsam",
        **about,
        "files": [{"name": k.name, "sha256": k.sha256, "bytes": k.bytes} for k in kept],
    }
    words = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(words, "utf-8", newline="\n")
    return kept


def check(folder: Path) -> list[str]:
    """What is wrong with an archive, a sentence each: missing, changed, or not in the manifest."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        listed = {one["name"]: Kept(**one) for one in manifest["files"]}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ArchiveError(f"{folder} has no manifest that can be read: {error}") from error
    found = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    problems = [f"{name} is missing." for name in sorted(listed.keys() - found.keys())]
    problems += [f"{name} is not in the manifest." for name in sorted(found.keys() - listed.keys())]
    problems += [
        f"{name} has changed."
        for name in sorted(found.keys() & listed.keys())
        if _kept(folder, found[name]) != listed[name]
    ]
    return problems


def _files(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _kept(folder: Path, path: Path) -> Kept:
    data = path.read_bytes()
    return Kept(path.relative_to(folder).as_posix(), sha256(data).hexdigest(), len(data))
