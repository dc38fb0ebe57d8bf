"""Lists of people as they lie on disk: other headings, other signs, words for dates."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from intake.documents import Refusal
from intake.people.lists import PersonDraft, RoleDraft, read_people
from tests.plans_by_hand import Rows, excel

Read = Callable[..., list[PersonDraft]]


@pytest.fixture
def people(tmp_path: Path) -> Read:
    """Save these lines as a text file and read it."""

    def read(*lines: str, encoding: str = "utf-8") -> list[PersonDraft]:
        path = tmp_path / "personer.csv"
        path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
        return read_people(path).people

    return read


@pytest.fixture
def book(tmp_path: Path) -> Read:
    """Save these sheets as a workbook and read it."""

    def read(**sheets: Rows) -> list[PersonDraft]:
        return read_people(excel(tmp_path / "personer.xlsx", sheets)).people

    return read


def held(person: PersonDraft) -> list[tuple[str, str]]:
    return [(role.group, role.role) for role in person.roles]


# --- headings -----------------------------------------------------------------------------------


def test_surname_first_and_titles_above_in_excel(book: Read) -> None:
    eva, ulf = book(
        Personer=[
            ["Representanter i vårdsamverkan"],
            ["Uppdaterad 2024-01-15"],
            [],
            ["Efternamn", "Förnamn", "Organisation", "Mejladress", "Uppdrag", "Fr o m", "T o m"],
            ["Ek", "Eva", "Lerums kommun", "eva@example.org", "Ordf. AU", date(2024, 1, 1)],
            ["By", "Ulf", "VGR", "ulf@example.org", "v. ordf. i AU", "januari 2024", "2025"],
        ]
    )
    assert (eva.name, ulf.name) == ("Eva Ek", "Ulf By")
    assert eva.roles == [RoleDraft("AU", "ordförande", date(2024, 1, 1), None)]
    assert ulf.roles == [
        RoleDraft("AU", "vice ordförande", date(2024, 1, 1), date(2025, 12, 31)),
    ]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_titles_above_in_a_text_file(people: Read, encoding: str, sign: str) -> None:
    lines = ["Kontakter NOSAM Äldre", "", "Namn;E-post;Arbetsgrupp;Funktion", "Åsa Ö;a@b.test;AU;x"]
    (one,) = people(*[line.replace(";", sign) for line in lines], encoding=encoding)
    assert (one.name, held(one)) == ("Åsa Ö", [("AU", "x")])


def test_a_title_with_commas_does_not_cut_the_headings(people: Read) -> None:
    (one,) = people("Kontakter, NOSAM, AU, m.fl.", "Namn;E-post", "Eva Ek;eva@example.org")
    assert one.name == "Eva Ek"


@pytest.mark.parametrize(
    "heads",
    [
        "Namn;E-post (arbete);Grupp;Befattning;Roll i gruppen;Gäller från;Mandat t.o.m.",
        "Namn på ledamot;Mejl;Arbetsgrupp/NOSAM;Titel;Funktion;Startdatum;Slutdatum",
        "Person;Mail;Forum;Telefon;Uppdrag i forumet;Tillträdde (from);Till och med",
    ],
)
def test_headings_in_more_words(people: Read, heads: str) -> None:
    (one,) = people(heads, "Eva Ek;eva@example.org;AU;Enhetschef;ledamot;2024-01-01;2024-12-31")
    assert one.roles == [RoleDraft("AU", "ledamot", date(2024, 1, 1), date(2024, 12, 31))]


def test_the_group_may_stand_in_the_heading_the_title_or_the_name_of_the_sheet(book: Read) -> None:
    heads = ["Namn", "E-post", "Roll"]
    (one,) = book(P=[["Namn", "E-post", "NOSAM"], ["Eva Ek", "eva@example.org", "Lerum"]])
    assert held(one) == [("NOSAM Lerum", "")]
    (one,) = book(P=[["Ledamöter NOSAM Lerum 2024"], heads, ["Eva Ek", "eva@example.org", "PL"]])
    assert held(one) == [("NOSAM Lerum", "processledare")]
    one, other = book(
        Läs_mig=[["Så här används listan"]],
        NOSAM_Lerum=[heads, ["Eva Ek", "eva@example.org", "ordf"]],
        NOSAM_Alingsås=[heads, ["Bo By", "bo@example.org", "ordf"]],
    )
    assert held(one) + held(other) == [
        ("NOSAM Lerum", "ordförande"),
        ("NOSAM Alingsås", "ordförande"),
    ]


# --- roles and groups ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("Ordf.", "ordförande"),
        ("Ordförande", "ordförande"),
        ("v. ordf.", "vice ordförande"),
        ("v ordf", "vice ordförande"),
        ("Vice ordf", "vice ordförande"),
        ("PL", "processledare"),
        ("Process\u00adledare", "processledare"),
        ("sammankallande", "sammankallande"),
        ("ledamot", "ledamot"),
    ],
)
def test_short_words_for_roles(people: Read, written: str, role: str) -> None:
    (one,) = people("Namn;E-post;Grupp;Roll", f"Eva Ek;eva@example.org;AU;{written}")
    assert held(one) == [("AU", role)]


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        ("Ordförande NOSAM Alingsås", [("NOSAM Alingsås", "ordförande")]),
        ("Ordf. i NOSAM Lerum", [("NOSAM Lerum", "ordförande")]),
        (
            "Ordförande NOSAM Alingsås, ledamot AU",
            [("NOSAM Alingsås", "ordförande"), ("AU", "ledamot")],
        ),
        ("Enhetschef, Lerums kommun", [("", "Enhetschef, Lerums kommun")]),
    ],
)
def test_roles_and_groups_in_one_cell(
    people: Read, words: str, roles: list[tuple[str, str]]
) -> None:
    (one,) = people("Namn;E-post;Uppdrag", f'Eva Ek;eva@example.org;"{words}"')
    assert held(one) == roles


@pytest.mark.parametrize(
    ("words", "groups"),
    [
        ("NOSAM Lerum, NOSAM Alingsås", ["NOSAM Lerum", "NOSAM Alingsås"]),
        ("NOSAM Lerum och AU", ["NOSAM Lerum", "AU"]),
        (
            "NOSAM Psykisk ohälsa, skadligt bruk och beroende",
            ["NOSAM Psykisk ohälsa, skadligt bruk och beroende"],
        ),
        ("Vård och omsorg, Lerum", ["Vård och omsorg, Lerum"]),
    ],
)
def test_several_groups_in_one_cell(people: Read, words: str, groups: list[str]) -> None:
    (one,) = people("Namn;E-post;Grupp;Roll", f'Eva Ek;eva@example.org;"{words}";ledamot')
    assert [role.group for role in one.roles] == groups


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("1 januari 2024;31 december 2025", date(2024, 1, 1), date(2025, 12, 31)),
        ("fr.o.m. 1 feb 2024;t.o.m. juni 2025", date(2024, 2, 1), date(2025, 6, 30)),
        ("2023;tills vidare", date(2023, 1, 1), None),
        ("2023;", date(2023, 1, 1), None),
        ("20240101;2025-12", date(2024, 1, 1), date(2025, 12, 31)),
        ("hösten 2024;våren 2025", date(2024, 8, 1), date(2025, 6, 30)),
        ("240101;-", date(2024, 1, 1), None),
    ],
)
def test_from_and_to_in_words(people: Read, words: str, first: date, last: date | None) -> None:
    (one,) = people(
        "Namn;E-post;Grupp;Roll;Från;Till", f"Eva Ek;eva@example.org;AU;ledamot;{words}"
    )
    assert one.roles == [RoleDraft("AU", "ledamot", first, last)]


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2023–2026", date(2023, 1, 1), date(2026, 12, 31)),
        ("2024-01-01 - 2024-06-30", date(2024, 1, 1), date(2024, 6, 30)),
        ("fr.o.m. 2024", date(2024, 1, 1), None),
    ],
)
def test_one_column_for_both_ends(people: Read, words: str, first: date, last: date | None) -> None:
    (one,) = people("Namn;E-post;Grupp;Mandatperiod", f"Eva Ek;eva@example.org;AU;{words}")
    assert one.roles == [RoleDraft("AU", "", first, last)]


def test_a_month_shown_by_excel_ends_with_its_last_day(book: Read) -> None:
    month = (date(2025, 6, 1), "mmm-yy")
    rows: Rows = [["Namn", "E-post", "Grupp", "Till"], ["Eva Ek", "eva@example.org", "AU", month]]
    (one,) = book(P=rows)
    assert one.roles[0].last_day == date(2025, 6, 30)


@pytest.mark.parametrize("words", ["våren", "i maj", "31 april 2024", "kvartalsvis", "snart"])
def test_what_is_no_certain_date_is_refused(people: Read, words: str) -> None:
    with pytest.raises(Refusal, match="is not a date"):
        people("Namn;E-post;Grupp;Från", f"Eva Ek;eva@example.org;AU;{words}")


# --- names and addresses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ek, Eva", "Eva Ek"),
        ("Ek-Berg, Anna-Lisa", "Anna-Lisa Ek-Berg"),
        ("von Ek, Eva", "Eva von Ek"),
        ("Eva Ek, VGR", "Eva Ek, VGR"),
        ("Eva Ek, enhetschef", "Eva Ek"),
    ],
)
def test_a_surname_before_a_comma(people: Read, written: str, name: str) -> None:
    (one,) = people("Namn;E-post", f"{written};eva@example.org")
    assert one.name == name


@pytest.mark.parametrize(
    "address",
    [
        "Eva Ek <eva@example.org>",
        "mailto:eva@example.org",
        "<eva@example.org>;",
        "EVA@Example.org ",
    ],
)
def test_addresses_as_outlook_copies_them(people: Read, address: str) -> None:
    (one,) = people("Namn\tE-post", f"Eva Ek\t{address}")
    assert one.email == "eva@example.org"


def test_of_two_addresses_the_one_with_her_name_is_used(people: Read) -> None:
    (one,) = people("Namn\tE-post", "Eva Ek\tinfo@example.org; eva.ek@example.org")
    assert one.email == "eva.ek@example.org"
