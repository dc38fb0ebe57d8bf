"""Groups come, rest and go; what they leave behind is taken over, and nothing is forgotten."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from intake.people import dissolving, groups, last_day, roles
from intake.people.group_list import GroupsFiled, file_groups, read_groups
from intake.people.register import look_up_words
from models.activity import Activity, Answerable, Responsibility
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration, Group, GroupPause, RegisterNote
from models.lifecycle import Brought, Move
from models.moves import Refused
from models.person import Role, RoleHolding
from models.plan import Plan
from notifications.directory import answering_now
from tests.cast import FRIDA, Town
from tests.conftest import browse
from web.activities.timeline import timeline
from web.app import create_app

TODAY = date(2024, 6, 10)


def do(town: Town, what: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    """Frida does something with a group."""
    with transaction(town.settings) as session:
        return what(session, *args, FRIDA, today=TODAY, **kwargs)


def refused(town: Town, what: Callable[..., Any], *args: Any, **kwargs: Any) -> str:  # noqa: ANN401
    with pytest.raises(Refused) as said:
        do(town, what, *args, **kwargs)
    return str(said.value)


def asked(town: Town, activity: int, today: date = TODAY) -> list[str]:
    with reading(town.settings) as session:
        return [f"{w.name}, {w.how}" for w in answering_now(session, activity, today)]


def area_of(town: Town) -> int:
    with reading(town.settings) as session:
        return session.get_one(Group, town.alm).collaboration_id


def notes_of(town: Town, group: int) -> list[str]:
    with reading(town.settings) as session:
        rows = session.execute(
            select(c(RegisterNote).words)
            .where(c(RegisterNote).group_id == group)
            .order_by(c(RegisterNote).id)
        )
        return list(rows.scalars())


@pytest.fixture
def frida(small_town: Town) -> TestClient:
    """Frida's browser on 10 June 2024."""
    return browse(create_app(small_town.settings.model_copy(update={"today": TODAY})))


def test_while_a_group_rests_the_group_above_is_asked_and_then_its_chair_again(town: Town) -> None:
    sip = town.decided(by="2024-12-31")
    town.holds(town.charlie, town.deciders, Role.CHAIR)
    given = {"name": "NOSAM Alm", "kind": "NOSAM", "parent": "Samordningsgruppen"}
    do(town, groups.save_group, area_of(town), given, group_id=town.alm)
    rest = {"reason": "Ny ordförande väljs", "last_day": "30 juni"}
    do(town, groups.pause_group, town.alm, rest)
    assert asked(town, sip) == [
        "Charlie, via ordförande i Samordningsgruppen, i stället för NOSAM Alm"
    ]
    assert asked(town, sip, date(2024, 7, 1)) == ["Alice, via ordförande i NOSAM Alm"]
    assert refused(town, groups.pause_group, town.alm, rest) == (
        "Gruppen är redan vilande de dagarna."
    )
    do(town, groups.resume_group, town.alm)
    assert asked(town, sip) == ["Alice, via ordförande i NOSAM Alm"]
    assert notes_of(town, town.alm)[-2:] == [
        "Vilande från 10 juni 2024 till 30 juni 2024: Ny ordförande väljs",
        "Gruppen är i gång igen.",
    ]


def test_a_pause_that_has_been_stays_on_file(small_town: Town) -> None:
    rest = {"reason": "Sommar", "first_day": "2024-06-01"}
    do(small_town, groups.pause_group, small_town.alm, rest)
    do(small_town, groups.resume_group, small_town.alm)
    with reading(small_town.settings) as session:
        row = session.execute(select(GroupPause)).scalar_one()
    assert (row.first_day, row.last_day) == (date(2024, 6, 1), date(2024, 6, 9))


