"""Files are shown to a virus scanner before they are read: a real clamd that knows a made-up virus.

Frida sends plans, lists, exports and reports on the pages, Ingrid by command, a system leaves its
exports in a folder. Alice, behind her link, attaches nothing.
"""

import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from cli.doctor import Finding, Verdict, examine
from cli.encrypted import plainly_spoken_to
from config import clock, settings, virus_scanner
from config.settings import Settings, SettingsError
from config.virus_scanner import Scanner, scanner_at
from flows import heartbeat
from flows.schedule import Clockwork
from intake import clamd
from intake.clamd import NoAnswerError, TooLargeError, found_in, harmless_virus, knock
from intake.documents import Refusal, read_content
from models.columns import c
from models.database import reading, transaction
from models.heartbeat import Pulse
from models.status import Says
from models.virus import VirusFound
from rules.fields import FIELDS, FILE
from tests.cast import Town
from tests.command import within
from tests.conftest import browse, free_port
from tests.deviation_files import THREE, csv_file
from tests.real_clamd import EICAR, NAME, TAKES, VIRUS, Clamd, real_clamd, without_it
from tests.real_mail import wait_for
from tests.test_answers_by_mail import Post, answers, mail
from tests.test_approval import JANUARY, year
from tests.test_comments import docx, files, on_file, writes
from tests.test_deviations_folder import cases, leaves, names, watch
from tests.test_floors import FLOORS, ROOT
from tests.test_numbers_refused import everything_on_file
from web.app import create_app

__all__ = ["mail"]  # a fixture

pytestmark = pytest.mark.by_turns
PLAN = "Aktivitet;Ansvarig;Slutdatum\nKurs {};Alice;2025-03-31\n"
PEOPLE = "Namn;E-post;Grupp;Roll\nEva Ek {};eva@example.org;NOSAM Alm;ledamot\n"
SAYS = f"stoppades av viruskontrollen, som hittade {NAME} i den"
AWAY = "Viruskontrollen svarar inte just nu"


@pytest.fixture(scope="module")
def scanner() -> Iterator[Clamd]:
    """clamd, for the tests of this file."""
    with real_clamd() as made:
        yield made


@pytest.fixture
def scanned(town: Town, scanner: Clamd) -> Iterator[Town]:
    """A collaboration whose files are shown to it, on each database."""
    yield from _with(town, scanner.unix)


@pytest.fixture
def small(small_town: Town, scanner: Clamd) -> Iterator[Town]:
    """The same where the database makes no difference."""
    yield from _with(small_town, scanner.unix)


@pytest.fixture
def without(small_town: Town) -> Iterator[Town]:
    """The same, where the scanner has stopped."""
    yield from _with(small_town, without_it())


def _with(town: Town, address: str) -> Iterator[Town]:
    told = town.settings
    town.settings = told.model_copy(update={"virus_scanner": address, "today": JANUARY})
    virus_scanner.use(town.settings)
    yield town
    virus_scanner.use(told)


def pages(town: Town) -> TestClient:
    """Without sign-in, so whoever is at the machine leads."""
    return browse(create_app(town.settings))


def found(told: Settings) -> list[str]:
    """The viruses on file."""
    with reading(told) as session:
        return list(session.execute(select(c(VirusFound).name)).scalars())


def but_viruses(told: Settings) -> Any:  # noqa: ANN401
    """Everything on file but which viruses were found."""
    return {
        table: rows for table, rows in everything_on_file(told).items() if table != "virus_found"
    }


def kept(told: Settings) -> list[Path]:
    """Files that wait for somebody's yes."""
    return [path for path in told.home.rglob("*") if re.fullmatch("[0-9a-f]{64}", path.name)]


# What the protocol is, with the real one at the other end.


