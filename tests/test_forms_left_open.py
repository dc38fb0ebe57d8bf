"""Whoever answers, on whichever device, after however long: nothing is lost, doubled or changed.

hypothesis lets Alice, Bob and Charlie open their letters' pages on several devices, leave the forms
for days, fill them in and send them late, twice or untouched, while stand-ins come and go and Frida
says yes and no. A model keeps what each of them chose. What is on file afterwards is that, and
nothing that nobody touched. `LONG=1` makes it a long run on each database.
"""

import os
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from config import clock, policy
from config.settings import load
from intake.lives.answers import ALL, STILL
from intake.lives.settling import settle
from models.columns import c
from models.database import close, reading, transaction
from models.delegation import Delegation
from models.moves import Refused
from models.status import Says, StatusAnswer
from rules.calendar import is_quiet
from tests.cast import FRIDA, Town
from tests.conftest import browse
from tests.databases import put_migrated
from tests.test_only_what_she_touched import as_drawn
from web.app import create_app

LONG = bool(os.environ.get("LONG"))
EXAMPLES, STEPS = (150, 60) if LONG else (4, 20)
ON_POSTGRES = 60 if LONG else 1
BEGINS = date(2024, 11, 18)
PEOPLE = ("Alice", "Bob", "Charlie")
OF_THE_FORM = ("form_key", "last_", "shown_", "says_", "text_", "date_", "instead_", "figure_")
CHOICES = st.sampled_from([*Says, STILL])
WHICH, DAYS = st.integers(0, 20), st.integers(1, 6)


@dataclass
class Form:
    """A page that somebody has open on a device: as it was drawn, and what she has touched."""

    person: str
    address: str
    drawn: dict[str, str]
    touched: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, str]:
        """What her browser sends."""
        return self.drawn | self.touched


@dataclass(frozen=True)
class Given:
    """An answer on file."""

    id: int
    activity: int
    person: int
    says: Says
    text: str


