"""Where a file with a plan is put: in a plan that is chosen, one that it seems to be, or a new one.

That the viewer leads what the form names has been asked before the page (`rules/fields.py`); what
the file's own words name is looked for among what she leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import Request
from sqlalchemy import select
from sqlmodel import Session

from intake.drafts import PlanDraft
from intake.filing.taking_in import plan_by_file, plan_of
from intake.people.register import plain
from models.columns import c
from models.group import Collaboration, Group
from models.moves import Refused
from models.plan import Plan
from models.refusal import at
from web.page import settings_of
from web.people.register import led_areas
from web.sent import existing, number_of

NEW = "ny"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where the file is to be put: a plan on file (its number), or a new one."""

    plan_id: int | None
    group_id: int | None
    area: str


def chosen_place(
    session: Session, request: Request, draft: PlanDraft, fields: Mapping[str, str]
) -> Chosen:
    """The plan that is chosen, else the one that the file seems to be; or a new plan's group."""
    areas = led_areas(session, request)
    names = [name for _, name in areas]
    own = settings_of(request).organisation
    area = own if own in names or not names else names[0]
    if plan_id := number_of(fields, "plan"):
        plan = existing(session, Plan, plan_id)
        return Chosen(plan.id, plan.group_id, _area_of(session, plan.group_id))
    if group_id := number_of(fields, "group"):
        existing(session, Group, group_id)
        return Chosen(None, group_id, _area_of(session, group_id))
    known = None
    if fields.get("plan") != NEW:
        known = _seems_to_be(session, draft, areas, area)
    if known is not None:
        plan = session.get_one(Plan, known)
        return Chosen(known, plan.group_id, _area_of(session, plan.group_id))
    groups = session.execute(
        select(c(Group).id, c(Group).name, c(Collaboration).name.label("area"))
        .join(Collaboration, c(Collaboration).id == c(Group).collaboration_id)
        .where(c(Collaboration).id.in_([id_ for id_, _ in areas]))
    ).all()
    named = plain(draft.group)
    group = next((row for row in groups if named and plain(row.name) == named), None)
    return Chosen(None, group.id if group else None, group.area if group else area)


def named(
    session: Session, draft: PlanDraft, chosen: Chosen, fields: Mapping[str, str]
) -> PlanDraft:
    """The draft under the title and group that it is to be filed by."""
    group = draft.group
    if chosen.group_id is not None:
        group = session.get_one(Group, chosen.group_id).name
    if chosen.plan_id is not None:
        title = session.get_one(Plan, chosen.plan_id).title
    else:
        title = " ".join(fields.get("title", draft.title).replace("\x00", "").split())
    if not title:
        raise Refused([at("title", "Skriv vad planen ska heta.")])
    return replace(draft, title=title[:200], group=group, organisation=chosen.area)


def refuse_one_on_file(session: Session, draft: PlanDraft, chosen: Chosen) -> None:
    """A new plan has a name of its own in its group.

    One that is on file was perhaps read in from another tab, or by somebody else, since this
    preview was shown: nothing of it was compared with the file.
    """
    if chosen.plan_id is None and plan_of(session, draft, organisation=chosen.area) is not None:
        told = (
            f"Gruppen har redan en plan som heter ”{draft.title}”. Välj den under Plan för att se "
            "vad som skiljer, eller ge den nya planen ett annat namn."
        )
        raise Refused([at("title", told)])


def _seems_to_be(
    session: Session, draft: PlanDraft, areas: Sequence[tuple[int, str]], area: str
) -> int | None:
    """The plan of the same group and title; else the latest that a file of this name came to.

    The collaboration that the file names is asked first, when she leads it; one that she does not
    lead is never asked, whatever the file says.
    """
    told = plain(draft.organisation)
    own = [name for _, name in areas if told and plain(name) == told]
    for name in dict.fromkeys([*own, area]):
        same = plan_of(session, draft, organisation=name)
        if same is not None and _is_in(session, same, areas):
            return same
    return plan_by_file(session, draft.file, [id_ for id_, _ in areas])


def _is_in(session: Session, plan_id: int, areas: Sequence[tuple[int, str]]) -> bool:
    whose = session.get_one(Plan, plan_id).collaboration_id
    return any(whose == id_ for id_, _ in areas)


def _area_of(session: Session, group_id: int) -> str:
    query = select(c(Collaboration).name).join(
        Group, c(Group).collaboration_id == c(Collaboration).id
    )
    return str(session.execute(query.where(c(Group).id == group_id)).scalar_one())
