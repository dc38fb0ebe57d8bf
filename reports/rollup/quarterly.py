"""The status roll-up of a quarter (tertial, half-year) as blocks, from frozen facts alone."""

from collections.abc import Mapping, Sequence

from models.edition import EditionState
from reports.blocks import Block, Bullets, Heading, Paragraph, Report, Table, Tone
from reports.editions import Frozen
from reports.rollup import adds_up, money, notes, pictures, sections
from reports.rollup.in_short import in_short
from reports.rollup.shapes import EACH_ITS_OWN, ONE_NUMBER, GroupFacts, RollUp, read_facts
from reports.rollup.story import deadline_in_words, numbered_name, state_in_words, story_with_answer
from rules.periods import parse
from rules.wording import capitalised, day_in_words


def report(frozen: Frozen, prose: Mapping[str, str], warnings: Sequence[str] = ()) -> Report:
    """In short, each group, answers, what comes, and how it was counted."""
    kept = read_facts(frozen.facts)
    facts = sections.readable(kept)
    period = parse(facts.period.name)
    draft = frozen.state in (EditionState.COMPILED, EditionState.REVIEWED)
    blocks: list[Block] = [
        *(sections.warnings(facts, prose, warnings) if draft else []),
        Heading(1, "I korthet"),
        sections.prose(prose, "inledning", "Skriv det viktigaste först: vad ska gruppen veta?"),
        *_in_short(facts),
        *sections.where_listed(kept),
    ]
    for group in facts.groups:
        blocks += _group(group, facts, prose, period.next.words)
    late = notes.registered_late(kept if kept.schema >= EACH_ITS_OWN else facts)
    blocks += [*_around(facts), *late, *notes.corrected(facts)]
    blocks += notes.how_counted(facts)
    return Report(
        title=f"Statusrapport {period.name}",
        subtitle=facts.group or "Alla grupper",
        organisation=facts.organisation,
        reference=frozen.reference,
        dated=f"Läget den {day_in_words(facts.period.until)}",
        summary=f"Hur det gick med aktiviteterna under {period.after_under}.",
        blocks=tuple(blocks),
        contents=len(facts.groups) > 1,
        draft=draft,
        beside=sections.beside(kept, lambda group: _table(group, facts.schema)),
        keywords=("statusrapport", period.name),
    )


def _in_short(facts: RollUp) -> list[Block]:
    if not facts.counts.activities:
        return [Paragraph("Det fanns inga aktiviteter under perioden.", Tone.LEAD)]
    return [
        Bullets(tuple(in_short(facts.counts, facts.period, facts.schema))),
        sections.by_state(facts),
        *([adds_up.from_start_to_end(facts)] if facts.schema >= ONE_NUMBER else []),
        *pictures.flow(facts),
    ]


def _group(group: GroupFacts, facts: RollUp, prose: Mapping[str, str], coming: str) -> list[Block]:
    only = len(facts.groups) == 1
    blocks: list[Block] = [
        Heading(1, group.name if not only else "Aktiviteterna"),
        sections.prose(
            prose,
            sections.key_of(group.name),
            f"Vad vill ni lyfta från {group.name}? Det här är gruppens egen plats.",
        ),
    ]
    if group.activities:
        blocks.append(_table(group, facts.schema))
    if len(group.activities) > 1 and len(facts.groups) <= pictures.MOST_TIMELINES:
        name = f"tid-{sections.key_of(group.name)}"
        blocks += pictures.plans_in_time(group, facts.period, name)
    blocks += sections.left_out(group)
    quotes = sections.own_words(group.activities)
    if quotes:
        blocks += [Heading(2, "Med egna ord"), *quotes]
    aims = sections.goals(group)
    if aims:
        blocks += [Heading(2, "Mål och aktiviteter"), *aims]
    ahead = sections.coming(group, f"{group.name}: det som kommer {coming}")
    if ahead:
        blocks += [Heading(2, "Det som kommer"), *ahead]
    return blocks


def _table(group: GroupFacts, schema: int) -> Table:
    rows = tuple(
        (
            numbered_name(one),
            state_in_words(one, schema),
            deadline_in_words(one),
            story_with_answer(one, schema),
        )
        for one in group.activities
    )
    head = ("Aktivitet", "Läge", "Slutdatum", "Vad som hände")
    return Table(f"{group.name}: aktiviteterna", head, rows)


def _around(facts: RollUp) -> list[Block]:
    blocks: list[Block] = []
    blocks += sections.own_notes(facts)
    answered = sections.answers(facts)
    if answered:
        blocks += [Heading(1, "Svaren"), *answered]
    if facts.deviations:
        blocks += [Heading(1, "Avvikelser i samverkan"), *sections.deviations(facts)]
        blocks += sections.analyses(facts)
    if facts.targets:
        blocks += [Heading(1, "Målgrupper"), *sections.target_groups(facts)]
    if facts.plans_money or any(a.funding for group in facts.groups for a in group.activities):
        blocks += [Heading(1, "Medel"), *money.economy(facts)]
    if any(one.promises for group in facts.groups for one in group.activities):
        blocks += [Heading(1, capitalised("löften om redovisning")), *sections.promises(facts)]
    return blocks
