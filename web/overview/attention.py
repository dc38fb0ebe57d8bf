"""What needs attention, worst first: each heading counts, shows a few, and leads to the rest."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import Request
from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select, true
from sqlmodel import Session

from config.clock import in_stockholm
from config.timetable import TIMETABLE
from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.columns import c
from models.database import ask
from models.delegation import StandInWish
from models.edition import Edition
from models.group import Group
from models.group_note import GroupNote, note_waits
from models.heartbeat import MissedRound
from models.known import called, called_by
from models.letter import Letter, LetterState, Notice
from models.lifecycle import OPEN, State
from models.listing import is_late
from models.mail_reply import MailReply, MailReplyLine
from models.person import Person
from models.plan import Goal, Plan
from models.post import PostStop
from models.proposals import proposes, proposes_another_day, worries
from models.released import words_wait
from models.reminded import is_reminded_of
from models.round import Round, SetAside
from models.span import Precision
from models.status import StatusAnswer
from models.undoing import stands
from rules.access import Viewer
from rules.refusals import judge_words
from rules.wording import alphabetically, shortened
from web.asking.letters import called_here, hers
from web.page import leads, leads_area, led, mine, readable_activities, viewer_of

SHOWN = 5  # examples under each heading; the rest is unfolded
MOST = 100  # of those that no page has all of


@dataclass(frozen=True, slots=True)
class Attention:
    """One heading of what needs attention: how many, a few of them, and where the rest are."""

    title: str
    number: int
    lines: list[tuple[str, str, str]]  # text, detail, address
    grave: bool = False
    more: tuple[str, str] | None = None  # the page where they all are, and what the link says


@dataclass(frozen=True, slots=True)
class Seen:
    """What this viewer may see of each kind, as conditions; nothing of letters to a reader."""

    activities: ColumnElement[bool]
    plans: ColumnElement[bool]
    letters: ColumnElement[bool]
    letter_to: ColumnElement[str]  # what she calls the one who got it
    people: ColumnElement[bool]
    rounds: ColumnElement[bool]
    set_aside: ColumnElement[bool]
    words: ColumnElement[bool]
    notes: ColumnElement[bool]
    wishes: ColumnElement[bool]
    called: ColumnElement[str]  # what she calls the person of the row
    leads: bool  # anything at all


def seen_by(request: Request) -> Seen:
    """What the one who looks may see."""
    all_people = viewer_of(request).administrator
    return Seen(
        readable_activities(viewer_of(request)),
        mine(request, c(Plan).group_id),
        hers(request),
        called_here(request),
        true() if all_people else c(Person).home_collaboration_id.in_(viewer_of(request).leads),
        true() if leads(request) else false(),
        _of_hers(viewer_of(request)),
        led(request, c(Activity).group_id) if leads(request) else false(),
        leads_area(request, c(Edition).collaboration_id),
        leads_area(request, c(StandInWish).collaboration_id),
        called_by(viewer_of(request).leads),
        leads(request),
    )


def _of_hers(viewer: Viewer) -> ColumnElement[bool]:
    """What was set aside in the collaborations that she leads; the administrator sees all."""
    if viewer.administrator:
        return true()
    hers: ColumnElement[bool] = c(SetAside).collaboration_id.in_(viewer.leads)
    return hers


def attention(session: Session, seen: Seen, today: date) -> list[Attention]:
    """Every heading that she may see, also those with nothing under them.

    What is for those who lead is not even asked for others: it is half of the questions.
    """
    found: list[Attention] = []
    if seen.leads:
        found += [
            _post_that_stands(session, seen),
            _not_reminded_of(session, seen, today),
            _broken_rounds(session, seen),
            _set_aside(session, seen),
        ]
    found += [_overdue(session, seen, today), _answers_to_settle(session, seen)]
    if seen.leads:
        found += [_mails_that_wait(session, seen), _wishes(session, seen, today)]
        found.append(_words_that_wait(session, seen))
    found.append(_reported_done(session, seen))
    if seen.leads:
        found += [_waiting_letters(session, seen), _unreachable(session, seen)]
    found += [
        _without_responsible(session, seen),
        _asked_nobody(session, seen),
        _undecided(session, seen, today),
        _doubtful(session, seen),
        _goals_without_activity(session, seen),
    ]
    return found


def _of_activities(
    session: Session,
    seen: Seen,
    title: str,
    where: ColumnElement[bool],
    detail: ColumnElement[Any],
    *,
    grave: bool = False,
    more: tuple[str, str] | None = None,
) -> Attention:
    of_all = func.count().over().label("of_all")
    rows = ask(
        session,
        select(c(Activity).id, c(Activity).what, detail, of_all)
        .where(where, seen.activities)
        .order_by(c(Activity).deadline_last, c(Activity).id)
        .limit(SHOWN if more else MOST),
    ).all()
    lines = [(what, str(told or ""), f"/aktiviteter/{id_}") for id_, what, told, _ in rows]
    return Attention(title, rows[0].of_all if rows else 0, lines, grave, more)


def _not_reminded_of(session: Session, seen: Seen, today: date) -> Attention:
    """Plans that were taken in while they went, and that nothing goes out about yet."""
    plan = c(Plan)
    silent = and_(~is_reminded_of(plan.id, today), plan.closed_on.is_(None), seen.rounds)
    rows = ask(
        session,
        select(plan.id, plan.title, plan.reminded_from).where(silent, seen.plans).order_by(plan.id),
    ).all()
    lines = []
    for id_, title, begins in rows[:SHOWN]:
        told = f"Från och med {begins}" if begins else "Se de första breven"
        lines.append((title, told, f"/planer/{id_}/paminn"))
    return Attention("Påminnelser som inte har börjat", len(rows), lines, grave=True)


def _overdue(session: Session, seen: Seen, today: date) -> Attention:
    more = ("/aktiviteter?forsenade=ja", "Visa alla försenade")
    late = is_late(today)
    return _of_activities(
        session, seen, "Försenade", late, c(Activity).deadline_text, grave=True, more=more
    )


def _reported_done(session: Session, seen: Seen) -> Attention:
    done = and_(c(Activity).reported_done_on.is_not(None), c(Activity).state.in_(OPEN))
    return _of_activities(
        session,
        seen,
        "Klara enligt ansvarig, väntar på uppföljning",
        done,
        c(Activity).reported_done_on,
    )


def _without_responsible(session: Session, seen: Seen) -> Attention:
    """No responsible named, or only words that name nobody on file."""
    return _of_activities(
        session,
        seen,
        "Saknar känd ansvarig",
        _NOBODY_KNOWN,
        c(Activity).deadline_text,
    )


def _asked_nobody(session: Session, seen: Seen) -> Attention:
    """A rung was reached and there was nobody at all to write to."""
    return _of_activities(
        session, seen, "Har ingen att skriva till", _UNREAD, c(Activity).deadline_text, grave=True
    )


def _undecided(session: Session, seen: Seen, today: date) -> Attention:
    waiting = and_(
        c(Activity).state == State.PROPOSED,
        or_(c(Activity).start_first <= today, c(Activity).start_first.is_(None)),
    )
    return _of_activities(
        session,
        seen,
        "Väntar på beslut",
        waiting,
        c(Activity).deadline_text,
        more=("/moten", "Ta upp på ett möte"),
    )


def _doubtful(session: Session, seen: Seen) -> Attention:
    """Dates that could not be read, and starts that lie after the deadline."""
    doubtful = and_(
        c(Activity).state.in_(OPEN),
        or_(
            c(Activity).deadline_precision == Precision.INVALID,
            c(Activity).start_precision == Precision.INVALID,
            c(Activity).start_first > c(Activity).deadline_last,
        ),
    )
    return _of_activities(session, seen, "Tveksamma datum", doubtful, c(Activity).deadline_text)


def _answers_to_settle(session: Session, seen: Seen) -> Attention:
    """Answers that nobody has settled: a new date, "not me"; or the newest says at risk or late."""
    rows = ask(
        session,
        select(
            c(Activity).id,
            c(Activity).what,
            c(StatusAnswer).text,
            _DAY_PROPOSED,
        )
        .join(StatusAnswer, c(StatusAnswer).activity_id == c(Activity).id)
        .where(_ASKS, seen.activities)
        .order_by(c(StatusAnswer).id.desc()),
    ).all()
    told: dict[int, tuple[str, str, str]] = {}  # an activity once, by what waits for a yes first
    for id_, what, text, proposed in rows:
        line = (what, f"Nytt datum föreslås: {proposed}", f"/aktiviteter/{id_}#svar")
        if proposed:
            told[id_] = line
        else:
            told.setdefault(id_, (what, text, line[2]))
    lines = list(told.values())[:MOST]
    return Attention(
        "Svar att ta ställning till", len(told), lines, more=("/moten", "Ta upp på ett möte")
    )


def _mails_that_wait(session: Session, seen: Seen) -> Attention:
    """What people answered by mail, and that was not understood, or may not count without a yes."""
    of = (
        select(c(Activity).id, c(Activity).what, c(MailReply).words)
        .join_from(MailReplyLine, Activity, c(Activity).id == c(MailReplyLine).activity_id)
        .join(MailReply, c(MailReply).id == c(MailReplyLine).reply_id)
        .where(c(MailReplyLine).answer_id.is_(None), c(MailReplyLine).settled_on.is_(None))
        .where(seen.words)
    )
    number = session.execute(select(func.count()).select_from(of.subquery())).scalar_one()
    rows = session.execute(of.order_by(c(MailReplyLine).id.desc()).limit(MOST))
    lines = [(what, shortened(words, 100), f"/aktiviteter/{id_}#mejl") for id_, what, words in rows]
    return Attention("Svar med e-post som väntar på dig", number, lines)


def _wishes(session: Session, seen: Seen, today: date) -> Attention:
    """Stand-ins that somebody wishes for and that are not on file."""
    wish = c(StandInWish)
    rows = ask(
        session,
        select(wish.person_id, wish.address, called(wish.collaboration_id).label("name"))
        .add_columns(wish.first_day)
        .join(Person, c(Person).id == wish.person_id)
        .where(wish.settled_on.is_(None), wish.last_day >= today, seen.wishes)
        .order_by(wish.first_day, wish.id)
        .limit(MOST),
    ).all()
    lines = [
        (
            f"{row.name} önskar {row.address}",
            f"Från {row.first_day}",
            f"/personer/{row.person_id}#onskan",
        )
        for row in rows
    ]
    return Attention("Ersättare som väntar på ditt ja", len(rows), lines)


def _words_that_wait(session: Session, seen: Seen) -> Attention:
    """What people wrote in their answers, that may stand in reports when she says yes."""
    note = c(GroupNote)
    answers = (
        select(literal("/aktiviteter/").label("page"), c(Activity).id, c(Activity).what)
        .add_columns(c(StatusAnswer).text, c(StatusAnswer).at)
        .join_from(StatusAnswer, Activity, c(Activity).id == c(StatusAnswer).activity_id)
        .where(_WORDS_WAIT, seen.words)
    )
    written = note.pattern + " " + note.conclusion + " " + note.measure
    notes = (
        select(literal("/rapporter/"), c(Edition).id, func.coalesce(c(Group).name, "Alla grupper"))
        .add_columns(func.trim(written), note.at)
        .join_from(GroupNote, Edition, c(Edition).id == note.edition_id)
        .outerjoin(Group, c(Group).id == c(Edition).group_id)
        .where(note_waits(), seen.notes)
    )
    both = answers.union_all(notes).subquery()
    newest = select(both, func.count().over().label("of_all")).order_by(both.c.at.desc())
    rows = ask(session, newest.limit(SHOWN)).all()
    number = rows[0].of_all if rows else 0
    lines = [(row.what, shortened(row.text, 100), f"{row.page}{row.id}") for row in rows]
    more = ("/ord", "Läs och säg ja till orden")
    return Attention("Ord som väntar på ditt ja till rapporterna", number, lines, more=more)


def _unreachable(session: Session, seen: Seen) -> Attention:
    rows = ask(
        session,
        select(seen.called.label("name"), c(Person).email, c(Person).unreachable_why).where(
            c(Person).unreachable_since.is_not(None), seen.people
        ),
    ).all()
    rows = sorted(rows, key=lambda row: alphabetically(row.name))
    lines = [(f"{name} ({email})", why, "") for name, email, why in rows[:MOST]]
    return Attention("Adresser som inte går att nå", len(rows), lines, grave=True)


def _post_that_stands(session: Session, seen: Seen) -> Attention:
    """The mail server refuses us, so no letter goes."""
    rows = ask(
        session,
        select(c(PostStop).stage, c(PostStop).said).where(
            c(PostStop).mended_at.is_(None), seen.rounds
        ),
    )
    lines = []
    for stage, said in rows:
        judged = judge_words(stage, said)
        means = judged.means if judged else ""
        lines.append(("Mejlservern tar inte emot brev från Följsam", means or said, "/utskick"))
    return Attention("Posten står stilla", len(lines), lines, grave=True)


def _waiting_letters(session: Session, seen: Seen) -> Attention:
    """Letters that the server refused, or could not take yet."""
    stuck = and_(
        or_(
            c(Letter).state.in_((LetterState.FAILED, LetterState.BOUNCED)),
            and_(c(Letter).state == LetterState.QUEUED, c(Letter).server_said != ""),
        ),
        seen.letters,
    )
    number = ask(session, select(func.count()).select_from(Letter).where(stuck)).scalar_one()
    if not number:
        return Attention("Brev som inte kommit fram", 0, [])
    rows = ask(
        session,
        select(c(Letter).id, seen.letter_to, c(Letter).server_said)
        .join(Person, c(Person).id == c(Letter).person_id)
        .where(stuck)
        .order_by(c(Letter).id.desc())
        .limit(MOST),
    )
    lines = [(f"Till {name}", said, f"/utskick/{id_}") for id_, name, said in rows]
    return Attention("Brev som inte kommit fram", number, lines, grave=True)


def _broken_rounds(session: Session, seen: Seen) -> Attention:
    """Rounds that never came or never ended, and the latest round of each line, when it broke."""
    missed = ask(
        session,
        select(c(MissedRound).line, c(MissedRound).due_at, c(MissedRound).why)
        .where(c(MissedRound).mended_at.is_(None), seen.rounds)
        .order_by(c(MissedRound).id),
    ).all()
    newest = select(func.max(c(Round).id)).group_by(c(Round).line)
    broken = ask(
        session,
        select(c(Round).line, c(Round).on_day, c(Round).failed).where(
            c(Round).id.in_(newest),
            c(Round).failed != "",
            c(Round).line.not_in([row.line for row in missed]),
            seen.rounds,
        ),
    ).all()
    told = [(name, in_stockholm(due).date(), why) for name, due, why in missed]
    told += [(name, day, failed) for name, day, failed in broken]
    titles = {line.name: line.title for line in TIMETABLE}
    lines = [(f"{titles.get(name, name)} {day}", why, "/korningar") for name, day, why in told]
    return Attention("Rundor som inte gick bra", len(lines), lines, grave=True)


def _set_aside(session: Session, seen: Seen) -> Attention:
    """What the latest round of each line could not do, while it did the rest."""
    newest = select(func.max(c(Round).id)).group_by(c(Round).line)
    rows = ask(
        session,
        select(c(SetAside).what, c(SetAside).why)
        .where(c(SetAside).round_id.in_(newest), seen.set_aside)
        .order_by(c(SetAside).id),
    ).all()
    lines = [(what, why, "/korningar") for what, why in rows[:MOST]]
    return Attention("Gick inte att göra, prövas igen", len(rows), lines, grave=True)


def _goals_without_activity(session: Session, seen: Seen) -> Attention:
    """Goals that nothing is done for; a focus area counts through the goals below it."""
    below = select(c(Goal).parent_id).where(c(Goal).parent_id.is_not(None))
    empty = and_(c(Goal).id.not_in(select(c(ActivityGoal).goal_id)), c(Goal).id.not_in(below))
    rows = ask(
        session,
        select(c(Goal).text, c(Plan).title, c(Plan).id)
        .join(Plan, c(Plan).id == c(Goal).plan_id)
        .where(empty, seen.plans, c(Plan).withdrawn_on.is_(None))
        .order_by(c(Goal).id),
    ).all()
    lines = [(text, plan, f"/planer/{id_}#mal") for text, plan, id_ in rows[:MOST]]
    return Attention("Mål utan aktivitet", len(rows), lines)


# Conditions that are long and the same for everybody: made once.


def _asks() -> ColumnElement[bool]:
    newest = (
        select(func.max(c(StatusAnswer).id))
        .where(stands(c(StatusAnswer)))
        .group_by(c(StatusAnswer).activity_id)
    )
    worrying = and_(c(StatusAnswer).id.in_(newest), worries())
    return and_(c(Activity).state.in_(OPEN), or_(worrying, proposes()))


def _nobody_known() -> ColumnElement[bool]:
    somebody = select(literal(1)).where(
        c(Responsibility).activity_id == c(Activity).id,
        c(Responsibility).kind != Answerable.WORDS,
    )
    return and_(c(Activity).state.in_(OPEN), ~somebody.exists())


def _unread() -> ColumnElement[bool]:
    unread = select(literal(1)).where(
        c(Notice).activity_id == c(Activity).id, c(Notice).written_on.is_(None)
    )
    return unread.exists()


_ASKS = _asks()
_DAY_PROPOSED = case((proposes_another_day(), c(StatusAnswer).proposed_text), else_="")
_NOBODY_KNOWN = _nobody_known()
_UNREAD = _unread()
_WORDS_WAIT = words_wait()
