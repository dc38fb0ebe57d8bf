"""What every test may ask for: a fresh installation on either database, a mailbox, Prefect.

REQUIRE_ALL=1 (set by .ci/run) turns "not here, so skipped" into a failure.
"""

import gc
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import text

from cli.mailbox import Mailbox
from config import settings as settings_module
from config.settings import Settings
from flows import prefect_child
from flows.prefect_child import Child
from models import database
from tests.cast import Town
from tests.costs import Costs
from tests.databases import Postgres, alike, migrated_file, put_migrated
from tests.prefects import keep_tables, put_tables
from tests.sizes import BOTH, LONG, draw_alike
from tests.turns import spared_by_turns
from web.asking import coming

SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_configure(config: pytest.Config) -> None:
    """Nobody's real installation, proxy or Prefect profile may leak into a test."""
    config.pluginmanager.register(Costs())
    config.addinivalue_line("markers", "by_turns: on one of the two databases")
    draw_alike()
    for name in [n for n in os.environ if n.startswith(("FOLJSAM_", "PREFECT_"))]:
        del os.environ[name]
    # A server for one test alone may start slowly where two tests run beside each other.
    os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "120"
    # Nobody outside vouches for anything here, and the list of everybody takes long to read.
    os.environ["SSL_CERT_FILE"] = str(Path(__file__).parent / "data" / "nobody.pem")
    os.environ.pop("SSL_CERT_DIR", None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Those that need a server stand first and together, so that one process starts Prefect."""
    if not BOTH:
        spared = spared_by_turns(items)
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in set(spared)]
    items.sort(key=lambda item: not asks_prefect(item))


def pytest_collection_finish() -> None:
    """What has been imported stays, so it is not looked through for what could be thrown away.

    Looking through it all again and again, as Python does by itself, is a fifth of what tests cost.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """A server that the next test does not ask for is stopped: it works also when nobody asks."""
    if nextitem is None or not asks_prefect(nextitem):
        PREFECT.stop()


def asks_prefect(item: pytest.Item) -> bool:
    """Does a test need the Prefect server that all share?"""
    return "prefect_server" in getattr(item, "fixturenames", ())


def missing(what: str) -> None:
    """Skip where a part is not installed; fail where everything is required."""
    if os.environ.get("REQUIRE_ALL"):
        pytest.fail(f"{what} is required here")
    pytest.skip(f"{what} is not installed")


def free_port() -> int:
    """A loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def browse(app: FastAPI, *, raise_server_exceptions: bool = True) -> TestClient:
    """A browser that asks the address the pages are really at."""
    return TestClient(
        app, base_url="http://127.0.0.1", raise_server_exceptions=raise_server_exceptions
    )


def fill_as_of(told: Settings, revision: str, rows: str) -> None:
    """Let an installation be what it was at an earlier revision, with these rows on file."""
    config = Config()
    config.set_main_option("script_location", "migrations")
    with database.engine_for(told).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    with database.engine_for(told).begin() as connection:
        for words in rows.strip().split(";\n"):
            connection.execute(text(words))


@pytest.fixture(scope="session", autouse=True)
def _one_language() -> Iterator[None]:
    """All engines of a kind share what they have compiled."""
    with alike():
        yield


@pytest.fixture(scope="session")
def migrated() -> Path:
    """A SQLite file with all tables, made once and copied for each test."""
    return migrated_file()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL server, with a migrated database to make copies of."""
    try:
        server = Postgres()
    except ImportError:
        missing("PostgreSQL")
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgres"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A fresh installation, on each of the two databases."""
    yield from _installation(request, tmp_path, request.param)


@pytest.fixture
def lite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A fresh installation on SQLite, where the database makes no difference."""
    yield from _installation(request, tmp_path, "sqlite")


def _installation(request: pytest.FixtureRequest, home: Path, kind: str) -> Iterator[Settings]:
    os.environ["FOLJSAM_HOME"] = str(home)
    given: dict[str, object] = {"home": home, "organisation": "Vårdsamverkan Prov"}
    server: Postgres | None = None
    name = ""
    if kind == "sqlite":
        put_migrated(home)
    else:
        server = request.getfixturevalue("postgres")
        name = server.copy()
        given["database_url"] = os.environ["FOLJSAM_DATABASE_URL"] = server.get_uri(name)
    settings = settings_module.load(**given)
    yield settings
    database.close(settings)
    os.environ.pop("FOLJSAM_DATABASE_URL", None)
    del os.environ["FOLJSAM_HOME"]
    if server is not None:
        server.give_back(name)


@pytest.fixture
def town(told: Settings) -> Town:
    """Alice, Bob and Charlie's collaboration, on each database."""
    return Town(told)


@pytest.fixture
def small_town(lite: Settings) -> Town:
    """The same on SQLite only."""
    return Town(lite)


class SharedPrefect:
    """The Prefect server of this process: begun by the first test that asks, ended with the last.

    It works all the time it is there, asked or not, so it does not stay for the tests that follow.
    """

    def __init__(self) -> None:
        self._running: tuple[Child, Settings] | None = None

    def started(self, folders: pytest.TempPathFactory) -> Settings:
        """Where it answers; in a new home where there was none."""
        if self._running is None:
            home = folders.mktemp("prefect-home")
            told = settings_module.load(home=home, prefect_port=free_port())
            put_tables(home / "prefect" / "prefect.db")
            with pytest.MonkeyPatch.context() as impatient:  # old runs are forgotten as one looks
                impatient.setenv("PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS", "5")
                self._running = prefect_child.start(told), told
            self._running[0].wait_ready(within=300)  # many tests may share few processors
            keep_tables(home / "prefect" / "prefect.db")
        return self._running[1]

    def stop(self) -> None:
        """End it, where there is one."""
        running, self._running = self._running, None
        if running is not None:
            running[0].stop()


PREFECT = SharedPrefect()


@pytest.fixture
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One Prefect server for all tests that need it."""
    return PREFECT.started(tmp_path_factory)


@pytest.fixture
def place(
    prefect_server: Settings, lite: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    """A town whose rounds are run by the server."""
    monkeypatch.setenv("FOLJSAM_PREFECT_API_URL", prefect_server.prefect_api)
    monkeypatch.setenv("FOLJSAM_PREFECT_AUTH", prefect_server.prefect_password)
    told = lite.model_copy(
        update={
            "prefect_api_url": prefect_server.prefect_api,
            "prefect_auth": SecretStr(prefect_server.prefect_password),
        }
    )
    yield Town(told)
    database.close(told)


@contextmanager
def a_moments_work(seconds: float = 0, *, always: bool = False) -> Iterator[None]:
    """The letters to come are worked out for a moment, unless all is tried; 90 days take seconds.

    The page then says how far it came, and names whom it would write to until then: the next day,
    and on for so many seconds of processor. `always`: also where all is tried, since it is asked
    some thousand times.
    """
    with pytest.MonkeyPatch.context() as patch:
        if always or not LONG:
            patch.setattr(coming, "ENOUGH", seconds)
        yield


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real SMTP server on loopback."""
    box = Mailbox()
    box.open()
    yield box
    box.close()
