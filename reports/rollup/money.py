"""Money in the plans: what is left to use, what has passed its last day, and what is over.

A krona is counted once: what was carried over is the successor's as soon as that is told, and what
is ended, rejected or taken back is not left to use. The sums are `counts.py`'s; editions of before
told two sums of all activities, and say them still.
"""

from collections.abc import Iterable, Sequence

from models.lifecycle import State
from models.standing import Funding
from reports.blocks import Block, Paragraph, Table, Tone
from reports.rollup.shapes import EACH_ITS_OWN, ONE_NUMBER, ActivityFacts, RollUp
from reports.rollup.story import short_day

NO_MORE = (State.ENDED, State.REJECTED, State.WITHDRAWN)


def economy(facts: RollUp) -> list[Block]:
    """Money in the plans: whose last day has passed, and what is left to use."""
    told = [*_plans_money(facts), *activities_money(facts)]
    return told or [Paragraph("Inga medel är angivna i planerna.", Tone.NOTE)]


def sums_of(activities: Iterable[ActivityFacts], facts: RollUp) -> tuple[int, int, int]:
    """(Left to use, past its last day, of what is over) of some activities."""
    coming = past = over = 0
    for one in activities:
        if not one.funding or one.money_goes_on:
            continue
        amount = one.funding.amount or 0
        if one.after in NO_MORE:
            over += amount
        elif _passed(one.funding, facts):
            past += amount
        else:
            coming += amount
    return coming, past, over


def activities_money(facts: RollUp) -> list[Block]:
    """The money of the activities: a sentence with the sums, and each in a table."""
    rows = [
        (one.what, group.name, *_cells(one, facts))
        for group in facts.groups
        for one in group.activities
        if one.funding
    ]
    if not facts.counts.funded and not rows:
        return []
    head = ("Aktivitet", "Grupp", "Medel", "Belopp", "Sista dag")
    counts = facts.counts
    over = counts.kronor_over if facts.schema >= ONE_NUMBER else 0
    sums = (counts.kronor_coming, counts.kronor_past, over)
    money = [one.funding for group in facts.groups for one in group.activities if one.funding]
    told: list[Block] = [_used_and_left("Aktiviteternas medel", facts, money, *sums)]
    return [*told, Table("Medel i planerna", head, tuple(rows), frozenset({3}))] if rows else told


def _used_and_left(
    whose: str, facts: RollUp, money: Sequence[Funding], left: int, past: int, over: int = 0
) -> Paragraph:
    """What is nought is left out, unless all of it is. Where no amount stands, none is told: nobody
    knows that nothing is left. Editions of before said so.
    """
    told = []
    unknown = bool(money) and all(one.amount is None for one in money)
    if unknown and facts.schema >= EACH_ITS_OWN:
        return Paragraph(f"{whose}: inga belopp står i planerna.")
    if left or not (past or over):
        told.append(f"{kronor(left)} kan användas efter perioden")
    if past:
        told.append(f"för {kronor(past)} har sista dagen passerat")
    if over:
        told.append(f"{kronor(over)} stod vid aktiviteter som är avslutade eller inte blev av")
    words = ", och ".join(filter(None, (", ".join(told[:-1]), told[-1])))
    return Paragraph(f"{whose}: {words}. Bara belopp som står i planerna är räknade.")


def kronor(amount: int | None) -> str:
    """150000 -> "150 000 kr"."""
    return "–" if amount is None else f"{in_thousands(amount)}\u00a0kr"


def in_thousands(number: int) -> str:
    """150000 -> "150 000"."""
    return f"{number:,}".replace(",", "\u00a0")


def _plans_money(facts: RollUp) -> list[Block]:
    """What finances whole plans; told for itself, since activities may share in it."""
    several = facts.plans_money
    if not several:
        return []
    past = [one.funding for one in several if _passed(one.funding, facts)]
    left = [one.funding for one in several if not _passed(one.funding, facts)]
    rows = tuple((one.plan, one.group, *_money_cells(one.funding, facts)) for one in several)
    head = ("Plan", "Grupp", "Medel", "Belopp", "Sista dag")
    note = "Medel som står vid en aktivitet kan vara en del av planens och räknas för sig."
    return [
        _used_and_left("Planernas egna medel", facts, [*past, *left], _sum(left), _sum(past)),
        Table("Planernas egna medel", head, rows, frozenset({3}), note),
    ]


def _sum(several: Iterable[Funding]) -> int:
    return sum(one.amount or 0 for one in several)


def _cells(one: ActivityFacts, facts: RollUp) -> tuple[str, str, str]:
    """An activity's money; the amount stands where it is counted."""
    assert one.funding is not None
    words, amount, day = _money_cells(one.funding, facts)
    if one.money_goes_on:
        return words, "–", "Räknas där aktiviteten går vidare"
    if facts.schema >= ONE_NUMBER and one.after in NO_MORE:
        return words, amount, f"Aktiviteten är {one.after.value}"
    return words, amount, day


def _money_cells(money: Funding, facts: RollUp) -> tuple[str, str, str]:
    """The words, the amount and the last day."""
    day = "–"
    if money.last is not None:
        passed = "passerat" if _passed(money, facts) else "kvar"
        day = f"{short_day(money.last)} ({passed})"
    return money.words or "–", kronor(money.amount), day


def _passed(money: Funding, facts: RollUp) -> bool:
    return money.last is not None and money.last <= facts.period.until
