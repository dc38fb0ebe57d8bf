"""What happens next with an answer, and what has become of it: sentences for receipt, page, letter.

Pure: the answer, its activity's deadline and what somebody has said of it are handed in.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from models.status import Says
from rules.answered import FORTNIGHT, WEEK
from rules.wording import day_in_words


@dataclass(frozen=True, slots=True)
class Stand:
    """What was said of an answer: yes, no or seen, by whom, when and why; or it is taken back.

    Without `by` it was she who took it back.
    """

    accepted: bool
    by: str
    on_day: date
    reason: str = ""
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, with what decides what comes of it. `proposed` is in the words it was given in.

    `over` is the activity's state where nobody answers for it any more: "avslutad".
    """

    says: Says
    on_day: date
    deadline: date | None = None
    proposed: str = ""
    instead: str = ""
    herself: bool = False  # she takes over what others were asked
    stand: Stand | None = None
    over: str = ""

    @property
    def proposes(self) -> bool:
        """Does it wait for a yes or a no, or has it had one?"""
        return bool(self.proposed) or self.says is Says.NOT_ME


def what_follows(told: Told) -> str:
    """What happens next, in a sentence or two."""
    if told.stand is not None:
        return what_became(told)
    if told.over:
        return f"Aktiviteten är {told.over}. Du får inga fler frågor om den."
    if told.proposed:
        return (
            "Förslaget väntar på processledarens ja eller nej. Till dess vilar påminnelserna, och "
            "du får veta i ditt nästa brev."
        )
    if told.says is Says.NOT_ME:
        return f"{_whose_it_becomes(told)} Till dess vilar påminnelserna."
    if told.says is Says.DONE:
        return "Processledaren följer upp aktiviteten. Du får inga fler påminnelser om den."
    return _asked_again(told)


def _whose_it_becomes(told: Told) -> str:
    if told.herself:
        return "Förslaget att du svarar för den väntar på processledarens ja eller nej."
    return "Processledaren ser till att rätt person får frågan."


def _asked_again(told: Told) -> str:
    week_after = told.on_day + WEEK + timedelta(days=1)
    if told.says in (Says.LATE, Says.AT_RISK):
        return f"Processledaren ser det. Du får frågan igen tidigast {day_in_words(week_after)}."
    if told.deadline is None:
        return f"Du får frågan igen tidigast {day_in_words(week_after)}."
    if told.deadline < told.on_day:
        return f"Dagen har passerat. Du får frågan igen tidigast {day_in_words(week_after)}."
    if told.deadline - FORTNIGHT <= told.on_day:
        return "Du får frågan igen om dagen passerar utan att det är klart."
    if told.deadline - WEEK - FORTNIGHT <= told.on_day:  # a fortnight on it holds past that week
        return "Du får frågan igen närmare slutdatum, eller när dagen har passerat."
    # A status round, or a quarter without a word, asks before the week that the ladder keeps to.
    latest = f"senast en vecka före slutdatum, {day_in_words(told.deadline - WEEK)}"
    return f"Du får frågan igen {latest}. Den kan komma tidigare, till exempel i en statusrunda."


def what_became(told: Told) -> str:
    """What somebody has said of it: "Frida sa ja 5 december 2024."; "" when nobody has."""
    stand = told.stand
    if stand is None:
        return ""
    day = day_in_words(stand.on_day)
    if stand.taken_back:
        return f"{stand.by or 'Du'} tog tillbaka beskedet {day}."
    why = f" Skäl: {stand.reason}" if stand.reason else ""
    if not told.proposes:
        return f"{stand.by} har sett beskedet, {day}.{why}"
    said = "ja" if stand.accepted else "nej"
    return f"{stand.by} sa {said} till förslaget {day}.{why}"


def proposal_in_words(told: Told) -> str:
    """What it proposes: "nytt slutdatum (mars 2025)", "att Bo svarar för den"; "" for nothing."""
    if told.proposed:
        return f"nytt slutdatum ({told.proposed})"
    if told.says is Says.NOT_ME:
        return f"att {told.instead or 'någon annan'} svarar för den"
    return ""
