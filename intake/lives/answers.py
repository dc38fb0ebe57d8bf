"""What a person answers through a link: a form's fields -> replies -> rows and, maybe, a start.

How far the parts of an activity have come is said in the same form, and put by `parts.py`.

Everything in a form is understood or nothing is saved; what cannot be understood is said in a
sentence beside the activity it is about. Opening and checking the link is done before this.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Date, bindparam, insert, select, text, update
from sqlmodel import Session

from config import clock
from intake.lives.parts import LONGEST_LINE, ask_to_put_parts
from intake.personnummer import holds, refusal
from models.activity import Activity
from models.columns import c
from models.database import ask
from models.group import Group
from models.known import name_in
from models.lifecycle import Move, State
from models.moves import Mover, make_move
from models.part import PartState
from models.span import NOTHING, Precision, Span
from models.status import Says, StatusAnswer, Way
from models.undoing import batch_of
from rules.calendar import months_after
from rules.swedish_dates import read_coming
from rules.wording import day_in_words

LONGEST = 4000  # characters in a text; more is a document, and belongs elsewhere

STILL = "still"  # the newest answer holds as it stands
ALL = "alla"  # the field that answers for every activity that nothing else is said of


@dataclass(frozen=True, slots=True)
class Last:
    """The newest answer about an activity, by anybody, that she may say still holds."""

    answer_id: int
    says: Says


@dataclass(frozen=True, slots=True)
class AskedPart:
    """A part of an activity, whose state a person may tell.

    `waits` says that she was asked about it: then the same state, sent again, is an answer.
    """

    id: int
    name: str
    state: PartState
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """An activity that a person may answer about: what the form needs to know.

    With `only_parts` she answers for these parts of it, and somebody else for the whole. `late`
    says that its day has passed, `unsettled` that a proposed day waits for a yes, and `disowned`
    that the newest answer says it is somebody else's: no such answer is `last`.
    """

    id: int
    state: State
    runs_on: bool
    review_months: int | None
    last: Last | None = None
    parts: tuple[AskedPart, ...] = ()
    only_parts: bool = False
    late: bool = False
    unsettled: bool = False
    disowned: bool = False

    @property
    def may_go_with_all(self) -> bool:
        """May "allt går enligt plan" be said of it too?

        Not of what is late, nor of what somebody has said something else about: that is read, and
        answered, by itself.
        """
        said = None if self.last is None else self.last.says
        calm = said in {None, Says.ON_TRACK, Says.NOTHING_NEW}
        return calm and not (self.only_parts or self.late or self.unsettled or self.disowned)


@dataclass(frozen=True, slots=True)
class Reply:
    """One understood answer about one activity."""

    activity: Asked
    says: Says
    text: str = ""
    figure: str = ""
    instead: str = ""
    proposed: Span = NOTHING
    start: bool = False


@dataclass(frozen=True, slots=True)
class PartReply:
    """A part has come to another state, and why where it is excused."""

    activity_id: int
    name: str
    state: PartState
    why: str = ""


@dataclass(slots=True)
class Understood:
    """The replies of a form, and by activity what could not be understood, in Swedish."""

    replies: list[Reply] = field(default_factory=list)
    parts: list[PartReply] = field(default_factory=list)
    problems: dict[int, list[str]] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Can it be saved?"""
        return bool(self.replies or self.parts) and not self.problems


def understand(form: Mapping[str, str], asked: list[Asked], today: date) -> Understood:
    """Read a form whose fields are named `says_7`, `text_7` … for activity 7, `part_3` for part 3.

    Only activities that were asked about are looked at; anything else in the form is ignored. Only
    what she touched counts: an activity of which nothing is chosen or written gets no answer.
    `says_7` may be "still", which says again what the answer `last_7` said. `alla` says of all that
    stood on her page (`shown_7`), and that she has touched nothing of, that it goes as planned.
    """
    understood = Understood()
    for activity in asked:
        problems: list[str] = []
        parts = _parts(form, activity, problems)
        reply = None if activity.only_parts else _reply(form, activity, today, problems)
        if problems:
            understood.problems[activity.id] = problems
            continue
        understood.parts += parts
        if reply:
            understood.replies.append(reply)
    return understood


