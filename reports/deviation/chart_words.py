"""What is said of a run chart, and its picture. From frozen facts alone.

Editions of schema 2 and before say what they said; their signals are read by other rules.
"""

from datetime import date

from reports.blocks import Picture
from reports.drawings.run_chart import Point, run_chart
from reports.editions import Facts
from rules.periods import parse
from rules.small_numbers import HIDDEN
from rules.wording import day_in_words

_NARROW = 0.1  # a figure between two values is drawn where they differ by so little of themselves


def signal(chart: Facts, *, plain: bool = False) -> str:
    """What is more than chance, and how sure that is; nothing where nothing is.

    `plain`: as a letter says it, to whoever reads no statistics.
    """
    if "shift" in chart:
        return _signal_before(chart)
    said = []
    if found := chart["level"]:
        way = "fler" if found["more"] else "färre"
        sure = f"Det senaste året är de {way} än slumpen brukar ge: {as_sure(found['sure'])}."
        if plain:
            sure = f"Så många {way} är knappast en tillfällighet."
        said.append(
            f"Det senaste året registrerades {found['now']} avvikelser. De {found['periods']} "
            f"{_several(chart['kind'])} före det var de {found['before']} tillsammans. {sure}"
        )
    if chart["trend"]:
        way = "ökat" if chart["rises"] else "minskat"
        first, last = _label(chart["trend"][0]), _label(chart["trend"][-1])
        said.append(f"Antalet har {way} steg för steg från {first} till {last}.")
    return " ".join(said)


def as_sure(times: int) -> str:
    """How seldom chance gives as much."""
    words = {40: "fyrtio", 50: "femtio", 100: "hundra", 1_000: "tusen", 10_000: "tiotusen"}
    return f"så mycket händer av en slump mindre än en gång på {words[times]}"


def chart_says(chart: Facts, *, plain: bool = False) -> str:
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
    return f"{said} {signal(chart, plain=plain) or 'Inget tyder på att nivån har ändrats.'}"


def picture(target: Facts) -> Picture | None:
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
        says=chart_says(chart),
        small=not chart["enough"] and "shift" not in chart,
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


def _several(kind: str) -> str:
    return {"tertial": "tertialerna", "år": "åren"}.get(kind, "kvartalen")


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