def test_a_group_that_is_dissolved_leaves_nothing_behind(town: Town) -> None:
    """Alm is dissolved: what it owns, answers for and stands in for goes to Björk."""
    owned = town.decided("Trygg hemgång", by="2024-12-31")
    paused = town.decided("Nätverk", by="2024-12-31", group=town.bjork)
    pause = Brought(reason="Sjuk", resume_on=date(2024, 9, 1), stand_in_group_id=town.alm)
    town.move(paused, Move.PAUSE, pause)
    told = refused(town, dissolving.dissolve_group, town.alm, {"reason": "Slås ihop"})
    assert "Välj vilken grupp som tar över." in told
    given = {"reason": "Slås ihop", "successor": "NOSAM Björk"}
    do(town, dissolving.dissolve_group, town.alm, given)
    with reading(town.settings) as session:
        group = session.get_one(Group, town.alm)
        assert (group.ends_on, group.successor_id) == (TODAY, town.bjork)
        rows = session.execute(select(c(Activity).group_id, c(Activity).stand_in_group_id))
        assert {tuple(row) for row in rows} == {(town.bjork, None), (town.bjork, town.bjork)}
        answering = session.execute(select(c(Responsibility).group_id)).scalars()
        assert set(answering) == {town.bjork}
        ended = select(c(RoleHolding).ends_on).where(c(RoleHolding).group_id == town.alm)
        assert list(session.execute(ended).scalars()) == [TODAY]
    assert asked(town, owned) == ["Bob, via ordförande i NOSAM Björk"]
    assert notes_of(town, town.alm) == ["Avvecklas 10 juni 2024: Slås ihop NOSAM Björk tar över."]
    assert "avvecklad" in refused(town, dissolving.dissolve_group, town.alm, given)


def test_a_refused_dissolution_changes_nothing(town: Town) -> None:
    town.decided("Trygg hemgång", by="2024-12-31")
    told = refused(
        town, dissolving.dissolve_group, town.alm, {"ends_on": "aldrig", "successor": "NOSAM Alm"}
    )
    for sentence in ("Skriv varför", "”aldrig”", "ta över efter sig själv"):
        assert sentence in told
    with reading(town.settings) as session:
        assert session.get_one(Group, town.alm).ends_on is None
        assert set(session.execute(select(c(Activity).group_id)).scalars()) == {town.alm}


def test_a_role_is_taken_and_ended_and_never_removed(town: Town) -> None:
    given = {"person": "Charlie", "role": "Vice ordförande", "starts_on": "2024-01-01"}
    do(town, roles.take_role, town.alm, None, given)
    assert "redan vice ordförande" in refused(town, roles.take_role, town.alm, None, given)
    with reading(town.settings) as session:
        query = select(c(RoleHolding).id).where(c(RoleHolding).role == Role.DEPUTY)
        holding = session.execute(query).scalar_one()
    do(town, roles.end_role, holding, {"ends_on": "2024-05-31"})
    with reading(town.settings) as session:
        row = session.get_one(RoleHolding, holding)
        assert (row.starts_on, row.ends_on) == (date(2024, 1, 1), date(2024, 5, 31))
    assert "redan avslutad" in refused(town, roles.end_role, holding, {})


def test_a_group_is_never_below_itself_nor_named_twice(small_town: Town) -> None:
    area = area_of(small_town)
    below = {"name": "NOSAM Björk", "parent": "NOSAM Alm"}
    do(small_town, groups.save_group, area, below, group_id=small_town.bjork)
    above = {"name": "NOSAM Alm", "parent": "NOSAM Björk"}
    told = refused(small_town, groups.save_group, area, above, group_id=small_town.alm)
    assert "kan inte ligga under sig själv" in told
    assert "redan en grupp" in refused(small_town, groups.save_group, area, {"name": "nosam alm"})


def test_a_group_that_ends_cannot_begin_after_that(small_town: Town, tmp_path: Path) -> None:
    with transaction(small_town.settings) as session:
        session.get_one(Group, small_town.alm).ends_on = date(2025, 3, 31)
    client = browse(create_app(small_town.settings))
    given = {"name": "NOSAM Alm", "starts_on": "2025-08-01", "temporary": ""}
    answer = client.post(f"/grupper/{small_town.alm}/andra", data=given)
    assert answer.status_code == 422
    assert "Gruppens sista dag är 31 mars 2025" in answer.text
    lines = ("NOSAM Alm;NOSAM;;2025-08-01;;", "NOSAM Dal;NOSAM;;;;")
    filed = listed(small_town, tmp_path, *lines)
    assert [doubt.row for doubt in filed.doubts] == [2]
    assert filed.new == 1


