"""Which version of an activity somebody looked at: a list carries it, and a deed compares it.

A version is a mark that is only compared: two are alike when nobody has moved the activity, agreed
anew about it, changed a part of it or taken something back in between.
"""

from collections.abc import Iterable

from sqlmodel import Session

from models.statements import among, run

_NEWEST = (
    "coalesce((SELECT max(m.id) FROM move m WHERE m.activity_id = a.id), 0)",
    "coalesce((SELECT max(x.id) FROM change x WHERE x.activity_id = a.id), 0)",
    "coalesce((SELECT max(p.id) FROM part_change p WHERE p.activity_id = a.id), 0)",
    # What was taken back is another version too, although no row is newer.
    "coalesce((SELECT max(m.undone_id) FROM move m WHERE m.activity_id = a.id), 0)",
    "coalesce((SELECT max(x.undone_id) FROM change x WHERE x.activity_id = a.id), 0)",
    "coalesce((SELECT max(p.undone_id) FROM part_change p WHERE p.activity_id = a.id), 0)",
)


def versions(
    session: Session, activity_ids: Iterable[int], *, held: bool = False
) -> dict[int, str]:
    """The version of each as it is now, in one question.

    `held`: nobody else changes them until we are done, where the database can hold rows.
    """
    on = session.connection()
    values = {"ids": sorted(activity_ids)}
    if held and on.dialect.name != "sqlite":
        # First held, then looked at: in one statement the versions would be those of before.
        run(on, f"SELECT 1 FROM activity WHERE id {among(on)} ORDER BY id FOR UPDATE", values)  # noqa: S608
    asked = f"SELECT a.id, {', '.join(_NEWEST)} FROM activity a WHERE a.id {among(on)}"  # noqa: S608
    return {id_: "-".join(map(str, newest)) for id_, *newest in run(on, asked, values)}
