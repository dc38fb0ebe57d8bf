"""The sections that quarterly and yearly reports share: facts in, blocks with Swedish words out."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from models.lifecycle import State
from reports.blocks import Block, Bullets, Heading, Paragraph, Prose, Quote, Table, Tone
from reports.rollup.money import activities_money, in_thousands
from reports.rollup.shapes import (
    EACH_ITS_OWN,
    MOST_LISTED,
    MOST_NAMED,
    ActivityFacts,
    AnalysisFacts,
    Counts,
    GroupFacts,
    PromiseFact,
    RollUp,
    RoundFacts,
)
from reports.rollup.story import says_in_words, sentence, short_day
from rules.checks import money_in_words
from rules.figures import percent
from rules.periods import parse
from rules.wording import capitalised, counted, day_in_words

_LONGEST_KEY = 40  # Word allows 64 characters in a control's name, ours before it among them


def key_of(group: str) -> str:
    """The name of a group's place to write in: the same every year, whatever the group's number."""
    slug = re.sub(r"[^a-zåäö0-9]+", "-", group.casefold()).strip("-")
    if len(slug) > _LONGEST_KEY:
        slug = f"{slug[:32]}-{sha256(slug.encode()).hexdigest()[:6]}"
    return f"grupp-{slug}"


def prose(written: Mapping[str, str], key: str, hint: str) -> Prose:
    """A place to write in, with what is written."""
    return Prose(key, written.get(key, ""), hint)


def warnings(facts: RollUp, written: Mapping[str, str], more: Sequence[str]) -> list[Block]:
    """What does not add up, for whoever edits the draft."""
    said = [*facts.doubts, *more]
    for words in written.values():
        said += money_in_words(words)
    return [Paragraph(words, Tone.WARNING) for words in said]


def by_state(facts: RollUp) -> Table:
    """Every group's activities by their state at the end."""
    states = [state for state in State if any(g.counts.end.get(state) for g in facts.groups)]
    rows = [_row(group.name, group.counts, states) for group in facts.groups if group.counts.end]
    if len(rows) > 1:
        rows.append(_row("Alla", facts.counts, states))
    return Table(
        f"Aktiviteter efter läge {day_in_words(facts.period.until)}",
        ("Grupp", *(state.value.capitalize() for state in states), "Summa", "Försenade"),
        tuple(rows),
        frozenset(range(1, len(states) + 3)),
    )


def _row(name: str, counts: Counts, states: Sequence[State]) -> tuple[str, ...]:
    numbers = (*(counts.end.get(state, 0) for state in states), counts.activities, counts.late)
    return name, *(str(number) for number in numbers)


def readable(facts: RollUp) -> RollUp:
    """The facts as pages tell them: without the activities, when they are too many to read."""
    if facts.counts.activities <= MOST_LISTED:
        return facts
    groups = [
        replace(group, activities=(), left_out=group.counts.activities) for group in facts.groups
    ]
    return replace(facts, groups=tuple(groups))


def beside(facts: RollUp, table: Callable[[GroupFacts], Table]) -> tuple[Table, ...]:
    """What pages leave out, for the Excel file: every activity, with its money and promises."""
    listed = [group for group in facts.groups if group.activities]
    if readable(facts) is facts or not listed:
        return ()
    tables = [(group.name, table(group)) for group in listed]
    rows = tuple((name, *row) for name, one in tables for row in one.rows)
    all_ = Table("Alla aktiviteter", ("Grupp", *tables[0][1].head), rows)
    more = [*activities_money(facts), *promises(facts)]
    return all_, *(block for block in more if isinstance(block, Table))


def where_listed(kept: RollUp) -> list[Block]:
    """Where the activities are that the pages of so large a report leave out."""
    number = kept.counts.activities
    if number <= MOST_LISTED:
        return []
    words = (
        f"Rapporten gäller {in_thousands(number)} aktiviteter. Alla är räknade, men fler än "
        f"{in_thousands(MOST_LISTED)} listas inte här. "
    )
    if any(group.activities for group in kept.groups):
        words += "Rapportens Excelfil listar varje aktivitet."
    else:
        words += "Ta fram rapporten för en grupp i taget för att se var och en."
    return [Paragraph(words, Tone.NOTE)]


