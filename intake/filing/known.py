"""What those on file make doubtful about a plan that was read: names, doubles, a plan that is full.

Only asks; nothing is saved. Shown with the preview, and told again when the plan is put on file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlmodel import Session

from intake.drafts import ActivityDraft, Asks, Doubt, PlanDraft
from intake.people.register import Names, collaboration_on_file, names_in, plain, whom
from intake.plan.heading_words import fold
from intake.plan.rows import short
from intake.plans import alike
from models.activity import Activity, Answerable
from models.columns import c
from models.group import Group
from models.known import called, is_known_in
from models.lifecycle import State, possible
from models.plan import Plan
from models.shared_mailbox import names_that_share
from rules.alike import closest

_ENOUGH = 0.6  # of the words; fewer in common and two activities are not alike
_NEAR = 0.75  # how near a name must be to be proposed


@dataclass(frozen=True, slots=True)
class _OnFile:
    """An activity that the collaboration has."""

    what: str
    how: str
    plan: str
    state: State


def with_doubts_on_file(
    session: Session, draft: PlanDraft, *, organisation: str, name: str = ""
) -> PlanDraft:
    """The draft with the doubts that need those on file; as it was when nothing is on file.

    1. Names of responsible that are neither people nor groups, each with the nearest one.
    2. Activities that another plan of the collaboration has in almost the same words.
    3. More activities than the plan's cap.
    """
    area = collaboration_on_file(session, draft.organisation, organisation)
    if area is None:
        return draft
    names = names_in(session, area)
    spelled = _spelled(session, area)
    title = name or draft.title
    doubles = _Doubles(_others(session, area, title, draft.group or organisation))
    return replace(
        draft,
        activities=[_asked(activity, names, spelled, doubles) for activity in draft.activities],
        questions=[*draft.questions, *_too_many(session, area, title, draft)],
    )


def _asked(
    activity: ActivityDraft, names: Names, spelled: Mapping[str, str], doubles: "_Doubles"
) -> ActivityDraft:
    doubts = [*_unknown(activity, names, spelled), *doubles.doubts_of(activity)]
    return replace(activity, questions=(*activity.questions, *doubts))


def _spelled(session: Session, area: int) -> dict[str, str]:
    """Names as they are on file, by how they are compared."""
    groups = select(c(Group).name).where(c(Group).collaboration_id == area)
    people = session.execute(select(called(area)).where(is_known_in({area}))).scalars()
    sharing = session.execute(names_that_share(area)).scalars()
    names = (*people, *sharing, *session.execute(groups).scalars())
    return {plain(name): name for name in names}


def _unknown(activity: ActivityDraft, names: Names, spelled: Mapping[str, str]) -> Iterable[Doubt]:
    asked = {doubt.words for doubt in activity.questions if doubt.kind is Asks.WHICH_GROUP}
    for words in activity.responsible:
        known = whom(words, names.people, names.groups).kind is not Answerable.WORDS
        if known or words in asked:
            continue
        near = closest(plain(words), [*names.groups, *names.people], _NEAR)
        meant = spelled.get(near, near) if near else ""
        hint = f" Menas ”{meant}”?" if meant else ""
        yield Doubt(
            Asks.RESPONSIBLE_UNKNOWN,
            f"”{short(words)}” finns inte bland personerna och grupperna.{hint}",
            words,
            meant,
            activity.source,
        )


def _too_many(session: Session, area: int, title: str, draft: PlanDraft) -> Iterable[Doubt]:
    found = session.execute(
        select(c(Plan).id, c(Plan).cap).where(
            c(Plan).collaboration_id == area,
            c(Plan).title == title,
            c(Plan).cap.is_not(None),
            c(Plan).withdrawn_on.is_(None),
        )
    ).first()
    if found is None:
        return
    states = session.execute(
        select(c(Activity).state, func.count())
        .where(c(Activity).plan_id == found.id)
        .group_by(c(Activity).state)
    ).all()
    on_file = sum(many for state, many in states if possible(state))
    many = max(on_file, len(draft.activities) + len(draft.continuous))
    if many > found.cap:
        told = f"Planen får {many} aktiviteter, fler än de {found.cap} som är satta som tak."
        yield Doubt(Asks.TOO_MANY, told, str(many), str(found.cap))


class _Doubles:
    """Finds activities on file that say almost the same, by the words they have in common."""

    def __init__(self, on_file: Iterable[_OnFile]) -> None:
        self.on_file = list(on_file)
        self.holding: dict[str, list[int]] = defaultdict(list)
        self.sizes: list[int] = []
        for at, one in enumerate(self.on_file):
            words = set(fold(one.what).split())
            self.sizes.append(len(words))
            for word in words:
                self.holding[word].append(at)

    def doubts_of(self, activity: ActivityDraft) -> Iterable[Doubt]:
        for one in self._alike(activity):
            told = (
                f"Aktiviteten liknar ”{short(one.what)}” i planen ”{one.plan}” ({one.state}). "
                "Är det samma?"
            )
            proposal = "överför" if possible(one.state) else ""
            yield Doubt(Asks.DUPLICATE, told, activity.what, proposal, activity.source)
            return

    def _alike(self, activity: ActivityDraft) -> Iterable[_OnFile]:
        words = set(fold(activity.what).split())
        common: Mapping[int, int] = self._in_common(words)
        for at in sorted(common, key=lambda at: -common[at])[:20]:
            most = max(len(words), self.sizes[at])
            one = self.on_file[at]
            both_say_how = bool(one.how and activity.how)
            if (
                common[at] >= _ENOUGH * most
                and alike(one.what, activity.what)
                and (not both_say_how or alike(one.how, activity.how))
            ):
                yield one

    def _in_common(self, words: set[str]) -> dict[int, int]:
        common: dict[int, int] = defaultdict(int)
        for word in words:
            for at in self.holding.get(word, ()):
                common[at] += 1
        return common


def _others(session: Session, area: int, title: str, group: str) -> Iterable[_OnFile]:
    """The activities of the collaboration's other plans; its own are compared by their key."""
    rows = session.execute(
        select(c(Activity).what, c(Activity).how, c(Activity).state, c(Plan).title, c(Group).name)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .join(Group, c(Group).id == c(Plan).group_id)
        .where(c(Plan).collaboration_id == area, c(Plan).withdrawn_on.is_(None))
    )
    for what, how, state, plan, owner in rows:
        if (plan, plain(owner)) != (title, plain(group)):
            yield _OnFile(what, how, plan, state)
