"""What a meeting may come to about one activity, and which fields each choice has.

Every move that leads on from a state, and three that change no state: the question goes to another
group, back to the one that asked, or was only up. What a move needs is `models/lifecycle.py`.
"""

from collections.abc import Mapping

from models.lifecycle import OPEN, Move, State, possible

NOT_NOW = "inget nu"  # a row that is left out when the others are decided together
TAKEN_UP = "uppe"  # the meeting was at it, and nothing else came of it
ANSWERED = "besvarad"  # a referred question goes back to the group that asked
REFERRED = "hänskjut till en annan grupp"
HANDED_OVER = "lämna över till en annan grupp"
TO_A_GROUP = (REFERRED, HANDED_OVER)

# In the order a meeting is likely to want them; what a successor is proposed again by is not here.
_MOVES = (
    Move.DECIDE,
    Move.REJECT,
    Move.START,
    Move.FOLLOW_UP,
    Move.END,
    Move.CONTINUE,
    Move.RESUME,
    Move.PAUSE,
    Move.PROLONG,
    Move.CARRY_OVER,
    Move.RETURN,
    Move.ABANDON,
    Move.WITHDRAW,
)
_ENDS = ("outcome", "kept_by", "into_plan")
_WAITS = ("resume_on", "resume_when", "stand_in")
_FIELDS: Mapping[str, tuple[str, ...]] = {
    Move.FOLLOW_UP: ("result", "figure", "reason"),
    Move.END: (*_ENDS, "reason"),
    Move.ABANDON: (*_ENDS, "reason"),
    Move.CONTINUE: ("deadline", "reason"),
    Move.PAUSE: (*_WAITS, "reason"),
    Move.PROLONG: (*_WAITS, "reason"),
    Move.CARRY_OVER: ("next_plan", "reason"),
    **dict.fromkeys(TO_A_GROUP, ("group", "reason")),
}
_OTHERWISE = ("reason",)
# The fields of a row in the order they are drawn; `reference` and `accept` are beside the choice.
DRAWN = (
    *("result", "figure", "outcome", "kept_by", "into_plan", "deadline"),
    *("resume_on", "resume_when", "stand_in", "next_plan", "group", "reason"),
)
PARTS = (*DRAWN, "reference", "move", "accept", "ja_deadline")


def choices() -> dict[State, list[str]]:
    """What a meeting may choose for an activity, by where it is."""
    moves = {state: [move for move in _MOVES if move in possible(state)] for state in OPEN}
    return {state: [*map(str, found), *TO_A_GROUP] for state, found in moves.items()}


def asked_by() -> dict[str, str]:
    """By field, the choices that ask for it, as the page's script reads them: "pausa|avbryt"."""
    every = [*_MOVES, *TO_A_GROUP, ANSWERED, TAKEN_UP, NOT_NOW, ""]
    return {
        name: "|".join(one for one in every if name in _FIELDS.get(one, _OTHERWISE))
        for name in DRAWN
    }


def place_of(name: str) -> str:
    """The field of a row that a sentence about `name` leads to."""
    if name == "decision_reference":
        return "reference"
    return name if name in DRAWN else "move"
