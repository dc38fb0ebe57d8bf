"""Which column of a list of people holds what, told by its headings and the words above them.

Lists come from people's own files and from Outlook, directories (AD, Entra), Teams and systems for
staff, in Swedish and English. What such a system says of somebody else (a manager, next of kin) and
of an employment is never taken for the person's own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from intake.documents import Cell, File, Refusal
from intake.people.list_files import HEADING_WITHIN, INGET_SPARAT, NOTHING_SAVED, rows_of
from intake.plan.front_page import GROUP
from intake.plan.heading_words import fold


class Column(StrEnum):
    """What a column holds."""

    NAME = "name"
    FIRST_NAME = "first name"
    CALLED = "called"  # the one of her first names that she goes by
    MIDDLE_NAME = "middle name"
    LAST_NAME = "last name"
    SHOWN_NAME = "shown name"  # a directory's or Outlook's name
    EMAIL = "e-mail"
    OTHER_EMAIL = "other e-mail"  # used where the first is empty
    DIRECTORY_EMAIL = "directory's e-mail"  # SMTP:…;smtp:…
    ACCOUNT = "account"  # what she signs in with; mostly an address
    OPEN = "open"  # is the account open?
    SHUT = "shut"  # is it blocked?
    GROUP = "group"
    ROLE = "role"
    FROM = "from"
    TO = "to"
    PERIOD = "period"


NAMES = frozenset({Column.NAME, Column.FIRST_NAME, Column.LAST_NAME, Column.SHOWN_NAME})
ADDRESSES = (Column.EMAIL, Column.DIRECTORY_EMAIL, Column.OTHER_EMAIL, Column.ACCOUNT)

_HEADINGS: Mapping[str, Column] = {
    word: column
    for column, words in {
        Column.NAME: "namn|name|person|for och efternamn|fornamn och efternamn|efternamn fornamn"
        "|fullstandigt namn|full name|hela namnet|medarbetare|anstalld|employee|deltagare"
        "|ledamoter|representanter|foretradare",
        Column.FIRST_NAME: "fornamn|first name|given name|givenname|forename",
        Column.CALLED: "tilltalsnamn|preferred name|preferred first name|calling name",
        Column.MIDDLE_NAME: "mellannamn|middle name",
        Column.LAST_NAME: "efternamn|last name|surname|family name|sn",
        Column.SHOWN_NAME: "visningsnamn|display name|displayname|visningsnamn for e post"
        "|e mail display name|e mail 1 display name|visat namn|cn|anvandarnamn och namn",
        Column.EMAIL: "e post|epost|e postadress|epostadress|mejl|mejladress|mail|mailadress"
        "|e mail|email|email address|e mail address|e mailadress|e mail 1 value|e mail 1 address"
        "|e post 1|primar e postadress|primary smtp address|windows email address|emails",
        Column.OTHER_EMAIL: "e postadress 2|e post 2|e mail 2 address|e mail 2 value|e mail 2"
        "|e post 2 adress|alternativ e postadress|alternativ e post|alternate email address"
        "|alternate email addresses|other mails",
        Column.DIRECTORY_EMAIL: "proxy addresses|proxyaddresses|proxyadresser|email addresses"
        "|e postadresser",
        Column.ACCOUNT: "user principal name|userprincipalname|upn|anvandarens huvudnamn"
        "|anvandarens huvudnamn upn|anvandarhuvudnamn|huvudnamn|participant id upn"
        "|deltagar id upn|anvandarinloggningsnamn|inloggningsnamn|sign in name",
        Column.OPEN: "enabled|account enabled|aktiverad|aktiverat|konto aktiverat"
        "|kontot ar aktiverat|kontot aktiverat|is enabled|konto aktivt",
        Column.SHUT: "block credential|blockera autentiseringsuppgifter|blockerad|blocked"
        "|blockerad inloggning|account disabled|inaktiverat|inaktiverad",
        Column.GROUP: "grupp|group|nosam|forum|ingar i|sitter i|med i",
        Column.ROLE: "roll|role|funktion|function|uppdrag",
        Column.FROM: "fran|from|fran och med|startdatum|start|fran datum|first day|borjar",
        Column.TO: "till|to|tom|till och med|slutdatum|slut|till datum|last day|slutar",
    }.items()
    for word in words.split("|")
}
# Looked for in longer headings ("Roll i gruppen", "Gäller fr.o.m."); the first that fits wins.
_IN_HEADING: tuple[tuple[str, Column], ...] = (
    (r"privat\w* (?:e ?post|mejl|e ?mail)|(?:e ?post|mejl|e ?mail)\w* privat", Column.OTHER_EMAIL),
    (r"e ?post|mejl|e ?mail", Column.EMAIL),
    (r"fornamn", Column.FIRST_NAME),
    (r"efternamn", Column.LAST_NAME),
    (r"visningsnamn|display name", Column.SHOWN_NAME),
    (r"period|mandattid|uppdragstid", Column.PERIOD),
    (r"\bfran\b|\bfrom\b|start|tilltrad", Column.FROM),
    (r"\btill\b|\btom\b|slut|avgar|upphor", Column.TO),
    (r"\broll\b|funktion|uppdrag", Column.ROLE),
    (r"grupp|nosam|forum", Column.GROUP),
    (r"\bnamn\b|representant|\bledamot\b|\bperson\b", Column.NAME),
)
# Of somebody else, of an employment or of a moment in a meeting, or what kind of address it is.
_NOT_HERS = re.compile(
    r"\b(?:narmaste|chef\w*|manager\w*|anhorig\w*|assistent\w*|kontaktperson\w*|handledare\w*"
    r"|skapad\w*|created|anst\w*|employment|hire\w*|anslut\w*|join\w*|leave|avgang|motestid"
    r"|e posttyp|typ|type|label|nickname|e post 3|e mail 3|personalgrupp|lonegrupp"
    r"|sakerhetsgrupp\w*)\b|2 (?:display name|visningsnamn)"
)
_POSTED_TO = re.compile(r"till|to|kopia|cc|bcc|mottagare|recipients|deltagare|e ?post|mejl")
_NEXT_PASTED = re.compile(r"(?<=>)\s*[,;]\s*|\s*;\s*")
_OF_A_MEETING = re.compile(r"\b(?:anslut\w*|join\w*|motestid|in meeting duration)\b")
# These count only where nothing better is said: a title at work is no role in a group.
_WEAK = {
    "befattning": Column.ROLE,
    "titel": Column.ROLE,
    "adress": Column.EMAIL,
    "organisation": None,
    "telefon": None,
}


@dataclass(frozen=True, slots=True)
class ListOfPeople:
    """Rows under their headings. `group` is the one that the words above them name."""

    columns: Mapping[Column, int]
    rows: list[list[Cell]]
    group: str = ""
    prefix: str = ""  # a column "NOSAM" holds "Lerum"
    of_a_meeting: bool = False  # names as a directory has them, mostly by the surname


def lists_in(name: str, file: File, max_bytes: int) -> list[ListOfPeople]:
    """The lists of a file; beside them a sheet of a workbook may hold something else."""
    shown = rows_of(name, file, columns_of, max_bytes=max_bytes)
    if not shown:
        raise Refusal(
            f"{name} has no visible sheet or table with people in it.",
            f"{name} har inget synligt blad och ingen tabell med personer.",
        )
    lists: list[ListOfPeople] = []
    refusals: list[Refusal] = []
    for title, rows in shown:
        try:
            lists.extend(_headed(rows, name, title))
        except Refusal as refusal:
            refusals.append(refusal)
    if not lists:
        raise refusals[0]
    return lists


def _headed(rows: list[list[Cell]], name: str, title: str = "") -> Iterator[ListOfPeople]:
    """The lists under each other: which column holds what, the rows, and the group named above.

    A report of a meeting has its people twice, under headings of their own; the first headings must
    be whole, later ones that tell no address end the list.
    """
    if pasted := _pasted(rows):
        yield ListOfPeople({Column.EMAIL: 0}, pasted)
        return
    at, columns = _heading_row(rows, name)
    while True:
        end = _next_heading(rows, at + 1)
        row = rows[at]
        above = [title, *(cell.text for line in rows[:at] for cell in line)]
        named = (found[1] for words in above if (found := GROUP.search(words)))
        group = re.split(r",|\s(?:19|20)\d\d", next(named, ""))[0].strip(" -–")
        meeting = False
        if _OF_A_MEETING.search(" ".join(fold(cell.text) for cell in row)):
            meeting = True
            group = ""  # who was at a meeting of a group is not of it by that
            columns = {c: i for c, i in columns.items() if c is not Column.ROLE}
        has_groups = Column.GROUP in columns
        head = row[columns[Column.GROUP]].text.strip() if has_groups else ""
        prefix = head if re.fullmatch("NOSAM|LOSAM|TG|Temagrupp", head) else ""
        under = rows[at + 1 : end]
        yield ListOfPeople(columns, under, "" if has_groups else group, prefix, meeting)
        if end == len(rows):
            return
        at, columns = end, columns_of([cell.text for cell in rows[end]])


def _pasted(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Addresses with names and nothing else, as a mail program copies them: each cell is a row."""
    cells = [cell for row in rows for cell in row if cell.text]
    if cells and _POSTED_TO.fullmatch(fold(cells[0].text)):
        cells = cells[1:]
    pasted = all("@" in cell.text for cell in cells) and any("<" in cell.text for cell in cells)
    if not pasted:
        return []
    parts = [(cell, part) for cell in cells for part in _NEXT_PASTED.split(cell.text)]
    return [[replace(cell, text=part.strip())] for cell, part in parts if part.strip()]