def test_the_last_to_be_asked_are_those_of_the_own_collaboration(town: Town) -> None:
    """Another collaboration has a process leader too: she is not asked about Alm's activity."""
    with transaction(town.settings) as session:
        other = Collaboration(name="Vårdsamverkan Annan")
        session.add(other)
        session.flush()
        assert other.id is not None
        group = Group(collaboration_id=other.id, name="NOSAM Alm")
        session.add(group)
        session.flush()
        assert group.id is not None
        theirs = group.id
    town.holds(town.charlie, theirs, Role.PROCESS_LEADER)
    sip = town.decided(by="2024-12-31")
    with transaction(town.settings) as session:
        session.execute(
            update(RoleHolding)
            .where(c(RoleHolding).group_id == town.alm)
            .values(ends_on=date(2024, 1, 31))
        )
    assert asked(town, sip) == ["Frida, via processledare i Samordningsgruppen"]
    words = town.activity("Utbildning", words="NOSAM Alm")
    with transaction(town.settings) as session:
        look_up_words(session)
        query = select(c(Responsibility).kind, c(Responsibility).group_id)
        row = session.execute(query.where(c(Responsibility).activity_id == words)).one()
    assert tuple(row) == (Answerable.GROUP, town.alm)  # not theirs, which has the same name


def test_the_tree_shows_who_is_asked_and_how_much_is_open(
    small_town: Town, frida: TestClient
) -> None:
    small_town.decided(by="2024-12-31")
    do(small_town, groups.pause_group, small_town.bjork, {"reason": "Vilar"})
    page = frida.get("/grupper").text
    assert "NOSAM Alm" in page
    assert "via ordförande i NOSAM Alm" in page
    assert "Vilande" in page


def test_frida_makes_pauses_and_dissolves_a_group_from_the_pages(
    small_town: Town, frida: TestClient
) -> None:
    made = frida.post("/grupper/ny", data={"name": "Temagrupp Äldre", "kind": "temagrupp"})
    assert made.status_code == 200
    assert "temagrupp" in made.text
    address = made.url.path
    wrong = frida.post(f"{address}/pausa", data={"last_day": "31 augusti"})
    assert wrong.status_code == 422
    assert "Skriv varför gruppen är vilande." in wrong.text
    assert 'value="31 augusti"' in wrong.text
    frida.post(f"{address}/pausa", data={"reason": "Väntar på uppdrag"})
    assert "Vilande: Väntar på uppdrag" in frida.get(address).text
    frida.post(f"{address}/ateruppta")
    assert "Vilande:" not in frida.get(address).text
    frida.post(f"{address}/roller", data={"person": "Alice", "role": "ordförande"})
    assert "via ordförande i Temagrupp Äldre" in frida.get(address).text
    preview = frida.get(f"{address}/avveckla").text
    assert "inget öppet som behöver flyttas" in preview
    assert "Alice (ordförande)" in preview
    frida.post(f"{address}/avveckla", data={"reason": "Uppdraget är klart"})
    page = frida.get(address).text
    assert "Avvecklas 10 juni 2024" in page
    assert "Uppdraget är klart" in page


def test_the_preview_of_a_dissolution_names_what_moves_and_saves_nothing(
    small_town: Town, frida: TestClient
) -> None:
    small_town.decided("Trygg hemgång", by="2024-12-31")
    page = frida.get(f"/grupper/{small_town.alm}/avveckla").text
    assert "Öppna aktiviteter som flyttas" in page
    assert "Trygg hemgång" in page
    with reading(small_town.settings) as session:
        assert session.get_one(Group, small_town.alm).ends_on is None


def listed(town: Town, tmp_path: Path, *lines: str) -> GroupsFiled:
    heads = "Grupp;Typ;Överordnad grupp;Från;Till;Ordförande"
    data = "\n".join([heads, *lines, ""]).encode()
    with transaction(town.settings) as session:
        return file_groups(
            session,
            read_groups("grupper.csv", data),
            organisation=town.settings.organisation,
            today=TODAY,
            by="Frida",
        )


