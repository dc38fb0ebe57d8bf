"""The week's letter counts what the list that it leads to lists, and names nobody too many."""

import re
from datetime import date

import pytest
from sqlalchemy import insert, update

from config import clock, policy
from models.activity import Answerable
from models.columns import c
from models.database import reading, transaction
from models.left import put_last_day
from models.letter import Notice, NoticeKind
from models.mail_reply import Became, MailReply, MailReplyLine
from models.part import PartState, put_part
from models.person import Person, RoleHolding
from models.plan import Plan
from models.round import Round
from notifications.letters.week import Section, sections
from tests.cast import Town
from tests.conftest import browse
from tests.two_collaborations import neighbours
from web.app import create_app

pytestmark = pytest.mark.by_turns
MONDAY = date(2024, 6, 3)


def the_week(town: Town, *areas: int) -> dict[str, Section]:
    """Frida's week, by the lists that it leads to."""
    with reading(town.settings) as session:
        told = sections(session, policy.load(town.settings.home), areas or (1,), MONDAY)
    return {one.page.partition("vad=")[2] or one.title: one for one in told}


def listed(town: Town, word: str) -> int:
    """How many that list has."""
    told = town.settings.model_copy(update={"today": MONDAY})
    page = browse(create_app(told)).get(f"/att-se-till?vad={word}").text
    found = re.search(r"(\d+) i listan", page)
    return int(found[1]) if found else 0


def test_an_activity_that_is_silent_whole_and_in_part_is_one(town: Town) -> None:
    sip = town.decided("Hemgång", by="2024-05-31")
    with transaction(town.settings) as session:
        values = {"name": "Lerum", "state": PartState.UNANSWERED, "since": date(2024, 5, 1)}
        values |= {"deadline_text": "31 maj", "deadline_last": date(2024, 5, 31)}
        values |= {"kind": Answerable.PERSON, "person_id": town.charlie}
        lerum = put_part(session, sip, None, values, "Frida", date(2024, 5, 2))
        silent = {"activity_id": sip, "kind": NoticeKind.SILENCE, "rung": -1}
        silent |= {"due_on": date(2024, 5, 31), "reached_on": date(2024, 5, 31)}
        for part_id in (None, lerum):
            session.execute(insert(Notice).values(silent | {"part_id": part_id}))
    told = the_week(town)["tysta"]
    assert (told.number, listed(town, "tysta")) == (1, 1)
    assert [line.partition(".")[0] for line in told.lines] == ["Hemgång", "Hemgång, Lerum"]


def test_a_forged_mail_is_in_no_letter_and_on_a_list_of_its_own(town: Town) -> None:
    sip = town.decided("Hemgång", by="2024-12-31")
    with transaction(town.settings) as session:
        row = MailReply(
            fingerprint="0" * 64,
            at=clock.now(),
            on_day=MONDAY,
            person_id=town.alice,
            sender="alice@example.org",
            became=Became.FORGED,
        )
        session.add(row)
        session.flush()
        session.add(MailReplyLine(reply_id=int(row.id or 0), activity_id=sip))
    assert "mejl" not in the_week(town)
    assert (listed(town, "mejl"), listed(town, "forfalskade-svar")) == (0, 1)


def test_what_has_nobody_is_counted_also_before_its_plan_is_reminded_of(town: Town) -> None:
    town.activity("Fler SIP", words="alla berörda")
    with transaction(town.settings) as session:
        session.execute(update(Plan).values(reminded_from=None))
    assert the_week(town)["utan-ansvarig"].number == listed(town, "utan-ansvarig") == 1


def test_who_has_left_is_not_among_dead_addresses_for_ever(town: Town) -> None:
    """Alice has left for good, Bob this collaboration, and Charlie's one role has ended."""
    town.decided("Hemgång", by="2024-12-31", person=town.frida)
    with transaction(town.settings) as session:
        session.execute(update(Person).values(unreachable_since=clock.now()))
        alice, bob, charlie = (c(Person).id == id_ for id_ in (town.alice, town.bob, town.charlie))
        session.execute(update(Person).where(alice).values(left_on=date(2024, 3, 1)))
        put_last_day(session, town.bob, [1], date(2024, 3, 1))
        ended = update(RoleHolding).where(c(RoleHolding).person_id == town.charlie)
        session.execute(ended.values(starts_on=None, ends_on=date(2024, 3, 1)))
        session.execute(
            update(Person)
            .where(~alice, ~bob, ~charlie, c(Person).id != town.frida)
            .values(unreachable_since=None)
        )
    told = the_week(town)["adresser"]
    assert told.lines == ("Frida (frida@example.org)",)
    assert (told.number, listed(town, "adresser")) == (1, 1)


def test_rounds_that_broke_are_named_in_swedish_by_their_day(town: Town) -> None:
    with transaction(town.settings) as session:
        for line, day in (("weekly-letter", MONDAY), ("morning-round", date(2024, 5, 31))):
            broke = Round(line=line, on_day=day, started_at=clock.now(), failed="X")
            session.add(broke)
            session.flush()
    told = the_week(town)["Rundor som inte gick bra"]
    assert told.lines == ("Morgonrundan 31 maj 2024", "Veckobrevet 3 juni 2024")


def test_a_plan_that_policy_names_and_is_nowhere_is_named_to_who_leads_all(town: Town) -> None:
    (town.settings.home / "policy.toml").write_text(
        '[plan."Gustavs hemliga plan".deadline]\ndefault = [10]\n', "utf-8"
    )
    assert the_week(town)["Stegar för okända planer"].lines == ("Gustavs hemliga plan",)
    there = neighbours(town)
    alone = the_week(town, there.ours)["Stegar för okända planer"]
    assert alone.lines[0].startswith("policy.toml nämner en plan som inte finns här.")
    both = the_week(town, there.ours, there.theirs)["Stegar för okända planer"]
    assert both.lines == ("Gustavs hemliga plan",)
