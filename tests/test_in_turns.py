"""The morning's letters are written a few at a time, and say and lose nothing else for that.

Alice chairs NOSAM Alm and Charlie NOSAM Björk; both answer for what they share.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from config import policy
from models.activity import Answerable, Responsibility
from models.columns import c
from models.database import at_once, reading, transaction
from models.letter import Notice
from models.person import Person
from notifications import notices, silence
from notifications.letters import in_turns, morning
from notifications.letters.in_turns import turns
from notifications.letters.items import Item, Owed, Weight
from notifications.letters.morning import Planned
from templates import render
from tests.cast import Town

DAY = date(2025, 1, 29)


def reached(town: Town, day: date = DAY) -> None:
    """The rungs that are reached that day, without the letters."""
    with transaction(town.settings) as session:
        notices.sweep(session, policy.load(), day)
        silence.sweep(session, policy.load(), day)


def in_short_turns(town: Town, day: date = DAY) -> morning.Result:
    """The day's letters, as the round writes them."""
    return in_turns.write(town.settings, policy.load(), day)


def shared(town: Town) -> int:
    """An activity that both Alice's and Charlie's groups answer for."""
    activity = town.decided("Delad", by="2025-02-28")
    with transaction(town.settings) as session:
        session.execute(
            insert(Responsibility).values(
                activity_id=activity, kind=Answerable.GROUP, words="b", group_id=town.bjork
            )
        )
    return activity


def told(town: Town) -> list[tuple[str, str, str]]:
    """What each letter says, and to whom; its link and number aside."""
    return [
        (letter.to_name, letter.subject.partition(" [")[0], letter.text.partition("/svar/")[0])
        for letter in town.letters()
    ]


def unwritten(town: Town) -> int:
    """How many notices wait."""
    with reading(town.settings) as session:
        waits = select(c(Notice).id).where(c(Notice).written_on.is_(None))
        return len(session.execute(waits).all())


@pytest.mark.parametrize("at_a_time", [1, 40])
def test_the_letters_are_those_of_one_turn(
    town: Town, at_a_time: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_turns, "A_TURN", at_a_time)
    shared(town)
    town.decided("Alms egen", by="2025-02-28")
    town.decided("Björks egen", by="2025-02-05", group=town.bjork)
    reached(town)
    with transaction(town.settings) as session:
        whole = morning.write(session, town.settings, policy.load(), DAY)
        expected = len(whole.letter_ids), whole.items
        session.rollback()
    result = in_short_turns(town)
    assert (len(result.letter_ids), result.items) == expected == (2, 4)
    assert sorted(name for name, _, _ in told(town)) == ["Alice", "Charlie"]
    assert unwritten(town) == 0
    assert in_short_turns(town).letter_ids == []


def test_others_write_while_the_letters_are_made(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = small_town
    town.decided("Alms egen", by="2025-02-28")
    reached(town)
    free: list[bool] = []
    real = render

    def made(name: str, /, **values: object) -> str:
        rename = update(Person).where(c(Person).id == town.bob).values(name="Bob B")
        free.append(at_once(town.settings, rename))
        return real(name, **values)

    monkeypatch.setattr("notifications.letters.composed.render", made)
    in_short_turns(town)
    assert free == [True, True]  # the plain text and the HTML


def test_what_was_answered_while_the_letter_was_made_is_not_asked_about(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = town.decided("Klar nu", by="2025-02-28")
    town.decided("Kvar", by="2025-02-28")
    reached(town)
    _once_between(
        monkeypatch, lambda: town.change(done, reported_done_on=DAY, deadline_last=date(2026, 1, 1))
    )
    assert len(in_short_turns(town).letter_ids) == 1
    (letter,) = town.letters()
    assert "Kvar" in letter.text
    assert "Klar nu" not in letter.text
    assert unwritten(town) == 0


def test_two_rounds_at_once_write_to_each_once(town: Town) -> None:
    shared(town)
    town.decided("Björks egen", by="2025-02-05", group=town.bjork)
    reached(town)
    with ThreadPoolExecutor(3) as rounds:
        list(rounds.map(lambda _: in_short_turns(town), range(3)))
    assert sorted(name for name, _, _ in told(town)) == ["Alice", "Charlie"]
    assert unwritten(town) == 0


@pytest.mark.parametrize("of_the_other", [reached, in_short_turns], ids=["sweeps", "writes"])
def test_a_round_that_begins_while_another_sweeps_waits_for_it(
    town: Town, of_the_other: Callable[[Town], object]
) -> None:
    """Each held rows that the other wanted, and PostgreSQL ended one of them."""
    town.decided("Alms egen", by="2025-02-28")
    with ThreadPoolExecutor(1) as beside:
        with transaction(town.settings) as session:
            notices.sweep(session, policy.load(), DAY)
            other = beside.submit(of_the_other, town)
            assert not wait([other], timeout=0.5).done
            silence.sweep(session, policy.load(), DAY)
        other.result(timeout=60)
    in_short_turns(town)
    assert [name for name, _, _ in told(town)] == ["Alice"]


def test_a_round_that_dies_between_two_turns_leaves_the_rest_for_the_next(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_turns, "A_TURN", 1)
    town.decided("Alms egen", by="2025-02-28")
    town.decided("Björks egen", by="2025-02-28", group=town.bjork)
    reached(town)

    def dying(planned: Planned) -> Iterator[list[int]]:
        yield next(iter(turns(planned)))
        raise KeyboardInterrupt

    monkeypatch.setattr(in_turns, "turns", dying)
    with pytest.raises(KeyboardInterrupt):
        in_short_turns(town)
    assert len(told(town)) == 1
    monkeypatch.setattr(in_turns, "turns", turns)
    in_short_turns(town)
    assert sorted(name for name, _, _ in told(town)) == ["Alice", "Charlie"]
    assert unwritten(town) == 0


@settings(max_examples=60, deadline=None)
@given(
    held=st.lists(st.sets(st.integers(1, 30), min_size=1, max_size=4), min_size=1, max_size=40),
    at_a_time=st.integers(1, 10),
)
def test_who_shares_a_notice_is_never_parted(held: list[set[int]], at_a_time: int) -> None:
    by_person = {
        person: [Item("a", 1, DAY, Weight.COMING, notice_ids=sorted(ids))]
        for person, ids in enumerate(held, start=1)
    }
    planned = Planned(Owed(by_person=by_person), {}, {})
    with pytest.MonkeyPatch.context() as smaller:
        smaller.setattr(in_turns, "A_TURN", at_a_time)
        found = list(turns(planned))
    assert sorted(person for turn in found for person in turn) == sorted(by_person)
    where = {person: at for at, turn in enumerate(found) for person in turn}
    for one, ids in enumerate(held, start=1):
        for other, others in enumerate(held, start=1):
            assert not ids & others or where[one] == where[other]


def _once_between(monkeypatch: pytest.MonkeyPatch, happens: Any) -> None:  # noqa: ANN401
    """Let something happen once, when the letters are made and not yet queued."""
    waiting = [happens]

    def between(planned: Planned) -> Iterator[list[int]]:
        while waiting:
            waiting.pop()()
        yield from turns(planned)

    monkeypatch.setattr(in_turns, "turns", between)
