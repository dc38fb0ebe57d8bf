"""A deviation report as blocks, from frozen facts alone: said once for mail, page, PDF and Word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from models.deviation import NOT_GIVEN
from reports.blocks import Block, Heading, Paragraph, Report, Table, Tone
from reports.deviation.chart_words import as_sure, chart_says, how_sure, picture, signal
from reports.deviation.crossed import answer
from reports.deviation.facts import (
    AS_TOLD,
    BY_TWO_RULES,
    EVERY_TARGET,
    IN_PLAIN_WORDS,
    WHOLE_YEARS,
)
from reports.deviation.figures import UNKNOWN
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


def essentials(facts: Facts, *, plain: bool = False) -> list[str]:
    """What a reader must know, in two or three sentences for each target group.

    `plain`: a letter says it so of every edition, to whoever reads no statistics.
    """
    plain = plain or _in_plain_words(facts)
    return [" ".join(_essential(facts, target, plain=plain)) for target in facts["targets"]]


def _in_plain_words(facts: Facts) -> bool:
    """Does the report say what its figures mean, and its method last?"""
    return bool(facts["schema"] >= IN_PLAIN_WORDS)


_BEFORE = 4  # columns of a pair in editions of schema 2 and before
_REST, _IN_REST = "Resten", "i resten"


def _essential(facts: Facts, target: Facts, *, plain: bool) -> list[str]:
    period = parse(facts["period"])
    came = _came(target, period, facts["schema"])
    said = [f"{came} {_compared(facts, target)}".strip()]
    if more := signal(target["chart"], period.kind, plain=plain):
        said.append(more)
    if year := _year(target, period):
        said.append(year)
    if target["pairs"]:
        pair = target["pairs"][0]
        to_expect = f", där högst {pair[4]} var att vänta" if plain and len(pair) > _BEFORE else ""
        said.append(
            f"Ett mönster återkommer: {pair[0]} och {pair[1]} i processen {pair[2]}, "
            f"{_cases(pair)} avvikelser på ett år{to_expect}."
        )
    return said


def _cases(pair: list[Any]) -> str:
    """As it is told; editions of schema 2 and before told the number."""
    return str(pair[3]) if len(pair) == _BEFORE else f"minst {pair[3]}"


def _year(target: Facts, period: Period) -> str:
    """What a group whose period is small is told about its year."""
    year = target["rolling"].get(str(period), "")
    small = target["total"][str(period)].startswith("<")
    if "rest" not in target or not small or not year or year == HIDDEN:
        return ""
    low, between, high = year.partition("–")
    if year.startswith("<"):
        words = f"färre än {year[1:]}"
    elif between:
        words = f"mellan {low} och {high}"
    else:
        words = year
    return f"Under ett helt år, till och med {period.name}, var de {words}."


def _came(target: Facts, period: Period, schema: int) -> str:
    number = target["total"][str(period)]
    when, about = period.after_under, _about(target["name"])
    if number == "0":
        if schema >= WHOLE_YEARS and target["name"] == EVERY_TARGET:
            about = "i någon målgrupp"
        return f"Inga avvikelser {about} registrerades under {when}."
    if number == HIDDEN:
        return _not_shown(about, when, schema)
    if number.startswith("minst "):
        return f"{capitalised(number)} avvikelser {about} registrerades under {when}."
    if "–" in number:
        low, _, high = number.partition("–")
        return f"Mellan {low} och {high} avvikelser {about} registrerades under {when}."
    if number.startswith("<"):
        return f"Färre än {number[1:]} avvikelser {about} registrerades under {when}."
    words = counted(int(number), "avvikelse", "avvikelser")
    return f"{capitalised(words)} {about} registrerades under {when}."


def _not_shown(about: str, when: str, schema: int) -> str:
    """That a number is not told; there may have been none. Editions of before said there were."""
    why = "för då skulle ett litet tal gå att räkna ut"
    if schema >= WHOLE_YEARS:
        return f"Hur många avvikelser {about} som registrerades under {when} visas inte, {why}."
    return f"Det kom in avvikelser {about} under {when}. Antalet visas inte, {why}."


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
    low, between, high = shown.partition("–")
    if between and low:
        return f"var det mellan {low} och {high}"
    return f"var det färre än {shown[1:]}" if shown.startswith("<") else ""


def _target(facts: Facts, target: Facts) -> list[Block]:
    """One target group: over time, by each column, handling, what is open, what recurs."""
    blocks: list[Block] = [Heading(1, target["name"])]
    kind, plain = parse(facts["period"]).kind, _in_plain_words(facts)
    drawn = picture(target, kind, plain=plain)
    if drawn:
        blocks += [drawn, Paragraph(chart_says(target["chart"], kind, plain=plain))]
    blocks.append(_over_time(facts, target))
    nothing = all(target["total"][each] in ("0", "–") for each in facts["compared"])
    if not nothing:
        for name in DIMENSIONS:
            blocks += dimension(facts, target, name)
        blocks += _both(target)
        blocks += _handling(facts, target)
    if target["waiting_total"] != "0":
        blocks.append(_waiting(facts, target))
    return [*blocks, *_pairs(facts, target)]


_NOT_TOLD = "–"


def _over_time(facts: Facts, target: Facts) -> Table:
    rows = [
        (parse(each).name, target["total"][each], target["voided"].get(each, _NOT_TOLD))
        for each in reversed(facts["periods"])
    ]
    if facts["schema"] < AS_TOLD or parse(facts["period"]).kind is not Kind.YEAR:
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
    rest, note = target.get("rest", {}).get(name, []), ""
    if any(number not in ("", "0", UNKNOWN) for number in rest):
        rows = [[word, *(_in_rest(*both) for both in zip(shown, rest, strict=True))]
                for word, *shown in rows]  # fmt: skip
        rows.append([_REST, *(number or HIDDEN for number in rest)])
        note = (
            f"”{_REST}” är de ord som har för få fall för att visas var för sig, tillsammans med "
            "det minsta av de andra om det behövs för att ingen ska kännas igen."
        )
    if facts["schema"] >= BY_TWO_RULES and any(
        _counted_first(facts, target, rows, at) for at in range(len(periods))
    ):
        note = " ".join(filter(None, (note, _told_first(facts, target))))
    return [
        Table(
            f"{target['name']}: {caption[:1].lower()}{caption[1:]}",
            (head, *periods),
            tuple((capitalised(row[0]), *row[1:]) for row in rows),
            frozenset(range(1, len(periods) + 1)),
            note,
        )
    ]


def _in_rest(shown: str, rest: str) -> str:
    """A word that is not told by itself, where the rest is told."""
    return _IN_REST if shown == HIDDEN and rest.isdecimal() else shown


def _counted_first(facts: Facts, target: Facts, rows: Sequence[Sequence[str]], at: int) -> bool:
    """Does a list that is told whole add up to another total than the one that stands now?"""
    shown = [row[1 + at] for row in rows]
    total = target["total"][facts["compared"][at]]
    if not total.isdecimal() or not all(cell.isdecimal() or cell == _IN_REST for cell in shown):
        return False
    return sum(int(number) for number in shown if number.isdecimal()) != int(total)


def _told_first(facts: Facts, target: Facts) -> str:
    """Why a list is not the number of cases that stands now."""
    since = f"färre än {facts['limit']} fall kommit till eller fallit bort."
    if target["name"] == EVERY_TARGET:
        return (
            "Fördelningen är den som visades först i målgruppernas rapporter; i var och en har "
            f"därefter {since}"
        )
    return f"Fördelningen är den som visades först; därefter har {since}"


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
    nothing = {UNKNOWN, _percent(None)}
    if facts["schema"] >= AS_TOLD and all(set(told) <= nothing for _, *told in rows):
        return []
    half = "Hälften inom, dagar" if _in_plain_words(facts) else "Median, dagar"
    head = ("Period", half, "Nio av tio inom, dagar", "Besvarade i tid")
    note = (
        f"I tid är inom {facts['answer_days']} dagar, av dem som är besvarade eller borde vara "
        "det. ”–” betyder att underlaget saknas eller är för litet."
    )
    if facts["schema"] >= AS_TOLD:
        note = " ".join(filter(None, (note, "Dagarna är hela.", _whose_times(facts, target))))
    caption = f"{target['name']}: handläggningstid"
    table = Table(caption, head, rows, frozenset({1, 2, 3}), note)
    return [Heading(2, "Handläggning"), table]


def _whose_times(facts: Facts, target: Facts) -> str:
    """Of which target groups the times are, where they are of several."""
    if target["name"] != EVERY_TARGET or facts["limit"] <= 1:
        return ""
    return f"De är från de målgrupper som har minst {facts['limit']} kända tider var."


def _percent(share: int | None) -> str:
    return f"{share} %" if share is not None else "–"


def _waiting(facts: Facts, target: Facts) -> Table:
    rows = (*(tuple(row) for row in target["waiting"]), ("Alla öppna", target["waiting_total"]))
    day = day_in_words(date.fromisoformat(facts["until"]))
    caption = f"{target['name']}: öppna avvikelser efter ålder den {day}"
    return Table(caption, ("Ålder", "Öppna"), rows, frozenset({1}))


def _pairs(facts: Facts, target: Facts) -> list[Block]:
    if not target["pairs"]:
        return []
    head: tuple[str, ...] = ("Rapporterande enhet", "Utredande enhet", "Process", "Avvikelser")
    if _in_plain_words(facts):
        head = (*head, "Väntat")
        rows = tuple((*row[:3], f"minst {row[3]}", f"högst {row[4]}") for row in target["pairs"])
        note = (
            "Under ett år. Väntat är så många som det hade varit om enheterna inte hade mer med "
            "varandra att göra än med andra i processen. Så många fler än väntat är knappast en "
            "tillfällighet. Bara fall som visas i tabellerna är räknade."
        )
        numbers = frozenset({3, 4})
    elif len(target["pairs"][0]) == _BEFORE:
        rows = tuple((*row[:3], str(row[3])) for row in target["pairs"])
        note = "Så många på ett år är fler än slumpen brukar ge bland gruppens enheter."
        numbers = frozenset({3})
    else:
        head = (*head, "Väntat", "Säkerhet")
        nearly = "högst" if facts["schema"] >= AS_TOLD else "omkring"
        rows = tuple(
            (*row[:3], f"minst {row[3]}", f"{nearly} {row[4]}", as_sure(row[5]).capitalize())
            for row in target["pairs"]
        )
        note = (
            "Under ett år. Väntat är så många som det hade varit om enheterna inte hade mer med "
            "varandra att göra än med andra i processen. Säkerheten är räknad med att många par "
            "har prövats."
        )
        if facts["schema"] >= AS_TOLD:
            note += " Bara fall som visas i tabellerna är räknade."
        numbers = frozenset({3, 4})
    return [
        Heading(2, "Mönster som återkommer"),
        Table(f"{target['name']}: enheter som återkommer", head, rows, numbers, note),
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
    if facts["limit"] > 1 and facts["schema"] < BY_TWO_RULES:
        said.append(
            f"Tal från 1 till {facts['limit'] - 1} skrivs <{facts['limit']}, för att ingen ska "
            "kännas igen. ”dold” står där ett tal annars skulle avslöja ett litet."
        )
    if facts["schema"] >= BY_TWO_RULES:
        return [
            Heading(1, "Så är det räknat"),
            *(Paragraph(x, Tone.NOTE) for x in _now(facts, said[0])),
        ]
    said.append(
        "Diagrammet visar medianen som en linje. En ändring nämns bara när många mätpunkter i rad "
        "ligger på samma sida om medianen, när sex i rad ökar eller minskar, eller när linjen "
        "sällan går över medianen."
    )
    return [Heading(1, "Så är det räknat"), *(Paragraph(line, Tone.NOTE) for line in said)]


def _now(facts: Facts, first: str) -> list[str]:
    """How it is counted since schema 3."""
    said = [first]
    if facts["limit"] > 1:
        said.append(
            f"Tal från 1 till {facts['limit'] - 1} skrivs <{facts['limit']}, för att ingen ska "
            "kännas igen. Summor av sådana tal skrivs som det minsta och det största de kan vara, "
            "till exempel 60–63."
        )
    line = "medianen som en linje, där den är känd"
    if _in_plain_words(facts):
        line = (
            "medianen som en streckad linje, där den är känd (lika många perioder ligger över den "
            "som under)"
        )
    said.append(
        f"Diagrammet visar {line}. En ändring nämns bara när tolv "
        "mätpunkter är kända: när det senaste året skiljer sig från upp till tre år före det mer "
        "än slumpen brukar ge, eller när många mätpunkter i rad ökar eller minskar."
    )
    if _in_plain_words(facts):
        said += _how_sure(facts)
    return said


def _how_sure(facts: Facts) -> list[str]:
    """How seldom chance gives each change and each pair that is told."""
    said = []
    for target in facts["targets"]:
        sure = [how_sure(target["chart"])]
        sure += [f"{row[0]} och {row[1]}, {row[2]}: {as_sure(row[5])}." for row in target["pairs"]]
        if found := " ".join(filter(None, sure)):
            said.append(f"{target['name']}. {found}")
    if any(target["pairs"] for target in facts["targets"]):
        said.append("För par är det räknat med att många par har prövats.")
    return said


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
