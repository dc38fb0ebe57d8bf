"""Prefect's server is away, slow or busy, or another is in its place: said in a sentence."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from cli.demo import answered
from cli.example.promises import _flow_runs
from cli.example.stage import DemoFailed
from config import clock, prefect_api
from config.settings import Clock, Settings
from models.database import transaction
from models.round import Round
from tests.cast import Town
from tests.command import Done, foljsam
from tests.conftest import browse, free_port
from tests.sizes import LONG
from web.app import create_app

_PASSWORD = "foljsam:" + "x" * 40
_OF_ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class Odd:
    """A server that says it is well, and to all else what a test tells it to."""

    port: int
    says: str = ""
    busy: int = 0  # how many more it says that it is busy to

    @property
    def api(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/api"

    async def answer(self, request: Request) -> Response:
        """Well, and then not."""
        path = request.url.path
        if path.endswith("/health"):
            return JSONResponse(True)
        if path.endswith("/version"):
            return JSONResponse("3")
        if self.says == "slow":
            await asyncio.sleep(5)
        if self.busy:
            self.busy -= 1
            return JSONResponse({"detail": "x"}, 503)
        if self.says.isdecimal():
            return JSONResponse({"detail": "x"}, int(self.says))
        return PlainTextResponse(self.says, media_type="application/json")


@pytest.fixture(scope="module")
def odd() -> Iterator[Odd]:
    """Such a server, listening."""
    it = Odd(free_port())
    app = Starlette(routes=[Route("/{path:path}", it.answer, methods=list(_OF_ALL))])
    server = uvicorn.Server(uvicorn.Config(app, port=it.port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield it
    server.should_exit = True
    thread.join(20)


def command(home: Path, api: str, *words: str) -> Done:
    """A command of an installation whose Prefect is there; the client is impatient."""
    return foljsam(
        home,
        *words,
        FOLJSAM_PREFECT_API_URL=api,
        FOLJSAM_PREFECT_AUTH=_PASSWORD,
        PREFECT_CLIENT_MAX_RETRIES="0",
        PREFECT_API_REQUEST_TIMEOUT="1",
    )


# Each is a process that imports Prefect: each command and each answer once, or all of them.
@pytest.mark.parametrize(
    ("words", "says", "told"),
    [
        (("worker",), "503", "answers 503"),
        (("run", "morning-round"), "slow", "did not answer in time"),
        (("worker",), "slow", "did not answer in time"),
        (("run", "morning-round"), "503", "answers 503"),
    ][: 4 if LONG else 2],
)
def test_a_command_that_prefect_does_not_answer_says_so_in_a_sentence(
    tmp_path: Path, odd: Odd, words: tuple[str, ...], says: str, told: str
) -> None:
    odd.says = says
    done = command(tmp_path, odd.api, *words)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"foljsam: The Prefect server at {odd.api}")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_whose_server_is_not_there_says_so_in_a_sentence(tmp_path: Path) -> None:
    done = command(tmp_path, f"http://127.0.0.1:{free_port()}/api", "worker")
    assert done.returncode == 2
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_whoever_meets_a_busy_server_comes_again_and_gives_up_in_the_end(
    lite: Settings, odd: Odd
) -> None:
    told = lite.model_copy(update={"prefect_api_url": odd.api})
    odd.says, odd.busy = "[]", 2
    assert prefect_api.ask(told, "flow_runs/filter", {}).json() == []
    odd.busy = 3
    with pytest.raises(httpx.HTTPStatusError):
        prefect_api.ask(told, "flow_runs/filter", {})
    assert odd.busy == 0


def test_the_demo_says_what_did_not_answer(lite: Settings) -> None:
    told = lite.model_copy(update={"prefect_port": free_port()})
    with pytest.raises(DemoFailed, match="does not answer"), answered(told):
        _flow_runs(told)


@pytest.mark.parametrize("says", ["{}", "[]", '"x"', "null", "[1]", "[null]", "[{}]", "<html>"])
def test_the_pages_say_so_of_whatever_is_at_prefects_address(
    small_town: Town, odd: Odd, says: str
) -> None:
    odd.says = says
    run = uuid4()
    with transaction(small_town.settings) as session:
        now, today = clock.now(), clock.today()
        session.add(Round(line="morning-round", on_day=today, started_at=now, flow_run_id=str(run)))
    told = small_town.settings.model_copy(
        update={
            "prefect_api_url": odd.api,
            "prefect_auth": SecretStr(_PASSWORD),
            "clock": Clock.PREFECT,
        }
    )
    pages = browse(create_app(told), raise_server_exceptions=False)
    for path in ("/korningar", f"/korningar/{run}", "/korningar.xlsx"):
        assert pages.get(path).status_code == 200, path
    began = pages.post("/korningar", data={"runda": "morning-round"}, follow_redirects=False)
    assert began.status_code in {303, 422}
    looked = foljsam(
        small_town.settings.home,
        "doctor",
        FOLJSAM_PREFECT_API_URL=odd.api,
        FOLJSAM_PREFECT_AUTH=_PASSWORD,
        FOLJSAM_CLOCK="prefect",
    )
    assert looked.returncode in {0, 1}, looked.stderr
