"""What is promised on a day: the installation's policy, and what collaborations say over it.

The one place that is asked. A round asks for its day, a rehearsal for each of its days, a page for
the day it shows. The installation's is `policy.toml` (`config/policy.py`) with what rows of no
collaboration say over it; a collaboration's is that, with what its own rows say.

A row is one section as somebody said it, and from which day that counts. The newest by that day
holds. Rows are added and never changed; one that has not begun may be withdrawn, and stays.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, select
from sqlmodel import Field, Session, SQLModel

from config.own_policy import Promised, Says, over, promised_on
from config.policy import Policy
from models.columns import Moment, c


class PolicyChange(SQLModel, table=True):
    """What a collaboration, or the installation, says of one section from a day on.

    `says` holds all that it says of the section, by the names in `policy.toml`; an empty one says
    nothing any more. `collaboration_id` is empty for what the installation says.
    """

    __tablename__ = "policy_change"
    __table_args__ = (
        CheckConstraint("length(trim(section)) > 0", name="has_section"),
        CheckConstraint("length(trim(decided_by)) > 0", name="has_somebody"),
        CheckConstraint(
            "(withdrawn_at IS NULL AND withdrawn_by = '') "
            "OR (withdrawn_at IS NOT NULL AND withdrawn_by <> '')",
            name="withdrawn_by_somebody",
        ),
        Index("ix_policy_change_collaboration_id", "collaboration_id", "section", "counts_from"),
    )

    id: int | None = Field(default=None, primary_key=True)
    collaboration_id: int | None = Field(default=None, foreign_key="collaboration.id")
    section: str
    says: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    counts_from: date
    decided_at: datetime = Field(sa_type=Moment)
    decided_by: str
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_by: str = Field(default="", sa_column_kwargs={"server_default": ""})


def promised(session: Session, base: Policy, day: date) -> Promised:
    """The policies of that day; `base` is the file's. One question, whatever their number."""
    said = said_on(session, day)
    usual = over(base, said.pop(None, {}), "the installation")
    return promised_on(day, usual, {area: says for area, says in said.items() if area is not None})


def policy_of(session: Session, base: Policy, area: int | None, day: date) -> Policy:
    """The policy of one collaboration on a day; the installation's for none."""
    return promised(session, base, day).of(area)


def said_on(session: Session, day: date) -> dict[int | None, Says]:
    """What is said over the file on a day, by collaboration (None: the installation)."""
    row = c(PolicyChange)
    rows = session.execute(
        select(row.collaboration_id, row.section, row.says)
        .where(row.counts_from <= day, row.withdrawn_at.is_(None))
        .order_by(row.counts_from, row.id)
    )
    found: dict[int | None, dict[str, Mapping[str, Any]]] = {}
    for area, section, says in rows:
        found.setdefault(area, {})[section] = says
    return dict(found)
