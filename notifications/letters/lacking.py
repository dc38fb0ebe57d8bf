"""What activities lack (brister), in the daily letters: one entry of at most three lines
for each collaboration.

Asked of whoever the plan names as responsible, and of the process leader. A lack of a responsible
is the process leader's alone: nobody else is asked about it as if it were hers. When something is
asked for is the ladder's work (`notices.py`); what is lacking is looked up when the letter is
written, so that what was mended meanwhile is not asked for.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from config.settings import Settings
from models.activity import Activity
from models.alone import alone
from models.columns import c
from models.lacks import ANYTHING, in_words, lacks_of
from models.letter import Notice, NoticeKind
from models.lifecycle import Lack
from models.plan import Plan
from notifications.letters.items import Item, Owed, Weight, waits
from notifications.letters.readers import Readers
from rules.gathering import ANY_DAY
from rules.personnummer import masked
from rules.recipients import Directory, Named
from rules.wording import capitalised, counted, shortened

MOST_LINES = 3
_LONGEST = 100  # characters of what an activity is about, in a line


@dataclass(frozen=True, slots=True)
class _Line:
    """What one activity lacks, for one reader."""

    row: Row[Any]
    lacks: tuple[Lack, ...]
    leads: bool  # is she asked as the one who leads?


def add_what_is_lacking(
    session: Session,
    settings: Settings,
    asked: Directory,
    named: Mapping[int, Sequence[Named]],
    owed: Owed,
    today: date,
    readers: Readers,
    only: Collection[int] | None = None,
) -> None:
    """Put what is lacking in the letters of those who can mend it, an entry each.

    One for each collaboration: a reply to the letter quotes it to a leader.
    """
    rows = _waiting(session, only)
    lacks = lacks_of(session, [row.activity_id for row in rows], today)
    by_person: dict[tuple[int, int], list[_Line]] = {}  # and by collaboration
    for row in rows:
        with alone("Det som saknas i", row.what, collaboration_id=row.collaboration_id):
            lacking = lacks.get(row.activity_id, ())
            lines = _lines(asked, named.get(row.activity_id, ()), row, lacking)
            if not lacking:
                owed.nobody_left.append(row.id)
            elif not lines:
                continue  # it waits; that nobody can be reached is told of the activity itself
            elif not readers.put_off(
                *(owed, lines, 1, row.reached_on, ANY_DAY), area=row.collaboration_id
            ):
                owed.written.append(row.id)
                for person_id, line in lines.items():
                    by_person.setdefault((person_id, row.collaboration_id), []).append(line)
    for (person_id, _), told in by_person.items():
        owed.by_person.setdefault(person_id, []).append(_item(settings, told))


def _lines(
    asked: Directory, named: Sequence[Named], row: Row[Any], lacking: tuple[Lack, ...]
) -> dict[int, _Line]:
    """What each reader is asked for; who leads is asked for all of it."""
    hers = tuple(lack for lack in lacking if lack is not Lack.RESPONSIBLE)
    found: dict[int, _Line] = {}
    if hers:
        for who in asked.named(named, row.group_id, row.activity_id):
            found[who.person_id] = _Line(row, hers, leads=False)
    if lacking:
        for who in asked.last_resort(row.group_id, row.activity_id):
            found[who.person_id] = _Line(row, lacking, leads=True)
    return found


def _item(settings: Settings, told: Sequence[_Line]) -> Item:
    activities = {line.row.activity_id: line for line in told}
    shown = list(activities.values())
    if len(shown) > MOST_LINES:
        shown = shown[: MOST_LINES - 1]
    why = [f"{_what(line.row.what)}: saknar {in_words(line.lacks)}." for line in shown]
    more = len(activities) - len(shown)
    if more:
        why.append(f"… och {counted(more, 'aktivitet', 'aktiviteter')} till.")
    leads = any(line.leads for line in told)
    number = capitalised(counted(len(activities), "aktivitet", "aktiviteter"))
    return Item(
        what=f"{number} saknar något som behövs",
        collaboration_id=told[0].row.collaboration_id,
        due_on=min(line.row.due_on for line in told),
        weight=Weight.LACKING,
        why=why,
        notice_ids=[line.row.id for line in told],
        page=f"{settings.pages_url}/aktiviteter?saknar={ANYTHING}" if leads else "",
        link="Visa och komplettera" if leads else "",
    )


def _what(words: str) -> str:
    """What an activity is about, short enough for a line."""
    return shortened(" ".join(masked(words).split()), _LONGEST)


def _waiting(session: Session, only: Collection[int] | None) -> Sequence[Row[Any]]:
    return session.execute(
        select(
            c(Notice).id,
            c(Notice).activity_id,
            c(Notice).due_on,
            c(Notice).reached_on,
            c(Activity).what,
            c(Activity).group_id,
            c(Plan).collaboration_id,
        )
        .join(Activity, c(Activity).id == c(Notice).activity_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .where(waits(only), c(Notice).kind == NoticeKind.LACK)
        .order_by(c(Activity).deadline_last, c(Notice).id)
    ).all()
