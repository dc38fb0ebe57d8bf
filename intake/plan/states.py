"""What words of status say of where an activity is in its life.

Clear words give a state; what may mean several things is asked, with a proposal. Words of the same
meaning are treated alike: "Klar", "Slutförd" and "Utförd" say that it is *done*, which is not that
it is followed up, so the proposal is Pågående, for the follow-up to be asked about.
"""

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from intake.plan.heading_words import DONE_WORDS
from intake.plan.state_words import OF_TIMES, PROPOSALS, SHORT, STATES, TELLING, TURNED

SIGNS = {
    "🟢": "grön", "🟩": "grön", "💚": "grön", "🟡": "gul", "🟨": "gul", "🟠": "orange",
    "🟧": "orange", "🔴": "röd", "🟥": "röd", "⚪": "grå", "⬜": "grå", "⚫": "grå", "🔵": "blå",
    "🟦": "blå", "✅": "klar", "👍": "klar", "❌": "struken", "⛔": "stoppad", "⏸": "pausad",
    "⏳": "pågår", "🔄": "pågår", "🚧": "pågår", "✓": "klar", "✔": "klar",
}  # fmt: skip
_NOTHING_SAID = re.compile(
    r"(?:ingen|inga) (?:uppgift(?:er)?|information)|(?:uppgift|status) saknas"
    r"|(?:ej|inte) (?:angiv\w*|ifylld?t?)|n/?a"
)
# Words that are misspelt often enough to be known then too, by so many of their letters.
_SPELT = (
    *("pågår", "pågående", "påbörjad", "påbörjat", "beslutad", "beslutat", "föreslagen"),
    *("genomförd", "genomfört", "utförd", "avslutad", "avslutat", "slutförd", "slutfört"),
    *(
        "klart",
        "färdig",
        "försenad",
        "försenat",
        "planerad",
        "pausad",
        "vilande",
        "uppföljd",
        "uppföljt",
    ),
    *("överförd", "avbruten", "inställd", "ongoing", "started", "completed", "delayed"),
)
_ALIKE, _SHORTEST_MISSPELT = 0.8, 4
_TICKS = frozenset({*"☑☒✓✔🗹", "[x]"})  # boxes and marks that say yes, whatever they stand under
_SOUGHT = [
    (re.compile(rf"(?<!\w)(?:{said})(?!\w)"), state)
    for said, state in (*TURNED, *PROPOSALS, *TELLING)
]
_DONE_WITH = re.compile(
    r"\w*ållen\b|\w{3,}(?:ade?|ats?|[öe][rt]t|örd|agna|ades|[lm]t)\b"
    r"|(?:är|blev|gick|tar|kör|finns) \w+"
)
_NOT_SAID = re.compile(
    r"\b(?:inte|ej|icke|ing[ae][nt]?|inga|inget|utan|över|not|on|no)\b|ansvar|bevilj"
)
_EMPTY = re.compile(r"[\s.,;:!–—−_☐□()\[\]/\\|*'\"-]*")  # a dash, an empty box: nothing is said
_COLOURS = ("grön", "gul", "orange", "röd", "grå", "blå")
_CODE = re.compile(
    r"^\(?\d{1,2}(?:\)|\s*[–—:.=-])\s+(?=[^\W\d_])"
)  # "2 – Pågår", "(1) Ej påbörjad"
_MONTH = (
    r"(?:(?:i )?\b(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:s|ch)?|apr(?:il)?|maj|may|juni?"
    r"|june|juli?|july|aug(?:usti|ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?)"
)
_YES_OR_NO = re.compile(
    r"(?P<yes>ja|x|✓|✔|☒|☑|🗹|\[x\]|true|sant|yes)"
    r"|nej|ej|inte än|ännu inte|false|falskt|no|☐|\[ ?\]"
)
_ASKS_IF_DONE = re.compile("klar|genomford|slutfor|bock|complet")
_OF_SHARES = re.compile("fardig|klar|genomfor|grad|procent|percent|complet|progress|framdrift")
_PER_CENT = re.compile(r"(\d{1,3})(?:[.,]\d+)? ?%")
_HEAD = (
    r"(?:status: ?|(?:arbetet|aktiviteten|insatsen|uppdraget|är|har|nu|redan|fortfarande"
    r"|fortsatt) )*"
)
_TAIL = (
    r"(?:\s*[,(–-]?\s*(?:(?:på )?enl(?:igt|\.)? (?:tid|projekt|handlings)?plan(?:en)?"
    r"|löpande|fortsatt|fortfarande|just nu|för närvarande"
    r"|tills vidare|arbete|aktivitet|\d{1,3} ?%|(?:sedan |till )?¤)\)?)*"
)


