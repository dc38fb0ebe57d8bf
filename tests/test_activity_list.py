"""Finding activities: by filter, in the address, page by page, and as an Excel file."""

import re
from datetime import date
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import insert, text, update

from models.activity import Activity
from models.columns import c
from models.database import engine_for, reading, transaction
from models.group import Group
from models.lifecycle import State
from models.listing import Wanted, activities, after, place
from models.plan import ActivityTargetGroup, TargetGroup
from tests.cast import Town
from tests.conftest import browse
from web.app import create_app

pytestmark = pytest.mark.by_turns
TODAY = date(2024, 6, 10)


@pytest.fixture
def pages(town: Town) -> TestClient:
    settings = town.settings.model_copy(update={"today": TODAY})
    return browse(create_app(settings))


def found(pages: TestClient, filter_: str = "") -> list[str]:
    """What the Excel file of that address holds, in its order."""
    answer = pages.get(f"/aktiviteter.xlsx?{filter_}")
    assert answer.status_code == 200
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    return [str(row[1].value) for row in sheet.iter_rows(min_row=4) if row[1].value]


def test_each_filter_finds_its_own(town: Town, pages: TestClient) -> None:
    brief = town.activity("Översätta foldern", by="2024-05-01")
    theirs = [town.activity("Öppna mottagningen", by="2024-09-01"), town.activity("Utan datum")]
    named = {"collaboration_id": 1, "name": "Äldre"}
    with transaction(town.settings) as session:
        session.execute(
            update(Activity).where(c(Activity).id.in_(theirs)).values(group_id=town.bjork)
        )
        asked = insert(TargetGroup).values(named).returning(c(TargetGroup).id)
        tag = session.execute(asked).scalar_one()
        session.execute(insert(ActivityTargetGroup).values(activity_id=brief, target_group_id=tag))
    assert found(pages) == ["Översätta foldern", "Öppna mottagningen", "Utan datum"]
    assert found(pages, "sok=ÖPPNA") == ["Öppna mottagningen"]
    assert found(pages, "sok=100%25") == []
    assert found(pages, f"grupp={town.bjork}") == ["Öppna mottagningen", "Utan datum"]
    assert found(pages, f"malgrupp={tag}") == ["Översätta foldern"]
    assert found(pages, "till=1 juni") == ["Översätta foldern"]
    assert found(pages, "fran=hösten") == ["Öppna mottagningen"]
    assert found(pages, "forsenade=ja") == ["Översätta foldern"]
    assert found(pages, "grupp=99999999999999") == []


def test_a_person_answers_herself_or_by_a_role_she_holds_today(
    town: Town, pages: TestClient
) -> None:
    town.activity("Bobs egen", person=town.bob)
    town.activity("Gruppens", group=town.bjork)
    town.activity("Ingens", words="Vårdcentralen Öster")
    assert found(pages, "ansvarig=bob") == ["Bobs egen", "Gruppens"]
    assert found(pages, "ansvarig=charlie") == []  # takes over in September
    assert found(pages, "ansvarig=ÖSTER") == ["Ingens"]


def test_the_address_keeps_the_filter_and_the_next_page_goes_on(
    town: Town, pages: TestClient
) -> None:
    ids = {town.activity(f"Nummer {n}", by="2024-07-01" if n % 2 else None) for n in range(120)}
    town.activity("En annan")
    shown: list[int] = []
    address = "/aktiviteter?sok=nummer&lage=föreslagen"
    while address:
        page = pages.get(address).text
        assert 'value="nummer"' in page
        shown += [int(number) for number in re.findall(r'<a href="/aktiviteter/(\d+)"', page)]
        following = re.search(r'href="(/aktiviteter\?[^"]+)">Nästa', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(shown) == len(ids)
    assert set(shown) == ids


def test_what_cannot_be_understood_is_said(pages: TestClient) -> None:
    page = pages.get("/aktiviteter?lage=snart&till=sen").text
    assert "Det finns inget läge som heter ”snart”." in page
    assert "Slutdatum till: ”sen” går inte att läsa som ett datum." in page
    assert pages.get("/aktiviteter?efter=strunt").status_code == 200


@pytest.mark.parametrize("goes_on", [None, True, False])
def test_a_page_of_the_list_is_read_from_its_index(town: Town, goes_on: bool | None) -> None:
    query = (
        after(activities(Wanted(goes_on=goes_on), TODAY)).params(place("2024-07-01_5")).limit(51)
    )
    with reading(town.settings) as session:
        if engine_for(town.settings).dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))
            session.execute(text("SET LOCAL enable_sort = off"))
            explain = "EXPLAIN "
        else:
            explain = "EXPLAIN QUERY PLAN "
        words = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = str(session.execute(text(explain + str(words).replace("%%", "%"))).all())
    assert "ix_activity_list" in plan
    assert "Index Cond" in plan if explain == "EXPLAIN " else "SEARCH activity" in plan
    assert "TEMP B-TREE" not in plan


