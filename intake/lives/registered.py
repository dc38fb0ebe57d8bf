"""An answer that came by telephone, at a meeting or by mail, registered in her name who gave it.

It does what an answer through the link does, but starts nothing, and says how it came and who wrote
it down.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session

from intake.lives.answers import Asked, Reply, save, understand
from intake.people.register import names_in, whom
from models.activity import Activity, Answerable
from models.columns import c
from models.known import name_in
from models.lifecycle import OPEN
from models.moves import Mover, Refused
from models.plan import Plan
from models.refusal import at
from models.status import StatusAnswer, Way
from models.undoing import stands
from rules.span_words import not_a_day
from rules.swedish_dates import read

WAYS_IN_WORDS = {
    Way.PHONE: "per telefon",
    Way.MEETING: "vid ett möte",
    Way.MAIL: "med e-post",
}
_SAID = ("says", "text", "figure", "instead", "date")


def ask_to_register(
    session: Session, activity_id: int, given: Mapping[str, str], mover: Mover, *, today: date
) -> None:
    """Put an answer on file in the name of whoever gave it.

    `given` holds `who` (a name or an address), `way`, `on` (the day; empty is today) and what was
    said, as on the page behind a link. Raises `Refused` with every sentence.
    """
    activity = session.get_one(Activity, activity_id)
    problems: list[str] = []
    if activity.state not in OPEN:
        problems.append(f"Aktiviteten är {activity.state.value} och tar inte emot fler besked.")
    person = _who(session, activity, given.get("who", ""), problems)
    way = _way(given.get("way", ""), problems)
    day = _day(session, activity_id, given.get("on", ""), today, problems)
    reply = _reply(activity, given, today, problems)
    if problems:
        raise Refused(problems)
    assert person is not None
    assert reply is not None
    save(
        session,
        [reply],
        Mover(person[1], person[0]),
        None,
        today=day,
        way=way,
        registered_by=mover.name or "processledaren",
    )


def _who(
    session: Session, activity: Activity, words: str, problems: list[str]
) -> tuple[int, str] | None:
    """Whose answer it is, among those who are known in the collaboration: her number and name."""
    area = session.get_one(Plan, activity.plan_id).collaboration_id
    names = names_in(session, area)
    named = whom(words.strip(), names.people, {})
    if named.kind is Answerable.PERSON and named.person_id is not None:
        return named.person_id, name_in(session, area, named.person_id)
    if words.strip():
        told = (
            f"”{words.strip()[:80]}” finns inte bland personerna. Skriv namnet som i "
            "personlistan, eller e-postadressen."
        )
        problems.append(at("who", told))
    else:
        problems.append(at("who", "Skriv vem som lämnade beskedet."))
    return None


def _way(words: str, problems: list[str]) -> Way:
    if words in {way.value for way in WAYS_IN_WORDS}:
        return Way(words)
    told = "Välj hur beskedet kom: per telefon, vid ett möte eller med e-post."
    problems.append(at("way", told))
    return Way.PHONE


def _day(session: Session, activity_id: int, words: str, today: date, problems: list[str]) -> date:
    """The day it was given: not one to come, and not before the newest answer there is."""
    if not words.strip():
        return today
    span = read(words, today)
    if span.last is None or span.first != span.last:
        problems.append(at("on", not_a_day(span, words)))
        return today
    newest = select(func.max(c(StatusAnswer).on_day)).where(
        c(StatusAnswer).activity_id == activity_id, stands(c(StatusAnswer))
    )
    before = session.execute(newest).scalar()
    if span.last > today:
        told = f"{span.last} har inte varit än. Skriv dagen då beskedet lämnades."
        problems.append(at("on", told))
    elif before is not None and span.last < before:
        told = f"Det finns ett nyare besked, från {before}. Beskedet skulle ersätta det."
        problems.append(at("on", told))
    return span.last


def _reply(
    activity: Activity, given: Mapping[str, str], today: date, problems: list[str]
) -> Reply | None:
    """What was said, understood as the form behind a link is."""
    assert activity.id is not None
    form = {f"{name}_{activity.id}": given.get(name, "") for name in _SAID}
    asked = Asked(activity.id, activity.state, activity.runs_on, activity.review_months)
    understood = understand(form, [asked], today)
    for sentences in understood.problems.values():
        problems += sentences
    if understood.replies:
        return understood.replies[0]
    if not understood.problems:
        problems.append(at("says", "Välj hur det går."))
    return None
