"""What reaches over a border by another way than an address: letters, names, sessions, kept files.

Frida leads the cast's collaboration, Gustav another. Gustav has taken Alice on as Vera Typad.
"""

import re
from datetime import date
from hashlib import sha256

import pytest
from sqlalchemy import select

from models.columns import c
from models.database import reading, transaction
from models.letter import Letter
from models.person import Role
from notifications import passed_on
from notifications.letters import taken_on
from tests.cast import Town
from tests.sign_in.conftest import TODAY, browser, is_in
from tests.test_border import Border, border, of_gustavs

__all__ = ["border"]

pytestmark = pytest.mark.by_turns
ASKED = date(2025, 1, 29)


@pytest.fixture
def asked(border: Border) -> int:
    """Alice has a letter about an activity of Gustav's."""
    border.taken_on(border.town.alice, border.gustavs, "Vera Typad")
    activity = of_gustavs(border, border.town.alice)
    border.town.morning(ASKED)
    return activity


def link(town: Town) -> str:
    """The path of the link in Alice's newest letter."""
    newest = [one for one in town.letters() if one.to_address == "alice@example.org"][-1]
    found = re.search(r"/svar/[\w.-]+", newest.text)
    assert found
    return found[0]


def letters(town: Town, kind: str) -> list[Letter]:
    """Those of a kind, the earliest first."""
    with reading(town.settings) as session:
        rows = session.execute(select(Letter).where(c(Letter).kind == kind).order_by(c(Letter).id))
        return list(rows.scalars())


def test_words_and_wishes_about_gustavs_activity_go_to_gustav(border: Border, asked: int) -> None:
    path = link(border.town)
    said = {"name": "Tilda", "words": "Alice är sjuk"}
    browser(border.app).post(f"{path}/annan", data=said)
    alices = border.signed_in("alice@example.org")
    wish = {
        "delegate": "utomstaende@example.org",
        "first_day": "2025-02-01",
        "last_day": "2025-02-28",
        "scope": f"aktivitet-{asked}",
    }
    assert "Processledaren har fått" in alices.post(f"{path}/ersattare", data=wish).text
    told = letters(border.town, passed_on.KIND)
    assert [one.to_address for one in told] == ["gustav@example.org"] * 2
    assert all("Vera Typad" in one.text for one in told)
    assert not any("Alice vill" in one.text for one in told)


def test_an_answer_taken_back_is_told_by_the_name_that_gustav_typed(
    border: Border, asked: int
) -> None:
    path, alices = link(border.town), browser(border.app)
    alices.post(f"{path}/skicka", data={f"says_{asked}": "late", f"date_{asked}": "v. 12 2025"})
    alices.post(f"{path}/ta-tillbaka", data={"answer": "1"})
    page = border.signed_in("gustav@example.org").get(f"/aktiviteter/{asked}").text
    assert "Togs tillbaka av Vera Typad" in page
    assert "av Alice" not in page


def test_gustavs_letter_to_alice_is_not_fridas_to_read_when_she_has_said_no(
    border: Border,
) -> None:
    border.taken_on(border.town.alice, border.gustavs, "Vera Typad")
    with transaction(border.town.settings) as session:
        assert taken_on.write(session, TODAY) == 1
    told = next(one for one in border.town.letters() if "lagt till dig" in one.text)
    alices = border.signed_in("alice@example.org")
    alices.post("/mina-uppgifter", data={"gor": "nej", "samverkan": str(border.gustavs)})
    fridas = border.signed_in("frida@example.org")
    for page in (f"/utskick/{told.id}", f"/utskick/{told.id}/brev"):
        assert fridas.get(page).status_code == 403
    assert "Vera Typad" not in fridas.get("/utskick").text


def test_a_role_that_gustav_gives_and_ends_does_not_throw_frida_out(border: Border) -> None:
    fridas = border.signed_in("frida@example.org")
    gustavs = border.signed_in("gustav@example.org")
    given = {
        "name": "Frida F",
        "email": "frida@example.org",
        "group": str(border.ceder),
        "role": Role.PROCESS_LEADER.value,
    }
    assert gustavs.post("/personer/ny", data=given, follow_redirects=False).status_code == 303
    assert is_in(fridas)


def test_a_file_that_frida_looks_at_is_not_gustavs_though_he_knows_what_stands_in_it(
    border: Border,
) -> None:
    rows = b"Namn;E-post;Grupp;Roll\nHemliga Hanna;hanna@example.org;NOSAM Alm;ledamot\n"
    fridas = border.signed_in("frida@example.org")
    shown = fridas.post("/personer/las-in", files={"file": ("folk.csv", rows)})
    assert "Hemliga Hanna" in shown.text
    guess = {"name": "folk.csv", "fingerprint": sha256(rows).hexdigest()}
    answer = border.signed_in("gustav@example.org").post("/personer/las-in", data=guess)
    assert "Hemliga Hanna" not in answer.text
    assert "Välj filen igen" in answer.text
