"""What is so in a played world on a morning: who answers for what, and what has been said of it.

From the world as it was put on file, and from the log of what was done since.
"""

from dataclasses import dataclass
from datetime import date

from tests.oracle.days import DAY
from tests.oracle.facts import Deed, Life, Log, Task, What, World


@dataclass
class Known:
    """The facts of a morning: all that was done before it."""

    world: World
    log: Log

    def deeds(self, task: str, day: date, *kinds: What) -> list[Deed]:
        """What was done about an activity before a morning, that stands."""
        back = self.taken_back(day)
        return [
            one
            for place, one in enumerate(self.log.deeds)
            if one.task == task and one.day < day and one.what in kinds and place not in back
        ]

    def taken_back(self, day: date) -> set[int]:
        """What was taken back before a morning, by its place in the log."""
        return {
            one.answer for one in self.log.deeds if one.what is What.TAKE_BACK and one.day < day
        }

    def life(self, task: Task, day: date) -> Life:
        """Where it is in its life."""
        moves = self.deeds(task.what, day, What.MOVE)
        return Life(moves[-1].says) if moves else task.life

    def deadline(self, task: Task, day: date) -> date | None:
        """Its deadline: as it was put on file, or as a yes made it."""
        found = task.by
        for deed in self.deeds(task.what, day, What.SETTLE):
            if deed.accept and deed.proposed:
                found = deed.proposed
        return found

    def precision(self, task: Task, day: date) -> str:
        """How precisely its deadline is written: a proposed day is a day."""
        return task.precision if self.deadline(task, day) == task.by else "day"

    def review(self, task: Task, day: date) -> date | None:
        """The day it is looked at again: an answer puts it off by its cadence."""
        found = task.review
        for deed in self.deeds(task.what, day, What.ANSWER):
            if found and task.months and deed.says != "not_me":
                found = months_after(deed.day, task.months)
        return found

    def answers(self, task: str, day: date) -> list[Deed]:
        """What was answered about it, oldest first."""
        return self.deeds(task, day, What.ANSWER)

    def is_done(self, task: str, day: date) -> bool:
        """Has its responsible reported it done, and nobody said otherwise since?"""
        told = [
            one
            for one in self.deeds(task, day, What.ANSWER, What.SETTLE)
            if one.what is What.ANSWER or (one.accept and one.proposed)
        ]
        return bool(told) and told[-1].says == "done"

    def waits_for_yes(self, task: str, day: date) -> Deed | None:
        """The newest proposal that nobody has said yes or no to."""
        standing = self.standing(task, day)
        return standing[-1] if standing else None

    def standing(self, task: str, day: date) -> list[Deed]:
        """What waits for a yes: the newest other day, and the newest that it is not hers."""
        settled = {one.answer for one in self.deeds(task, day, What.SETTLE)}
        deadline = self.deadline(self.world.tasks[task], day)
        found: dict[bool, Deed] = {}
        for one in self.answers(task, day):
            if one.proposed or one.says == "not_me":
                found[one.says == "not_me"] = one
        waits = [
            one
            for one in found.values()
            if self.place(one) not in settled and (one.says == "not_me" or one.proposed != deadline)
        ]
        return sorted(waits, key=self.place)

    def pause(self, task: Task, day: date) -> Deed | None:
        """The pause that it is in."""
        moves = self.deeds(task.what, day, What.MOVE)
        return moves[-1] if moves and moves[-1].says == Life.PAUSED.value else None

    def place(self, deed: Deed) -> int:
        """Where in the log it stands."""
        return next(number for number, one in enumerate(self.log.deeds) if one is deed)

    def named(self, task: Task, day: date) -> str:
        """The person whom the plan names, if it names one."""
        named = task.person
        for deed in self.deeds(task.what, day, What.SETTLE):
            if deed.accept and deed.to:
                named = deed.to
        return named

    def responsible(self, task: Task, day: date) -> list[str]:
        """Who answers for it: whom the plan names, or the group's chair and so on down.

        While it is paused, whoever speaks for the group that takes questions meanwhile.
        """
        pause = self.pause(task, day)
        if pause is not None and (there := self.speaking_for(pause.to, day)):
            return there
        named = self.named(task, day)
        if named and self.reachable(named, day):
            return [self.stand_in(named, day)]
        return self.of_group(task, day)

    def of_group(self, task: Task, day: date) -> list[str]:
        """Who speaks for the group that owns it, and after that the process leader."""
        circle = self.world.circles[task.circle]
        roles = {"ordförande": (circle.chair,), "vice ordförande": (circle.deputy,)}
        there = self.there(roles.get(task.role, ()), day)
        return there or self.speaking_for(task.circle, day) or [self.leader(task, day)]

    def speaking_for(self, name: str, day: date) -> list[str]:
        """The chair of a group, without one the deputy, without either its members."""
        circle = self.world.circles[name]
        for names in ((circle.chair,), (circle.deputy,), circle.members):
            there = self.there(names, day)
            if there:
                return there
        return []

    def there(self, names: tuple[str, ...], day: date) -> list[str]:
        """Those of them who can be reached, or who stand in for them."""
        found = [name for name in names if name and self.reachable(name, day)]
        return list(dict.fromkeys(self.stand_in(name, day) for name in found))

    def leader(self, task: Task, day: date) -> str:
        """Who leads the process, or stands in for her."""
        return self.stand_in(self.world_leader(task), day)

    def world_leader(self, task: Task) -> str:
        """Who leads the process of the collaboration that owns it."""
        area = self.world.circles[task.circle].area
        return next(one.leader for one in self.world.areas if one.name == area)

    def reachable(self, name: str, day: date) -> bool:
        """Has she an address that works, and not left?"""
        for deed in self.log.deeds:
            if deed.day < day and deed.by == name:
                if deed.what is What.DEAD:
                    return False
                if deed.what is What.LEAVE and deed.until and deed.until < day:
                    return False
        return True

    def stand_in(self, name: str, day: date) -> str:
        """Whoever answers in her place that day, or herself."""
        for deed in self.log.deeds:
            if deed.what is not What.STAND_IN or deed.by != name or deed.day >= day:
                continue
            if deed.proposed and deed.until and deed.proposed <= day <= deed.until:
                return deed.to
        return name

    def verdict(self, answer: Deed, day: date) -> bool | None:
        """What the process leader said to an answer's proposal, if anything."""
        place = self.place(answer)
        for one in self.deeds(answer.task, day, What.SETTLE):
            if one.answer == place:
                return one.accept
        return None

    def share_state(self, task: Task, name: str, day: date) -> str:
        """How far a part has come, as somebody has told."""
        told = [one for one in self.deeds(task.what, day, What.PART) if one.to == name]
        return told[-1].says if told else "inte svarat"


def in_words(day: date) -> str:
    """A day as letters write it."""
    months = "januari februari mars april maj juni juli augusti september oktober november december"
    return f"{day.day} {months.split()[day.month - 1]} {day.year}"


def quarter_end(day: date) -> date:
    """The last day of a day's quarter."""
    month = (day.month - 1) // 3 * 3 + 3
    first = date(day.year + month // 12, month % 12 + 1, 1)
    return first - DAY


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)
