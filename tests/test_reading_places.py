"""Few files are read at a time: who comes too late is told so, and nobody takes all of the turns.

That other files are read says nothing of a file, so nothing is decided by it: no plan is written in
another shape, no file is turned away, and no mail is taken for one that cannot be read.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import copy_context

import pytest

from intake import places
from intake.apart import Bounds, Reader, told_by
from intake.documents import Refusal
from intake.places import NotNow, asking
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
HEAVY = Refusal("too heavy", "För tung.")


def reads(words: str = "surroundings") -> str:
    """A file is read, and told in a word."""
    reader = Reader(f"tests.nosy_reader:{words}")
    with told_by(reader, "x.csv", b"a file", ".", heavy=HEAVY, bounds=Bounds()) as lines:
        return str(next(lines))


@contextmanager
def slow_files(who: str, how_many: int) -> Iterator[list[str]]:
    """Somebody has slow files read, until the end: what became of each that is done with."""
    over, came = threading.Event(), list[str]()

    def one() -> None:
        asking.set(who)
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
        while len(came) < 1 + max(0, how_many - places.MOST_OF_ONE):
            threading.Event().wait(0.02)
        yield came


def no_room(patch: pytest.MonkeyPatch) -> None:
    """Other files take all places."""
    patch.setattr(places, "MOST", 0)


def test_fridas_slow_files_leave_turns_to_gustav_and_wait_for_each_other() -> None:
    with slow_files("frida", 6) as fridas:
        assert sorted(fridas) == ["begun", "not now", "not now"]
        asking.set("gustav")
        try:
            assert reads() == "a file"
        finally:
            asking.set("")
        assert sorted(fridas) == ["begun", "not now", "not now"]


def test_where_nobody_is_known_two_are_read_at_a_time_and_six_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "MOST", 2)
    with slow_files("", 1), slow_files("", 1), pytest.raises(NotNow):
        reads()
    assert reads() == "a file"


def test_who_waits_too_long_is_told_so_and_leaves_her_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = places.Places()
    with room.turn(), room.turn():
        with pytest.raises(NotNow), room.turn(within=0.01):
            pass
        monkeypatch.setattr(places, "MOST", 3)
        with pytest.raises(NotNow), room.turn(within=0.01):
            pass
    with room.turn(within=0.01):
        pass


def test_the_pages_say_who_asks(small_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(places.Places, "_wait", lambda _, who, __: asked.append(who))
    frida = browser(create_app(with_sign_in(small_town.settings)))
    signs_in(small_town, frida, "frida@example.org")
    frida.post("/planer/las-in", files={"file": ("plan.csv", b"Aktivitet;Ansvarig\nKurs;Alice\n")})
    assert asked == [str(small_town.frida)]


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
