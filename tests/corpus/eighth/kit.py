"""What all drawings of this batch share: a key of one line for each activity, and its register."""

from collections.abc import Callable

from tests.corpus.seventh.kit import (
    DONE,
    DROPPED,
    GOING,
    OPEN,
    OPEN_NAMESPACES,
    PAUSED,
    TO_COME,
    Draw,
    Drawn,
    Right,
    activity,
    open_file,
    plan,
)

__all__ = ["FILES", "OPEN_NAMESPACES", "Drawn", "drawn", "keyed", "open_file"]

FILES: dict[str, Drawn] = {}


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
