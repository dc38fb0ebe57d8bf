"""A plan as it stood on any day, on its page and on the command line."""

import json
from datetime import date

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from cli.main import app
from tests.cast import Town


def test_a_plan_is_shown_as_it_stood(town: Town, frida: TestClient) -> None:
    sip = town.decided("Trygg hemgång", by="2024-06-30", today=date(2024, 1, 2))
    frida.post(f"/aktiviteter/{sip}/andra", data={"deadline": "2024-11-30", "reason": "Omtag"})
    renamed = {"text": "Korta vägar", "do": "spara"}
    frida.post(f"/planer/{town.plan}/mal/{town.goal}", data=renamed)
    then = frida.get(f"/planer/{town.plan}", params={"den": "1 februari 2024"}).text
    document = then.split('id="hant"')[0]
    assert "Så stod planen 1 februari 2024." in document
    for words in ("Hålla ihop vården", "2024-06-30", "Beslutad"):
        assert words in document
    assert "Korta vägar" not in document
    assert "Ändra planen" not in document
    today = frida.get(f"/planer/{town.plan}").text
    assert "Mål: Hålla ihop vården → Korta vägar" in today
    before = frida.get(f"/planer/{town.plan}", params={"den": "2024-01-05"}).text
    assert "Föreslagen" in before.split('id="hant"')[0]


@pytest.mark.parametrize(
    ("den", "sentence"),
    [("2030-01-01", "Den dagen har inte varit än."), ("blå", "går inte att läsa som ett datum")],
)
def test_a_day_that_cannot_be_shown_is_said(
    town: Town, frida: TestClient, den: str, sentence: str
) -> None:
    assert sentence in frida.get(f"/planer/{town.plan}", params={"den": den}).text


def test_the_command_line_shows_a_plan_on_a_day(small_town: Town) -> None:
    sip = small_town.decided("Trygg hemgång", by="2024-06-30")
    asked = ["plan", "show", "plan 2024", "--on", "2024-01-05", "--json"]
    shown = json.loads(CliRunner().invoke(app, asked).stdout)
    assert shown["on"] == "2024-01-05"
    assert [(one["id"], one["state"]) for one in shown["activities"]] == [(sip, "föreslagen")]
    now = json.loads(CliRunner().invoke(app, ["plan", "show", "1", "--json"]).stdout)
    assert now["activities"][0]["state"] == "beslutad"
    assert now["activities"][0]["goals"] == ["Hålla ihop vården"]
