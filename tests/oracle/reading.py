"""A letter's text as its reader sees it: which activities stand in it, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LINK = re.compile(r"https?://[^/\s]+(/svar/[^\s?]+)")
SILENT, TOLD = "INGEN HAR SVARAT", "ATT KÄNNA TILL"
_ENDS = ("Lämna besked (", "Visa det du svarar för")
_WEEK = re.compile(r" att se till i vecka \d+\.$")
_REPORT = re.compile(r"^Så gick det med|^Årsrapport \d{4} är sammanställd|^Här är rapporten")
_ONLY_TOLD = "Det här är bra att känna till."

# What a line of a row says it stands there for.
WHY = {
    "deadline": re.compile(r"^Slutdatum (är|var) "),
    "start": re.compile(r"^(Skulle ha startat|Startar) "),
    "review": re.compile(r"^Löper över tid\. (Dags att se|Skulle ses) över"),
    "funding": re.compile(r"^Medlen (ska|skulle) användas senast "),
    "round": re.compile(r"^Statusrunda: "),
    "part": re.compile(r"^\w+ \([\w ]+\): slutdatum (är|var) "),
    "resume": re.compile(r"^Pausad"),
    "done": re.compile(r" svarade Klart .* återstår att följa upp"),
    "settled": re.compile(r" sa (ja|nej) till förslaget"),
    "in her place": re.compile(r" svarade i ditt ställe "),
    "written down": re.compile(r" skrev in ditt besked "),
    "waits": re.compile(r"^Ditt förslag .* väntar på processledarens ja"),
}


@dataclass
class Row:
    """An activity in a letter: its heading, its name, what is said of it."""

    heading: str
    what: str
    lines: list[str] = field(default_factory=list)

    @property
    def told(self) -> bool:
        """Is it only good to know?"""
        return self.heading.startswith(TOLD)


@dataclass
class Read:
    """A day's letter, taken apart. `said` are the lines that stand for themselves."""

    asked: list[Row] = field(default_factory=list)
    week: list[Row] = field(default_factory=list)
    report: list[str] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    link: str = ""

    @property
    def silent(self) -> list[str]:
        """Activities that nobody has answered about, and whose question comes to her."""
        return [row.what for row in self.asked if row.heading == SILENT]

    @property
    def own(self) -> list[str]:
        """Activities that she answers for herself."""
        return [row.what for row in self.asked if row.heading != SILENT and not row.told]

    @property
    def has_rows(self) -> bool:
        """Is there anything in it but reports and the week?"""
        return bool(self.asked)

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Each activity, and each reason that it stands there for."""
        for row in self.week:
            if row.heading == "INGEN SVARAR":
                yield row.what.partition(". ")[0].partition(", ")[0], "week: silence"
            elif row.heading == "FÖRSLAG SOM VÄNTAR PÅ DITT JA":
                yield row.what.rpartition(": ")[0], "week: proposal"
        for row in self.asked:
            if row.heading == SILENT:
                yield row.what, "silence"
                continue
            if " ersätter dig till" in row.what or row.what.startswith("Du ersätter "):
                yield row.what, "stands in"
                continue
            if row.what.endswith(" saknar något som behövs"):
                continue  # what it says is checked, and not yet when it comes
            found = [why for why, words in WHY.items() if any(map(words.search, row.lines))]
            yield from ((row.what, why) for why in found or ["no reason"])


def read(text: str) -> Read:  # noqa: PLR0912 - a letter has many kinds of lines
    """Take the text part of a letter apart.

    What several rows have in common stands once before them, and is said of each.
    """
    found, heading, where = Read(), "", "asked"
    first: list[str] = []  # said once for the whole letter
    common: list[str] = []  # said once for the rows of a heading
    for line in text.splitlines():
        if link := LINK.search(line):
            found.link = found.link or link[1]
        if not line.strip() or LINK.search(line):
            continue
        if line.startswith(_ENDS):
            where, heading = "choices", ""
        elif _WEEK.search(line):
            where, heading = "week", ""
            found.said.append((where, line))
        elif _REPORT.search(line):
            where, heading = "report", ""
            found.report.append(line)
        elif line.isupper() and not line.startswith(("*", " ")):
            heading, common = line.split(" (")[0], []
            if heading == TOLD and where == "choices":
                where = "asked"
            if where == "report":
                where, heading = ("asked", TOLD) if heading == TOLD else ("report", heading)
            found.said.append((where, line))
        elif line.startswith("* ") and where in ("asked", "week"):
            rows = found.asked if where == "asked" else found.week
            rows.append(Row(heading, line[2:], [*first, *common] if where == "asked" else []))
        elif line.startswith("  ") and where == "asked" and found.asked:
            found.asked[-1].lines.append(line.strip())
        elif where == "report":
            found.report.append(line)
        elif where == "choices" and line.startswith(("Om ", "Eller välj", "Länken är")):
            continue
        else:
            found.said.append((where, line))
            if line.startswith(_ONLY_TOLD):
                heading = TOLD
            elif where == "asked":
                (common if found.asked or heading else first).append(line)
    return found
