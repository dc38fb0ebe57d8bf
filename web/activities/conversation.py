"""What people have written to each other about an activity: the newest, or all of it.

One statement for the comments and one for the names of their files, however many they are.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from fastapi.responses import Response
from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from models.columns import c
from models.comment import Comment, CommentFile
from models.database import ask
from rules.wording import day_in_words

SHOWN = 20
MOST = 1000  # of "all"
DONE = "kommentar-"  # what the address says was saved just now
_KILO = 1024
_ONLY_TO_SAVE = "default-src 'none'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class Said:
    """One comment, with the name of its file."""

    id: int
    on_day: date
    at: datetime
    by: str
    person_id: int | None
    words: str
    address: str
    taken_back: str  # "Togs tillbaka av Frida 3 mars 2024.", or nothing
    file_id: int | None
    file_name: str
    file_size: str


@dataclass(frozen=True, slots=True)
class Talk:
    """The comments that are shown, the newest first, and how many there are."""

    said: list[Said]
    number: int

    @property
    def rest(self) -> int:
        """How many are not shown."""
        return self.number - len(self.said)


def conversation(session: Session, activity_id: int, *, whole: bool = False) -> Talk:
    """What has been said about an activity: the newest, or all."""
    most = MOST if whole else SHOWN
    rows = ask(session, _COMMENTS, activity=activity_id, most=most).all()
    files = {row.comment_id: row for row in ask(session, _FILES, comments=[r.id for r in rows])}
    return Talk([_said(row, files.get(row.id)) for row in rows], rows[0].number if rows else 0)


def _said(row: Any, file: Any) -> Said:  # noqa: ANN401 - rows
    back = ""
    if row.taken_back_on is not None:
        back = f"Togs tillbaka av {row.taken_back_by} {day_in_words(row.taken_back_on)}."
    return Said(
        *(row.id, row.on_day, row.at, row.by, row.person_id, row.words, row.address, back),
        file_id=file.id if file else None,
        file_name=file.name if file else "",
        file_size=in_words(file.size) if file else "",
    )


def in_words(size: int) -> str:
    """ "340 kB", "2,4 MB" """
    if size < _KILO * _KILO:
        return f"{max(1, round(size / _KILO))} kB"
    return f"{size / _KILO / _KILO:.1f} MB".replace(".", ",")


def how_many(session: Session, activity_ids: Collection[int]) -> Mapping[int, int]:
    """How many comments stand about each of some activities."""
    return dict(ask(session, _HOW_MANY, activities=list(activity_ids)).tuples().all())


def receipt(session: Session, activity_id: int, done: str) -> dict[str, object] | None:
    """What was saved or taken back just now, for the receipt; nothing that is not a comment's."""
    number = done.removeprefix(DONE)
    if not done.startswith(DONE) or not number.isdecimal() or len(number) > 9:
        return None
    row = c(Comment)
    asked = select(row.taken_back_on, row.taken_back_by).where(
        row.id == int(number), row.activity_id == activity_id
    )
    found = session.execute(asked).first()
    if found is None:
        return None
    if found.taken_back_on is None:
        return {"words": ["kommentar"], "key": number, "undone": "", "comment": True}
    day = day_in_words(found.taken_back_on)
    gone = f"Kommentaren togs tillbaka av {found.taken_back_by} {day}. Det som stod i den är borta."
    return {"words": [], "key": "", "undone": gone, "comment": True}


def to_save(session: Session, activity_id: int, file_id: int) -> Response | None:
    """The file of a comment about that very activity, to be saved and never shown."""
    file = c(CommentFile)
    found = session.execute(
        select(file.name, file.content)
        .join(Comment, c(Comment).id == file.comment_id)
        .where(file.id == file_id, c(Comment).activity_id == activity_id)
    ).first()
    if found is None:
        return None
    plain = "".join(sign if sign.isascii() and sign not in '"\\;%' else "_" for sign in found.name)
    whole = quote(found.name, safe="")
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}",
        "Content-Security-Policy": _ONLY_TO_SAVE,
    }
    return Response(found.content, media_type="application/octet-stream", headers=headers)


# The questions, made once (`ask`).
_COMMENTS = (
    select(
        *(c(Comment).id, c(Comment).on_day, c(Comment).at, c(Comment).by, c(Comment).person_id),
        *(c(Comment).words, c(Comment).address),
        *(c(Comment).taken_back_on, c(Comment).taken_back_by),
        func.count().over().label("number"),
    )
    .where(c(Comment).activity_id == bindparam("activity"))
    .order_by(c(Comment).id.desc())
    .limit(bindparam("most"))
)
_FILES = select(
    *(c(CommentFile).comment_id, c(CommentFile).id, c(CommentFile).name, c(CommentFile).size)
).where(c(CommentFile).comment_id.in_(bindparam("comments", expanding=True)))
_HOW_MANY = (
    select(c(Comment).activity_id, func.count())
    .where(
        c(Comment).activity_id.in_(bindparam("activities", expanding=True)),
        c(Comment).taken_back_on.is_(None),
    )
    .group_by(c(Comment).activity_id)
)
