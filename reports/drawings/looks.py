"""How things look in drawings: a fill, a line and a sign for each state, told apart without colour.

The colours are darkened from Okabe and Ito's set, in steps of lightness, so that they also differ
in grey; the sign and the line's pattern differ as well.
"""

from dataclasses import dataclass

from models.lifecycle import State


@dataclass(frozen=True, slots=True)
class Look:
    """A fill colour, a line, its dashes ("" for a whole line), a short sign and the words."""

    fill: str
    line: str
    dashes: str
    sign: str
    words: str


LOOKS = {
    State.PROPOSED: Look("#ffffff", "#51626d", "3 2", "?", "Föreslagen"),
    State.DECIDED: Look("#cfe3ee", "#2b6f93", "", "", "Beslutad"),
    State.ONGOING: Look("#5ba3c9", "#1f5f80", "", "", "Pågående"),
    State.FOLLOWED_UP: Look("#1f6f5c", "#0f4538", "", "✓", "Uppföljd"),
    State.PAUSED: Look("#efe6c8", "#7a6410", "2 2", "II", "Pausad"),
    State.ENDED: Look("#24404e", "#12252e", "", "✓", "Avslutad"),
    State.REJECTED: Look("#e3e3e3", "#6b6b6b", "1 2", "×", "Avslagen"),
    State.WITHDRAWN: Look("#f4f4f4", "#8a8a8a", "1 2", "×", "Återtagen"),
    State.CARRIED_OVER: Look("#a9b8c1", "#4d5d66", "", "→", "Överförd"),
}
LATE = Look("#d55e00", "#7a3500", "", "!", "Försenad")
MONTHS = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")


def dark(look: Look) -> bool:
    """Should words on it be white?"""
    red, green, blue = (int(look.fill[i : i + 2], 16) for i in (1, 3, 5))
    return red * 299 + green * 587 + blue * 114 < 140_000
