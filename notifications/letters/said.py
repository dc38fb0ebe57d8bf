"""What has been said already of what a letter asks about, and what waits for whom.

She who has answered reads her own answer back, not the bare question once more. What others wrote
stands on the page; in a letter only their answer does, since nobody has said yes to their words.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BindParameter, Boolean, Date, Row, Select, bindparam, func, select, text
from sqlmodel import Session

from models.activity import Activity
from models.columns import c
from models.database import ask
from models.delegation import StandInWish
from models.group import Group
from models.known import called, called_in_words
from models.letter import Letter, LetterState
from models.person import Person
from models.plan import Plan
from models.proposals import proposes_another_day, proposes_somebody_else
from models.status import Says, Settled, StatusAnswer
from models.undoing import standing, stands
from notifications.letters.items import Item, Owed, Weight, told_about
from rules.personnummer import masked
from rules.what_follows import Stand, Told, proposal_in_words, what_became
from rules.wording import SAYS_IN_WORDS, answer_in_words, capitalised, day_in_words, shortened

_MOST = 120  # characters of somebody's words in a line
_BACK = timedelta(days=30)  # to somebody who has had no letter before
_IN_A_QUESTION = 5000
_WHAT_SHE_CAN_DO = (
    "På sidan kan du svara själv, påminna, ta över frågan eller ta upp den på gruppens möte."
)
_NEVER_CAME = (
    *(LetterState.FAILED, LetterState.BOUNCED),
    *(LetterState.REPLACED, LetterState.EMPTY),
)


def add_what_was_said(session: Session, owed: Owed) -> None:
    """Put the newest answer about each activity beside the question, in every letter of the day."""
    asked = [
        (person_id, item)
        for person_id, items in owed.by_person.items()
        for item in items
        if item.activity_id is not None and item.weight < Weight.LACKING
    ]
    ids = sorted({item.activity_id for _, item in asked if item.activity_id is not None})
    said = {row.activity_id: row for row in newest_answers(session, ids)}
    waiting = {row.activity_id: row for row in _waiting(session, ids)}
    for person_id, item in asked:
        if item.weight is Weight.SILENT:
            item.why.append(_WHAT_SHE_CAN_DO)  # a reason of several is said once
        lines = _lines(item, said.get(item.activity_id), waiting.get(item.activity_id), person_id)
        item.said.extend(lines)


def _lines(
    item: Item, said: Row[Any] | None, waits: Row[Any] | None, person_id: int
) -> Iterable[str]:
    """ "Ditt senaste besked, 3 december 2024: Går enligt plan." and what waits for a yes."""
    if said is not None:
        whose, words = "Ditt senaste besked", ""
        if said.person_id != person_id:
            whose = f"Senaste beskedet, från {masked(said.by)}"
        elif said.text:
            words = f" ”{shortened(masked(' '.join(said.text.split())), _MOST)}”"
        says = answer_in_words(said.says, said.instead, said.by)
        yield f"{whose}, {day_in_words(said.on_day)}: {says}.{words}"
        if item.missed_on is not None and said.on_day <= item.missed_on:
            yield "Dagen har passerat sedan dess. När blir det klart?"
    if waits is not None:
        yield f"{_proposed(waits)} väntar på processledarens ja eller nej."


def _proposed(row: Row[Any]) -> str:
    if row.proposed_text:
        return f"Förslaget om nytt slutdatum ({masked(row.proposed_text)})"
    return f"Förslaget att {masked(row.instead) or 'någon annan'} svarar för den"


def add_what_was_settled(session: Session, owed: Owed, today: date) -> None:
    """Whoever has a letter is told of each yes or no to her answers since the letter before.

    No letter is written for that alone; her page has it too.
    """
    people = sorted(owed.by_person)
    for some in _in_steps(people):
        before = _letters_before(session, some, today)
        for row in session.execute(_SETTLED.where(c(StatusAnswer).person_id.in_(some))):
            if row.settled_on < before.get(row.person_id, row.settled_on):
                continue
            stand = Stand(row.accepted, masked(row.settled_by), row.settled_on, masked(row.reason))
            told = Told(row.says, row.on_day, None, row.proposed_text, row.instead, stand=stand)
            about = masked(proposal_in_words(told)) or SAYS_IN_WORDS[row.says]
            why = [f"Ditt besked {day_in_words(row.on_day)}: {about}.", what_became(told)]
            owed.by_person[row.person_id].append(told_about(row, row.settled_on, why))


def add_what_was_refused(session: Session, owed: Owed, today: date) -> None:
    """Whoever has a letter is told of each no to a stand-in that she wished for, and why.

    A yes is told as every stand-in is (`told.py`).
    """
    wish = c(StandInWish)
    for some in _in_steps(sorted(owed.by_person)):
        before = _letters_before(session, some, today)
        rows = session.execute(
            select(*wish)
            .where(wish.person_id.in_(some), wish.accepted.is_(False), wish.settled_on <= today)
            .order_by(wish.id)
        )
        for row in rows:
            if row.settled_on < before.get(row.person_id, row.settled_on):
                continue
            days = f"från {day_in_words(row.first_day)} till {day_in_words(row.last_day)}"
            by = capitalised(masked(row.settled_by))
            said_by = f"{by} sade nej {day_in_words(row.settled_on)}"
            owed.by_person[row.person_id].append(
                Item(
                    what=f"{row.address} ersätter dig inte",
                    collaboration_id=row.collaboration_id,
                    due_on=row.settled_on,
                    weight=Weight.TOLD,
                    why=[
                        f"Du önskade det {days}. {said_by}: {masked(row.reason)}",
                        "Frågorna kommer till dig. Välj gärna någon annan på din sida.",
                    ],
                )
            )


def add_what_others_said(session: Session, owed: Owed, today: date) -> None:
    """Whoever has a letter is told who has answered in her place since the letter before.

    Of what names her, since it was last said who answers for it, and of what was written down in
    her name; to somebody who has had no letter before, of the last month. What the letter asks
    about shows its newest answer anyhow, and another whom the plan names too answers in nobody's
    place.
    """
    for some in _in_steps(sorted(owed.by_person)):
        before = _letters_before(session, some, today)
        for row in session.execute(_BY_OTHERS, {"people": some}):
            items = owed.by_person[row.hers]
            asked = {item.activity_id for item in items}
            since = before.get(row.hers, today - _BACK)
            if row.on_day < since or row.activity_id in asked:
                continue
            says, day = SAYS_IN_WORDS[Says(row.says)], day_in_words(row.on_day)
            told = f"{masked(row.by)} svarade i ditt ställe {day}: {says}."
            if row.named_too:
                told = f"{masked(row.by)} svarade {day}: {says}."
            if row.her_own:
                told = f"{masked(row.registered_by)} skrev in ditt besked {day}: {says}."
            items.append(told_about(row, row.on_day, [told]))


_CALLED = called_in_words("plan.collaboration_id", "p.id", "p.name")
_BY_OTHERS = (
    text(f"""
    SELECT DISTINCT s.id, hers.person_id AS hers, s.activity_id, s.says, s.on_day,
           s.registered_by, {_CALLED} AS by, a.what, plan.title AS plan, plan.collaboration_id,
           s.person_id = hers.person_id AS her_own,
           EXISTS (SELECT 1 FROM responsibility r WHERE r.activity_id = s.activity_id
                   AND r.person_id = s.person_id) AS named_too
    FROM (SELECT r.person_id, s.id FROM responsibility r
          JOIN status_answer s ON s.activity_id = r.activity_id AND s.person_id <> r.person_id
          WHERE r.person_id IN :people AND {standing("s")}
            AND NOT EXISTS (
                SELECT 1 FROM change named WHERE named.activity_id = s.activity_id
                AND named.what = 'responsible' AND named.at > s.at AND {standing("named")})
          UNION SELECT n.person_id, n.id FROM status_answer n
          WHERE n.person_id IN :people AND n.registered_by <> '' AND {standing("n")}) hers
    JOIN status_answer s ON s.id = hers.id
    JOIN person p ON p.id = s.person_id
    JOIN activity a ON a.id = s.activity_id
    JOIN plan ON plan.id = a.plan_id
    WHERE {standing("s")}
    ORDER BY s.id
