"""`foljsam doctor`: is everything in place for letters to go out tomorrow at six?

Looks and changes nothing: no folder, no table and no letter is made. Each finding is a sentence and
says what to do. What an installation notices by itself as it runs is `flows/heartbeat.py`; what a
watcher asks each minute is `/health` (`web/overview/health.py`).
"""

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import typer
from sqlalchemy import Connection, func, make_url, or_, select
from sqlmodel import Session

from cli.console import out
from cli.encrypted import plainly_spoken_to
from config import clock, copied, policy, prefect_api
from config.own_policy import over, what_differs, with_own
from config.settings import Clock, Settings
from config.virus_scanner import Scanner
from flows import bookkeeping
from intake import clamd
from intake.apart import MEGABYTE
from intake.deviation.placing import unplaced, unplaced_sources
from intake.deviations import MAX_BYTES
from intake.plan.synonyms import own_headings
from models.columns import c
from models.comment import MOST_BYTES
from models.database import Tables, engine_for, reading, tables_of
from models.group import Collaboration
from models.letter import Letter, LetterState
from models.person import Person, Role, RoleHolding
from models.post_hold import held
from models.promises import said_on
from models.virus import VirusFound
from notifications import mailboxes, smtp
from web.overview.health import (
    MAILBOX,
    STILL,
    UNREAD_LONG,
    WAITED_LONG,
    last_tick,
    open_misses,
    outbox,
)

_ROOM = 2 * 1024**3  # bytes; less than that on the disk is worth a word
_WAIT = 5  # seconds for a server to answer
_LATELY = timedelta(days=7)
_MARKS = {"good": "[green]✓[/]", "note": "[yellow]![/]", "broken": "[red]✗[/]"}


