"""Frida uploads the plan she has, settles its doubts on one page, and saves it whole or not."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, select

from config import settings as settings_module
from models.activity import Activity, Responsibility
from models.columns import c
from models.database import reading
from models.decision import Change
from models.plan import Goal, Plan
from tests.cast import Town
from tests.conftest import browse
from tests.costs import used
from web.app import create_app

HEADS = ["Mål", "Aktivitet", "Hur", "Ansvarig", "Start", "Klart senast", "Uppföljning", "Status"]
NETWORK = ["Trygg vård", "Nätverk", "Möten", "NOSAM Alm", "mars 2024", "dec 2024", "Antal", ""]
COURSE = ["Trygg vård", "Utbildning", "Kurser", "Alise", "", "", "Närvaro", "Avvaktar"]
TITLE = "Aktivitetsplan 2024"


@pytest.fixture
def frida(small_town: Town) -> Iterator[TestClient]:
    told = settings_module.load(**{**small_town.settings.model_dump(), "today": "2024-06-10"})
    with browse(create_app(told)) as client:
        yield client


def word(*rows: list[str], title: str = TITLE, group: str = "NOSAM Alm") -> bytes:
    document = docx.Document()
    document.add_heading(title, 0)
    document.add_paragraph(f"Grupp: {group}")
    table = document.add_table(rows=0, cols=len(HEADS))
    for row in (HEADS, *rows):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def upload(frida: TestClient, data: bytes, name: str = "plan.docx", **fields: str) -> Response:
    sent: Response = frida.post("/planer/las-in", files={"file": (name, data)}, data=fields)
    return sent


def kept(page: Response, name: str = "plan.docx") -> dict[str, str]:
    """The fields of the form that say which file it is about, and which plan."""
    found = re.search('name="fingerprint" value="([0-9a-f]+)"', page.text)
    assert found, page.text
    plan = re.search(r'<select id="plan".*?<option value="(\w+)" selected', page.text, re.DOTALL)
    assert plan
    return {"fingerprint": found[1], "name": name, "plan": plan[1]}


def save(frida: TestClient, page: Response, name: str = "plan.docx", **fields: str) -> Response:
    given = {**kept(page, name), **fields, "spara": "ja"}
    saved: Response = frida.post("/planer/las-in", data=given)
    return saved


def on_file(town: Town) -> list[Any]:
    with reading(town.settings) as session:
        return list(
            session.execute(
                select(Activity)
                .join(Plan, c(Plan).id == c(Activity).plan_id)
                .where(c(Plan).title == TITLE)
                .order_by(c(Activity).position)
            ).scalars()
        )


def left_behind(town: Town) -> list[str]:
    folder = town.settings.home / "inlasning"
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def test_a_plan_is_shown_beside_its_cells_with_doubts_first_and_then_saved(
    small_town: Town, frida: TestClient
) -> None:
    page = upload(frida, word(NETWORK, COURSE))
    assert page.status_code == 200
    assert on_file(small_town) == []
    assert page.text.index("Se över (1)") < page.text.index("Utan frågor (1)")
    assert "”Avvaktar” är inget av våra lägen" in page.text
    assert '<mark class="words">Nätverk</mark>' in page.text
    assert "Tabell 1, rad 3, så stod det:" in page.text
    saved = save(frida, page)
    assert "Sparat: två nya aktiviteter" in saved.text
    assert [row.what for row in on_file(small_town)] == ["Nätverk", "Utbildning"]
    assert on_file(small_town)[0].group_id == small_town.alm
    assert left_behind(small_town) == []


def test_a_new_plan_that_is_saved_from_two_tabs_is_one_plan_with_each_activity_once(
    small_town: Town, frida: TestClient
) -> None:
    one, other = (upload(frida, word(NETWORK, COURSE)) for _ in range(2))
    assert "Sparat: två nya aktiviteter" in save(frida, one).text
    upload(frida, word(NETWORK, COURSE))  # so that the file is there for the other tab too
    again = save(frida, other)
    assert again.status_code == 422
    assert "Gruppen har redan en plan som heter" in again.text
    assert [row.what for row in on_file(small_town)] == ["Nätverk", "Utbildning"]
    (number,) = {str(row.plan_id) for row in on_file(small_town)}
    same = save(frida, other, plan=number)
    assert "Sparat" in same.text
    assert len(on_file(small_town)) == 2


def test_doubts_are_settled_by_a_tick_or_by_hand_and_do_not_come_back(
    small_town: Town, frida: TestClient
) -> None:
    page = upload(frida, word(NETWORK, COURSE))
    assert "Menas ”Alice”?" in page.text
    asked = re.findall(r'name="((?:accept|ok)_1_\d)"', page.text)
    ticks = dict.fromkeys(asked, "ja")
    save(frida, page, **ticks, deadline_1="hösten", how_1="Kurser på webben")
    _, course = on_file(small_town)
    assert course.how == "Kurser på webben"
    assert str(course.deadline_last) == "2024-12-31"
    assert course.doubts == ""
    with reading(small_town.settings) as session:
        who = select(c(Responsibility).person_id).where(c(Responsibility).activity_id == course.id)
        assert session.execute(who).scalar() == small_town.alice


def test_what_cannot_be_read_is_asked_again_with_the_words_kept_and_nothing_is_saved(
    small_town: Town, frida: TestClient
) -> None:
    page = upload(frida, word(NETWORK, COURSE))
    again = save(frida, page, deadline_1="när vi hinner", what_0="")
    assert again.status_code == 422
    assert "Aktivitet 2: ”när vi hinner” går inte att läsa som ett datum." in again.text
    assert "Aktivitet 1: skriv vad som ska göras" in again.text
    assert 'value="när vi hinner"' in again.text
    assert on_file(small_town) == []


def test_an_activity_may_be_left_out_and_the_plan_given_another_name_and_group(
    small_town: Town, frida: TestClient
) -> None:
    page = upload(frida, word(NETWORK, COURSE, title="Plan för året"))
    save(frida, page, skip_0="ja", title=TITLE, group=str(small_town.bjork))
    (course,) = on_file(small_town)
    assert (course.what, course.group_id) == ("Utbildning", small_town.bjork)


def test_a_changed_file_shows_only_the_differences(small_town: Town, frida: TestClient) -> None:
    save(frida, upload(frida, word(NETWORK, COURSE)))
    network, course = on_file(small_town)
    later = [*NETWORK[:5], "mars 2025", "Antal och nöjdhet", ""]
    survey = ["Trygg vård", "Enkät", "Till alla", "NOSAM Alm", "", "2024-11-01", "Svar", ""]
    page = upload(frida, word(later, survey))
    assert "Jämfört med planen. Nya: 1. Ändrade: 1. Står inte kvar: 1. Som förut: 0." in page.text
    assert "<del>dec 2024</del>" in page.text
    assert "<ins>mars 2025</ins>" in page.text
    assert f'<a href="/aktiviteter/{course.id}">Utbildning</a>' in page.text
    assert "Förslag: avbryt." in page.text
    save(frida, page, **{f"change_{network.id}_deadline": "ja"})
    network, course, survey_row = on_file(small_town)
    assert str(network.deadline_last) == "2025-03-31"
    assert network.follow_up == "Antal"
    assert (course.what, survey_row.what) == ("Utbildning", "Enkät")
    with reading(small_town.settings) as session:
        (change,) = session.execute(select(Change)).scalars()
        assert (change.before_words, change.after_words) == ("dec 2024", "mars 2025")
        assert "plan.docx" in change.reason
        assert "inläsning av plan.docx" in change.by


def test_undo_is_offered_for_what_was_saved_and_says_what_becomes_of_new_goals(
    small_town: Town, frida: TestClient
) -> None:
    save(frida, upload(frida, word(NETWORK, COURSE)))
    nothing = save(frida, upload(frida, word(NETWORK)))
    assert "Sparat: noll nya aktiviteter" in nothing.text
    assert 'action="/aktiviteter/angra"' not in nothing.text
    more = ["Barns hälsa", "Enkät", "Till alla", "NOSAM Alm", "", "2024-11-01", "Svar", ""]
    added = save(frida, upload(frida, word(NETWORK, COURSE, more)))
    assert 'action="/aktiviteter/angra"' in added.text
    assert "Ångrar du tas också målen som filen lade till bort" in added.text


def goals_of(town: Town) -> list[str]:
    """The words of the goals on file."""
    with reading(town.settings) as session:
        return list(session.execute(select(c(Goal).text).order_by(c(Goal).id)).scalars())


def undone(frida: TestClient, page: Response) -> str:
    """Press "Ångra" in the receipt."""
    form = re.search(r'<form[^>]*action="/aktiviteter/angra".*?</form>', page.text, re.DOTALL)
    assert form
    given = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[0]))
    return str(frida.post("/aktiviteter/angra", data=given).text)


SURVEY = ["Barns hälsa", "Enkät", "Till alla", "NOSAM Alm", "", "2024-11-01", "Svar", ""]


def test_a_goal_that_came_with_a_file_goes_when_the_file_is_taken_back(
    small_town: Town, frida: TestClient
) -> None:
    save(frida, upload(frida, word(NETWORK)))
    before = goals_of(small_town)
    added = save(frida, upload(frida, word(NETWORK, SURVEY)))
    assert goals_of(small_town) == [*before, "Barns hälsa"]
    told = undone(frida, added)
    assert "Målet som kom samtidigt är också borttaget: Barns hälsa." in told
    assert goals_of(small_town) == before


@pytest.mark.parametrize("since", ["serves", "changed", "under"])
def test_a_goal_that_something_else_stands_on_stays_and_is_named(
    small_town: Town, frida: TestClient, since: str
) -> None:
    save(frida, upload(frida, word(NETWORK)))
    added = save(frida, upload(frida, word(NETWORK, SURVEY)))
    plan_id = on_file(small_town)[0].plan_id
    with reading(small_town.settings) as session:
        goal = session.execute(select(c(Goal).id).where(c(Goal).text == "Barns hälsa")).scalar_one()
    if since == "serves":
        given = {"do": "koppla", "goal": str(goal), f"activity_{on_file(small_town)[0].id}": "ja"}
        frida.post(f"/planer/{plan_id}/koppla", data=given | {"reason": ""})
    elif since == "changed":
        frida.post(f"/planer/{plan_id}/mal/{goal}", data={"text": "Barns hälsa 2", "do": "andra"})
    else:
        frida.post(f"/planer/{plan_id}/mal", data={"text": "Skolbarn", "parent": str(goal)})
    stays = [words for words in goals_of(small_town) if words.startswith("Barns hälsa")]
    told = undone(frida, added)
    assert "står kvar" in told
    assert stays[0] in goals_of(small_town)


def test_what_somebody_changed_after_the_preview_is_not_written_over_unseen(
    small_town: Town, frida: TestClient
) -> None:
    save(frida, upload(frida, word(NETWORK)))
    (network,) = on_file(small_town)
    page = upload(frida, word([*NETWORK[:5], "nov 2024", *NETWORK[6:]]))
    given = {"deadline": "2027-06-30", "reason": "Nytt beslut"}
    frida.post(f"/aktiviteter/{network.id}/andra", data=given)
    again = save(frida, page, change_all="ja", filled_from=filled_from(page))
    assert again.status_code == 422
    assert "Nätverk: slutdatum. Nu står ”2027-06-30”." in again.text
    assert str(on_file(small_town)[0].deadline_last) == "2027-06-30"
    save(frida, again, change_all="ja", filled_from=filled_from(again))
    assert str(on_file(small_town)[0].deadline_last) == "2024-11-30"


def filled_from(page: Response) -> str:
    """What the preview says that it showed."""
    (found,) = re.findall('name="filled_from" value="([^"]*)"', page.text)
    return unescape(found)


def test_all_changes_are_accepted_with_one_tick_and_then_nothing_differs(
    small_town: Town, frida: TestClient
) -> None:
    save(frida, upload(frida, word(NETWORK, COURSE)))
    new = word(["Ny vård", "Nätverk i Alm", "Möten", *NETWORK[3:]], COURSE)
    save(frida, upload(frida, new), change_all="ja")
    assert on_file(small_town)[0].what == "Nätverk i Alm"
    page = upload(frida, new)
    assert "Allt i filen finns redan i planen." in page.text
    with reading(small_town.settings) as session:
        assert "Ny vård" in session.execute(select(c(Goal).text)).scalars().all()


def test_a_file_of_the_same_name_with_a_new_title_is_taken_for_its_plan(
    small_town: Town, frida: TestClient
) -> None:
    save(frida, upload(frida, word(NETWORK)))
    page = upload(frida, word(NETWORK, title="Reviderad aktivitetsplan 2024"))
    assert "Allt i filen finns redan i planen." in page.text
    frida.post("/planer/las-in", data={**kept(page), "avbryt": "ja"})
    assert left_behind(small_town) == []


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("plan.docx", b"PK no", "skadad eller ingen riktig Office-fil"),
        ("plan.doc", b"x", "gammalt format"),
        ("plan.xlsm", b"x", "makron"),
        ("plan.xyz", b"x", "en sorts fil som inte kan läsas in"),
        ("plan.csv", b"a;b\n1;2\n", "ingen tabell med rubriker"),
        ("plan.pdf", b"", "är tom"),
    ],
)
def test_what_is_no_plan_is_refused_with_a_sentence_and_nothing_left_behind(
    small_town: Town, frida: TestClient, name: str, data: bytes, told: str
) -> None:
    page = upload(frida, data, name)
    assert page.status_code == 422
    assert told in page.text
    assert left_behind(small_town) == []
    with reading(small_town.settings) as session:
        assert session.execute(select(func.count()).select_from(Activity)).scalar() == 0


def test_a_form_without_a_file_or_with_a_forged_one_asks_for_a_file(frida: TestClient) -> None:
    assert "Välj en fil först." in frida.post("/planer/las-in", data={"plan": ""}).text
    forged = {"fingerprint": "../../secret", "name": "plan.docx", "spara": "ja"}
    assert "Välj en fil först." in frida.post("/planer/las-in", data=forged).text
    gone = {"fingerprint": "0" * 64, "name": "plan.docx", "spara": "ja"}
    assert "Välj filen igen." in frida.post("/planer/las-in", data=gone).text
    assert upload(frida, word(NETWORK), plan="999").status_code == 404


def test_five_hundred_rows_are_shown_at_once(frida: TestClient, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEADS)
    for number in range(500):
        book.active.append([*NETWORK[:1], f"Nätverk nummer {number}", *NETWORK[2:]])
    book.save(tmp_path / "plan.xlsx")
    began = used()
    page = upload(frida, (tmp_path / "plan.xlsx").read_bytes(), "plan.xlsx")
    assert "Utan frågor (500)" in page.text
    assert used() - began < 10  # seconds of processor time, the reader's with it


# --- the columns ----------------------------------------------------------------------------------


def test_a_file_without_a_known_heading_is_shown_and_its_columns_are_pointed_out(
    small_town: Town, frida: TestClient
) -> None:
    words = "Kol A;Kol B;Kol C\nTemadag;Alice;2026-05-31\n"
    page = upload(frida, words.encode(), "lista 2026.csv")
    assert page.status_code == 422
    assert "Kol A, Kol B, Kol C" in page.text
    assert "Temadag" in page.text
    told = kept_file(page) | columns(("Kol A", "what"), ("Kol B", "responsible"))
    told |= {"rubrik2": "Kol C", "kolumn2": "deadline"}
    page = frida.post("/planer/las-in", data=told | {"kolumner": "ja"})
    assert page.status_code == 200
    assert 'value="Temadag"' in page.text
    assert 'value="2026-05-31"' in page.text
    saved = frida.post("/planer/las-in", data=told | {"plan": "ny", "title": TITLE, "spara": "ja"})
    assert "Sparat: en ny aktivitet" in saved.text
    assert [row.what for row in on_file(small_town)] == ["Temadag"]


def test_headings_of_signs_alone_can_be_pointed_out(small_town: Town, frida: TestClient) -> None:
    words = "🎯;👤;📅\nTemadag;Alice;2026-05-31\n"
    page = upload(frida, words.encode(), "lista 2026.csv")
    assert (page.status_code, "Temadag" in page.text) == (422, True)
    told = kept_file(page) | columns(("🎯", "what"), ("👤", "responsible"))
    told |= {"rubrik2": "📅", "kolumn2": "deadline", "plan": "ny", "title": TITLE}
    saved = frida.post("/planer/las-in", data=told | {"spara": "ja"})
    assert "Sparat: en ny aktivitet" in saved.text
    assert [row.what for row in on_file(small_town)] == ["Temadag"]


def test_a_column_that_was_taken_for_something_else_is_put_right_by_its_menu(
    small_town: Town, frida: TestClient
) -> None:
    words = "Aktivitet;Ansvarig;Resultat\nTemadag;Alice;Fler kan mer\n"
    page = upload(frida, words.encode(), "lista 2026.csv")
    assert '<option value="follow_up" selected>' in page.text
    told = kept_file(page) | columns(("Resultat", "goal")) | {"what_0": "Annat", "kolumner": "ja"}
    page = frida.post("/planer/las-in", data=told)
    assert '<option value="goal" selected>' in page.text
    assert re.search(r'name="goals_0"[^>]*value="Fler kan mer"', page.text)
    assert 'value="Temadag"' in page.text  # read anew, not as it was typed before


def test_a_plan_that_is_shown_twice_is_saved(small_town: Town, frida: TestClient) -> None:
    page = upload(frida, word(NETWORK, COURSE))
    page = frida.post("/planer/las-in", data=kept(page) | {"title": TITLE, "visa": "ja"})
    assert "två nya aktiviteter" in save(frida, page, title=TITLE).text


def kept_file(page: Response) -> dict[str, str]:
    found = re.search('name="fingerprint" value="([0-9a-f]+)"', page.text)
    assert found, page.text
    return {"fingerprint": found[1], "name": "lista 2026.csv"}


def columns(*told: tuple[str, str]) -> dict[str, str]:
    pairs = [{f"rubrik{at}": head, f"kolumn{at}": role} for at, (head, role) in enumerate(told)]
    return {name: words for pair in pairs for name, words in pair.items()}
