"""For watchers: `/health` says in a line of JSON whether all is well, `/metrics` tells Prometheus.

Both are worked out from what is on file when they are asked, and hold numbers only, no names. What
can be counted up and down by somebody outside is told to watchers of this machine alone.
"""

import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from config import clock
from config.settings import Settings
from config.timetable import TIMETABLE
from models.activity import Activity
from models.bounce import Bounce
from models.columns import Moment, c
from models.database import glancing, reading
from models.decision import MoveRow
from models.heartbeat import MissedRound, Pulse
from models.letter import Letter, LetterState
from models.lifecycle import State
from models.mail_reply import Became, MailReply, MailReplyLine
from models.person import Person
from models.post import PostStop
from models.round import Round
from models.virus import VirusFound
from web.page import settings_of

router = APIRouter()
MAILBOX = "bounces"  # the tick of reading what has come by mail
SCANNER = "virus-scanner"  # that of the virus scanner
STILL = timedelta(minutes=5)  # a minute hand that has not ticked for so long has stopped
UNREAD_LONG = timedelta(minutes=30)  # a mailbox that nobody has read for so long
WAITED_LONG = timedelta(hours=4)  # letters that have waited longer need somebody


@dataclass(frozen=True, slots=True)
class Health:
    """What a watcher wants to know. Times are ISO 8601 in UTC."""

    ok: bool
    database: str
    minute_hand: str | None = None
    minute_hand_stands: bool = False
    missed_rounds: tuple[str, ...] = ()
    last_good_rounds: dict[str, str] | None = None
    letters_wait_long: bool = False
    letters_waiting: int | None = None
    oldest_letter_seconds: int | None = None
    post_stopped_since: str | None = None  # the mail server refuses us
    mailbox_read: str | None = None  # when reports and answers by mail were last read
    mailbox_stands: bool = False
    virus_scanner_answered: str | None = None
    virus_scanner_stands: bool = False  # so no file is taken in


@router.get("/health")
def health(request: Request) -> JSONResponse:
    """200 when all is well; 503 and why, when not.

    How many letters wait is for those who may read the metrics. A stranger who asks for a link to
    sign in, in somebody's name, would see by it whether a letter was written: who is on file.
    """
    settings = settings_of(request)
    try:
        with glancing(settings) as session:
            told = look(
                session,
                clock.now(),
                reads_a_mailbox=settings.reads_a_mailbox,
                scans=settings.scanner is not None,
            )
    except SQLAlchemyError:
        told = Health(ok=False, database="cannot be read")
    if not _may_read(request, settings):
        told = replace(told, letters_waiting=None, oldest_letter_seconds=None)
    return JSONResponse(asdict(told), 200 if told.ok else 503)


def look(
    session: Session, now: datetime, *, reads_a_mailbox: bool = False, scans: bool = False
) -> Health:
    """How it stands at that moment."""
    tick = last_tick(session)
    since = tick or _first_move(session)  # with a plan on file something is to tick
    # A tick ahead of us is of a clock that was wrong, and tells nothing of now.
    stands = since is not None and not -STILL <= now - since <= STILL
    missed = open_misses(session)
    waiting, oldest = outbox(session)
    age = now - oldest if oldest else timedelta()
    stopped = post_stopped_since(session)
    mail_read = last_tick(session, MAILBOX)
    unread = reads_a_mailbox and mail_read is not None and now - mail_read > UNREAD_LONG
    scanned = last_tick(session, SCANNER) if scans else None
    # Whoever asks the scanner is the minute hand: before it has ticked nobody has.
    silent = scans and tick is not None and (scanned is None or now - scanned > STILL)
    well = not (stands or missed or stopped is not None or unread or silent)
    return Health(
        ok=well and age < WAITED_LONG,
        database="ok",
        minute_hand=_iso(tick) if tick else None,
        minute_hand_stands=stands,
        missed_rounds=tuple(missed),
        last_good_rounds={line: _iso(at) for line, at in _good_rounds(session).items()},
        letters_wait_long=age >= WAITED_LONG,
        letters_waiting=waiting,
        oldest_letter_seconds=int(age.total_seconds()),
        post_stopped_since=_iso(stopped) if stopped else None,
        mailbox_read=_iso(mail_read) if mail_read and reads_a_mailbox else None,
        mailbox_stands=unread,
        virus_scanner_answered=_iso(scanned) if scanned else None,
        virus_scanner_stands=silent,
    )


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus's text, for whoever shows the token; without one, for this machine only."""
    settings = settings_of(request)
    if not _may_read(request, settings):
        raise HTTPException(404)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_OnFile(settings))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _may_read(request: Request, settings: Settings) -> bool:
    token = settings.metrics_token.get_secret_value()
    if token:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(shown.encode(), token.encode())
    return _from_this_machine(request)


