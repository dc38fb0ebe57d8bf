"""What needs attention, worst first: each heading counts, shows a few, and leads to its whole list.

Under a heading of activities each line offers what is done about it, to whoever leads there; what
becomes of a press is `web/activities/many.py` and `web/asking/status_rounds.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlmodel import Session

from intake.people import wishes
from models.activity import Activity, ActivityGoal
from models.columns import c
from models.database import ask
from models.delegation import StandInWish
from models.edition import Edition
from models.group import Group
from models.group_note import GroupNote, note_waits
from models.known import called
from models.letter import Notice
from models.lifecycle import OPEN, State
from models.listing import is_late, responsible
from models.mail_reply import Became, MailReply, MailReplyLine
from models.person import Person
from models.plan import Goal, Plan
from models.proposals import proposes, proposes_another_day, worries
from models.released import words_wait
from models.reminded import is_reminded_of
from models.span import Precision
from models.status import Says, StatusAnswer
from models.undoing import stands
from notifications.to_see_to import (
    forged_waits,
    mail_waits,
    no_deadline,
    nobody_answers,
    nobody_known,
)
from rules.wording import SAYS_IN_WORDS, day_in_words, distance, shortened
from web.overview.heading import REST, Attention, Deeds, Line, Seen, activity_of
from web.overview.post_and_rounds import (
    broken_rounds,
    post_that_stands,
    set_aside,
    unreachable,
    waiting_letters,
)
from web.page import NotAllowed

_FORGED_SHOWN = timedelta(days=30)
_MORE_TIME = ("ändra slutdatum", "Ge mer tid")
_ANOTHER = ("ändra ansvarig", "Byt ansvarig")
_FOLLOW_UP = ("följ upp", "Följ upp")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its word in an address, who may ask, and what stands under it."""

    word: str
    lines: Callable[[Session, Seen], Attention]
    of_leaders: bool = False
    on_first_page: bool = True  # else it is a list that letters lead to

    def asked(self, session: Session, seen: Seen) -> Attention:
        """What stands under it, and where all of it is."""
        return replace(self.lines(session, seen), rest=f"{REST}?vad={self.word}")


def attention(session: Session, seen: Seen) -> list[Attention]:
    """Every heading that she may see, also those with nothing under them.

    What is for those who lead is not even asked for others: it is half of the questions.
    """
    return [
        heading.asked(session, seen)
        for heading in _headings()
        if heading.on_first_page and _is_hers(heading, seen)
    ]


def heading_of(word: str, seen: Seen) -> Heading | None:
    """The heading that an address names; whose it is, is said to one who may not see it.

    The week's letter leads there, also for whoever stands in for the process leader.
    """
    for heading in _headings():
        if heading.word == word and not _is_hers(heading, seen):
            raise NotAllowed
        if heading.word == word:
            return heading
    return None


def _is_hers(heading: Heading, seen: Seen) -> bool:
    return seen.leads or not heading.of_leaders


def _headings() -> tuple[Heading, ...]:
    """All of them, worst first."""
    return (
        Heading("posten", post_that_stands, of_leaders=True),
        Heading("paminns-inte", _not_reminded_of, of_leaders=True),
        Heading("rundor", broken_rounds, of_leaders=True),
        Heading("gick-inte", set_aside, of_leaders=True),
        Heading("forsenade", _overdue),
        Heading("svar", _answers_to_settle),
        Heading("mejl", _mails_that_wait, of_leaders=True),
        Heading("forfalskade-svar", _forged_answers, of_leaders=True),
        Heading("forfalskade", _forged_mails, of_leaders=True),
        Heading("ersattare", _wishes, of_leaders=True),
        Heading("ord", _words_that_wait, of_leaders=True),
        Heading("klara", _reported_done),
        Heading("brev", waiting_letters, of_leaders=True),
        Heading("adresser", unreachable, of_leaders=True),
        Heading("utan-ansvarig", _without_responsible),
        Heading("ingen-att-skriva-till", _asked_nobody),
        Heading("beslut", _undecided),
        Heading("datum", _doubtful),
        Heading("mal", _goals_without_activity),
        Heading("tysta", _silent, on_first_page=False),
        Heading("utan-slutdatum", _without_deadline, on_first_page=False),
    )


