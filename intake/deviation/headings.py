"""Which column is which: a file's headings against the words that deviation systems use.

Headings that tell of free text or of persons are never taken for a coded column, whatever else
they say. What an installation has saved for a source goes before all that stands here.
"""

import re
from collections.abc import Mapping, Sequence

from intake.deviation.shapes import Column, Heading, Source
from intake.personnummer import masked
from intake.plan.heading_words import fold

HEADING_WITHIN = 20  # rows to look through for the heading row
LONGEST_HEADING = 60

# The better words first: of two headings for one column the earlier counts.
_WORDS: Mapping[Column, str] = {
    Column.NUMBER: "arendenummer|arendenr|arende nr|arende nummer|arendeid|arende id"
    "|avvikelsenummer|avvikelsenr|avvikelse nr|avvikelse id|avvikelseid|diarienummer|diarienr"
    "|dnr|handelsenummer|handelsenr|handelse id|rapportnummer|rapportnr|rapport id"
    "|arendereferens|referensnummer|referensnr|lopnummer|lopnr|case number|case id|case no"
    "|referens|ref nr|ref|arende|avvikelse|id nummer|id nr|id|nummer|nr",
    Column.REGISTERED: "registreringsdatum|registrerad datum|registrerat datum|datum registrerad"
    "|datum for registrering|registrerad den|registrerad|registrerat|reg datum|regdatum"
    "|registrerings dag|registreringsdag|registreringstid|inkommen datum|inkommet datum"
    "|ankomstdatum|inkomstdatum|inkommen|inkommet|inkom|rapporteringsdatum|rapportdatum"
    "|rapporterad datum|rapporterad den|datum rapporterad|rapporterad|inrapporterad"
    "|anmalningsdatum|anmald datum|anmald den|anmald|skapad datum|skapat datum|skapandedatum"
    "|skapad den|skapad|skapat|upprattad datum|upprattad|upprattat|created|registered"
    "|datum for rapportering|datum for anmalan|rapp datum|rappdatum"
    "|arendedatum|avvikelsedatum|datum|date",
    Column.HAPPENED: "handelsedatum|handelsens datum|handelse datum|datum for handelsen"
    "|datum for handelse"
    "|handelsedag|handelsetidpunkt|tidpunkt for handelsen|tidpunkt for handelse"
    "|handelsen intraffade|intraffade|intraffat|intraffad|datum da det hande|nar hande det",
    Column.CHANGED: "senast andrad|senast andrat|senaste andring|senast uppdaterad"
    "|senast uppdaterat|senaste uppdatering|senast sparad|andringsdatum|andrad datum"
    "|uppdaterad datum|uppdateringsdatum|andrad|andrat|uppdaterad|modifierad|last modified"
    "|modified|updated",
    Column.ANSWERED: "svarsdatum|svar skickat|svar skickat datum|svar skickad|svar datum"
    "|datum for svar|svar lamnat|svar lamnat datum|besvarad datum|besvarat datum|besvarad den"
    "|besvarad|besvarat|svarat|aterkopplingsdatum|aterkopplad datum|aterkopplad|aterkopplat"
    "|aterkoppling skickad|aterkoppling given",
    Column.CLOSED: "avslutsdatum|avslutad datum|avslutat datum|avslutningsdatum|datum avslutad"
    "|avslutad den|avslutad|avslutat|stangd datum|stangd|stangt|datum for avslut|klardatum"
    "|klarmarkerad|closed",
    Column.REPORTING_ORG: "rapporterande organisation|rapporterande huvudman"
    "|rapporterande vardgivare|rapporterande kommun region|rapporterande kommun"
    "|anmalande organisation|anmalande huvudman"
    "|avsandande organisation|avsandande huvudman|rapporterande part|upptackande organisation",
    Column.REPORTING_UNIT: "rapporterande enhet|rapporterande verksamhet|rapporterad av enhet"
    "|rapporterande mottagning|anmalande enhet|anmalande verksamhet|inrapporterande enhet"
    "|avsandande enhet|avsandande verksamhet|upptackande enhet|upptackt av enhet|fran enhet"
    "|anmald av enhet|avvikelse fran|avsandare",
    Column.INVESTIGATING_ORG: "utredande organisation|utredande huvudman|utreds av"
    "|utredande vardgivare|mottagande organisation|mottagande huvudman|ansvarig organisation"
    "|ansvarig huvudman|utredande part",
    Column.INVESTIGATING_UNIT: "utredande enhet|utredande verksamhet|mottagande enhet"
    "|mottagande verksamhet|utreds av enhet|ansvarig enhet|ansvarig verksamhet|till enhet"
    "|berord enhet|berord verksamhet|avvikelse till|mottagare",
    Column.AREA: "naromrade|geografiskt omrade|geografi|delomrade|delregion|lokalomrade"
    "|nosam omrade|samverkansomrade|kommunomrade|narsjukvardsomrade",
    Column.GROUP: "malgrupp|malgrupper|patientgrupp|brukargrupp|aldersgrupp|nosam malgrupp"
    "|malgruppstillhorighet|grupp",
    Column.PROCESS: "process|processomrade|avvikelseprocess|huvudprocess|berord process"
    "|avvikelseomrade|processteg|verksamhetsprocess|processtillhorighet",
    Column.CLASS: "klassificering|klassifikation|klass|avvikelsetyp|typ av avvikelse"
    "|typ av handelse|handelsetyp|avvikelsekategori|handelsekategori|kategori|arendetyp"
    "|huvudkategori|avvikelseklass|typ",
    Column.SEVERITY: "allvarlighetsgrad|allvarlighet|allvarsgrad|allvarlighets grad"
    "|svarighetsgrad|riskniva|faktisk allvarlighetsgrad"
    "|allvarlighetsniva|allvarlighetsklass|skadegrad|riskklass",
    Column.STATUS: "status|arendestatus|aktuell status|arendets status|handlaggningsstatus"
    "|statuskod|tillstand|lage|arendelage|statuslage",
    Column.HANDLING: "handlaggningstid|handlaggningstid dagar|handlaggningstid i dagar"
    "|handlaggningstid dygn|handlaggningsdagar|antal handlaggningsdagar|utredningstid"
    "|utredningstid dagar|svarstid|svarstid dagar|ledtid|ledtid dagar|genomloppstid|handl tid"
    "|tid till svar|dagar till svar|antal dagar till svar",
}
_KNOWN: dict[str, tuple[Column, int]] = {
    word: (column, rank)
    for column, words in _WORDS.items()
    for rank, word in enumerate(words.split("|"))
}
_LONGER = sorted((word for word in _KNOWN if len(word) >= 6), key=len, reverse=True)
_FREE_TEXT = re.compile(
    r"beskriv|kommentar|fritext|anteckning|atgard|orsak|forslag|forbattring|text\b|vad hande"
    r"|konsekvens|bakgrund|sammanfattning|analys|motivering|utlatande|namn\b|person|patient id"
    r"|patient nr|handlaggare|rapportor|anmalare|telefon|e post|epost|adress|bilag|fodd|fodelse"
)
_DAY = re.compile(r"(?<=\w)(?:tidpunkt|dag)$")  # "svarsdag" is "svarsdatum"
_DAYS = frozenset(  # "Registrerad av" is a person
    {Column.REGISTERED, Column.HAPPENED, Column.CHANGED, Column.ANSWERED, Column.CLOSED}
)
_EITHER = "omrade"  # the process where no other heading is; else the area


