"""Whose words wait for the process leader's yes before a report may hold them."""

from sqlalchemy import ColumnElement, and_, func, literal, select

from models.columns import c
from models.proposals import stands
from models.status import ReleasedWords, StatusAnswer


def words_wait() -> ColumnElement[bool]:
    """The answer of the row has words, and nobody has said whether they may stand in a report."""
    said = select(literal(1)).where(c(ReleasedWords).answer_id == c(StatusAnswer).id)
    return and_(
        func.length(func.trim(c(StatusAnswer).text)) > 0,
        stands(),
        ~said.correlate(StatusAnswer).exists(),
    )