def _heading_row(rows: list[list[Cell]], name: str) -> tuple[int, Mapping[Column, int]]:
    """The first row that names columns: the one with addresses before one without."""
    without: Refusal | None = None
    for at, row in enumerate(rows[:HEADING_WITHIN]):
        columns = _with_addresses(columns_of([cell.text for cell in row]), rows[at + 1 :])
        if len(columns) < 2:
            continue
        refusal = _lacks(columns, rows[at + 1 :], name)
        if refusal is None:
            return at, columns
        without = without or refusal
    raise without or Refusal(
        f"{name} has no recognisable heading row; "
        "name the columns Namn, E-post, Grupp, Roll, Från, Till.",
        f"{name} har ingen rubrikrad som känns igen. "
        "Kalla kolumnerna Namn, E-post, Grupp, Roll, Från, Till.",
    )


def _with_addresses(columns: dict[Column, int], rows: list[list[Cell]]) -> Mapping[Column, int]:
    """Beside names, the column that mostly holds addresses is theirs, whatever it is called."""
    if not NAMES & columns.keys() or set(ADDRESSES) & columns.keys():
        return columns
    free = {at for row in rows for at in range(len(row))} - {*columns.values()}
    for at in sorted(free):
        said = [row[at].text for row in rows if at < len(row) and row[at].text]
        if sum("@" in text for text in said) * 2 > len(said):
            return {**columns, Column.EMAIL: at}
    return columns


