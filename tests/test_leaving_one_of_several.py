"""Who leaves one of several collaborations, and what typing an address takes from others: nothing.

Frida leads the cast's collaboration, where Alice is at home. Gustav leads another, and types the
address of Alice, or of somebody new: every form answers him the same.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from config import clock
from intake.people.declining import decline
from models.activity import Activity
from models.columns import c
from models.comment import Comment
from models.database import reading, transaction
from models.feed import Feed
from models.known import PersonKnown
from models.left import last_day_in
from models.letter import Link
from models.lifecycle import State
from models.person import Person, RoleHolding
from models.plan import Plan
from models.status import StatusAnswer
from notifications.directory import answering_now
from tests.sign_in.conftest import TODAY, browser
from tests.test_people_elsewhere import ALICE, Two, holding, two
from web.people.person import _DEEDS

__all__ = ["two"]

pytestmark = pytest.mark.by_turns
NEW = "ny@example.org"
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
# What Gustav sends, in an order where each has something to do; each deed of the page is there.
SENT: tuple[tuple[str, dict[str, str]], ...] = (
    ("andra", {"name": "Zoe Xu-Berg", "email": "ADRESS"}),
    ("roller", {"group": "CEDER", "role": "ordförande"}),
    ("ersattare", {"delegate": "Gustav", "last_day": "2025-12-31", "scope": ""}),
    ("avsluta-ersattare", {"delegation": "99"}),
    ("avsluta", {"holding": "HELD"}),
    ("angra", {"gjort": "KEPT"}),
    ("angra", {"gjort": "99"}),
    ("avsluta", {"holding": "HELD"}),
    ("lankar", {"link": "99"}),
    ("lankar", {"link": "alla"}),
    ("kalender", {"gor": "skapa"}),
    ("kalender", {"gor": "dra-in"}),
    ("tillbaka", {}),
    ("slutat", {"left_on": ""}),
    ("slutat", {"left_on": YESTERDAY}),
    ("slutat", {"left_on": "2025-01-31"}),
    ("lankar", {"link": "alla"}),
    ("tillbaka", {}),
    ("tillbaka", {}),
    ("onskan-ja", {"wish": "99", "name": "Zoe"}),
    ("onskan-nej", {"wish": "99", "reason": "Nej"}),
    ("hemma", {"home": "1"}),
    ("koppla-loss", {}),
)


def written_to(two: Two, day: str = "2025-01-29") -> str:
    """The path of the link in Alice's newest letter, of that morning."""
    two.town.morning(day)
    letter = next(one for one in reversed(two.town.letters()) if one.to_address == ALICE)
    found = re.search(r"/svar/[^\s/?]+", letter.text)
    assert found
    return found[0]


def has_a_calendar(two: Two) -> None:
    with transaction(two.town.settings) as session:
        session.add(Feed(person_id=two.town.alice, made_at=clock.now()))


def gustavs_activity(two: Two, what: str) -> int:
    made = two.town.decided(what, by="2025-02-28", person=two.town.alice)
    two.town.change(made, group_id=two.ceder)
    return made


def told(two: Two) -> None:
    """Alice has had the letter that says that Gustav's collaboration has taken her on."""
    with transaction(two.town.settings) as session:
        session.execute(update(PersonKnown).values(told_at=clock.now()))


def without_numbers(words: str, page: str, email: str) -> str:
    """A page with what is its own of each taken away: address, numbers, prints, moments."""
    number = page.rpartition("/")[2]
    words = words.replace(email, "ADRESS").replace(f"/personer/{number}", "/personer/N")
    words = words.replace(f"person={number}", "person=N")
    own = r'name="(?:holding|delegation|gjort)" value="\d+"|name="filled_from" value="[^"]*"'
    return re.sub(rf"{own}|<time .*?</time>", "", words)


def all_that_gustav_meets(
    two: Two, gustavs: TestClient, email: str, *, has_told: bool
) -> list[tuple[str, int, str]]:
    page = two.takes_on(gustavs, "Zoe Xu", email)
    if has_told:
        told(two)
    person = int(page.rpartition("/")[2])
    own = {"ADRESS": email, "CEDER": str(two.ceder), "HELD": str(holding(two, person, two.ceder))}
    met = [("", 200, without_numbers(gustavs.get(page).text, page, email))]
    for deed, data in SENT:
        kept = re.search(r'name="gjort" value="(\d+)"', gustavs.get(page).text)
        own["KEPT"] = kept[1] if kept else ""
        given = {name: own.get(value, value) for name, value in data.items()}
        answer = gustavs.post(f"{page}/{deed}", data=given, follow_redirects=False)
        met.append((deed, answer.status_code, without_numbers(answer.text, page, email)))
        shown = gustavs.get(page).text
        met.append((f"after {deed}", 200, without_numbers(shown, page, email)))
    listed = re.findall(r"<tr>.*?</tr>", gustavs.get(f"/personer?sok={email}").text, re.S)
    (row,) = [one for one in listed if email in one]
    return [*met, ("listed", 200, without_numbers(row, page, email))]


