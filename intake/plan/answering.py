"""Who answers, where a colour or a letter says it: "Blå = regionen ansvarar", "K = kommunen".

What colours and letters say of the state is told in `signs.py`. What a colour tells is asked about;
a letter that its legend spells out is not.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intake.documents import Cell
from intake.plan.headings import Headings
from intake.plan.states import tells_state
from intake.plan.votes import names_party
from models.plan_shape import Role

_ANSWERS = re.compile(
    r"(?:ansvarig(?:a|t)?|ansvar)\s*:?\s+(?P<before>\S.*)"
    r"|(?P<who>\S.*?)\s+(?:ansvarar|är ansvariga?|har ansvar(?:et)?|svarar|leder|äger|driver|gör"
    r"|utför)(?: för .*)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[,;/+&\n]\s*|\s+(?:och|samt)\s+|\s+")
_LONGEST = 40  # signs of the words in a legend
_HEX = re.compile(r"(?:rgb:)?(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})(?::.*)?")


@dataclass(slots=True)
class Answering:
    """Who answers, by the ground of a cell, by the name of its colour and by a letter."""

    by_ground: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    by_code: dict[str, str] = field(default_factory=dict)

    def read(self, colour: str, words: str) -> bool:
        """Do the words beside a colour say who answers? Then they are remembered."""
        who = who_in(words)
        if who:
            self.by_name[colour] = who
        return bool(who)

    def read_ground(self, grounds: set[str], words: str) -> bool:
        """The same, of the ground that such words stand on or beside."""
        who = who_in(words)
        if who:
            self.by_ground |= dict.fromkeys(grounds, who)
        return bool(who)

    def read_codes(self, codes: Mapping[str, str]) -> bool:
        """ "K = kommunen, R = regionen": letters that are all somebody."""
        told = {code: who_in(words) for code, words in codes.items()}
        if not all(told.values()) or any(len(code) > 1 for code in told):  # "MAS" is a name itself
            return False
        self.by_code |= told
        return True

    def learn(self, other: "Answering") -> None:
        """What a legend that stands apart says."""
        self.by_ground |= other.by_ground
        self.by_name |= other.by_name
        self.by_code |= other.by_code

    def grounds(self) -> set[str]:
        """The grounds that say who, and so nothing of the state."""
        return set(self.by_ground)

    def who_of(self, headings: Headings, row: Sequence[Cell], texts: dict[Role, str]) -> str:
        """Who the row's colour or letters stand for, put where it belongs; a colour is told."""
        said = texts.get(Role.RESPONSIBLE, "")
        if said:
            codes = [code for code in _BETWEEN.split(said.strip().casefold()) if code]
            if codes and all(code in self.by_code for code in codes):
                texts[Role.RESPONSIBLE] = "\n".join(self.by_code[code] for code in codes)
            return ""
        if not self.by_ground and not self.by_name:
            return ""
        columns = headings.columns(Role.RESPONSIBLE) or list(headings.roles)
        grounds = [cell.fill for cell in row if cell.column in columns and cell.fill]
        told = dict.fromkeys(who for ground in grounds if (who := self._who(ground)))
        if told:
            texts[Role.RESPONSIBLE] = "\n".join(told)
        return ", ".join(told)

    def _who(self, ground: str) -> str:
        return self.by_ground.get(ground) or self.by_name.get(_hue(ground), "")


def who_in(words: str) -> str:
    """ "Regionen ansvarar" and "Regionen" in a legend name the region; "Klar" names nobody."""
    plain = " ".join(words.split()).strip(" .")
    if not plain or len(plain) > _LONGEST or tells_state(plain):
        return ""
    told = _ANSWERS.fullmatch(plain)
    if told:
        return str(told["before"] or told["who"])
    return plain if names_party(plain) else ""


def colour_name(ground: str) -> str:
    """ "grön", "gul" or "röd" for what looks so, else ""."""
    told = _three_of(ground)
    if not told:
        return ""
    red, green, blue = told
    if green >= red and green > blue and not (red > 0.8 * green):
        return "grön"
    if red > 0.8 * green and green > 0.55 * red and blue < 0.75 * red:
        return "gul"
    return "röd" if red > 1.3 * green and red > 1.2 * blue else ""


def _hue(ground: str) -> str:
    """The same, and "blå", which is no colour of a state."""
    told = _three_of(ground)
    if not told or colour_name(ground):
        return colour_name(ground)
    return "blå" if told[2] >= told[1] and told[2] > 1.15 * told[0] else ""


def _three_of(ground: str) -> tuple[int, int, int] | None:
    """How much red, green and blue; None for what has no colour to speak of."""
    found = _HEX.fullmatch(ground)
    if not found:
        return None
    red, green, blue = (int(found[1][at : at + 2], 16) for at in (0, 2, 4))
    return (red, green, blue) if max(red, green, blue) - min(red, green, blue) >= 40 else None
