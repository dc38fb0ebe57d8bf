"""A person's name reads as a name, wherever it is typed, and makes no letter read as another's.

Frida leads Vårdsamverkan Prov and Gustav Vårdsamverkan Annan; what he calls himself stands in the
letters of his collaboration, which Alice may get.
"""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.settings import Settings
from intake.people.lists import read_people
from models.database import reading, transaction
from models.moves import Refused
from models.person import Person
from notifications import administrators
from notifications.letters.frame import Signer
from notifications.message import build
from rules.names_of_people import LONGEST_IN_A_HEADER, in_a_header, why_no_person
from tests.cast import FRIDA, Town
from tests.test_message import letter, parsed
from tests.two_collaborations import ANOTHER, neighbours
from web.entry import mailed_link

TODAY = date(2025, 5, 1)
PRETENDING = "Frida <frida@prov.example.org> " + "x" * 120
NO_NAMES = {
    "an address in brackets": PRETENDING[:60],
    "an address": "frida@prov.example.org",
    "a wide address": "frida\uff20prov.example.org",
    "brackets": "Frida \uff1cledare\uff1e",
    "an address of a page": "Frida https://evil.example",
    "the same without what it begins with": "Frida www.evil.example",
    "an override": "Frida\u202e",
    "an isolate": "\u2067Frida\u2069",
    "a zero-width blank": "Fri\u200bda",
    "a joiner in Latin letters": "Fri\u200dda",
    "a soft hyphen": "Fri\u00adda",
    "a blank of braille": "Frida\u2800Ek",
    "a stroke through it": "Fr\u0336ida",
    "a letter of Cyrillic": "Frid\u0430 Ek",
    "a letter of Greek": "\u0395va Ek",
    "a letter of Cherokee": "\u13aalva Ek",
}
NAMES = (
    "Åsa Öberg",
    "Anna-Karin af Ekenstam",
    "O’Brien d'Arc",
    "Juhani Äijälä",
    "Mikkâl Ánte Áillohaš",
    "Ŋaŋŋo Đoarvi Ŧuomas",
    "Iŋŋgá ǩǧǯ Skolt",
    "Γιώργος Παπαδόπουλος",
    "محمد عبد الله",
    "علی\u200cرضا حسینی",
    "דָּוִד כֹּהֵן",
    "Nguyễn Thị Ánh",
    "Олена Шевченко",
    "Łukasz Ćirić",
    "Þórður Ægisson",
    "A\u030asa O\u0308berg",
    "प्रिया शर्मा",
    "山田 タロウ",
    "Eva Ek (Sociala), enhetschef",
    "Eva Ek @ Regionen",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_one_alphabet_is_a_name(name: str) -> None:
    assert why_no_person(name) == ""


@pytest.mark.parametrize("name", NO_NAMES.values(), ids=NO_NAMES.keys())
def test_what_reads_as_something_else_is_refused_at_the_field(small_town: Town, name: str) -> None:
    there = neighbours(small_town)
    gustavs = there.gustavs()
    told = why_no_person(" ".join(name.split()))
    assert told
    given = {"name": name, "email": "gustav@example.org"}
    group = str(there.their_group)
    new = {"name": name, "email": "ny@example.org", "group": group, "role": "ledamot"}
    for page, fields in ((f"/personer/{there.gustav}/andra", given), ("/personer/ny", new)):
        answer = gustavs.post(page, data=fields)
        assert answer.status_code == 422
        assert told in answer.text.replace("&lt;", "<").replace("&gt;", ">")
        assert re.search(r'href="#[\w-]*name"', answer.text), "the summary leads to the field"
    with reading(small_town.settings) as session:
        assert session.get_one(Person, there.gustav).name == "Gustav"


def test_what_another_collaboration_calls_alice_is_a_name_too(small_town: Town) -> None:
    there = neighbours(small_town)
    gustavs = there.gustavs()
    known = {
        "name": "Alice",
        "email": "alice@example.org",
        "group": str(there.their_group),
        "role": "ledamot",
    }
    assert gustavs.post("/personer/ny", data=known).status_code == 200
    page = f"/personer/{small_town.alice}/andra"
    given = {"name": PRETENDING, "email": "alice@example.org"}
    assert gustavs.post(page, data=given).status_code == 422


def test_a_name_on_file_stays_and_the_rest_of_the_form_is_saved(small_town: Town) -> None:
    there = neighbours(small_town)
    with transaction(small_town.settings) as session:
        session.get_one(Person, there.gustav).name = PRETENDING
    page = f"/personer/{there.gustav}/andra"
    machine = there.machine()
    kept = {"name": PRETENDING, "email": "gustav.g@example.org"}
    assert machine.post(page, data=kept).status_code == 200
    another = {"name": f"{PRETENDING}x", "email": "gustav.g@example.org"}
    assert machine.post(page, data=another).status_code == 422


def test_a_list_leaves_such_a_row_out_and_takes_the_others(tmp_path: Path) -> None:
    file = tmp_path / "personer.csv"
    rows = (
        "Namn;E-post\n"
        "Eva Ek;eva@example.org\n"
        "Frid\u0430 Ek;frida.ek@example.org\n"
        "Frida www.evil.example;f@example.org\n"
        "علی\u200cرضا حسینی;ali@example.org\n"
    )
    file.write_text(rows, "utf-8")
    read = read_people(file)
    assert [one.email for one in read.people] == ["eva@example.org", "ali@example.org"]
    assert [(one.row, "Namnet är ”" in one.swedish) for one in read.left_out] == [
        (3, True),
        (4, True),
    ]


def test_neither_the_command_nor_an_organisation_brings_such_a_name_in(small_town: Town) -> None:
    settings, today = small_town.settings, TODAY
    with transaction(settings) as session, pytest.raises(Refused, match="bara vad personen heter"):
        administrators.add(
            session, settings, "adam@example.org", FRIDA, name=PRETENDING, today=today
        )
    with transaction(settings) as session:
        administrators.add(session, settings, "adam@example.org", FRIDA, name="", today=today)
        number = mailed_link.known(session, "adam@example.org", today, PRETENDING)
        assert session.get_one(Person, number).name == "adam@example.org"
        mailed_link.known(session, "adam@example.org", today, "Adam")
    with reading(settings) as session:
        assert session.get_one(Person, number).name == "Adam"


@pytest.mark.parametrize(
    "name", [*NO_NAMES.values(), PRETENDING, f"Frida via Vårdsamverkan Prov {'x' * 300}", ""]
)
def test_a_letter_is_from_the_collaboration_first_and_whole(lite: Settings, name: str) -> None:
    signer = Signer(name, "gustav@example.org", "", ANOTHER)
    sent = parsed(build(lite, replace(letter(), from_name=signer.sender)))["From"]
    (mailbox,) = sent.addresses
    assert mailbox.display_name.startswith(ANOTHER)
    assert "@" not in mailbox.display_name
    assert mailbox.addr_spec.endswith("@foljsam.invalid")
    assert len(in_a_header(name)) <= LONGEST_IN_A_HEADER