@pytest.mark.parametrize("has_told", [False, True], ids=["typed", "told"])
def test_every_deed_answers_gustav_the_same_whoever_has_the_address(
    two: Two, has_told: bool
) -> None:
    assert {deed for deed, _ in SENT} == {*_DEEDS, "kalender"}
    two.town.decided("Trygg hemgång", by="2025-02-28", person=two.town.alice)
    written_to(two)
    has_a_calendar(two)
    gustavs = two.signed_in("gustav@example.org")
    known = all_that_gustav_meets(two, gustavs, ALICE, has_told=has_told)
    new = all_that_gustav_meets(two, gustavs, NEW, has_told=has_told)
    for hers, anybodys in zip(known, new, strict=True):
        assert hers == anybodys
    met = {deed: status for deed, status, _ in known}
    assert (met["slutat"], met["tillbaka"], met["kalender"]) == (303, 422, 403)


def test_gustav_takes_nothing_from_frida_by_typing_alices_address(two: Two) -> None:
    two.town.decided("Trygg hemgång", by="2025-02-28", person=two.town.alice)
    path = written_to(two)
    fridas, page = two.signed_in("frida@example.org"), f"/personer/{two.town.alice}"
    before = fridas.get(page).text
    assert "Länkar i brev härifrån (1)" in before
    two.takes_on(two.signed_in("gustav@example.org"), "Alice Falsk", ALICE)
    assert fridas.get(page).text == before
    assert "Trygg hemgång" in browser(two.app).get(path).text
    done = fridas.post(f"{page}/lankar", data={"link": "alla"}, follow_redirects=False)
    assert done.status_code == 303
    assert "Inget brev härifrån har en länk som gäller." in fridas.get(page).text
    assert browser(two.app).get(path).status_code == 410
    corrected = {"name": "Alice", "email": "alice.ny@example.org"}
    assert fridas.post(f"{page}/andra", data=corrected).status_code == 200


def test_who_has_left_her_home_answers_nothing_of_it_though_gustav_has_typed_her_address(
    two: Two,
) -> None:
    sip = two.town.decided("Trygg hemgång", by="2025-02-28", person=two.town.alice)
    path = written_to(two)
    two.takes_on(two.signed_in("gustav@example.org"), "Alice Falsk", ALICE)
    fridas, page = two.signed_in("frida@example.org"), f"/personer/{two.town.alice}"
    left = fridas.post(f"{page}/slutat", data={"left_on": YESTERDAY}, follow_redirects=False)
    assert left.status_code == 303
    assert f"Slutade {YESTERDAY}" in fridas.get(page).text
    alices = browser(two.app)
    assert alices.get(path).status_code == 410
    said = {f"says_{sip}": "on_track", "form_key": "x"}
    assert alices.post(f"{path}/skicka", data=said).status_code == 410
    with reading(two.town.settings) as session:
        assert session.execute(select(c(StatusAnswer).id)).first() is None
        assert [one.name for one in answering_now(session, sip, TODAY)] == ["Frida"]
        assert session.get_one(Person, two.town.alice).left_on is None  # Gustav has her


def test_what_she_has_with_gustav_goes_on_after_her_last_day_with_frida(two: Two) -> None:
    """One letter tells of both; after the last day with Frida it opens Gustav's alone."""
    gustavs = two.signed_in("gustav@example.org")
    two.takes_on(gustavs, "Alice Falsk", ALICE)
    told(two)
    sip = two.town.decided("Trygg hemgång", by="2025-02-28", person=two.town.alice)
    rutin = gustavs_activity(two, "Säker läkemedelslista")
    path, alices = written_to(two), browser(two.app)
    assert "Trygg hemgång" in alices.get(path).text
    fridas, page = two.signed_in("frida@example.org"), f"/personer/{two.town.alice}"
    fridas.post(f"{page}/slutat", data={"left_on": YESTERDAY})
    for shown in (path, f"{path}/mitt", f"{path}/ersattare"):
        assert "Trygg hemgång" not in alices.get(shown).text, shown
    assert "Säker läkemedelslista" in alices.get(path).text
    for activity in (sip, rutin):
        alices.post(f"{path}/skicka", data={f"says_{activity}": "on_track"})
    with reading(two.town.settings) as session:
        assert list(session.execute(select(c(StatusAnswer).activity_id)).scalars()) == [rutin]
        assert session.get_one(RoleHolding, holding(two, two.town.alice, two.ceder)).ends_on is None
        assert session.get_one(RoleHolding, holding(two, two.town.alice, two.town.alm)).ends_on
    assert "Slutade" not in gustavs.get(page).text
    fridas.post(f"{page}/tillbaka")
    with reading(two.town.settings) as session:
        back = session.get_one(RoleHolding, holding(two, two.town.alice, two.town.alm))
        assert back.ends_on is None
        assert [one.person_id for one in answering_now(session, sip, TODAY)] == [two.town.alice]
    assert "Har rollerna igen: ordförande i NOSAM Alm." in fridas.get(page).text
    assert "Trygg hemgång" not in alices.get(path).text  # what was closed stays closed