def left_out(group: GroupFacts) -> list[Block]:
    """That the group's list is missing because the report would be too long."""
    if not group.left_out:
        return []
    many = capitalised(counted(group.left_out, "aktivitet", "aktiviteter"))
    return [Paragraph(f"{many} räknas här men listas inte.", Tone.NOTE)]


def own_words(activities: Iterable[ActivityFacts]) -> list[Block]:
    """What people answered, the last of each activity."""
    quotes: list[Block] = []
    for one in activities:
        if one.said and (one.said.text or one.said.figure):
            words = one.said.text or capitalised(says_in_words(one.said))
            if one.said.figure:
                words = f"{sentence(words)} Siffra: {one.said.figure}"
            who = ", ".join(filter(None, (one.said.who, one.what, short_day(one.said.day))))
            quotes.append(Quote(words, who))
    return quotes[:MOST_NAMED]


def answers(facts: RollUp) -> list[Block]:
    """Status rounds: how many were asked, and answered."""
    rows = [
        (
            group.name,
            short_day(one.on),
            str(one.asked),
            str(one.in_time),
            str(one.late),
            str(one.unanswered),
            _share(one, facts.schema),
        )
        for group in facts.groups
        for one in group.rounds
    ]
    if not rows:
        return []
    head = ("Grupp", "Inför", "Frågor", "I tid", "Sent", "Inget svar", "Svarat")
    return [
        Table("Svar i statusrundorna", head, tuple(rows), frozenset({2, 3, 4, 5, 6})),
    ]


def _share(one: RoundFacts, schema: int) -> str:
    """How many per cent answered. 100 is all of them; in editions of before it was nearly all."""
    answered = one.in_time + one.late
    if not one.asked:
        return "–"
    if schema < EACH_ITS_OWN:
        return f"{round(100 * answered / one.asked)} %"
    return f"{percent(answered, one.asked)} %"


def target_groups(facts: RollUp) -> list[Block]:
    """How many activities each target group has."""
    if not facts.targets:
        return []
    rows = tuple((t.name, str(t.open), str(t.activities)) for t in facts.targets)
    head = ("Målgrupp", "Öppna vid slutet", "Under perioden")
    note = "En aktivitet kan gälla flera målgrupper och räknas då i var och en."
    return [Table("Aktiviteter efter målgrupp", head, rows, frozenset({1, 2}), note)]


def deviations(facts: RollUp) -> list[Block]:
    """Deviations of each target group, compared with the period before and a year before."""
    if facts.group:
        words = "Avvikelserna räknas för hela samverkan och står i dess rapport."
        return [Paragraph(words, Tone.NOTE)]
    if not facts.deviations:
        return [Paragraph("Inga avvikelser är inlästa.", Tone.NOTE)]
    head: tuple[str, ...] = ("Målgrupp", "Perioden", "Perioden före", "Samma period året före")
    if facts.period.name.isdecimal():
        head = ("Målgrupp", "Året", "Året före")
    shown = [(d.group, d.now, d.before, d.a_year_before) for d in facts.deviations]
    rows = tuple(row[: len(head)] for row in shown)
    note = (
        "Räknade efter registreringsdag, utan makulerade. Små tal skrivs till exempel <5, och "
        "”dold” står där ett tal annars skulle kunna räknas ut."
    )
    numbers = frozenset(range(1, len(head)))
    return [Table("Avvikelser i samverkan", head, rows, numbers, note)]


def analyses(facts: RollUp) -> list[Block]:
    """What the groups concluded from their deviation reports, in their own words."""
    if not facts.analyses:
        return []
    return [Heading(2, "Gruppernas slutsatser av avvikelserna"), *_quoted(facts.analyses)]


def own_notes(facts: RollUp) -> list[Block]:
    """What the groups wrote about their status reports."""
    if not facts.notes:
        return []
    groups = {one.group for one in facts.notes}
    whose = "Gruppens" if len(groups) == 1 else "Gruppernas"
    return [Heading(1, f"{whose} egna anteckningar"), *_quoted(facts.notes)]


