"""What the fields of every form and query may name: one table, a line for each route that has any.

Pure, as `rules/access.py` is, and read beside it. `web/forms.py` asks it of everything that is
sent, before a page is reached:

1. A field that has no line does not reach the page. A form with such a field is refused, for it is
   not ours, or older than the page; in an address it is left out, since others add words to links.
2. A number in a field that names an object is asked about like one in an address.
3. Such a number reaches the page as it was read here, so that no spelling of it (" 7", "07", "٧")
   is one thing to the gate and another to the page.

What is not a number in such a field reaches the page as it is: the page looks such words up among
what the object in its address has, and says in a sentence what it does not find.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from rules.access import LEADER, READER, Access, path_pattern


@dataclass(frozen=True, slots=True)
class Field:
    """What a field holds: words, or the number of an object that `pattern` finds in its words."""

    pattern: str = ""
    access: Access = LEADER


@dataclass(frozen=True, slots=True)
class Named:
    """An object that a field names, and what is asked of whoever names it."""

    kind: str  # as in `web/belongings.py`: "group_id"
    number: int
    access: Access


@dataclass(slots=True)
class Understood:
    """What was sent: the fields that may reach the page, what they name, and those unheard of."""

    fields: dict[str, str] = field(default_factory=dict)
    named: set[Named] = field(default_factory=set)
    unheard_of: list[str] = field(default_factory=list)


_NUMBER = "[0-9]{1,9}"
_IN_A_NAME = "(?:0|[1-9][0-9]{0,8})"  # in its one spelling: pages look a field up by its number
WORDS = Field()
FILE = Field()
# The page finds the number among what its own object has, and hears of no other: behind a link, in
# which nobody has signed in, and of people who answer for an activity, whichever their own home is.
AMONG_ITS_OWN = Field()


def names(kind: str, access: Access = LEADER) -> Field:
    """A field that names an object by its number, or holds words in its place."""
    return Field(f"(?P<{kind}>{_NUMBER})", access)


GROUP, PLAN, GOAL = names("group_id"), names("plan_id"), names("goal_id")
ACTIVITY, PERSON, ROUND = names("activity_id"), names("person_id"), names("round_id", READER)
COLLABORATION = names("collaboration_id")
SCOPE = Field(
    f"roll-(?P<group_id>{_NUMBER})-.*|aktivitet-(?P<activity_id>{_NUMBER})"
)  # "roll-3-ordförande", "aktivitet-7"

Line = Mapping[str, Field]


def _words(*fields: str) -> dict[str, Field]:
    return dict.fromkeys(fields, WORDS)


# When people are written to: days before and after, how often then, and for how long.
_PROMISES = {
    f"{ladder}_{field}": WORDS
    for ladder in ("deadline", "start", "review", "resume", "funding")
    for field in ("fore", "efter", "var", "langst")
} | _words(
    *("year_fore", "year_efter", "ordforande", "processledare", "tysta"),
    *("gor", "dag", "fran", "filled_from"),
)

# What the form was filled from, so that two tabs do not undo each other (`rules/meanwhile.py`).
_FILLED = _words("filled_from")
_DECISION = _words("decision", "decided_on", "decision_reference") | {"decision_group": GROUP}
# What to take back, why, and what she has seen that stands on it.
_UNDONE = _words("gjort", "reason", "kedja")
_PLAN_ITSELF = _words(
    *("title", "first_day", "last_day", "adopted_on", "cap", "funding", "purpose"),
    *("target_groups", "target_group_words", "goal_words", "reason"),
) | {"group": GROUP, "parent": PLAN}
_GOAL_ITSELF = _words("text", "called", "reason") | {"parent": GOAL}
_BROUGHT = _words(
    *("reason", "result", "figure", "why_no_figure", "outcome", "kept_by"),
    *("resume_on", "resume_when", "review_on", "deadline", "happened_on"),
) | {"into_plan": PLAN, "into_activity": ACTIVITY, "stand_in": GROUP, "next_plan": PLAN}
_AGREED = _words(
    *("what", "how", "responsible", "start", "deadline", "follow_up", "goals", "target_groups"),
    *("funding", "participants", "promises", "figure", "why_no_figure", "reason", "ja_deadline"),
)
_ROLE = _words("role", "starts_on", "ends_on")
_GROUP_ITSELF = _words("name", "kind", "starts_on", "ends_on", "temporary") | {"parent": GROUP}
_STAND_IN = _words("delegate", "first_day", "last_day")
_ANALYSIS = _words("monster", "atgard", "slutsats", "aktivitet")
_CHOICE = _words("grupp", "period", "process", "klass", "allvar", "visa")
_LIST = _words(
    *("sok", "lage", "ansvarig", "fran", "till", "forsenade", "saknar", "efter", "visa", "ordna")
) | {
    "grupp": names("group_id", READER),
    "plan": names("plan_id", READER),
    "mal": names("goal_id", READER),
    "malgrupp": names("target_group_id", READER),
}
# Which list a row stands in, what it was drawn from, and whether only a piece of a page is wanted.
_PLACE = _LIST | _words("vy", "bit")
_IN_ROW = _words(
    *("responsible_{n}", "goals_{n}", "follow_up", "ja_deadline", "move", "version"),
    *("new_name", "new_email"),
) | {"new_group": GROUP}
_OF_A_ROW = {
    f"{name}_{{activity_id}}": WORDS
    for name in ("move", "reason", "result", "figure", "outcome", "kept_by")
} | {"into_plan_{activity_id}": PLAN}
# A row that is no longer where it was when the page was drawn is told of, and the others done.
_OF_A_MEETING = (
    _OF_A_ROW
    | _words("reference_{activity_id}", "deadline_{activity_id}", "accept_{activity_id}")
    | _words("ja_deadline_{activity_id}")
    | _words("seen_{activity_id}", "decided_on", "reference", "decide_all", "gor")
    | _words("resume_on_{activity_id}", "resume_when_{activity_id}")
    | {"stand_in_{activity_id}": GROUP, "group_{activity_id}": GROUP}
    | {"next_plan_{activity_id}": PLAN, "decision_group": GROUP, "ta_upp": ACTIVITY}
)
# Many at once. A row of somebody else is set aside by itself, so the page asks about each of them
# (`those_allowed` in web/page.py), and what it says for itself is words.
_OF_MANY = _words(
    *("gor", "utfor", "alla", "rad_{n}", "goals_{n}", "responsible_{n}", "deadline_{n}"),
    *("follow_up_{n}", "result_{n}", "figure_{n}", "why_no_figure_{n}", "outcome_{n}"),
)
_OF_A_DRAFT = _words(
    *("what_{n}", "how_{n}", "responsible_{n}", "start_{n}", "deadline_{n}", "follow_up_{n}"),
    *("goals_{n}", "status_{n}", "skip_{n}", "accept_{n}_{n}", "ok_{n}_{n}"),
)
# What is told of each row of a plan that already goes; `all` is said of all rows of the same words.
_TABLE = ("standing", "started", "came", "responsible", "deadline", "follow_up", "result")
_OF_A_TABLE = {f"{name}_{{activity_id}}": WORDS for name in _TABLE} | _words("all_{n}")
_KEPT_FILE = _words("name", "fingerprint", "spara", "visa", "avbryt") | {"file": FILE}
# Which collaboration she says no to is looked for among those that have taken her on.
_OWN = _words("gor", "email", "telephone", "letters") | {"samverkan": AMONG_ITS_OWN}
_ANSWER = _words(
    *("says_{n}", "text_{n}", "figure_{n}", "instead_{n}", "date_{n}", "start_{n}", "why_{n}"),
    *("part_{n}", "last_{n}", "shown_{n}", "alla", "form_key"),
)

# "METHOD template", as in rules/access.py: for GET the words after "?", for POST the form. In a
# field's name {…_id} is the number of an object, {n} any other number and {word} anything. A POST
# needs its line here even when it has no field.
FIELDS: dict[str, Line] = {
    "GET /": _words("ar", "grupp"),
    "GET /att-se-till": _words("vad", "sida"),
    "GET /aktiviteter": _LIST | _words("gjort"),
    "GET /aktiviteter.xlsx": _LIST,
    "GET /aktiviteter/{activity_id}": _words("gjort", "samtal"),
    "GET /aktiviteter/{activity_id}/rad": _PLACE | _words("version", "falt", "move"),
    "GET /aktiviteter/{activity_id}/rad/dag": _words("ord"),
    "GET /aktiviteter/{activity_id}/rad/namn": _words("q", "vad"),
    "GET /avvikelser": {"collaboration": COLLABORATION},
    "GET /avvikelser/las-in": _words("kalla", "sparad") | {"collaboration": COLLABORATION},
    "GET /kommande": _words("till"),
    "GET /kommande.xlsx": _words("till"),
    "GET /korningar": _words("startad"),
    "GET /logga-in": _words("till", "ut", "igen"),
    "GET /logga-in/oidc": _words("till", "igen"),
    "GET /logga-in/oidc/svar": _words("{word}"),  # what the organisation's own sign-in says
    "GET /ord": _words("slappta"),
    "GET /grupper/{group_id}": _words("gjort"),
    "GET /personer": _words("sok", "visa"),
    "GET /personer.xlsx": _words("sok", "visa"),
    "GET /personer/las-in": _words("sparat"),
    "GET /personer/{person_id}": _words("gjort"),
    "GET /planer": _words("malgrupp"),
    "GET /planer.xlsx": _words("malgrupp"),
    "GET /planer/las-in": _words("nya", "andrade", "gjort") | {"plan": PLAN, "sparad": PLAN},
    "GET /moten/{group_id}": _words("dag", "inlagda", "borttagna", "ute"),
    "GET /moten/{group_id}/protokoll.{file_format}": _words("dag"),
    "GET /moten/{group_id}/dag/{day}": _words("skickat", "flyttat"),
    "GET /moten/{group_id}/dag/{day}/skicka": _words("vad"),
    "GET /statusrundor": _words("bort", "ute") | {"group": GROUP},
    "GET /planer/{plan_id}": _words("den", "malgrupp", "gjort", "togs"),
    "GET /planer/{plan_id}/andra": _words("gjort"),
    "GET /planer/{plan_id}/pagar": _words("klara", "gjort"),
    "GET /rapport/{token}": _CHOICE,
    "GET /rapporter/{edition_id}": _CHOICE | _words("samma", "sparat", "inlast", "lika"),
    "GET /sok": _words("q"),
    "GET /svar/{token}": {"val": AMONG_ITS_OWN},  # "7-late": what a letter's link has chosen
    "GET /svar/{token}/bilaga": {"aktivitet": AMONG_ITS_OWN, "fil": AMONG_ITS_OWN},
    "GET /svar/{token}/ersattare": {"sparad": AMONG_ITS_OWN},
    "GET /svar/{token}/samtal": _words("gjort", "visa") | {"aktivitet": AMONG_ITS_OWN},
    "GET /utskick": _words("fore", "sok"),
    "GET /utskick.xlsx": _words("sok"),
    "GET /utskick/varfor": _words("dag") | {"person": PERSON},
    "POST /adress/{token}": {},
    "POST /adress/{token}/inte-jag": {},
    "POST /aktiviteter/angra": _UNDONE,
    "POST /aktiviteter/flera": _LIST
    | _OF_MANY
    | _BROUGHT
    | _DECISION
    | _words("goals", "responsible", "follow_up", "ja_deadline")
    | {"group": GROUP},
    "POST /aktiviteter/{activity_id}/andra": _AGREED | _FILLED,
    "POST /aktiviteter/{activity_id}/angra": _UNDONE | _PLACE,
    "POST /aktiviteter/{activity_id}/delar": _words(
        *("name", "state", "why", "responsible", "deadline", "ja_deadline")
    )
    | _FILLED
    | {"row": AMONG_ITS_OWN},  # only says which of the page's forms it was
    "POST /aktiviteter/{activity_id}/ersattare": _STAND_IN | {"for": AMONG_ITS_OWN},
    "POST /aktiviteter/{activity_id}/ersattare/angra": {"gjort": AMONG_ITS_OWN},
    "POST /aktiviteter/{activity_id}/flytta": _BROUGHT | _DECISION | _words("move", "ja_deadline"),
    "POST /aktiviteter/{activity_id}/grupp": _DECISION | _words("reason") | {"group": GROUP},
    "POST /aktiviteter/{activity_id}/hanskjut": _DECISION
    | _FILLED
    | _words("reason")
    | {"group": GROUP},
    "POST /aktiviteter/{activity_id}/kommentar": _words("words", "address") | {"file": FILE},
    "POST /aktiviteter/{activity_id}/kommentar/angra": {"kommentar": AMONG_ITS_OWN},
    "POST /aktiviteter/{activity_id}/mejl": _words("gor") | {"line": AMONG_ITS_OWN},
    "POST /aktiviteter/{activity_id}/rad": _PLACE | _IN_ROW | _BROUGHT | _DECISION | _FILLED,
    "POST /aktiviteter/{activity_id}/ratta": _words("result", "kept_by", "reason") | _FILLED,
    "POST /aktiviteter/{activity_id}/svar": _words(
        *("who", "way", "on", "says", "text", "figure", "instead", "date")
    ),
    "POST /aktiviteter/{activity_id}/tveksamt": _words("doubt"),
    "POST /avvikelser/inlasningar/{import_id}/angra": {},
    "POST /avvikelser/inlasningar/{import_id}/ord": _words("alla", "ord{n}"),
    "POST /avvikelser/inlasningar/{import_id}/placera": {"collaboration": COLLABORATION},
    "POST /avvikelser/malgrupper": _words("ord", "betyder", "bort")
    | {"collaboration": COLLABORATION},
    "POST /avvikelser/kallor": _words("namn", "egen", "rubrik{n}", "kolumn{n}")
    | {"collaboration": COLLABORATION},
    "POST /avvikelser/kallor/{mapping_id}/placera": {"collaboration": COLLABORATION},
    "POST /avvikelser/las-in": _words("kalla") | {"fil": FILE, "collaboration": COLLABORATION},
    "POST /avvikelser/las-in/{import_id}": _words("spara", "avbryt", "alla", "ord{n}"),
    "POST /ord": {"words_{answer_id}": WORDS, "hold_{answer_id}": WORDS}
    | {f"{name}_{{note_id}}": WORDS for name in ("pattern", "measure", "conclusion", "out")},
    "POST /ord/namn": _words("namn") | {"collaboration": COLLABORATION},
    "POST /forslag/{answer_id}": _words("answer", "reason", "from", "sida")
    | {"round": ROUND, "activity": ACTIVITY},
    "POST /grupper/ny": _GROUP_ITSELF | {"collaboration": COLLABORATION},
    "POST /grupper/{group_id}/andra": _GROUP_ITSELF | _FILLED,
    "POST /grupper/{group_id}/angra": {"gjort": AMONG_ITS_OWN},
    "POST /grupper/{group_id}/ateruppta": {},
    "POST /grupper/{group_id}/avveckla": _words("reason", "ends_on") | {"successor": GROUP},
    "POST /grupper/{group_id}/avveckla/angra": {},
    "POST /grupper/{group_id}/kalender": _words("gor"),
    "POST /grupper/{group_id}/pausa": _words("reason", "first_day", "last_day"),
    "POST /grupper/{group_id}/roller": _ROLE | _words("person"),
    "POST /grupper/{group_id}/roller/avsluta": _words("ends_on") | {"holding": names("holding_id")},
    "POST /inloggningar/{session_id}/avsluta": {},
    "POST /korningar": _words("runda"),
    "POST /logga-in": _words("address", "till"),
    "POST /logga-in/lank/{token}": {},
    "POST /logga-ut": _words("overallt"),
    "POST /mina-aktiviteter/svara": {},
    "POST /mina-uppgifter": _OWN,
    "POST /moten/{group_id}/dagar": _words("days", "remove"),
    "POST /moten/{group_id}/dag/{day}/flytta": _words("to"),
    "POST /moten/{group_id}/dag/{day}/narvaro": {"narvarande_{n}": AMONG_ITS_OWN}
    | _words("guests")
    | _FILLED,
    "POST /moten/{group_id}/dag/{day}/punkter": {"punkt": AMONG_ITS_OWN}
    | _words("gor", "title", "reference", "outcome")
    | _FILLED,
    "POST /moten/{group_id}/dag/{day}/skicka": _words("vad", "sett", "gor"),
    "POST /moten/{group_id}": _OF_A_MEETING,
    "POST /moten/{group_id}/utkast": _OF_A_MEETING,
    "POST /personer/las-in": _KEPT_FILE | _words("avsluta", "slutar"),
    "POST /personer/ny": _ROLE | _words("name", "email") | {"group": GROUP},
    "POST /personer/{person_id}/kalender": _words("gor"),
    "POST /personer/{person_id}/{deed}": _ROLE
    | _STAND_IN
    | _FILLED
    | _words("name", "email", "try_again", "left_on", "reason")
    | {
        "group": GROUP,
        "gjort": AMONG_ITS_OWN,
        "wish": AMONG_ITS_OWN,
        "home": COLLABORATION,
        "holding": names("holding_id"),
        "scope": SCOPE,
        "delegation": names("delegation_id"),
        "link": names("link_id"),
    },
    "POST /planer/las-in": _KEPT_FILE
    | _OF_A_DRAFT
    | _DECISION
    | _words("title", "accept_all", "change_all", "change_{activity_id}_{word}", "pagar")
    | _FILLED
    | _words("kolumner", "kolumn{n}", "rubrik{n}", "visade", "glom", "fran_borjan")
    | _words("state_{activity_id}")
    | {"plan": PLAN, "group": GROUP},
    "POST /planer/ny": _PLAN_ITSELF,
    "POST /planer/{plan_id}/andra": _PLAN_ITSELF | _FILLED,
    "POST /planer/{plan_id}/angra": _UNDONE,
    "POST /planer/{plan_id}/antagen": _words("adopted_on", "reference", "reason")
    | {"group": GROUP, "adoption": names("adoption_id")},
    "POST /planer/{plan_id}/avsluta": _OF_A_ROW
    | _DECISION
    | _words("gor", "reason", "undo_reason", "tillbaka_{activity_id}", "carry_rest")
    | {"next_plan": PLAN},
    "POST /planer/{plan_id}/foresla": _AGREED | _words("goal_{goal_id}") | {"group": GROUP},
    "POST /planer/{plan_id}/koppla": _words("do", "reason", "activity_{activity_id}")
    | {"goal": GOAL},
    "POST /planer/{plan_id}/mal": _GOAL_ITSELF,
    "POST /planer/{plan_id}/pagar": _OF_A_TABLE
    | _DECISION
    | _words("agree", "as_planned", "started_all", "responsible_all", "gor"),
    "POST /planer/{plan_id}/paminn": _words("from_day"),
    "POST /planer/{plan_id}/tillbaka": _words("ja", "reason"),
    "POST /planer/{plan_id}/mal/{goal_id}": _GOAL_ITSELF | _FILLED | _words("do"),
    "POST /rapport/{token}/analys": _ANALYSIS,
    "POST /rapporter": _words("period", "cut_off") | {"group": GROUP},
    "POST /rapporter/{edition_id}/analys": _ANALYSIS,
    "POST /rapporter/{edition_id}/godkann": _words("reason"),
    "POST /rapporter/{edition_id}/granska": {},
    "POST /rapporter/{edition_id}/igen": {},
    "POST /rapporter/{edition_id}/skriv": _FILLED | _words("text_{word}"),
    "POST /rapporter/{edition_id}/word": {"file": FILE},
    "POST /samverkan": _words("name", "sender_name"),
    "POST /samverkan/{collaboration_id}/andra": _words("name", "sender_name") | _FILLED,
    "POST /samverkan/{collaboration_id}/ateruppta": {},
    "POST /samverkan/{collaboration_id}/avsluta": _words("reason", "ends_on"),
    "POST /samverkan/{collaboration_id}/avsluta/angra": {},
    "POST /samverkan/{collaboration_id}/paminnelser": _PROMISES,
    "POST /samverkan/{collaboration_id}/pausa": _words("reason", "first_day", "last_day"),
    "POST /statusrundor": {"group": GROUP},
    "POST /statusrundor/moten": _words("on_day", "remove") | {"group": GROUP},
    "POST /statusrundor/{round_id}/paminn": {"person": AMONG_ITS_OWN},
    "POST /svar/{token}": _ANSWER,
    "POST /svar/{token}/skicka": _ANSWER,
    "POST /svar/{token}/utkast": _ANSWER,
    "POST /svar/{token}/tyst": _words("gor") | {"activity": AMONG_ITS_OWN},
    "POST /svar/{token}/samtal": _words("words", "address") | {"activity": AMONG_ITS_OWN},
    "POST /svar/{token}/samtal-angra": {"activity": AMONG_ITS_OWN, "kommentar": AMONG_ITS_OWN},
    "POST /svar/{token}/annan": _words("name", "words"),
    "POST /svar/{token}/ersattare": _STAND_IN
    | _words("code")
    | {"scope": AMONG_ITS_OWN, "delegation": AMONG_ITS_OWN},
    "POST /svar/{token}/kalender": _words("gor"),
    "POST /svar/{token}/ny-lank": _words("address"),
    "POST /svar/{token}/ta-tillbaka": {"answer": AMONG_ITS_OWN},
    "POST /svar/{token}/uppgifter": _OWN,
    "POST /utskick/igen": {},
    "POST /utskick/{letter_id}/igen": {},
}


def understand(method: str, path: str, sent: Mapping[str, str]) -> Understood:
    """What was sent to an address, field by field, as the table has it."""
    told = Understood()
    lines = [line for pattern, line in _lines(method) if pattern.fullmatch(path)]
    for name, words in sent.items():
        heard = [found for line in lines if (found := line.named(name)) is not None]
        if not heard:
            told.unheard_of.append(name)
            continue
        told.fields[name] = words
        for kind in heard:
            told.named |= set(kind.objects)
            told.fields[name] = _read(kind.held, told.fields[name], told.named)
    return told


def _read(held: Field, words: str, named: set[Named]) -> str:
    """The words of a field as they may reach the page; what they name is added to `named`."""
    if not held.pattern:
        return words
    words = _plain(words)
    found = re.fullmatch(held.pattern, words)
    if found:
        for kind, number in found.groupdict().items():
            if number is not None:
                named.add(Named(kind, int(number), held.access))
    return words


def _plain(words: str) -> str:
    """A number in its one spelling, whatever reads it as that number; other words on one line."""
    words = " ".join(words.replace("\x00", "").split())
    return str(int(words)) if words.isdecimal() and len(words) < 4000 else words


@dataclass(frozen=True, slots=True)
class _Heard:
    """A field of a line, and the objects that its own name holds."""

    held: Field
    objects: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table, as one pattern of all its fields' names."""

    pattern: re.Pattern[str]
    fields: tuple[Field, ...]
    kinds: tuple[tuple[str, ...], ...]  # for each field, the objects that its name holds

    def named(self, name: str) -> _Heard | None:
        """The field of that name; None when the line has none."""
        found = self.pattern.fullmatch(name)
        if found is None or found.lastgroup is None:
            return None
        at = int(found.lastgroup.removeprefix("f"))
        held = self.fields[at]
        objects = [Named(kind, int(found[f"o{at}_{kind}"]), held.access) for kind in self.kinds[at]]
        return _Heard(held, tuple(objects))


@cache
def _lines(method: str) -> list[tuple[re.Pattern[str], _Line]]:
    asked = f"{method} "
    return [
        (path_pattern(key.removeprefix(asked)), _line(line))
        for key, line in FIELDS.items()
        if key.startswith(asked)
    ]


def _line(line: Line) -> _Line:
    """All names of a line as one pattern: the form of a large plan has thousands of fields."""
    patterns = [f"(?P<f{at}>{_name(name, at)})" for at, name in enumerate(line)]
    kinds = [tuple(re.findall(r"\{(\w+_id)\}", name)) for name in line]
    return _Line(re.compile("|".join(patterns) or r"(?!)"), tuple(line.values()), tuple(kinds))


def _name(template: str, at: int) -> str:
    """A field's name as a pattern: {activity_id}, {n} and {word} stand for what may be there."""
    pieces = re.split(r"\{(\w+)\}", template)
    found = [re.escape(pieces[0])]
    for kind, after in zip(pieces[1::2], pieces[2::2], strict=True):
        if kind == "n":
            found.append(_IN_A_NAME)
        elif kind == "word":
            found.append(".+")
        else:
            found.append(f"(?P<o{at}_{kind}>{_IN_A_NAME})")
        found.append(re.escape(after))
    return "".join(found)
