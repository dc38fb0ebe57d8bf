"""A deviation report as blocks, from frozen facts alone: said once for mail, page, PDF and Word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from models.deviation import NOT_GIVEN
from reports.blocks import Block, Heading, Paragraph, Picture, Report, Table, Tone
from reports.deviation.crossed import answer
from reports.deviation.facts import EVERY_TARGET
from reports.drawings.run_chart import Point, run_chart
from reports.editions import Facts, Frozen
from rules.periods import Kind, Period, parse
from rules.small_numbers import HIDDEN
from rules.wording import capitalised, counted, day_in_words

DIMENSIONS = {
    "process": ("Process", "Avvikelser efter process"),
    "classified": ("Klassificering", "Avvikelser efter klassificering"),
    "severity": ("Allvarlighetsgrad", "Avvikelser efter allvarlighetsgrad"),
    "area": ("Område", "Avvikelser efter område"),
    "found_by": ("Upptäckt av", "Avvikelser efter vem som upptäckte dem"),
    "answered": ("Svar", "Avvikelser efter när de besvarades"),
}


def deviation_report(frozen: Frozen, prose: Mapping[str, str]) -> Report:
    """The essentials, each target group, and how it was counted."""
    assert not prose, "nobody writes in a deviation report"
    facts = frozen.facts
    period = parse(facts["period"])
    blocks: list[Block] = [Heading(1, "I korthet")]
    blocks += [Paragraph(line, Tone.LEAD) for line in essentials(facts)]
    if facts["may_lack_after"]:
        blocks.append(Paragraph(may_lack(facts), Tone.WARNING))
    if "receivers" in facts:
        blocks += _receivers(facts)
    for target in facts["targets"]:
        blocks += _target(facts, target)
    return Report(
        title=f"Avvikelser {period.name}",
        subtitle=facts["group"] or EVERY_TARGET,
        organisation=facts["organisation"],
        reference=frozen.reference,
        dated=f"Läget den {day_in_words(frozen.cut_off)}",
        summary=f"Avvikelser i samverkan under {period.after_under}.",
        blocks=(*blocks, *_how_counted(facts)),
        contents=len(facts["targets"]) > 1,
        keywords=("avvikelser", period.name),
    )


def essentials(facts: Facts) -> list[str]:
    """What a reader must know, in two or three sentences for each target group."""
    return [" ".join(_essential(facts, target)) for target in facts["targets"]]


def _essential(facts: Facts, target: Facts) -> list[str]:
    period = parse(facts["period"])
    said = [f"{_came(target, period)} {_compared(facts, target)}".strip()]
    if signal := _signal(target["chart"]):
        said.append(signal)
    if target["pairs"]:
        pair = target["pairs"][0]
        said.append(
            f"Ett mönster återkommer: {pair[0]} och {pair[1]} i processen {pair[2]}, "
            f"{pair[3]} avvikelser på ett år."
        )
    return said


def _came(target: Facts, period: Period) -> str:
    number = target["total"][str(period)]
    when, about = period.after_under, _about(target["name"])
    if number == "0":
        return f"Inga avvikelser {about} registrerades under {when}."
    if number == HIDDEN:
        return (
            f"Det kom in avvikelser {about} under {when}. Antalet visas inte, för då skulle "
            "ett litet tal gå att räkna ut."
        )
    if number.startswith("<"):
        return f"Färre än {number[1:]} avvikelser {about} registrerades under {when}."
    words = counted(int(number), "avvikelse", "avvikelser")
    return f"{capitalised(words)} {about} registrerades under {when}."


def _about(name: str) -> str:
    if name == EVERY_TARGET:
        return "i alla målgrupper"
    return "utan målgrupp" if name == NOT_GIVEN else f"i målgruppen {name}"


def _compared(facts: Facts, target: Facts) -> str:
    """The period before, and a year before; what is not known or not told is passed by."""
    now, *earlier = (parse(words) for words in facts["compared"])
    told = []
    for each in earlier:
        words = _as_said(target["total"][str(each)])
        if words:
            year_before = each == now.a_year_before and now.kind is not Kind.YEAR
            told.append(f"{'samma tid året före' if year_before else _before(now)} {words}")
    return f"{capitalised(' och '.join(told))}." if told else ""


def _before(period: Period) -> str:
    return {
        Kind.QUARTER: "kvartalet före",
        Kind.TERTIAL: "tertialen före",
        Kind.HALF: "halvåret före",
        Kind.YEAR: "året före",
    }[period.kind]


def _as_said(shown: str) -> str:
    if shown.isdecimal():
        return f"var det {shown}" if shown != "0" else "var det inga"
    return f"var det färre än {shown[1:]}" if shown.startswith("<") else ""


def _signal(chart: Facts) -> str:
    """What the run chart's signals mean, when there are any."""
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


