"""A file says what it likes: one that names Frida's collaboration shows Gustav nothing of hers."""

from io import BytesIO
from typing import Any

import docx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from models.activity import Activity
from models.columns import c
from models.database import reading, transaction
from models.decision import Change, Decision
from models.group import Collaboration
from models.person import Role, RoleHolding
from models.plan import Plan
from tests.cast import Town
from tests.test_plan_import_page import HEADS, NETWORK, kept, upload
from tests.two_collaborations import ANOTHER, Neighbours, neighbours

HERS = "Hemgång med stöd"
NAMED = ["Organisation: {area}", "Vårdsamverkan: {area}", "Samverkansområde: {area}", "{area}"]


@pytest.fixture
def two(town: Town) -> Neighbours:
    """Frida's plan has an activity; Gustav leads elsewhere."""
    town.activity(HERS)
    return neighbours(town)


def file_of(two: Neighbours, names: str, *, title: str = "Plan 2024") -> bytes:
    """A plan that says that it is of NOSAM Alm, in Frida's collaboration."""
    document = docx.Document()
    document.add_heading(title, 0)
    document.add_paragraph("Grupp: NOSAM Alm")
    document.add_paragraph(names.format(area=two.settings.organisation))
    table = document.add_table(rows=0, cols=len(HEADS))
    for row in (HEADS, NETWORK):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def of_frida(two: Neighbours) -> tuple[Any, ...]:
    """All that a file could change in her plan."""
    with reading(two.settings) as session:
        whats = select(c(Activity).what).where(c(Activity).plan_id == two.town.plan)
        changes, decisions = (
            session.execute(select(func.count()).select_from(table)).scalar()
            for table in (Change, Decision)
        )
        return sorted(session.execute(whats).scalars()), changes, decisions


def sends(gustav: TestClient, two: Neighbours, names: str, **fields: str) -> None:
    """Gustav uploads the file and sends its form without saying which plan he means."""
    page = upload(gustav, file_of(two, names))
    assert page.status_code == 200
    form = {**kept(page), **fields}
    del form["plan"]
    gustav.post("/planer/las-in", data=form)


@pytest.mark.parametrize("names", NAMED)
def test_a_file_that_names_fridas_plan_shows_gustav_none_of_it(two: Neighbours, names: str) -> None:
    page = upload(two.gustavs(), file_of(two, names))
    assert page.status_code == 200
    assert "Nätverk" in page.text
    assert HERS not in page.text
    assert "Jämfört med planen" not in page.text


@pytest.mark.parametrize("fields", [{"spara": "ja"}, {"spara": "ja", "change_all": "ja"}])
def test_gustav_saves_nothing_in_fridas_plan_by_a_file_that_names_it(
    two: Neighbours, fields: dict[str, str]
) -> None:
    before = of_frida(two)
    sends(two.gustavs(), two, NAMED[0], **fields)
    assert of_frida(two) == before


def test_what_he_saves_of_it_is_his_own_collaborations(two: Neighbours) -> None:
    sends(two.gustavs(), two, NAMED[0], spara="ja")
    with reading(two.settings) as session:
        owner = select(c(Collaboration).name).join(
            Plan, c(Plan).collaboration_id == c(Collaboration).id
        )
        found = owner.join(Activity, c(Activity).plan_id == c(Plan).id)
        assert session.execute(found.where(c(Activity).what == "Nätverk")).scalar() == ANOTHER


def test_whoever_leads_both_is_shown_the_plan_that_her_file_names(two: Neighbours) -> None:
    with transaction(two.settings) as session:
        alm = two.town.alm
        role = Role.PROCESS_LEADER
        session.add(RoleHolding(person_id=two.gustav, group_id=alm, role=role))
    page = upload(two.gustavs(), file_of(two, NAMED[0]))
    assert HERS in page.text