class Verdict(StrEnum):
    """How well a thing is."""

    GOOD = "good"
    NOTE = "note"  # works, but somebody should know
    BROKEN = "broken"  # letters, rounds or pages fail, or will


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do about it."""

    about: str
    verdict: Verdict
    says: str
    do: str = ""


Found = Iterator[tuple[Verdict, str, str]]  # how it is, what to say, what to do
GOOD, NOTE, BROKEN = Verdict.GOOD, Verdict.NOTE, Verdict.BROKEN


def show(told: Settings, *, as_json: bool) -> bool:
    """Print what was found; is nothing broken?"""
    found = examine(told, clock.now())
    broken = [one for one in found if one.verdict is BROKEN]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        return not broken
    for one in found:
        out.print(f"{_MARKS[one.verdict]} [bold]{one.about}[/]", end="  ")
        out.print(f"{one.says}.", markup=False)
        if one.do:
            out.print(f"    {one.do}", markup=False)
    out.print(f"\n{len(broken)} broken." if broken else "\nNothing is broken.")
    return not broken


def examine(told: Settings, now: datetime) -> list[Finding]:
    """Everything, in the order that one thing stands on another.

    1. The home folder, the files that settings name, and the day.
    2. The database: does it answer, is it whole, are its tables the newest?
    3. If it can be asked: rounds, letters and people on file.
    4. The mail server (up to signing in), the mailbox of bounces, the virus scanner with a test
       virus, Prefect, the pages.

    A check that itself fails is a finding, and stops no other.
    """
    found: list[Finding] = []

    def look(about: str, check: Callable[[], Found]) -> bool:
        """Is all of it well?"""
        before = len(found)
        try:
            found.extend(Finding(about, *one) for one in check())
        except Exception as error:
            why = smtp.in_one_line(str(error)).rstrip(".") or type(error).__name__
            found.append(Finding(about, BROKEN, why))
        return all(one.verdict is GOOD for one in found[before:])

    look("home", lambda: _home(told))
    look("files", lambda: _files(told))
    look("day", lambda: _day(told))
    database = look("database", lambda: _database(told))
    if database:
        with reading(told) as session:
            look("rounds", lambda: rounds(told, session, now))
            look("letters", lambda: _letters(session, now))
            look("policy", lambda: _policy(told, session, clock.today(told.today)))
            look("people", lambda: _people(session, clock.today(told.today)))
            look("deviations", lambda: _deviations(session))
    look("mail server", lambda: _mail_server(told))
    look("bounces", lambda: _bounces(told, now))
    look("virus scanner", lambda: _virus_scanner(told))
    if told.scanner is not None and database:
        with reading(told) as session:
            look("viruses", lambda: _viruses(session, now))
    look("encryption", lambda: _encryption(told))
    look("links", lambda: _links(told))
    look("prefect", lambda: _prefect(told))
    look("pages", lambda: _pages(told))
    return found


def _home(told: Settings) -> Found:
    home = told.home.absolute()
    if not home.is_dir():
        yield NOTE, f"{home} does not exist yet", "It is made when there is something to keep."
        return
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        yield BROKEN, f"{home} cannot be written in", "Run as the user that owns it."
        return
    if home.stat().st_mode & 0o077:
        why = "It holds names, letters and the key of the links"
        yield NOTE, f"other users can look into {home}", f"{why}: chmod 700 {home}"
    free = shutil.disk_usage(home).free
    yield (
        (GOOD, f"{home}, {_size(free)} free", "")
        if free >= _ROOM
        else (NOTE, f"only {_size(free)} is free where {home} is", "Make room.")
    )


def _files(told: Settings) -> Found:
    """Files and folders that settings name, and those that an installation may have of its own."""
    policy.load(told.home)
    own_headings(told.home)
    yield GOOD, "policy and headings can be read", ""
    if (told.home / copied.ASIDE).exists():
        words = f"{told.home / copied.ASIDE}: settings that were put aside when this was restored"
        yield NOTE, words, "The file says how to take them in; then remove it."
    deviations = Path(told.deviations_folder) if told.deviations_folder else None
    named = {
        "FOLJSAM_DEVIATIONS_FOLDER": (deviations, os.R_OK | os.W_OK),
        "FOLJSAM_PUBLIC_FOLDER": (told.public_folder, os.R_OK | os.W_OK),
        "FOLJSAM_REPORT_TEMPLATE": (told.report_template, os.R_OK),
    }
    for name, (path, use) in named.items():
        if path is None:
            continue
        if not path.exists():
            yield BROKEN, f"{name}: {path} does not exist", "Make it, or set another."
        elif not os.access(path, use):
            yield BROKEN, f"{name}: this user may not use {path}", "Change who owns it."


def _day(told: Settings) -> Found:
    if told.today is not None:
        words = f"the installation pretends that it is {told.today}"
        yield NOTE, words, "Take FOLJSAM_TODAY away in production."


def _database(told: Settings) -> Found:
    url = make_url(told.database)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    if file is not None and not file.exists():
        yield NOTE, f"there is none at {file} yet", "It is made when there is something to keep."
        return
    with engine_for(told).connect() as connection:
        if file is not None:
            yield from _damage(connection)
        tables = tables_of(connection)
    where = f"{file}, {_size(_with_its_log(file))}" if file else url.render_as_string()
    yield {
        Tables.NEWEST: (GOOD, where, ""),
        Tables.NONE: (NOTE, f"{where}: it has no tables yet", "They are made at the next start."),
        Tables.OLDER: (
            NOTE,
            f"{where}: its tables are those of an earlier version",
            "They are brought up at the next start. Back up first.",
        ),
        Tables.NEWER: (
            BROKEN,
            f"{where}: its tables are newer than this version of Följsam",
            "Install the version that made them, or a later one.",
        ),
    }[tables]


def _damage(connection: Connection) -> Found:
    """What SQLite says of its own file. Takes a second for some hundred megabytes."""
    said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if said != "ok":
        yield BROKEN, f"the file is damaged ({said})", "Restore the latest backup."
    elif connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        yield BROKEN, "rows refer to others that are gone", "Restore the latest backup."


def rounds(told: Settings, session: Session, now: datetime) -> Found:
    """Does the clock tick, has a line missed its time, and when did letters go last?"""
    missed, tick = open_misses(session), last_tick(session)
    if missed:
        advice = "The overview says why. Run one now: foljsam run LINE."
        yield BROKEN, f"missed: {', '.join(missed)}", advice
    if tick is None:
        yield NOTE, "the clock has not run here yet", "Start it: foljsam up."
    elif not -STILL <= now - tick <= STILL:
        words = f"the clock stands since {clock.in_stockholm(tick):%Y-%m-%d %H:%M}"
        yield BROKEN, words, "Start it: foljsam up (or the postman, with many machines)."
    elif not missed:
        yield _as_they_ran(told, now)


def _as_they_ran(told: Settings, now: datetime) -> tuple[Verdict, str, str]:
    """None is missed by half an hour; but what has had its time and not run is not called well."""
    good = [each.good for each in bookkeeping.standings(told, now).values() if each.good]
    latest = f"the latest began {clock.in_stockholm(max(good)):%Y-%m-%d %H:%M}" if good else ""
    due = [line.name for line in bookkeeping.missed(told, now)]
    if due:
        words = f"{latest or 'no round has run yet'}; due today and not done: {', '.join(due)}"
        return NOTE, words, "They run within the hour by themselves. Or: foljsam run LINE."
    if not good:
        return NOTE, "no round has run yet", "The first runs on the next working morning."
    return GOOD, f"none is missed, {latest}", ""


def _policy(told: Settings, session: Session, today: date) -> Found:
    """Where pages and `policy.toml` speak of the same, and what cannot be promised together."""
    try:
        base = policy.load(told.home)
    except policy.PolicyError:  # which the files' own line says
        return
    by_file = what_differs(base, policy.load())
    said = said_on(session, today)
    usual = over(base, said.get(None, {}), "the installation")
    names = dict(session.execute(select(c(Collaboration).id, c(Collaboration).name)).tuples().all())
    for area, says in said.items():
        whose = "the installation" if area is None else names.get(area, str(area))
        under = base if area is None else usual
        try:
            with_own(under, says)
        except policy.PolicyError as error:
            words = f"what {whose} says cannot be promised: {error}"
            yield BROKEN, words, "Until it is changed, it has what everybody has."
        both = [
            f"[{section}] {name}"
            for section, own in says.items()
            for name in own.keys() & by_file.get(section, {}).keys()
            if own[name] != by_file[section][name]
        ]
        if both:
            listed = ", ".join(sorted(both))
            words = f"policy.toml and the page of {whose} speak of {listed}: the page counts"
            yield NOTE, words, "`foljsam policy out` prints what holds; take it out of the file."


def _letters(session: Session, now: datetime) -> Found:
    if (hold := held(session)) is not None:
        words = f"nothing leaves since {clock.in_stockholm(hold.since):%Y-%m-%d %H:%M}: {hold.why}"
        yield NOTE, words.rstrip("."), "`foljsam sending on` lets letters go."
    waiting, oldest = outbox(session)
    if oldest is not None and now - oldest > WAITED_LONG:
        since = f"{clock.in_stockholm(oldest):%Y-%m-%d %H:%M}"
        yield BROKEN, f"{waiting} wait, the oldest since {since}", "See the mail server below."
    else:
        yield GOOD, f"{waiting} wait", ""
    lost = (LetterState.FAILED, LetterState.BOUNCED)
    lately = select(c(Letter).state, func.count()).where(
        c(Letter).queued_at > now - _LATELY, c(Letter).state.in_(lost)
    )
    numbers = dict(session.execute(lately.group_by(c(Letter).state)).tuples().all())
    if numbers:
        told = {LetterState.FAILED: "were refused", LetterState.BOUNCED: "bounced"}
        words = ", ".join(f"{numbers[state]} {told[state]}" for state in lost if state in numbers)
        yield NOTE, f"of the last 7 days {words}", "Utskick in the pages says why."


def _people(session: Session, today: date) -> Found:
    leads = select(c(RoleHolding).id).where(
        c(RoleHolding).role == Role.PROCESS_LEADER,
        or_(c(RoleHolding).ends_on.is_(None), c(RoleHolding).ends_on >= today),
    )
    if session.execute(leads.limit(1)).scalar() is None:
        words = "nobody is process leader, so nobody hears of what others leave unanswered"
        yield NOTE, words, "Import one: foljsam import people FILE."
    unreachable = c(Person).unreachable_since.is_not(None) & c(Person).left_on.is_(None)
    number = session.execute(select(func.count()).where(unreachable)).scalar_one()
    if number:
        yield NOTE, f"{number} cannot be reached by mail", "The overview names them."


def _deviations(session: Session) -> Found:
    """What came on file before deviations were a collaboration's, and waits to be placed."""
    waiting = len(unplaced(session)) + len(unplaced_sources(session))
    if waiting:
        yield (
            NOTE,
            f"{waiting} imports or sources from before the upgrade are nobody's and count nowhere",
            "Place them under Avvikelser, or with `foljsam deviations place`.",
        )


