"""What is said of a run chart, and its picture. From frozen facts alone.

A reader meets what the figures mean; how seldom chance gives as much stands last in the report
(`how_sure`). Editions of before say what they said; schema 2 has its signals by other rules.
"""

from datetime import date

from reports.blocks import Picture
from reports.drawings.run_chart import Point, run_chart
from reports.editions import Facts
from rules.periods import Kind, parse
from rules.small_numbers import HIDDEN
from rules.wording import counted, day_in_words

_NARROW = 0.1  # a figure between two values is drawn where they differ by so little of themselves


def signal(chart: Facts, kind: Kind, *, plain: bool = False) -> str:
    """What is more than chance; nothing where nothing is. `kind`: of the report's own period.

    `plain`: to whoever reads no statistics, with what the figure means. Else how sure it is.
    """
    if "shift" in chart:
        return _signal_before(chart)
    said = []
    if found := chart["level"]:
        said.append(_level(found, kind) if plain else _level_before(found, chart["kind"]))
    if chart["trend"]:
        way = "ökat" if chart["rises"] else "minskat"
        first, last = _label(chart["trend"][0]), _label(chart["trend"][-1])
        said.append(f"Antalet har {way} steg för steg från {first} till {last}.")
    return " ".join(said)


def _level(found: Facts, kind: Kind) -> str:
    """The last year beside the years before it, and what that says and does not say."""
    years = found.get("years") or found["periods"] // kind.in_a_year  # before schema 9: as it was
    way, more = ("fler", "mer") if found["more"] else ("färre", "mindre")
    before = f"Året före det var de {found['before']}."
    if years > 1:
        each = _a_year(found["before"], years)
        before = (
            f"De {counted(years, 'åren', 'åren')} före det var de {found['before']} "
            f"tillsammans{each}."
        )
    return (
        f"Det senaste året registrerades {found['now']} avvikelser. {before} Så många {way} är "
        f"knappast en tillfällighet. Siffrorna säger inte varför: det kan ha hänt {more}, eller ha "
        f"rapporterats {more}."
    )


def _a_year(shown: str, years: int) -> str:
    """ "320" of two years -> ", omkring 160 om året"; "" where so little is told."""
    low, _, high = shown.partition("–")
    if not low.isdecimal() or (high and not high.isdecimal()):
        return ""
    least, most = round(int(low) / years), round(int(high or low) / years)
    if least == most:
        return f", omkring {least} om året"
    return f", mellan {least} och {most} om året"


def how_sure(chart: Facts) -> str:
    """How seldom chance gives the change that is told; "" where none is."""
    found = chart.get("level")
    return f"Det senaste året: {as_sure(found['sure'])}." if found else ""


def as_sure(times: int) -> str:
    """How seldom chance gives as much."""
    words = {40: "fyrtio", 50: "femtio", 100: "hundra", 1_000: "tusen", 10_000: "tiotusen"}
    return f"så mycket händer av en slump mindre än en gång på {words[times]}"


def chart_says(chart: Facts, kind: Kind, *, plain: bool = False) -> str:
    """The chart in words, also when nothing stands out: its alternative text."""
    if "shift" in chart:
        return _says_before(chart)
    if not chart["points"]:
        return "Det finns inga antal att visa ännu."
    said = (
        f"Antal avvikelser per {chart['kind']} från {_label(chart['labels'][0])} till "
        f"{_label(chart['labels'][-1])}."
    )
    ends = [
        f"{name} {_as_read(chart[key])}"
        for name, key in (("lägst", "lowest"), ("högst", "highest"))
        if chart[key]
    ]
    if ends:
        words = ", ".join(ends)
        said += f" {words[:1].upper()}{words[1:]}."
    if chart["median"]:
        middle = chart["median"].replace(".", ",")
        said += f" Vanligen är de omkring {middle}." if plain else f" Medianen är {middle}."
    if not chart["enough"]:
        few = "perioder" if plain else "kända mätpunkter"
        return f"{said} Det är för få {few} för att säga om något har ändrats."
    return f"{said} {signal(chart, kind, plain=plain) or _NO_CHANGE[plain]}"


_NO_CHANGE = {
    True: "Inget tyder på att det har blivit fler eller färre.",
    False: "Inget tyder på att nivån har ändrats.",
}


