"""The year's end: a plan closes when nothing in it is open, and opens again only on a decision.

Both are rows that are never changed; `Plan.closed_on` is what they come to. What becomes of each
activity is moves (`models/moves.py`), also the carrying over to next year's plan.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, insert, select, update
from sqlmodel import Field, Session, SQLModel

from config import clock
from models.activity import Activity
from models.columns import Moment, c, one_of
from models.lifecycle import OPEN
from models.moves import Mover, Refused
from models.plan import Plan

_MOST_NAMED = 10  # a refusal names so many open activities, and counts the rest


class Deed(StrEnum):
    """What was done with a plan."""

    CLOSED = "avslutad"
    OPENED = "öppnad"


class PlanClosing(SQLModel, table=True):
    """A plan was closed, or opened again. A trigger in the database refuses UPDATE and DELETE."""

    __tablename__ = "plan_closing"
    __table_args__ = (
        Index("ix_plan_closing_plan_id", "plan_id", "id"),
        CheckConstraint(
            "deed = 'avslutad' OR decision_id IS NOT NULL", name="opened_on_a_decision"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    deed: Deed = Field(sa_type=one_of(Deed, "deed"))
    on_day: date
    at: datetime = Field(sa_type=Moment)
    by: str
    decision_id: int | None = Field(default=None, foreign_key="decision.id")
    reason: str = ""


def close_plan(
    session: Session,
    plan_id: int,
    mover: Mover,
    *,
    today: date,
    reason: str = "",
    decision_id: int | None = None,
) -> None:
    """Close a plan, or raise `Refused` with the activities that are open.

    The plan's row is held first: nobody proposes anything in it while it is being closed.
    """
    closed_on = _held(session, plan_id)
    if closed_on is not None:
        raise Refused([f"Planen är redan avslutad, den {closed_on}."])
    open_ones = (
        session.execute(
            select(c(Activity).what, c(Activity).state)
            .where(c(Activity).plan_id == plan_id, c(Activity).state.in_(OPEN))
            .order_by(c(Activity).position, c(Activity).id)
        )
        .tuples()
        .all()
    )
    if open_ones:
        named = [f"”{what}” är {state.value}." for what, state in open_ones[:_MOST_NAMED]]
        more = len(open_ones) - len(named)
        rest = [f"{more} till är öppna."] if more else []
        raise Refused(["Planen kan inte avslutas så länge aktiviteter är öppna.", *named, *rest])
    _put(session, plan_id, Deed.CLOSED, mover, today, reason, decision_id)


def reopen_plan(
    session: Session,
    plan_id: int,
    mover: Mover,
    *,
    today: date,
    reason: str,
    decision_id: int | None,
) -> None:
    """Open a closed plan again. Raises `Refused` without a decision, or when it is approved."""
    closed_on = _held(session, plan_id)
    missing = []
    if closed_on is None:
        missing.append("Planen är inte avslutad.")
    withdrawn = select(c(Plan).withdrawn_on).where(c(Plan).id == plan_id)
    if session.execute(withdrawn).scalar_one() is not None:
        missing.append("Planen är tillbakadragen. Läs in den på nytt i stället.")
    if decision_id is None:
        missing.append("Ange beslutet: vilken grupp, vilken dag och vilken paragraf.")
    if not reason.strip():
        missing.append("Skriv varför planen öppnas igen.")
    approved = select(c(Plan).approved_on).where(c(Plan).id == plan_id)
    if session.execute(approved).scalar_one() is not None:
        missing.append("Årets rapport är godkänd, så planen kan inte öppnas igen.")
    if missing:
        raise Refused(missing)
    _put(session, plan_id, Deed.OPENED, mover, today, reason, decision_id)


def _held(session: Session, plan_id: int) -> date | None:
    """The day the plan was closed, its row held until the transaction ends."""
    held = select(c(Plan).closed_on).where(c(Plan).id == plan_id).with_for_update()
    row = session.execute(held).one_or_none()
    if row is None:
        raise Refused([f"Det finns ingen plan med nummer {plan_id}."])
    closed_on: date | None = row.closed_on
    return closed_on


def _put(
    session: Session,
    plan_id: int,
    deed: Deed,
    mover: Mover,
    today: date,
    reason: str,
    decision_id: int | None,
) -> None:
    closed_on = today if deed is Deed.CLOSED else None
    session.execute(update(Plan).where(c(Plan).id == plan_id).values(closed_on=closed_on))
    session.execute(
        insert(PlanClosing).values(
            plan_id=plan_id,
            deed=deed,
            on_day=today,
            at=clock.now(),
            by=mover.name,
            decision_id=decision_id,
            reason=reason,
        )
    )