def _mail_server(told: Settings) -> Found:
    if not told.smtp_host and told.sign_in.by_mail:
        words = "none is set, so nobody gets a letter to sign in with"
        yield BROKEN, words, "Set FOLJSAM_SMTP_HOST."
        return
    if not told.smtp_host:
        words = f"none is set: letters are kept as files in {told.letters_folder}"
        yield NOTE, words, "Set FOLJSAM_SMTP_HOST."
        return
    where = f"{told.smtp_host}:{told.smtp_port} ({told.smtp_security.value})"
    try:
        asyncio.run(asyncio.wait_for(smtp.knock(told), _WAIT * 2))
    except Exception as error:
        why = smtp.in_one_line(str(error)) or "no answer"
        yield BROKEN, f"{where}: {why.rstrip('.')}", "Letters wait until it answers."
        return
    yield GOOD, f"{where} answers" + (" and lets us in" if told.smtp_user else ""), ""


def _bounces(told: Settings, now: datetime) -> Found:
    """The mailbox of reports and answers: can it be read, and is it?"""
    if not told.reads_a_mailbox:
        return
    unread = mailboxes.knock(told)
    yield GOOD, f"the mailbox can be read, with {unread} unread", ""
    with reading(told) as session:
        read = last_tick(session, MAILBOX)
    if read is None:
        if unread:
            yield NOTE, "it has never been read", "foljsam up or foljsam postman reads it."
    elif now - read > UNREAD_LONG:
        since = f"{clock.in_stockholm(read):%Y-%m-%d %H:%M}"
        yield BROKEN, f"it was last read {since}", "foljsam up or foljsam postman reads it."
    else:
        yield GOOD, f"it was last read {clock.in_stockholm(read):%H:%M}", ""


