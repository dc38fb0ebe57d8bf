"""A report read as its reader reads it: the numbers of its sentences, and of its tables."""

import re
from dataclasses import dataclass

from models.lifecycle import OPEN, State
from reports.blocks import Bullets, Paragraph, Report, Table

_WORDS = (
    *("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva"),
    "tolv",
)
_NUMBER = rf"(ingen|{'|'.join(_WORDS)}|\d+)"
_SENTENCES = {
    "open": rf"^{_NUMBER} aktivitete?r? ?var öpp(en|na) ",
    "new": rf"^{_NUMBER} nya? aktivitet(er)? kom till",
    "again": rf"^{_NUMBER} aktivitet(er)? öppnades igen",
    "ended": rf"^{_NUMBER} aktivitet(er)? avslutades",
    "carried": rf"^{_NUMBER} aktivitet(er)? fördes över",
    "rejected": rf"^{_NUMBER} aktivitet(er)? avslogs",
    "withdrawn": rf"^{_NUMBER} aktivitet(er)? drogs tillbaka",
    "late": rf"^{_NUMBER} aktivitet(er)? var försenad",
}
_KRONOR = re.compile(r"([\d\u00a0]+)\u00a0kr\b")


@dataclass(frozen=True)
class Page:
    """A report's own words."""

    report: Report

    def sentences(self) -> dict[str, int]:
        """The number of each sentence at the top; nought where there is none."""
        bullets = next(block for block in self.report.blocks if isinstance(block, Bullets))
        found = dict.fromkeys(_SENTENCES, 0)
        for words in bullets.items:
            for name, pattern in _SENTENCES.items():
                if match := re.match(pattern, words, re.IGNORECASE):
                    found[name] = number(match[1])
        return found

    def outcomes(self) -> int | None:
        """How many ended activities the sentence tells an outcome of, where it tells each."""
        bullets = next(block for block in self.report.blocks if isinstance(block, Bullets))
        for words in bullets.items:
            if "avslutades: " in words:
                return sum(number(n) for n in re.findall(rf"{_NUMBER} med utfallet", words))
        return None

    def table(self, caption: str) -> Table | None:
        """The table whose caption begins so."""
        found = [one for one in self.report.tables() if one.caption.startswith(caption)]
        return found[0] if found else None

    def columns(self, caption: str) -> dict[str, dict[str, int]]:
        """A table of figures: by row, the figure of each column. A lone row is all of it."""
        table = self.table(caption)
        if table is None:
            return {}
        rows = {
            row[0]: dict(zip(table.head[1:], map(int, row[1:]), strict=True)) for row in table.rows
        }
        if len(rows) == 1:
            rows["Alla"] = next(iter(rows.values()))
        return rows

    def kronor(self) -> tuple[int, int]:
        """What the sentence about the activities' money comes to, and what its table does."""
        said = [b.text for b in self.report.blocks if isinstance(b, Paragraph)]
        told = [words for words in said if words.startswith("Aktiviteternas medel")]
        table = self.table("Medel i planerna")
        rows = table.rows if table else ()
        in_table = sum(_kronor(row[3]) for row in rows if row[3] != "–")
        return sum(_kronor(m[0]) for words in told for m in _KRONOR.finditer(words)), in_table


def number(words: str) -> int:
    """ "Tre" -> 3, "ingen" -> 0, "13" -> 13."""
    plain = words.casefold()
    if plain.isdecimal():
        return int(plain)
    return 0 if plain == "ingen" else _WORDS.index(plain)


def _kronor(words: str) -> int:
    return int(re.sub(r"\D", "", words))


def disagreements(page: Page) -> list[str]:
    """Everything on a page that says one thing with two numbers, or that does not add up."""
    said = page.sentences()
    states = page.columns("Aktiviteter efter läge")
    flow = page.columns("Öppna aktiviteter från början till slut")
    found: list[str] = []
    if not states:
        return ["no table of states"] if any(said.values()) else []

    def alike(name: str, *numbers: int) -> None:
        if len(set(numbers)) > 1:
            found.append(f"{name}: {numbers}")

    all_ = states["Alla"]
    of = {state: all_.get(state.value.capitalize(), 0) for state in State}
    whole = flow["Alla"]
    at_end = next(name for name in whole if re.match(r"Öppna \d", name))
    at_start = next(name for name in whole if name.endswith("början"))
    alike("open", said["open"], sum(of[state] for state in OPEN), whole[at_end])
    alike("new", said["new"], whole["Nya"])
    alike("again", said["again"], whole["Öppnade igen"])
    alike("ended", said["ended"], of[State.ENDED], whole["Avslutade"])
    alike("outcomes", said["ended"], page.outcomes() or said["ended"])
    alike("carried", said["carried"], of[State.CARRIED_OVER], whole["Överförda"])
    refused = of[State.REJECTED] + of[State.WITHDRAWN]
    alike(
        "refused", said["rejected"] + said["withdrawn"], refused, whole["Avslagna eller återtagna"]
    )
    alike("late", said["late"], all_["Försenade"])
    for name, row in flow.items():
        came = row[at_start] + row["Nya"] + row["Öppnade igen"]
        left = row["Avslutade"] + row["Överförda"] + row["Avslagna eller återtagna"]
        alike(f"{name}: from start to end", came, left + row[at_end])
        alike(f"{name}: activities", came, states[name]["Summa"])
    for table in (states, flow, page.columns("Det som gjordes efter")):
        _groups_make_the_whole(table, found)
    _closing(page, whole[at_end], found)
    _fates(page, of, found)
    alike("kronor", *page.kronor())
    return found


def _groups_make_the_whole(table: dict[str, dict[str, int]], found: list[str]) -> None:
    groups = [row for name, row in table.items() if name != "Alla"]
    for name, number_ in table.get("Alla", {}).items():
        made = sum(row[name] for row in groups)
        if made != number_:
            found.append(f"{name}: {made} in the groups, {number_} in all")


def _closing(page: Page, at_end: int, found: list[str]) -> None:
    for name, row in page.columns("Det som gjordes efter").items():
        before = next(n for key, n in row.items() if key.startswith("Öppna vid"))
        left = row["Avslutade"] + row["Överförda"] + row["Avslagna eller återtagna"]
        if before + row["Öppnade igen"] - left != row["Öppna efteråt"]:
            found.append(f"{name}: the closing does not add up")
        if name == "Alla" and before != at_end:
            found.append(f"open at the end: {before} in the closing, {at_end} elsewhere")


def _fates(page: Page, of: dict[State, int], found: list[str]) -> None:
    table = page.table("Vad som blev av")
    if table is None:
        return
    told = {row[0]: [int(cell) for cell in row[1:]] for row in table.rows}
    if sum(row[0] for row in told.values()) != sum(of.values()):
        found.append("the fates are not as many as the activities")
    number_, *after = told.get("Överförd", [0])
    closing = page.columns("Det som gjordes efter").get("Alla", {})
    carried = number_ - (after[0] if after else 0)
    back = closing.get("Öppnade igen", 0)
    if not of[State.CARRIED_OVER] - back <= carried <= of[State.CARRIED_OVER]:
        found.append(f"carried over: {carried} of the fates, {of[State.CARRIED_OVER]} at the end")
