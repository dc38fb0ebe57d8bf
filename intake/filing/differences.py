"""What a plan file says that is not on file, what it says otherwise, and what it no longer has.

Pure: a draft is held against the activities of its plan, as words. What is done about it is
`taking_in.py`. An activity of the file is one on file, each at most once, tried in this order:

1. the same words for what and how, those with the same goals first;
2. the key it was filed under, so that what was reworded here is still known by the file's words;
3. what it says almost: 60 % alike within the same goal, 90 % anywhere, the most alike first;
4. the same place between the same neighbours, with two more things said alike.

An empty cell says nothing, so it changes nothing. Dates are compared by the days they mean, money
by its kronor and its last day. A promise that the file's new words no longer hold is taken back.
"""

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from intake.documents import clean
from intake.drafts import ActivityDraft, FundingDraft, PlanDraft
from intake.filing.filing import key_of, same_goal
from intake.plan.front_page import without_label
from intake.plan.heading_words import fold
from intake.plan.money import funding_of
from intake.plan.responsible import split_responsible
from intake.plan.wording import Reader
from models.decision import Agreed
from models.lifecycle import OPEN, Move, State, possible
from models.span import NOTHING, Span
from models.standing import Funding
from rules.span_words import means_the_same, words_for
from rules.target_groups import names_in

SAME_GOAL_ALIKE = 0.6
ALIKE_ANYWHERE = 0.9
LONGEST = 500  # signs that are compared; the rest of so long a text tells nothing more
# Signs against signs, some seconds of processor: an update of 200 rows that all are worded anew.
MOST_LETTERS = 20_000_000
WORDS_IN_COMMON = 0.3  # fewer, and two texts are not worth comparing letter by letter
NO_FUNDING = Funding()


@dataclass(frozen=True, slots=True)
class Kept:
    """An activity that the plan has, in words. `deadline.open`: it runs on."""

    id: int
    what: str
    how: str = ""
    responsible: tuple[str, ...] = ()
    start: Span = NOTHING
    deadline: Span = NOTHING
    follow_up: str = ""
    goals: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    funding: Funding = NO_FUNDING
    participants: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    key: str = ""
    state: State = State.PROPOSED
    status_words: str = ""  # what the plan said of its state when it was taken in
    from_file: bool = True

    @property
    def may_change(self) -> bool:
        """Is it still agreed upon anew?"""
        over = (State.CARRIED_OVER, State.WITHDRAWN)
        return bool(possible(self.state)) and self.state not in over


@dataclass(frozen=True, slots=True)
class Otherwise:
    """One thing that the file says otherwise: the old words and the new ones."""

    what: Agreed
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An activity of which the file says something else. `at` is its place in the file."""

    at: int
    kept: Kept
    changes: tuple[Otherwise, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An activity that the file says is in another state. `at` is its place in the file.

    `moves` lead there and need nothing but what the file says; none where more is needed (a
    decision, an outcome, a reason), which is said on the activity's own page.
    """

    at: int
    kept: Kept
    words: str
    state: State
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """A file against what is on file. `same` has the number on file by the place in the file."""

    added: list[int]
    changed: list[Changed]
    removed: list[Kept]
    same: dict[int, int]
    elsewhere: tuple[Elsewhere, ...] = ()

    @property
    def unchanged(self) -> int:
        """How many the file says nothing new of."""
        return len(self.same) - len(self.changed)

    @property
    def nothing(self) -> bool:
        """Does the file say just what is on file?"""
        return not (self.added or self.changed or self.removed or self.elsewhere)


def activities_of(draft: PlanDraft) -> list[ActivityDraft]:
    """Every activity of a draft, in the order of the file; its place here is its number."""
    return [*draft.activities, *draft.continuous]


def compare(draft: PlanDraft, on_file: Sequence[Kept], *, today: date) -> Differences:
    """What differs. A new date is told in words that mean the file's days when read today."""
    drafts = activities_of(draft)
    same = _matched(drafts, on_file)
    kept = {one.id: one for one in on_file}
    changed = []
    for at, number in sorted(same.items()):
        changes = tuple(_changes(drafts[at], kept[number], today))
        if changes and kept[number].may_change:
            changed.append(Changed(at, kept[number], changes))
    known = set(same.values())
    return Differences(
        added=[at for at in range(len(drafts)) if at not in same],
        changed=changed,
        removed=[one for one in on_file if one.id not in known and one.state in OPEN],
        same=same,
        elsewhere=tuple(_elsewhere(drafts, kept, same)),
    )


# What leads from one state to another with nothing but what a file says.
_LEADS: Mapping[tuple[State, State], tuple[Move, ...]] = {
    (State.DECIDED, State.ONGOING): (Move.START,),
    (State.DECIDED, State.FOLLOWED_UP): (Move.START, Move.FOLLOW_UP),
    (State.ONGOING, State.FOLLOWED_UP): (Move.FOLLOW_UP,),
}