def test_revoking_all_closes_what_is_fridas_in_gustavs_letter_too(two: Two) -> None:
    gustavs = two.signed_in("gustav@example.org")
    two.takes_on(gustavs, "Alice Falsk", ALICE)
    told(two)
    gustavs_activity(two, "Säker läkemedelslista")
    path, alices = written_to(two), browser(two.app)
    two.town.decided("Trygg hemgång", by="2025-06-30", person=two.town.alice)
    assert "Trygg hemgång" in alices.get(path).text
    fridas, page = two.signed_in("frida@example.org"), f"/personer/{two.town.alice}"
    shown = fridas.get(page).text
    assert "Länkar i brev härifrån (0)" in shown
    assert "kan också visa det som är härifrån" in shown
    assert "Inga." not in shown
    with reading(two.town.settings) as session:
        link = session.execute(select(c(Link).id)).scalar_one()
    assert fridas.post(f"{page}/lankar", data={"link": str(link)}).status_code == 422
    fridas.post(f"{page}/lankar", data={"link": "alla"})
    assert "Trygg hemgång" not in alices.get(path).text
    assert "Säker läkemedelslista" in alices.get(path).text
    assert "Länkar i brev härifrån (1)" in gustavs.get(page).text
    gustavs.post(f"{page}/lankar", data={"link": str(link)})
    assert alices.get(path).status_code == 410


def test_who_has_left_all_that_know_her_has_left_and_may_begin_anew_with_one(two: Two) -> None:
    gustavs, fridas = two.signed_in("gustav@example.org"), two.signed_in("frida@example.org")
    sip = two.town.decided("Trygg hemgång", by="2025-02-28", person=two.town.alice)
    page = f"/personer/{two.town.alice}"
    fridas.post(f"{page}/slutat", data={"left_on": YESTERDAY})
    assert str(two.person(two.town.alice).left_on) == YESTERDAY
    assert two.takes_on(gustavs, "Alice Falsk", ALICE) == page
    assert two.person(two.town.alice).left_on is None
    rutin = gustavs_activity(two, "Säker läkemedelslista")
    with reading(two.town.settings) as session:
        assert [one.name for one in answering_now(session, sip, TODAY)] == ["Frida"]
        assert [one.name for one in answering_now(session, rutin, TODAY)] == ["Alice Falsk"]
        area = session.get_one(Person, two.town.alice).home_collaboration_id
        assert area is not None
        assert str(last_day_in(session, two.town.alice, [area])) == YESTERDAY
        assert last_day_in(session, two.town.alice, [two.other]) is None
    assert f"Slutade {YESTERDAY}" in fridas.get(page).text
    assert "Slutade" not in gustavs.get(page).text
    assert two.town.state(sip) is State.DECIDED


def test_what_is_said_of_leaving_is_true_of_her_who_is_known_elsewhere(two: Two) -> None:
    page = two.takes_on(two.signed_in("gustav@example.org"), "Alice", ALICE)
    shown = two.signed_in("gustav@example.org").get(page).text
    assert "länkarna slutar gälla" not in shown
    assert "länkar i brev visar inte längre det som är härifrån. Annat påverkas inte." in shown


def proposes_and_is_commented(two: Two) -> None:
    """Alice proposes another day for what is Gustav's, who writes of it; and has Frida's too."""
    rutin = gustavs_activity(two, "Säker läkemedelslista")
    with transaction(two.town.settings) as session:
        plan = Plan(collaboration_id=two.other, group_id=two.ceder, title="Gustavs plan")
        session.add(plan)
        session.flush()
        session.execute(update(Activity).where(c(Activity).id == rutin).values(plan_id=plan.id))
    late = {f"says_{rutin}": "late", f"date_{rutin}": "30 april"}
    assert browser(two.app).post(f"{written_to(two)}/skicka", data=late).status_code == 200
    with transaction(two.town.settings) as session:
        note = Comment(
            activity_id=rutin,
            person_id=two.gustav,
            by="Gustav",
            at=clock.now(),
            on_day=TODAY,
            words="Så var det",
        )
        session.add(note)
    two.town.decided("Trygg hemgång", by="2025-03-03", person=two.town.alice)


def says_no(two: Two) -> None:
    with transaction(two.town.settings) as session:
        decline(session, two.town.alice, two.other, today=TODAY)


def leaves(two: Two) -> None:
    gustavs = two.signed_in("gustav@example.org")
    gustavs.post(f"/personer/{two.town.alice}/slutat", data={"left_on": YESTERDAY})


@pytest.mark.parametrize("parts", [None, leaves, says_no])
def test_a_letter_from_frida_takes_along_what_is_gustavs_only_while_alice_is_with_him(
    two: Two, parts: Callable[[Two], None] | None
) -> None:
    two.takes_on(two.signed_in("gustav@example.org"), "Alice", ALICE)
    told(two)
    proposes_and_is_commented(two)
    if parts is not None:
        parts(two)
    written_to(two, "2025-02-03")
    letter = [one for one in two.town.letters() if one.to_address == ALICE][-1]
    assert "Trygg hemgång" in letter.text
    assert ("Säker läkemedelslista" in letter.text) is (parts is None)
    assert ("Gustav" in letter.text) is (parts is None)
