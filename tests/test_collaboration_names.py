"""No collaboration reads as another, by its name or by what its letters say that they come from.

Frida leads Vårdsamverkan Prov, Gustav Vårdsamverkan Annan, and he may know nothing of hers; who is
at the machine administers both.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from cli.commands.collaborations import numbered
from config.settings import Settings
from intake.deviation.whose import asked_for
from intake.people import collaborations as changing
from intake.people.lists_apart import list_of_file
from intake.people.register import collaboration_named
from models.columns import c
from models.database import reading, transaction
from models.group import Collaboration, CollaborationName, Group
from models.moves import Refused
from rules.look_alikes import skeleton, why_no_name
from tests.cast import FRIDA, Town
from tests.two_collaborations import ANOTHER, neighbours

TODAY = date(2025, 5, 1)
OURS = "Vårdsamverkan Prov"
NEUTRAL = "Välj ett annat namn."
LIKE_OURS = {
    "itself": OURS,
    "capitals": "VÅRDSAMVERKAN  PROV",
    "a full stop": "Vårdsamverkan Prov.",
    "a hyphen": "Vårdsamverkan-Prov",
    "full width": "\uff36\u00e5rdsamverkan Prov",
    "a hard blank": "Vårdsamverkan\u00a0Prov",
    "small capitals": "V\u00e5rdsamverkan P\u0280ov",
    "a figure for a letter": "Vårdsamverkan Pr0v",
    "a stroke": "Vårdsamverkan Pr\u00f8v",
    "decomposed": "Va\u030ardsamverkan Prov",
}
NO_NAMES = {
    "a zero-width space": "Vårdsamverkan\u200b Prov",
    "an override": "\u202eVårdsamverkan Prov",
    "a word joiner": "Vårdsamverkan Prov\u2060",
    "a soft hyphen": "Vård\u00adsamverkan Prov",
    "a blank of braille": "\u2800Vårdsamverkan Prov",
    "a mark through it": "V\u0336årdsamverkan Prov",
    "Cyrillic": "Vårdsamverkan Pr\u043ev",
    "Greek": "Vårdsamverkan Pr\u03bfv",
    "Lisu": "V\u00e5rdsamverkan \ua4d3",
    "an address": "chef@drakfors.example.org",
    "a wide address": "chef\uff20drakfors.example.org",
    "signs alone": "…",
}


@pytest.mark.parametrize("field", ["name", "sender_name"])
@pytest.mark.parametrize("name", LIKE_OURS.values(), ids=LIKE_OURS.keys())
def test_gustav_takes_no_name_that_reads_as_fridas(small_town: Town, field: str, name: str) -> None:
    there = neighbours(small_town)
    given = {"name": ANOTHER, "sender_name": ""} | {field: name}
    with transaction(small_town.settings) as session, pytest.raises(Refused) as refused:
        changing.change_collaboration(session, there.theirs, given, FRIDA, today=TODAY)
    assert refused.value.sentences == [NEUTRAL], "and is not told that there is one"


def test_gustav_leaves_no_ring_out_and_an_administrator_may(small_town: Town) -> None:
    """ "Alm" and "Ålm" are two places; who leads one does not say so of the other's name."""
    there = neighbours(small_town)
    given = {"name": "Vardsamverkan Prov", "sender_name": ""}
    with transaction(small_town.settings) as session, pytest.raises(Refused) as refused:
        changing.change_collaboration(session, there.theirs, given, FRIDA, today=TODAY)
    assert refused.value.sentences == [NEUTRAL]
    with transaction(small_town.settings) as session:
        changing.change_collaboration(
            session, there.theirs, given, FRIDA, today=TODAY, knows_all=True
        )


@pytest.mark.parametrize("name", NO_NAMES.values(), ids=NO_NAMES.keys())
def test_what_nobody_can_read_is_no_name(small_town: Town, name: str) -> None:
    there = neighbours(small_town)
    for given in ({"name": name}, {"name": ANOTHER, "sender_name": name}):
        with transaction(small_town.settings) as session, pytest.raises(Refused) as refused:
            changing.change_collaboration(session, there.theirs, given, FRIDA, today=TODAY)
        assert refused.value.sentences == [why_no_name(name)]


