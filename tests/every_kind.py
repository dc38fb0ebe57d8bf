"""A letter of every kind there is, made as Följsam makes it, with real parts in it.

`made(town, kind)` is the letter; of a kind that is a part of the day's letter, that letter with the
part in it. Frida leads the process and has a telephone; Adam and Alma administer.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from config import clock, policy
from flows import heartbeat, year_close
from models.activity import Activity
from models.address_change import AddressChange
from models.columns import c
from models.database import transaction
from models.delegation import Delegation
from models.group import Group
from models.known import PersonKnown
from models.letter import Letter, LetterState
from models.letter_kinds import PLACES, LetterKind, Place
from models.mail_reply import Became
from models.person import Person, Role
from models.post import PostStop, Stage
from notifications import administrators, code, links, new_link, passed_on, stops
from notifications.letters import addresses, again, replied, taken_on
from notifications.letters.replied import Came
from notifications.links import Opened
from tests import test_deviation_report, test_quarter_close
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.test_approval import approved, follow_up, promised, year
from tests.test_heartbeat import MONDAY as RAN
from tests.test_heartbeat import TUESDAY as MISSED
from tests.test_heartbeat import ran
from tests.two_collaborations import neighbours
from web.app import create_app
from web.entry import mailed_link

MONDAY = date(2024, 12, 2)
TELEPHONE = "0321-123 45"


def made(town: Town, kind: LetterKind) -> Any:  # noqa: ANN401 - a row
    """A letter of that kind, or with that part, to whom it is for; its links lead somewhere."""
    with transaction(town.settings) as session:
        session.get_one(Person, town.frida).telephone = TELEPHONE
        for name in ("Adam", "Alma"):
            address = f"{name.lower()}@example.org"
            administrators.add(session, town.settings, address, FRIDA, name=name, today=MONDAY)
    whom = _MAKERS[kind](town)
    own = kind if PLACES[kind] in (Place.ASKED, Place.FAULT) else LetterKind.MORNING
    return [one for one in town.letters() if one.kind == own and one.to_name == whom][-1]


def _day(town: Town) -> str:
    """Alice is asked about what is late, what comes and what others are silent about, and told."""
    for number in range(3):
        town.decided(f"Vårdkedja {number}", by=MONDAY + timedelta(days=7), start=MONDAY)
    town.decided("Trygg hemgång", by=MONDAY - timedelta(days=1))
    town.decided("Fallprevention", by=MONDAY + timedelta(days=30), follow_up="", goal=False)
    silent = town.decided("Anhörigstöd", by=date(2024, 11, 1), person=town.charlie)
    town.morning(date(2024, 11, 4))
    done = town.decided("Klart sedan tidigare", by=MONDAY + timedelta(days=60))
    with transaction(town.settings) as session:
        session.add(
            Delegation(
                person_id=town.charlie,
                delegate_id=town.alice,
                activity_id=done,
                first_day=MONDAY,
                last_day=MONDAY + timedelta(days=9),
                at=clock.now(),
                by="Frida",
            )
        )
        session.execute(
            update(Activity).where(c(Activity).id == silent).values(how="Träffar\nvar månad")
        )
    town.morning(MONDAY)
    return "Alice"


def _week(town: Town) -> str:
    town.activity("En sak att besluta")
    town.decided("Utan ansvarig", by=MONDAY + timedelta(days=30), words="Vården")
    town.lines(MONDAY)
    return "Frida"


def _quarter(town: Town) -> str:
    test_quarter_close.working(town)
    test_quarter_close.runs(town, test_quarter_close.DUE)
    return "Alice"


def _year(town: Town) -> str:
    town.holds(town.alice, town.deciders, Role.MEMBER)
    follow_up(town, promised(town), date(2024, 11, 20))
    approved(town, year(town))
    year_close.send_unsent(town.settings, date(2025, 2, 4))
    return "Alice"


def _draft(town: Town) -> str:
    promised(town)
    year_close.make_due(town.settings, date(2025, 1, 9))
    return "Frida"


def _deviations(town: Town) -> str:
    test_deviation_report.groups(town)
    test_deviation_report.take(town, test_deviation_report.QUARTER)
    test_deviation_report.runs(town, test_deviation_report.DUE)
    return "Alice"


def _export(town: Town) -> str:
    test_deviation_report.groups(town)
    old = datetime(2025, 3, 20, 8, tzinfo=UTC)
    test_deviation_report.take(town, test_deviation_report.QUARTER[:16], old)
    test_deviation_report.runs(town, test_deviation_report.DUE)
    return "Frida"


def _taken_on(town: Town) -> str:
    two = neighbours(town)
    with transaction(town.settings) as session:
        session.add(
            PersonKnown(
                person_id=town.alice,
                collaboration_id=two.theirs,
                name="Alice",
                since=clock.now(),
                by="Gustav",
            )
        )
    with transaction(town.settings) as session:
        taken_on.write(session, MONDAY)
    return "Alice"


def _declined(town: Town) -> str:
    with transaction(town.settings) as session:
        addresses.to_leaders_declined(session, town.alice, 1, MONDAY)
    return "Frida"


def _again(town: Town) -> str:
    whom = _day(town)
    with transaction(town.settings) as session:
        newest = select(c(Letter).id).where(c(Letter).to_name == whom).order_by(c(Letter).id.desc())
        letter_id = session.execute(newest.limit(1)).scalar_one()
        session.get_one(Letter, letter_id).state = LetterState.FAILED
    with transaction(town.settings) as session:
        again.again(session, town.settings, policy.load(), letter_id, MONDAY)
    return whom


def _sign_in(town: Town) -> str:
    asking = mailed_link.Asking("alice@example.org", "a browser", "192.0.2.7", "/")
    mailed_link.ask(town.settings, asking, MONDAY)
    return "Alice"


def _change(town: Town) -> AddressChange:
    return AddressChange(
        person_id=town.alice,
        before="alice@example.org",
        after="alice.a@example.org",
        by="Alice",
        asked_at=clock.now(),
        on_day=MONDAY,
    )


def _with_change(town: Town, tell: Callable[..., None], *more: object) -> None:
    with transaction(town.settings) as session:
        change = _change(town)
        session.add(change)
        session.flush()
        tell(session, town.settings, change, *more)


def _confirm(town: Town) -> str:
    _with_change(town, addresses.to_new, "seed")
    return "Alice"


def _changed(town: Town) -> str:
    _with_change(town, addresses.to_old, "seed")
    return "Alice"


def _undone(town: Town) -> str:
    _with_change(town, addresses.to_leaders_undone, MONDAY)
    return "Frida"


def _code(town: Town) -> str:
    with transaction(town.settings) as session:
        link_id = links.make(session, town.settings, town.alice)
        code.send(session, town.settings, Opened(link_id, town.alice), MONDAY)
    return "Alice"


def _new_link(town: Town) -> str:
    new_link.send(town.settings, "", "alice@example.org", MONDAY)
    return "Alice"


def _passed_on(town: Town) -> str:
    with transaction(town.settings) as session:
        said = ("En granne", "Jag fick det här brevet av Alice.\nHon är sjuk.")
        opened = Opened(links.make(session, town.settings, town.alice), town.alice)
        passed_on.words_of_another(session, town.settings, opened, *said, MONDAY)
    return "Frida"


def _receipt(town: Town) -> str:
    with transaction(town.settings) as session:
        link = links.make(session, town.settings, town.alice)
        came = Came(1, Became.ANSWERED, "alice@example.org", "Alice", "Klart", (), (), True)
        saved = ["Trygg hemgång: Klart"]
        replied.receipt(session, town.settings, came, town.alice, link, saved, MONDAY)
    return "Alice"


def _forwarded(town: Town) -> str:
    with transaction(town.settings) as session:
        area = session.get_one(Group, town.alm).collaboration_id
        words = "Vi är nästan klara.\nRing mig."
        came = Came(1, Became.UNREAD, "alice@example.org", "Alice", words, ("plan.pdf",), (), True)
        replied.send_on(session, town.settings, came, town.alice, [area], None, MONDAY)
    return "Frida"


def _meeting(town: Town, what: str) -> str:
    """Frida sends what is on the agenda, or what came of it, to Alice's group."""
    town.activity("Trygg hemgång", by=date(2025, 12, 31))
    app = create_app(town.settings.model_copy(update={"today": MONDAY}))
    browser = browse(app)
    page = f"/moten/{town.alm}/dag/{MONDAY}"
    browser.post(f"{page}/punkter", data={"title": "Nästa års plan"})
    browser.post(f"{page}/narvaro", data={"guests": "Rut från regionen"})
    seen = re.search(r'name="sett" value="(\w+)"', browser.get(f"{page}/skicka?vad={what}").text)
    assert seen
    browser.post(f"{page}/skicka", data={"vad": what, "sett": seen[1]})
    return "Alice"