@dataclass(frozen=True, slots=True)
class State:
    """The state that status words tell, and the sentence to ask when they do not."""

    state: str
    doubt: str | None = None
    proposal: str = ""


@lru_cache(maxsize=4096)
def state_of(words: str, heading: str = "") -> State:
    """A state from clear words only; whatever else is written stays föreslagen, with a proposal.

    Under the heading "Klart?" a yes says that it is done, and a no says nothing more than that.
    """
    told = " ".join(words.split())
    asked = heading in DONE_WORDS or bool(_ASKS_IF_DONE.search(heading))
    if said := _YES_OR_NO.fullmatch(told.strip(" .!").lower()):
        if not said["yes"]:
            return (
                _unknown(words) if said[0] in ("nej", "no") and not asked else State("föreslagen")
            )
        if asked or told.lower() in ("true", "sant") or told.lower() in _TICKS:
            return _asked(words, "pågående")
    said_here = _ticked(told)
    plain = _plain(said_here)
    share = _share_in(plain, heading)
    if share is not None:
        return _of_share(words, share, of_shares=bool(_OF_SHARES.search(heading)))
    # A share where no heading says of what; the day that it was ticked off.
    if re.fullmatch(r"0[.,]\d+", plain) or (asked and plain == "¤"):
        return _asked(words, "pågående")
    if re.search(r"\w", plain) or "¤" in plain:
        return _of_words(words, plain)
    return State("föreslagen") if _EMPTY.fullmatch(said_here) else _unknown(words)


def _of_words(words: str, plain: str) -> State:
    if state := _clear(plain):
        return State(state)
    respelt = _respelt(plain)
    if proposal := _proposal(plain) or _clear(respelt) or _proposal(respelt):
        return _asked(words, proposal)
    if _tells_something(plain):
        return _asked(words, "pågående")
    if _NOTHING_SAID.fullmatch(plain):
        return State("föreslagen")
    return _unknown(words)


def _clear(plain: str) -> str:
    """The state that the words say and no other, or ""."""
    said = (state for words, state in STATES if re.fullmatch(rf"{_HEAD}(?:{words}){_TAIL}", plain))
    return next(said, "")


def _proposal(plain: str) -> str:
    """What the words most likely mean, or ""."""
    return next((state for said, state in _SOUGHT if said.search(plain)), "")


def _tells_something(plain: str) -> bool:
    """Does it tell what was done ("Utbildning hållen"), and of nothing that was not?"""
    return bool(_DONE_WITH.search(plain)) and not _NOT_SAID.search(plain)


def _respelt(plain: str) -> str:
    """The words as the ones of status that they are misspelt of: "gemomförd", "på börjad"."""
    joined = re.sub(r"\b(på|upp|av|in) (?=[a-zåäö]{4,})", r"\1", plain)
    return " ".join(_nearest(word) for word in joined.split())


def _nearest(word: str) -> str:
    if len(word) < _SHORTEST_MISSPELT:
        return word
    found = difflib.get_close_matches(word, _SPELT, n=1, cutoff=_ALIKE)
    known = found[0] if found else word
    return word if word.endswith(known) else known  # "oklart" is not "klart"


