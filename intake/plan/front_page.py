"""What a plan says of itself outside its table: title, group, year, days, purpose, goals, lists.

Works on lines: the paragraphs of a Word file, the rows of a sheet that hold one text. Headings and
lists are told by their words first and by their style second, since both are often missing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from intake.drafts import Source
from intake.plan.wording import RUNS_ON
from models.span import Precision
from rules import swedish_dates

PLAN_WORD = re.compile(
    r"\b(?:aktivitets|handlings|verksamhets|genomförande|arbets|åtgärds|utvecklings|samverkans"
    r"|års|projekt|tid|tids|insats|process|uppföljnings|förbättrings)?"
    r"plan(?:en)?\b|\bchecklista\b|\b(?:aktivitets|åtgärds|handlings|uppgifts|insats)(?:lista|listan|register)\b",
    re.IGNORECASE,
)
_YEAR = r"(?<!\d)(20\d\d)(?!\d)"
_YEARS = re.compile(rf"{_YEAR}(?:\s*(?:[-–—/]|till|och)\s*(?:(20\d\d)|(\d\d))(?!\d))?")
GROUP = re.compile(
    r"((?:Stor-?|Lokala? )?(?:NOSAM|LOSAM|TG|AU"
    r"|(?:Tema|Samordnings|Utvecklings|Arbets|Styr|Samverkans|Lednings|Analys|Berednings|Samråds"
    r"|Delregionala? )grupp(?:en)?)\b(?:[^\n/|()–—;:.]|(?<=\w)[-–](?=\w))*)"
)
_ORGANISATION = re.compile(
    r"((?:Vårdsamverkan|Närvårdssamverkan|Närvård|Kommunförbundet)\s+[A-ZÅÄÖ][\wåäö-]+"
    r"(?:\s+[A-ZÅÄÖ][\wåäö-]+)*)"
)
_IN_PLACE = re.compile(
    r"(?:samverkansplan\w*|vårdsamverkan\w*) i ([A-ZÅÄÖ][\w-]{2,})", re.IGNORECASE
)
_PARENT = re.compile(
    rf"\b((?:samverkansplan|handlingsplan|strategi|inriktning|överenskommelse)\w*)\s+"
    rf"({_YEAR}\s*[-–—]\s*(?:20)?\d\d)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^(?:[-–—•·»*▪○●◦➢✓]|\uf0b7|\d{1,2}[.)])\s+")
_ADOPTED = re.compile(r"\b(?:fastställ|antag|beslut|godkän)\w*\b.*", re.IGNORECASE)
_OF_THE_FILE_FIRST = re.compile(
    r"(?:fastställd|antag(?:en|na)|beslut(?:ad|at|ade)|godkän[dt]|senast|revidera[dt]|ändra[dt]"
    r"|uppdatera[dt]|version|utgåva|utfärda[dt]|upprätta[dt]|framtag(?:en|et)|skapa[dt]"
    r"|sammanställ[dt]|teckenförklaring|färgförklaring|forts"
    r"|utkast|arbetsmaterial|koncept|remiss|sida \d+)\b"
    r"|(?:datum|gäller|giltig|period|planperiod|kontakt|dokument|diarie|dnr)\w*\b[^:\d]*[:\d]"
    r"|(?:från|skickat|till|kopia|ämne|from|sent|to|cc|subject):\s",  # over a letter
    re.IGNORECASE,
)
_OF_THE_FILE = re.compile(
    _OF_THE_FILE_FIRST.pattern + r"|.*(?:@|\bprocessledare$|\d{4}-\d\d-\d\d)",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"\b(?:senast\s+)?(?:ändra|revidera|uppdatera)\w*\b.*", re.IGNORECASE)
_GOALS = re.compile(
    r"^(?:(?:våra|de|gemensamma|prioriterade|övergripande|delregionala|lokala)\s+)*"
    r"(?:mål|delmål|målsättningar?|målområden|fokusområden?)(?![\wåäö])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^(?:\w+ )?\w*(?:mål|område)\w*(?:\s*\d{0,2}\s*[:.–-]\s+\S|\s*\d{1,2}\s+(?-i:[A-ZÅÄÖ]))", re.I
)
_GOAL_NUMBER = re.compile(
    r"^\w{0,12}mål \d{1,2}(?:\.\d{1,2})?(?:\s*[:.–—-]\s+(?=\S)|\s+(?=(?-i:[A-ZÅÄÖ])))"
    r"|^\d{1,2}(?:\.\d{1,2})?[.)]\s+(?=(?-i:[A-ZÅÄÖ]))",
    re.I,
)
_RUNNING_ON = re.compile(
    r"\b(?:aktivitet\w*|insats\w*|arbete\w*|uppdrag\w*|följande|detta)\b.*\b(?:löper|pågår|över tid"
    r"|löpande|tills vidare|återkommande|kontinuerligt|utan slut\w*|årligen|varje år|hela tiden)"
    r"|^(?:löpande|återkommande|kontinuerliga|stående|årliga|ständigt pågående)\s+"
    r"(?:och \w+ )?(?:aktivitet|insats|arbete|uppdrag|uppgift|åtgärd)\w*",
    re.IGNORECASE,
)
_NAME_OF_PLAN = re.compile(
    r"planens (?:namn|titel)|plan(?:namn|titel)|plan (?:name|title)|projekt(?:ets )?(?:namn|titel)"
    r"|project (?:name|title)|ämne|subject",
    re.IGNORECASE,
)
_NUMBER_OF_PLAN = re.compile(r"[- ]id$|nummer$|number$", re.IGNORECASE)
_LABELLED = re.compile(r"^(?P<label>[^\W\d][\w åäö/-]{1,40}?)\s*:\s*(?P<rest>\S.*)$", re.DOTALL)


class Part(StrEnum):
    """What a heading outside the table begins."""

    GOALS = "goals"
    RUNNING_ON = "running on"
    PURPOSE = "purpose"
    TARGET_GROUPS = "target groups"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Line:
    """A text that stands alone, without its list mark."""

    text: str
    source: Source
    heading: bool = False
    title: bool = False
    bullet: bool = False


@dataclass(slots=True)
class FrontPage:
    """Everything told outside the table of activities."""

    title: str = ""
    organisation: str = ""
    group: str = ""
    years: tuple[int, int] | None = None
    adopted_on: date | None = None
    last_changed_on: date | None = None
    parent_title: str = ""
    purpose: str = ""
    target_groups: str = ""
    goals: list[str] = field(default_factory=list)
    goals_called: str = ""  # the heading over the list of them
    running_on: list[tuple[Line, str]] = field(default_factory=list)  # with their heading's words


def line_of(text: str, source: Source, *, heading: bool, title: bool, bullet: bool) -> Line:
    """A line with its list mark taken off."""
    mark = _BULLET.match(text)
    plain = text[mark.end() :].strip() if mark else text
    return Line(
        plain,
        source,
        heading=heading,
        title=title,
        bullet=(bullet or mark is not None) and not heading,
    )


def part_of(line: Line) -> Part | None:
    """The part that this line is the heading of, or None."""
    text = line.text.strip(" :")
    if line.bullet or len(text) > 120:
        return None
    if _RUNNING_ON.search(text) and not text.endswith("."):
        return Part.RUNNING_ON
    if re.fullmatch(r"(?:planens |vårt )?syfte(?:t)?(?: med planen)?", text, re.IGNORECASE):
        return Part.PURPOSE
    if re.fullmatch(r"(?:planens )?målgrupp(?:er|en|erna)?", text, re.IGNORECASE):
        return Part.TARGET_GROUPS
    if _GOALS.match(text) and not text.endswith(".") and len(text.split()) <= 10:
        labelled = _NUMBERED.match(text)
        return Part.GOALS if not labelled else Part.OTHER if line.heading else None
    return Part.OTHER if line.heading else None


# What stands over a list of activities, and names no goal of theirs.
LISTED = re.compile(
    r"(?:våra |planerade |prioriterade |gemensamma |nya |kommande )*"
    r"(?:aktiviteter|insatser|åtgärder|att göra|uppgifter|att[ -]göra-lista|uppföljningsuppgifter"
    r"|uppföljningspunkter|åtgärdspunkter|aktivitetspunkter|beslutade åtgärder|nästa steg"
    r"|follow[ -]?up (?:tasks|items)|action items|action points|next steps|to[ -]?dos?)"
    r"(?: (?:under |för )?(?:20\d\d|perioden|året|året 20\d\d))?:?",
    re.IGNORECASE,
)
# What a form is called, which is no goal: "Aktivitetsblad", "Blankett för en insats".
_FORM = re.compile(
    r"(?:blankett|formulär|mall)\b|(?:aktivitets|insats|åtgärds|uppdrags|uppgifts)"
    r"(?:blad|kort|blankett|formulär|mall)(?:et|en)?\b",
    re.IGNORECASE,
)


def is_about_plan(text: str) -> bool:
    """Does a line over a table tell of the plan itself, and not of what the table is about?"""
    return bool(
        GROUP.match(text)
        or _ORGANISATION.match(text)
        or (PLAN_WORD.search(text) and len(text) < 120)
        or re.fullmatch(r"(?:\w+ )?aktivitet(?:er)?(?: \d{1,4})?:?", text, re.IGNORECASE)
        or re.match(r"(?:tabell|bilaga)\s*\d*:?$|tabell \d", text, re.IGNORECASE)
        or re.fullmatch(r"[A-ZÅÄÖ]{3,12}", text)
        or _FORM.match(text)
        or LISTED.fullmatch(text)
        or _OF_THE_FILE.match(text)
        or re.fullmatch(r"[\d\s/–-]+", text)
    )


def is_of_the_file(text: str) -> bool:
    """Does a line begin by telling when and by whom the file was made or decided?"""
    return bool(_OF_THE_FILE_FIRST.match(text) or GROUP.match(text) or _ORGANISATION.match(text))


def organisation_in(headings: Iterable[str]) -> str:
    """The collaboration that a heading names: "Mål i samverkansplanen i Alm", or ""."""
    found = (_IN_PLACE.search(" ".join(text.split())) for text in headings)
    return next((named[1] for named in found if named), "")


def names_rows(line: Line, lines: list[Line], *, labelled: bool) -> bool:
    """May a line over headings, the last of `lines`, name what stands under them?

    The plan's title does not, nor does a sentence on how the table is read.
    """
    sentence = line.text[-1] in ".!?" and not labelled
    if sentence or (len(lines) == 1 and title_line(lines) == line.text):
        return False
    return part_of(line) in (None, Part.OTHER) and not is_about_plan(line.text)


def read_front_page(lines: Iterable[Line], file: str) -> FrontPage:
    """Go through the lines in order, each belonging to the heading above it."""
    page = FrontPage()
    lines = list(lines)
    part: Part | None = None
    heading = ""
    body: list[Line] = []
    for line in lines:
        begins = part_of(line)
        named = _named_in_line(line)
        page.running_on += [(one, line.text.split(":")[0]) for one in named]
        if begins is None or named:
            body += [] if named else [line]
            continue
        _close(page, part, heading, body)
        part, heading, body = begins, line.text, []
    _close(page, part, heading, body)
    _head(page, lines, file)
    for line in lines:
        _labelled(page, line.text)
    return page


def read_beside(page: FrontPage, texts: Iterable[str]) -> list[str]:
    """What text boxes tell of the plan is taken; the lines that tell nothing of it come back."""
    left: list[str] = []
    for text in texts:
        before = replace(page)
        _labelled(page, text)
        titled = bool(page.title) and text in (page.title, page.group)
        if page == before and not titled:
            left.append(text)
    return left


def _close(page: FrontPage, part: Part | None, heading: str, body: list[Line]) -> None:
    bullets = _first_list(body)
    items = bullets or [line for line in body if not line.text.endswith((".", ":"))]
    if part is Part.GOALS:
        page.goals_called = page.goals_called or (heading if items else "")
        page.goals += [without_label(line.text.rstrip(" .")) for line in items]
    elif part is Part.RUNNING_ON:
        page.running_on += [(line, heading) for line in bullets or _together(body)]
    elif part is Part.PURPOSE and not page.purpose:
        page.purpose = "\n".join(line.text for line in body)
    elif part is Part.TARGET_GROUPS and not page.target_groups:
        page.target_groups = "\n".join(line.text for line in body)


def _first_list(body: list[Line]) -> list[Line]:
    """The lines with list marks, until what looks like the heading of something else."""
    found: list[Line] = []
    for line in body:
        if line.bullet:
            found.append(line)
        elif found and (line.text.endswith(":") or len(line.text.split()) <= 4):
            break
    return found


def _together(body: list[Line]) -> list[Line]:
    """Lines without list marks, until a blank line in a list that has none between its lines."""
    kept = body[:1]
    for line in body[1:]:
        gap = line.source.row - kept[-1].source.row
        if len(kept) > 1 and gap > kept[1].source.row - kept[0].source.row:
            break
        kept.append(line)
    return kept


def _named_in_line(line: Line) -> list[Line]:
    """The activities of "Löpande aktiviteter: nätverk, handbok och mobilt team"."""
    labelled = _LABELLED.match(line.text)
    if not labelled or not _RUNNING_ON.search(labelled["label"]):
        return []
    names = re.split(r"[;,\n]\s*|\s+(?:och|samt)\s+(?=[A-ZÅÄÖ])", labelled["rest"])
    return [replace(line, text=name.strip(" .")) for name in names if name.strip(" .")]


def _head(page: FrontPage, lines: list[Line], file: str) -> None:
    """Title, years, group and organisation."""
    title = title_line(lines)
    whole = title or _spoken(file)
    page.years = years_in(whole) or years_in(_spoken(file))
    early = [line.text for line in lines[:8] if len(line.text) <= 110 and line.text[-1:] != "."]
    for text in [whole, *early]:
        found = GROUP.search(text) if text == whole else GROUP.match(text)
        if found and not page.group:
            page.group, organisation = _group_and_place(found[1])
            page.organisation = page.organisation or organisation
        named = _ORGANISATION.search(text)
        if named and not page.organisation:
            page.organisation = named[1].strip()
    joined = re.split(r"\s+[–—|-]\s+", whole)
    if len(joined) > 1 and PLAN_WORD.search(joined[0]) and GROUP.match(joined[1]):
        whole = joined[0]
    page.title = re.sub(r"^plan\s*:\s+(?=\S)", "", whole, flags=re.IGNORECASE)


def title_line(lines: list[Line]) -> str:
    """The line that is the plan's title, or ""."""
    first = [line for line in lines[:12] if len(line.text) <= 150 and not line.bullet]
    for line in first:
        if line.title:
            return line.text
    for line in first:
        labelled = _LABELLED.match(line.text)
        if labelled and _NAME_OF_PLAN.fullmatch(labelled["label"].strip()):
            return labelled["rest"].strip()
        if labelled and _NUMBER_OF_PLAN.search(labelled["label"]):
            continue
        plan = PLAN_WORD.search(labelled["label"] if labelled else line.text)
        if plan and not line.text.endswith(".") and not _GOALS.match(line.text):
            return line.text
    return next((line.text for line in first[:3] if _tells_year(line.text)), "")