def test_what_letters_come_from_is_a_name_as_taken_as_the_others(small_town: Town) -> None:
    there = neighbours(small_town)
    given = {"name": OURS, "sender_name": "Närvård Väst"}
    with transaction(small_town.settings) as session:
        changing.change_collaboration(session, there.ours, given, FRIDA, today=TODAY)
    for taken in ({"name": "NÄRVÅRD väst"}, {"name": "Öst", "sender_name": "Närvård-Väst"}):
        with transaction(small_town.settings) as session, pytest.raises(Refused, match="redan"):
            changing.make_collaboration(session, taken, FRIDA, today=TODAY)
    with transaction(small_town.settings) as session:
        own = {"name": "Närvård Väst", "sender_name": OURS}
        changing.change_collaboration(session, there.ours, own, FRIDA, today=TODAY)


@pytest.mark.parametrize("name", ["1", "2025", "１", "# 1"])
def test_a_number_is_no_name(name: str) -> None:
    assert why_no_name(name) == "Namnet har inga bokstäver. Skriv vad samverkan heter."


def test_a_number_is_fridas_collaboration_though_gustavs_is_called_so(small_town: Town) -> None:
    there = neighbours(small_town)
    with transaction(small_town.settings) as session:
        session.get_one(Collaboration, there.theirs).name = str(there.ours)
    with reading(small_town.settings) as session:
        assert asked_for(session, str(there.ours)) == there.ours
        assert numbered(session, str(there.ours)) == there.ours
        assert asked_for(session, str(there.theirs)) == numbered(session, str(there.theirs))


def test_gustav_takes_no_name_that_fridas_has_had_in_between(small_town: Town) -> None:
    there = neighbours(small_town)
    years = [("Alm och Ek", ""), ("Alm blir Ek", "Närvård; Väst"), ("Alm Ek Gran", "Närvård Norr")]
    for name, sender in years:
        with transaction(small_town.settings) as session:
            given = {"name": name, "sender_name": sender}
            changing.change_collaboration(session, there.ours, given, FRIDA, today=TODAY)
    for had in ("alm OCH ek", "Alm blir Ek", "Närvård; Väst", "Närvård Norr", OURS):
        for given in ({"name": had}, {"name": ANOTHER, "sender_name": had}):
            with transaction(small_town.settings) as session, pytest.raises(Refused) as refused:
                changing.change_collaboration(session, there.theirs, given, FRIDA, today=TODAY)
            assert refused.value.sentences == [NEUTRAL]
    with transaction(small_town.settings) as session:
        again = {"name": "Alm och Ek", "sender_name": "Närvård; Väst"}
        changing.change_collaboration(session, there.ours, again, FRIDA, today=TODAY)
    with reading(small_town.settings) as session:
        kept = sorted(session.execute(select(c(CollaborationName).name)).scalars())
    assert kept == sorted(
        ["Alm och Ek", "Alm blir Ek", "Alm Ek Gran", OURS, "Närvård; Väst", "Närvård Norr"]
    )


def test_what_the_installation_is_called_is_an_administrators_to_give(small_town: Town) -> None:
    """Commands that name no collaboration are for the one that is called so."""
    there = neighbours(small_town)
    told = small_town.settings.model_copy(update={"organisation": "Region Väst"})
    small_town.settings = told
    his = f"/samverkan/{there.theirs}/andra"
    for given in ({"name": "Region Väst"}, {"name": ANOTHER, "sender_name": "REGION väst"}):
        said = there.gustavs().post(his, data={"sender_name": "", **given})
        assert (said.status_code, NEUTRAL in said.text) == (422, True)
    given = {"name": "Region Väst", "sender_name": ""}
    assert there.machine().post(his, data=given).status_code == 200
    with reading(told) as session:
        assert session.get_one(Collaboration, there.theirs).name == "Region Väst"
    given = {"name": "Region Väst", "sender_name": "Väst"}
    assert there.gustavs().post(his, data=given).status_code == 200, "it is his"


LISTS = {
    "people": "Namn;E-post;Grupp;Roll\nEva Ek;eva@example.org;Temagrupp ny;ledamot\n",
    "groups": "Grupp;Typ\nTemagrupp ny;temagrupp\n",
}


