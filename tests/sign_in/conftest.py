"""What the tests of signing in share: a town where people sign in, browsers, mailed links."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from config.settings import Settings, SignIn
from models.columns import c
from models.database import reading, transaction
from models.session import SignInRequest
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app

TODAY = date(2025, 1, 10)


def with_sign_in(settings: Settings, **more: Any) -> Settings:  # noqa: ANN401
    """The same installation, where people sign in."""
    told = {"sign_in": SignIn.MAIL, "base_url": "http://127.0.0.1", "today": TODAY}
    return settings.model_copy(update=told | {"administrators": "root@example.org"} | more)


def browser(app: FastAPI) -> TestClient:
    """A browser of its own, with its own cookies, that says where its forms come from."""
    client = browse(app)
    client.headers["Sec-Fetch-Site"] = "same-origin"
    client.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0"
    return client


@pytest.fixture
def app(small_town: Town) -> FastAPI:
    """The pages of a town where people sign in by mail."""
    return create_app(with_sign_in(small_town.settings))


@pytest.fixture
def alices(app: FastAPI) -> TestClient:
    """Alice's browser."""
    return browser(app)


def links(town: Town) -> list[str]:
    """The links to sign in with that have been written, oldest first."""
    found = [re.search(r"/logga-in/lank/\S+", letter.text) for letter in town.letters()]
    return [match[0] for match in found if match]


def asks(client: TestClient, address: str, **given: str) -> Response:
    """Somebody writes an address in the form."""
    answer: Response = client.post("/logga-in", data={"address": address} | given)
    return answer


def signs_in(town: Town, client: TestClient, address: str) -> Response:
    """Somebody asks for a link, opens it and presses the button."""
    asks(client, address)
    link = links(town)[-1]
    assert "Ett steg kvar" in client.get(link).text
    answer: Response = client.post(link, follow_redirects=False)
    return answer


def is_in(client: TestClient) -> bool:
    """Is the first page shown, rather than the form to sign in?"""
    return bool(client.get("/", follow_redirects=False).status_code == 200)


def later(town: Town, model: Any, **columns: timedelta) -> None:  # noqa: ANN401
    """Let time pass for the rows of a table."""
    with transaction(town.settings) as session:
        for row in session.execute(select(model)).scalars():
            for name, passed in columns.items():
                before = getattr(row, name)
                setattr(row, name, before and before - passed)


def requests_on_file(town: Town) -> int:
    """How many requests are on file."""
    with reading(town.settings) as session:
        return len(session.execute(select(c(SignInRequest).id)).all())
