"""The year's report (årsrapport) as blocks, from frozen facts alone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from models.edition import EditionState
from reports.blocks import Block, Bullets, Heading, Paragraph, Prose, Report, Table, Tone
from reports.editions import Frozen
from reports.rollup import adds_up, money, notes, pictures, sections
from reports.rollup.in_short import all_of, in_short
from reports.rollup.shapes import (
    EACH_ITS_OWN,
    LATE_APART,
    ONE_NUMBER,
    ActivityFacts,
    GroupFacts,
    RollUp,
    read_facts,
)
from reports.rollup.story import (
    fate_in_words,
    numbered_name,
    so_many,
    story_with_words,
    time_in_words,
)
from rules.fates import Fate
from rules.wording import capitalised, counted, day_in_words

_FILL_A_PAGE = 8  # so many activities do, more or less: a group's part is read and handed out alone


def report(frozen: Frozen, prose: Mapping[str, str], warnings: Sequence[str] = ()) -> Report:
    """The year in short, each group, deviations, target groups, economy, promises, figures."""
    kept = read_facts(frozen.facts)
    facts = sections.readable(kept)
    year = facts.period.first.year
    draft = frozen.state in (EditionState.COMPILED, EditionState.REVIEWED)
    blocks: list[Block] = [
        *(sections.warnings(facts, prose, warnings) if draft else []),
        Heading(1, "Året i korthet"),
        sections.prose(
            prose, "inledning", "Skriv med några meningar vad som var viktigast under året."
        ),
        *_in_short(facts, year, frozen.cut_off),
        *sections.where_listed(kept),
    ]
    for group in facts.groups:
        blocks += _group(group, facts, prose)
    for heading, *told in _around(facts, prose, year):
        blocks += [heading, *told] if draft or _tells(told) else []
    late = notes.registered_late(kept if kept.schema >= EACH_ITS_OWN else facts)
    blocks += [*late, *notes.corrected(facts)]
    blocks += notes.how_counted(facts)
    return Report(
        title=f"Årsrapport {year}",
        subtitle=facts.group,
        organisation=facts.organisation,
        reference=frozen.reference,
        dated=day_in_words(frozen.cut_off),
        summary=f"Vad som blev av aktiviteterna i {facts.group or facts.organisation} {year}.",
        blocks=tuple(blocks),
        contents=True,
        draft=draft,
        beside=sections.beside(kept, lambda group: _table(group, facts.schema)),
        keywords=("årsrapport", str(year)),
    )


def _in_short(facts: RollUp, year: int, cut_off: date) -> list[Block]:
    if not facts.counts.activities:
        return [Paragraph("Det fanns inga aktiviteter under året.", Tone.LEAD)]
    said = in_short(facts.counts, facts.period, facts.schema)
    return [
        Bullets(tuple(said)),
        *_fates([one for group in facts.groups for one in group.activities], facts.schema),
        sections.by_state(facts),
        *([adds_up.from_start_to_end(facts)] if facts.schema >= ONE_NUMBER else []),
        *adds_up.closing(facts, cut_off),
        *pictures.flow(facts),
        *pictures.wheel(facts.groups, facts.period, f"Årshjul {year}: gruppernas aktiviteter"),
    ]


def _fates(activities: Sequence[ActivityFacts], schema: int) -> list[Block]:
    """How many had each fate, and how many of them got it by the closing after the year."""
    fates, afterwards = _counted_fates(activities)
    if not fates:
        return []
    head: tuple[str, ...] = ("Vad det blev av aktiviteterna", "Antal")
    rows = [(capitalised(fate.value), str(fates[fate])) for fate in Fate if fates[fate]]
    if afterwards:
        since = "registrerat efter" if schema >= LATE_APART else "efter"
        head = (*head, f"Varav {since} årets slut")
        told = [str(afterwards[fate]) for fate in Fate if fates[fate]]
        both = tuple((*row, after) for row, after in zip(rows, told, strict=True))
        return [Table("Vad som blev av årets aktiviteter", head, both, frozenset({1, 2}))]
    return [Table("Vad som blev av årets aktiviteter", head, tuple(rows), frozenset({1}))]


def _counted_fates(activities: Iterable[ActivityFacts]) -> tuple[Counter[Fate], Counter[Fate]]:
    all_ = list(activities)
    return Counter(one.fate for one in all_), Counter(one.fate for one in all_ if one.closed)


def _group(group: GroupFacts, facts: RollUp, prose: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = [
        Heading(1, group.name, own_page=len(group.activities) >= _FILL_A_PAGE),
        Paragraph(_lead(group, facts.schema), Tone.LEAD),
        sections.prose(
            prose,
            sections.key_of(group.name),
            f"Skriv om året i {group.name}: möten, samarbeten, det som inte syns i tabellen.",
        ),
    ]
    if group.activities:
        blocks.append(_table(group, facts.schema))
    blocks += sections.left_out(group)
    if len(group.activities) > 1 and len(facts.groups) <= pictures.MOST_TIMELINES:
        name = f"tid-{sections.key_of(group.name)}"
        blocks += pictures.plans_in_time(group, facts.period, name)
    aims = sections.goals(group)
    return [*blocks, Heading(2, "Mål och aktiviteter"), *aims] if aims else blocks


def _lead(group: GroupFacts, schema: int) -> str:
    """What became of the group's activities, in one sentence."""
    if not group.counts.activities:
        return f"{group.name} hade inga aktiviteter under året."
    fates, afterwards = _counted_fates(group.activities)
    had = f"{group.name} hade "
    had += counted(group.counts.activities, "aktivitet", "aktiviteter") + " under året"
    if not fates or group.counts.activities == 1:
        return f"{had}."
    told = [so_many(fates[fate], fate, afterwards[fate], schema) for fate in Fate if fates[fate]]
    return f"{had}: {all_of(told) if schema >= ONE_NUMBER else ', '.join(told)}."


