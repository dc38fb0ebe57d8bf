"""A list of people is read; a row that is wrong is left out, and told by its number."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from intake.documents import Refusal
from intake.people.lists import PeopleDraft, RoleDraft, read_people

HEADS = "Namn;E-post;Grupp;Roll;Från;Till"


def people(tmp_path: Path, *lines: str, heads: str = HEADS, encoding: str = "utf-8") -> PeopleDraft:
    path = tmp_path / "personer.csv"
    path.write_bytes("\r\n".join([heads, *lines, ""]).encode(encoding))
    return read_people(path)


def refusal(tmp_path: Path, *lines: str, heads: str = HEADS) -> str:
    with pytest.raises(Refusal) as refused:
        people(tmp_path, *lines, heads=heads)
    return str(refused.value)


def workbook(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_a_csv_file_is_read_however_it_was_saved(tmp_path: Path, encoding: str, sign: str) -> None:
    line = "Åsa Öberg;Asa.Oberg@Example.org;NOSAM Äldre;ordförande;2024-01-01;2025-12-31"
    draft = people(
        tmp_path, line.replace(";", sign), heads=HEADS.replace(";", sign), encoding=encoding
    )
    (person,) = draft.people
    assert (person.name, person.email) == ("Åsa Öberg", "asa.oberg@example.org")
    assert person.roles == [
        RoleDraft("NOSAM Äldre", "ordförande", date(2024, 1, 1), date(2025, 12, 31))
    ]


@pytest.mark.parametrize(
    "heads",
    [
        "Name,E-mail,Group,Role,From,To",
        "NAMN,Mejl,Grupp,Uppdrag,Fr.o.m.,T.o.m.",
        "Namn,Epost,Grupp,Funktion,Från och med,Till och med",
        "Namn,E-postadress,Grupp,Roll,Startdatum,Slutdatum",
    ],
)
def test_headings_may_be_swedish_or_english(tmp_path: Path, heads: str) -> None:
    draft = people(tmp_path, "Anna Ek,anna@example.org,AU,ledamot,2024-01-01,", heads=heads)
    assert draft.people[0].roles == [RoleDraft("AU", "ledamot", date(2024, 1, 1), None)]


def test_first_and_last_name_may_stand_apart(tmp_path: Path) -> None:
    draft = people(tmp_path, "Anna;Ek;anna@example.org", heads="Förnamn;Efternamn;Mail")
    assert draft.people[0].name == "Anna Ek"


def test_the_same_address_is_the_same_person_with_several_roles(tmp_path: Path) -> None:
    draft = people(
        tmp_path,
        "Anna Ek;anna@example.org;AU;ledamot;;",
        "anna  ek;ANNA@example.org;NOSAM Lerum;ordförande;;",
        "Anna Ek;anna@example.org;AU;ledamot;;",
    )
    assert len(draft.people) == 1
    assert [role.group for role in draft.people[0].roles] == ["AU", "NOSAM Lerum"]
    assert draft.rows == 3


def test_group_and_role_may_be_empty_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    draft = people(tmp_path, "", ";;;;;", "Anna Ek;anna@example.org;;;;", "")
    assert draft.people[0].roles == []
    assert draft.rows == 1


def test_excel_with_real_dates_and_a_title_above(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "personer.xlsx",
        ["Representanter 2024"],
        [],
        ["Namn", "E-post", "Grupp", "Roll", "Från", "Till"],
        ["Anna Ek", "anna@example.org", "AU", "ledamot", date(2024, 1, 1), "31/12 2025"],
    )
    (person,) = read_people(path).people
    assert person.roles == [RoleDraft("AU", "ledamot", date(2024, 1, 1), date(2025, 12, 31))]


def test_a_row_that_is_wrong_is_named_as_excel_numbers_it(tmp_path: Path) -> None:
    told = refusal(tmp_path, "", "", "Anna Ek;anna@;;;;")
    assert told == "Row 4: 'anna@' is not an e-mail address. Nothing was saved."


def test_a_row_that_is_wrong_stops_no_other(tmp_path: Path) -> None:
    draft = people(
        tmp_path, "Bo Ek;bo@example.org;;;;", "Anna Ek;anna@;;;;", "Eva Ek;eva@example.org;;;;"
    )
    assert [one.name for one in draft.people] == ["Bo Ek", "Eva Ek"]
    (wrong,) = draft.left_out
    assert (wrong.row, wrong.swedish) == (
        3,
        "”anna@” är ingen e-postadress. Rätta adressen i filen.",
    )
    assert [(line.row, bool(line.left_out)) for line in draft.lines] == [
        (2, False),
        (3, True),
        (4, False),
    ]
    assert draft.rows == len(draft.lines) == 3


@pytest.mark.parametrize(
    "address",
    [
        "anna",
        "anna@",
        "@example.org",
        "anna@example",
        "anna ek@example.org",
        "anna@@example.org",
        "anna@example..org",
        ".anna@example.org",
        "anna@-example.org",
        "åsa ek@example.org",
        "аnna@example.org",
        "anna@exam ple.org",
        f"{'a' * 65}@example.org",
        f"anna@{'a.' * 130}org",
        '"anna@example.org\nBcc: all@example.org"',
        "anna\x0b@example.org",
        "an\u202ena@example.org",
    ],
)
def test_a_malformed_address_is_refused(tmp_path: Path, address: str) -> None:
    told = refusal(tmp_path, f"Anna Ek;{address};;;;")
    assert told.startswith("Row 2: ")
    assert "is not an e-mail address" in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (";anna@example.org;;;;", "the name of anna@example.org is missing"),
        ("Anna Ek;;;;;", "the e-mail address is missing"),
        ("Anna Ek;a@example.org;AU;x;2024-05-01;2024-04-01", "is before the first day"),
        ("Anna Ek;a@example.org;AU;x;2024-02-30;", "'2024-02-30' is not a date"),
        ("Anna Ek;a@example.org;AU;x;i våras;", "'i våras' is not a date"),
        ('"Anna\r\nBcc: x";a@example.org;;;;', "line break"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused(tmp_path: Path, line: str, told: str) -> None:
    message = refusal(tmp_path, line)
    assert message.startswith("Row 2: ")
    assert told in message
    assert message.endswith("Nothing was saved.")


@pytest.mark.parametrize("address", ["åsa@example.org", "ÅSA.ö@example.org", "é.ek@å.example"])
def test_swedish_letters_may_stand_in_an_address(tmp_path: Path, address: str) -> None:
    (one,) = people(tmp_path, f"Åsa Ö;{address};;;;").people
    assert one.email == address.lower()


def test_one_address_with_two_names_is_a_mailbox_that_they_share(tmp_path: Path) -> None:
    draft = people(
        tmp_path, "Bo Ek;a@example.org;AU;ledamot;;", "Anna Ek;A@example.org;AU;processledare;;"
    )
    (box,) = draft.people
    assert (box.name, box.names) == ("Anna Ek och Bo Ek", ("Bo Ek", "Anna Ek"))
    assert [role.role for role in box.roles] == ["ledamot"]
    shared, leads = draft.doubts
    assert "delas av Anna Ek och Bo Ek. De får ett gemensamt brev." in shared.swedish
    assert "ingen vara processledare" in leads.swedish


def test_an_address_that_was_copied_to_the_next_row_is_no_shared_mailbox(tmp_path: Path) -> None:
    draft = people(tmp_path, "Anna Ek;anna.ek@example.org;AU;;;", "Bo By;anna.ek@example.org;AU;;;")
    assert [one.name for one in draft.people] == ["Anna Ek"]
    assert "anna.ek@example.org är ”Bo By” här och ”Anna Ek” längre upp" in (
        draft.left_out[0].swedish
    )


def test_a_name_in_another_order_or_with_one_more_is_the_same_person(tmp_path: Path) -> None:
    draft = people(tmp_path, "Anna Maria Ek;a@example.org;;;;", "Ek Anna;a@example.org;AU;;;")
    (one,) = draft.people
    assert (one.name, one.names, draft.doubts) == ("Anna Maria Ek", (), [])


def test_a_list_without_addresses_or_headings_is_refused(tmp_path: Path) -> None:
    assert "no column for e-mail" in refusal(tmp_path, "Anna;AU", heads="Namn;Grupp")
    assert "no column for names" in refusal(tmp_path, "a@example.org;AU", heads="E-post;Grupp")
    assert "no recognisable heading" in refusal(tmp_path, "Anna;a@example.org", heads="A;B")
    assert "nobody under them" in refusal(tmp_path, heads="Namn;E-post")


@pytest.mark.parametrize("name", ["personer.pdf", "personer.docx", "personer", "personer.xlsm"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"Namn;E-post\n")
    with pytest.raises(Refusal):
        read_people(path)
