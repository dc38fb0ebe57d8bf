"""What differs between two editions of a report, in words: which figure, before, after.

Activities are known by their group, plan and words, so that one that is added does not make all
that come after it look changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.edition import ReportKind
from reports.deviation.words import figures_in_words
from reports.editions import Frozen, differences
from reports.rollup.shapes import ActivityFacts, Counts, RollUp, read_facts

_NONE = "–"


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that two editions tell otherwise."""

    what: str
    before: str
    after: str


def changes(
    was: Frozen, now: Frozen, prose_was: Mapping[str, str], prose_now: Mapping[str, str]
) -> list[Changed]:
    """Everything that a reader of both would find different, figures first."""
    if was.schema_version != now.schema_version:
        return [Changed("Hur uppgifterna är räknade", str(was.schema_version), "ny version")]
    if now.of.kind is ReportKind.DEVIATIONS:
        return list(_compared(figures_in_words(was.facts), figures_in_words(now.facts)))
    before, after = read_facts(was.facts), read_facts(now.facts)
    found = [
        *_compared(_figures(before), _figures(after)),
        *_compared(_activities(before), _activities(after)),
    ]
    if not found and any(True for _ in differences(was.facts, now.facts)):
        found = [Changed("Enskilda uppgifter om aktiviteterna", _NONE, "ändrade")]
    for key in sorted(prose_was.keys() | prose_now.keys()):
        if prose_was.get(key, "") != prose_now.get(key, ""):
            words = "ändrad" if prose_was.get(key) else "ny"
            found.append(Changed(f"Texten {place_in_words(key)}", _NONE, words))
    return found


def place_in_words(key: str) -> str:
    """Where a text stands: "om avvikelser", "om grupp nosam alm"."""
    return f"”{key.replace('-', ' ')}”"


def _compared(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Changed]:
    for what in dict.fromkeys([*after, *before]):
        one, other = before.get(what, _NONE), after.get(what, _NONE)
        if one != other:
            yield Changed(what, one, other)


def _figures(facts: RollUp) -> dict[str, str]:
    found: dict[str, str] = {}
    for group in facts.groups:
        found |= {f"{group.name}: {name}": n for name, n in _counted(group.counts).items()}
        for one in group.rounds:
            found[f"{group.name}: svar i statusrundan till {one.on}"] = (
                f"{one.in_time + one.late} av {one.asked}"
            )
    for target in facts.targets:
        found[f"Målgruppen {target.name}: öppna aktiviteter"] = str(target.open)
    for deviation in facts.deviations:
        found[f"Avvikelser, {deviation.group}"] = deviation.now
    return found


def _counted(counts: Counts) -> dict[str, str]:
    numbers = {
        "aktiviteter": counts.activities,
        "försenade": counts.late,
        "följdes upp i tid": counts.followed_up_in_time,
        "följdes upp efter slutdatum": counts.followed_up_late,
        "fick senare slutdatum": counts.extended,
        "kronor kvar att använda": counts.kronor_coming,
    } | {state.value: number for state, number in counts.end.items()}
    return {name: str(number) for name, number in numbers.items() if number}


def _activities(facts: RollUp) -> dict[str, str]:
    found: dict[str, str] = {}
    for group in facts.groups:
        for one in group.activities:
            named = f"{group.name}: {one.what}"
            named = f"{named} ({one.plan})" if named in found else named
            for about, words in _told(one):
                found[f"{named}{about}"] = words
    return found


def _told(one: ActivityFacts) -> Iterator[tuple[str, str]]:
    yield "", one.after.value
    yield " – vad det blev", one.fate.value
    yield " – slutdatum", one.deadline.text or _NONE
    if one.result:
        yield " – resultat", one.result
    if one.outcome:
        yield " – utfall", one.outcome.value
    if one.said and (one.said.text or one.said.figure):
        yield " – senaste svar", one.said.text or one.said.figure
    for promise in one.promises:
        yield f" – {promise.words}", "redovisad" if promise.kept else "saknas"