def _of_activities(
    session: Session,
    seen: Seen,
    title: str,
    where: ColumnElement[bool],
    detail: ColumnElement[Any],
    *,
    grave: bool = False,
    more: tuple[str, str] | None = None,
    deeds: Deeds = (),
) -> Attention:
    of_all = func.count().over().label("of_all")
    rows = ask(
        session,
        select(c(Activity).id, c(Activity).what, detail, of_all, seen.words.label("hers"))
        .where(where, seen.activities)
        .order_by(c(Activity).deadline_last, c(Activity).id)
        .offset(seen.part.skip)
        .limit(seen.part.most(few=more is not None)),
    ).all()
    lines = [
        Line(what, str(told or ""), f"/aktiviteter/{id_}", id_ if may else 0)
        for id_, what, told, _, may in rows
    ]
    return Attention(title, rows[0].of_all if rows else 0, lines, grave, more, deeds)


def _not_reminded_of(session: Session, seen: Seen) -> Attention:
    """Plans that were taken in while they went, and that nothing goes out about yet."""
    plan = c(Plan)
    silent = and_(~is_reminded_of(plan.id, seen.today), plan.closed_on.is_(None))
    rows = ask(
        session,
        select(plan.id, plan.title, plan.reminded_from)
        .where(silent, seen.plans_led)
        .order_by(plan.id),
    ).all()
    lines = []
    for id_, title, begins in rows:
        told = f"Från och med {day_in_words(begins)}" if begins else "Se de första breven"
        lines.append(Line(title, told, f"/planer/{id_}/paminn"))
    return Attention("Påminnelser som inte har börjat", len(rows), seen.part.of(lines), grave=True)


def _overdue(session: Session, seen: Seen) -> Attention:
    """How late each is, and whose it is."""
    found = _of_activities(
        session,
        seen,
        "Försenade",
        is_late(seen.today),
        c(Activity).deadline_last,
        grave=True,
        more=("/aktiviteter?forsenade=ja", "Visa alla försenade"),
        deeds=(_MORE_TIME, _FOLLOW_UP, _ANOTHER),
    )
    named = responsible(session, [activity_of(line) for line in found.lines])
    told = []
    for line in found.lines:
        ago = distance(seen.today, date.fromisoformat(line.detail))
        who = ", ".join(named.get(activity_of(line), ())) or "ingen ansvarig"
        told.append(line._replace(detail=f"skulle ha varit klar {ago}; {who}"))
    return replace(found, lines=told)


def _reported_done(session: Session, seen: Seen) -> Attention:
    done = and_(c(Activity).reported_done_on.is_not(None), c(Activity).state.in_(OPEN))
    found = _of_activities(
        session,
        seen,
        "Klara enligt ansvarig, väntar på uppföljning",
        done,
        c(Activity).reported_done_on,
        deeds=(_FOLLOW_UP,),
    )
    told = [
        line._replace(detail=f"sedan {day_in_words(date.fromisoformat(line.detail))}")
        for line in found.lines
    ]
    return replace(found, lines=told)


def _without_responsible(session: Session, seen: Seen) -> Attention:
    """No responsible named, or only words that name nobody on file."""
    return _of_activities(
        session,
        seen,
        "Saknar känd ansvarig",
        _NOBODY_KNOWN,
        c(Activity).deadline_text,
        deeds=(("ändra ansvarig", "Ange ansvarig"),),
    )


def _asked_nobody(session: Session, seen: Seen) -> Attention:
    """A rung was reached and there was nobody at all to write to."""
    return _of_activities(
        session,
        seen,
        "Har ingen att skriva till",
        _UNREAD,
        c(Activity).deadline_text,
        grave=True,
        deeds=(_ANOTHER,),
    )


def _silent(session: Session, seen: Seen) -> Attention:
    """A question that has gone up the line, and that nobody has answered yet."""
    return _of_activities(
        session,
        seen,
        "Ingen svarar",
        _SILENT,
        c(Activity).deadline_text,
        grave=True,
        deeds=(_ANOTHER,),
    )


