"""Few files are read at a time: who comes too late is told so, and nobody takes all of the turns.

That other files are read says nothing of a file, so nothing is decided by it: no plan is written in
another shape, no file is turned away, and no mail is taken for one that cannot be read.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from dataclasses import replace

import pytest

from intake import apart, places
from intake.apart import Bounds, Reader, told_by
from intake.documents import Refusal
from intake.places import OF_FILES, Asker, NotNow, asking
from models.database import reading
from models.group import Group
from models.status import Says
from notifications import mailboxes
from tests.cast import Town
from tests.conftest import browse
from tests.deviation_files import THREE, csv_file
from tests.sign_in.conftest import browser, signs_in, with_sign_in
from tests.test_answers_by_mail import Post, answers, became, mail
from tests.test_deviations_folder import leaves, names, watch, watched
from web.app import create_app

__all__ = ["mail", "watched"]  # fixtures

pytestmark = pytest.mark.by_turns
HEAVY = Refusal("too heavy", "För tung.")


def reads(words: str = "surroundings") -> str:
    """A file is read, and told in a word."""
    reader = Reader(f"tests.nosy_reader:{words}")
    with told_by(reader, "x.csv", b"a file", ".", heavy=HEAVY, bounds=Bounds()) as lines:
        return str(next(lines))


@contextmanager
def slow_files(who: str, how_many: int, *areas: int) -> Iterator[list[str]]:
    """Somebody has slow files read, until the end: what became of each that is done with."""
    over, came = threading.Event(), list[str]()

    def one() -> None:
        asking.set(Asker(who, frozenset(areas)))
        reader = Reader("tests.nosy_reader:slow")
        try:
            with told_by(reader, "x.csv", b"", heavy=HEAVY, bounds=Bounds(wait=600)) as lines:
                next(lines)
                came.append("begun")
                over.wait(60)
        except NotNow:
            came.append("not now")

    threads = [threading.Thread(target=copy_context().run, args=(one,)) for _ in range(how_many)]
    with ExitStack() as stack:
        for thread in threads:
            thread.start()
            stack.callback(thread.join)
        stack.callback(over.set)
        while len(came) < 1 + max(0, how_many - OF_FILES.most_of_one):
            threading.Event().wait(0.02)
        yield came


def no_room(patch: pytest.MonkeyPatch) -> None:
    """Other files take all places."""
    patch.setattr(apart._places, "shares", replace(OF_FILES, most=0))


def test_fridas_slow_files_leave_turns_to_gustav_and_wait_for_each_other() -> None:
    with slow_files("frida", 6) as fridas:
        assert sorted(fridas) == ["begun", "not now", "not now"]
        asking.set(Asker("gustav"))
        try:
            assert reads() == "a file"
        finally:
            asking.set(Asker())
        assert sorted(fridas) == ["begun", "not now", "not now"]


def test_where_nobody_is_known_two_are_read_at_a_time_and_six_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart._places, "shares", replace(OF_FILES, most=2))
    with slow_files("", 1), slow_files("", 1), pytest.raises(NotNow):
        reads()
    assert reads() == "a file"


def test_who_waits_too_long_is_told_so_and_leaves_her_place() -> None:
    room = places.Places()
    with room.turn(), room.turn():
        with pytest.raises(NotNow), room.turn(within=0.01):
            pass
        room.shares = replace(OF_FILES, most=3)
        with pytest.raises(NotNow), room.turn(within=0.01):
            pass
    with room.turn(within=0.01):
        pass


class Line:
    """Those who come to a room of turns, each in a thread, and in which order they had theirs."""

    def __init__(self, room: places.Places) -> None:
        self.room, self.had, self._threads = room, list[str](), list[threading.Thread]()

    def comes(self, who: str, area: int) -> None:
        """Somebody comes, and stands in line before the next does."""
        before = len(self.room._inside()) + len(self.had)

        def one() -> None:
            try:
                with self.room.turn(5, Asker(who, frozenset({area}))):
                    self.had.append(who)
            except NotNow:
                self.had.append(f"not {who}")

        self._threads.append(threading.Thread(target=one))
        self._threads[-1].start()
        ends = time.monotonic() + 5
        while len(self.room._inside()) + len(self.had) == before and time.monotonic() < ends:
            time.sleep(0.002)

    def in_the_end(self) -> list[str]:
        """The order, when all are done."""
        for thread in self._threads:
            thread.join(10)
        return self.had


OURS, THEIRS = 1, 2  # collaborations


def test_the_turn_goes_to_the_collaboration_that_has_none_however_many_another_took_on() -> None:
    line = Line(places.Places())
    with line.room.turn(1, Asker("theirs 1", frozenset({THEIRS}))):
        with line.room.turn(1, Asker("theirs 2", frozenset({THEIRS}))):
            line.comes("theirs 3", THEIRS)
            line.comes("theirs 4", THEIRS)
            line.comes("ours", OURS)
        assert line.in_the_end()[0] == "ours"  # and not in the order that they came


def test_those_of_one_collaboration_leave_places_to_another_and_wait_for_their_own() -> None:
    line = Line(places.Places())
    with ExitStack() as stack:
        for theirs in ("theirs", "theirs too"):
            stack.enter_context(line.room.turn(1, Asker(theirs, frozenset({THEIRS}))))
        for who in "01234567":
            line.comes(who, THEIRS)
        for who in "abc":
            line.comes(who, OURS)
        assert line.had == ["not 6", "not 7"]  # told at once
    assert sorted(line.in_the_end()[2:]) == list("012345abc")
    assert line.room._inside() == []


def test_whoever_does_two_things_lets_another_collaboration_between_and_keeps_her_place() -> None:
    line = Line(places.Places(replace(OF_FILES, at_once=1)))
    with line.room.turn(5, Asker("hers", frozenset({THEIRS}))) as turn:
        line.comes("their own", THEIRS)
        line.comes("ours", OURS)
        turn.give_way()
        assert line.had == ["ours"]
    assert line.in_the_end() == ["ours", "their own"]


def test_whoever_leads_two_asks_for_the_one_that_has_the_fewest() -> None:
    room, both = places.Places(), Asker("hers", frozenset({OURS, THEIRS}))
    with room.turn(1, Asker("theirs", frozenset({THEIRS}))):
        assert room._for(both).area == OURS
        with room.turn(1, both):
            pass
    with room.turn(1, Asker("ours", frozenset({OURS}))):
        assert room._for(both).area == THEIRS


def test_the_pages_say_who_asks_and_for_which_collaboration(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Asker] = []
    enter = places.Places._enter

    def noted(room: places.Places, asker: Asker, within: float) -> places._InLine:
        asked.append(asker)
        return enter(room, asker, within)

    monkeypatch.setattr(places.Places, "_enter", noted)
    frida = browser(create_app(with_sign_in(small_town.settings)))
    signs_in(small_town, frida, "frida@example.org")
    frida.post("/planer/las-in", files={"file": ("plan.csv", b"Aktivitet;Ansvarig\nKurs;Alice\n")})
    frida.get("/kommande?till=2024-02-02")
    with reading(small_town.settings) as session:
        area = session.get_one(Group, small_town.alm).collaboration_id
    hers = Asker(str(small_town.frida), frozenset({area}))
    assert set(asked) == {hers}


def test_a_plan_keeps_its_shape_and_is_asked_for_again_when_files_are_many(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_town.decided(by="2024-12-31")
    frida = browse(create_app(small_town.settings))
    before = frida.get("/planer/1.docx")
    assert before.status_code == 200
    with pytest.MonkeyPatch.context() as patch:
        no_room(patch)
        told = frida.get("/planer/1.docx")
        assert told.status_code == 503
        assert told.headers["Retry-After"] == "60"
        assert "Flera andra filer läses just nu" in told.text
        sent = frida.post("/planer/las-in", files={"file": ("plan.csv", b"Aktivitet\nKurs\n")})
        assert sent.status_code == 503
    assert frida.get("/planer/1.docx").status_code == 200


def test_a_file_in_the_folder_waits_when_others_are_read(
    watched: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves(watched, "q1.csv", csv_file(THREE))  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        no_room(patch)
        assert [bool(each.why_not) for each in watch(watched)] == [True]  # type: ignore[arg-type]
        assert names(watched) == ["q1.csv"]  # type: ignore[arg-type]
    assert [each.why_not for each in watch(watched)] == [""]  # type: ignore[arg-type]


def test_a_mail_stays_unread_when_others_are_read_and_is_an_answer_later(
    mail: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    with pytest.MonkeyPatch.context() as patch:
        no_room(patch)
        mail.comes(mail.reply("klart"))
        assert became(mail.town) == []
        assert len(list((mail.folder / "new").iterdir())) == 1
    mail.comes()
    assert [answer.says for answer in answers(mail.town)] == [Says.DONE]


def test_a_walk_over_the_mailbox_ends_in_time_and_the_next_goes_on(
    mail: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "WALK_LASTS", -1.0)
    mail.town.decided(by="2024-12-31")
    mail.goes()
    mail.comes(*(mail.reply(words) for words in ("klart", "hej", "hej hej")))
    left = [len(list((mail.folder / "new").iterdir()))]
    for _ in range(2):
        mail.comes()
        left.append(len(list((mail.folder / "new").iterdir())))
    assert left == [2, 1, 0]
    assert len(became(mail.town)) == 3