def _unknown(words: str) -> State:
    told = f"Läget ”{_short(words)}” är inget av våra lägen; välj det som gäller."
    return State("föreslagen", told)


@lru_cache(maxsize=4096)
def tells_state(words: str) -> bool:
    """Are these words of status and nothing else?"""
    plain = _plain(_ticked(" ".join(words.split())))
    if not re.search(r"\w", plain):
        return False
    every = "|".join(pattern for pattern, _ in (*STATES, *PROPOSALS) if pattern not in OF_TIMES)
    return bool(re.fullmatch(rf"(?:{every}){_TAIL}", plain))


def _asked(words: str, state: str) -> State:
    told = f"Läget ”{_short(words)}” är inget av våra lägen. Förslag: {state}."
    return State("föreslagen", told, state)


def _share_in(plain: str, heading: str) -> int | None:
    """ "35 %"; "35" and "0,35" too under "% färdigt", where only the heading has the sign."""
    if said := _PER_CENT.fullmatch(plain):
        return int(said[1])
    if not _OF_SHARES.search(heading):
        return None
    if re.fullmatch(r"\d{1,2}|100", plain):
        return int(plain)
    return round(float(plain.replace(",", ".")) * 100) if re.fullmatch(r"0[.,]\d+", plain) else None


def _of_share(words: str, share: int, *, of_shares: bool) -> State:
    """How much is done, in per cents: all is done, nothing is not begun.

    A column of its own for how much is done says nothing of a decision where it says nothing.
    """
    if share >= 100:
        return _asked(words, "pågående")
    if share:
        return State("pågående")
    return State("föreslagen") if of_shares else _asked(words, "beslutad")


def _ticked(words: str) -> str:
    """ "☐ Ej påbörjad ☒ Pågår ☐ Klar" says the one that is ticked; signs say their words."""
    ticked = re.findall(r"[☒☑✓✔✗🗹]\s*([^☐☒☑✓✔✗🗹]*)", words)
    if len(ticked) == 1 and ticked[0].strip():
        return str(ticked[0])
    if "☐" in words and not ticked:
        return ""
    plain = "".join(sign for sign in words if sign not in SIGNS)
    said = words
    for sign, meaning in SIGNS.items():
        beside = meaning in _COLOURS or meaning in plain.lower()
        told = "" if beside and re.search(r"\w", plain) else meaning  # "🟢 Klar": the words say it
        said = said.replace(sign, f" {told} ")
    return said


def _plain(words: str) -> str:
    words = _apart(words[:300])
    plain = _CODE.sub("", " ".join(words.lower().split())).strip(" .!")
    plain = " ".join(_spelt_out(word) for word in plain.split())
    plain = plain.replace("=", " ")
    plain = " ".join(re.sub(r"[^\w\s,.():;/%?!&+–-]", "", plain).split()).strip(" .!")
    if _PER_CENT.fullmatch(plain):
        return plain
    return re.sub(
        rf"\d{{4}}-\d{{2}}(?:-\d{{2}})?|\d{{1,2}}/\d{{1,2}}(?: \d{{4}})?"
        rf"|(?:{_MONTH} )?20\d\d|{_MONTH}"
        r"|\b\d{6}\b|\b\d{8}\b|\b(?:v\.? ?|vecka )\d{1,2}\b|\b(?:vt|ht|q|kv)[ -]*\d{1,2}\b",
        "¤",
        plain,
    )


def _apart(words: str) -> str:
    """ "InProgress" and "not_started", as programs write them, in words."""
    if " " in words.strip():
        return words
    return re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", words).replace("_", " ")


def _spelt_out(word: str) -> str:
    """ "påb." as "påbörjad"; other words as they are."""
    return SHORT.get(word.strip(".,!"), word)


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 80 else plain[:79].rstrip() + "…"
