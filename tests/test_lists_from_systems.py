"""Lists of people as Outlook, directories, Teams, systems for staff and Word make them."""

from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from intake.people.lists import PeopleDraft, read_people

Read = Callable[..., PeopleDraft]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Save these lines as a text file, and read it."""

    def read_lines(*lines: str, encoding: str = "utf-8", name: str = "lista.csv") -> PeopleDraft:
        path = tmp_path / name
        path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
        return read_people(path)

    return read_lines


def who(draft: PeopleDraft) -> list[tuple[str, str]]:
    return [(one.name, one.email) for one in draft.people]


def left(draft: PeopleDraft) -> dict[int, str]:
    return {each.row: each.swedish for each in draft.left_out}


ALVA, BO = ("Alva Ek", "alva.ek@example.org"), ("Bo By", "bo.by@example.net")


# --- Outlook ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heads",
    [
        "Förnamn,Mellannamn,Efternamn,Företag,Befattning,E-postadress,E-posttyp,"
        "Visningsnamn för e-post,E-postadress 2",
        "First Name,Middle Name,Last Name,Company,Job Title,E-mail Address,E-mail Type,"
        "E-mail Display Name,E-mail 2 Address",
    ],
)
def test_contacts_from_outlook(read: Read, heads: str) -> None:
    draft = read(
        heads,
        "Alva,,Ek,Alms kommun,Chef,alva.ek@example.org,SMTP,Alva Ek (alva.ek@example.org),",
        "Bo,,By,Region Björk,,,SMTP,,bo.by@example.net",
        ",,,Alms kommun,,registrator@example.org,SMTP,Registrator,",
        ",,,Alms kommun,,okand@example.org,SMTP,,",
    )
    assert who(draft) == [ALVA, BO, ("Registrator", "registrator@example.org")]
    assert left(draft) == {5: "Namnet på okand@example.org saknas. Skriv det i filen."}


def test_addresses_as_outlook_pastes_them(read: Read) -> None:
    draft = read(
        "Alva Ek <alva.ek@example.org>; By, Bo (Sociala) <bo.by@example.net>;", name="lista.txt"
    )
    assert who(draft) == [ALVA, BO]


def test_contacts_from_a_telephone(read: Read) -> None:
    draft = read(
        "First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value",
        "Alva,Ek,Work,alva.ek@example.org,Home,alva@example.com",
    )
    assert who(draft) == [ALVA]


# --- directories --------------------------------------------------------------------------------


def test_a_directory_in_english_as_powershell_writes_it(read: Read) -> None:
    draft = read(
        "#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser",
        '"DistinguishedName","givenName","sn","displayName","mail","userPrincipalName","Enabled"',
        '"CN=x,OU=y","Alva","Ek","Ek, Alva (Sociala)","alva.ek@example.org","al01@alm.test","True"',
        '"CN=x,OU=y","Cia","Slut","Cia Slut","cia@example.org","ci01@alm.test","False"',
        '"CN=x,OU=y","Dan","Utan","Dan Utan","","da01@alm.test","True"',
    )
    assert who(draft) == [ALVA]
    assert left(draft).keys() == {4, 5}
    assert left(draft)[4].startswith("Kontot är avstängt")
    assert left(draft)[5] == "E-postadressen saknas. Skriv den i filen."


def test_a_directory_in_swedish(read: Read) -> None:
    draft = read(
        "Visningsnamn\tFörnamn\tEfternamn\tAnvändarens huvudnamn (UPN)\tAvdelning\tKonto aktiverat",
        "Ek, Alva (Sociala)\tAlva\tEk\talva.ek@example.org\tSociala\tSant",
        "By, Bo (Björk)\t\t\tbo.by@example.net\t\tSant",
        "Ek Lind, Alva Maj (SOC) - Alm\t\t\talva.lind@example.org\t\tSant",
        "Slut, Cia\tCia\tSlut\tcia@example.org\tSociala\tFalskt",
    )
    assert who(draft) == [ALVA, BO, ("Alva Maj Ek Lind", "alva.lind@example.org")]
    assert left(draft).keys() == {5}


def test_the_directorys_first_choice_among_a_persons_addresses(read: Read) -> None:
    old = "smtp:ae@alm.test;SIP:alva.ek@example.org;X500:/o=Alm/cn=alva;SMTP:alva.ek@example.org"
    draft = read("displayName,proxyAddresses", f"Alva Ek,{old}")
    assert who(draft) == [ALVA]
    assert "ae@alm.test" in draft.doubts[0].swedish


def test_a_guests_account_is_read_as_the_address_that_it_is_made_from(read: Read) -> None:
    guest = "bo.by_example.net#EXT#@alm.onmicrosoft.com"
    draft = read("displayName,userPrincipalName,userType", f"Bo By,{guest},Guest")
    assert who(draft) == [BO]
    assert draft.doubts[0].swedish == (
        "Ett gästkonto. Adressen läses som bo.by@example.net. Stämmer den?"
    )


def test_what_leads_nowhere_outside_is_no_address(read: Read) -> None:
    draft = read(
        "displayName,userPrincipalName", "Alva Ek,ae01@alm.local", "Bo By,bo.by@example.net"
    )
    assert who(draft) == [BO]
    assert left(draft).keys() == {2}


# --- meetings, staff ----------------------------------------------------------------------------


def test_who_was_at_a_meeting_is_of_no_group_by_that(read: Read) -> None:
    draft = read(
        "1. Sammanfattning",
        "Mötesrubrik\tNOSAM Alm",
        "Antal deltagare\t2",
        "Starttid\t2025-03-04 13:00",
        "Sluttid\t2025-03-04 15:00",
        "Mötets längd\t2 t",
        "Genomsnittlig närvarotid\t1 t",
        "",
        "2. Deltagare",
        "Namn\tFörsta anslutning\tSenaste avgång\tMötestid\tE-post\tDeltagar-ID (UPN)\tRoll",
        "Alva Ek\t13:00\t15:00\t2 t\talva.ek@example.org\talva.ek@example.org\tArrangör",
        "By Bo (Gäst)\t13:01\t14:00\t59 min\tbo.by@example.net\t\tDeltagare",
        "070-000 00 00\t13:01\t14:00\t59 min\t\t\tDeltagare",
        "",
        "3. Aktiviteter i mötet",
        "Namn\tTid för anslutning\tTid för avgång\tVaraktighet\tE-post\tRoll",
        "Alva Ek\t13:00\t15:00\t2 t\talva.ek@example.org\tArrangör",
        encoding="utf-16",
    )
    assert who(draft) == [ALVA, BO]  # sorted by surname there; the address tells the order
    assert all(one.roles == [] for one in draft.people)
    assert "E-postadressen saknas" in left(draft)[13]


def test_staff_with_a_manager_and_an_employment(read: Read) -> None:
    draft = read(
        "Anställningsnr;Efternamn;Förnamn;Tilltalsnamn;Chefens namn;Chefens e-post;Anst fr.o.m."
        ";Anst t.o.m.;Arbetsplats;Befattning;E-post arbete;E-post privat",
        "0001;Ek;Maj Alva;Alva;Cia Chef;cia.chef@example.org;2019-01-01;;Alm;Enhetschef"
        ";alva.ek@example.org;alva@example.com",
        "0002;By;Bo;;Cia Chef;cia.chef@example.org;i våras;;Björk;Läkare;bo.by@example.net;",
    )
    assert who(draft) == [ALVA, BO]
    assert draft.left_out == []
    assert [role.first_day for one in draft.people for role in one.roles] == [None, None]


# --- Word, and lists kept by hand ----------------------------------------------------------------


def test_a_table_in_word_under_the_name_of_its_group(tmp_path: Path) -> None:
    document = docx.Document()
    for group, rows in (
        ("Ledamöter i NOSAM Alm 2025", [("Alva Ek\nenhetschef", "alva.ek@example.org", "ordf.")]),
        ("Temagrupp Äldre", [("Bo By", "bo.by@example.net, tel. 010-123 45 67", "ledamot")]),
    ):
        document.add_heading(group, 1)
        table = document.add_table(1, 3)
        for cell, words in zip(table.rows[0].cells, ("Namn", "E-post", "Roll"), strict=True):
            cell.text = words
        for row in rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
    document.save(str(tmp_path / "lista.docx"))
    draft = read_people(tmp_path / "lista.docx")
    assert who(draft) == [ALVA, BO]
    assert [(r.group, r.role) for one in draft.people for r in one.roles] == [
        ("NOSAM Alm", "ordförande"),
        ("Temagrupp Äldre", "ledamot"),
    ]


def test_two_names_and_two_addresses_in_two_cells_are_two_people(read: Read) -> None:
    draft = read(
        "Grupp;Representant;E-post;Uppdrag",
        "NOSAM Alm;Alva Ek, Bo By;bo.by@example.net, alva.ek@example.org;Ledamöter",
    )
    assert who(draft) == [ALVA, BO]
    assert {role.role for one in draft.people for role in one.roles} == {"ledamot"}


def test_two_names_and_one_address_share_it(read: Read) -> None:
    draft = read("Namn;E-post", "Alva Ek och Bo By;vard@example.org")
    (box,) = draft.people
    assert (box.name, box.names) == ("Alva Ek och Bo By", ("Alva Ek", "Bo By"))


def test_groups_stand_on_rows_of_their_own(read: Read) -> None:
    draft = read(
        "Namn;E-post;Roll",
        "NOSAM Alm;;",
        "Alva Ek;alva.ek@example.org;ordförande",
        "NOSAM Björk;;",
        "Bo By;bo.by@example.net;ledamot",
    )
    assert [role.group for one in draft.people for role in one.roles] == [
        "NOSAM Alm",
        "NOSAM Björk",
    ]
    assert draft.left_out == []


def test_every_row_is_taken_or_left_out_with_what_to_do(read: Read) -> None:
    lines = [
        "Alva Ek;alva.ek@example.org;NOSAM Alm;ledamot;2025-01-01;",
        "Utan Adress;;NOSAM Alm;;;",
        ";utan.namn@example.org;;;;",
        "Fel Dag;fel.dag@example.org;NOSAM Alm;ledamot;i våras;",
        "Bak Fram;bak@example.org;NOSAM Alm;ledamot;2025-02-01;2025-01-01",
        "Två Ord;två ord@example.org;;;;",
        "Bo By;bo.by@example.net;NOSAM Alm;ledamot;;",
    ]
    draft = read("Namn;E-post;Grupp;Roll;Från;Till", *lines)
    assert who(draft) == [ALVA, BO]
    assert list(left(draft)) == [3, 4, 5, 6, 7]
    assert all(words.endswith(("filen.", "2024-03-15.")) for words in left(draft).values())
    assert sorted({line.row for line in draft.lines}) == [2, 3, 4, 5, 6, 7, 8]