@pytest.mark.parametrize("where", ["unix", "tcp"])
def test_a_clean_file_is_clean_and_a_virus_has_its_name(scanner: Clamd, where: str) -> None:
    at = scanner_at(getattr(scanner, where))
    assert at is not None
    knock(at)
    for data, name in (
        (b"", ""),
        (b"Aktivitet;Ansvarig\n", ""),
        (b"x" * 200_000, ""),
        (b"x" * 100_000 + VIRUS.encode(), NAME),
        (docx(f"ord {VIRUS}"), NAME),
        (harmless_virus().read(), EICAR),
    ):
        with scratch(data) as file:
            assert found_in(at, file, within=10) == name


@pytest.mark.parametrize("where", ["unix", "tcp"])
def test_a_file_that_is_larger_than_it_takes_is_told_so(scanner: Clamd, where: str) -> None:
    at = scanner_at(getattr(scanner, where))
    assert at is not None
    with scratch(b"x" * (TAKES + 1)) as file, pytest.raises(TooLargeError):
        found_in(at, file, within=10)
    assert clamd.takes(at, TAKES)
    assert not clamd.takes(at, TAKES + 1)


@contextmanager
def scratch(data: bytes) -> Iterator[Any]:
    """Those bytes as a file."""
    with TemporaryFile() as file:
        file.write(data)
        yield file


