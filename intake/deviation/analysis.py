"""What a group concludes from its deviation report, as somebody writes it -> a row, or sentences.

The words are kept as they are written. A personnummer is refused: what is kept stays kept.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, insert, select
from sqlmodel import Session

from config import clock
from intake.lives.proposals import ask_to_propose
from intake.personnummer import holds
from models.columns import c
from models.deviation_analysis import DeviationAnalysis
from models.edition import Edition
from models.group import Group
from models.moves import Mover, Refused
from models.plan import Adoption, Plan
from rules.periods import parse

LONGEST = 4000
_WORDS = {"pattern": "monster", "measure": "atgard", "conclusion": "slutsats"}


def record(
    session: Session, edition_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> int | None:
    """Keep what was written about an edition; the number of the activity that it proposed, if any.

    Raises `Refused` with every sentence, and keeps nothing.
    """
    words = {column: given.get(name, "").strip() for column, name in _WORDS.items()}
    what = " ".join(given.get("aktivitet", "").split())
    problems = []
    if not any((*words.values(), what)):
        problems.append("Skriv minst en sak: ett mönster, en åtgärd, en slutsats eller aktivitet.")
    if any(len(text) > LONGEST for text in (*words.values(), what)):
        problems.append(f"Skriv kortare, högst {LONGEST} tecken i varje ruta.")
    if any(holds(text) for text in (*words.values(), what)):
        problems.append("Ta bort personnumret. Här ska ingen kunna kännas igen.")
    if problems:
        raise Refused(problems)
    activity_id = None
    if what:
        activity_id = _propose(session, edition_id, what, words["pattern"], mover, today)
    session.execute(
        insert(DeviationAnalysis).values(
            edition_id=edition_id,
            at=clock.now(),
            by=mover.name,
            person_id=mover.person_id,
            activity_id=activity_id,
            **words,
        )
    )
    return activity_id


def _propose(
    session: Session, edition_id: int, what: str, pattern: str, mover: Mover, today: date
) -> int:
    """Propose the activity in the group's plan; how it came about stands with it."""
    edition = session.execute(
        select(c(Edition).group_id, c(Edition).period).where(c(Edition).id == edition_id)
    ).one()
    plan_id = current_plan(session, edition.group_id, today)
    if plan_id is None:
        raise Refused(
            [
                "Det finns ingen öppen plan att föreslå aktiviteten i. Be processledaren lägga upp "
                "en plan för gruppen, eller skriv förslaget som en åtgärd så länge."
            ]
        )
    came = f"Från avvikelserapporten {parse(edition.period).name}."
    how = f"{came} Mönster: {pattern}" if pattern else came
    group = {"group": str(edition.group_id)}
    return ask_to_propose(session, plan_id, {"what": what, "how": how, **group}, mover, today=today)


def current_plan(session: Session, group_id: int | None, today: date) -> int | None:
    """The group's own open plan that holds today, or one that it has adopted; the latest begun."""
    p = c(Plan)
    adopted = select(c(Adoption).plan_id).where(c(Adoption).group_id == group_id)
    found = session.execute(
        select(p.id)
        .join(Group, c(Group).collaboration_id == p.collaboration_id)
        .where(
            c(Group).id == group_id,
            (p.group_id == group_id) | p.id.in_(adopted),
            p.closed_on.is_(None),
            p.approved_on.is_(None),
            p.last_day.is_(None) | (p.last_day >= today),
        )
        .order_by(
            (p.group_id == group_id).desc(),
            func.coalesce(p.first_day, date.min).desc(),
            p.id.desc(),
        )
        .limit(1)
    ).scalar()
    return int(found) if found is not None else None