def _table(group: GroupFacts, schema: int) -> Table:
    rows = tuple(
        (
            numbered_name(one),
            time_in_words(one),
            fate_in_words(one),
            story_with_words(one, schema),
        )
        for one in group.activities
    )
    head = ("Aktivitet", "Tid", "Vad det blev", "Vad som hände")
    return Table(f"{group.name}: vad som blev av aktiviteterna", head, rows)


def _around(facts: RollUp, prose: Mapping[str, str], year: int) -> list[list[Block]]:
    """The sections after the groups', each with its heading first."""
    answers, notes = sections.answers(facts), sections.own_notes(facts)
    return [
        [
            Heading(1, "Avvikelser i samverkan"),
            sections.prose(
                prose, "avvikelser", "Vad säger avvikelserna, och vad har ni gjort åt dem?"
            ),
            *sections.deviations(facts),
            *sections.analyses(facts),
        ],
        [
            Heading(1, "Målgrupper"),
            sections.prose(prose, "malgrupper", "Vad har året betytt för målgrupperna?"),
            *sections.target_groups(facts),
        ],
        [
            Heading(1, f"Ekonomi {year}"),
            sections.prose(
                prose,
                "ekonomi",
                "Skriv intäkter, kostnader och resultat, och vad som är öronmärkt.",
            ),
            *money.economy(facts),
        ],
        *([notes] if notes else []),
        *([[Heading(1, "Svaren i statusrundorna"), *answers]] if answers else []),
        [Heading(1, "Löften om redovisning"), *sections.promises(facts)],
        [
            Heading(1, f"Inför {year + 1}"),
            sections.prose(prose, "framat", "Vad tar ni med er, och vad börjar ni med nästa år?"),
            *sections.all_coming(facts, f"Dagar under {year + 1}"),
        ],
    ]


def _tells(section: Sequence[Block]) -> bool:
    """Is there more in it than a place that nobody wrote in and that there is nothing to tell?"""
    return any(
        block.text if isinstance(block, Prose) else getattr(block, "tone", None) is not Tone.NOTE
        for block in section
    )