def _quoted(notes: Iterable[AnalysisFacts]) -> list[Block]:
    told: list[Block] = []
    for one in notes:
        words = {
            "Mönster": one.pattern,
            "Slutsats": one.conclusion,
            "Åtgärd": one.measure,
            "Föreslagen aktivitet": one.activity,
        }
        said = " ".join(f"{name}: {sentence(text)}" for name, text in words.items() if text)
        whose = ", ".join(filter(None, (one.by, one.group)))
        about = f"om {parse(one.period).name}"
        told.append(Quote(said, f"{whose}, {about}" if whose else about.capitalize()))
    return told


def promises(facts: RollUp) -> list[Block]:
    """What was promised to be told: what is missing first, then what is kept.

    Until the year's report there is time: a shorter period misses what should be told by its end.
    """
    rows = [
        (one.what, group.name, promise.words, stands_in_words(promise, one, facts))
        for group in facts.groups
        for one in group.activities
        for promise in one.promises
    ]
    if not rows and any(group.left_out for group in facts.groups):
        return [Paragraph("Löftena listas inte här: aktiviteterna är för många.", Tone.NOTE)]
    if not rows:
        return [Paragraph("Ingen aktivitet har lovat att redovisa något.", Tone.NOTE)]
    missing = sum(stands == MISSING for *_, stands in rows)
    told: list[Block] = []
    if missing:
        words = counted(missing, "redovisning saknas", "redovisningar saknas").capitalize()
        where = "Den står först i tabellen." if missing == 1 else "De står först i tabellen."
        told.append(Paragraph(f"{words}. {where}", Tone.WARNING))
    rows.sort(key=lambda row: _ORDER.index(row[3]) if row[3] in _ORDER else len(_ORDER))
    head = ("Aktivitet", "Grupp", "Löfte", "Läge")
    return [*told, Table("Det som ska redovisas", head, tuple(rows))]


MISSING, _REMAINS, _KEPT = "Saknas", "Återstår", "Redovisad"
_ORDER = (MISSING, _REMAINS, _KEPT)


def stands_in_words(promise: PromiseFact, one: ActivityFacts, facts: RollUp) -> str:
    """Whether a promise is kept, missing or still to come. Of what was rejected or taken back
    nothing is owed, and what is promised for a later year is not missing in this one's report;
    editions of before missed both.
    """
    if promise.kept:
        return _KEPT
    became, due = one.closed or one.after, promise.due
    if facts.schema >= EACH_ITS_OWN and became in (State.REJECTED, State.WITHDRAWN):
        return f"Aktiviteten är {became.value}"
    now = due is not None and due <= facts.period.until
    later = facts.schema >= EACH_ITS_OWN and due is not None and due > facts.period.last
    year = facts.period.name.isdecimal() and not later
    return MISSING if now or year else _REMAINS


def goals(group: GroupFacts) -> list[Block]:
    """Goals that nobody works for, and activities that serve no goal."""
    told: list[Block] = []
    if group.goals_without_activity:
        told += [
            Paragraph("Mål utan aktivitet:"),
            Bullets(group.goals_without_activity[:MOST_NAMED]),
        ]
    if group.without_goal:
        told += [Paragraph("Aktiviteter utan mål:"), Bullets(group.without_goal[:MOST_NAMED])]
    return told


def coming(group: GroupFacts, caption: str) -> list[Block]:
    """What falls due in the next period."""
    if not group.coming:
        return []
    rows = tuple((short_day(c.day), c.kind.capitalize(), c.what) for c in group.coming)
    note = f"Och {group.coming_left_out} till." if group.coming_left_out else ""
    return [Table(caption, ("Dag", "Vad", "Gäller"), rows, note=note)]


def all_coming(facts: RollUp, caption: str) -> list[Block]:
    """What falls due in the next period, for all groups in one table."""
    rows = sorted(
        (one.day, group.name, one.kind, one.what) for group in facts.groups for one in group.coming
    )
    more = sum(group.coming_left_out for group in facts.groups) + max(0, len(rows) - MOST_NAMED)
    if not rows:
        return []
    shown = tuple(
        (short_day(day), kind.capitalize(), what, group)
        for day, group, kind, what in rows[:MOST_NAMED]
    )
    note = f"Och {more} till." if more else ""
    return [Table(caption, ("Dag", "Vad", "Gäller", "Grupp"), shown, note=note)]
