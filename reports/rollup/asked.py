"""What a roll-up is asked for, worked out once: whose groups, which days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session

from models.columns import c
from models.group import Collaboration, Group
from reports.editions import Of
from rules.periods import Period, parse
from rules.wording import alphabetically


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose (`groups`: number -> name, in Swedish order), when, and the last day looked at.

    `until` is the last day of the period that has been reached; `passed` the last one that is over.
    """

    organisation: str
    group: str
    collaboration_id: int
    groups: Mapping[int, str]
    above: Mapping[int, str]
    whole: bool
    period: Period
    cut_off: date
    names: bool = False  # of those who answered, beside their words
    quarter_cut_off: int = 0  # so many days after its quarter something still counts there

    @property
    def until(self) -> date:
        return min(self.cut_off, self.period.last)

    @property
    def passed(self) -> date:
        over = self.cut_off > self.period.last
        return self.period.last if over else self.until - timedelta(days=1)

    @property
    def days(self) -> dict[str, date]:
        """The days that statements ask with."""
        return {
            "first": self.period.first,
            "until": self.until,
            "passed": self.passed,
            "cut_off": self.cut_off,
            "next_last": self.period.next.last,
        }


def asked_for(session: Session, of: Of, cut_off: date, quarter_cut_off: int = 0) -> Asked:
    """Look up the groups: all of the collaboration, or one and those below it."""
    rows = session.execute(
        select(c(Group).id, c(Group).name, c(Group).parent_id)
        .where(c(Group).collaboration_id == of.collaboration_id)
        .order_by(c(Group).id)
    ).all()
    names = {row.id: row.name for row in rows}
    parents = {row.id: row.parent_id for row in rows}
    chosen = [id_ for id_ in names if of.group_id is None or of.group_id in _line(id_, parents)]
    chosen.sort(key=lambda id_: alphabetically(names[id_]))
    organisation, names_in_reports = session.execute(
        select(c(Collaboration).name, c(Collaboration).names_in_reports).where(
            c(Collaboration).id == of.collaboration_id
        )
    ).one()
    return Asked(
        organisation=organisation,
        group=names[of.group_id] if of.group_id is not None else "",
        collaboration_id=of.collaboration_id,
        groups={id_: names[id_] for id_ in chosen},
        above={id_: names.get(parents[id_], "") for id_ in chosen},
        whole=of.group_id is None,
        period=parse(of.period),
        cut_off=cut_off,
        names=names_in_reports,
        quarter_cut_off=quarter_cut_off,
    )


def _line(id_: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """A group and all above it; a ring, which nobody should have made, is walked once."""
    line: list[int] = []
    while id_ is not None and id_ not in line:
        line.append(id_)
        id_ = parents.get(id_)
    return line
