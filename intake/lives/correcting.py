"""What was told of a result, or of who goes on with it, is corrected; what stood first is kept.

The move that told it is history and stays as it is. The activity, and reports that are compiled
from now on, tell the corrected words; editions that are approved stay as they were.
"""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from models.activity import Activity
from models.changes import Said, remember_change
from models.decision import Agreed
from models.moves import Mover, Refused

_LONGEST = 4000  # characters, as in an answer
_COLUMNS = {Agreed.RESULT: "result", Agreed.KEPT_BY: "kept_by"}
_MISSING = {
    Agreed.RESULT: "Skriv vad resultatet blev. Det går att rätta men inte att ta bort.",
    Agreed.KEPT_BY: "Skriv vem som för arbetet vidare.",
}


def told_now(activity: Activity) -> dict[str, str]:
    """What is told of it, by the names of the fields; only what has been told can be corrected."""
    told = {what.value: getattr(activity, column) for what, column in _COLUMNS.items()}
    return {name: words for name, words in told.items() if words}


def ask_to_correct(
    session: Session, activity_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Put other words in place of what was told. Raises `Refused` with every sentence."""
    activity = session.get_one(Activity, activity_id, with_for_update=True)
    told = told_now(activity)
    wanted = {
        what: given[what.value].strip()
        for what in _COLUMNS
        if what.value in told and what.value in given
    }
    changed = {what: words for what, words in wanted.items() if words != told[what.value]}
    problems = [_MISSING[what] for what, words in changed.items() if not words]
    if any(len(words) > _LONGEST for words in changed.values()):
        problems.append(f"Texten är för lång. Högst {_LONGEST} tecken får plats.")
    if not told:
        problems.append("Det finns inget resultat att rätta ännu.")
    elif not changed:
        problems.append("Texten är densamma som förut.")
    reason = given.get("reason", "").strip()
    if not reason:
        problems.append("Skriv varför det rättas; det som stod först finns kvar i historien.")
    if problems:
        raise Refused(problems)
    for what, words in changed.items():
        setattr(activity, _COLUMNS[what], words)
        remember_change(
            session,
            activity_id,
            what,
            Said(told[what.value]),
            Said(words),
            mover.name,
            today=today,
            reason=reason,
        )