def _lacks(columns: Mapping[Column, int], rows: list[list[Cell]], name: str) -> Refusal | None:
    """Why headings are those of no list of people; None when they are."""
    addresses = [columns[column] for column in ADDRESSES if column in columns]
    if not addresses:
        return Refusal(
            f"{name} has no column for e-mail addresses. {NOTHING_SAVED}",
            f"{name} har ingen kolumn för e-post. {INGET_SPARAT}",
        )
    named = any("<" in row[at].text for row in rows for at in addresses if at < len(row))
    if not NAMES & columns.keys() and not named:
        return Refusal(
            f"{name} has no column for names. {NOTHING_SAVED}",
            f"{name} har ingen kolumn för namn. {INGET_SPARAT}",
        )
    return None


def _next_heading(rows: list[list[Cell]], first: int) -> int:
    """Where headings stand anew; a row of theirs holds no address and little else."""
    for at in range(first, len(rows)):
        texts = [cell.text for cell in rows[at]]
        if any("@" in text for text in texts):
            continue
        whole = {fold(text) for text in texts} & _HEADINGS.keys()
        columns = columns_of(texts)
        if len(whole) > 1 and NAMES & columns.keys() and set(ADDRESSES) & columns.keys():
            return at
    return len(rows)


def columns_of(heads: list[str]) -> dict[Column, int]:
    """What each column holds, by its heading; the first of several that say the same counts."""
    columns: dict[Column, int] = {}
    longer: dict[Column, int] = {}
    weak: dict[Column, int] = {}
    for position, text in enumerate(heads):
        words = fold(text)
        apart = fold(re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", text))  # "givenName"
        whole = _HEADINGS.get(words) or _HEADINGS.get(apart)
        held = _WEAK.get(words)
        if whole:
            columns.setdefault(whole, position)
        elif held:
            weak.setdefault(held, position)
        elif words not in _WEAK and (column := _in_longer(text, apart)):
            longer.setdefault(column, position)
    return {**weak, **longer, **columns}


def _in_longer(text: str, words: str) -> Column | None:
    if len(words.split()) > 6 or "@" in text or _NOT_HERS.search(words):
        return None
    return next((column for pattern, column in _IN_HEADING if re.search(pattern, words)), None)