@contextmanager
def answering(says: Callable[[socket.socket], None]) -> Iterator[Scanner]:
    """Somebody at a port who says something else than clamd does."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def one() -> None:
            with server.accept()[0] as connection:
                says(connection)

        thread = threading.Thread(target=one, daemon=True)
        thread.start()
        yield Scanner(host="127.0.0.1", port=server.getsockname()[1])
        thread.join(30)


def _odd(words: bytes) -> Callable[[socket.socket], None]:
    """Takes all of the file, and answers so."""

    def says(connection: socket.socket) -> None:
        came = b""
        while not came.endswith(bytes(4)):
            came += connection.recv(65536)
        connection.sendall(words)

    return says


@pytest.mark.parametrize(
    "words",
    [b"", b"stream: ", b"stream: OK, nearly\0", b"HTTP/1.1 200 OK\r\n\r\n", b"\0", b"x" * 9999],
)
def test_what_is_no_answer_of_clamds_is_none(words: bytes) -> None:
    with answering(_odd(words)) as at, scratch(b"hej") as file, pytest.raises(NoAnswerError):
        found_in(at, file, within=10)


def test_a_yes_before_the_file_has_been_sent_is_none() -> None:
    def hasty(connection: socket.socket) -> None:
        connection.sendall(b"stream: OK\0")
        while connection.recv(65536):
            pass

    with answering(hasty) as at, scratch(b"x" * 30_000_000) as file, pytest.raises(NoAnswerError):
        found_in(at, file, within=30)


def test_a_name_is_plain_signs_alone() -> None:
    odd = 'stream: X"\n<b>åäö event="signed in" FOUND\0'.encode()
    with answering(_odd(odd)) as at, scratch(b"hej") as file, pytest.raises(NoAnswerError):
        found_in(at, file, within=10)
    odd = 'stream: X"<b>å event="signed in" FOUND\0'.encode()
    with answering(_odd(odd)) as at, scratch(b"hej") as file:
        assert found_in(at, file, within=10) == "X??b???event??signed?in?"


def test_one_that_says_a_sign_at_a_time_has_its_time_and_no_more() -> None:
    over = threading.Event()

    def drips(connection: socket.socket) -> None:
        while not over.wait(0.01):
            try:
                connection.sendall(b"s")
            except OSError:
                return

    with answering(drips) as at, scratch(b"hej") as file:
        with pytest.raises(NoAnswerError, match="took too long"):
            found_in(at, file, within=0.3)
        over.set()


# Every door.

SAMPLES: Mapping[str, tuple[str, Callable[[str], bytes]]] = {
    "POST /aktiviteter/{activity_id}/kommentar": ("brev.docx", docx),
    "POST /avvikelser/las-in": ("export.csv", lambda words: csv_file([[*THREE[0][:6], words]])),
    "POST /personer/las-in": ("personer.csv", lambda words: PEOPLE.format(words).encode()),
    "POST /planer/las-in": ("plan.csv", lambda words: PLAN.format(words).encode()),
    "POST /rapporter/{edition_id}/word": ("utkast.docx", docx),
}


def takes_files() -> dict[str, str]:
    """The forms that a file comes in by, each with its field, as the table of fields has them."""
    return {
        form: name for form, line in FIELDS.items() for name, held in line.items() if held is FILE
    }


def there_is(town: Town, form: str) -> None:
    """What the form is about."""
    town.decided(by="2024-11-30")
    if "{edition_id}" in form:
        year(town)


def sends(town: Town, form: str, words: str) -> httpx.Response:
    """Frida sends a file with those words in it by a form."""
    name, made = SAMPLES[form]
    address = re.sub(r"\{\w+\}", "1", form.removeprefix("POST "))
    file = {takes_files()[form]: (name, made(words))}
    answer: httpx.Response = pages(town).post(address, data={}, files=file)
    return answer


def test_every_form_that_takes_a_file_is_tried_here() -> None:
    assert takes_files().keys() == SAMPLES.keys()


@pytest.mark.parametrize("form", sorted(SAMPLES))
def test_a_file_with_a_virus_is_refused_at_every_form_and_nothing_is_saved(
    scanned: Town, caplog: pytest.LogCaptureFixture, form: str
) -> None:
    there_is(scanned, form)
    before = but_viruses(scanned.settings)
    with caplog.at_level(logging.INFO):
        refused = sends(scanned, form, VIRUS)
    assert refused.status_code == 422
    name = SAMPLES[form][0]
    assert f"{name} {SAYS}" in refused.text
    assert but_viruses(scanned.settings) == before
    assert kept(scanned.settings) == []
    assert found(scanned.settings) == [NAME]
    told = [line.getMessage() for line in caplog.records if line.name.startswith("foljsam")]
    assert f'event="sent a file with a virus" virus="{NAME}"' in told
    assert name not in " ".join(told)


@pytest.mark.parametrize("form", sorted(SAMPLES))
def test_no_form_takes_a_file_while_the_scanner_has_stopped(without: Town, form: str) -> None:
    there_is(without, form)
    before = everything_on_file(without.settings)
    refused = sends(without, form, "utan fel")
    assert refused.status_code == 422
    assert AWAY in refused.text
    assert everything_on_file(without.settings) == before
    assert kept(without.settings) == []


@pytest.mark.parametrize("form", sorted(SAMPLES))
def test_a_clean_file_is_read_as_if_there_were_no_scanner(small: Town, form: str) -> None:
    there_is(small, form)
    said = sends(small, form, "utan fel")
    assert "iruskontroll" not in said.text
    assert found(small.settings) == []
    if not form.endswith("/word"):  # its sample has no fields of a report
        assert said.status_code in {200, 303}


def test_frida_keeps_her_words_when_the_file_of_her_comment_is_refused(small: Town) -> None:
    activity = small.decided("SIP i tid", by="2024-05-31")
    frida = pages(small)
    with_virus = writes(frida, activity, ("brev.docx", docx(VIRUS)), words="Läs det här.")
    assert with_virus.status_code == 422
    assert SAYS in with_virus.text
    assert "Läs det här." in with_virus.text
    assert (on_file(small), files(small)) == ([], [])
    clean = writes(frida, activity, ("brev.docx", docx("Hej")), words="Läs det här.")
    assert clean.status_code in {200, 303}
    assert [name for name, *_ in files(small)] == ["brev.docx"]


def test_frida_keeps_her_words_when_the_scanner_is_away(without: Town) -> None:
    activity = without.decided("SIP i tid", by="2024-05-31")
    frida = pages(without)
    refused = writes(frida, activity, ("brev.docx", docx("Hej")), words="Läs det här.")
    assert refused.status_code == 422
    assert AWAY in refused.text
    assert "Läs det här." in refused.text
    assert (on_file(without), files(without)) == ([], [])
    alone = writes(frida, activity, words="Läs det här.")
    assert alone.status_code in {200, 303}
    assert len(on_file(without)) == 1


def test_a_scanner_that_hangs_is_waited_for_and_no_longer(
    small: Town, scanner: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clamd, "WITHIN", 0.3)
    with scanner.hangs():
        refused = sends(small, "POST /planer/las-in", "utan fel")
        assert refused.status_code == 422
        assert AWAY in refused.text
    monkeypatch.undo()
    assert sends(small, "POST /planer/las-in", "utan fel").status_code == 200


def test_a_plan_that_was_shown_is_looked_at_again_when_it_is_saved(small: Town) -> None:
    shown = sends(small, "POST /planer/las-in", "utan fel")
    key = re.search('name="fingerprint" value="([0-9a-f]+)"', shown.text)
    assert key is not None
    told = small.settings.model_copy(update={"virus_scanner": without_it()})
    data = {"fingerprint": key[1], "name": "plan.csv", "spara": "ja"}
    refused = browse(create_app(told)).post("/planer/las-in", data=data)
    assert refused.status_code == 422
    assert AWAY in refused.text


def test_a_file_that_the_scanner_does_not_take_is_refused_with_what_to_do(small: Town) -> None:
    large = PLAN.format("x" * (TAKES + 1)).encode()
    refused = pages(small).post("/planer/las-in", files={"file": ("plan.csv", large)})
    assert refused.status_code == 422
    assert "större än viruskontrollen tar emot" in refused.text


def test_a_plan_of_our_own_is_written_out_while_the_scanner_is_away(without: Town) -> None:
    without.decided(by="2024-12-31")
    assert pages(without).get("/planer/1.docx").status_code == 200


def test_an_export_with_a_virus_is_put_aside_and_one_that_was_not_scanned_waits(
    scanned: Town, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    told = scanned.settings.model_copy(update={"deviations_folder": str(folder)})
    leaves(told, "q1.csv", csv_file(THREE))
    virus_scanner.use(told.model_copy(update={"virus_scanner": without_it()}))
    assert [bool(each.why_not) for each in watch(told)] == [True]
    assert (names(told), cases(told)) == (["q1.csv"], 0)
    virus_scanner.use(told)
    leaves(told, "q2.csv", csv_file([[*THREE[1][:6], VIRUS]]))
    watch(told)
    assert (names(told), cases(told)) == ([], 3)
    assert names(told, "avvisade") == ["q2.csv", "q2.csv.txt"]
    assert SAYS in (folder / "avvisade" / "q2.csv.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("command", "file", "data"),
    [
        (("import", "plan"), "plan.csv", PLAN),
        (("import", "people"), "personer.csv", PEOPLE),
        (("import", "groups"), "grupper.csv", "Grupp;Typ\n{};NOSAM\n"),
    ],
)
def test_the_command_says_in_a_sentence_what_the_pages_do(
    small: Town, scanner: Clamd, tmp_path: Path, command: tuple[str, str], file: str, data: str
) -> None:
    path = tmp_path / file
    path.write_text(data.format(VIRUS), "utf-8")
    home, words = small.settings.home, (*command, str(path))
    done = within(home, *words, FOLJSAM_VIRUS_SCANNER=scanner.unix)
    assert done.returncode == 2
    assert f"foljsam: {file} was stopped by the virus scanner, which found {NAME}" in done.stderr
    away = within(home, *words, FOLJSAM_VIRUS_SCANNER=without_it())
    assert away.returncode == 2
    assert away.stderr.startswith("foljsam: the virus scanner (FOLJSAM_VIRUS_SCANNER) does not")


def says(pattern: str) -> set[str]:
    """The files of the product where that stands."""
    asked = re.compile(pattern)
    return {
        str(path.relative_to(ROOT))
        for room in FLOORS
        for path in (ROOT / room).rglob("*.py")
        if asked.search(path.read_text("utf-8"))
    }


def test_files_are_read_through_one_door_and_what_goes_past_the_scanner_is_known() -> None:
    """What is read goes by `apart.py`, and pages get files from `kept_files.py` alone."""
    assert says(r"reading_room\b.*str\(theirs") == {"intake/apart.py"}
    assert says(r"\b_begin\(reader") == {"intake/apart.py"}
    assert says(r"\bof_mail=") == {"intake/replies/written.py", "flows/mail_in.py"}
    assert says(r"\bof_words=") == {"intake/made_apart.py"}
    assert says(r"\bMadeHere\(data") == says(r"import .*\bMadeHere") == {"web/plans/plan_export.py"}
    assert says(r"\bmax_files=") == {"web/kept_files.py", "web/forms.py"}
    takes = says(r"(?:async with|=) (?:kept_files\.)?sent\(request")
    assert len(takes) == len(SAMPLES)


def test_a_virus_is_refused_where_it_cannot_be_counted(small: Town) -> None:
    with transaction(small.settings) as session:
        session.connection().exec_driver_sql("DROP TABLE virus_found")
    with pytest.raises(Refusal, match=NAME):
        read_content("plan.csv", PLAN.format(VIRUS).encode())


# What is set, and what those who run it are told.


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("unix:/run/clamav/clamd.ctl", "unix:/run/clamav/clamd.ctl"),
        ("tcp://127.0.0.1:3310", "tcp://127.0.0.1:3310"),
        ("unix:///run/clamav/clamd.ctl", "unix:/run/clamav/clamd.ctl"),
        ("tcp://clamav", "tcp://clamav:3310"),
        ("tcp://[::1]:3310/", "tcp://[::1]:3310"),
    ],
)
def test_a_scanner_is_named_by_its_socket_or_its_port(
    tmp_path: Path, words: str, shown: str
) -> None:
    assert str(Settings(home=tmp_path, virus_scanner=words).scanner) == shown


@pytest.mark.parametrize(
    "words",
    [
        *("/run/clamav/clamd.ctl", "unix:clamd.ctl", "unix://", "unix:/" + "x" * 200, "ja"),
        *("http://127.0.0.1:3310", "tcp://", "tcp://127.0.0.1:x", "tcp://a/b", "tcp://a:b@c:1"),
    ],
)
def test_an_address_that_is_none_is_refused_at_start(tmp_path: Path, words: str) -> None:
    with pytest.raises(SettingsError, match=r"FOLJSAM_VIRUS_SCANNER: .*write unix:/run/clamav"):
        settings.load(home=tmp_path, virus_scanner=words)


def of(told: Settings, about: str) -> list[Finding]:
    """What doctor says of one thing."""
    alone = told.model_copy(update={"prefect_port": free_port(), "port": free_port()})
    return [one for one in examine(alone, clock.now()) if one.about == about]


def test_doctor_tries_the_scanner_with_a_file_that_all_scanners_know(small: Town) -> None:
    (knows, *small_) = of(small.settings, "virus scanner")
    assert (knows.verdict, knows.says.endswith(f"finds the test virus ({EICAR})")) == (
        Verdict.GOOD,
        True,
    )
    assert [one.says for one in small_] == [
        "it takes no files that people send as large as we read them, 20 MB",
        "it takes no exports of deviations as large as we read them, 256 MB",
    ]
    assert {one.verdict for one in small_} == {Verdict.NOTE}
    assert [one.verdict for one in of(small.settings, "viruses")] == [Verdict.GOOD]
    sends(small, "POST /planer/las-in", VIRUS)
    (lately,) = of(small.settings, "viruses")
    assert lately.verdict is Verdict.NOTE
    assert f"{NAME} (1)" in lately.says


def test_doctor_tells_of_a_scanner_that_is_away_knows_nothing_or_is_not_set(
    small_town: Town,
) -> None:
    told = small_town.settings
    assert [one.verdict for one in of(told, "virus scanner")] == [Verdict.NOTE]
    away = told.model_copy(update={"virus_scanner": without_it()})
    (broken,) = of(away, "virus scanner")
    assert (broken.verdict, broken.do) == (Verdict.BROKEN, "No file is taken in until it answers.")
    with real_clamd(knows_eicar=False) as empty:
        knows_nothing = told.model_copy(update={"virus_scanner": empty.unix})
        first = of(knows_nothing, "virus scanner")[0]
    assert first.verdict is Verdict.BROKEN
    assert "does not know the test virus" in first.says


def test_doctor_tells_when_files_go_to_the_scanner_of_another_machine_unencrypted(
    lite: Settings,
) -> None:
    away = lite.model_copy(update={"virus_scanner": "tcp://clamav.example.org:3310"})
    assert any("all files unencrypted" in words for words, _ in plainly_spoken_to(away))
    for here in ("tcp://127.0.0.1:3310", "unix:/run/clamav/clamd.ctl"):
        assert list(plainly_spoken_to(lite.model_copy(update={"virus_scanner": here}))) == []


def test_watchers_hear_of_a_scanner_that_stopped(small: Town) -> None:
    now = clock.now()
    heartbeat.pulse(small.settings, heartbeat.CLOCKWORK, now)
    never = pages(small).get("/health")
    assert (never.status_code, never.json()["virus_scanner_stands"]) == (503, True)
    heartbeat.ask_the_scanner(small.settings, now)
    well = pages(small).get("/health")
    assert (well.status_code, well.json()["virus_scanner_stands"]) == (200, False)
    away = small.settings.model_copy(update={"virus_scanner": without_it()})
    with pytest.raises(NoAnswerError):
        heartbeat.ask_the_scanner(away, now)
    with transaction(small.settings) as session:
        session.get_one(Pulse, heartbeat.SCANNER).at = now - timedelta(minutes=6)
    gone = pages(small).get("/health")
    assert (gone.status_code, gone.json()["virus_scanner_stands"]) == (503, True)
    unset = small.settings.model_copy(update={"virus_scanner": ""})
    assert browse(create_app(unset)).get("/health").status_code == 200


def test_the_minute_hand_asks_the_scanner_by_itself(small: Town) -> None:
    clockwork = Clockwork(small.settings, None)
    clockwork.start()
    try:
        wait_for(lambda: answered(small.settings))
    finally:
        clockwork.stop()


def answered(told: Settings) -> bool:
    """Has the scanner been heard of?"""
    with reading(told) as session:
        return session.get(Pulse, heartbeat.SCANNER) is not None


def test_alices_answer_by_mail_is_not_kept_waiting_for_the_scanner(mail: Post) -> None:
    mail.town.decided(by="2024-12-31")
    mail.goes()
    virus_scanner.use(mail.town.settings.model_copy(update={"virus_scanner": without_it()}))
    mail.comes(mail.reply("klart"))
    assert [answer.says for answer in answers(mail.town)] == [Says.DONE]


def test_the_page_of_rounds_tells_whoever_runs_it_what_was_stopped(small: Town) -> None:
    assert "Viruskontrollen har inte svarat än" in pages(small).get("/korningar").text
    heartbeat.ask_the_scanner(small.settings, clock.now())
    quiet = pages(small).get("/korningar").text
    assert "Viruskontrollen svarade senast" in quiet
    assert "Den har stoppat inga filer de senaste 30 dagarna." in quiet
    sends(small, "POST /planer/las-in", VIRUS)
    told = pages(small).get("/korningar").text
    assert f"Den har stoppat en fil de senaste 30 dagarna: {NAME} (1)." in told
    unset = small.settings.model_copy(update={"virus_scanner": ""})
    assert "iruskontroll" not in browse(create_app(unset)).get("/korningar").text