def test_a_list_of_groups_is_read_in_once_and_tells_what_it_changes(
    town: Town, tmp_path: Path
) -> None:
    lines = (
        "NOSAM Alm;NOSAM;Samordningsgruppen;2023-01-01;;Alice",
        "NOSAM Björk;NOSAM;Samordningsgruppen;;;charlie@example.org",
        "Temagrupp Äldre;temagrupp;Stor-NOSAM;;2024-12-31;Eva",
    )
    filed = listed(town, tmp_path, *lines)
    assert (filed.new, filed.changed, filed.unchanged) == (1, 2, 0)
    assert "NOSAM Björk: Ligger under blir Samordningsgruppen." in filed.changes
    assert "Charlie blir ordförande i NOSAM Björk." in filed.changes
    (doubt,) = filed.doubts
    assert doubt.row == 4
    assert "Eva finns inte bland personerna" in doubt.swedish
    with reading(town.settings) as session:
        bobs = select(c(RoleHolding).ends_on).where(c(RoleHolding).person_id == town.bob)
        assert session.execute(bobs).scalar() == date(2024, 6, 9)
    again = listed(town, tmp_path, *lines)
    assert (again.new, again.changed, again.unchanged, again.changes) == (0, 0, 3, [])


def test_a_plan_of_a_dissolved_group_is_still_there(small_town: Town) -> None:
    do(small_town, dissolving.dissolve_group, small_town.alm, {"reason": "Klar"})
    with reading(small_town.settings) as session:
        assert session.execute(select(c(Plan).group_id)).scalar() == small_town.alm


def history_of(town: Town, activity: int) -> list[str]:
    """What the activity's page tells, without the letters."""
    with reading(town.settings) as session:
        return [event.what for event in timeline(session, activity)]


def test_a_last_day_to_come_moves_the_duties_after_it_and_each_activity_tells(town: Town) -> None:
    owned = town.decided("Trygg hemgång", by="2024-12-31")
    named = town.decided("Nätverk", by="2024-12-31", group=town.bjork)
    town_named_alm(town, named)
    given = {"reason": "Slås ihop", "successor": "NOSAM Björk", "ends_on": "2024-06-30"}
    do(town, dissolving.dissolve_group, town.alm, given)
    assert asked(town, owned) == ["Alice, via ordförande i NOSAM Alm"]
    assert "ska redan avvecklas" in refused(town, dissolving.dissolve_group, town.alm, given)
    for day, moved in ((date(2024, 6, 30), 0), (date(2024, 7, 1), 1), (date(2024, 7, 2), 0)):
        with transaction(town.settings) as session:
            assert dissolving.hand_over_due(session, day) == moved
    assert asked(town, owned, date(2024, 7, 1)) == ["Bob, via ordförande i NOSAM Björk"]
    assert "Grupp ändrat" in history_of(town, owned)
    assert "Ansvarig ändrat" in history_of(town, named)
    with reading(town.settings) as session:
        ended = select(c(RoleHolding).ends_on).where(c(RoleHolding).group_id == town.alm)
        assert list(session.execute(ended).scalars()) == [date(2024, 6, 30)]
    assert "inte på väg" in refused_back(town)


def town_named_alm(town: Town, activity: int) -> None:
    """Alm is named as responsible for another group's activity."""
    with transaction(town.settings) as session:
        session.execute(
            update(Responsibility)
            .where(c(Responsibility).activity_id == activity)
            .values(group_id=town.alm, words="NOSAM Alm")
        )


def refused_back(town: Town) -> str:
    """What is said when the dissolution is taken back too late."""
    with pytest.raises(Refused) as said, transaction(town.settings) as session:
        dissolving.take_back(session, town.alm, FRIDA, today=date(2024, 7, 2))
    return " ".join(said.value.sentences)


def test_frida_takes_it_back_before_the_day(small_town: Town, frida: TestClient) -> None:
    owned = small_town.decided("Trygg hemgång", by="2024-12-31")
    address = f"/grupper/{small_town.alm}"
    form = {"reason": "Slås ihop", "successor": str(small_town.bjork), "ends_on": "2024-06-30"}
    assert frida.post(f"{address}/avveckla", data=form).status_code == 200
    page = frida.get(address).text
    assert "Gruppen avvecklas efter 30 juni 2024" in page
    assert "Ta tillbaka avvecklingen" in page
    back = frida.post(f"{address}/avveckla/angra").text
    assert "Avvecklingen tas tillbaka." in back
    assert "Ta tillbaka avvecklingen" not in back
    with transaction(small_town.settings) as session:
        assert dissolving.hand_over_due(session, date(2024, 7, 1)) == 0
    assert asked(small_town, owned, date(2024, 7, 1)) == ["Alice, via ordförande i NOSAM Alm"]