def test_a_page_that_was_drawn_before_is_drawn_anew_when_something_has_changed(
    town: Town, pages: TestClient
) -> None:
    number = town.activity("Bjud in till en kväll om fallolyckor")
    assert "Föreslagen</span>" in pages.get("/aktiviteter").text
    assert "Föreslagen</span>" in pages.get("/aktiviteter").text
    town.change(number, state=State.ONGOING)
    assert "Pågående</span>" in pages.get("/aktiviteter").text


def test_groups_stand_as_swedes_sort_them(town: Town, pages: TestClient) -> None:
    with transaction(town.settings) as session:
        area = session.get_one(Group, town.alm).collaboration_id
        for name in ("Östra", "Ärla", "Åby", "Zinkgruvan"):
            session.add(Group(collaboration_id=area, name=name))
    page = pages.get("/aktiviteter").text
    places = [page.index(f">{name}</option>") for name in ("Zinkgruvan", "Åby", "Ärla", "Östra")]
    assert places == sorted(places)


def test_every_state_can_be_looked_for(pages: TestClient) -> None:
    for state in State:
        assert pages.get(f"/aktiviteter?lage={state.value}").status_code == 200


def names(pages: TestClient, address: str) -> list[str]:
    """What the page at that address lists, in its order."""
    return re.findall(r'<a href="/aktiviteter/\d+">([^<]+)</a>', pages.get(address).text)


def test_what_goes_on_is_listed_and_what_is_over_stands_apart(
    town: Town, pages: TestClient
) -> None:
    town.activity("Öppen mottagning", by="2024-07-01")
    over = town.activity("Avslutat nätverk", by="2024-05-01")
    town.change(over, state=State.ENDED)
    assert names(pages, "/aktiviteter") == ["Öppen mottagning"]
    assert names(pages, "/aktiviteter?visa=avslutade") == ["Avslutat nätverk"]
    assert names(pages, "/aktiviteter?visa=alla") == ["Avslutat nätverk", "Öppen mottagning"]
    assert names(pages, "/aktiviteter?lage=avslutad") == ["Avslutat nätverk"]
    assert found(pages, "visa=avslutade") == ["Avslutat nätverk"]
    page = pages.get("/aktiviteter?sok=nätverk").text
    assert "Inga öppna aktiviteter stämmer med urvalet." in page
    everything = re.search(r'href="([^"]+)">Sök bland alla', page)
    assert everything
    assert names(pages, everything[1].replace("&amp;", "&")) == ["Avslutat nätverk"]


def test_a_heading_sorts_by_its_column_and_then_the_other_way(
    town: Town, pages: TestClient
) -> None:
    town.activity("Zebra", by="2024-07-01", words="Öster")
    town.activity("Åtta", by="2024-09-01", words="Anna")
    town.activity("Öl", words="Åsa")

    def press(address: str, name: str) -> str:
        head = re.search(rf'<th scope="col"[^>]*><a href="([^"]+)">{name}', pages.get(address).text)
        assert head
        return head[1].replace("&amp;", "&")

    by_name = press("/aktiviteter?sok=", "Aktivitet")
    assert names(pages, by_name) == ["Zebra", "Åtta", "Öl"]
    assert names(pages, press(by_name, "Aktivitet")) == ["Öl", "Åtta", "Zebra"]
    assert names(pages, press(by_name, "Ansvarig")) == ["Åtta", "Öl", "Zebra"]
    assert names(pages, press("/aktiviteter", "Slutdatum")) == ["Åtta", "Zebra", "Öl"]
    assert 'aria-sort="ascending"' in pages.get(by_name).text
    assert found(pages, "ordna=-aktivitet") == ["Öl", "Åtta", "Zebra"]
    assert names(pages, "/aktiviteter?ordna=strunt") == ["Zebra", "Åtta", "Öl"]


def test_a_sorted_list_goes_on_where_the_page_before_it_ended(
    town: Town, pages: TestClient
) -> None:
    town.proposed_many(120, by="2024-07-01")
    shown: list[str] = []
    address = "/aktiviteter?ordna=-aktivitet"
    while address:
        shown += names(pages, address)
        page = pages.get(address).text
        following = re.search(r'href="(/aktiviteter\?[^"]+)">Nästa', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(shown) == len(set(shown)) == 120
    assert shown[0] == "Aktivitet 119"