@pytest.mark.parametrize("rows", LISTS.values(), ids=LISTS.keys())
def test_gustavs_list_goes_to_his_though_that_is_called_otherwise_while_it_is_read(
    small_town: Town, monkeypatch: pytest.MonkeyPatch, rows: str
) -> None:
    """And nothing that he is answered names Frida's."""
    there, names = neighbours(small_town), iter(["Andra", "Tredje", "Fjärde"])

    def is_called_otherwise() -> None:
        with transaction(small_town.settings) as session:
            given = {"name": next(names), "sender_name": ""}
            changing.change_collaboration(session, there.theirs, given, FRIDA, today=TODAY)

    def slowly(*args: Any, **told: Any) -> Any:  # noqa: ANN401 - as it is
        is_called_otherwise()
        return list_of_file(*args, **told)

    is_called_otherwise()
    with transaction(small_town.settings) as session:
        session.get_one(Collaboration, there.ours).name = "Hemlig samverkan"
    monkeypatch.setattr("web.people.people_import.list_of_file", slowly)
    gustav = there.gustavs()
    shown = gustav.post("/personer/las-in", files={"file": ("lista.csv", rows.encode())})
    print_of_it = re.search('name="fingerprint" value="([0-9a-f]+)"', shown.text)
    assert print_of_it is not None
    given = {"fingerprint": print_of_it[1], "name": "lista.csv", "spara": "ja"}
    saved = gustav.post("/personer/las-in", data=given)
    assert (saved.status_code, "Hemlig" in shown.text + saved.text) == (200, False)
    with reading(small_town.settings) as session:
        made = select(c(Group).collaboration_id).where(c(Group).name == "Temagrupp ny")
        assert session.execute(made).scalars().all() == [there.theirs]


def test_a_name_that_is_kept_as_it_was_stands_in_nobodys_way(small_town: Town) -> None:
    there = neighbours(small_town)
    with transaction(small_town.settings) as session:
        session.get_one(Collaboration, there.theirs).name = "Vårdsamverkan Prov."
    with transaction(small_town.settings) as session:
        given = {"name": "Vårdsamverkan Prov.", "sender_name": "Annan"}
        changing.change_collaboration(session, there.theirs, given, FRIDA, today=TODAY)


def test_the_page_tells_an_administrator_and_not_gustav(small_town: Town) -> None:
    there = neighbours(small_town)
    given = {"name": ANOTHER, "sender_name": "vårdsamverkan PROV."}
    own = f"/samverkan/{there.theirs}/andra"
    his = there.gustavs().post(own, data=given)
    assert (his.status_code, NEUTRAL in his.text) == (422, True)
    assert "Det finns redan" not in his.text
    hers = there.machine().post(own, data=given)
    assert (hers.status_code, "Det finns redan en samverkan" in hers.text) == (422, True)


def test_two_who_choose_the_same_name_at_once_are_not_both_first(told: Settings) -> None:
    Town(told)
    ready = Barrier(2)

    def make(name: str) -> str:
        ready.wait(30)
        try:
            with transaction(told) as session:
                changing.make_collaboration(session, {"name": name}, FRIDA, today=TODAY)
        except Refused as refused:
            return str(refused)
        return ""

    for number in range(5):
        pair = (f"Norra {number}", f"NORRA {number}")
        with ThreadPoolExecutor(2) as two:
            said = list(two.map(make, pair))
        assert sorted(map(bool, said)) == [False, True], said


def test_two_first_files_at_once_make_one_collaboration(told: Settings) -> None:
    ready = Barrier(2)

    def first(name: str) -> int:
        ready.wait(30)
        with transaction(told) as session:
            return collaboration_named(session, "", name)

    with ThreadPoolExecutor(2) as two:
        numbers = list(two.map(first, ("Norra", "NORRA")))
    assert len(set(numbers)) == 1
    with reading(told) as session:
        assert len(session.execute(select(c(Collaboration).id)).all()) == 1


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("Närvård Väst", "Närvård Öst"),
        ("Vårdsamverkan Alm", "Vårdsamverkan Ålm"),
        ("Område 1", "Område 2"),
        ("Närvård Sydväst", "Närvård Väst"),
    ],
)
def test_names_that_people_tell_apart_are_two(one: str, another: str) -> None:
    assert skeleton(one) != skeleton(another)
    assert why_no_name(one) == why_no_name(another) == ""
