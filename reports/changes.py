"""What differs between two editions of a report, in words: which figure, before, after.

Activities are known by their group, plan and words, so that one that is added does not make all
that come after it look changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from models.edition import ReportKind
from models.lifecycle import Move
from reports.deviation.facts import BY_TWO_RULES
from reports.deviation.words import figures_in_words
from reports.editions import Frozen, differences
from reports.rollup.sections import key_of, stands_in_words
from reports.rollup.shapes import EACH_ITS_OWN, ActivityFacts, Counts, RollUp, read_facts
from reports.rollup.story import says_in_words, story, time_in_words
from rules.periods import parse
from rules.wording import day_in_words

_NONE = "–"
_COUNTED = "Hur uppgifterna är räknade"
_TELLS_ALL = 9  # since this schema what differs is told also where it is counted otherwise


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that two editions tell otherwise."""

    what: str
    before: str
    after: str


def changes(
    was: Frozen, now: Frozen, prose_was: Mapping[str, str], prose_now: Mapping[str, str]
) -> list[Changed]:
    """Everything that a reader of both would find different, figures first.

    Where they are counted otherwise that is said first; editions of before said nothing but that.
    """
    otherwise = was.schema_version != now.schema_version
    if otherwise and now.schema_version < _TELLS_ALL:
        return [Changed(_COUNTED, str(was.schema_version), "ny version")]
    first = [Changed(_COUNTED, "som förut", "på ett nytt sätt")] if otherwise else []
    if now.of.kind is not ReportKind.DEVIATIONS:
        return first + _in_roll_ups(was, now, prose_was, prose_now)
    if otherwise and was.schema_version < BY_TWO_RULES:  # with other names, and hidden otherwise
        return first
    return first + list(_compared(figures_in_words(was.facts), figures_in_words(now.facts)))


def _in_roll_ups(
    was: Frozen, now: Frozen, prose_was: Mapping[str, str], prose_now: Mapping[str, str]
) -> list[Changed]:
    before, after = read_facts(was.facts), read_facts(now.facts)
    found = [
        *_compared(_figures(before), _figures(after), none="0"),
        *_compared(_around(before), _around(after)),
        *_activities(before, after),
    ]
    same = was.schema_version == now.schema_version
    if same and not found and any(True for _ in differences(was.facts, now.facts)):
        found = [Changed("Enskilda uppgifter om aktiviteterna", "som förut", "ändrade")]
    for key, heading in _places(before, after).items():
        one, other = prose_was.get(key, ""), prose_now.get(key, "")
        if one != other:
            now_words = ("ändrad text" if one else "ny text") if other else "ingen text"
            found.append(
                Changed(f"Texten under {heading}", "text" if one else "ingen text", now_words)
            )
    return found


def _places(*editions: RollUp) -> dict[str, str]:
    """The places to write in, with the heading that each stands under."""
    first = editions[-1].period.first
    groups = {key_of(group.name): group.name for facts in editions for group in facts.groups}
    return {
        "inledning": "I korthet",
        **groups,
        "avvikelser": "Avvikelser i samverkan",
        "malgrupper": "Målgrupper",
        "ekonomi": "Ekonomi",
        "framat": f"Inför {first.year + 1}",
    }


def _compared(
    before: Mapping[str, str], after: Mapping[str, str], none: str = _NONE
) -> Iterator[Changed]:
    for what in dict.fromkeys([*after, *before]):
        one, other = before.get(what, none), after.get(what, none)
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
        found[f"Målgruppen {target.name}: aktiviteter"] = str(target.activities)
    return found


