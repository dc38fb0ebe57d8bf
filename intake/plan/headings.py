"""Which column is which: a table's heading row is found and each heading gets a role.

Headings are compared without case, punctuation, line breaks and broken hyphenation, against the
synonyms below. A table whose headings tell no activity is no plan, and says why. What the rows
under the headings mean is the work of `plans.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from intake.documents import Cell, Table, unique_cells
from models.plan_shape import Role

HEADING_WITHIN = 15  # rows to look through before a table is given up


Synonyms = Mapping[str, Role]  # an installation's own words, folded, and what they stand over

DATE_ROLES = frozenset({Role.START, Role.DEADLINE, Role.PERIOD})

# Whole questions and joined heads; looked for anywhere in the heading, the first that fits wins.
_PHRASES: tuple[tuple[str, Role], ...] = (
    (
        r"start\w* (och|till|tom) (slut|klart|stopp)\w*|start\w* slut\w*|fran (och )?till\b",
        Role.PERIOD,
    ),
    (r"tids?plan|tids?period|tids?ram|nar i tid|genomforandetid|tid for genomforande", Role.PERIOD),
    (
        r"folj\w* (vi |det |detta |aktiviteten )*upp|uppfolj|mats\b|mater vi|matetal|matt\b",
        Role.FOLLOW_UP,
    ),
    (r"nar ska .*(klar|fardig)|klar\w* (senast|datum|nar)|(senast|beraknas) klar", Role.DEADLINE),
    (r"nar (startar|borjar|paborjas)", Role.START),
    (r"hur (vet|ser|marker|mat\w*) vi\b", Role.FOLLOW_UP),
    (r"hur gar det|hur langt har vi|hur ligger vi till|var (ar|star) vi", Role.STATUS),
    (r"sa (har )?(gor|arbetar|jobbar) vi", Role.HOW),
    (
        r"(vill vi|ska vi) (uppna|astadkomma)|onskat (lage|resultat)|vart (vill|ska) vi"
        r"|effektmal",
        Role.GOAL,
    ),
    (r"vem (gor|ansvarar|ar ansvarig|leder|haller i|driver|ager|har ansvar)", Role.RESPONSIBLE),
    (
        r"(vem|vilka|ovriga)( fler| mer| andra)? (som )?(deltar|medverkar|berors|ar med|hjalper)"
        r"|(med|till) hjalp av|tillsammans med",
        Role.PARTICIPANTS,
    ),
    (r"beslut(as|ad|at)? av|beslutande|beslutsfattare|vem beslutar", Role.DECIDED_BY),
)

_WORDS: dict[Role, str] = {
    Role.GOAL: """mal delmal malsattning malsattningar maluppfyllelse prioriterade prioriterat
        inriktningsmal resultatmal syfte onskad""",
    Role.FOCUS_AREA: """fokus inriktning fokusomrade fokusomraden malomrade malomraden omrade
        omraden insatsomrade utvecklingsomrade utvecklingsomraden prioriteringsomrade temaomrade
        tema perspektiv verksamhetsomrade strategi""",
    Role.WHAT: """aktivitet aktiviteter aktivitetet vad atgard atgarder insats insatser uppgift
        uppgifter uppdrag arende""",
    Role.HOW: """hur tillvagagangssatt genomforande beskrivning metod arbetssatt utforande
        aktivitetsbeskrivning konkretisering""",
    Role.RESPONSIBLE: """ansvarig ansvariga ansvar vem agare aktivitetsagare uppdragsagare
        huvudansvarig huvudansvariga sammankallande processagare kontaktperson utforare""",
    Role.PARTICIPANTS: """deltagare deltar medverkande berorda samverkanspart samverkansparter
        parter aktorer involverade samverkan arbetsgrupp ovriga medverkar deltagande
        samverkanspartner samverkar""",
    Role.START: """start startdatum startar starttid paborjas uppstart from fran borjar
        startmanad inleds igangsatts""",
    Role.DEADLINE: """deadline slutdatum klart klar slut sluttid slutar maldatum senast fardigt
        slutfors fardigstalls avslutas sistadatum fardig tom till slutfort forfallodatum
        fardigdatum klardatum""",
    Role.PERIOD: """nar tid tidpunkt datum period manad kvartal ar termin tidsatt tidsattning
        tidsangivelse""",
    Role.FOLLOW_UP: """uppfoljning uppfoljningar utfall utfallsmatt matetal matt indikator
        indikatorer nyckeltal resultat effekt utvardering aterrapportering redovisning""",
    Role.STATUS: """status lage statuslage nulage lagesrapport lagesbeskrivning lagesbild
        genomfort progress""",
    Role.TARGET_GROUP: "malgrupp malgrupper",
    Role.FUNDING: """resurser finansiering budget kostnad kostnader medel ekonomi finansiar
        pengar anslag statsbidrag bidrag""",
    Role.DECIDED_BY: "beslut beslutad",
    Role.NUMBER: "nr nummer id lopnr lopnummer prio prioritet pos rad ordning",
}
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words.split()}
# In one heading with several of these words, the left one gives way to the right one.
_WEAK = (Role.DECIDED_BY, Role.NUMBER, Role.FOCUS_AREA)

_NO_PLAN = re.compile(
    r"version|utgava|revision|reviderad|forkortning|begrepp|definition|betydelse|forklaring|andring"
    r"|andrad|e ?post|mejl|telefon|narvarande|franvarande|\bnamn\b|organisation$|\bplats\b|lokal$"
    r"|dagordning"
)
_SPAN = re.compile(
    r"(?:20\d\d )?(?:(?:q|kv|kvartal|t|tertial) ?\d|(?:v|vecka) ?\d{1,2}"
    r"|(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z]{0,6}"
    r"|(?:vt|ht|var|host|sommar|vinter)(?:en|terminen)?)(?: ?(?:20)?\d\d)?|20\d\d"
)
_FOLD = str.maketrans("åäàáöøéèüÅÄÖ", "aaaaooeeuaao")
_SEPARATE = re.compile(r"[^a-z0-9#]+")


@dataclass(frozen=True, slots=True)
class Headings:
    """The heading row of a plan table: what each column (by its number) holds.

    `words` are folded to compare by, `told` as they stood.
    """

    row: int
    roles: Mapping[int, Role]
    words: Mapping[int, str]
    unknown: tuple[str, ...]
    spans: Mapping[int, str] = field(default_factory=dict)  # columns that are a quarter, a month
    told: Mapping[int, str] = field(default_factory=dict)

    def has(self, *roles: Role) -> bool:
        """Is there a column for any of these?"""
        timed = bool(self.spans) and Role.PERIOD in roles
        return timed or any(role in self.roles.values() for role in roles)

    def words_over(self, role: Role) -> str:
        """The words of the heading over a role's column, or ""."""
        return next((self.words[at] for at in self.columns(role) if at in self.words), "")

    def columns(self, role: Role) -> list[int]:
        """The columns of one role, from left to right."""
        return [column for column, has in sorted(self.roles.items()) if has is role]

    def repeated_by(self, row: list[Cell]) -> bool:
        """Is this row the same heading row again, as on a new page?"""
        words = {cell.column: fold(cell.text) for cell in row if cell.text}
        return bool(words) and words == dict(self.words)


