"""Frida shows a file's columns, and what its words mean, once; the next file like it knows."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, select

from config import settings as settings_module
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration, Group
from models.taught import TaughtColumn, columns_taught, states_taught
from tests.cast import Town
from tests.conftest import browse
from tests.test_plan_import_page import columns, kept_file, upload
from web.app import create_app

HEADS = "Kol A;Kol B;Kol C;Kol D"
FIRST = f"{HEADS}\nTemadag;Alice;2026-05-31;Snurrar\n"  # too little for the cells to tell
SECOND = f"{HEADS}\nStudiebesök;Alice;2026-10-15;snurrar\n"
SHOWN = columns(("Kol A", "what"), ("Kol B", "responsible"), ("Kol C", "deadline"))
SHOWN |= {"rubrik3": "Kol D", "kolumn3": "status"}


@pytest.fixture
def frida(small_town: Town) -> Iterator[TestClient]:
    told = settings_module.load(**{**small_town.settings.model_dump(), "today": "2026-02-10"})
    with browse(create_app(told)) as client:
        yield client


def sent(frida: TestClient, **fields: str) -> Response:
    answer: Response = frida.post("/planer/las-in", data=fields)
    return answer


def shown_and_saved(frida: TestClient, title: str = "Listan 2026", **more: str) -> Response:
    page = upload(frida, FIRST.encode(), "lista 2026.csv")
    assert page.status_code == 422
    file = kept_file(page)
    page = sent(frida, **file, **SHOWN, kolumner="ja")
    assert '<input type="hidden" name="visade" value="ja">' in page.text
    return sent(frida, **file, **SHOWN, visade="ja", plan="ny", title=title, **(more or SAVE))


SAVE = {"spara": "ja"}


def hidden(page: Response) -> dict[str, str]:
    """What the page carries on by itself."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', page.text))


def test_the_next_file_with_the_same_headings_is_read_as_she_showed(
    small_town: Town, frida: TestClient
) -> None:
    assert "en ny aktivitet" in shown_and_saved(frida).text
    page = upload(frida, SECOND.encode(), "lista hösten 2026.csv")
    assert page.status_code == 200
    assert "Kolumnerna läses så som du visade 10 februari 2026" in page.text
    assert 'value="Studiebesök"' in page.text
    assert 'value="2026-10-15"' in page.text


def test_headings_in_another_order_are_the_same_source_and_one_heading_more_is_not(
    small_town: Town, frida: TestClient
) -> None:
    shown_and_saved(frida)
    turned = "Kol C;Kol A;Kol D;Kol B\n2026-10-15;Studiebesök;;Alice\n"
    page = upload(frida, turned.encode(), "turned.csv")
    assert 'value="Studiebesök"' in page.text
    more = f"{HEADS};Kol E\nStudiebesök;Alice;2026-10-15;;5\n"
    assert upload(frida, more.encode(), "more.csv").status_code == 422


def test_headings_that_are_signs_alone_can_be_pointed_out(
    small_town: Town, frida: TestClient
) -> None:
    words = "📌;👤;📅;⚠️\nTemadag;Alice;2026-05-31;Snurrar\n"
    page = upload(frida, words.encode(), "lista 2026.csv")
    assert page.status_code == 422
    assert all(sign in page.text for sign in "📌👤📅⚠")
    told = columns(("📌", "what"), ("👤", "responsible"), ("📅", "deadline"))
    told |= {"rubrik3": "⚠️", "kolumn3": "status"}
    page = sent(frida, **kept_file(page), **told, kolumner="ja")
    assert 'value="Temadag"' in page.text
    assert 'value="2026-05-31"' in page.text
    assert "Läget ”Snurrar”" in page.text


def test_a_sign_over_one_column_of_many_can_be_pointed_out(
    small_town: Town, frida: TestClient
) -> None:
    words = "🎯;Aktivitet;Ansvarig;Klart\nFler i arbete;Temadag;Alice;2026-05-31\n"
    page = upload(frida, words.encode(), "lista 2026.csv")
    assert page.status_code == 200
    told = columns(("🎯", "goal"), ("Aktivitet", "what"), ("Ansvarig", "responsible"))
    told |= {"rubrik3": "Klart", "kolumn3": "deadline"}
    page = sent(frida, **kept_file(page), **told, kolumner="ja")
    assert "Fler i arbete" in page.text
    assert 'value="goal" selected' in page.text