def picture(target: Facts, kind: Kind, *, plain: bool = False) -> Picture | None:
    """The run chart of a target group; small where nothing can be said, none without a point."""
    chart = target["chart"]
    drawn = [_height(point) for point in chart["points"]]
    if not any(height is not None for height in drawn):
        return None
    marked = {*chart.get("shift", ()), *_between(chart)}
    points = [
        Point(_short(label), height, str(HIDDEN if n is None else n), label in marked)
        for label, height, n in zip(chart["labels"], drawn, chart["points"], strict=True)
    ]
    return run_chart(
        points,
        float(chart["median"]) if chart["median"] else None,
        name="avvikelser-over-tid",
        caption=f"{target['name']}: avvikelser per {chart['kind']}",
        figure="Antal",
        says=chart_says(chart, kind, plain=plain),
        small=not chart["enough"] and "shift" not in chart,
        plain=plain,
    )


def _between(chart: Facts) -> list[str]:
    """The labels of a trend: each of them, or its first and last."""
    trend, labels = chart["trend"], chart["labels"]
    if not trend or "shift" in chart:
        return list(trend)
    return list(labels[labels.index(trend[0]) : labels.index(trend[-1]) + 1])


def _height(point: str | int | None) -> float | None:
    """Where a point is drawn; nowhere when it is not known nearly enough."""
    if point is None or isinstance(point, int):
        return point
    if point.isdecimal():
        return int(point)
    low, _, high = point.partition("–")
    if not (low.isdecimal() and high.isdecimal()) or int(high) - int(low) > _NARROW * int(high):
        return None
    return (int(low) + int(high)) / 2


def _as_read(shown: str) -> str:
    return f"färre än {shown[1:]}" if shown.startswith("<") else shown


def _level_before(found: Facts, kind: str) -> str:
    """As editions of schema 3 to 5 say it."""
    several = {"tertial": "tertialerna", "år": "åren"}.get(kind, "kvartalen")
    way = "fler" if found["more"] else "färre"
    return (
        f"Det senaste året registrerades {found['now']} avvikelser. De {found['periods']} "
        f"{several} före det var de {found['before']} tillsammans. Det senaste året är de {way} än "
        f"slumpen brukar ge: {as_sure(found['sure'])}."
    )


def _signal_before(chart: Facts) -> str:
    """As editions of schema 2 and before say it."""
    said = []
    if chart["shift"]:
        side = "över" if chart["above"] else "under"
        first, last = _label(chart["shift"][0]), _label(chart["shift"][-1])
        said.append(
            f"Från {first} till {last} har antalet hela tiden legat {side} medianen. "
            "Det är längre än slumpen brukar ge: nivån har troligen ändrats."
        )
    if chart["trend"]:
        way = "ökat" if chart["rises"] else "minskat"
        first, last = _label(chart["trend"][0]), _label(chart["trend"][-1])
        said.append(f"Antalet har {way} steg för steg från {first} till {last}.")
    if chart["few_crossings"] and not chart["shift"]:
        said.append(
            "Linjen går över medianen färre gånger än slumpen brukar ge. Det tyder på att nivån "
            "har ändrats under tiden."
        )
    return " ".join(said)


def _says_before(chart: Facts) -> str:
    """As editions of schema 2 and before say it."""
    known = [n for n in chart["points"] if n is not None]
    if not known:
        return "Det finns inga antal att visa ännu."
    said = (
        f"Antal avvikelser per {chart['kind']} från {_label(chart['labels'][0])} till "
        f"{_label(chart['labels'][-1])}. Lägst {min(known)}, högst {max(known)}."
    )
    if chart["median"]:
        said += f" Medianen är {chart['median'].removesuffix('.0').replace('.', ',')}."
    if not chart["enough"]:
        return f"{said} Det är för få mätpunkter för att säga om något har ändrats."
    return f"{said} {_signal_before(chart) or 'Inget tyder på att nivån har ändrats.'}"


def _label(words: str) -> str:
    """ "2025Q1" -> "kv 1 2025", "2025-03" -> "mars 2025"."""
    if "-" in words:
        return day_in_words(date.fromisoformat(f"{words}-01")).partition(" ")[2]
    return parse(words).name


def _short(words: str) -> str:
    """Under the chart there is room for "2025-03", not for "mars 2025"."""
    return words if "-" in words else parse(words).name
