"""Rows that lack different things are put on file by the heap, and not one by one.

Whoever writes many has SQLite's one turn to write meanwhile, and everybody who answers waits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import event, select, update

from config import policy
from intake.lives.many import Alter, do_many
from models.activity import Activity, Responsibility
from models.columns import c
from models.database import engine_for, reading, transaction
from models.letter import LetterItem
from models.moves import Mover
from tests.cast import Town
from tests.test_answers_by_mail import Post, mail

__all__ = ["mail"]  # a fixture
TODAY = date(2024, 12, 2)


@contextmanager
def written_into(town: Town, table: str) -> Iterator[list[str]]:
    """The statements that put rows into a table meanwhile."""
    found: list[str] = []
    engine = engine_for(town.settings)

    def note(*told: object) -> None:
        if str(told[2]).startswith(f"INSERT INTO {table} "):
            found.append(str(told[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_forty_activities_get_a_person_and_a_group_each_in_one_go(town: Town) -> None:
    ids = town.proposed_many(40, by="2024-12-31")
    given = {id_: {"responsible": "Alice\nNOSAM Alm", "reason": "Ny fördelning"} for id_ in ids}
    with written_into(town, "responsibility") as statements, transaction(town.settings) as session:
        promises = policy.load(town.settings.home)
        mover = Mover("Frida")
        made = do_many(session, Alter.RESPONSIBLE, given, mover, today=TODAY, promises=promises)
    assert len(made.done) == 40
    assert len(statements) == 1
    asked = select(c(Responsibility).person_id, c(Responsibility).group_id)
    with reading(town.settings) as session:
        rows = session.execute(asked.where(c(Responsibility).activity_id.in_(ids))).all()
    assert len(rows) == 80
    assert {(row.person_id, row.group_id) for row in rows} == {(town.alice, None), (None, town.alm)}


def test_letters_with_and_without_numbers_are_put_on_file_in_one_go(mail: Post) -> None:
    town = mail.town
    asked = [town.decided(by="2024-12-31") for _ in range(6)]
    with transaction(town.settings) as session:  # three are said to be done, and only told of
        done = c(Activity).id.in_(asked[:3])
        session.execute(update(Activity).where(done).values(reported_done_on=TODAY))
    with written_into(town, "letter_item") as statements:
        mail.goes()
    with reading(town.settings) as session:
        numbers = list(session.execute(select(c(LetterItem).number)).scalars())
    assert {number is None for number in numbers} == {True, False}, numbers
    assert len(statements) == 1
