"""Bob told the wrong figure: it is corrected, the first is kept, and later reports tell the new."""

from datetime import date

from sqlalchemy import select

from models.activity import Activity
from models.columns import c
from models.database import reading
from models.decision import Agreed, Change, MoveRow
from models.lifecycle import Brought, Move
from tests.cast import Town
from tests.conftest import browse
from tests.test_rollup_quarter import compiled
from web.app import create_app

FIRST, THEN = "120 utbildade", "210 utbildade"


def followed_up(town: Town) -> int:
    """An activity whose result has been told."""
    activity = town.decided("Utbildning", by="2024-03-31")
    town.move(activity, Move.START, today=date(2024, 2, 1))
    told = Brought(result=FIRST, figure="120")
    town.move(activity, Move.FOLLOW_UP, told, today=date(2024, 3, 20))
    return activity


def corrects(town: Town, activity: int, **form: str) -> str:
    """What the page says after Frida has sent the form."""
    frida = browse(create_app(town.settings.model_copy(update={"today": date(2024, 4, 3)})))
    return str(frida.post(f"/aktiviteter/{activity}/ratta", data=form).text)


def test_a_result_is_corrected_and_the_first_is_kept(town: Town) -> None:
    activity = followed_up(town)
    page = corrects(town, activity, result=THEN, reason="Siffrorna stod omkastade")
    assert "Resultat rättat" in page
    assert f"Förut: {FIRST}" in page
    with reading(town.settings) as session:
        assert session.get_one(Activity, activity).result == THEN
        (change,) = session.execute(select(Change)).scalars().all()
        assert (change.what, change.before_words) == (Agreed.RESULT, FIRST)
        told = select(c(MoveRow).details).where(c(MoveRow).move == Move.FOLLOW_UP)
        assert session.execute(told).scalar_one()["result"] == FIRST


def test_a_correction_without_a_reason_or_without_words_changes_nothing(small_town: Town) -> None:
    activity = followed_up(small_town)
    page = corrects(small_town, activity, result="")
    assert "Det går att rätta men inte att ta bort." in page
    assert "Skriv varför det rättas" in page
    assert "Texten är densamma" in corrects(small_town, activity, result=FIRST, reason="x")
    with reading(small_town.settings) as session:
        assert session.get_one(Activity, activity).result == FIRST


def test_what_has_no_result_has_none_to_correct(small_town: Town) -> None:
    activity = small_town.decided(by="2024-12-31")
    assert "inget resultat att rätta" in corrects(small_town, activity, result="x", reason="y")
    frida = browse(create_app(small_town.settings))
    assert "Rätta resultatet" not in frida.get(f"/aktiviteter/{activity}").text


def test_a_report_that_is_compiled_afterwards_tells_the_corrected_words(town: Town) -> None:
    """Also of a period that had ended when it was corrected."""
    activity = followed_up(town)
    corrects(town, activity, result=THEN, reason="Siffrorna stod omkastade")
    (group, *_) = compiled(town).groups
    assert [one.result for one in group.activities] == [THEN]
