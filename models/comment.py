"""What people write to each other about an activity, and the files that go with it.

A comment decides nothing: no letter, state or report follows from it. So it is no row of the log,
and one that is taken back leaves only that it was there: its words, its address and its file are
gone. A file is kept as it came, in a row of its own, so that a list of comments never reads one.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.columns import Moment, one_of

MOST_BYTES = 10 * 1024 * 1024


class FileKind(StrEnum):
    """What a file is, by what is in it."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    PNG = "png"
    JPEG = "jpg"


class Comment(SQLModel, table=True):
    """What somebody wrote about an activity, maybe with an address. `link_id`: through her link."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("length(trim(by)) > 0", name="by_somebody"),
        CheckConstraint("address = '' OR address LIKE 'https://%'", name="address_is_https"),
        CheckConstraint(
            "(taken_back_on IS NULL AND taken_back_by = '') OR (taken_back_on IS NOT NULL"
            " AND length(trim(taken_back_by)) > 0 AND words = '' AND address = '')",
            name="taken_back_whole",
        ),
        Index("ix_comment_activity_id", "activity_id", "id"),
        Index("ix_comment_at", "at"),  # letters ask what is new
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id")
    at: datetime = Field(sa_type=Moment)
    on_day: date
    by: str
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    link_id: int | None = Field(default=None, foreign_key="link.id")
    words: str = ""
    address: str = ""
    taken_back_on: date | None = None
    taken_back_by: str = ""


class CommentFile(SQLModel, table=True):
    """The file of a comment. Its name ends as its kind does, whatever it was called."""

    __tablename__ = "comment_file"
    __table_args__ = (
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        CheckConstraint(f"size BETWEEN 1 AND {MOST_BYTES}", name="size"),
        CheckConstraint("length(content) = size", name="whole"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    id: int | None = Field(default=None, primary_key=True)
    comment_id: int = Field(foreign_key="comment.id", unique=True)
    name: str
    kind: FileKind = Field(sa_type=one_of(FileKind, "kind"))
    size: int
    sha256: str
    content: bytes
