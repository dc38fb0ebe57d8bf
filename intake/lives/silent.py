"""What the next in line can do about a question that nobody has answered.

Ask anew, take it over, or put it on the group's next meeting (`agenda.py`). Only about what she was
told of herself, and while nobody has answered.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, text
from sqlmodel import Session

from intake.lives.agenda import put_on_agenda
from intake.lives.answers import Asked, Reply, as_known_there, save
from models.activity import Activity
from models.known import called_in_words
from models.letter import TELLS_IN_WORDS
from models.moves import Mover, Refused
from models.status import Says
from models.undoing import standing

GONE = "Någon har svarat, eller frågan är inte din längre. Läs in sidan igen."
TAKEN_OVER = (
    "Förslaget att du svarar för ”{what}” väntar på processledarens ja. Till dess vilar frågan."
)


@dataclass(frozen=True, slots=True)
class Silent:
    """An activity that nobody has answered about: what, and who was asked."""

    activity_id: int
    what: str
    asked: tuple[str, ...]
    on_agenda: bool = False  # it stands on the group's next meeting


def silent_for(session: Session, person_id: int, closed_to: Collection[int] = ()) -> list[Silent]:
    """What somebody has been told of as the next in line, and nobody has answered since.

    Nothing of the collaborations that her link is closed to.
    """
    found: dict[int, Silent] = {}
    for row in session.execute(_SILENT, {"person_id": person_id}):
        if row.collaboration_id in closed_to:
            continue
        before = found.get(row.activity_id)
        names = before.asked if before else ()
        if row.to_name and row.to_name not in names:
            names = (*names, row.to_name)
        on_agenda = row.point_id is not None
        found[row.activity_id] = Silent(row.activity_id, row.what, names, on_agenda)
    return list(found.values())


def remind(
    session: Session,
    person_id: int,
    activity_id: int,
    today: date,
    closed_to: Collection[int] = (),
) -> None:
    """Let what was asked be asked once more, in the next letter to whoever answers for it then."""
    _one(session, person_id, activity_id, closed_to)
    session.execute(_ASK_ANEW, {"activity_id": activity_id, "today": today})


def take_over(
    session: Session,
    activity_id: int,
    mover: Mover,
    link_id: int,
    closed_to: Collection[int] = (),
    *,
    today: date,
) -> str:
    """Propose that she answers for it herself; the process leader says yes or no."""
    assert mover.person_id is not None
    one = _one(session, mover.person_id, activity_id, closed_to)
    there = as_known_there(session, activity_id, mover)
    row = session.get_one(Activity, activity_id)
    asked = Asked(activity_id, row.state, row.runs_on, row.review_months)
    reply = Reply(asked, Says.NOT_ME, instead=there.name)  # she has written no words of her own
    save(session, [reply], mover, link_id, today=today)
    return TAKEN_OVER.format(what=one.what)


def put_on_meeting(
    session: Session,
    activity_id: int,
    mover: Mover,
    closed_to: Collection[int] = (),
    *,
    today: date,
) -> str:
    """Put it on the next meeting of the group that owns it. The sentence says which that is."""
    assert mover.person_id is not None
    _one(session, mover.person_id, activity_id, closed_to)
    there = as_known_there(session, activity_id, mover)
    return put_on_agenda(session, activity_id, there, today=today)


def _one(session: Session, person_id: int, activity_id: int, closed_to: Collection[int]) -> Silent:
    hers: Sequence[Silent] = silent_for(session, person_id, closed_to)
    found = next((one for one in hers if one.activity_id == activity_id), None)
    if found is None:
        raise Refused([GONE])
    return found


# Her own letters first, by themselves: most people have no such line, and nothing more is read.
_SILENT = text(f"""
    WITH mine AS MATERIALIZED (
        SELECT notice_id FROM letter_item
        WHERE letter_id IN (SELECT id FROM letter WHERE person_id = :person_id)
    ), silent AS MATERIALIZED (
        SELECT activity_id, reached_on FROM notice
        WHERE id IN (SELECT notice_id FROM mine) AND kind = 'silence' AND settled_on IS NULL
    )
    SELECT DISTINCT silent.activity_id, a.what, g.collaboration_id, point.id AS point_id,
           {called_in_words("g.collaboration_id", "l.person_id", "l.to_name")} AS to_name
    FROM silent
    JOIN activity a ON a.id = silent.activity_id
    JOIN groups g ON g.id = a.group_id
    LEFT JOIN agenda_point point ON point.activity_id = a.id AND point.done_on IS NULL
    LEFT JOIN notice asked ON asked.activity_id = silent.activity_id
         AND asked.kind NOT IN ({TELLS_IN_WORDS}) AND asked.settled_on IS NULL
    LEFT JOIN letter_item i ON i.notice_id = asked.id
    LEFT JOIN letter l ON l.id = i.letter_id AND l.person_id <> :person_id
    WHERE NOT EXISTS (SELECT 1 FROM status_answer s
                      WHERE s.activity_id = silent.activity_id AND s.on_day >= silent.reached_on
                        AND {standing("s")})
    ORDER BY silent.activity_id, to_name
""")  # noqa: S608 - own words

# It was asked on its day all the same: the way up the line counts from then.
_ASK_ANEW = text(f"""
    UPDATE notice SET written_on = NULL, again_on = :today
    WHERE activity_id = :activity_id AND settled_on IS NULL AND written_on IS NOT NULL
      AND kind NOT IN ({TELLS_IN_WORDS})
      AND id = (SELECT max(n.id) FROM notice n
                WHERE n.activity_id = :activity_id AND n.settled_on IS NULL
                  AND n.kind NOT IN ({TELLS_IN_WORDS}))
""").bindparams(bindparam("today", type_=Date))  # noqa: S608 - own words
