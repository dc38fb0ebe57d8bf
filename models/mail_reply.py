"""Mail that people wrote to the address that letters come from, and what became of it.

One row for each mail, so that none is taken in twice; and one line for each activity that it says
something of. What was not understood whole, or may not be believed without a yes, waits with the
activity until the process leader has seen to it. Words are kept without personnummer.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of
from models.status import Says


class Became(StrEnum):
    """What became of a mail, and why it was no answer by itself."""

    ANSWERED = "answered"  # understood whole, from her own address, and the server vouches for it
    UNREAD = "unread"  # words that are not the fixed ones
    NOT_CHECKED = "not-checked"  # nothing says that it comes from whom it says
    ANOTHER = "another"  # from another address than the one on file
    FORWARDED = "forwarded"  # a letter that was sent on
    CLOSED = "closed"  # the link of that letter has closed
    REFUSED = "refused"  # understood, and cannot be so
    UNKNOWN = "unknown"  # no letter of ours is named
    BROKEN = "broken"  # taking it in failed
    FORGED = "forged"  # our receiving server says that it is not from where it says


class MailReply(SQLModel, table=True):
    """A mail by a person. `fingerprint` makes it one; `person_id` is whose letter it answers.

    `vouched`: our receiving server says that it comes from the domain that it says.
    """

    __tablename__ = "mail_reply"
    __table_args__ = (
        UniqueConstraint("fingerprint"),
        CheckConstraint("length(fingerprint) = 64", name="fingerprint"),
    )

    id: int | None = Field(default=None, primary_key=True)
    fingerprint: str
    at: datetime = Field(sa_type=Moment)
    on_day: date
    letter_id: int | None = Field(default=None, foreign_key="letter.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    sender: str  # the address that it says it comes from
    sender_name: str = ""
    subject: str = ""
    words: str = ""  # her own, without what she answered
    became: Became = Field(sa_type=one_of(Became, "became"))
    vouched: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class MailReplyLine(SQLModel, table=True):
    """What a mail says of one activity: an answer that was saved, or something that waits.

    `says` is None where it is only words. `settled_on`: somebody has seen to what waited.
    """

    __tablename__ = "mail_reply_line"
    __table_args__ = (
        CheckConstraint(
            "(settled_on IS NULL) = (length(trim(settled_by)) = 0)", name="settled_by_somebody"
        ),
        CheckConstraint("says IS NOT NULL OR length(day_words) = 0", name="day_of_an_answer"),
        Index(
            "ix_mail_reply_line_waiting",
            "activity_id",
            sqlite_where=text("answer_id IS NULL AND settled_on IS NULL"),
            postgresql_where=text("answer_id IS NULL AND settled_on IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    reply_id: int = Field(foreign_key="mail_reply.id", index=True)
    activity_id: int = Field(foreign_key="activity.id")
    says: Says | None = Field(default=None, sa_type=one_of(Says, "says"))
    day_words: str = ""
    answer_id: int | None = Field(default=None, foreign_key="status_answer.id")
    settled_on: date | None = None
    settled_by: str = ""
