"""A list of thousands of people: each gets a number of her own, and it is saved by the heap.

Whoever saves has SQLite's one turn to write meanwhile, and everybody who answers waits for it.
"""

from datetime import date

import pytest
from sqlalchemy import event, func, select

from intake.people.filing import file_people
from intake.people.lists import people_in
from models import person
from models.columns import c
from models.database import engine_for, reading, transaction
from models.group import RegisterNote
from models.person import Person, RoleHolding
from tests.cast import Town

TODAY = date(2025, 1, 29)


def read_in(town: Town, numbers: range) -> int:
    """A list of so many, each with a role, is saved; how many times the database was asked."""
    lines = [f"Person {n};p{n}@example.org;NOSAM Alm;ledamot" for n in numbers]
    draft = people_in("folk.csv", "\n".join(["Namn;E-post;Grupp;Roll", *lines]).encode())
    asked: list[bool] = []
    engine = engine_for(town.settings)

    def count(*told: object) -> None:
        asked.append(bool(told[-1]))

    with transaction(town.settings) as session:
        event.listen(engine, "before_cursor_execute", count)
        try:
            organisation = town.settings.organisation
            file_people(session, draft, organisation=organisation, today=TODAY)
        finally:
            event.remove(engine, "before_cursor_execute", count)
    return len(asked)


def how_many(town: Town, *models: type) -> list[int]:
    """How many rows some tables have."""
    with reading(town.settings) as session:
        return [session.execute(select(func.count()).select_from(m)).scalar_one() for m in models]


def test_three_hundred_people_are_saved_with_as_few_questions_as_thirty(town: Town) -> None:
    before = how_many(town, Person, RoleHolding, RegisterNote)
    few = read_in(town, range(30))
    many = read_in(town, range(30, 330))
    after = how_many(town, Person, RoleHolding, RegisterNote)
    assert [new - old for new, old in zip(after, before, strict=True)] == [330, 330, 660]
    assert many <= few + 3  # PostgreSQL takes a long list in a few pieces


def test_two_who_draw_the_same_number_are_both_saved(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person, "_NUMBERS", 40)
    read_in(town, range(20))
    read_in(town, range(20, 40))
    with reading(town.settings) as session:
        drawn = select(c(Person).id).where(c(Person).email.like("p%@example.org"))
        assert len(set(session.execute(drawn).scalars())) == 40