def _reply(
    form: Mapping[str, str], activity: Asked, today: date, problems: list[str]
) -> Reply | None:
    """What is said of the whole activity; None when nothing is, or it cannot be understood."""
    given = {
        name: _said(form, f"{name}_{activity.id}")
        for name in ("says", "text", "figure", "instead", "date", "start")
    }
    if not any(given.values()):
        if not _goes_with_all(form, activity):
            return None
        given["says"] = Says.ON_TRACK
        problems += _newer(activity.last, _said(form, f"last_{activity.id}"))
    elif given["says"] == STILL:
        given["says"] = activity.last.says.value if activity.last else ""
        problems += _newer(activity.last, _said(form, f"last_{activity.id}"), needed=True)
    if problems:
        return None
    found, proposed = _problems(given, today)
    problems += found
    if activity.late and given["says"] == Says.ON_TRACK and not given["date"]:
        problems.append("Dagen har passerat. Skriv när det blir klart.")
    if problems:
        return None
    return Reply(
        activity,
        Says(given["says"]),
        text=given["text"],
        figure=given["figure"],
        instead=given["instead"],
        proposed=proposed,
        start=bool(given["start"]) and activity.state is State.DECIDED,
    )


def _goes_with_all(form: Mapping[str, str], activity: Asked) -> bool:
    """Is it said of all that it goes as planned, and was this one among what she saw?"""
    asked = _said(form, ALL) == Says.ON_TRACK and bool(_said(form, f"shown_{activity.id}"))
    return asked and activity.may_go_with_all


def _newer(last: Last | None, read: str, *, needed: bool = False) -> list[str]:
    """What is wrong when the newest answer is not the one she read.

    What the form says that she read is only compared: no answer is looked up by it.
    """
    if last is None and not needed and not read:
        return []
    if last is None or read != f"svar-{last.answer_id}":
        return ["Någon har lämnat ett nyare besked sedan du öppnade sidan. Läs det och välj igen."]
    return []


def _parts(form: Mapping[str, str], activity: Asked, problems: list[str]) -> list[PartReply]:
    """The parts that are said to stand elsewhere than they do, or where they do when asked."""
    why = _said(form, f"why_{activity.id}")
    replies = []
    for part in activity.parts:
        words = _said(form, f"part_{part.id}")
        if words in set(PartState) and (words != part.state or part.waits):
            excused = words == PartState.EXCUSED
            said = PartReply(activity.id, part.name, PartState(words), why if excused else "")
            replies.append(said)
    if not why and any(reply.state is PartState.EXCUSED for reply in replies):
        problems.append("Skriv varför delen är undantagen.")
    if holds(why):
        problems.append(refusal(why))
    if len(why) > LONGEST_LINE:
        problems.append(f"Skälet är för långt. Högst {LONGEST_LINE} tecken får plats.")
    return replies