def sheet_title(sheets: list[str], title: str, file: str, lines: list[Line]) -> str:
    """The name of the only sheet, where it tells more of the plan than the file's own name does."""
    if title_line(lines) or len(sheets) != 1 or PLAN_WORD.search(_spoken(file)):
        return title
    if lines and _heads_sheet(lines[0]):
        return lines[0].text
    (name,) = sheets
    tells = len(name.split()) > 1 and (PLAN_WORD.search(name) or years_in(name))
    return name if tells else title


def _heads_sheet(line: Line) -> bool:
    """Is it alone in the first row of a sheet, as words that name what is under them are?"""
    text = line.text
    said = len(text.split()) > 1 and len(text) <= 80 and text[-1] not in ".:!?"
    apart = _LABELLED.match(text) or _OF_THE_FILE.match(text) or line.bullet
    return bool(line.source.sheet and line.source.row == 1 and said and not apart)


def _tells_year(text: str) -> bool:
    """ "Tidplan 2026 för NOSAM Alm": a title that does not call itself a plan."""
    bare = _OF_THE_FILE.match(text) or _LABELLED.match(text) or re.search(r"\d{4}-\d", text)
    words = re.search(r"[^\W\d_]{4}", text) and not text.endswith(".") and len(text) <= 100
    return bool(words and not bare and years_in(text))


