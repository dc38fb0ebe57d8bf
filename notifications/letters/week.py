"""What the week's letter tells of some collaborations: one question for each section.

Every line says what and since when, and each section where it is seen to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select, text
from sqlalchemy.sql.expression import bindparam
from sqlalchemy.types import Date
from sqlmodel import Session

from config.clock import STOCKHOLM
from config.policy import Policy
from config.timetable import TITLES
from models.activity import Activity
from models.columns import c
from models.delegation import StandInWish
from models.edition import Edition
from models.group import Collaboration, Group
from models.group_note import GroupNote, note_waits
from models.known import called, called_by, called_in_words
from models.letter import Letter, LetterState, NoticeKind
from models.letter_kinds import LetterKind
from models.lifecycle import OPEN
from models.mail_reply import MailReply, MailReplyLine
from models.person import Person
from models.plan import Plan
from models.proposals import proposes
from models.released import words_wait
from models.round import Round
from models.status import Says, StatusAnswer
from notifications.about import letters_of, letters_that_tell_of
from notifications.notices import waits_for_a_yes
from notifications.to_see_to import dead_address, mail_waits, no_deadline, nobody_known
from rules.periods import parse
from rules.refusals import judge_words
from rules.wording import (
    alphabetically,
    counted,
    day_in_words,
    gone_on_in_words,
    tried_in_words,
)

MOST = 10  # lines of a section; its page has them all


@dataclass(frozen=True, slots=True)
class Section:
    """One heading: how many it is about, the first of them, and where they all are."""

    title: str
    number: int
    lines: tuple[str, ...]
    page: str
    link: str  # what the link says


Several = tuple[str, ...]  # one thing, in several lines
_Row = TypeVar("_Row", bound=tuple[Any, ...])  # what a question asks for


def sections(session: Session, policy: Policy, areas: Sequence[int], today: date) -> list[Section]:
    """Everything that there is something to tell of, the gravest first."""
    told: list[tuple[str, Sequence[str | Several], str, str]] = [
        ("Ingen svarar", _silent(session, areas), "/att-se-till?vad=tysta", "Visa alla"),
        (
            "Förslag som väntar på ditt ja",
            _proposals(session, areas),
            "/att-se-till?vad=svar",
            "Ta ställning till förslagen",
        ),
        (
            "Svar med e-post som väntar på dig",
            _mails(session, areas),
            "/att-se-till?vad=mejl",
            "Visa alla",
        ),
        (
            "Ersättare som väntar på ditt ja",
            _wishes(session, areas, today),
            "/att-se-till?vad=ersattare",
            "Visa alla",
        ),
        (
            "Ord som väntar på ditt ja till rapporterna",
            _words(session, areas),
            "/ord",
            "Läs och säg ja till orden",
        ),
        ("Brev som inte kom fram", _lost(session, areas), "/utskick", "Visa och skicka igen"),
        (
            "Adresser som inte går att nå",
            _unreachable(session, areas, today),
            "/att-se-till?vad=adresser",
            "Visa alla",
        ),
        (
            "Saknar ansvarig",
            _without_responsible(session, areas),
            "/att-se-till?vad=utan-ansvarig",
            "Visa alla",
        ),
        (
            "Saknar slutdatum",
            _without_deadline(session, areas, today),
            "/att-se-till?vad=utan-slutdatum",
            "Visa alla",
        ),
        ("Rundor som inte gick bra", _failed(session, today), "/korningar", "Visa körningarna"),
        (
            "Stegar för okända planer",
            _no_such_plan(session, policy, areas),
            "/",
            "Visa översikten",
        ),
    ]
    return [
        Section(title, len(things), _lines(things[:MOST]), page, link)
        for title, things, page, link in told
        if things
    ]


def _lines(things: Iterable[str | Several]) -> tuple[str, ...]:
    """The lines of some things; one with parts has a line for each that there is something of."""
    found: list[str] = []
    for one in things:
        found += [one] if isinstance(one, str) else one
    return tuple(found)


def _silent(session: Session, areas: Sequence[int]) -> list[Several]:
    """What nobody answers about: who was asked when, and to whom the question has gone since.

    A part that is asked about has a line of its own, with its activity's. Only letters that went
    ask anybody, and a question that is to go on has not gone until its letter has.
    """
    whats: dict[tuple[int, int], str] = {}
    tried: dict[tuple[int, int], list[tuple[str, date]]] = {}
    gone_on: dict[tuple[int, int], list[tuple[str, date]]] = {}
    for row in session.execute(_SILENT, {"areas": list(areas)}):
        about = row.activity_id, row.part_id
        whats[about] = f"{row.what}, {row.part}" if row.part else row.what
        if row.to_name:
            told = gone_on if row.kind == NoticeKind.SILENCE.value else tried
            told.setdefault(about, []).append((row.to_name, row.went_on))
    found: dict[int, list[str]] = {}
    for about, what in whats.items():
        said = (
            f"{what}.",
            tried_in_words(tried.get(about, [])),
            gone_on_in_words(gone_on.get(about, [])),
        )
        found.setdefault(about[0], []).append(" ".join(filter(None, said)))
    return [tuple(lines) for lines in found.values()]


_SILENT = (
    text(f"""
    SELECT DISTINCT silent.activity_id, silent.part_id, a.what, part.name AS part, silent.due_on,
           asked.kind,
           {called_in_words("g.collaboration_id", "l.person_id", "l.to_name")} AS to_name,
           l.went_on
    FROM (SELECT activity_id, coalesce(part_id, 0) AS part_id, max(due_on) AS due_on FROM notice
          WHERE kind = 'silence' AND settled_on IS NULL
            AND NOT {waits_for_a_yes("notice.activity_id")}
          GROUP BY activity_id, coalesce(part_id, 0)) silent
    JOIN activity a ON a.id = silent.activity_id
    JOIN groups g ON g.id = a.group_id AND g.collaboration_id IN :areas
    LEFT JOIN part ON part.id = silent.part_id
    LEFT JOIN notice asked ON asked.activity_id = silent.activity_id
                          AND coalesce(asked.part_id, 0) = silent.part_id
                          AND asked.kind NOT IN ('lack', 'done', 'undone')
    LEFT JOIN letter_item i ON i.notice_id = asked.id
    LEFT JOIN letter l ON l.id = i.letter_id AND l.went_on >= silent.due_on
                      AND l.state IN ('sent', 'kept')
    ORDER BY silent.due_on, silent.activity_id, silent.part_id, l.went_on, to_name
