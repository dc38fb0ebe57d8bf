"""What all drawings of this batch share: the words of the key and the register of files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

Right = dict[str, Any]
Draw = Callable[[Path], None]

GOING = "pågående"
TO_COME = ["beslutad", "föreslagen"]
DONE = ["ask", "pågående"]
OPEN = ["beslutad", "föreslagen", "ask"]
PAUSED = ["pausad", "ask"]
DROPPED = ["avslutad", "ask"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file: its kind, what a careful colleague reads in it, and how it is drawn."""

    kind: str
    right: Right
    draw: Draw


FILES: dict[str, Drawn] = {}


def activity(
    what: str,
    responsible: str | list[str],
    deadline: str | None,
    state: str | list[str] = "*",
    goal: str = "*",
    **more: object,
) -> Right:
    """The right reading of one activity; what is not told is a matter of taste."""
    names = responsible if isinstance(responsible, list) or responsible == "*" else [responsible]
    told = {"goal": goal, "start": "*", "state": state, "what": what}
    return told | {"responsible": names, "deadline": deadline} | more


def plan(*activities: Right, title: str = "", left_out: Iterable[str] = ()) -> Right:
    """The right reading of a whole plan."""
    right: Right = {"title": title} if title else {}
    right["activities"] = list(activities)
    if left_out:
        right["left_out"] = list(left_out)
    return right


def drawn(name: str, kind: str, right: Right) -> Callable[[Draw], Draw]:
    """Put a drawing into the register, under the name of its file."""

    def register(draw: Draw) -> Draw:
        FILES[name] = Drawn(kind, right, draw)
        return draw

    return register


STATES: dict[str, str | list[str]] = {
    "going": GOING,
    "to come": TO_COME,
    "done": DONE,
    "paused": PAUSED,
    "dropped": DROPPED,
    "ended": [*DONE, "avslutad"],
    "not done": [*OPEN, GOING],
    "*": "*",
}


def keyed(lines: str, title: str = "") -> Right:
    """The right reading of a plan, told as one line for each activity.

    A line is `what | responsible; responsible | last day | state | goal | field=value | ...`;
    "-" is no day or nobody, "*" is not counted, and the goal "^" is that of the line above.
    """
    told: list[Right] = []
    goal = "*"
    for line in filter(None, map(str.strip, lines.splitlines())):
        what, who, day, state, *rest = (each.strip() for each in line.split("|"))
        plain = [each for each in rest if "=" not in each]
        goal = plain[0] if plain and plain[0] != "^" else goal if plain else "*"
        names: str | list[str] = "*" if who == "*" else [] if who == "-" else who.split("; ")
        fields = dict(each.split("=", 1) for each in rest if "=" in each)
        more: dict[str, object] = dict(fields)
        if "participants" in fields:
            more["participants"] = fields["participants"].split("; ")
        last = None if day == "-" else day
        told.append(activity(what, names, last, STATES[state], goal, **more))
    return plan(*told, title=title)


def open_file(path: Path, mimetype: str, content: str) -> None:
    """Write an open document (ODF) of one content.xml, with its mimetype first and unpacked."""
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.2" '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        file.writestr("mimetype", mimetype, compress_type=0)
        file.writestr("META-INF/manifest.xml", manifest)
        file.writestr("content.xml", content)


OPEN_NAMESPACES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for short, full in (
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
        )
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
