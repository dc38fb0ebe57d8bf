"""A report read as its reader reads it: the numbers of its sentences, and of its tables."""

import re
from dataclasses import dataclass
from itertools import pairwise

from models.lifecycle import OPEN, State
from reports.blocks import Bullets, Heading, Paragraph, Picture, Report, Table

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
    "started": rf"^{_NUMBER} aktivitet(er)? startade",
    "followed": rf"^{_NUMBER} aktivitet(er)? följdes upp",
    "paused": rf"^{_NUMBER} aktivitet(er)? pausades",
    "extended": rf"^{_NUMBER} aktivitet(er)? fick ett senare slutdatum",
    "lacking": rf"^{_NUMBER} aktivitet(er)? saknade ",
}
_HAD = re.compile(rf"^(.+) hade {_NUMBER} aktivitet(er)? under året(?:: (.+))?\.$")
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

    def followed_up(self) -> tuple[int, int, int]:
        """Of what was followed up: how often in time, after the deadline, and without one."""
        words = self._line("följdes upp")
        if not words:
            return 0, 0, 0
        said, _, how = words.rstrip(".").partition(", ")
        again = re.search(rf"{_NUMBER} gånger", said)
        all_ = number(again[1]) if again else number(said.split()[0])
        ways = ("i tid", "efter slutdatum", "utan slutdatum")
        if not how.startswith("varav"):
            in_time, late, without = (all_ if how.endswith(way) else 0 for way in ways)
            return in_time, late, without
        told = {way: re.search(rf"{_NUMBER} {way}", how) for way in ways}
        in_time, late, without = (number(m[1]) if m else 0 for m in told.values())
        return in_time, late, without

    def lacked(self) -> dict[str, int]:
        """What was lacking, and in how many."""
        words = self._line(" saknade ")
        if words and "saknade något" not in words:
            what = re.match(r".* saknade (.+) (?:vid \w+ slut|den .+)\.$", words)
            assert what, words
            return dict.fromkeys(re.split(", | och ", what[1]), 1)
        told = re.findall(rf"{_NUMBER} utan ([^,.]+?)(?=,| och |\.)", words)
        return {what: number(how_many) for how_many, what in told}

    def _line(self, part: str) -> str:
        bullets = next((b for b in self.report.blocks if isinstance(b, Bullets)), None)
        lines = [words for words in (bullets.items if bullets else ()) if part in words]
        return lines[0] if lines else ""

    def leads(self) -> dict[str, tuple[int, list[int]]]:
        """By group, how many activities its sentence says that it had, and the fates it tells."""
        found = {}
        for block in self.report.blocks:
            if isinstance(block, Paragraph) and (match := _HAD.match(block.text)):
                fates = [
                    number(n) for n in re.findall(rf"(?:^|, | och ){_NUMBER} ", match[4] or "")
                ]
                found[match[1]] = number(match[2]), fates
        return found

    def listed(self, caption: str) -> int:
        """How many rows the tables have whose captions end so."""
        return sum(len(t.rows) for t in self.report.tables() if t.caption.endswith(caption))

    def under(self, heading: str) -> int:
        """How many lines stand under a heading."""
        blocks = list(self.report.blocks)
        for here, after in pairwise(blocks):
            if isinstance(here, Heading) and here.text == heading and isinstance(after, Bullets):
                return len(after.items)
        return 0

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
    for table in (states, flow, page.columns("Det som registrerades efter")):
        _groups_make_the_whole(table, found)
    _closing(page, whole[at_end], found)
    _fates(page, of, found)
    alike("kronor", *page.kronor())
    for name, (had, fates) in page.leads().items():
        alike(f"{name}: in the sentence and in the table", had, states[name]["Summa"])
        if fates:
            alike(f"{name}: what became of them", had, sum(fates))
    alike("listed", page.listed("aktiviteterna"), all_["Summa"])
    _pictures(page, states, of, found)
    _promises(page, found)
    _unread(page, found)
    return found