def group_in(words: str) -> str:
    """The group that a heading begins with, or ""."""
    found = GROUP.match(words)
    return _group_and_place(found[1])[0] if found else ""


def _group_and_place(words: str) -> tuple[str, str]:
    """ "NOSAM Äldre, SAMLA" is a group and an organisation; years and plan words are neither."""
    words = _YEARS.sub("", words)
    words = re.sub(
        r"\s+(?:aktivitets|handlings|verksamhets)plan.*$", "", words, flags=re.IGNORECASE
    )
    words = " ".join(words.split()).strip(" ,-–")
    place = re.search(r",\s*([A-ZÅÄÖ]{3,}|Vårdsamverkan\s.+)$", words)
    if place:
        return words[: place.start()].strip(), place[1]
    return words, ""


def _labelled(page: FrontPage, text: str) -> None:
    """Lines such as "Fastställd: 2024-03-15", and the plan that this one hangs under."""
    parent = _PARENT.search(text)
    if parent and not page.parent_title and text != page.title:
        page.parent_title = " ".join(f"{parent[1].capitalize()} {parent[2]}".split())
    if len(text) > 300:
        return
    changed = re.search(r"\b(?:senast|revidera|uppdatera|ändra)", text, re.IGNORECASE)
    if changed and not page.last_changed_on:
        page.last_changed_on = _day_after(_CHANGED, text[changed.start() :])
    if not page.adopted_on and not (changed and changed.start() == 0):
        page.adopted_on = _day_after(_ADOPTED, text)
    labelled = _LABELLED.match(text)
    if not labelled:
        return
    label, rest = labelled["label"].lower(), labelled["rest"].strip()
    if label in ("grupp", "utvecklingsgrupp", "nosam", "planägare", "ansvarig grupp"):
        page.group = page.group or rest
    elif label in ("organisation", "vårdsamverkan", "samverkansområde"):
        page.organisation = page.organisation or rest
    elif label in ("syfte", "planens syfte"):
        page.purpose = page.purpose or rest
    elif label in ("målgrupp", "målgrupper"):
        page.target_groups = page.target_groups or rest
    elif label in ("period", "planperiod", "år", "gäller", "giltighetstid", "avser"):
        page.years = page.years or years_in(rest)


def _day_after(pattern: re.Pattern[str], text: str) -> date | None:
    told = pattern.search(text)
    if not told:
        return None
    for span in swedish_dates.find(told[0], date(2021, 1, 1)):
        if span.precision is Precision.DAY and span.first and re.search(r"\d{4}|\d{6}", span.text):
            return span.first
    return None


def without_label(goal: str) -> str:
    """ "Mål 1: Öka tilliten" is the goal "Öka tilliten", and so is "1. Öka tilliten"."""
    return _GOAL_NUMBER.sub("", goal)


def years_in(text: str) -> tuple[int, int] | None:
    """The year, or the first and the last year, that words name first."""
    found = _YEARS.search(text.replace("_", " "))
    if not found:
        return None
    first = int(found[1])
    last = int(found[2]) if found[2] else first // 100 * 100 + int(found[3]) if found[3] else first
    return (first, last) if first <= last <= first + 15 else (first, first)


def _spoken(file: str) -> str:
    return " ".join(re.split(r"[_\s]+", Path(file).stem)).strip()


def runs_on_words(heading: str) -> str:
    """The words of a heading that say that its list runs on."""
    found = RUNS_ON.search(heading)
    return found[0] if found else heading
