"""Words of a file that wait for a tick: which they are, and what was said of them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlmodel import Session

from intake.deviation import codes
from intake.deviation.codes import Word
from intake.deviation.shapes import Source
from models.columns import c
from models.deviation import DeviationImport

_ASKED_AT_MOST = timedelta(days=30)


def reading_of(source: Source, unknown: Sequence[Word]) -> str:
    """The same, the same reading of the same file: its columns, and the words left out of it."""
    left_out = codes.digest(unknown)
    return f"{source.digest} {left_out}" if left_out else source.digest


def forget_old_words(session: Session, at: datetime) -> None:
    """Words that nobody has said anything of in a month are not kept any longer."""
    i = c(DeviationImport)
    session.execute(update(DeviationImport).where(i.at < at - _ASKED_AT_MOST).values(unknown=[]))


def words_of(session: Session, import_id: int) -> list[Word]:
    """The words of a file that wait for a tick."""
    asked = select(c(DeviationImport).unknown).where(c(DeviationImport).id == import_id)
    return codes.thawed(session.execute(asked).scalar() or [])


def tick(
    session: Session, import_id: int, ticked: Collection[Word], by: str, at: datetime
) -> list[Word]:
    """Keep which of a file's words are codes; those that are not, in any spelling."""
    i = c(DeviationImport)
    area = session.execute(select(i.collaboration_id).where(i.id == import_id)).scalar()
    words = words_of(session, import_id)
    good = {(one.column, codes.folded(one.text)) for one in ticked}
    if area is not None:
        codes.teach(session, area, [w for w in words if w in ticked], by, at)
    session.execute(
        update(DeviationImport).where(c(DeviationImport).id == import_id).values(unknown=[])
    )
    return [word for word in words if (word.column, codes.folded(word.text)) not in good]


def without(session: Session, import_id: int, reading: str, words: Sequence[Word]) -> str:
    """Leave words out of what waits; how the file is then read."""
    hidden = codes.leave_out_of_rows(session, import_id, words)
    i = c(DeviationImport)
    changed = update(DeviationImport).where(i.id == import_id)
    session.execute(changed.values(hidden=i.hidden + hidden))
    columns, left_out = reading.partition(" ")[0], codes.digest(words)
    return f"{columns} {left_out}" if left_out else columns