def _from_this_machine(request: Request) -> bool:
    """Was it asked here, and not passed on by a proxy that also runs here?"""
    if any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip")):
        return False
    host = request.client.host if request.client else ""
    asked_for = request.url.hostname or ""
    try:
        return ip_address(host).is_loopback and (
            asked_for == "localhost" or ip_address(asked_for).is_loopback
        )
    except ValueError:
        return False


class _OnFile(Collector):
    """Gauges of one installation, counted when they are asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        """Every gauge there is."""
        info = InfoMetricFamily("foljsam_installation", "Whose installation this is")
        info.add_metric([], {"organisation": self._settings.organisation})
        yield info
        with reading(self._settings) as session:
            yield from _of_letters(session)
            yield from _of_rounds(session)
            yield from _of_viruses(session)
            yield from _of_what_is_followed(session)


def _of_letters(session: Session) -> Iterator[GaugeMetricFamily]:
    asked = select(c(Letter).state, func.count()).group_by(c(Letter).state)
    counts = dict(session.execute(asked).tuples().all())
    states = {state.value: float(counts.get(state, 0)) for state in LetterState}
    yield _gauge("foljsam_letters", "Letters on file, by state", "state", states)
    waiting, oldest = outbox(session)
    age = (clock.now() - oldest).total_seconds() if oldest else 0.0
    yield _one("foljsam_outbox_letters", "Letters that wait to be sent", waiting)
    yield _one("foljsam_outbox_oldest_seconds", "How long the oldest of them has waited", age)
    stopped = float(post_stopped_since(session) is not None)
    yield _one("foljsam_post_stopped", "1 while the mail server refuses us", stopped)
    reported = select(c(Bounce).report, func.count()).group_by(c(Bounce).report)
    bounces = {report.value: float(number) for report, number in session.execute(reported)}
    yield _gauge("foljsam_bounces", "Reports of undelivered letters, by kind", "report", bounces)
    yield from _of_answers_by_mail(session)


def _of_answers_by_mail(session: Session) -> Iterator[GaugeMetricFamily]:
    mail, line = c(MailReply), c(MailReplyLine)
    asked = select(mail.became, func.count()).group_by(mail.became)
    counts = dict(session.execute(asked).tuples().all())
    kinds = {became.value: float(counts.get(became, 0)) for became in Became}
    yield _gauge("foljsam_mail_answers", "Answers by mail, by what became of them", "became", kinds)
    waits = select(func.count()).where(line.answer_id.is_(None), line.settled_on.is_(None))
    number = session.execute(waits).scalar_one()
    yield _one("foljsam_mail_answers_waiting", "Those that wait for somebody's yes", number)
    tick = last_tick(session, MAILBOX)
    at = tick.timestamp() if tick else 0.0
    yield _one("foljsam_mailbox_read_timestamp_seconds", "When the mailbox was last read", at)


def _of_rounds(session: Session) -> Iterator[GaugeMetricFamily]:
    good = {line: at.timestamp() for line, at in _good_rounds(session).items()}
    yield _gauge(
        "foljsam_round_last_good_timestamp_seconds",
        "When the latest round that ended well began",
        "line",
        good,
    )
    missed = open_misses(session)
    by_line = {line.name: float(missed.count(line.name)) for line in TIMETABLE}
    yield _gauge("foljsam_rounds_missed", "Rounds that are missed just now", "line", by_line)
    tick = last_tick(session)
    at = tick.timestamp() if tick else 0.0
    yield _one("foljsam_minute_hand_timestamp_seconds", "When the minute hand last ticked", at)


def _of_viruses(session: Session) -> Iterator[GaugeMetricFamily]:
    answered = last_tick(session, SCANNER)
    at = answered.timestamp() if answered else 0.0
    name = "foljsam_virus_scanner_answered_timestamp_seconds"
    yield _one(name, "When the virus scanner last answered", at)
    number = session.execute(select(func.count()).select_from(VirusFound)).scalar_one()
    yield _one("foljsam_viruses_found", "Files that were refused for a virus", number)


def _of_what_is_followed(session: Session) -> Iterator[GaugeMetricFamily]:
    asked = select(c(Activity).state, func.count()).group_by(c(Activity).state)
    counts = dict(session.execute(asked).tuples().all())
    states = {state.value: float(counts.get(state, 0)) for state in State}
    yield _gauge("foljsam_activities", "Activities, by state", "state", states)
    unreachable = select(func.count()).where(c(Person).unreachable_since.is_not(None))
    number = session.execute(unreachable).scalar_one()
    yield _one("foljsam_people_unreachable", "People whose address does not work", number)


def last_tick(session: Session, name: str = "clockwork") -> datetime | None:
    """When the minute hand last ticked, or that of the mailbox; None where it never has."""
    at: datetime | None = session.execute(select(c(Pulse).at).where(c(Pulse).name == name)).scalar()
    return at


def _first_move(session: Session) -> datetime | None:
    """When the first activity was put on file."""
    asked = select(c(MoveRow).at).order_by(c(MoveRow).id).limit(1)
    at: datetime | None = session.execute(asked).scalar()
    return at


def open_misses(session: Session) -> list[str]:
    """The lines that miss a round just now."""
    asked = select(c(MissedRound).line).where(c(MissedRound).mended_at.is_(None))
    return list(session.execute(asked.order_by(c(MissedRound).id)).scalars())


def outbox(session: Session) -> tuple[int, datetime | None]:
    """How many letters wait, and since when the oldest does.

    One that took the place of an earlier day's has waited since that was written.
    """
    waiting = text("state IN ('queued', 'sending')")  # the partial index's own words
    number, since = session.execute(
        select(func.count(), func.min(c(Letter).queued_at)).select_from(Letter).where(waiting)
    ).one()
    if number:
        before = session.execute(_REPLACED).scalar()
        since = min(since, before) if before is not None else since
    return int(number), since


# The first of the letters that the one that waits has taken the place of, one after the other.
_REPLACED = text("""
    SELECT min(old.queued_at) AS since FROM letter old
    WHERE old.state = 'replaced' AND EXISTS (
        SELECT 1 FROM letter now
        WHERE now.person_id = old.person_id AND now.state IN ('queued', 'sending')
          AND now.kind = 'morning')
      AND NOT EXISTS (
        SELECT 1 FROM letter went
        WHERE went.person_id = old.person_id AND went.id > old.id AND went.kind = 'morning'
          AND went.state NOT IN ('queued', 'sending', 'replaced'))
""").columns(since=Moment)


def post_stopped_since(session: Session) -> datetime | None:
    """Since when the mail server refuses us; None when it does not."""
    asked = select(func.min(c(PostStop).since)).where(c(PostStop).mended_at.is_(None))
    at: datetime | None = session.execute(asked).scalar()
    return at


def _good_rounds(session: Session) -> dict[str, datetime]:
    asked = (
        select(c(Round).line, func.max(c(Round).started_at))
        .where(c(Round).finished_at.is_not(None))
        .group_by(c(Round).line)
    )
    return dict(session.execute(asked).tuples().all())


def _gauge(name: str, means: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, means, labels=[label])
    for word, value in values.items():
        family.add_metric([word], value)
    return family


def _one(name: str, means: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, means, value=value)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
