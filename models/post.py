"""When the postman stands still: the mail server refuses us, so letters wait and nobody is blamed.

A stage of the talk with a mail server has its word here too, since it is kept with what was said
there. What a refusal means is `rules/refusals.py`'s; stopping and going on, `notifications/`'s.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of


class Stage(StrEnum):
    """Where in the talk with the server something was said (RFC 5321, 3.1 to 3.3)."""

    CONNECT = "connect"  # the greeting
    HELLO = "hello"
    TLS = "tls"  # STARTTLS, and the certificate
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"  # DATA, and what is said after the last dot


class PostStop(SQLModel, table=True):
    """The server refuses our sender or sign-in. One row is open at a time for each sender.

    `next_try_at` is when a few letters are tried again. The administrators are told on the page at
    once, through the watcher (`pinged_at`), and by mail when mail works again (`told_at`).
    """

    __tablename__ = "post_stop"
    __table_args__ = (
        Index(
            "uq_post_stop_open",
            "sender",
            unique=True,
            sqlite_where=text("mended_at IS NULL"),
            postgresql_where=text("mended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    sender: str
    stage: Stage = Field(sa_type=one_of(Stage, "stage"))
    said: str  # the server's own words, on one line
    since: datetime = Field(sa_type=Moment)
    tries: int = 0
    next_try_at: datetime = Field(sa_type=Moment)
    mended_at: datetime | None = Field(default=None, sa_type=Moment)
    pinged_at: datetime | None = Field(default=None, sa_type=Moment)
    told_at: datetime | None = Field(default=None, sa_type=Moment)
