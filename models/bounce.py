"""Letters that came back: what a mail server reported after it had said yes.

One row for each report that was read, so that none is counted twice; those that name no letter of
ours are rows too, without a letter.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of


class Report(StrEnum):
    """What a message in the mailbox for bounces turned out to be."""

    UNREACHABLE = "unreachable"  # the address does not work
    FAILED = "failed"  # the letter did not come, and the address may be right all the same
    DELAYED = "delayed"  # the server is still trying
    IRRELEVANT = "irrelevant"  # an automatic answer, a receipt, a stray letter
    FORGED = "forged"  # it names a letter, but not in our hand
    UNKNOWN = "unknown"  # a report of a letter that we do not know
    NOT_BELIEVED = "not-believed"  # the letter came to her, or is older than reports are


class Bounce(SQLModel, table=True):
    """One message that was read in the mailbox for bounces. `fingerprint` makes it one."""

    __tablename__ = "bounce"
    __table_args__ = (
        UniqueConstraint("fingerprint"),
        CheckConstraint("length(fingerprint) = 64", name="fingerprint"),
    )

    id: int | None = Field(default=None, primary_key=True)
    fingerprint: str
    at: datetime = Field(sa_type=Moment)
    report: Report = Field(sa_type=one_of(Report, "report"))
    letter_id: int | None = Field(default=None, foreign_key="letter.id", index=True)
    status: str = ""  # "5.1.1"
    said: str = ""  # the server's own words