def _virus_scanner(told: Settings) -> Found:
    """Does it answer, does it know the file that all scanners know, and does it take ours?"""
    if told.scanner is None:
        words = "none is set: what people send is not scanned for viruses"
        yield NOTE, words, "Set FOLJSAM_VIRUS_SCANNER to clamd's socket."
        return
    until = "No file is taken in until it answers."
    try:
        known = clamd.found_in(told.scanner, clamd.harmless_virus(), within=_WAIT)
        stopped = clamd.found_in(told.scanner, BytesIO(b"Hej"), within=_WAIT)
    except clamd.NoAnswerError as error:
        yield BROKEN, f"{told.scanner}: {error}", until
        return
    if not known:
        words = f"{told.scanner} answers and does not know the test virus (EICAR)"
        yield BROKEN, words, "Let freshclam fetch its signatures."
    elif stopped:
        yield BROKEN, f"{told.scanner} takes three letters for {stopped}", "Look at its signatures."
    else:
        yield GOOD, f"{told.scanner} finds the test virus ({known})", ""
    yield from _too_small(told, told.scanner)


def _too_small(told: Settings, scanner: Scanner) -> Found:
    """Files that we read and it does not take are refused, and those who send them told so."""
    for size, whose in (
        (max(told.max_upload_bytes, MOST_BYTES), "files that people send"),
        (MAX_BYTES, "exports of deviations"),
    ):
        if not clamd.takes(scanner, size):
            megabytes = size // MEGABYTE
            words = f"it takes no {whose} as large as we read them, {megabytes} MB"
            advice = f"Set its StreamMaxLength and MaxFileSize to {megabytes}M."
            yield NOTE, words, advice