def _said(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\x00", "").strip()


def _problems(given: Mapping[str, str], today: date) -> tuple[list[str], Span]:
    problems = []
    if given["says"] not in set(Says):
        problems.append("Välj hur det går, så att resten av svaret kan sparas.")
    if any(len(words) > LONGEST for words in given.values()):
        problems.append(f"Texten är för lång. Högst {LONGEST} tecken får plats.")
    problems += [refusal(words) for words in given.values() if holds(words)]
    proposed = read_coming(given["date"], today) if given["date"] else NOTHING
    if given["date"] and proposed.last is None:
        problems.append(
            proposed.doubt
            or f"”{given['date'][:80]}” går inte att läsa som ett datum. "
            "Skriv till exempel 2025-03-31, mars 2025 eller hösten 2025."
        )
    elif proposed.last is not None and proposed.last < today:
        problems.append(
            f"{day_in_words(proposed.last)} har redan varit. Skriv en dag som kommer, eller välj "
            "Klart om den är färdig."
        )
    return problems, proposed


def save(
    session: Session,
    replies: list[Reply],
    mover: Mover,
    link_id: int | None,
    *,
    today: date,
    way: Way = Way.LINK,
    registered_by: str = "",
) -> None:
    """Write the answers down, and make the one move a link may make (starta) where it was asked.

    `today` is the day that they were given.
    """
    for reply in replies:
        changed = _consequences(reply, today)
        was = ask(session, _WAS, activity_id=reply.activity.id).one()
        before = {name: getattr(was, name) for name in changed}
        session.connection().execute(
            insert(StatusAnswer).values(
                activity_id=reply.activity.id,
                person_id=mover.person_id,
                link_id=link_id,
                way=way,
                registered_by=registered_by,
                at=clock.now(),
                on_day=today,
                says=reply.says,
                text=reply.text,
                figure=reply.figure,
                instead=reply.instead,
                proposed_text=reply.proposed.text,
                proposed_first=reply.proposed.first,
                proposed_last=reply.proposed.last,
                proposed_precision=reply.proposed.precision or Precision.NONE,
                review_was=before.get("next_review_on"),
                before={name: day.isoformat() if day else None for name, day in before.items()},
                batch=batch_of(session, today),
            )
        )
        session.connection().execute(
            update(Activity).where(c(Activity).id == reply.activity.id).values(**changed)
        )
        for said in (_ANSWERED, _SETTLED):
            ask(session, said, activity_id=reply.activity.id, today=today)
        if reply.start:
            known = as_known_there(session, reply.activity.id, mover)
            make_move(session, reply.activity.id, Move.START, known, today=today)


def save_parts(session: Session, replies: list[PartReply], mover: Mover, *, today: date) -> None:
    """Let parts stand where they are said to stand."""
    for reply in replies:
        given = {"name": reply.name, "state": reply.state.value, "why": reply.why, "again": "ja"}
        known = as_known_there(session, reply.activity_id, mover)
        ask_to_put_parts(session, reply.activity_id, given, known, today=today)


def as_known_there(session: Session, activity_id: int, mover: Mover) -> Mover:
    """Whoever answers, by the name that the activity's collaboration has for her."""
    if mover.person_id is None:
        return mover
    owner = select(c(Group).collaboration_id).join(Activity, c(Activity).group_id == c(Group).id)
    area = session.execute(owner.where(c(Activity).id == activity_id)).scalar_one()
    return Mover(name_in(session, area, mover.person_id), mover.person_id)


_WAS = select(c(Activity).reported_done_on, c(Activity).next_review_on).where(
    c(Activity).id == bindparam("activity_id")
)

# The questions of open rounds, and of the latest that has closed: there the answer comes late.
_ANSWERED = text("""
    UPDATE status_question SET answered_on = :today
    WHERE activity_id = :activity_id AND answered_on IS NULL AND (
        round_id IN (SELECT id FROM status_round WHERE closed_on IS NULL)
        OR round_id = (SELECT max(q.round_id) FROM status_question q
                       WHERE q.activity_id = :activity_id))
""").bindparams(bindparam("today", type_=Date))


# What letters have asked about it, or a part of it, waits no longer: no silence goes up the line.
_SETTLED = text("""
    UPDATE notice SET settled_on = :today
    WHERE activity_id = :activity_id AND written_on IS NOT NULL AND settled_on IS NULL
""").bindparams(bindparam("today", type_=Date))


def _consequences(reply: Reply, today: date) -> dict[str, date | None]:
    """What an answer changes besides being remembered: no state, only what is asked about next."""
    if reply.says is Says.NOT_ME:
        return {"reported_done_on": None}
    changed: dict[str, date | None] = {
        "reported_done_on": today if reply.says is Says.DONE else None
    }
    if reply.activity.runs_on and reply.activity.review_months:
        changed["next_review_on"] = months_after(today, reply.activity.review_months)
    return changed
