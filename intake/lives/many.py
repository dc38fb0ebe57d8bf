"""Many activities at once: one deed for all of them, and what each brings along of its own.

Each is judged by the same guards as when it stands alone, and one that is refused stops no other:
it stays whole as it was, with the sentences that say why. Which rows there are, and who may do what
with them, is decided before this.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from config.policy import Policy
from intake.lives.alike import Alike, agree_alike
from intake.lives.moves import areas_of, ask_for_group, hard_lacks, move_alike
from models.decision import Agreed
from models.facts import facts_of
from models.lifecycle import OPEN, Brought, Move, State, refusals, rule_of
from models.moves import Moved, Mover, Refused
from models.refusal import at, field_of, said_yes


class Alter(StrEnum):
    """What can be agreed anew about many at once."""

    RESPONSIBLE = "ändra ansvarig"
    DEADLINE = "ändra slutdatum"
    FOLLOW_UP = "ändra uppföljning"
    GOAL = "lägg till mål"
    GROUP = "byt grupp"


Deed = Move | Alter
MOVES = (
    Move.DECIDE,
    Move.START,
    Move.FOLLOW_UP,
    Move.PAUSE,
    Move.RESUME,
    Move.ABANDON,
    Move.CARRY_OVER,
)
DEEDS: tuple[Deed, ...] = (*MOVES, *Alter)
_AGREED = {
    Alter.RESPONSIBLE: Agreed.RESPONSIBLE,
    Alter.DEADLINE: Agreed.DEADLINE,
    Alter.FOLLOW_UP: Agreed.FOLLOW_UP,
    Alter.GOAL: Agreed.GOALS,
}
_ASKED_FOR = {
    Alter.RESPONSIBLE: "Skriv vem som ska svara.",
    Alter.DEADLINE: "Skriv det nya slutdatumet.",
    Alter.FOLLOW_UP: "Skriv hur aktiviteterna ska följas upp.",
    Alter.GOAL: "Välj ett mål.",
}
# What a row may have for itself, in place of what is said for all or beside it.
LACKING = ("goals", "responsible", "deadline", "follow_up")
OF_A_ROW: dict[Deed, tuple[str, ...]] = {
    Move.DECIDE: LACKING,
    Move.FOLLOW_UP: ("result", "figure", "why_no_figure"),
    Move.ABANDON: ("outcome",),
    **{alter: (agreed.value,) for alter, agreed in _AGREED.items()},
}


@dataclass(slots=True)
class Many:
    """What came of it: those that it was done with, and the sentences that refuse the others.

    `same`: those that were so already, of which nothing is registered.
    """

    done: list[int] = field(default_factory=list)
    refused: dict[int, list[str]] = field(default_factory=dict)
    same: list[int] = field(default_factory=list)


def deed_named(words: str) -> Deed | None:
    """The deed of that name."""
    return next((deed for deed in DEEDS if deed.value == words), None)


def is_possible(deed: Deed, state: State) -> bool:
    """Can it be done with an activity that is there in its life?"""
    if isinstance(deed, Move):
        return state in rule_of(deed).sources
    if deed is Alter.GROUP:
        return state in OPEN
    return state not in (State.CARRIED_OVER, State.WITHDRAWN, State.ENDED, State.REJECTED)


def lacking(
    session: Session, deed: Deed, activity_ids: Iterable[int], today: date, promises: Policy
) -> dict[int, list[str]]:
    """What stands in the way of each already here, whatever is brought along."""
    if not isinstance(deed, Move):
        return {}
    nothing, hard = Brought(), hard_lacks(promises)
    found = facts_of(session.connection(), activity_ids, today, deed, nothing, held=False)
    told = {}
    for id_, (state, on_file) in found.items():
        missing = refusals(deed, state, on_file, nothing, hard)
        told[id_] = [words for words in missing if _is_on_file(deed, words)]
    return {id_: words for id_, words in told.items() if words}


def _is_on_file(deed: Deed, words: str) -> bool:
    """Is a sentence about what is on file, and not about what is asked for anyhow?"""
    return not field_of(words) or (deed is Move.DECIDE and field_of(words) in LACKING)


def do_many(
    session: Session,
    deed: Deed,
    rows: Mapping[int, Mapping[str, str]],
    mover: Mover,
    *,
    today: date,
    promises: Policy,
) -> Many:
    """Do it with each row: `rows` holds what it brings along, by the number of its activity."""
    if isinstance(deed, Move):
        return _move(session, deed, rows, mover, today, promises)
    if deed is Alter.GROUP:
        return _let_group(session, rows, mover, today)
    return _agree(session, deed, rows, mover, today, promises)


def _move(
    session: Session,
    move: Move,
    rows: Mapping[int, Mapping[str, str]],
    mover: Mover,
    today: date,
    promises: Policy,
) -> Many:
    """Those that only move go together, and so do those that are agreed anew about first."""
    alike = {id_: {**words, "move": move.value} for id_, words in rows.items()}
    with_more = {}
    if move is Move.DECIDE:
        with_more = {id_: words for id_, words in alike.items() if _brings(words, LACKING)}
    only_moved = {id_: words for id_, words in alike.items() if id_ not in with_more}
    result = Many()
    if only_moved:
        moved = move_alike(session, only_moved, mover, today=today, promises=promises)
        result = Many(list(moved.states), moved.refused)
    while with_more:  # what is refused keeps nothing, so that the others are done anew without it
        with session.begin_nested() as trial:
            refused = _agree_first(session, with_more, mover, today, promises)
            left = {id_: words for id_, words in with_more.items() if id_ not in refused}
            moved = Moved()
            if left:
                moved = move_alike(session, left, mover, today=today, promises=promises)
            refused |= moved.refused
            if refused:
                trial.rollback()
        if not refused:
            result.done += with_more
            break
        result.refused |= refused
        with_more = {id_: words for id_, words in with_more.items() if id_ not in refused}
    return result


def _brings(words: Mapping[str, str], names: Iterable[str]) -> bool:
    return any(words.get(name, "").strip() for name in names)


def _agree_first(
    session: Session,
    rows: Mapping[int, Mapping[str, str]],
    mover: Mover,
    today: date,
    promises: Policy,
) -> dict[int, list[str]]:
    """Agree on what each row lacked and has written."""
    refused: dict[int, list[str]] = {}
    for_all = next(iter(rows.values()))
    reason = for_all.get("reason", "")
    for name in LACKING:
        asked = {id_: words[name] for id_, words in rows.items() if words.get(name, "").strip()}
        told = agree_alike(
            *(session, Agreed(name), asked, mover),
            today=today,
            reason=reason,
            sure=said_yes(for_all, Agreed.DEADLINE),
            review_months=promises.review_months,
        ).refused
        for id_, sentences in told.items():
            refused.setdefault(id_, []).extend(sentences)
    return refused


def _agree(
    session: Session,
    alter: Alter,
    rows: Mapping[int, Mapping[str, str]],
    mover: Mover,
    today: date,
    promises: Policy,
) -> Many:
    """Agree anew on one thing; a goal is added to those that an activity has."""
    about = _AGREED[alter]
    asked = {id_: words.get(about.value, "").strip() for id_, words in rows.items()}
    refused: dict[int, list[str]] = {}
    for id_, new in asked.items():
        if not new:
            refused[id_] = [at(about.value, _ASKED_FOR[alter])]
    asked = {id_: new for id_, new in asked.items() if new}
    for_all = next(iter(rows.values()))
    agreed = Alike()
    if asked:
        agreed = agree_alike(
            *(session, about, asked, mover),
            today=today,
            reason=for_all.get("reason", ""),
            sure=said_yes(for_all, Agreed.DEADLINE),
            review_months=promises.review_months,
        )
    refused |= agreed.refused
    same = [id_ for id_ in asked if id_ not in refused and id_ not in agreed.changed]
    return Many(agreed.changed, refused, same)


def _let_group(
    session: Session, rows: Mapping[int, Mapping[str, str]], mover: Mover, today: date
) -> Many:
    """All of a collaboration at once; one by one when one of them is refused."""
    result = Many()
    by_area: dict[int, list[int]] = {}
    for id_, area in areas_of(session, rows).items():
        by_area.setdefault(area, []).append(id_)
    for ids in by_area.values():
        words = rows[ids[0]]
        if _group_put(session, ids, words, mover, today, result):
            for id_ in ids:
                if told := _group_put(session, [id_], words, mover, today, result):
                    result.refused[id_] = told
    return result


def _group_put(
    session: Session,
    ids: list[int],
    words: Mapping[str, str],
    mover: Mover,
    today: date,
    result: Many,
) -> list[str]:
    """Let a group own them all, and note what came of it; why not, when one of them is refused."""
    asked = {name: words.get(name, "") for name in ("group", "reason")}
    try:
        with session.begin_nested():
            moved = ask_for_group(session, ids, asked, mover, today=today)
    except Refused as refused:
        return refused.sentences
    result.done += moved
    result.same += [id_ for id_ in ids if id_ not in moved]
    return []