def _elsewhere(
    drafts: Sequence[ActivityDraft], kept: Mapping[int, Kept], same: Mapping[int, int]
) -> Iterable[Elsewhere]:
    """Where the file plainly says another state. Words that stood there when the plan was taken in
    say nothing new, and what nobody has decided is not moved by a file.
    """
    for at, number in sorted(same.items()):
        one, words = kept[number], drafts[at].status_words
        told = State(drafts[at].state)
        plainly = bool(words) and (told is not State.PROPOSED or _plain(words) == told.value)
        if not plainly or told is one.state or _spaced(words) == _spaced(one.status_words):
            continue
        if one.state in OPEN and one.state is not State.PROPOSED:
            yield Elsewhere(at, one, words, told, _LEADS.get((one.state, told), ()))


# --- which is which -----------------------------------------------------------------------------


def _matched(drafts: Sequence[ActivityDraft], on_file: Sequence[Kept]) -> dict[int, int]:
    same: dict[int, int] = {}
    served = [_goals(draft.goals or (draft.goal,)) for draft in drafts]
    keys = [key_of(draft.what, draft.how) for draft in drafts]
    both = list(zip(keys, served, strict=True))
    _by_key(same, both, on_file, lambda one: (key_of(one.what, one.how), _goals(one.goals)))
    _by_key(same, keys, on_file, lambda one: key_of(one.what, one.how))
    _by_key(same, keys, on_file, lambda one: one.key.partition("-")[0])
    _by_likeness(same, drafts, on_file)
    _by_place(same, drafts, on_file)
    return same


def _by_key(
    same: dict[int, int],
    wanted: Sequence[object],
    on_file: Sequence[Kept],
    key: Callable[[Kept], object],
) -> None:
    waiting: Mapping[object, list[int]] = defaultdict(list)
    known = set(same.values())
    for one in on_file:
        if one.id not in known:
            waiting[key(one)].append(one.id)
    for at, asked in enumerate(wanted):
        found = waiting.get(asked) if at not in same else None
        if found:
            same[at] = found.pop(0)


def _by_likeness(
    same: dict[int, int], drafts: Sequence[ActivityDraft], on_file: Sequence[Kept]
) -> None:
    known = set(same.values())
    left = [one for one in on_file if one.id not in known]
    words = {one.id: _plain(one.what) for one in left}
    goals = {one.id: _goals(one.goals) for one in left}
    found: list[tuple[float, int, int]] = []
    letters = 0
    for at, draft in enumerate(drafts):
        if at in same:
            continue
        said, served = _plain(draft.what), _goals(draft.goals or (draft.goal,))
        for one in left:
            other = words[one.id]
            if _shares_words(said, other):
                letters += len(said) * len(other)
            if letters > MOST_LETTERS and said != other:
                continue  # found by its place, or new
            likeness = _likeness(said, other)
            own = bool(served & goals[one.id]) or not (served or goals[one.id])
            if likeness >= (SAME_GOAL_ALIKE if own else ALIKE_ANYWHERE):
                how = _likeness(_plain(draft.how), _plain(one.how))
                found.append((likeness + 0.1 * own + 0.05 * how, at, one.id))
    for _, at, number in sorted(found, key=lambda each: (-each[0], each[1], each[2])):
        if at not in same and number not in known:
            same[at] = number
            known.add(number)


def _by_place(
    same: dict[int, int], drafts: Sequence[ActivityDraft], on_file: Sequence[Kept]
) -> None:
    ids = [one.id for one in on_file]
    known = set(same.values())
    for at, draft in enumerate(drafts):
        if at in same:
            continue
        above = same.get(at - 1)
        place = ids.index(above) + 1 if above is not None else 0 if at == 0 else len(ids)
        one = on_file[place] if place < len(ids) else None
        if one is None or one.id in known:
            continue
        below = ids[place + 1] if place + 1 < len(ids) else None
        if same.get(at + 1) == below and _said_alike(draft, one) >= 2:
            same[at] = one.id
            known.add(one.id)


def _said_alike(draft: ActivityDraft, one: Kept) -> int:
    """How many things beside the words for what and how both say, and say alike."""
    pairs: list[tuple[object, object]] = [
        (_people(draft.responsible), _people(one.responsible)),
        (_plain(draft.start.text), _plain(one.start.text)),
        (_plain(draft.deadline.text), _plain(one.deadline.text)),
        (_plain(draft.follow_up), _plain(one.follow_up)),
        (_plain(draft.how), _plain(one.how)),
    ]
    return sum(bool(mine) and mine == theirs for mine, theirs in pairs)


