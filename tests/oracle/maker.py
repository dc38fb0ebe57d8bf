"""Makes worlds: each number is one world, the same each time.

Ring 1 is one activity with a deadline; ring 2 many with all kinds of days; ring 3 has groups with
deputies and meetings, parts with days of their own, and a machine that was down; in ring 4 people
stand in and leave, an address dies, and the mail server is away; in ring 5 activities are paused,
people say that it is not theirs, with a name or without, and take back what they said. Not yet:
several collaborations, groups that rest, reports that come back, refusals of our own sender.
"""

import random
from dataclasses import replace
from datetime import date, timedelta

from tests.oracle.facts import Area, Circle, Deed, Life, Share, Someone, Task, What, World

RING = 5  # the largest there is

_FIRST = ("Trygg", "Tidig", "Samlad", "Gemensam", "Nära", "Säker", "Enkel", "Öppen")
_SECOND = ("hemgång", "vårdplan", "utbildning", "samverkan", "rutin", "mottagning", "dialog", "väg")
_NAMES = ("Alice", "Bo", "Cilla", "David", "Elin", "Farid", "Gun", "Hans", "Ines", "Jon")
_HABITS = ("at once", "at once", "late", "late", "never")
_PRECISIONS = ("day", "day", "day", "month", "year")


def world(seed: int, months: int, ring: int = 4) -> World:
    """World number `seed`. `ring` says how much there is in it: small numbers are simple worlds."""
    chance = random.Random(seed)
    first = date(2023, 1, 2) + timedelta(days=chance.randrange(0, 1000))
    last = first + timedelta(days=30 * months + 1)
    area = Area("Vårdsamverkan Norr", "Frida", "Samordningsgruppen")
    circles = {
        "Samordningsgruppen": Circle("Samordningsgruppen", area.name, chair="Greta"),
        "NOSAM Alm": Circle("NOSAM Alm", area.name, chair="Alice"),
    }
    people = {
        name: Someone(name, f"{name.lower()}@example.org", chance.choice(_HABITS))
        for name in (*_NAMES, "Frida", "Greta")
    }
    made = World(seed, first, last, [area], circles, people, {}, ring=ring)
    if ring >= 3:
        _more_of_groups(chance, made)
    for number in range(1 if ring == 1 else chance.randint(4, 9)):
        task = _task(chance, made, number, ring)
        made.tasks[task.what] = task
    if ring >= 4:
        _people_come_and_go(chance, made)
    if ring >= 5:
        _pauses(chance, made)
    return made


def _more_of_groups(chance: random.Random, made: World) -> None:
    """Deputies, members, meetings, a second group, and a machine that was down."""
    area = made.areas[0].name
    alm = made.circles["NOSAM Alm"]
    alm.deputy = chance.choice(("Gun", ""))
    made.circles["NOSAM Ek"] = Circle(
        "NOSAM Ek", area, chair=chance.choice(("Hans", "")), members=("Ines", "Jon")
    )
    for circle in (alm, made.circles["NOSAM Ek"]):
        days = (made.last - made.first).days
        meets = sorted(chance.sample(range(10, days), k=max(1, days // 60)))
        circle.meetings = tuple(made.first + timedelta(days=day) for day in meets)
    if chance.random() < 0.7:
        down = made.first + timedelta(days=chance.randint(5, (made.last - made.first).days - 25))
        made.outages.append((down, down + timedelta(days=chance.randint(2, 20))))


def _people_come_and_go(chance: random.Random, made: World) -> None:
    """Somebody stands in, somebody leaves, an address dies, the mail server is away."""
    days = (made.last - made.first).days

    def some_day() -> date:
        return made.first + timedelta(days=chance.randint(3, days - 10))

    away, until = some_day(), chance.randint(5, 40)
    made.to_come.append(
        Deed(
            away,
            What.STAND_IN,
            by="Bo",
            to="Ines",
            proposed=away + timedelta(days=chance.randint(0, 5)),
            until=away + timedelta(days=5 + until),
        )
    )
    if chance.random() < 0.6:
        day = some_day()
        made.to_come.append(Deed(day, What.LEAVE, by="Cilla", until=day + timedelta(days=7)))
    if chance.random() < 0.6:
        made.to_come.append(Deed(some_day(), What.DEAD, by=chance.choice(("David", "Elin"))))
    if chance.random() < 0.6:
        day = some_day()
        made.no_server.append((day, day + timedelta(days=chance.randint(0, 6))))
    made.to_come.sort(key=lambda one: one.day)


def _pauses(chance: random.Random, made: World) -> None:
    """Some activities rest for a while; the group that decides takes the questions."""
    area, days = made.areas[0], (made.last - made.first).days
    for task in made.tasks.values():
        if task.life is Life.PROPOSED or chance.random() < 0.6:
            continue
        day = made.first + timedelta(days=chance.randint(3, days - 5))
        until = day + timedelta(days=chance.randint(5, 60))
        goes_on = until + timedelta(days=chance.randint(-4, 30))
        rests = Deed(day, What.MOVE, task.what, area.leader, says=Life.PAUSED.value)
        made.to_come.append(replace(rests, until=until, to=area.decides))
        if goes_on > day:
            made.to_come.append(replace(rests, day=goes_on, says=task.life.value))
    made.to_come.sort(key=lambda one: one.day)


def _task(chance: random.Random, made: World, number: int, ring: int) -> Task:
    what = f"{_FIRST[number % 8]} {_SECOND[(number * 3 + number // 8 + made.seed) % 8]}"
    due = made.first + timedelta(days=chance.randint(-30, (made.last - made.first).days))
    task = Task(what, "NOSAM Alm", "Plan Alm", person="Bo", by=due, words=due.isoformat())
    task.life = chance.choice((Life.DECIDED, Life.ONGOING, Life.PROPOSED))
    if ring == 1:
        return task
    task.precision = chance.choice(_PRECISIONS)
    task.person = chance.choice((*_NAMES[1:6], ""))
    if task.life is Life.DECIDED and chance.random() < 0.5:
        task.start = due - timedelta(days=chance.randint(10, 80))
    if chance.random() < 0.2:
        task.by, task.start, task.words, task.months = None, None, "", 6
        task.review = due
    if ring >= 3:
        task.circle = chance.choice(("NOSAM Alm", "NOSAM Alm", "NOSAM Ek"))
        task.plan = f"Plan {task.circle.split()[1]}"
        if not task.person and chance.random() < 0.4:
            task.role = chance.choice(("ordförande", "vice ordförande"))
        if task.by and chance.random() < 0.3:
            by = task.by - timedelta(days=chance.randint(0, 40))
            task.shares = [Share("Lerum", by, chance.choice(("Farid", "Elin")))]
    if chance.random() < 0.2:
        task.money = due + timedelta(days=chance.randint(-20, 60))
    return task