def headings(texts: Sequence[str], source: Source) -> list[Heading]:
    """What each heading of a row stands for, each column at most once.

    1. What is saved for the source.
    2. A heading that is one of the words, the better word before the other.
    3. A longer heading with such words in it, that does not tell of free text: the best of them
       whose column is free.
    """
    told = [source.columns.get(fold(text), ...) for text in texts]
    taken = {column for column in told if isinstance(column, Column)}
    guesses = sorted(
        (rank, at, column)
        for at, text in enumerate(texts)
        if told[at] is ...
        for column, rank in _guesses(text)
    )
    chosen: dict[int, Column] = {}
    for _, at, column in guesses:
        if column not in taken and at not in chosen:
            taken.add(column)
            chosen[at] = column
    for at, text in enumerate(texts):
        if told[at] is ... and fold(text) == _EITHER:
            free = next((c for c in (Column.PROCESS, Column.AREA) if c not in taken), None)
            if free:
                taken.add(free)
                chosen[at] = free
    return [
        Heading(_shown(text), chosen.get(at), guessed=True)
        if told[at] is ...
        else Heading(_shown(text), _column(told[at]), guessed=False)
        for at, text in enumerate(texts)
    ]


def known(texts: Sequence[str], source: Source) -> int:
    """How many of the headings are known: the heading row has the most."""
    return sum(1 for heading in headings(texts, source) if heading.column)


def _column(told: object) -> Column | None:
    return told if isinstance(told, Column) else None


def _guesses(text: str) -> list[tuple[Column, int]]:
    """What a heading may stand for, with how well it fits (0 = best)."""
    if not text or len(text) > LONGEST_HEADING * 2:
        return []
    words = fold(text)
    plain = fold(re.sub(r"[(\[].*?[)\]]", " ", text))
    for each in (words, plain, _DAY.sub("datum", plain)):
        if each in _KNOWN:
            return [_KNOWN[each]]
    if _FREE_TEXT.search(words) or len(plain.split()) > 6:
        return []
    found = [_KNOWN[word] for word in _LONGER if re.search(rf"\b{word}\b", plain)]
    by_somebody = re.search(r"\bav\b", plain)
    return [(c, 100 + rank) for c, rank in found if not (by_somebody and c in _DAYS)]


def _shown(text: str) -> str:
    """A heading to show and to save: one line, not long, without personnummer."""
    line = " ".join(masked(text).split())
    return line if len(line) <= LONGEST_HEADING else line[: LONGEST_HEADING - 1] + "…"
