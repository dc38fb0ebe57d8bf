"""A frozen edition as a report: by its kind. What every format is written from."""

from collections.abc import Mapping, Sequence

from models.edition import ReportKind
from reports.blocks import Report
from reports.deviation.words import deviation_report
from reports.editions import Frozen
from reports.rollup import quarterly, yearly


def report_of(frozen: Frozen, prose: Mapping[str, str], warnings: Sequence[str] = ()) -> Report:
    """The report. `warnings` are printed in drafts only (`against.py` finds some)."""
    if frozen.of.kind is ReportKind.YEAR:
        return yearly.report(frozen, prose, warnings)
    if frozen.of.kind is ReportKind.QUARTER:
        return quarterly.report(frozen, prose, warnings)
    return deviation_report(frozen, prose)