def _pictures(
    page: Page, states: dict[str, dict[str, int]], of: dict[State, int], found: list[str]
) -> None:
    """What a picture says in words is what the table of states has."""
    for picture in (block for block in page.report.blocks if isinstance(block, Picture)):
        if flow := re.match(rf"Lägen för {_NUMBER} aktivitet.* slut: (.+)\.$", picture.alt):
            told = {n: int(m) for n, m in re.findall(r"([a-zåäö]+) (\d+)", flow[2])}
            mine = {state.value: n for state, n in of.items() if n}
            if (number(flow[1]), told) != (sum(of.values()), mine):
                found.append(f"the flow says {picture.alt}")
        if wheel := re.match(
            rf"Årshjul för \d+ med {_NUMBER} aktivitet.*grupp\. (.+?)\.", picture.alt
        ):
            rings = {n: int(m) for n, m in re.findall(r"(?:^|, )([^:]+): (\d+)", wheel[2])}
            not_drawn = ("Avslagen", "Återtagen")
            for name, drawn in rings.items():
                row = states[name]
                if drawn != row["Summa"] - sum(row.get(state, 0) for state in not_drawn):
                    found.append(f"the wheel has {drawn} of {name}")
            if number(wheel[1]) != sum(rings.values()):
                found.append(f"the wheel says {wheel[1]}")


_NO_PROMISE = "Ingen aktivitet har lovat att redovisa något."


def _promises(page: Page, found: list[str]) -> None:
    """How many promises a sentence says are missing is how many the table has so."""
    table = page.table("Det som ska redovisas")
    missing = sum(row[-1] == "Saknas" for row in table.rows) if table else 0
    said = [b.text for b in page.report.blocks if isinstance(b, Paragraph)]
    told = [
        re.match(rf"{_NUMBER} redovisning(?:ar)? saknas", words, re.IGNORECASE) for words in said
    ]
    if sum(number(one[1]) for one in told if one) != missing:
        found.append(f"{missing} promises are missing by the table")
    if table and _NO_PROMISE in said:
        found.append("there are promises, and a sentence that there are none")


_READ = (
    *_SENTENCES.values(),
    _HAD.pattern,
    rf"^{_NUMBER} redovisning(ar)? saknas",
    r"^Aktiviteternas medel: ",
    r"^Planernas egna medel: ",
    r" hade inga aktiviteter under året\.$",
    _NO_PROMISE,
)
_COUNTS = re.compile(rf"\b{_NUMBER} (?:nya? )?(?:aktivitet|grupp|mål|svar|frågor)", re.IGNORECASE)


def _unread(page: Page, found: list[str]) -> None:
    """A sentence that counts something and that nothing here compares with its table."""
    bullets = next((b for b in page.report.blocks if isinstance(b, Bullets)), None)
    said = list(bullets.items) if bullets else []
    said += [b.text for b in page.report.blocks if isinstance(b, Paragraph)]
    for words in said:
        if _COUNTS.search(words) and not any(re.search(r, words, re.IGNORECASE) for r in _READ):
            found.append(f"nobody compares: {words}")


def _groups_make_the_whole(table: dict[str, dict[str, int]], found: list[str]) -> None:
    groups = [row for name, row in table.items() if name != "Alla"]
    for name, number_ in table.get("Alla", {}).items():
        made = sum(row[name] for row in groups)
        if made != number_:
            found.append(f"{name}: {made} in the groups, {number_} in all")


def _closing(page: Page, at_end: int, found: list[str]) -> None:
    for name, row in page.columns("Det som registrerades efter").items():
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
    closing = page.columns("Det som registrerades efter").get("Alla", {})
    carried = number_ - (after[0] if after else 0)
    back = closing.get("Öppnade igen", 0)
    if not of[State.CARRIED_OVER] - back <= carried <= of[State.CARRIED_OVER]:
        found.append(f"carried over: {carried} of the fates, {of[State.CARRIED_OVER]} at the end")
