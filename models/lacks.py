"""Brister: what an activity should have by where it is, and lacks. They follow from the facts.

A fact is never refused, so a decided activity may be without a goal, and one that was followed up
without a figure. Nobody writes a brist down and nobody takes it away: it is there while the facts
say so, and gone with them. Which facts those are is said here once, as a pure function
(`lacks_of_one`) and as words for the database (`LACKING`), and a test holds the two alike. What
stands in the way of a move is `models/lifecycle.py`; who is asked about it is
`notifications/lacking.py`.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Date, Integer, bindparam, text
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.facts import FACTS, SPEAKS
from models.lifecycle import Lack, OnFile, State
from models.statements import among, run
from models.undoing import standing

# Where each can be. What a decision should have counts until the activity is followed up; what the
# follow-up should have, until it goes on or ends.
_DECIDED = (State.DECIDED, State.ONGOING, State.PAUSED)
WHERE: dict[Lack, tuple[State, ...]] = {
    Lack.GOAL: _DECIDED,
    Lack.RESPONSIBLE: _DECIDED,
    Lack.DEADLINE: _DECIDED,
    Lack.FOLLOW_UP: _DECIDED,
    Lack.FIGURE: (State.FOLLOWED_UP,),
    Lack.PART: (State.FOLLOWED_UP,),
}
STATES = (*_DECIDED, State.FOLLOWED_UP)

# What an address says of each.
ADDRESSED: dict[str, Lack] = {
    "mal": Lack.GOAL,
    "ansvarig": Lack.RESPONSIBLE,
    "slutdatum": Lack.DEADLINE,
    "uppfoljning": Lack.FOLLOW_UP,
    "siffra": Lack.FIGURE,
    "delar": Lack.PART,
}
ANYTHING = "nagot"

IN_WORDS: dict[Lack, str] = {
    Lack.GOAL: "mål",
    Lack.RESPONSIBLE: "ansvarig som går att nå",
    Lack.DEADLINE: "slutdatum",
    Lack.FOLLOW_UP: "hur den följs upp",
    Lack.FIGURE: "siffra för utfallet",
    Lack.PART: "besked från alla delar",
}


def lacks_of_one(state: State, on_file: OnFile) -> tuple[Lack, ...]:
    """What an activity lacks, in the order of `Lack`."""
    there = {
        Lack.GOAL: on_file.goal,
        Lack.RESPONSIBLE: on_file.responsible_reachable,
        Lack.DEADLINE: on_file.deadline or on_file.cadence,
        Lack.FOLLOW_UP: on_file.follow_up,
        Lack.FIGURE: on_file.figure,
        Lack.PART: not on_file.parts_unanswered,
    }
    return tuple(lack for lack in Lack if state in WHERE[lack] and not there[lack])


# The same of the activity `a`, in the database's words.
_THERE: dict[Lack, str] = {
    Lack.GOAL: FACTS["goal"],
    Lack.RESPONSIBLE: FACTS["responsible_reachable"],
    Lack.DEADLINE: f"({FACTS['deadline']} OR {FACTS['cadence']})",
    Lack.FOLLOW_UP: FACTS["follow_up"],
    Lack.FIGURE: FACTS["figure"],
    Lack.PART: f"NOT {FACTS['parts_unanswered']}",
}


def _listed(states: Iterable[State]) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


LACKING: dict[Lack, str] = {
    lack: f"(a.state IN ({_listed(WHERE[lack])}) AND NOT coalesce({there}, false))"
    for lack, there in _THERE.items()
}
# A statement that uses `LACKING[Lack.RESPONSIBLE]` begins with this.
BEGINS = SPEAKS


def lacks_of(session: Session, ids: Iterable[int], today: date) -> dict[int, tuple[Lack, ...]]:
    """What each of some activities lacks; those that lack nothing are left out."""
    on = session.connection()
    told = ", ".join(f'{words} AS "{lack.value}"' for lack, words in LACKING.items())
    words = (
        f"{BEGINS}SELECT a.id, {told} FROM activity a "  # noqa: S608 - own words
        f"WHERE a.state IN ({_listed(STATES)}) AND a.id {among(on)}"
    )
    found = {}
    for row in run(on, words, {"ids": list(ids), "today": today}):
        lacking = tuple(lack for lack in Lack if getattr(row, lack.value))
        if lacking:
            found[int(row.id)] = lacking
    return found


def lacking(lack: Lack | None, today: date) -> ColumnElement[bool]:
    """The condition that an activity lacks this, or (None) anything at all."""
    wanted = LACKING.values() if lack is None else (LACKING[lack],)
    words = f"{BEGINS}SELECT a.id FROM activity a WHERE {' OR '.join(wanted)}"  # noqa: S608
    asked = text(words)
    if ":today" in words:
        asked = asked.bindparams(bindparam("today", today, type_=Date))
    found: ColumnElement[bool] = c(Activity).id.in_(asked.columns(id=Integer).subquery().select())
    return found


# What lacks something, and since when that is asked for: the day the move was registered that it
# should have come with. Somebody may have mended it since, or it came to lack something later.
SINCE = f"""(
    {BEGINS}
    SELECT a.id, a.plan_id, (
        SELECT m.registered_on FROM move m
        WHERE m.activity_id = a.id
          AND m.move = CASE a.state WHEN 'uppföljd' THEN 'följ upp' ELSE 'besluta' END
          AND {standing("m")}
        ORDER BY m.id DESC LIMIT 1) AS since
    FROM activity a
    WHERE a.state <> 'pausad' AND ({" OR ".join(LACKING.values())})) AS lacking"""  # noqa: S608 - own words


def in_words(lacks: Iterable[Lack]) -> str:
    """ "mål, slutdatum och hur den följs upp"."""
    words = [IN_WORDS[lack] for lack in lacks]
    return " och ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
