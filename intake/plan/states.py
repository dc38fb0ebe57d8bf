"""What words of status say of where an activity is in its life.

Clear words give a state; what may mean several things is asked, with a proposal. Words of the same
meaning are treated alike: "Klar", "Slutförd" and "Utförd" say that it is *done*, which is not that
it is followed up, so the proposal is Pågående, for the follow-up to be asked about.
"""

import difflib
import re
from dataclasses import dataclass

from intake.plan.heading_words import DONE_WORDS

_NOT = r"(?:(?:är |har )?(?:ännu )?(?:ej|inte|icke)|not)(?: än| ännu| yet)?"
_YET = r"(?: än| ännu)?"
_DONE = (
    r"klara?t?|genomförda?|genomfört|utförda?|utfört|färdiga?|färdigt|färdigställda?"
    r"|färdigställt|slutförda?|slutfört|avklarad|avklarat|uppnådd|uppnått|levererad|levererat"
    r"|verkställd|verkställt|åtgärdad|åtgärdat|done|completed?|finished|closed|ok|helt klar"
    r"|gjord|gjorda|gjort|uppfyll[dt]|fullgjord|fullgjort|avprickad|avprickat|avbocka[dt]|bockad"
)
_BEGUN = r"(?:på)?(?:börja[dt]|starta[dt]|startats|börjats|igångsatt|igång|i gång)"
# What begins, or goes on, says a time as well, so of no column.
_BEGINS_LATER = (
    r"startar|startas|börjar|inleds|påbörjas|ska (?:starta|börja|inledas|påbörjas)"
    r"|(?:drar|sparkar|kör|går) i ?gång|dras i ?gång|(?:kommer|ska) (?:dra |komma )?i ?gång"
)
_UNDER_WAY = r"(?:kommit|dragit|satt) (?:i ?gång|i ?väg|till start)"
_GOES_ON_ELSEWHERE = r"fortsätter\b(?= (?:till |under |i )?(?:¤|nästa|kommande))|övergår till"
_FOLLOWED_UP = r"uppföljda?|uppfölj[dt]?t?|följts upp|följd upp|utvärderad|utvärderat"
_ON_AND_ON = r"löpande|återkommande|kontinuerlig\w*"  # says of a time as well, so of no column
# Whole words that leave no doubt.
_STATES: tuple[tuple[str, str], ...] = (
    (r"föreslagen|föreslaget|föreslagna|förslag|föreslås|utkast|idé|proposed|draft"
     rf"|{_NOT} beslutad?t?{_YET}", "föreslagen"),
    (
        r"beslutade?|beslutat|fastställd|fastställt|antagen|antaget|att göra|to ?do|open"
        r"|beslut (?:är )?(?:taget|fattat)|ostartad|opåbörjad"
        rf"|(?:beslutad,? |beslutat,? )?(?:men )?{_NOT} (?:{_BEGUN}|started){_YET}",
        "beslutad",
    ),
    (
        r"pågår|pågående|(?:upp)?starta[dt]|påbörja[dt]|påbörjats|startats|igång|i gång"
        r"|igångsatt|löper på|löper|håller på|fortgår|fortlöper|initiera[dt]|inledd|inlett"
        r"|i process|arbete pågår"
        r"|under (?:arbete|genomförande|framtagande|uppstart|införande"
        r"|uppbyggnad|utveckling|utförande"
        r"|implementering)"
        r"|pågår enligt plan|följer plan|aktiv|ongoing|in progress|started|doing|active"
        r"|in work|under ?way|wip|working on it|på gång|rullar(?: på)?",
        "pågående",
    ),
    (
        rf"(?:{_DONE})?(?:,? ?(?:och|samt|&|/|\+|-|–)? ?)?(?:{_FOLLOWED_UP})"
        rf"|(?:{_FOLLOWED_UP}),? ?(?:och|samt|&|/|\+|-|–)? ?(?:{_DONE}|avslutad|avslutat)",
        "uppföljd",
    ),
    (r"avslutade?|avslutat|avslutats", "avslutad"),
    (r"pausade?|pausat|pausas|på paus|paus|vilande|vilar|on hold|paused", "pausad"),
)  # fmt: skip
# What is asked, with what it most likely means; searched for anywhere, the first that fits wins.
_PROPOSALS: tuple[tuple[str, str], ...] = (
    (rf"(?:{_FOLLOWED_UP}|uppföljning|utvärdering) (?:är )?(?:{_DONE})", "uppföljd"),
    (r"(?:slut|åter)?(?:redovisa[dt]|rapportera[dt])", "uppföljd"),
    (
        rf"(?:{_DONE})\W+(?:men |uppföljning\w* |utvärdering\w* )+"
        r"(?:återstår|kvarstår|kvar|saknas|väntar|(?:är )?(?:ej|inte) (?:gjord|klar)\w*)",
        "pågående",
    ),
    (
        r"(?:in)?väntar (?:på )?beslut|(?:till|inför|för) beslut|beslut saknas|ny idé|backlog"
        rf"|{_NOT} (?:förankra|beslut|fastställ)\w*",
        "föreslagen",
    ),
    (
        rf"{_NOT} (?:helt |riktigt )?(?:{_BEGUN}|{_UNDER_WAY}|kommer i ?gång)|{_NOT} gjor[dt]"
        r"|(?:ej|inte) aktuell\w* (?:än|ännu)"
        r"|kvar att göra|återstår|ingen aktivitet (?:än|ännu)",
        "beslutad",
    ),
    (r"flytta[dst]* fram\w*|framflytta[dt]|senarel[aä]g\w*", "pågående"),
    (
        r"överför[dts]\w*|överflyttad|flyttas? (?:till|över)|flytta[dt]|skjuts till"
        r"|(?:tas|följer|tar vi) med (?:in )?(?:i|till)|carried (?:over|forward)"
        r"|för(?:s|ts|d|t) (?:över|vidare) (?:till|i)",
        "överförd",
    ),
    (_GOES_ON_ELSEWHERE, "överförd"),
    (
        r"väntar|avvakta\w*|uppskju\w*|skjuts|parkerad|bordlagd|waiting|blocked|deferred|på is"
        r"|frys[ts]\w*|ligger nere|(?:tillfälligt|tills vidare) (?:stopp\w*|inställ\w*)"
        r"|paus(?:a[dts]|ats)?|vilar|vilande",
        "pausad",
    ),
    (
        r"avbr[uy]t\w*|inställ\w*|utgår|utgått|nedlagd|nedlagt|upphör\w*|stopp\w*|struken|struket"
        r"|stryks|stängd|annullera\w*|makulera\w*|cancell?ed|(?:ej|inte)(?: längre)? aktuell\w*"
        r"|l[aä]g(?:gs|ts|d|t) ne(?:d|r)|ställ(?:s|ts) in|tas bort|tagits bort|borttage[nt]"
        r"|(?:bort|ned)prioriter\w*|(?:genomförs|görs|utförs) (?:ej|inte)"
        r"|bl(?:ir|ev|i) (?:ej|inte) (?:av|något)|kommer (?:ej|inte) att|avskriv\w*"
        r"|skrota\w*|slopa\w*|avförd|avfört|avförs|ersatt",
        "avslutad",
    ),
    (
        rf"{_NOT} (?:helt )?(?:klar\w*|genomför\w*|färdig\w*|slutför\w*)|delvis"
        r"|försena[dt]\w*|sent?|avvik\w+|bevakas|risk|enligt plan|i fas|delayed|at risk|behind"
        r"|överskrid\w+|on (?:track|schedule)|off track|släpar\w*|(?:ligger|är|halkat) efter"
        r"|efter (?:tid)?plan(?:en)?|osäker\w*|oklart om|tveksam\w*",
        "pågående",
    ),
    (_BEGINS_LATER, "beslutad"),
    (r"(?:redo|klar) att (?:sätta |dra |köra )?(?:starta|börja|igång|i gång)|ready", "beslutad"),
    (
        r"genomförs|genomförande(?:fas\w*)?|(?:in|under) review|på remiss|(?:ute )?på granskning"
        r"|implementeras|påbörja[dt]\w*|pågår|pågående|startat|igång",
        "pågående",
    ),
    (r"till viss del|halvvägs", "pågående"),
    (_DONE, "pågående"),
    (
        r"planera\w*|planering\w*|förbered\w*|inplanera\w*|(?:in)?boka[dt]|kommande|godkän[dt]|ny|new",
        "beslutad",
    ),
    (
        r"under (?:beredning|utredning|diskussion)|bereds|diskuteras|utreds|önskemål"
        r"|i tankestadiet",
        "föreslagen",
    ),
    (_ON_AND_ON, "pågående"),
    (r"gröna?|green|gula?|yellow|amber|orange", "pågående"),
    (r"röda?|red|gråa?|grey|gray", "beslutad"),
)
_OF_TIMES = frozenset({_ON_AND_ON, _BEGINS_LATER, _GOES_ON_ELSEWHERE})
SIGNS = {
    "🟢": "grön", "🟩": "grön", "💚": "grön", "🟡": "gul", "🟨": "gul", "🟠": "orange",
    "🟧": "orange", "🔴": "röd", "🟥": "röd", "⚪": "grå", "⬜": "grå", "⚫": "grå", "🔵": "blå",
    "🟦": "blå", "✅": "klar", "👍": "klar", "❌": "struken", "⛔": "stoppad", "⏸": "pausad",
    "⏳": "pågår", "🔄": "pågår", "🚧": "pågår", "✓": "klar", "✔": "klar",
}  # fmt: skip
_NOTHING_SAID = re.compile(
    r"(?:ingen|inga) (?:uppgift(?:er)?|status|information)|(?:uppgift|status) saknas"
    r"|(?:ej|inte) (?:angiv\w*|ifylld?t?)|n/?a"
)
# Words that are misspelt often enough to be known then too, by so many of their letters.
_SPELT = (
    *("pågår", "pågående", "påbörjad", "påbörjat", "beslutad", "beslutat", "föreslagen"),
    *("genomförd", "genomfört", "utförd", "avslutad", "avslutat", "slutförd", "slutfört"),
    *("färdig", "försenad", "försenat", "planerad", "pausad", "vilande", "uppföljd", "uppföljt"),
    *("överförd", "avbruten", "inställd", "ongoing", "started", "completed", "delayed"),
)
_ALIKE, _SHORTEST_MISSPELT = 0.8, 5
_TICKS = frozenset({*"☑☒✓✔🗹", "[x]"})  # boxes and marks that say yes, whatever they stand under
_COLOURS = ("grön", "gul", "orange", "röd", "grå", "blå")
_CODE = re.compile(
    r"^\(?\d{1,2}(?:\)|\s*[–—:.=-])\s+(?=[^\W\d_])"
)  # "2 – Pågår", "(1) Ej påbörjad"
_MONTH = r"(?:(?:i )?\b(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]*\.?)"
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


