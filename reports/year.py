"""The year's report (årsrapport): what became of every activity, for all groups."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from config import policy
from config.policy import Policy
from reports.blocks import Report
from reports.editions import Facts, Frozen, Of
from reports.rollup.gather import gather
from reports.rollup.yearly import report


def compile_year(session: Session, of: Of, cut_off: date, promises: Policy | None = None) -> Facts:
    """The facts of a year, with what is on file until the cut-off."""
    return gather(session, of, cut_off, promises or policy.load())


def year_report(frozen: Frozen, prose: Mapping[str, str]) -> Report:
    """The report of frozen facts, with what people wrote."""
    return report(frozen, prose)