def _agenda(town: Town) -> str:
    return _meeting(town, "dagordning")


def _minutes(town: Town) -> str:
    return _meeting(town, "protokoll")


def _administrators(_town: Town) -> str:
    return "Adam"


def _heartbeat(town: Town) -> str:
    ran(town.settings, RAN)
    heartbeat.beat(town.settings, MISSED + timedelta(minutes=31))
    return "Adam"


def _post_stop(town: Town) -> str:
    now = clock.now()
    with transaction(town.settings) as session:
        session.add(
            PostStop(
                sender=stops.sender(town.settings),
                stage=Stage.MAIL,
                said="550 5.7.1 Sender refused",
                since=now - timedelta(hours=3),
                next_try_at=now,
            )
        )
    with transaction(town.settings) as session:
        stops.mend(session, town.settings, now)
    return "Adam"


_MAKERS: dict[LetterKind, Callable[[Town], str]] = {
    LetterKind.MORNING: _day,
    LetterKind.WEEKLY: _week,
    LetterKind.QUARTER: _quarter,
    LetterKind.YEAR: _year,
    LetterKind.DRAFT: _draft,
    LetterKind.DEVIATIONS: _deviations,
    LetterKind.EXPORT: _export,
    LetterKind.TAKEN_ON: _taken_on,
    LetterKind.DECLINED: _declined,
    LetterKind.AGAIN: _again,
    LetterKind.SIGN_IN: _sign_in,
    LetterKind.CONFIRM: _confirm,
    LetterKind.CHANGED: _changed,
    LetterKind.CODE: _code,
    LetterKind.NEW_LINK: _new_link,
    LetterKind.PASSED_ON: _passed_on,
    LetterKind.RECEIPT: _receipt,
    LetterKind.FORWARDED: _forwarded,
    LetterKind.AGENDA: _agenda,
    LetterKind.MINUTES: _minutes,
    LetterKind.ADMINISTRATORS: _administrators,
    LetterKind.UNDONE: _undone,
    LetterKind.HEARTBEAT: _heartbeat,
    LetterKind.POST_STOP: _post_stop,
}