def state_of(words: str, heading: str = "") -> State:
    """A state from clear words only; whatever else is written stays föreslagen, with a proposal.

    Under the heading "Klart?" a yes says that it is done, and a no says nothing more than that.
    """
    told = " ".join(words.split())
    asked = heading in DONE_WORDS or bool(_ASKS_IF_DONE.search(heading))
    if said := _YES_OR_NO.fullmatch(told.strip(" .!").lower()):
        if not said["yes"]:
            return State("föreslagen")
        if asked or told.lower() in ("true", "sant") or told.lower() in _TICKS:
            return _asked(words, "pågående")
    plain = _plain(_ticked(told))
    share = _share_in(plain, heading)
    if share is not None:
        return _of_share(words, share)
    if asked and plain == "¤":  # the day that it was ticked off
        return _asked(words, "pågående")
    if re.search(r"\w", plain):
        return _of_words(words, plain)
    return _unknown(words) if "?" in told else State("föreslagen")


def _of_words(words: str, plain: str) -> State:
    if state := _clear(plain):
        return State(state)
    respelt = _respelt(plain)
    if proposal := _proposal(plain) or _clear(respelt) or _proposal(respelt):
        return _asked(words, proposal)
    if _NOTHING_SAID.fullmatch(plain):
        return State("föreslagen")
    return _unknown(words)