""")  # noqa: S608 - own names
    .bindparams(bindparam("people", expanding=True))
    .columns(on_day=Date, her_own=Boolean, named_too=Boolean)
)


def _letters_before(session: Session, people: list[int], today: date) -> dict[int, date]:
    """The day of each person's latest letter before today's that went, or may yet go."""
    asked = (
        select(c(Letter).person_id, func.max(c(Letter).on_day))
        .where(c(Letter).person_id.in_(people), c(Letter).on_day < today)
        .where(c(Letter).kind == "morning", c(Letter).state.not_in(_NEVER_CAME))
        .group_by(c(Letter).person_id)
    )
    return dict(session.execute(asked).tuples().all())


_SETTLED = (
    select(
        c(StatusAnswer).person_id,
        c(StatusAnswer).says,
        c(StatusAnswer).on_day,
        c(StatusAnswer).proposed_text,
        c(StatusAnswer).instead,
        c(Settled).accepted,
        c(Settled).by.label("settled_by"),
        c(Settled).on_day.label("settled_on"),
        c(Settled).reason,
        c(Activity).what,
        c(Plan).title.label("plan"),
        c(Plan).collaboration_id,
    )
    .join(Settled, c(Settled).answer_id == c(StatusAnswer).id)
    .join(Activity, c(Activity).id == c(StatusAnswer).activity_id)
    .join(Plan, c(Plan).id == c(Activity).plan_id)
    .where(stands(c(StatusAnswer)))
    .order_by(c(StatusAnswer).id)
)


def newest_answers(session: Session, ids: list[int]) -> Iterable[Row[Any]]:
    """The newest answer about each, with the name that the collaboration calls her who gave it."""
    for some in _in_steps(ids):
        yield from ask(session, _NEWEST, activities=some)


def _newest() -> Select[Any]:
    answer = c(StatusAnswer)
    about: BindParameter[int] = bindparam("activities", expanding=True)
    newest = select(func.max(answer.id)).where(answer.activity_id.in_(about), stands(answer))
    return (
        select(
            answer.id,
            answer.activity_id,
            answer.person_id,
            answer.says,
            answer.instead,
            answer.text,
            answer.on_day,
            called(c(Group).collaboration_id).label("by"),
        )
        .join(Activity, c(Activity).id == answer.activity_id)
        .join(Group, c(Group).id == c(Activity).group_id)
        .join(Person, c(Person).id == answer.person_id)
        .where(answer.id.in_(newest.group_by(answer.activity_id)))
    )


_NEWEST = _newest()


def _waiting(session: Session, ids: list[int]) -> Iterable[Row[Any]]:
    """The newest proposal about each that nobody has said yes or no to."""
    answer = c(StatusAnswer)
    for some in _in_steps(ids):
        proposal = proposes_another_day() | proposes_somebody_else()
        yield from session.execute(
            select(answer.activity_id, answer.proposed_text, answer.instead)
            .join(Activity, c(Activity).id == answer.activity_id)
            .where(answer.activity_id.in_(some), proposal)
            .order_by(answer.id)
        )


def _in_steps(ids: list[int]) -> Iterable[list[int]]:
    for start in range(0, len(ids), _IN_A_QUESTION):
        yield ids[start : start + _IN_A_QUESTION]
