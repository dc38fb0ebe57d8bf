"""A quarter's status roll-up, of a group or of the whole collaboration; also tertial, half-year."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from config import policy
from config.policy import Policy
from reports.blocks import Report
from reports.editions import Facts, Frozen, Of
from reports.rollup.gather import gather
from reports.rollup.quarterly import report


def compile_quarter(
    session: Session, of: Of, cut_off: date, promises: Policy | None = None
) -> Facts:
    """The facts of a period, with what is on file until the cut-off."""
    return gather(session, of, cut_off, promises or policy.load())


def quarter_report(frozen: Frozen, prose: Mapping[str, str]) -> Report:
    """The report of frozen facts, with what people wrote."""
    return report(frozen, prose)