def chart_says(chart: Facts) -> str:
    """The chart in words, also when nothing stands out: its alternative text."""
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
    return f"{said} {_signal(chart) or 'Inget tyder på att nivån har ändrats.'}"


def picture(target: Facts) -> Picture | None:
    """The run chart of a target group; none where nothing is known."""
    chart = target["chart"]
    if not any(n is not None for n in chart["points"]):
        return None
    marked = {*chart["shift"], *chart["trend"]}
    points = [
        Point(_short(label), n, str(n) if n is not None else HIDDEN, label in marked)
        for label, n in zip(chart["labels"], chart["points"], strict=True)
    ]
    return run_chart(
        points,
        float(chart["median"]) if chart["median"] else None,
        name="avvikelser-over-tid",
        caption=f"{target['name']}: avvikelser per {chart['kind']}",
        figure="Antal",
        says=chart_says(chart),
    )


def _label(words: str) -> str:
    """ "2025Q1" -> "kv 1 2025", "2025-03" -> "mars 2025"."""
    if "-" in words:
        return day_in_words(date.fromisoformat(f"{words}-01")).partition(" ")[2]
    return parse(words).name


def _short(words: str) -> str:
    """Under the chart there is room for "2025-03", not for "mars 2025"."""
    return words if "-" in words else parse(words).name


def _target(facts: Facts, target: Facts) -> list[Block]:
    """One target group: over time, by each column, handling, what is open, what recurs."""
    blocks: list[Block] = [Heading(1, target["name"])]
    drawn = picture(target)
    if drawn:
        blocks += [drawn, Paragraph(chart_says(target["chart"]))]
    blocks.append(_over_time(facts, target))
    nothing = all(target["total"][each] in ("0", "–") for each in facts["compared"])
    if not nothing:
        for name in DIMENSIONS:
            blocks += dimension(facts, target, name)
        blocks += _both(target)
        blocks += [Heading(2, "Handläggning"), *_handling(facts, target)]
    if target["waiting_total"] != "0":
        blocks.append(_waiting(facts, target))
    return [*blocks, *_pairs(target)]


_NOT_TOLD = "–"


def _over_time(facts: Facts, target: Facts) -> Table:
    rows = [
        (parse(each).name, target["total"][each], target["voided"].get(each, _NOT_TOLD))
        for each in reversed(facts["periods"])
    ]
    rows += [
        (f"Ett år till och med {parse(each).name}", number, _NOT_TOLD)
        for each, number in reversed(target["rolling"].items())
    ]
    return Table(
        f"{target['name']}: avvikelser över tid",
        ("Period", "Avvikelser", "Makulerade"),
        tuple(rows),
        frozenset({1, 2}),
        note="Makulerade räknas för sig och ingår inte i antalet. De visas för perioden, den före "
        "och samma period året före; för de andra står ”–”.",
    )


def dimension(facts: Facts, target: Facts, name: str) -> list[Block]:
    """The figures by one column, compared with the period before and a year before."""
    rows = target["dimensions"][name]
    if not rows or all(row[0] == NOT_GIVEN for row in rows):
        return []
    head, caption = DIMENSIONS[name]
    periods = [parse(each).name for each in facts["compared"]]
    return [
        Table(
            f"{target['name']}: {caption[:1].lower()}{caption[1:]}",
            (head, *periods),
            tuple((capitalised(row[0]), *row[1:]) for row in rows),
            frozenset(range(1, len(periods) + 1)),
        )
    ]


def asked_for(
    facts: Facts, target: Facts, periods: Sequence[str], chosen: Mapping[str, str], by: str
) -> Table:
    """What a reader asked for on the page: a row for each word of a column, or one for them all."""
    names = [row[0] for row in target["dimensions"][by]] if by else []
    rows = [
        (capitalised(name), *_answers(facts, target, periods, {**chosen, by: name}))
        for name in names
    ]
    rows.append(("Alla", *_answers(facts, target, periods, chosen)))
    said = [target["name"], *(f"{DIMENSIONS[c][0].lower()} {word}" for c, word in chosen.items())]
    note = ""
    if len(chosen) + bool(by) > 1:
        note = (
            "Ord som är ovanliga räknas tillsammans när flera kolumner väljs, så att ingen ska "
            "kännas igen. Där står ”dold”. Tidigare perioder visas som i sina egna rapporter."
        )
    head = (DIMENSIONS[by][0] if by else "Urval", *(parse(each).name for each in periods))
    return Table(
        ", ".join(said), head, tuple(rows), frozenset(range(1, len(periods) + 1)), note=note
    )


def _answers(
    facts: Facts, target: Facts, periods: Sequence[str], chosen: Mapping[str, str]
) -> list[str]:
    return [answer(facts, target, each, chosen) for each in periods]


