"""What Alice writes in an answer stands in the group's report when Frida has said yes to it."""

import json
import re
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.columns import c
from models.database import reading, transaction
from models.edition import Edition, ReportKind
from models.group import Collaboration
from models.status import ReleasedWords
from reports.compiling import compile_edition
from reports.editions import Of
from tests.cast import Town
from tests.conftest import browse
from tests.test_only_what_she_touched import link
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY, CUT_OFF = date(2024, 12, 2), date(2025, 1, 5)
HERS = "Björk på vårdcentralen väntar på avtal."


@pytest.fixture
def frida(town: Town) -> TestClient:
    """Frida's browser, at the machine."""
    return browse(create_app(town.settings.model_copy(update={"today": TODAY})))


@pytest.fixture
def sip(town: Town, frida: TestClient) -> int:
    """An activity that Alice has answered about, in words."""
    asked = town.decided(by="2024-12-31")
    town.morning(TODAY)
    frida.post(link(town), data={f"says_{asked}": "late", f"text_{asked}": HERS})
    return asked


def told(town: Town) -> dict[str, Any]:
    """What the quarter's facts tell of the answer, compiled now."""
    with reading(town.settings) as session:
        area = session.execute(select(c(Collaboration).id)).scalar_one()
    of = Of(ReportKind.QUARTER, area, None, "2024Q4")
    made = compile_edition(town.settings, of, CUT_OFF, "Frida")
    assert made is not None
    with reading(town.settings) as session:
        facts = json.loads(session.get_one(Edition, made[0]).facts)
    (one,) = [each for group in facts["groups"] for each in group["activities"]]
    return dict(one["said"])


def waiting(page: str) -> bool:
    """Does the page of words show hers?"""
    return HERS in page


def test_words_that_nobody_has_read_do_not_stand_in_the_report(town: Town, sip: int) -> None:
    said = told(town)
    assert (said["says"], said["text"], said["who"]) == ("late", "", "")
    assert sip


def test_frida_lets_them_all_through_with_one_click(
    town: Town, frida: TestClient, sip: int
) -> None:
    assert waiting(frida.get("/ord").text)
    assert "Ord som väntar på ditt ja" in frida.get("/").text
    (answer,) = waiting_ids(town, frida)
    frida.post("/ord", data={f"words_{answer}": HERS})
    assert told(town)["text"] == HERS
    assert not waiting(frida.get("/ord").text)
    assert sip


def waiting_ids(town: Town, frida: TestClient) -> list[int]:
    """The numbers of the answers on the page of words."""
    assert town
    return [int(n) for n in re.findall(r'name="words_(\d+)"', frida.get("/ord").text)]


def test_what_she_mends_has_a_mark_and_what_she_keeps_out_is_out(
    town: Town, frida: TestClient, sip: int
) -> None:
    (answer,) = waiting_ids(town, frida)
    frida.post("/ord", data={f"words_{answer}": "Väntar på avtal."})
    assert told(town)["text"] == "Väntar på avtal. (redigerat)"
    frida.post(link(town), data={f"says_{sip}": "late", f"text_{sip}": "Om en enda patient."})
    (later,) = waiting_ids(town, frida)
    frida.post("/ord", data={f"words_{later}": "Om en enda patient.", f"hold_{later}": "ja"})
    assert told(town)["text"] == ""
    assert waiting_ids(town, frida) == []


def test_line_ends_of_a_browser_mend_nothing(town: Town, frida: TestClient) -> None:
    asked = town.decided(by="2024-12-31")
    town.morning(TODAY)
    frida.post(link(town), data={f"says_{asked}": "late", f"text_{asked}": "Ett.\nTvå."})
    (answer,) = waiting_ids(town, frida)
    frida.post("/ord", data={f"words_{answer}": "Ett.\r\nTvå."})
    with reading(town.settings) as session:
        assert session.execute(select(c(ReleasedWords).edited)).scalars().all() == [False]


def test_mended_words_with_a_personnummer_are_refused_and_nothing_is_kept(
    town: Town, frida: TestClient, sip: int
) -> None:
    (answer,) = waiting_ids(town, frida)
    refused = frida.post("/ord", data={f"words_{answer}": "Gäller 19121212-1212."})
    assert refused.status_code in {400, 422}
    assert told(town)["text"] == ""
    assert sip


def test_a_second_yes_changes_nothing(town: Town, frida: TestClient, sip: int) -> None:
    (answer,) = waiting_ids(town, frida)
    frida.post("/ord", data={f"words_{answer}": HERS})
    frida.post("/ord", data={f"words_{answer}": "Något annat."})
    assert told(town)["text"] == HERS
    assert sip


def test_her_name_stands_there_only_where_the_collaboration_wants_it(
    town: Town, frida: TestClient, sip: int
) -> None:
    (answer,) = waiting_ids(town, frida)
    frida.post("/ord", data={f"words_{answer}": HERS})
    assert told(town)["who"] == ""
    with transaction(town.settings) as session:
        area = session.execute(select(c(Collaboration).id)).scalar_one()
    frida.post("/ord/namn", data={"collaboration": str(area), "namn": "ja"})
    assert told(town)["who"] == "Alice"
    frida.post("/ord/namn", data={"collaboration": str(area)})
    assert told(town)["who"] == ""
    assert sip


def test_an_older_answers_words_never_stand_in_place_of_what_was_said_since(
    town: Town, frida: TestClient, sip: int
) -> None:
    (answer,) = waiting_ids(town, frida)
    frida.post("/ord", data={f"words_{answer}": HERS})
    frida.post(link(town), data={f"says_{sip}": "done", f"text_{sip}": "Avtalet är klart."})
    said = told(town)
    assert (said["says"], said["text"]) == ("done", "")