def _clear(plain: str) -> str:
    """The state that the words say and no other, or ""."""
    said = (state for words, state in _STATES if re.fullmatch(rf"{_HEAD}(?:{words}){_TAIL}", plain))
    return next(said, "")


def _proposal(plain: str) -> str:
    """What the words most likely mean, or ""."""
    return next((state for said, state in _PROPOSALS if re.search(rf"\b(?:{said})\b", plain)), "")


def _respelt(plain: str) -> str:
    """The words as the ones of status that they are misspelt of: "gemomförd", "på börjad"."""
    joined = re.sub(r"\b(på|upp|av|in) (?=[a-zåäö]{4,})", r"\1", plain)
    return " ".join(_nearest(word) for word in joined.split())


def _nearest(word: str) -> str:
    if len(word) < _SHORTEST_MISSPELT:
        return word
    found = difflib.get_close_matches(word, _SPELT, n=1, cutoff=_ALIKE)
    return found[0] if found else word


def _unknown(words: str) -> State:
    told = f"Läget ”{_short(words)}” är inget av våra lägen; välj det som gäller."
    return State("föreslagen", told)


def tells_state(words: str) -> bool:
    """Are these words of status and nothing else?"""
    plain = _plain(_ticked(" ".join(words.split())))
    if not re.search(r"\w", plain):
        return False
    every = "|".join(pattern for pattern, _ in (*_STATES, *_PROPOSALS) if pattern not in _OF_TIMES)
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


def _of_share(words: str, share: int) -> State:
    """How much is done, in per cents: all is done, nothing is not begun."""
    if share >= 100:
        return _asked(words, "pågående")
    return State("pågående") if share else State("föreslagen")


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
    plain = _CODE.sub("", " ".join(words[:300].lower().split())).strip(" .!")
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


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 80 else plain[:79].rstrip() + "…"
