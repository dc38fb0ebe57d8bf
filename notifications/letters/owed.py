"""What is owed in letters today: notices gathered by person, the pressing things first.

Looks at what waits, asks `rules/recipients.py` who answers for it, and says why it stands there.
What only tells something, and asks nothing, is `told.py`; writing the letters is `morning.py`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Row, bindparam, or_, select, text
from sqlmodel import Session

from config.settings import Settings
from models.activity import Activity, Answerable
from models.alone import alone
from models.columns import c
from models.known import called_in_words
from models.left import out_of
from models.letter import Letter, LetterItem, LetterState, Notice, NoticeKind
from models.lifecycle import State
from models.part import Part
from models.plan import Plan
from notifications import silence
from notifications.directory import directory, named_in_unwritten
from notifications.letters.commented import add_what_was_commented
from notifications.letters.items import Item, Owed, Weight, waits
from notifications.letters.lacking import add_what_is_lacking
from notifications.letters.readers import Readers
from notifications.letters.said import (
    add_what_others_said,
    add_what_was_refused,
    add_what_was_said,
    add_what_was_settled,
)
from notifications.letters.taken_back import add_what_was_taken_back
from notifications.letters.told import add_mail_that_rests, add_what_is_told, add_what_rests
from notifications.notices import STILL_HOLDS, waits_for_a_yes
from rules.calendar import quiet_before
from rules.gathering import AT_ONCE
from rules.personnummer import masked
from rules.recipients import Answering, Directory, Named
from rules.wording import (
    alphabetically,
    capitalised,
    counted,
    held_back,
    reason_for_asking,
    tried_in_words,
)

_MOST_NAMED = 5  # of the activities in the one line about days that had passed

Tried = list[tuple[int, str, date]]  # person, name, the day of the letter


def drop_outdated(session: Session, today: date, only: Collection[int] | None = None) -> int:
    """Close notices whose day or state no longer holds, without a letter. Returns how many.

    `only`: of no others than these. Rounds look at all; what somebody does of her own touches
    nothing of anybody else's.
    """
    silence.settle(session, today, only)
    if only is None:
        found = session.execute(_OUTDATED, {"today": today})
        return int(found.rowcount)  # type: ignore[attr-defined]
    closed = 0
    for some in in_steps(sorted(only)):
        found = session.execute(_OUTDATED_OF_SOME, {"today": today, "only": some})
        closed += int(found.rowcount)  # type: ignore[attr-defined]
    return closed


def gather(
    session: Session,
    settings: Settings,
    today: date,
    readers: Readers,
    only: Collection[int] | None = None,
) -> Owed:
    """Everything that waits to be written about, for whom, in the order it matters.

    Each activity stands once in a letter, with every reason it is there, its parts' too. What is
    for somebody who has had the day's letter, and those asked beside her, waits (`readers.py`).
    `only`: no other notices than these. What stands in a letter of hers that may have come, or may
    yet come, is not told her again; it waits where a letter to another did not go.
    """
    asked = directory(session, today)
    gathering = _Gathering(
        asked=asked,
        named=named_in_unwritten(session),
        tried=_tried(session),
        told=set(session.execute(_TOLD).scalars()),
        readers=readers,
        today=today,
    )
    owed = gathering.owed
    for rows in _by_what_and_kind(_unwritten(session, today, only)).values():
        first = rows[0]
        with alone("Frågan om", first.what, collaboration_id=first.collaboration_id):
            gathering.add(rows)
    for (person_id, _), item in gathering.items.items():
        owed.by_person.setdefault(person_id, []).append(item)
    for person_id, items in owed.by_person.items():
        owed.by_person[person_id] = _in_one_line(items)
    add_what_is_told(session, settings, asked, owed, today, readers, only)
    add_what_was_taken_back(session, owed, today, readers, only)
    add_what_was_said(session, owed)
    add_what_is_lacking(session, settings, asked, gathering.named, owed, today, readers, only)
    _leave_out_what_she_has(session, owed, today)
    return owed


def add_what_goes_along(session: Session, owed: Owed, today: date) -> None:
    """Put what makes no letter by itself in the letters that there are, and all of it in order.

    `owed` has everybody who gets a letter that day, also one of reports alone: what stands in
    "the next letter" stands in that one. A letter from one collaboration takes nothing along of
    another that she has left, or said no to.
    """
    before = {person_id: len(items) for person_id, items in owed.by_person.items()}
    add_what_rests(session, owed)
    add_mail_that_rests(session, owed)
    add_what_was_settled(session, owed, today)
    add_what_was_refused(session, owed, today)
    add_what_others_said(session, owed, today)
    add_what_was_commented(session, owed, today)
    _leave_out_where_she_is_no_more(session, owed, before, today)
    for of_person in owed.by_person.values():
        of_person.sort(key=_in_order)


def _leave_out_where_she_is_no_more(
    session: Session, owed: Owed, before: Mapping[int, int], today: date
) -> None:
    came = [person_id for person_id, items in owed.by_person.items() if items[before[person_id] :]]
    for some in in_steps(sorted(came)):
        for person_id, areas in out_of(session, some, today).items():
            items, first = owed.by_person[person_id], before[person_id]
            items[first:] = [one for one in items[first:] if one.collaboration_id not in areas]


def _in_order(item: Item) -> tuple[int, date, tuple[str, str]]:
    """By weight and day, and then as a reader counts: 6 before 11."""
    return item.weight, item.due_on, alphabetically(item.what)


@dataclass(slots=True)
class _Gathering:
    """What is known of everything that waits, and what has been gathered of it."""

    asked: Directory
    named: dict[int, list[Named]]
    tried: dict[tuple[int, int | None], Tried]
    told: set[int]
    readers: Readers
    today: date
    owed: Owed = field(default_factory=Owed)
    items: dict[tuple[int, int], Item] = field(default_factory=dict)

    def add(self, rows: Sequence[Row[Any]]) -> None:
        """Put the notices of one kind about one activity, or part, in the letters they are for."""
        activity_id, kind = rows[0].activity_id, rows[0].kind
        before = self.tried.get((activity_id, rows[0].part_id), [])
        if kind == NoticeKind.SILENCE:
            answering = _next_in_line(self.asked, rows[-1])
            fresh = [who for who in answering if who.person_id not in {t[0] for t in before}]
            if answering and not fresh:  # it is silent still, and the week tells of it
                self.owed.told_before.extend(row.id for row in rows)
                return
            answering = fresh
        else:
            whom = _named_for_part(rows[0]) or self.named.get(activity_id, [])
            answering = self.asked.answering(whom, rows[0].group_id, activity_id)
        people = {who.person_id for who in answering}
        reached_on = min(row.reached_on for row in rows)
        by = min(_keeps(row) for row in rows)
        if not answering:
            self.owed.without_reader += len(rows)
        elif not self.readers.put_off(
            *(self.owed, people, len(rows), reached_on, by), area=rows[0].collaboration_id
        ):
            for who in answering:
                _put(self.items, who, rows, before, self.today, self._held_back(rows))
                if kind == NoticeKind.DEADLINE and activity_id not in self.told:
                    item = self.items[who.person_id, activity_id]
                    item.new_deadline = rows[-1].due_on >= self.today
            self.owed.written.extend(row.id for row in rows)

    def _held_back(self, rows: Sequence[Row[Any]]) -> str:
        """That the reminder of the day before could not go then; "" where that is not so.

        It matters only there: what is far off, or was told on the last working day, is no news.
        """
        last = min(rows, key=lambda row: row.rung)
        if last.kind not in (NoticeKind.DEADLINE, NoticeKind.PART) or abs(last.rung) > 1:
            return ""
        policy = self.readers.promised.of(last.collaboration_id)
        quiet = quiet_before(policy, self.today)
        if last.due_on - timedelta(days=1) not in quiet:
            return ""
        return held_back(any(each.holds(day) for each in policy.quiet for day in quiet))


def _keeps(row: Row[Any]) -> date:
    """The day that it must not wait past; a silence, and what is asked once more, never waits."""
    at_once = row.kind == NoticeKind.SILENCE or row.again_on is not None
    day: date = AT_ONCE if at_once else row.due_on
    return day


def _named_for_part(row: Row[Any]) -> list[Named]:
    """Whom a part names; nobody when it is no part, or names nobody on file."""
    if row.part_id is None or row.part_kind == Answerable.WORDS:
        return []
    return [Named(row.part_kind, "", row.part_person, row.part_group, row.part_role)]


def _next_in_line(asked: Directory, row: Row[Any]) -> list[Answering]:
    """The chair of the group that owns the activity, or the process leader, by the step."""
    if row.rung <= silence.PROCESS_LEADER:
        return asked.last_resort(row.group_id, row.activity_id)
    return asked.speaking_for(row.group_id, row.activity_id)


def _put(
    items: dict[tuple[int, int], Item],
    who: Answering,
    rows: Sequence[Row[Any]],
    tried: Tried,
    today: date,
    held_back: str = "",
) -> None:
    """Put the reasons of one kind in a person's row about the activity; the first row makes it.

    The rung reached last speaks for the earlier ones, when a round was missed. `held_back` says
    why it comes only now.
    """
    last = min(rows, key=lambda row: row.rung)
    silent = last.kind == NoticeKind.SILENCE
    due_on = (last.deadline_last or last.due_on) if silent else last.due_on
    why = reason_for_asking(last.kind, last.due_on, today, decided=last.state != State.PROPOSED)
    if silent:
        why = f"{why} {tried_in_words([(name, day) for _, name, day in tried])}"
    if last.part_id is not None:
        why = f"{last.part} ({last.part_state.value}): {why[:1].lower()}{why[1:]}"
    weight = Weight.SILENT if silent else Weight.OVERDUE if due_on < today else Weight.COMING
    item = items.setdefault(
        (who.person_id, last.activity_id),
        Item(
            activity_id=last.activity_id,
            what=masked(last.what),
            how=masked(last.how),
            plan=last.plan,
            collaboration_id=last.collaboration_id,
            state=last.state,
            via=who.via,
            due_on=due_on,
            weight=weight,
            passed=True,
        ),
    )
    item.whole = item.whole or silent or last.part_id is None
    item.passed = item.passed and all(_had_passed(row) for row in rows)
    item.why.append(capitalised(why))
    if held_back and held_back not in item.why:
        item.why.append(held_back)
    item.notice_ids.extend(row.id for row in rows)
    if last.kind == NoticeKind.ROUND and last.due_on >= today:
        item.closes_on = last.due_on
    if last.kind in (NoticeKind.DEADLINE, NoticeKind.PART) and last.due_on < today:
        item.missed_on = max(item.missed_on or last.due_on, last.due_on)
    item.weight = min(item.weight, weight)
    item.due_on = min(item.due_on, due_on)


def _had_passed(row: Row[Any]) -> bool:
    """Had its day passed before the plan was reminded of? A silence is another thing."""
    begins = row.reminded_from
    return row.kind != NoticeKind.SILENCE and begins is not None and row.due_on < begins


def _in_one_line(items: Sequence[Item]) -> list[Item]:
    """What had passed before its plan was reminded of is one line, however much it is.

    One for each collaboration: a reply to the letter quotes it to a leader.
    """
    found = [item for item in items if not item.passed]
    passed: dict[int, list[Item]] = {}
    for item in sorted((item for item in items if item.passed), key=lambda item: item.due_on):
        passed.setdefault(item.collaboration_id, []).append(item)
    for of_one in passed.values():
        found.append(_passed(of_one) if len(of_one) > 1 else of_one[0])
    return found


def _passed(passed: Sequence[Item]) -> Item:
    first = passed[0]
    named = "; ".join(item.what for item in passed[:_MOST_NAMED])
    left = len(passed) - _MOST_NAMED
    more = f" och {counted(left, 'till', 'till')}" if left > 0 else ""
    return Item(
        what=f"{capitalised(counted(len(passed), 'aktivitet', 'aktiviteter'))} med dagar som "
        "hade passerat när påminnelserna började",
        collaboration_id=first.collaboration_id,
        due_on=first.due_on,
        weight=Weight.OVERDUE,
        plan=", ".join(dict.fromkeys(item.plan for item in passed)) + ".",
        via=first.via,
        why=[f"{named}{more}."],
        notice_ids=[id_ for item in passed for id_ in item.notice_ids],
        many=len(passed),
    )


def _by_what_and_kind(
    notices: Sequence[Row[Any]],
) -> dict[tuple[int, int | None, str], list[Row[Any]]]:
    gathered: dict[tuple[int, int | None, str], list[Row[Any]]] = {}
    for row in notices:
        gathered.setdefault((row.activity_id, row.part_id, row.kind), []).append(row)
    return gathered


def _leave_out_what_she_has(session: Session, owed: Owed, today: date) -> None:
    """Nobody is told the same twice because a letter to somebody else did not go."""
    had = {(row.person_id, row.notice_id) for row in session.execute(_HAS, {"today": today})}
    if not had:
        return
    for person_id, items in list(owed.by_person.items()):
        left = []
        for item in items:
            new = [id_ for id_ in item.notice_ids if (person_id, id_) not in had]
            if new or not item.notice_ids:
                item.notice_ids = new
                left.append(item)
        if any(item.notice_ids for item in left):
            owed.by_person[person_id] = left
        else:
            del owed.by_person[person_id]
    told = {id_ for items in owed.by_person.values() for item in items for id_ in item.notice_ids}
    owed.told_before += sorted({id_ for _, id_ in had}.intersection(owed.written) - told)


# Of what waits: in whose letters it stands that have gone, or may yet go. One that was written with
# the clock ahead is not looked at, nor one from before somebody had it asked once more.
_HAS = (
    select(c(Letter).person_id, c(LetterItem).notice_id)
    .join(LetterItem, c(LetterItem).letter_id == c(Letter).id)
    .join(Notice, c(Notice).id == c(LetterItem).notice_id)
    .where(
        c(Notice).written_on.is_(None),
        c(Letter).state.not_in((LetterState.FAILED, LetterState.BOUNCED)),
        c(Letter).on_day <= bindparam("today", type_=Date),
        or_(c(Notice).again_on.is_(None), c(Letter).on_day > c(Notice).again_on),
    )
)


def _unwritten(session: Session, today: date, only: Collection[int] | None) -> Sequence[Row[Any]]:
    """What waits to be written about, in plans that are reminded of."""
    return session.execute(
        select(
            c(Notice).id,
            c(Notice).activity_id,
            c(Notice).kind,
            c(Notice).rung,
            c(Notice).due_on,
            c(Notice).reached_on,
            c(Notice).again_on,
            c(Activity).what,
            c(Activity).how,
            c(Activity).state,
            c(Activity).group_id,
            c(Activity).deadline_last,
            c(Plan).title.label("plan"),
            c(Plan).collaboration_id,
            c(Plan).reminded_from,
            c(Notice).part_id,
            c(Part).name.label("part"),
            c(Part).state.label("part_state"),
            c(Part).kind.label("part_kind"),
            c(Part).person_id.label("part_person"),
            c(Part).group_id.label("part_group"),
            c(Part).role.label("part_role"),
        )
        .join(Activity, c(Activity).id == c(Notice).activity_id)
        .join(Plan, c(Plan).id == c(Activity).plan_id)
        .outerjoin(Part, c(Part).id == c(Notice).part_id)
        .where(
            waits(only),
            c(Notice).kind.not_in((NoticeKind.LACK, NoticeKind.DONE, NoticeKind.UNDONE)),
            c(Plan).reminded_from <= today,
            or_(c(Notice).kind.not_in(_RESTS), text(_NOTHING_PROPOSED)),
        )
        .order_by(c(Notice).id)
    ).all()


# What rests while a proposal waits for a yes, also where its letter never left before that.
_RESTS = (NoticeKind.DEADLINE, NoticeKind.PART, NoticeKind.ROUND)
_NOTHING_PROPOSED = f"NOT {waits_for_a_yes('notice.activity_id')}"


def _tried(session: Session) -> dict[tuple[int, int | None], Tried]:
    """Who was asked on which days since each silence that waits began, by activity and part.

    Only letters that went ask anybody.
    """
    found: dict[tuple[int, int | None], Tried] = {}
    for activity_id, part_id, person_id, name, day in session.execute(_TRIED):
        found.setdefault((activity_id, part_id), []).append((person_id, name, day))
    return found


_TRIED = text(f"""
    SELECT DISTINCT silent.activity_id, silent.part_id, l.person_id,
           {called_in_words("owner.collaboration_id", "l.person_id", "l.to_name")} AS name,
           l.went_on
    FROM notice silent
    JOIN notice asked ON asked.activity_id = silent.activity_id
                     AND coalesce(asked.part_id, 0) = coalesce(silent.part_id, 0)
                     AND asked.kind NOT IN ('lack', 'done', 'undone')
    JOIN letter_item i ON i.notice_id = asked.id
    JOIN letter l ON l.id = i.letter_id AND l.went_on >= silent.due_on
                 AND l.state IN ('sent', 'kept')
    JOIN activity a ON a.id = silent.activity_id
    JOIN groups owner ON owner.id = a.group_id
    WHERE silent.written_on IS NULL AND silent.kind = 'silence'
    ORDER BY silent.activity_id, silent.part_id, l.went_on, name
""").columns(went_on=Date)  # noqa: S608 - own names

# Activities whose deadline, the very day, has stood in a letter before.
_TOLD = text("""
    SELECT DISTINCT n.activity_id FROM notice n
    JOIN notice told ON told.activity_id = n.activity_id AND told.kind = 'deadline'
                    AND told.due_on = n.due_on
    JOIN letter_item i ON i.notice_id = told.id
    WHERE n.written_on IS NULL AND n.kind = 'deadline'
""")

_CLOSING = (
    "UPDATE notice SET written_on = :today, settled_on = :today "  # noqa: S608 - own names
    f"WHERE written_on IS NULL AND NOT {STILL_HOLDS}"
)
_OUTDATED = text(_CLOSING).bindparams(bindparam("today", type_=Date))
_OUTDATED_OF_SOME = text(f"{_CLOSING} AND notice.id IN :only").bindparams(
    bindparam("today", type_=Date), bindparam("only", expanding=True)
)


def in_steps(ids: list[int], step: int = 5000) -> Iterator[list[int]]:
    """A long list in shorter ones: a statement may bind so many values and no more."""
    for start in range(0, len(ids), step):
        yield ids[start : start + step]
