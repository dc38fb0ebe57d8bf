"""The shape of a plan's table is kept when the plan is taken in, to draw it by when it goes out."""

from sqlalchemy import delete, insert, select
from sqlmodel import Session

from intake.drafts import ShapeDraft
from models.columns import c
from models.plan_shape import PlanColumn, PlanShape


def keep_shape(session: Session, plan_id: int, shape: ShapeDraft | None, *, anew: bool) -> None:
    """Keep the shape; one that is on file already gives way only when it is to be kept anew."""
    known = select(c(PlanShape).plan_id).where(c(PlanShape).plan_id == plan_id)
    if shape is None or (not anew and session.execute(known).first()):
        return
    session.execute(delete(PlanColumn).where(c(PlanColumn).plan_id == plan_id))
    session.execute(delete(PlanShape).where(c(PlanShape).plan_id == plan_id))
    session.execute(
        insert(PlanShape).values(
            plan_id=plan_id,
            goals_in_rows=shape.goals_in_rows,
            title_above=shape.title_above,
            sheet=shape.sheet,
        )
    )
    columns = [
        {"plan_id": plan_id, "position": at, "heading": column.heading, "role": column.role}
        for at, column in enumerate(shape.columns)
    ]
    session.execute(insert(PlanColumn), columns)
