"""A file names what it likes: of another collaboration it shows nothing, and changes nothing there.

Its leader sends, in every form that takes a file, files whose own words name the other realm: its
collaboration, group, plan, people and what it does, and the very files that the other realm's
pages give. Then she sends each form of the page that comes back, whole, and once without each of
the fields that say where it goes.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO

import docx
import pytest
from httpx import Response

from tests.security.came import words_of
from tests.security.conftest import Rendered
from tests.security.page_forms import Form, read_page
from tests.security.realm import Realm
from tests.security.walk import LEADER, OTHER_LEADER, Place, route_of
from tests.sizes import LONG

# Where a form sends it; what a browser that has been tampered with would leave out.
WHERE = ("plan", "plan_id", "group", "group_id", "grupp", "area", "samverkan", "organisation")


@dataclass(frozen=True)
class Sent:
    """A file, and the words that it holds."""

    name: str
    content: bytes
    words: frozenset[str]


def sent_names(realm: Realm) -> list[str]:
    """By what a file can name something of a realm."""
    return [
        *(f"{realm.mark} samverkan", f"{realm.mark} närgrupp", f"{realm.mark} plan 2025"),
        *(realm.name("ordf"), realm.name("ledare"), realm.address("ordf")),
    ]


def plan_of(realm: Realm) -> Sent:
    """A plan that says that it is the other group's, in the other collaboration."""
    area, group, title, chair, leader, address = sent_names(realm)
    document = docx.Document()
    document.add_heading(title, 0)
    for line in (f"Organisation: {area}", f"Vårdsamverkan: {area}", f"Grupp: {group}"):
        document.add_paragraph(line)
    heads = ["Nr", "Aktivitet", "Ansvarig", "Grupp", "Klart senast", "Status"]
    number = realm.ids["activity_id"][0]
    rows = [
        [str(number), "Kartlägga behov", chair, group, "2025-05-31", "Pågår"],
        [
            f"aktivitet-{number}",
            "Gemensam rutin",
            f"{leader} {address}",
            area,
            "2025-06-30",
            "Klar",
        ],
    ]
    table = document.add_table(rows=0, cols=len(heads))
    for row in (heads, *rows):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    made = BytesIO()
    document.save(made)
    return Sent("plan.docx", made.getvalue(), frozenset(sent_names(realm)))


def lists_of(realm: Realm) -> Iterator[Sent]:
    """Lists of people, groups and deviations that name what the other has."""
    area, group, _, chair, leader, address = sent_names(realm)
    guest = f"gast.{realm.people['ordf']}@example.org"
    lists = {
        "personer.csv": [
            ["Namn", "E-post", "Grupp", "Roll", "Samverkan"],
            [chair, address, group, "ordförande", area],
            [f"{leader} Ny", guest, group, "processledare", area],
        ],
        "grupper.csv": [["Grupp", "Samverkan", "Typ"], [group, area, "NOSAM"], [area, group, ""]],
        "avvikelser.csv": [
            ["Ärendenummer", "Registreringsdatum", "Rapporterande enhet", "Målgrupp"],
            [f"{realm.mark}-1", "2025-01-02", group, f"{realm.mark} barn"],
        ],
    }
    words = frozenset({*sent_names(realm), guest, f"{realm.mark} barn", f"{realm.mark}-1"})
    for name, rows in lists.items():
        text = StringIO()
        csv.writer(text, delimiter=";").writerows(rows)
        yield Sent(name, text.getvalue().encode(), words)


def files_that_name(place: Place, realm: Realm) -> list[Sent]:
    """All of them, with the other realm's own files."""
    own = place.browsers[LEADER]
    plan, edition = realm.ids["plan_id"][0], realm.ids["edition_id"][0]
    given = []
    for address in (f"/planer/{plan}.xlsx", f"/planer/{plan}.csv", f"/rapporter/{edition}.docx"):
        answer = own.get(address)
        if answer.status_code == 200:
            name = address.strip("/").replace("/", ".")
            given.append(Sent(name, answer.content, frozenset({realm.mark})))
    assert given, "the other realm gives no file at all"
    return [plan_of(realm), *lists_of(realm), *given]


def without_its_words(answer: Response, sent: Sent, fields: dict[str, str]) -> str:
    """What an answer says that the file did not say itself, in small letters."""
    told = words_of(answer).casefold()
    for word in sorted((*sent.words, *fields.values()), key=len, reverse=True):
        if word:
            told = told.replace(word.casefold(), "…")
    return told


@pytest.fixture(scope="module")
def forms_with_files(rendered: Rendered) -> list[Form]:
    """Each form of the leader there that takes a file, once."""
    found: dict[str, Form] = {}
    for _, form in rendered[OTHER_LEADER]:
        if form.files and not form.is_another_button:
            found.setdefault(route_of(form.method, form.action), form)
    return list(found.values())


def goes_with(route: str, sent: Sent) -> bool:
    """With all tests a route gets the files that are of its kind; LONG sends each to each."""
    if LONG:
        return True
    first = sent.name.split(".")[0]
    kind = {"plan": "planer", "planer": "planer", "rapporter": "rapporter"}.get(first, first)
    return kind in route


def all_of_the_forms(page: Response, sent: Sent) -> Iterator[tuple[Form, dict[str, str]]]:
    """What can be sent from the page that came of a file: whole, and without where it goes."""
    if "text/html" not in page.headers.get("content-type", ""):
        return
    for form in read_page(page.text, "/")[0]:
        if form.method == "POST" and form.action != "/logga-ut" and not form.files:
            yield form, form.values
            for name in WHERE:
                if name in form.values:
                    yield form, {key: told for key, told in form.values.items() if key != name}


def test_a_file_that_names_the_other_collaboration_reaches_nothing_there(
    place: Place, forms_with_files: list[Form]
) -> None:
    hers = place.foreign(OTHER_LEADER)
    leads = place.browsers[OTHER_LEADER]
    files = files_that_name(place, hers)
    wrong, tried = [], set()
    for form in forms_with_files:
        route = route_of(form.method, form.action)
        for sent in (one for one in files if goes_with(route, one)):
            upload = {form.files[0]: (sent.name, sent.content)}
            page = leads.post(form.action, data=form.values, files=upload)
            tried.add(route)
            again = [(form, form.values, page)]
            for other, fields in all_of_the_forms(page, sent):
                again.append((other, fields, leads.post(other.action, data=fields)))
            for which, fields, answer in again:
                told = f"{sent.name} to {route}, {which.action}: {answer.status_code}"
                if hers.mark.casefold() in without_its_words(answer, sent, fields):
                    wrong.append(f"tells: {told}")
                if answer.status_code >= 500:
                    wrong.append(f"fault: {told}")
            if place.changed():
                if place.is_touched(hers):
                    wrong.append(f"changes: {sent.name} to {route}")
                place.restore()
    assert wrong == []
    assert {"POST /planer/las-in", "POST /personer/las-in", "POST /avvikelser/las-in"} <= tried