def _shares_words(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return len(words & others) >= WORDS_IN_COMMON * max(len(words), len(others))


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if not _shares_words(one, other):
        return 0.0
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _plain(words: str) -> str:
    return fold(words)[:LONGEST]


# --- what is said otherwise ---------------------------------------------------------------------


def _changes(draft: ActivityDraft, one: Kept, today: date) -> Iterable[Otherwise]:
    yield from _in_words(draft, one, today)
    yield from _in_lists(draft, one)
    words = _money(draft.money, one.funding, today)
    if words:
        yield Otherwise(Agreed.FUNDING, one.funding.words, words)
    told = _promises(draft, one)
    if _folded(told) != _folded(one.promises):
        yield Otherwise(Agreed.PROMISES, "\n".join(one.promises), "\n".join(told))


def _in_words(draft: ActivityDraft, one: Kept, today: date) -> Iterable[Otherwise]:
    for what, before, after in (
        (Agreed.WHAT, one.what, draft.what),
        (Agreed.HOW, one.how, draft.how),
        (Agreed.FOLLOW_UP, one.follow_up, draft.follow_up),
    ):
        if after and _spaced(before) != _spaced(after):
            yield Otherwise(what, before, after)
    for what, was, becomes in (
        (Agreed.START, one.start, replace(draft.start, open=False)),  # "från maj" begins in May
        (Agreed.DEADLINE, one.deadline, draft.deadline),
    ):
        if becomes.text and not means_the_same(was, becomes):
            yield Otherwise(what, was.text, words_for(becomes, today))


def _in_lists(draft: ActivityDraft, one: Kept) -> Iterable[Otherwise]:
    if draft.responsible and _people(one.responsible) != _people(draft.responsible):
        yield Otherwise(
            Agreed.RESPONSIBLE, "\n".join(one.responsible), "\n".join(draft.responsible)
        )
    goals = tuple(goal for goal in draft.goals or (draft.goal,) if goal)
    if goals and not _same_goals(one.goals, goals):
        yield Otherwise(Agreed.GOALS, "\n".join(one.goals), "\n".join(goals))
    named = names_in(draft.target_group)
    if named and _folded(one.target_groups) != _folded(named):
        yield Otherwise(Agreed.TARGET_GROUPS, "\n".join(one.target_groups), "\n".join(named))
    taking_part = _taking_part(draft.taking_part)
    answering = _people(one.responsible) | _people(draft.responsible)
    if taking_part - answering and taking_part - answering != (
        _taking_part(one.participants) - answering
    ):
        yield Otherwise(
            Agreed.PARTICIPANTS, "\n".join(one.participants), "\n".join(draft.taking_part)
        )


def _money(told: FundingDraft, kept: Funding, today: date) -> str:
    """The words for money that differs, with the kronor and the day where they do not say so."""
    if not told.text:
        return ""
    amounts = told.amount == kept.amount and told.last.last == kept.last
    mine, theirs = _spaced(told.text), _spaced(kept.words)
    if amounts and (mine in theirs or (theirs and theirs in mine)):
        return ""
    again = funding_of(told.text, "", (), Reader(today))
    words = told.text
    if told.amount is not None and again.amount != told.amount:
        words += f" ({told.amount} kr)"
    if told.last.last and again.last.last != told.last.last:
        words += f", senast {told.last.last}"
    return words


def _promises(draft: ActivityDraft, one: Kept) -> list[str]:
    """What is promised: what the file says, and what it says nothing of."""
    told = [promise.words for promise in draft.promises]
    known = _folded(told)
    replaced = _spaced(
        "\n".join(
            was for was, now in ((one.how, draft.how), (one.follow_up, draft.follow_up)) if now
        )
    )
    left = [
        words
        for words in one.promises
        if _spaced(words) not in replaced and _spaced(words).casefold() not in known
    ]
    return list(dict.fromkeys([*told, *left]))


def _people(names: Sequence[str]) -> frozenset[str]:
    return _folded(split_responsible("\n".join(names)).responsible)


def _taking_part(names: Sequence[str]) -> frozenset[str]:
    told = split_responsible("\n".join(names))
    return _folded((*told.responsible, *told.participants))


def _goals(goals: Iterable[str]) -> frozenset[str]:
    return frozenset(bare_goal(goal) for goal in goals if goal)


def _same_goals(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """The same goals, but for slips of the pen."""
    if _goals(ours) == _goals(theirs) or bare_goal(" ".join(ours)) == bare_goal(" ".join(theirs)):
        return True
    mine, others = dict.fromkeys(ours, 1), dict.fromkeys(theirs, 1)
    return all(same_goal(goal, others) for goal in ours) and all(
        same_goal(goal, mine) for goal in theirs
    )


def bare_goal(words: str) -> str:
    """A goal's words to compare by: without "Mål 1:" before and the full stop after."""
    return fold(without_label(clean(words).rstrip(" .")))


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_spaced(name).casefold() for name in names)


def _spaced(words: str) -> str:
    return " ".join(clean(words).split())
