"""A draft as a person left it in the preview: edited, its doubts settled, some of it left out.

Fields are named by what they hold and the activity's number in the file: `what_3`; a tick that
accepts the second proposal about it is `accept_3_1`, one that says that all is well `ok_3_1`. What
is not in the form stays as it was read. Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from intake.drafts import ActivityDraft, Asks, Doubt, PlanDraft
from intake.filing.differences import activities_of
from intake.lives.changes import lines_of
from models.span import NOTHING, Span
from rules.span_words import not_a_day
from rules.swedish_dates import read

LONGEST = 4000
_DATES = (Asks.YEAR_MISSING, Asks.DATE_UNSURE, Asks.NO_SUCH_DAY, Asks.NO_DATE, Asks.BEFORE_PLAN)
_ABOUT = {
    Asks.NO_RESPONSIBLE: "responsible",
    Asks.RESPONSIBLE_UNKNOWN: "responsible",
    Asks.WHICH_GROUP: "responsible",
    Asks.NO_DEADLINE: "deadline",
    Asks.RUNS_ON_TOO: "deadline",
    Asks.ENDS_BEFORE_START: "deadline",
    Asks.NO_FOLLOW_UP: "follow_up",
    Asks.STATUS: "status",
    Asks.NO_WORDS: "what",
    Asks.GOAL_FROM_ABOVE: "goals",
}
# The proposals that one tick can put in their place.
_ACCEPTED = (
    Asks.YEAR_MISSING,
    Asks.DATE_UNSURE,
    Asks.NO_SUCH_DAY,
    Asks.RESPONSIBLE_UNKNOWN,
    Asks.STATUS,
    Asks.DUPLICATE,
)


@dataclass(frozen=True, slots=True)
class Edited:
    """The draft as it was left, and what in the form could not be understood."""

    draft: PlanDraft
    problems: list[str]


def values_of(activity: ActivityDraft) -> dict[str, str]:
    """What the fields of a form hold before anybody has touched them."""
    return {
        "what": activity.what,
        "how": activity.how,
        "responsible": "\n".join(activity.responsible),
        "start": activity.start.text,
        "deadline": activity.deadline.text,
        "follow_up": activity.follow_up,
        "goals": "\n".join(activity.goals or ((activity.goal,) if activity.goal else ())),
        "status": activity.status_words,
    }


def may_accept(doubt: Doubt) -> bool:
    """Can one tick put the proposal in its place?"""
    return bool(doubt.proposal) and doubt.kind in _ACCEPTED


def about(doubt: Doubt, activity: ActivityDraft) -> str:
    """The field that a doubt is about, or ""."""
    if doubt.kind in _DATES:
        return "start" if doubt.sentence.startswith("Start") else "deadline"
    if doubt.kind is Asks.FROM_TEXT:
        texts = {activity.start.text: "start", activity.deadline.text: "deadline"}
        return texts.get(doubt.proposal, "responsible")
    return _ABOUT.get(doubt.kind, "")


def edited(draft: PlanDraft, fields: Mapping[str, str], *, today: date) -> Edited:
    """Put what the form says in the draft. Dates without a year are of the plan's."""
    problems: list[str] = []
    reference = draft.first_day or today
    kept: list[list[ActivityDraft]] = [[], []]
    for at, activity in enumerate(activities_of(draft)):
        told = _Told(fields, at, problems, reference)
        if not told.left_out(activity):
            kept[at >= len(draft.activities)].append(told.activity(activity))
    return Edited(replace(draft, activities=kept[0], continuous=kept[1]), problems)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the form says of one activity."""

    fields: Mapping[str, str]
    at: int
    problems: list[str]
    reference: date

    def left_out(self, activity: ActivityDraft) -> bool:
        doubles = [d.kind is Asks.DUPLICATE for d in activity.questions]
        accepted = any(double and self._accepts(n) for n, double in enumerate(doubles))
        return accepted or f"skip_{self.at}" in self.fields

    def activity(self, activity: ActivityDraft) -> ActivityDraft:
        before = values_of(activity)
        after = {name: self._words(name, words) for name, words in before.items()}
        for number, doubt in enumerate(activity.questions):
            if self._accepts(number) and may_accept(doubt):
                self._accept(doubt, about(doubt, activity), before, after)
        changed = {name for name in before if after[name] != before[name]}
        left = tuple(
            doubt
            for number, doubt in enumerate(activity.questions)
            if about(doubt, activity) not in changed and f"ok_{self.at}_{number}" not in self.fields
        )
        put = replace(activity, questions=left)
        for name in sorted(changed):
            put = _PUT[name](self, put, after[name])
        return put

    def _accepts(self, number: int) -> bool:
        return f"accept_{self.at}_{number}" in self.fields or "accept_all" in self.fields

    def _accept(
        self, doubt: Doubt, name: str, before: Mapping[str, str], after: dict[str, str]
    ) -> None:
        """A proposal is put where its words stood, unless the field was edited by hand."""
        if after.get(name) != before.get(name):
            return
        if name == "responsible":
            lines = after[name].split("\n")
            after[name] = "\n".join(doubt.proposal if x == doubt.words else x for x in lines)
        elif name:
            after[name] = doubt.proposal

    def _words(self, name: str, otherwise: str) -> str:
        words = self.fields.get(f"{name}_{self.at}")
        if words is None:
            return otherwise
        words = words.replace("\x00", "").replace("\r\n", "\n").strip()
        if len(words) > max(LONGEST, len(otherwise)):
            self.refuse(f"texten är för lång. Högst {LONGEST} tecken får plats.")
        return words

    def refuse(self, sentence: str) -> None:
        """Say what is wrong with this activity."""
        self.problems.append(f"Aktivitet {self.at + 1}: {sentence}")

    def span(self, words: str) -> Span:
        """The days that words mean, or a problem."""
        if not words:
            return NOTHING
        span = read(words, self.reference)
        if span.first is None and span.last is None and not span.open:
            self.refuse(not_a_day(span, words))
        return span


def _what(told: _Told, activity: ActivityDraft, words: str) -> ActivityDraft:
    if not words:
        told.refuse("skriv vad som ska göras, eller kryssa för att inte läsa in den.")
    return replace(activity, what=words)


def _goals(_told: _Told, activity: ActivityDraft, words: str) -> ActivityDraft:
    goals = tuple(dict.fromkeys(lines_of(words.replace(";", ","))))
    return replace(activity, goal=goals[0] if goals else "", goals=goals)


_PUT: dict[str, Callable[[_Told, ActivityDraft, str], ActivityDraft]] = {
    "what": _what,
    "how": lambda _, activity, words: replace(activity, how=words),
    "responsible": lambda _, activity, words: replace(
        activity, responsible=tuple(dict.fromkeys(lines_of(words)))
    ),
    "start": lambda told, activity, words: replace(activity, start=told.span(words)),
    "deadline": lambda told, activity, words: replace(activity, deadline=told.span(words)),
    "follow_up": lambda _, activity, words: replace(activity, follow_up=words),
    "goals": _goals,
    "status": lambda _, activity, words: replace(activity, status_words=words),
}