def test_what_she_showed_but_never_saved_is_not_kept(small_town: Town, frida: TestClient) -> None:
    page = upload(frida, FIRST.encode(), "lista 2026.csv")
    sent(frida, **kept_file(page), **SHOWN, kolumner="ja")
    assert upload(frida, SECOND.encode(), "lista.csv").status_code == 422
    with reading(small_town.settings) as session:
        assert session.execute(select(func.count()).select_from(TaughtColumn)).scalar() == 0


def test_she_can_have_a_file_read_as_if_she_had_not_shown_and_then_it_is_forgotten(
    small_town: Town, frida: TestClient
) -> None:
    shown_and_saved(frida)
    page = upload(frida, SECOND.encode(), "lista 2026.csv")
    file = kept_file(page)
    page = sent(frida, **file, **SHOWN, fran_borjan="ja")
    assert page.status_code == 422  # nobody knows the headings again
    anew = columns(("Kol A", "how"), ("Kol B", "responsible"), ("Kol C", "deadline"))
    anew |= {"rubrik3": "Kol D", "kolumn3": "what"}
    page = sent(frida, **file, **anew, kolumner="ja")
    sent(frida, **file, **anew, visade="ja", plan="ny", title="Annan 2026", spara="ja")
    page = upload(frida, FIRST.encode(), "lista 2027.csv", plan="ny")
    assert 'value="Snurrar"' in page.text  # the newest that she showed, not the first


def test_a_known_file_that_she_reads_as_if_unshown_is_forgotten_when_it_is_saved(
    small_town: Town, frida: TestClient
) -> None:
    words = "Aktivitet;Ansvarig;Resultat\nTemadag;Alice;Fler kan mer\n"
    file = kept_file(upload(frida, words.encode(), "lista 2026.csv"))
    told = columns(("Aktivitet", "what"), ("Ansvarig", "responsible"), ("Resultat", "goal"))
    sent(frida, **file, **told, visade="ja", plan="ny", title="Ett 2026", spara="ja")
    page = upload(frida, words.encode(), "lista 2026.csv", plan="ny")
    assert '<option value="goal" selected>' in page.text
    page = sent(frida, **kept_file(page), fran_borjan="ja", plan="ny")
    assert '<option value="follow_up" selected>' in page.text
    assert hidden(page)["glom"] == "ja"
    sent(frida, **kept_file(page), glom="ja", plan="ny", title="Två 2026", spara="ja")
    page = upload(frida, words.encode(), "lista 2026.csv", plan="ny")
    assert '<option value="follow_up" selected>' in page.text


def test_what_one_collaboration_showed_is_unheard_of_in_another(
    small_town: Town, frida: TestClient
) -> None:
    shown_and_saved(frida)
    with transaction(small_town.settings) as session:
        other = Collaboration(name="Samverkan Söder")
        session.add(other)
        session.flush()
        assert other.id is not None
        source = session.execute(select(c(TaughtColumn).source).limit(1)).scalar_one()
        assert columns_taught(session, [other.id], source) == ({}, None)
        mine = session.get_one(Group, small_town.alm).collaboration_id
        assert set(columns_taught(session, [other.id, mine], source)[0]) == {
            "kol a",
            "kol b",
            "kol c",
            "kol d",
        }


def test_what_a_word_of_state_was_said_to_mean_is_proposed_in_her_next_file(
    small_town: Town, frida: TestClient
) -> None:
    page = shown_and_saved(frida, pagar="ja", decided_on="5 januari 2026")
    rolls = re.search(r'name="all_(\d+)" aria-label="[^"]*Snurrar"', page.text)
    assert rolls, page.text
    assert "Förslag: Pågående" not in page.text
    where = str(page.url)
    done = frida.post(where, data={"gor": "registrera", f"all_{rolls[1]}": "pagaende"})
    assert "En aktivitet har fått sitt läge." in done.text
    with reading(small_town.settings) as session:
        mine = session.get_one(Group, small_town.alm).collaboration_id
        assert [state.value for state, _ in states_taught(session, mine).values()] == ["pågående"]
    file = kept_file(upload(frida, SECOND.encode(), "lista 2026.csv"))
    page = sent(
        frida, **file, plan="ny", title="Hösten 2026", pagar="ja", decided_on="5 januari 2026"
    )
    assert "Förslag: Pågående" in page.text
