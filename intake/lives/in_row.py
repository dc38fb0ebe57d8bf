"""What is said of an activity in its row of a list: what is agreed, a move, somebody new.

All of it or nothing, by the same rules as each has by itself. A new deadline may be told without
why, since the old one stands in the history with who changed it.
"""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from config.policy import Policy
from intake.lives.changes import ask_to_change, lines_of
from intake.lives.moves import ask_to_move, move_named
from intake.people.persons import add_person
from intake.people.register import names_in, plain
from models.activity import Activity
from models.lifecycle import NEW_DEADLINE, Move, rule_of
from models.moves import Mover, Refused
from models.plan import Plan
from models.refusal import at, field_of

# What is agreed that a row has fields for.
OF_A_ROW = ("responsible", "deadline", "follow_up", "goals")
_NEW = ("name", "email", "group")


def ask_in_row(
    session: Session,
    activity_id: int,
    given: Mapping[str, str],
    mover: Mover,
    *,
    today: date,
    promises: Policy,
) -> None:
    """Put somebody new on file, agree on what differs, and make a move, as far as each is asked.

    `given` holds words by the names of fields; somebody new as `new_name`, `new_email` and
    `new_group`. Raises `Refused` with every sentence.
    """
    said, problems = dict(given), list[str]()
    try:
        _take_on(session, activity_id, said, mover, today)
    except Refused as refused:
        problems += refused.sentences
    words = given.get("move", "")
    move = move_named(words) if words else None
    if words and move is None:
        problems.append(at("move", "Välj vad som ska hända."))
    try:
        _agree(session, activity_id, said, move, mover, today, promises)
    except Refused as refused:
        problems += refused.sentences
    try:
        if move is not None:
            brought = _brought(move, said)
            ask_to_move(session, activity_id, move, brought, mover, today=today, promises=promises)
    except Refused as refused:
        problems += refused.sentences
    if problems:
        raise Refused(list(dict.fromkeys(problems)))


def _agree(
    session: Session,
    activity_id: int,
    said: Mapping[str, str],
    move: Move | None,
    mover: Mover,
    today: date,
    promises: Policy,
) -> None:
    """What is agreed anew; a move that gives the deadline has that field for itself."""
    its_own = move is not None and NEW_DEADLINE in rule_of(move).needs
    names = [name for name in OF_A_ROW if name in said and not (its_own and name == "deadline")]
    if not names:
        return
    asked = {name: said[name] for name in (*names, "reason", "ja_deadline") if name in said}
    ask_to_change(
        *(session, activity_id, asked, mover),
        today=today,
        review_months=promises.review_months,
        why_asked=False,
    )


def _brought(move: Move, said: Mapping[str, str]) -> dict[str, str]:
    """What the move brings along: the row's deadline only where the move asks for one."""
    if NEW_DEADLINE in rule_of(move).needs:
        return dict(said)
    return {name: words for name, words in said.items() if name != "deadline"}


def _take_on(
    session: Session, activity_id: int, said: dict[str, str], mover: Mover, today: date
) -> None:
    """Put somebody new on file, and let her be among those who answer, if she is not yet.

    A name among them without an address is only words, as in any plan.
    """
    name, email = (" ".join(said.get(f"new_{which}", "").split()) for which in ("name", "email"))
    named = [plain(line) for line in lines_of(said.get("responsible", ""))]
    if not email and (not name or plain(name) in named):
        return
    row = session.get_one(Activity, activity_id)
    area = session.get_one(Plan, row.plan_id).collaboration_id
    asked = {which: said.get(f"new_{which}", "") for which in _NEW}
    try:
        person_id = add_person(session, area, asked, mover, today=today)
    except Refused as refused:
        raise Refused([_at_new(told) for told in refused.sentences]) from refused
    # Where several are called so, only the address says whom.
    found = names_in(session, area).people.get(plain(name))
    hers = name if found == person_id else email
    lines = lines_of(said.get("responsible", ""))
    if plain(name) in named:
        lines = [hers if plain(line) == plain(name) else line for line in lines]
    else:
        lines.append(hers)
    said["responsible"] = "\n".join(lines)


def _at_new(told: str) -> str:
    field = field_of(told)
    return at(f"new_{field}", told) if field in _NEW else told
