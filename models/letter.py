"""What is owed (notices), what is written (letters) and what opens (links).

A notice is a rung that an activity, a part of one or a plan's money has reached, or that somebody
was handed something; its unique key makes it exactly one. What else belongs in somebody's letter is
a part. Both are put on file in the transaction that decides them, and are what the day's letter is
made of when it goes. The letter row is the whole contract with the postman, who sends it and writes
down what the server said.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of
from models.letter_kinds import PARTS, LetterKind
from models.post import Stage


class NoticeKind(StrEnum):
    """Why something is written about. A part has the deadlines' ladder, a plan's money funding's.

    A silence, a delegation and what is said to be done have none.
    """

    DEADLINE = "deadline"
    START = "start"
    REVIEW = "review"
    RESUME = "resume"
    PART = "part"  # the deadline that a part of it has for itself
    FUNDING = "funding"  # the last day that its money may be used
    ROUND = "round"  # a status round asks; due on the day it closes
    SILENCE = "silence"  # nobody has answered since due_on; the rung is the step up the line
    DELEGATION = "delegation"  # somebody is to stand in, from due_on
    LACK = "lack"  # it lacks something that it should have, since due_on
    DONE = "done"  # somebody answered "Klart" on due_on, and it is to be followed up
    UNDONE = "undone"  # what she had a letter about was taken back on due_on


# What tells of something, and asks nothing of whoever answers for it: no silence follows on these.
TELLS = (
    NoticeKind.SILENCE,
    NoticeKind.DELEGATION,
    NoticeKind.LACK,
    NoticeKind.DONE,
    NoticeKind.UNDONE,
)
TELLS_IN_WORDS = ", ".join(f"'{kind.value}'" for kind in TELLS)


class Notice(SQLModel, table=True):
    """Something has reached a rung of a day that matters. A changed day is a new `due_on`.

    It is about an activity, maybe one part of it; or about a plan's money; or about a delegation.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(
            "(activity_id IS NOT NULL AND plan_id IS NULL AND delegation_id IS NULL) "
            "OR (activity_id IS NULL AND part_id IS NULL "
            "AND (plan_id IS NULL) <> (delegation_id IS NULL))",
            name="is_about_one_thing",
        ),
        # A part that is NULL must not make two notices differ.
        Index(
            "uq_notice",
            *("activity_id", "kind", "due_on", "rung", text("coalesce(part_id, 0)")),
            unique=True,
        ),
        Index(
            "uq_notice_plan",
            *("plan_id", "kind", "due_on", "rung"),
            unique=True,
            sqlite_where=text("plan_id IS NOT NULL"),
            postgresql_where=text("plan_id IS NOT NULL"),
        ),
        Index(
            "uq_notice_delegation",
            "delegation_id",
            unique=True,
            sqlite_where=text("delegation_id IS NOT NULL"),
            postgresql_where=text("delegation_id IS NOT NULL"),
        ),
        # What waits to be put in a letter: few rows, among ever more that are done.
        Index(
            "ix_notice_unwritten",
            "id",
            sqlite_where=text("written_on IS NULL"),
            postgresql_where=text("written_on IS NULL"),
        ),
        # What was asked and waits for an answer: the silences are looked for here.
        Index(
            "ix_notice_waiting",
            "activity_id",
            "written_on",
            sqlite_where=text("written_on IS NOT NULL AND settled_on IS NULL"),
            postgresql_where=text("written_on IS NOT NULL AND settled_on IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int | None = Field(default=None, foreign_key="activity.id")
    part_id: int | None = Field(default=None, foreign_key="part.id")
    plan_id: int | None = Field(default=None, foreign_key="plan.id")
    delegation_id: int | None = Field(default=None, foreign_key="delegation.id")
    kind: NoticeKind = Field(sa_type=one_of(NoticeKind, "kind"))
    rung: int  # days before (positive) or after (negative) due_on
    due_on: date
    reached_on: date
    written_on: date | None = None  # the day it was put in letters, or found to have no reader
    asked_on: date | None = None  # the first day that a letter with it went, and has not come back
    again_on: date | None = None  # the day somebody had it asked once more, in the next letter
    settled_on: date | None = None  # the day it was answered, or found to hold no longer


class LetterState(StrEnum):
    """Where a letter is on its way."""

    QUEUED = "queued"
    SENDING = "sending"  # claimed by a postman
    SENT = "sent"  # the server said yes
    KEPT = "kept"  # no mail server is set: kept as a file
    FAILED = "failed"  # the server said no for good
    BOUNCED = "bounced"  # the server said yes, and later that it did not arrive
    REPLACED = "replaced"  # never went: what holds of it stands in a later day's letter
    EMPTY = "empty"  # never went: when it was to go nothing in it held any more


class Link(SQLModel, table=True):
    """A link in a letter: opens one person's page, until it expires or is revoked.

    A code to her address says that it is she who has it, where a forwarded letter must not do. It
    is made of `code_seed` and our key; the seed alone is on file.

    One that whoever is signed in made for herself opens in that session alone.
    """

    __tablename__ = "link"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    made_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    latest_form: str = ""  # a print of the form that was sent through it last
    code_seed: str = Field(default="", sa_column_kwargs={"server_default": ""})  # "": none
    code_at: datetime | None = Field(default=None, sa_type=Moment)
    code_tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    # The number of the session that it is for. No foreign key: sessions are cleared away after a
    # while, and such a link must not become one that opens for anybody.
    session_id: int | None = None


class AnswerDraft(SQLModel, table=True):
    """What somebody had filled in when she left the page behind a link: its fields. No answer."""

    __tablename__ = "answer_draft"

    link_id: int = Field(foreign_key="link.id", primary_key=True)
    fields: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=Moment)


class Letter(SQLModel, table=True):
    """One letter to one person.

    Of the day's letter there is one for each person and day. `(person, day, kind, occasion)` is
    unique too: a letter of another kind names what it is about (a request to sign in, a fault).

    `text` and `html` hold marks where its links will stand (`rules/marks.py`); `leads_to` names
    those that are its own, with a space between. Nothing here opens a link.

    `made_at`: when the day's letter was made of what held; it is made anew when it is old and has
    certainly not gone. `may_have_gone_at`: since then the server may have had it, and it only goes
    as it is.

    `takes_replies`: who presses Reply has answered, where a mailbox for that is read
    (`notifications/returns.py`); elsewhere, and for other letters, it goes to `reply_to`.

    `doubted_at`: since then it waits for others to tell whether a refusal is about it or about us.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("person_id", "on_day", "kind", "occasion"),
        UniqueConstraint("message_id"),
        Index(
            "uq_letter_of_the_day",
            *("person_id", "on_day"),
            unique=True,
            sqlite_where=text("kind = 'morning'"),
            postgresql_where=text("kind = 'morning'"),
        ),
        Index("ix_letter_state", "state"),  # counted by watchers; the rows themselves are wide
        CheckConstraint("length(to_address) > 0", name="has_address"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint(
            "state NOT IN ('sent', 'kept') OR done_at IS NOT NULL", name="done_when_sent"
        ),
        Index(
            "ix_letter_outbox",
            "not_before",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    link_id: int | None = Field(default=None, foreign_key="link.id")
    kind: LetterKind = Field(sa_type=one_of(LetterKind, "kind"))
    occasion: str = Field(default="", sa_column_kwargs={"server_default": ""})
    on_day: date
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    leads_to: str = Field(default="", sa_column_kwargs={"server_default": ""})
    message_id: str
    reply_to: str = Field(default="", sa_column_kwargs={"server_default": ""})
    takes_replies: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    from_name: str = Field(default="", sa_column_kwargs={"server_default": ""})  # "": ours
    queued_at: datetime = Field(sa_type=Moment)
    state: LetterState = Field(default=LetterState.QUEUED, sa_type=one_of(LetterState, "state"))
    not_before: datetime = Field(sa_type=Moment)
    attempts: int = 0
    claimed_by: str = ""
    claimed_at: datetime | None = Field(default=None, sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    server_said: str = ""
    went_on: date | None = None  # the day it was sent, or kept where there is no mail server
    stage: Stage | None = Field(default=None, sa_type=one_of(Stage, "stage"))  # of what it said
    doubted_at: datetime | None = Field(default=None, sa_type=Moment)
    seen_to_at: datetime | None = Field(default=None, sa_type=Moment)  # lost, and sent again
    made_at: datetime | None = Field(default=None, sa_type=Moment)
    may_have_gone_at: datetime | None = Field(default=None, sa_type=Moment)


class LetterItem(SQLModel, table=True):
    """A notice stands in a letter. `via` says why it came to this person.

    `number` is that of its activity in the letter, by which a reply names it; None: it has none.
    """

    __tablename__ = "letter_item"

    letter_id: int = Field(foreign_key="letter.id", primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", primary_key=True, index=True)
    via: str = ""
    number: int | None = None


class LetterPart(SQLModel, table=True):
    """Something for one person's letter besides notices: a report, the week's sums, a word.

    It waits until it stands in a letter, or is found to hold no longer (`dropped_on`). Its words
    are a piece of a letter, made when it was decided; what tells of the present has none here, and
    is looked up when the letter is made.
    """

    __tablename__ = "letter_part"
    __table_args__ = (
        UniqueConstraint("person_id", "on_day", "kind", "occasion"),
        CheckConstraint(
            f"kind IN ({', '.join(repr(kind.value) for kind in PARTS)})", name="is_a_part"
        ),
        Index(
            "ix_letter_part_waiting",
            "person_id",
            sqlite_where=text("letter_id IS NULL AND dropped_on IS NULL"),
            postgresql_where=text("letter_id IS NULL AND dropped_on IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    kind: LetterKind = Field(sa_type=one_of(LetterKind, "kind"))
    occasion: str = ""
    on_day: date  # the day it was decided for
    decided_at: datetime = Field(sa_type=Moment)
    collaboration_id: int | None = Field(default=None, foreign_key="collaboration.id")
    edition_id: int | None = Field(default=None, foreign_key="edition.id")
    period: str = ""  # of the report that it is about, where it is about one period
    title: str = ""
    text: str = ""
    html: str = ""
    leads_to: str = ""
    letter_id: int | None = Field(default=None, foreign_key="letter.id", index=True)
    dropped_on: date | None = None


class Attachment(SQLModel, table=True):
    """A file that goes with a letter, or with a part. With a `content_id` the HTML shows it."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("letter_id", "name"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        CheckConstraint("(letter_id IS NULL) <> (letter_part_id IS NULL)", name="goes_with_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
    name: str
    media_type: str
    content_id: str = ""
    content: bytes
    letter_part_id: int | None = Field(default=None, foreign_key="letter_part.id", index=True)