def _without_deadline(session: Session, seen: Seen) -> Attention:
    """What nothing will ever remind of: no last day, and no review."""
    return _of_activities(
        session,
        seen,
        "Saknar slutdatum",
        no_deadline(seen.today),
        c(Activity).deadline_text,
        deeds=(("ändra slutdatum", "Ange slutdatum"),),
    )


def _undecided(session: Session, seen: Seen) -> Attention:
    waiting = and_(
        c(Activity).state == State.PROPOSED,
        or_(c(Activity).start_first <= seen.today, c(Activity).start_first.is_(None)),
    )
    return _of_activities(
        session,
        seen,
        "Väntar på beslut",
        waiting,
        c(Activity).deadline_text,
        more=("/moten", "Ta upp på ett möte"),
        deeds=(("besluta", "Besluta"),),
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
    return _of_activities(
        session,
        seen,
        "Tveksamma datum",
        doubtful,
        c(Activity).deadline_text,
        deeds=(("ändra slutdatum", "Rätta slutdatum"),),
    )


def _answers_to_settle(session: Session, seen: Seen) -> Attention:
    """Answers that nobody has settled: a new date, "not me"; or the newest says at risk or late."""
    rows = ask(
        session,
        select(
            c(Activity).id,
            c(Activity).what,
            c(StatusAnswer).text,
            _DAY_PROPOSED,
            c(StatusAnswer).id,
            c(StatusAnswer).says,
            c(StatusAnswer).instead,
            seen.words.label("hers"),
        )
        .join(StatusAnswer, c(StatusAnswer).activity_id == c(Activity).id)
        .where(_ASKS, seen.activities)
        .order_by(c(StatusAnswer).id.desc()),
    ).all()
    told: dict[int, Line] = {}  # an activity once, by what waits for a yes first
    for id_, what, text, proposed, answer_id, says, instead, may in rows:
        address, answer = f"/aktiviteter/{id_}#svar", answer_id if may else 0
        if proposed:
            told[id_] = Line(what, f"Nytt datum föreslås: {proposed}", address, 0, answer, True)
        else:
            seen_to = answer if says in (Says.LATE, Says.AT_RISK) else 0
            words = [text, f"Föreslås svara för den: {instead}" if instead else ""]
            said = " ".join(filter(None, words)) or SAYS_IN_WORDS[says]
            told.setdefault(id_, Line(what, said, address, 0, seen_to))
    lines = seen.part.of(list(told.values()))
    return Attention(
        "Svar att ta ställning till", len(told), lines, more=("/moten", "Ta upp på ett möte")
    )


def _mails_that_wait(session: Session, seen: Seen) -> Attention:
    """What people answered by mail, and that was not understood, or may not count without a yes."""
    return _mails(session, seen, "Svar med e-post som väntar på dig", mail_waits())


def _forged_answers(session: Session, seen: Seen) -> Attention:
    """The same of mail that is forged, which the week's letter tells nothing of."""
    found = _mails(session, seen, "Svar med förfalskad avsändare", forged_waits())
    lines = [line._replace(detail="Avsändaren är förfalskad") for line in found.lines]
    return replace(found, lines=lines)


def _mails(session: Session, seen: Seen, title: str, which: ColumnElement[bool]) -> Attention:
    of = (
        select(c(Activity).id, c(Activity).what, c(MailReply).words)
        .join_from(MailReplyLine, Activity, c(Activity).id == c(MailReplyLine).activity_id)
        .join(MailReply, c(MailReply).id == c(MailReplyLine).reply_id)
        .where(which, seen.words)
    )
    number = session.execute(select(func.count()).select_from(of.subquery())).scalar_one()
    rows = session.execute(
        of.order_by(c(MailReplyLine).id.desc()).offset(seen.part.skip).limit(seen.part.most())
    )
    lines = [
        Line(what, shortened(words, 100), f"/aktiviteter/{id_}#mejl") for id_, what, words in rows
    ]
    return Attention(title, number, lines)


def _forged_mails(session: Session, seen: Seen) -> Attention:
    """Mail of the latest month that is forged and of no activity: here alone it is told of."""
    mail, whose = c(MailReply), c(Person)
    has_a_line = select(c(MailReplyLine).id).where(c(MailReplyLine).reply_id == mail.id).exists()
    of = (
        select(mail.id, mail.sender, mail.on_day)
        .outerjoin(Person, or_(whose.id == mail.person_id, whose.email == mail.sender))
        .where(mail.became == Became.FORGED, mail.on_day > seen.today - _FORGED_SHOWN, ~has_a_line)
        .where(seen.people)
        .group_by(mail.id, mail.sender, mail.on_day)
    )
    # Whoever sends them can send many: no page reads them all.
    number = ask(session, select(func.count()).select_from(of.subquery())).scalar_one()
    rows = (
        ask(session, of.order_by(mail.id.desc()).offset(seen.part.skip).limit(seen.part.most()))
        if number
        else ()
    )
    lines = [
        Line(
            f"Säger sig vara från {sender or 'ingen'}",
            f"{day_in_words(day)}. Mejlet har inte skickats vidare, och ligger i brevlådan.",
            "",
        )
        for _, sender, day in rows
    ]
    return Attention("Mejl med förfalskad avsändare", number, lines)


def _wishes(session: Session, seen: Seen) -> Attention:
    """Stand-ins that somebody wishes for and that are not on file."""
    wish = c(StandInWish)
    rows = ask(
        session,
        select(wish.person_id, wish.address, called(wish.collaboration_id).label("name"))
        .add_columns(wish.first_day)
        .join(Person, c(Person).id == wish.person_id)
        .where(wishes.waits(seen.today), seen.wishes)
        .order_by(wish.first_day, wish.id),
    ).all()
    lines = [
        Line(
            f"{row.name} önskar {row.address}",
            f"Från {day_in_words(row.first_day)}",
            f"/personer/{row.person_id}#onskan",
        )
        for row in rows
    ]
    return Attention("Ersättare som väntar på ditt ja", len(rows), seen.part.of(lines))


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
    rows = ask(session, newest.offset(seen.part.skip).limit(seen.part.most(few=True))).all()
    number = rows[0].of_all if rows else 0
    lines = [Line(row.what, shortened(row.text, 100), f"{row.page}{row.id}") for row in rows]
    more = ("/ord", "Läs och säg ja till orden")
    return Attention("Ord som väntar på ditt ja till rapporterna", number, lines, more=more)


def _goals_without_activity(session: Session, seen: Seen) -> Attention:
    """Goals that nothing is done for; a focus area counts through the goals below it.

    As in reports: what was rejected or taken back serves nothing. Not of plans that are closed.
    """
    below = select(c(Goal).parent_id).where(c(Goal).parent_id.is_not(None))
    served = (
        select(c(ActivityGoal).goal_id)
        .join(Activity, c(Activity).id == c(ActivityGoal).activity_id)
        .where(c(Activity).state.not_in((State.REJECTED, State.WITHDRAWN)))
    )
    empty = and_(c(Goal).id.not_in(served), c(Goal).id.not_in(below))
    rows = ask(
        session,
        select(c(Goal).text, c(Plan).title, c(Plan).id)
        .join(Plan, c(Plan).id == c(Goal).plan_id)
        .where(empty, seen.plans, c(Plan).closed_on.is_(None), c(Plan).withdrawn_on.is_(None))
        .order_by(c(Goal).id),
    ).all()
    lines = [Line(text, plan, f"/planer/{id_}#mal") for text, plan, id_ in rows]
    return Attention("Mål utan aktivitet", len(rows), seen.part.of(lines))


# Conditions that are long and the same for everybody: made once.


def _asks() -> ColumnElement[bool]:
    newest = (
        select(func.max(c(StatusAnswer).id))
        .where(stands(c(StatusAnswer)))
        .group_by(c(StatusAnswer).activity_id)
    )
    worrying = and_(c(StatusAnswer).id.in_(newest), worries())
    return and_(c(Activity).state.in_(OPEN), or_(worrying, proposes()))


def _unread() -> ColumnElement[bool]:
    unread = select(literal(1)).where(
        c(Notice).activity_id == c(Activity).id, c(Notice).written_on.is_(None)
    )
    return unread.exists()


_ASKS = _asks()
_SILENT = nobody_answers()
_DAY_PROPOSED = case((proposes_another_day(), c(StatusAnswer).proposed_text), else_="")
_NOBODY_KNOWN = nobody_known()
_UNREAD = _unread()
_WORDS_WAIT = words_wait()