def _both(target: Facts) -> list[Block]:
    both = target["both"]
    if not both["rows"]:
        return []
    head = ("Process", *(f"Upptäckt av {side}" for side in both["sides"]))
    rows = tuple(tuple(row) for row in both["rows"])
    caption = f"{target['name']}: vem som upptäckte avvikelserna, i vilken process"
    return [Table(caption, head, rows, frozenset(range(1, len(head))))]


def _handling(facts: Facts, target: Facts) -> list[Block]:
    rows = tuple(
        (parse(each).name, *target["handling"][each], _percent(target["in_time"][each]))
        for each in facts["compared"]
    )
    head = ("Period", "Median, dagar", "Nio av tio inom, dagar", "Besvarade i tid")
    note = (
        f"I tid är inom {facts['answer_days']} dagar, av dem som är besvarade eller borde vara "
        "det. ”–” betyder att underlaget saknas eller är för litet."
    )
    caption = f"{target['name']}: handläggningstid"
    return [Table(caption, head, rows, frozenset({1, 2, 3}), note)]


def _percent(share: int | None) -> str:
    return f"{share} %" if share is not None else "–"


def _waiting(facts: Facts, target: Facts) -> Table:
    rows = (*(tuple(row) for row in target["waiting"]), ("Alla öppna", target["waiting_total"]))
    day = day_in_words(date.fromisoformat(facts["until"]))
    caption = f"{target['name']}: öppna avvikelser efter ålder den {day}"
    return Table(caption, ("Ålder", "Öppna"), rows, frozenset({1}))


def _pairs(target: Facts) -> list[Block]:
    if not target["pairs"]:
        return []
    head = ("Rapporterande enhet", "Utredande enhet", "Process", "Avvikelser")
    rows = tuple((*row[:3], str(row[3])) for row in target["pairs"])
    note = "Så många på ett år är fler än slumpen brukar ge bland gruppens enheter."
    return [
        Heading(2, "Mönster som återkommer"),
        Table(f"{target['name']}: enheter som återkommer", head, rows, frozenset({3}), note),
    ]


def _receivers(facts: Facts) -> list[Block]:
    rows: list[tuple[str, ...]] = [
        (*row[:-1], row[-1] or "ingen grupp") for row in facts["receivers"]
    ]
    if not rows:
        return []
    head = ("Målgrupp", *(parse(each).name for each in facts["compared"]), "Rapporten går till")
    numbers = frozenset(range(1, len(head) - 1))
    nobodys = [row[0] for row in facts["receivers"] if not row[-1]]
    blocks: list[Block] = [Table("Målgrupperna", head, tuple(rows), numbers)]
    if nobodys:
        words = f"Ingen grupp får siffrorna för {', '.join(nobodys)}. De står därför här."
        blocks.insert(0, Paragraph(words, Tone.WARNING))
    return blocks


def _how_counted(facts: Facts) -> list[Block]:
    said = [
        "Avvikelserna räknas efter den dag de registrerades. Uppgifterna kommer från filen som "
        "avvikelsesystemet exporterar. Fritext sparas aldrig."
    ]
    if facts["limit"] > 1:
        said.append(
            f"Tal från 1 till {facts['limit'] - 1} skrivs <{facts['limit']}, för att ingen ska "
            "kännas igen. ”dold” står där ett tal annars skulle avslöja ett litet."
        )
    said.append(
        "Diagrammet visar medianen som en linje. En ändring nämns bara när många mätpunkter i rad "
        "ligger på samma sida om medianen, när sex i rad ökar eller minskar, eller när linjen "
        "sällan går över medianen."
    )
    return [Heading(1, "Så är det räknat"), *(Paragraph(line, Tone.NOTE) for line in said)]


def may_lack(facts: Facts) -> str:
    """That the file may be too old."""
    day = day_in_words(date.fromisoformat(facts["may_lack_after"]))
    return f"Den senaste avvikelsen i filen är från den {day}. Senare avvikelser kan saknas."


def only(report: Report, name: str) -> Report:
    """The report with the tables of one column, and none of the others'."""
    others = {DIMENSIONS[each][1][1:] for each in DIMENSIONS if each != name}
    blocks = tuple(
        block
        for block in report.blocks
        if not (isinstance(block, Table) and any(words in block.caption for words in others))
    )
    return replace(report, blocks=blocks)


def figures_in_words(facts: Facts) -> dict[str, str]:
    """Every figure by what it is, for telling two editions apart."""
    return dict(_named_figures(facts))


def _named_figures(facts: Facts) -> Iterator[tuple[str, str]]:
    for target in facts["targets"]:
        name = target["name"]
        for each in facts["compared"]:
            yield f"{name}, {parse(each).name}", target["total"][each]
            yield f"{name}, {parse(each).name}, makulerade", target["voided"][each]
        for column, rows in target["dimensions"].items():
            for row in rows:
                for each, number in zip(facts["compared"], row[1:], strict=True):
                    words = f"{DIMENSIONS[column][0].lower()} {row[0]}"
                    yield f"{name}, {parse(each).name}, {words}", number