def test_who_had_not_left_after_all_has_her_roles_again(town: Town) -> None:
    activity = town.decided(by="2024-12-31")
    do(town, last_day.leave, town.alice, {"left_on": "2024-06-11"})
    do(town, last_day.leave, town.alice, {"left_on": "2024-06-14"})  # another day, a second try
    assert asked(town, activity, date(2024, 6, 20)) == [
        "Frida, via processledare i Samordningsgruppen"
    ]
    do(town, last_day.come_back, town.alice)
    assert asked(town, activity, date(2024, 6, 20)) == ["Alice, via ordförande i NOSAM Alm"]
    with reading(town.settings) as session:
        held = select(c(RoleHolding).ends_on).where(c(RoleHolding).person_id == town.alice)
        assert list(session.execute(held).scalars()) == [None]


def test_a_role_that_begins_later_is_not_counted_among_those_that_end(
    small_town: Town, frida: TestClient
) -> None:
    person, group, spring = small_town.bob, small_town.alm, date(2025, 3, 1)
    with transaction(small_town.settings) as session:
        coming = RoleHolding(person_id=person, group_id=group, role=Role.CHAIR, starts_on=spring)
        session.add(coming)
    page = frida.get(f"/grupper/{small_town.alm}/avveckla").text
    assert "En roll avslutas: Alice" in page
    assert "bara om den har börjat på gruppens sista dag: Bob (ordförande, från" in page


@pytest.mark.parametrize("last", ["", "2024-06-30"])
def test_a_role_that_was_to_begin_after_the_groups_last_day_never_does(
    town: Town, last: str
) -> None:
    """Bob's was given by Frida and Charlie's came with a list; both begin in August."""
    taken = {"role": "ledamot", "starts_on": "2024-08-01"}
    do(town, roles.take_role, town.alm, town.bob, taken)
    with transaction(town.settings) as session:
        begins = date(2024, 8, 15)
        session.add(
            RoleHolding(
                person_id=town.charlie, group_id=town.alm, role=Role.MEMBER, starts_on=begins
            )
        )
    given = {"reason": "Slås ihop", "successor": "NOSAM Björk", "ends_on": last}
    do(town, dissolving.dissolve_group, town.alm, given)
    with transaction(town.settings) as session:
        dissolving.hand_over_due(session, date(2024, 7, 1))
    with reading(town.settings) as session:
        held = select(c(RoleHolding).person_id, c(RoleHolding).ends_on)
        rows = list(session.execute(held.where(c(RoleHolding).group_id == town.alm)).tuples())
    assert rows == [(town.alice, date.fromisoformat(last or "2024-06-10"))]
    page = browse(create_app(town.settings.model_copy(update={"today": date(2024, 7, 2)})))
    told = page.get(f"/grupper/{town.alm}").text
    assert "Togs tillbaka av Frida" in told
    assert "NOSAM Alm avvecklas: Slås ihop" in told


def test_one_that_has_begun_since_the_day_was_missed_ends_where_it_began(
    small_town: Town,
) -> None:
    taken = {"role": "ledamot", "starts_on": "2024-07-01"}
    do(small_town, roles.take_role, small_town.alm, small_town.bob, taken)
    given = {"reason": "Slås ihop", "successor": "NOSAM Björk", "ends_on": "2024-06-30"}
    do(small_town, dissolving.dissolve_group, small_town.alm, given)
    with transaction(small_town.settings) as session:
        dissolving.hand_over_due(session, date(2024, 7, 8))
    with reading(small_town.settings) as session:
        held = select(c(RoleHolding).ends_on).where(c(RoleHolding).person_id == small_town.bob)
        alms = held.where(c(RoleHolding).group_id == small_town.alm)
        assert list(session.execute(alms).scalars()) == [date(2024, 7, 1)]
