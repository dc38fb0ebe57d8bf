"""What groups conclude from their deviation reports. Rows are added, never changed.

A trigger in the database refuses UPDATE and DELETE.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import Moment


class DeviationAnalysis(SQLModel, table=True):
    """What somebody wrote about an edition: a pattern, a measure, a conclusion; who and when.

    `activity_id` is the activity that was proposed from it.
    """

    __tablename__ = "deviation_analysis"
    __table_args__ = (
        CheckConstraint(
            "length(trim(pattern)) + length(trim(measure)) + length(trim(conclusion)) > 0"
            " OR activity_id IS NOT NULL",
            name="says_something",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    at: datetime = Field(sa_type=Moment)
    by: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    pattern: str = ""
    measure: str = ""
    conclusion: str = ""
    activity_id: int | None = Field(default=None, foreign_key="activity.id")