class Corridor(RuleBasedStateMachine):
    """Three people, their devices, and the days that go."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(mkdtemp(prefix="corridor-"))
        self.town = self.make_town()
        self.app = create_app(self.town.settings)
        self.browser = browse(self.app)
        self.today = BEGINS
        self.open: list[Form] = []
        self.known: list[Given] = []  # all answers that somebody is known to have given
        self.sent_last: dict[str, dict[str, str]] = {}  # by link
        self.words = count()

    def make_town(self) -> Town:
        """A town on a database of its own."""
        put_migrated(self.home)
        return Town(load(home=self.home))

    def teardown(self) -> None:
        """Put the database away."""
        close(self.town.settings)
        rmtree(self.home, ignore_errors=True)

    def some_form_is_open(self) -> bool:
        """Is there a form to touch or send?"""
        return bool(self.open)

    def somebody_has_answered(self) -> bool:
        """Is there an answer on file?"""
        return bool(self.known)

    @initialize()
    def begin(self) -> None:
        """Each answers for something of her own, and Alice for one that is late."""
        town = self.town
        self.people = {"Alice": town.alice, "Bob": town.bob, "Charlie": town.charlie}
        self.activities = [
            town.decided(f"{name}s {n}", by=by, person=self.people[name])
            for n, by in enumerate((date(2024, 12, 20), date(2025, 2, 28)))
            for name in PEOPLE
        ]
        self.activities.append(town.decided("Sen", by=date(2024, 11, 15), person=town.alice))
        self._wake_up()

    @rule(days=DAYS)
    def days_go(self, days: int) -> None:
        """Some days later letters go, if it is a day for it."""
        self.today += timedelta(days=days)
        self._wake_up()

    def _wake_up(self) -> None:
        if not is_quiet(policy.load(), self.today):
            self.town.morning(self.today)
        told = self.town.settings.model_copy(update={"today": self.today})
        self.app.state.settings = told

    @rule(who=st.sampled_from(PEOPLE), older=st.booleans())
    def open_the_letter(self, who: str, older: bool) -> None:
        """She opens her newest letter, or an older one, on some device."""
        hers = [one for one in self.town.letters() if one.to_name == who]
        found = [re.search(r"/svar/[\w.-]+", one.text) for one in hers]
        links = [one[0] for one in found if one]
        if links:
            address = links[0 if older else -1]
            page = self.browser.get(address)
            assert page.status_code == 200
            drawn = {n: v for n, v in as_drawn(page.text).items() if n.startswith(OF_THE_FORM)}
            self.open.append(Form(who, address, drawn))

    @precondition(some_form_is_open)
    @rule(form=WHICH, which=WHICH, says=CHOICES, writes=st.booleans())
    def choose(self, form: int, which: int, says: Says | str, writes: bool) -> None:
        """She chooses an answer about one of the activities in a form, and may write something."""
        filled = self.open[form % len(self.open)]
        there = [one for one in self.activities if f"text_{one}" in filled.drawn]
        if says == STILL:
            there = [one for one in there if f"last_{one}" in filled.drawn]
        if not there:
            return
        activity = there[which % len(there)]
        filled.touched[f"says_{activity}"] = str(says)
        if says in (Says.LATE, Says.ON_TRACK):
            filled.touched[f"date_{activity}"] = "mars 2026" if writes else ""
        if writes:
            filled.touched[f"text_{activity}"] = f"ord {next(self.words)}"

    @precondition(some_form_is_open)
    @rule(form=WHICH)
    def all_goes_as_planned(self, form: int) -> None:
        """She ticks that all goes as planned."""
        self.open[form % len(self.open)].touched[ALL] = Says.ON_TRACK.value

    @precondition(some_form_is_open)
    @rule(form=WHICH, times=st.integers(1, 2), closes=st.booleans())
    def send(self, form: int, times: int, closes: bool) -> None:
        """She sends it, maybe with a double tap, and maybe leaves it open."""
        sent = self.open[form % len(self.open)]
        for _ in range(times):
            done = self.browser.post(
                f"{sent.address}/skicka", data=sent.fields, follow_redirects=False
            )
            assert done.status_code in (200, 303, 409, 422), done.text
            self._look(sent, saved=done.status_code == 303)
        if closes:
            self.open.remove(sent)

    def _look(self, sent: Form, *, saved: bool) -> None:
        """What came on file is what she chose, once, in her name; or nothing."""
        before = {one.id for one in self.known}
        new = [one for one in self._on_file() if one.id not in before]
        chosen = {
            int(name.removeprefix("says_")): says
            for name, says in sent.touched.items()
            if name.startswith("says_")
        }
        about = [one.activity for one in new]
        assert len(about) == len(set(about)), "an answer was doubled"
        if not saved:
            assert new == [], "something was saved of a form that was refused"
            return
        if self.sent_last.get(sent.address) == sent.fields:
            assert new == [], "the same form, sent once more, was answered twice"
            return
        assert new, "what she sent was lost"
        self.sent_last[sent.address] = dict(sent.fields)
        assert chosen.keys() <= set(about), "an answer was lost"
        for one in new:
            assert one.person == self.people[sent.person]
            if one.activity in chosen:
                assert one.says == self._meant(chosen[one.activity], sent, one.activity)
                assert one.text == sent.touched.get(f"text_{one.activity}", "")
            else:
                self._goes_with_all(sent, one)
        self.known += new

    def _meant(self, says: str, sent: Form, activity: int) -> Says:
        """What a choice says; that it still holds, of the answer that stood on her page."""
        if says != STILL:
            return Says(says)
        read = int(sent.drawn[f"last_{activity}"].removeprefix("svar-"))
        (answer,) = [one for one in self.known if one.id == read]
        newest = [one for one in self.known if one.activity == activity][-1]
        assert answer == newest, "an older answer was said again over a newer one"
        return answer.says

    def _goes_with_all(self, sent: Form, one: Given) -> None:
        """Only what she saw, and that nobody has said something else about, went with all."""
        assert sent.touched.get(ALL), "something that she did not touch was answered"
        assert f"shown_{one.activity}" in sent.drawn
        assert one.says is Says.ON_TRACK
        before = [known for known in self.known if known.activity == one.activity]
        assert not before or before[-1].says in (Says.ON_TRACK, Says.NOTHING_NEW)

    @rule(who=st.sampled_from(PEOPLE), stands_in=st.sampled_from(PEOPLE), days=DAYS)
    def stand_in(self, who: str, stands_in: str, days: int) -> None:
        """Somebody answers in another's place for some days."""
        if who == stands_in:
            return
        with transaction(self.town.settings) as session:
            session.add(
                Delegation(
                    person_id=self.people[who],
                    delegate_id=self.people[stands_in],
                    first_day=self.today,
                    last_day=self.today + timedelta(days=days),
                    at=clock.now(),
                    by="Frida",
                )
            )

    @rule(who=st.sampled_from(PEOPLE), which=WHICH, says=CHOICES, days=st.integers(0, 2))
    def two_pages(self, who: str, which: int, says: Says | str, days: int) -> None:
        """She has two pages open, answers in one at once, and in the other some days later."""
        number = len(self.open)
        self.open_the_letter(who, older=False)
        self.open_the_letter(who, older=False)
        if len(self.open) < number + 2:
            return
        self.choose(number, which, says, writes=True)
        self.choose(number + 1, which, STILL, writes=False)
        self.send(number, times=2, closes=True)
        if days:
            self.days_go(days)
        self.send(number, times=1, closes=True)

    @precondition(somebody_has_answered)
    @rule(which=WHICH, accept=st.booleans())
    def frida_settles(self, which: int, accept: bool) -> None:
        """Frida says yes or no to an answer."""
        answer = self.known[which % len(self.known)]
        try:
            with transaction(self.town.settings) as session:
                settle(session, answer.id, FRIDA, accept=accept, today=self.today)
        except Refused:
            pass

    @invariant()
    def what_was_answered_stays(self) -> None:
        """Every answer stands as it was given, and there is no other."""
        assert self._on_file() == self.known

    def _on_file(self) -> list[Given]:
        row = c(StatusAnswer)
        asked = select(row.id, row.activity_id, row.person_id, row.says, row.text).order_by(row.id)
        with reading(self.town.settings) as session:
            return [Given(*found) for found in session.execute(asked)]


class CorridorOnPostgres(Corridor):
    """The same on PostgreSQL."""

    server: Any = None
    numbers = count()

    def make_town(self) -> Town:
        """A town on a database of its own."""
        self.name = f"corridor{next(self.numbers)}"
        self.server.psql(f"CREATE DATABASE {self.name} TEMPLATE template_foljsam")
        return Town(load(home=self.home, database_url=self.server.get_uri(self.name)))

    def teardown(self) -> None:
        """Remove the database."""
        super().teardown()
        self.server.psql(f"DROP DATABASE {self.name}")


def steps(examples: int) -> settings:
    """So many short stories."""
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


Corridor.TestCase.settings = steps(EXAMPLES)
TestCorridor = Corridor.TestCase


def test_nothing_is_lost_doubled_or_changed_on_postgresql_either(postgres: Any) -> None:  # noqa: ANN401
    CorridorOnPostgres.server = postgres
    run_state_machine_as_test(CorridorOnPostgres, settings=steps(ON_POSTGRES))
