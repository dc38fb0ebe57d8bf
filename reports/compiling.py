"""Compiling an edition: facts are read in one transaction and frozen in another.

For whoever asks: the timetable, the pages. `foljsam report` is `cli/reports.py`.
"""

from datetime import date

from config import policy
from config.settings import Settings
from models.database import at_one_moment, transaction
from models.edition import ReportKind
from reports.editions import Of, freeze
from reports.quarter import compile_quarter
from reports.rollup.shapes import SCHEMA
from reports.year import compile_year


def compile_edition(settings: Settings, of: Of, cut_off: date, by: str) -> tuple[int, bool] | None:
    """(The edition's number on file, whether it is new). None: there is nothing to tell, neither of
    any activity nor of what an earlier report told and was taken back.

    Of roll-ups alone: deviation reports are compiled all at once (`reports/deviation/`). Raises
    `DoesNotAddUp` with a sentence when the figures contradict each other: then nothing is frozen.
    """
    if of.kind is ReportKind.DEVIATIONS:
        raise ValueError("a deviation report is no roll-up")
    compiled = compile_year if of.kind is ReportKind.YEAR else compile_quarter
    with at_one_moment(settings) as session:
        facts = compiled(session, of, cut_off, policy.load(settings.home))
    if not facts["counts"]["activities"] and "corrected" not in facts:
        return None
    with transaction(settings) as session:
        return freeze(session, of, facts, schema_version=SCHEMA, cut_off=cut_off, by=by)
