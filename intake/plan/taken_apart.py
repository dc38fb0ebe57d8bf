"""What a document has been taken apart into; `layout.py` fills it, `plans.py` understands it."""

from dataclasses import dataclass, field

from intake.drafts import Skipped, Tally
from intake.plan.front_page import Line
from intake.plan.rows import PlanRow
from models.plan_shape import Role


@dataclass(slots=True)
class Layout:
    """A document taken apart."""

    rows: list[PlanRow] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    organisation: str = ""
    sheets: list[str] = field(default_factory=list)
    called: dict[Role, str] = field(default_factory=dict)  # labels of sections: "Fokusområde"
    guessed: dict[str, Role] = field(default_factory=dict)  # headings that the cells beneath tell
    tally: Tally = field(default_factory=Tally)
    asked: list[str] = field(default_factory=list)  # of tables that were joined, sheets left out