def _around(facts: RollUp) -> dict[str, str]:
    """What stands beside the activities."""
    found = {f"Avvikelser, {one.group}": one.now for one in facts.deviations}
    for money in facts.plans_money:
        found[f"{money.group}: medel i {money.plan}"] = money.funding.words
    for said in facts.analyses:
        about = f"{said.group}: slutsatser av avvikelserna, {parse(said.period).name}"
        found[about] = " ".join(filter(None, (said.pattern, said.measure, said.conclusion)))
    for said in facts.notes:
        about = f"{said.group or 'Alla grupper'}: anteckningar, {parse(said.period).name}"
        words = " ".join(filter(None, (said.pattern, said.measure, said.conclusion)))
        found[about] = " ".join(filter(None, (found.get(about, ""), words)))
    for group in facts.groups:
        if group.goals_without_activity:
            found[f"{group.name}: mål utan aktivitet"] = "; ".join(group.goals_without_activity)
        for day in group.coming:
            found[f"{group.name}: {day.what}, {day.kind}"] = day_in_words(day.day)
    return found


def _counted(counts: Counts) -> dict[str, str]:
    moved = counts.moves if counts.moved is None else counts.moved
    numbers = {
        "aktiviteter": counts.activities,
        "försenade": counts.late,
        "följdes upp i tid": counts.followed_up_in_time,
        "följdes upp efter slutdatum": counts.followed_up_late,
        "saknade något": counts.lacking,
        "följdes upp utan slutdatum": counts.followed_up_without_deadline,
        "fick senare slutdatum": counts.extended,
        "kronor kvar att använda": counts.kronor_coming,
        "kronor vars sista dag har passerat": counts.kronor_past,
        "kronor vid det som är avslutat, avslaget eller återtaget": counts.kronor_over,
        "överföringar som ångrades efter slutet": counts.carried_undone,
        "startade": moved.get(Move.START, 0),
        "pausades": moved.get(Move.PAUSE, 0),
        "fördes över till en annan plan": counts.moves.get(Move.CARRY_OVER, 0),
    }
    if counts.moved is not None:  # activities, not moves: they stand as "överförd" below
        del numbers["fördes över till en annan plan"]
    for flow in counts.closing:
        name = f"{flow.after.value} efter slutet, {flow.before.value if flow.before else 'ny'} då"
        numbers[name] = flow.number
    numbers |= {state.value: number for state, number in counts.end.items()}
    numbers |= {f"utfall {how.value}": number for how, number in counts.outcomes.items()}
    return {name: str(number) for name, number in numbers.items() if number}


def _activities(before: RollUp, after: RollUp) -> Iterator[Changed]:
    """Each activity's own lines; what happened is told whole where no line of it tells."""
    was, now = _by_name(before), _by_name(after)
    for named in dict.fromkeys([*now, *was]):
        one, other = was.get(named), now.get(named)
        lines = list(_compared(_lines(named, one, before), _lines(named, other, after)))
        if not lines and one and other:
            told, tells = story(one, before.schema), story(other, after.schema)
            if told != tells:
                lines = [Changed(f"{named} – vad som hände", told, tells)]
        yield from lines


def _by_name(facts: RollUp) -> dict[str, ActivityFacts]:
    found: dict[str, ActivityFacts] = {}
    for group in facts.groups:
        for one in group.activities:
            named = f"{group.name}: {one.what}"
            found[f"{named} ({one.plan})" if named in found else named] = one
    return found


def _lines(named: str, one: ActivityFacts | None, facts: RollUp) -> dict[str, str]:
    return {f"{named}{about}": words for about, words in _told(one, facts)} if one else {}


def _told(one: ActivityFacts, facts: RollUp) -> Iterator[tuple[str, str]]:
    yield "", one.after.value
    yield " – vad det blev", one.fate.value
    yield " – tid", time_in_words(one)
    if one.result:
        yield " – resultat", one.result
    if one.figure:
        yield " – siffra", one.figure
    if one.funding:
        yield " – medel", one.funding.words
    if one.outcome:
        yield " – utfall", one.outcome.value
    if one.said and (one.said.text or one.said.figure):
        yield " – senaste svar", one.said.text or one.said.figure
    if one.newest:
        yield " – senaste besked", says_in_words(one.newest)
    for promise in one.promises:
        stands = stands_in_words(promise, one, facts).lower()
        if facts.schema < EACH_ITS_OWN:  # then a promise was kept or missing, also in a quarter
            stands = "redovisad" if promise.kept else "saknas"
        yield f" – {promise.words}", stands