@lru_cache(maxsize=8192)  # the same words stand in many rows, and are asked about often
def fold(text: str) -> str:
    """Words for comparing: lower case, plain letters, broken words joined, single spaces."""
    joined = re.sub(r"(?<=\w)[-\u2010\u2011]\n\s*(?=[a-zåäö])", "", text)
    joined = re.sub(r"(?i)\bt\s*\.?\s*o\s*\.?\s*m\b\.?", "tom", joined)
    joined = re.sub(r"(?i)\bfr\s*\.?\s*o\s*\.?\s*m\b\.?", "from", joined)
    return _SEPARATE.sub(" ", joined.lower().translate(_FOLD)).strip()


def role_of(text: str, synonyms: Synonyms | None = None) -> Role | None:
    """The role that a heading names, or None."""
    if not text or len(text) > 120:
        return None
    folded = fold(text)
    words = folded.split()
    if not words or len(words) > 12:
        return Role.NUMBER if "#" in text else None
    known = synonyms or {}
    squashed = folded.replace(" ", "")
    whole = known.get(folded) or known.get(squashed) or _ROLE_OF.get(squashed)
    asked = next((role for pattern, role in _PHRASES if re.search(pattern, folded)), None)
    if not re.search(r"\bår\b", text, re.IGNORECASE):  # "är" is folded as "år" is, and no date
        words = [word for word in words if word != "ar"] or words
    return whole or asked or _role_of_words(words, [known.get(w) or _ROLE_OF.get(w) for w in words])