""")  # noqa: S608 - own names
    .bindparams(bindparam("areas", expanding=True))
    .columns(due_on=Date, went_on=Date)
)


def _proposals(session: Session, areas: Sequence[int]) -> list[str]:
    """Answers that propose another day, or somebody else who answers, and wait for a yes or no."""
    rows = session.execute(
        _of_areas(
            select(
                c(Activity).what,
                c(StatusAnswer).says,
                c(StatusAnswer).instead,
                c(StatusAnswer).proposed_text,
            ).join_from(StatusAnswer, Activity, c(Activity).id == c(StatusAnswer).activity_id),
            areas,
        )
        .where(
            c(Activity).state.in_(OPEN),
            proposes(),
        )
        .order_by(c(StatusAnswer).id)
    )
    return [f"{row.what}: {_proposed(row)}" for row in rows]


def _proposed(row: Any) -> str:  # noqa: ANN401 - a row
    """What an answer proposes, in words; who says "not me" may not know whose it is."""
    if row.says is not Says.NOT_ME:
        return f"nytt slutdatum {row.proposed_text}"
    if row.instead:
        return f"{row.instead} svarar för den i stället"
    return "någon annan ska svara för den, men svaret säger inte vem"


def _mails(session: Session, areas: Sequence[int]) -> list[str]:
    """Answers by mail that were not understood, or may not count without a yes."""
    line, mail = c(MailReplyLine), c(MailReply)
    rows = session.execute(
        _of_areas(
            select(
                *(c(Activity).what, mail.on_day, mail.vouched),
                called(c(Group).collaboration_id).label("name"),
            )
            .join_from(MailReplyLine, Activity, c(Activity).id == line.activity_id)
            .join(MailReply, mail.id == line.reply_id)
            .outerjoin(Person, c(Person).id == mail.person_id),
            areas,
        )
        .where(mail_waits())
        .order_by(line.id)
    )
    found = []
    for row in rows:
        sure = "" if row.vouched else " (inget intygar att det är från den adressen)"
        found.append(f"{row.what}: {row.name}, {day_in_words(row.on_day)}{sure}")
    return found


def _wishes(session: Session, areas: Sequence[int], today: date) -> list[str]:
    """Stand-ins that are not on file: who wishes for whom, and from when."""
    wish = c(StandInWish)
    rows = session.execute(
        select(wish.address, wish.first_day, called(wish.collaboration_id).label("name"))
        .join(Person, c(Person).id == wish.person_id)
        .where(wish.collaboration_id.in_(list(areas)))
        .where(wish.settled_on.is_(None), wish.last_day >= today)
        .order_by(wish.id)
    )
    return [f"{row.name}: {row.address}, från {day_in_words(row.first_day)}" for row in rows]


def _words(session: Session, areas: Sequence[int]) -> list[str]:
    """Whose words wait: in answers, and about reports. The words themselves stand on the page."""
    answers = session.execute(
        _of_areas(
            select(c(Activity).what, called(c(Group).collaboration_id).label("name"))
            .join_from(StatusAnswer, Activity, c(Activity).id == c(StatusAnswer).activity_id)
            .join(Person, c(Person).id == c(StatusAnswer).person_id),
            areas,
        )
        .where(words_wait())
        .order_by(c(StatusAnswer).id)
    )
    told = [f"{row.what}: {row.name}" for row in answers]
    note, e = c(GroupNote), c(Edition)
    notes = session.execute(
        select(note.by, e.period, c(Group).name.label("group"))
        .join_from(GroupNote, Edition, e.id == note.edition_id)
        .outerjoin(Group, c(Group).id == e.group_id)
        .where(note_waits(), e.collaboration_id.in_(list(areas)))
        .order_by(note.id)
    )
    told += [
        f"{row.group or 'Alla grupper'}, rapporten {parse(row.period).name}: {row.by}"
        for row in notes
    ]
    return told


def _lost(session: Session, areas: Sequence[int]) -> list[str]:
    """Letters that failed or bounced and that nobody has seen to, about something there.

    What another collaboration wrote is that one's to be told of, also of one who is at home here.
    """
    rows = session.execute(
        select(
            called_by(areas, otherwise=c(Letter).to_name),
            c(Letter).on_day,
            c(Letter).state,
            c(Letter).stage,
            c(Letter).server_said,
        )
        .join(Person, c(Person).id == c(Letter).person_id)
        .where(
            c(Letter).state.in_((LetterState.FAILED, LetterState.BOUNCED)),
            c(Letter).kind == LetterKind.MORNING,
            c(Letter).seen_to_at.is_(None),
            c(Person).unreachable_since.is_(None),
            or_(letters_of(areas), letters_that_tell_of(areas)),
        )
        .order_by(c(Letter).id)
    )
    told = []
    for name, day, state, stage, said in rows:
        judged = judge_words(stage, said)
        became = "studsade" if state is LetterState.BOUNCED else "togs inte emot"
        told.append(f"Till {name}, {day_in_words(day)}: {became}. {judged.means if judged else ''}")
    return [line.strip() for line in told]


def _unreachable(session: Session, areas: Sequence[int], today: date) -> list[str]:
    """People at home in one of the collaborations whose address does not work."""
    home = c(Person).home_collaboration_id
    rows = session.execute(
        select(called(home), c(Person).email).where(dead_address(today), home.in_(list(areas)))
    )
    return sorted((f"{name} ({email})" for name, email in rows), key=alphabetically)


def _without_responsible(session: Session, areas: Sequence[int]) -> list[str]:
    """Open activities whose plan names nobody that is on file."""
    return _whats(session, areas, nobody_known())


def _without_deadline(session: Session, areas: Sequence[int], today: date) -> list[str]:
    """Activities that nothing will ever remind of."""
    return _whats(session, areas, no_deadline(today))


def _whats(session: Session, areas: Sequence[int], which: ColumnElement[bool]) -> list[str]:
    query = _of_areas(select(c(Activity).what), areas).where(which)
    return list(session.execute(query.order_by(c(Activity).id)).scalars())


def _of_areas(query: Select[_Row], areas: Iterable[int]) -> Select[_Row]:
    return query.join(Group, c(Group).id == c(Activity).group_id).where(
        c(Group).collaboration_id.in_(list(areas))
    )


def _failed(session: Session, today: date) -> list[str]:
    """Rounds that broke during the last week and have not gone well since."""
    since = datetime.combine(today - timedelta(days=7), time(), ZoneInfo(STOCKHOLM))
    newest = select(func.max(c(Round).id)).group_by(c(Round).line)
    rows = session.execute(
        select(c(Round).line, c(Round).on_day)
        .where(c(Round).id.in_(newest), c(Round).failed != "", c(Round).started_at >= since)
        .order_by(c(Round).on_day, c(Round).id)
    )
    return [f"{TITLES.get(line, line)} {day_in_words(day)}" for line, day in rows]


def _no_such_plan(session: Session, policy: Policy, areas: Sequence[int]) -> list[str]:
    """Plans that policy.toml has ladders for, and that are not on file.

    Such a plan is of no collaboration yet, so its title is told where she leads them all.
    """
    if not policy.plans:
        return []
    known = select(c(Plan).title).where(c(Plan).title.in_(list(policy.plans)))
    unknown = policy.plans.keys() - set(session.execute(known).scalars())
    others = select(c(Collaboration).id).where(c(Collaboration).id.not_in(list(areas)))
    if unknown and session.execute(others.limit(1)).first() is not None:
        number = counted(len(unknown), "plan", "planer")
        return [
            f"policy.toml nämner {number} som inte finns här. "
            "Den som sköter Följsam ser vilka i filen."
        ]
    return sorted(unknown, key=alphabetically)
