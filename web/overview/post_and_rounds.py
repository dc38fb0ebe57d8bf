"""What went wrong by itself: post that stands, letters that did not come, rounds that broke."""

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session

from config.clock import in_stockholm
from config.timetable import TITLES
from models.columns import c
from models.database import ask
from models.heartbeat import MissedRound
from models.letter import Letter, LetterState
from models.person import Person
from models.post import PostStop
from models.round import Round, SetAside
from notifications.to_see_to import dead_address
from rules.refusals import judge_words
from rules.wording import alphabetically, day_in_words
from web.asking.letters import stopped_in_words
from web.overview.heading import Attention, Line, Seen

_BROKE = "Rundan gick sönder. Det har vi antecknat, och den görs om av sig själv."


def unreachable(session: Session, seen: Seen) -> Attention:
    """People whose address is dead."""
    rows = ask(
        session,
        select(seen.called.label("name"), c(Person).email, c(Person).unreachable_why).where(
            dead_address(seen.today), seen.people
        ),
    ).all()
    rows = sorted(rows, key=lambda row: alphabetically(row.name))
    lines = [Line(f"{name} ({email})", why, "") for name, email, why in rows]
    return Attention("Adresser som inte går att nå", len(rows), seen.part.of(lines), grave=True)


def post_that_stands(session: Session, seen: Seen) -> Attention:
    """The mail server refuses us, so no letter goes."""
    rows = ask(
        session,
        select(c(PostStop).stage, c(PostStop).said).where(
            c(PostStop).mended_at.is_(None), seen.rounds
        ),
    )
    lines = []
    for stage, said in rows:
        means = stopped_in_words(stage, said, whole=seen.administrator)
        lines.append(Line("Mejlservern tar inte emot brev från Följsam", means, "/utskick"))
    return Attention("Posten står stilla", len(lines), seen.part.of(lines), grave=True)


def waiting_letters(session: Session, seen: Seen) -> Attention:
    """Letters that the server refused and nobody has seen to, or could not take yet."""
    lost = c(Letter).state.in_((LetterState.FAILED, LetterState.BOUNCED))
    stuck = and_(
        or_(
            and_(lost, c(Letter).seen_to_at.is_(None)),
            and_(c(Letter).state == LetterState.QUEUED, c(Letter).server_said != ""),
        ),
        seen.letters,
    )
    number = ask(session, select(func.count()).select_from(Letter).where(stuck)).scalar_one()
    if not number:
        return Attention("Brev som inte kommit fram", 0, [])
    rows = ask(
        session,
        select(c(Letter).id, seen.letter_to, c(Letter).stage, c(Letter).server_said)
        .join(Person, c(Person).id == c(Letter).person_id)
        .where(stuck)
        .order_by(c(Letter).id.desc())
        .offset(seen.part.skip)
        .limit(seen.part.most()),
    )
    lines = []
    for id_, name, stage, said in rows:
        judged = judge_words(stage, said)
        means = judged.means if judged else said
        lines.append(Line(f"Till {name}", means, f"/utskick/{id_}"))
    return Attention("Brev som inte kommit fram", number, lines, grave=True)


def broken_rounds(session: Session, seen: Seen) -> Attention:
    """Rounds that never came or never ended, and the latest round of each line, when it broke.

    A round goes for all collaborations at once, so what it broke on may name somebody of another:
    that is the administrator's, here as in *Körningar*.
    """
    missed = ask(
        session,
        select(c(MissedRound).line, c(MissedRound).due_at, c(MissedRound).why)
        .where(c(MissedRound).mended_at.is_(None), seen.rounds)
        .order_by(c(MissedRound).id),
    ).all()
    newest = select(func.max(c(Round).id)).group_by(c(Round).line)
    broken = ask(
        session,
        select(c(Round).line, c(Round).on_day, c(Round).failed)
        .where(
            c(Round).id.in_(newest),
            c(Round).failed != "",
            c(Round).line.not_in([row.line for row in missed]),
            seen.rounds,
        )
        .order_by(c(Round).on_day, c(Round).id),
    ).all()
    whole = seen.administrator
    told = [
        (name, in_stockholm(due).date(), why if whole else _without_reason(why))
        for name, due, why in missed
    ]
    told += [(name, day, failed if whole else _BROKE) for name, day, failed in broken]
    lines = [
        Line(f"{TITLES.get(name, name)} {day_in_words(day)}", why, "/korningar")
        for name, day, why in told
    ]
    return Attention("Rundor som inte gick bra", len(lines), seen.part.of(lines), grave=True)


def _without_reason(why: str) -> str:
    """What the heartbeat noted, without what was thrown: "Rundan gick sönder: ValueError: …"."""
    how, reason, _ = why.partition(": ")
    return f"{how}." if reason else why


def set_aside(session: Session, seen: Seen) -> Attention:
    """What the latest round of each line could not do, while it did the rest."""
    newest = select(func.max(c(Round).id)).group_by(c(Round).line)
    rows = ask(
        session,
        select(c(SetAside).what, c(SetAside).why)
        .where(c(SetAside).round_id.in_(newest), seen.set_aside)
        .order_by(c(SetAside).id),
    ).all()
    lines = [Line(what, why, "/korningar") for what, why in rows]
    return Attention("Gick inte att göra, prövas igen", len(rows), seen.part.of(lines), grave=True)