def _role_of_words(words: list[str], found: list[Role | None]) -> Role | None:
    """The role of a heading that is neither one word nor a known question."""
    if found[0] is None and len(words) > 5:  # a sentence that happens to hold such a word
        return None
    roles = [role for role in found if role]
    strong = [role for role in roles if role not in _WEAK]
    if Role.START in strong and Role.DEADLINE in strong:
        return Role.PERIOD
    return next(iter(strong or roles), None)


def heading_row(row: list[Cell], synonyms: Synonyms | None = None) -> Headings | None:
    """The row as headings, or None when it is no heading row of a plan."""
    spans = _spans(row)
    cells = [cell for cell in unique_cells(row) if cell.column not in spans]
    if not cells:
        return None
    found = {cell.column: role_of(cell.text, synonyms) for cell in cells}
    known = {column: role for column, role in found.items() if role}
    if len(known) < 2 or len(known) * 2 < len(cells) or any(_is_data(cell) for cell in cells):
        return None
    roles = _settled(known, {cell.column: fold(cell.text) for cell in cells})
    unknown = tuple(cell.text for cell in cells if cell.column not in roles)
    timed = {Role.PERIOD} if spans else set()
    if not _tells_activity(set(roles.values()) | timed) or _is_other_table(cells, roles):
        return None
    return Headings(
        row=cells[0].row,
        roles=_spread(roles, row),
        words={cell.column: fold(cell.text) for cell in row if cell.text},
        unknown=unknown,
        spans=spans,
        told={cell.column: cell.text for cell in unique_cells(row)},
    )


def _spans(row: list[Cell]) -> dict[int, str]:
    """The columns that are each a quarter, a month or a year, when there are several of them."""
    found = {
        cell.column: cell.text for cell in unique_cells(row) if _SPAN.fullmatch(fold(cell.text))
    }
    return found if len(found) > 1 else {}


def heading_at(table: Table, synonyms: Synonyms | None = None) -> int | None:
    """Which row of a table is its heading row, if any of the first ones is."""
    rows = enumerate(table.rows[:HEADING_WITHIN])
    return next((at for at, row in rows if heading_row(row, synonyms)), None)


def turned_card(
    table: Table, synonyms: Synonyms | None = None, *, sure: bool = False
) -> Table | None:
    """A card, one activity with its headings in the left column, as a table of one row.

    `sure`: the table has headings on top as well; then only two headings a row are no chance.
    """
    paired = _pairs_of(table, synonyms)
    if paired or sure:
        return paired
    lines = [row for row in table.rows if len(row) > 1 and row[0].text]
    if len(lines) < 3 or len(lines[0]) > 6:
        return None
    first = lines[0][0].row
    columns = zip(*lines, strict=True)
    rows = [
        [replace(cell, row=first, column=cell.row, merged_from=None) for cell in column]
        for column in columns
    ]
    known = heading_row(rows[0], synonyms)
    if not known or len(set(known.roles.values())) < 3 or not known.has(Role.WHAT):
        return None
    filled = [row for row in rows if any(cell.text for cell in row)]
    return replace(table, rows=filled)


def _pairs_of(table: Table, synonyms: Synonyms | None) -> Table | None:
    """A card with two headings in a row: "Aktivitet: | … | Ansvarig: | …" """
    rows = [list(unique_cells(row)) for row in table.rows]
    heads = [cell for cells in rows for cell in cells[::2]]
    values = [cell for cells in rows for cell in cells[1::2]]
    roles = [role_of(cell.text, synonyms) for cell in heads]
    paired = len(rows) > 1 and max(map(len, rows)) == 4 and None not in roles
    if not paired or Role.WHAT not in roles or len(set(roles)) < 3:
        return None
    if len(heads) != len(values) or all(role_of(cell.text) for cell in values):
        return None
    first = rows[0][0].row
    turned = [
        [replace(cell, row=first, column=at, merged_from=None) for at, cell in enumerate(line, 1)]
        for line in (heads, values)
    ]
    return replace(table, rows=turned)


def with_subheadings(headings: Headings, row: list[Cell]) -> Headings | None:
    """The headings with a second row under them ("Tid" over "Start" and "Slut"), if this is one."""
    own = [cell for cell in unique_cells(row) if not cell.from_above]
    spans = _spans(row)
    if own and len(spans) == len(own):
        roles = {column: role for column, role in headings.roles.items() if column not in spans}
        return replace(headings, roles=roles, spans=spans, told=_told_below(headings, own))
    below = {cell.column: role_of(cell.text) for cell in own}
    if not own or any(role not in DATE_ROLES for role in below.values()):
        return None
    if any(headings.roles.get(column) not in DATE_ROLES for column in below):
        return None
    roles = dict(headings.roles) | {column: role for column, role in below.items() if role}
    return replace(headings, roles=roles, told=_told_below(headings, own))