def _viruses(session: Session, now: datetime) -> Found:
    """What it has found lately, in files that were refused."""
    row = c(VirusFound)
    lately = (
        select(row.name, func.count(), func.max(row.at))
        .where(row.at > now - _LATELY)
        .group_by(row.name)
        .order_by(func.count().desc(), row.name)
    )
    found = session.execute(lately).all()
    if not found:
        yield GOOD, "none was found in the last 7 days", ""
        return
    named = ", ".join(f"{name} ({number})" for name, number, _ in found)
    last = clock.in_stockholm(max(at for *_, at in found))
    words = f"found in the last 7 days: {named}, the last {last:%Y-%m-%d %H:%M}"
    yield NOTE, words, "The files were refused. Whoever sent them may need help with the machine."


def _encryption(told: Settings) -> Found:
    """Is everybody elsewhere spoken to so that nobody between can read it?"""
    plain = list(plainly_spoken_to(told))
    for words, advice in plain:
        yield NOTE, words, advice
    if not plain:
        yield GOOD, "nobody elsewhere is spoken to unencrypted", ""


def _links(told: Settings) -> Found:
    """Where the links in letters lead."""
    host = urlsplit(told.pages_url).hostname or ""
    here = host in ("localhost", "::1") or host.startswith("127.")
    if told.smtp_host and here:
        words = f"links in letters lead to {told.pages_url}, which only this machine reaches"
        yield NOTE, words, "Set FOLJSAM_BASE_URL to the address that people use."
    else:
        yield GOOD, f"links in letters lead to {told.pages_url}", ""


_NO_ROUND = "No round runs until it answers."


def _prefect(told: Settings) -> Found:
    try:
        theirs = str(prefect_api.ask(told, "admin/version", timeout=_WAIT).json())
    except httpx.HTTPStatusError as error:
        words = f"{told.prefect_api} answers {error.response.status_code}"
        if error.response.status_code == httpx.codes.UNAUTHORIZED:
            words = f"{told.prefect_api} does not take our password"
        yield BROKEN, words, "Give FOLJSAM_PREFECT_AUTH what the server has, then start anew."
        return
    except prefect_api.AWAY:
        elsewhere = told.clock is Clock.PREFECT or bool(told.prefect_api_url)
        words = f"no answer at {told.prefect_api}"
        yield (
            (BROKEN, words, _NO_ROUND)
            if elsewhere
            else (NOTE, words, "foljsam up starts it, some seconds after the pages.")
        )
        return
    ours = version("prefect")
    if theirs.split(".")[:2] != ours.split(".")[:2]:
        yield NOTE, f"the server is {theirs}, we are {ours}", "Use the same minor version."
    elif told.clock is Clock.PREFECT:
        yield from _late(told, theirs)
    else:
        yield GOOD, f"{theirs} at {told.prefect_api}", ""


def _late(told: Settings, theirs: str) -> Found:
    try:
        late = prefect_api.late(told, clock.now() - timedelta(minutes=30))
    except prefect_api.AWAY:
        yield BROKEN, f"{told.prefect_api} does not tell which runs are late", _NO_ROUND
        return
    if late:
        words = f"{late} runs are late: no worker has begun them"
        yield BROKEN, words, "Start one: foljsam worker. What is late is done then."
    else:
        yield GOOD, f"{theirs} at {told.prefect_api}", ""


def _pages(told: Settings) -> Found:
    where = f"http://{told.host}:{told.port}"
    try:
        httpx.get(f"{where}/health", timeout=_WAIT)
    except httpx.HTTPError:
        yield NOTE, f"no answer at {where}", "Start them: foljsam up (or foljsam web)."
    else:
        yield GOOD, f"they answer at {where}", ""


def _with_its_log(file: Path) -> int:
    """SQLite keeps what is newest in a file beside it."""
    return sum(path.stat().st_size for path in file.parent.glob(f"{file.name}*"))


def _size(number: int) -> str:
    return f"{number / 1024**3:.1f} GB" if number >= 1024**3 else f"{number / 1024**2:.1f} MB"