def _told_below(headings: Headings, own: list[Cell]) -> dict[int, str]:
    return {**headings.told, **{cell.column: cell.text for cell in own}}


def why_no_plan(rows: list[list[Cell]]) -> str:
    """A Swedish sentence on why a table is not read as a plan."""
    first = list(unique_cells(rows[0])) if rows else []
    words = " ".join(fold(cell.text) for cell in first)
    if re.search("forkortning|begrepp|definition|betydelse|forklaring", words):
        return "Tabellen är en lista över förkortningar eller begrepp, ingen plan."
    if re.search("version|utgava|revision|reviderad|andring|andrad", words):
        return "Tabellen är en versionshistorik, ingen plan."
    if re.search(r"namn|e ?post|mejl|telefon|narvarande", words):
        return "Tabellen är en lista över personer, ingen plan."
    return "Tabellen har inga rubriker som visar aktiviteter."


def _is_data(cell: Cell) -> bool:
    """Real dates and numbers, and lone digits, stand under headings and not in them."""
    return cell.value is not None or bool(re.fullmatch(r"[\d\s./-]+", cell.text))


def _tells_activity(roles: set[Role]) -> bool:
    beside = roles & {Role.RESPONSIBLE, Role.START, Role.DEADLINE, Role.PERIOD, Role.FOLLOW_UP}
    if Role.WHAT in roles or Role.HOW in roles:
        return len(roles - {Role.NUMBER}) >= 2
    return Role.GOAL in roles and bool(beside)


def _is_other_table(cells: list[Cell], roles: Mapping[int, Role]) -> bool:
    """A version table has "Vad" and "Vem" as well; its other headings give it away."""
    foreign = sum(1 for cell in cells if _NO_PLAN.search(fold(cell.text)))
    strange_first = bool(_NO_PLAN.search(fold(cells[0].text))) and len(roles) < 4
    return strange_first or (foreign > 0 and foreign * 3 >= len(roles))


def _settled(known: dict[int, Role], words: dict[int, str]) -> dict[int, Role]:
    """Several columns of one kind: each gets the place that its neighbours leave free."""
    roles = dict(known)
    goals = [column for column, role in sorted(roles.items()) if role is Role.GOAL]
    if len(goals) > 1 and Role.FOCUS_AREA not in roles.values():
        below = [column for column in goals if "delmal" in words[column]]
        upper = goals[0] if goals[0] not in below[:1] else goals[1]
        roles[upper] = Role.FOCUS_AREA
    for column in [at for at, role in roles.items() if role is Role.DEADLINE]:
        others = {role for at, role in roles.items() if at != column}
        ended = others & {Role.DEADLINE, Role.PERIOD}
        if words[column] in ("klar", "klart", "fardig", "fardigt") and ended:
            roles[column] = Role.STATUS  # "När | Klart": the second says yes or no
    _demote(roles, words, Role.WHAT, "aktivitet", Role.HOW)
    _demote(roles, words, Role.RESPONSIBLE, "ansvar", Role.PARTICIPANTS)
    if Role.WHAT not in roles.values():
        _promote(roles)
    return roles


def _demote(
    roles: dict[int, Role], words: dict[int, str], role: Role, keep: str, other: Role
) -> None:
    """Of several columns of a role, those that say `keep` (else the first) have it alone."""
    columns = [column for column, has in sorted(roles.items()) if has is role]
    kept = [column for column in columns if words[column].startswith(keep)] or columns[:1]
    for column in columns:
        if column not in kept:
            roles[column] = other


def _promote(roles: dict[int, Role]) -> None:
    """Without a column for what is done, "Beskrivning" or "Hur" says it, and else the goal."""
    for role in (Role.HOW, Role.GOAL):
        columns = [column for column, has in sorted(roles.items()) if has is role]
        if columns:
            roles[columns[0]] = Role.WHAT
            return


def _spread(roles: dict[int, Role], row: list[Cell]) -> dict[int, Role]:
    """A heading merged over several columns names all of them."""
    by_origin = {cell.origin: roles[cell.column] for cell in row if cell.column in roles}
    return {
        cell.column: by_origin[cell.origin]
        for cell in row
        if cell.text and cell.origin in by_origin
    }
