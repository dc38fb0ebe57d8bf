"""Why did no letter go to a person on a day? Named reasons, the ones that decide first.

Pure: what is on file about the person, the day and her activities is handed in
(`notifications/why_not.py` fetches it). The ladders are asked as the sweep asks them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from config.own_policy import Promised
from config.policy import Policy
from models.lifecycle import REMINDED, State
from rules.answered import Said, is_answered
from rules.calendar import held
from rules.gathering import waits_until
from rules.ladder import ladder_for, next_reached, standing
from rules.wording import SAYS_IN_WORDS, day_in_words, rung_reached, weekday_in_words


class Reason(StrEnum):
    """Why no letter went, or what became of the one that was written."""

    NOT_YET = "not_yet"  # the day has not been
    SENT = "sent"  # a letter did go
    OTHER_LETTER = "other_letter"  # another than the day's: a report, minutes, a link to sign in
    WAITS_IN_OUTBOX = "waits_in_outbox"
    DID_NOT_ARRIVE = "did_not_arrive"
    QUIET_DAY = "quiet_day"
    ROUND_DID_NOT_RUN = "round_did_not_run"
    UNREACHABLE = "unreachable"
    LEFT = "left"
    DELEGATED = "delegated"
    ANSWERS_FOR_NOTHING = "answers_for_nothing"
    ALREADY_ANSWERED = "already_answered"
    NO_LONGER = "no_longer"  # the plan or the state asks for nothing
    RESTS = "rests"  # somebody's proposal waits for a yes
    NO_DAY = "no_day"
    TOMORROW = "tomorrow"  # the day's letter had gone already
    GATHERED = "gathered"  # she has chosen letters once a week
    NOTHING_REACHED = "nothing_reached"
    PLAN_NOT_BEGUN = "plan_not_begun"  # nobody has said that the plan is to be reminded of


@dataclass(frozen=True, slots=True)
class Because:
    """One reason, and the sentence that says it.

    About an activity or a plan's money, which `what` names, or about the whole day.
    """

    reason: Reason
    words: str
    activity_id: int | None = None
    what: str = ""
    plan_id: int | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """A day of an activity that a ladder counts to."""

    kind: str
    due_on: date
    precision: str
    states: tuple[State, ...] = REMINDED


@dataclass(frozen=True, slots=True)
class Notified:
    """A rung that is on file: when it was reached, and when it was put in letters."""

    kind: str
    due_on: date
    rung: int
    reached_on: date
    written_on: date | None
    in_letter: bool = True  # else it was answered, or held no longer, before it was in any


@dataclass(frozen=True, slots=True)
class Concern:
    """An activity that the person answers for, as it stood that day.

    `proposed_on` is when somebody proposed what nobody had said yes or no to; `said` the newest
    answer by then.
    """

    id: int
    what: str
    plan: str
    state: State
    reported_done_on: date | None
    watched: tuple[Watched, ...] = ()
    notified: tuple[Notified, ...] = ()
    reminded_from: date | None = date.min  # None: nobody has said from when
    proposed_on: date | None = None
    said: Said | None = None
    area: int | None = None  # whose its plan is

    @property
    def deadline(self) -> date | None:
        """Its own deadline."""
        return next((one.due_on for one in self.watched if one.kind == "deadline"), None)


@dataclass(frozen=True, slots=True)
class Money:
    """A plan's own money, of which the person is told."""

    plan_id: int
    plan: str
    watched: Watched
    notified: tuple[Notified, ...] = ()
    area: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A letter of that day: its subject, its state in words of the outbox, and what that means.

    `daily` tells the one letter of the day from what went beside it.
    """

    subject: str
    state: str
    server_said: str = ""
    means: str = ""
    daily: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on file about a person and a day."""

    day: date
    today: date
    quiet: bool
    round_ran: bool
    round_broke: bool = False
    letters: tuple[Written, ...] = ()
    unreachable_since: date | None = None
    left_on: date | None = None
    delegated: tuple[str, ...] = ()  # "Frågorna om Trygg hemgång går till ersättaren Bob."
    concerns: tuple[Concern, ...] = ()
    money: tuple[Money, ...] = ()
    weekly_since: date | None = None  # when she chose letters once a week

    @property
    def weekly(self) -> bool:
        """Had she chosen letters once a week by that day?"""
        return self.weekly_since is not None and self.weekly_since <= self.day


def why_not(promises: Promised, facts: Facts) -> list[Because]:
    """The reasons, the one that decides first. Never empty."""
    daily = [letter for letter in facts.letters if letter.daily]
    if daily:
        return [_became(letter) for letter in facts.letters]
    beside = [_beside(letter) for letter in facts.letters]
    found = list(_of_the_day(facts))
    if not (facts.concerns or facts.money):
        said = "Personen svarar inte för någon öppen aktivitet."
        return beside + (found or [Because(Reason.ANSWERS_FOR_NOTHING, said)])
    found = beside + found
    found += [_of_concern(promises, facts, one) for one in facts.concerns]
    return found + [_of_money(promises, facts, one) for one in facts.money]


def _became(letter: Written) -> Because:
    if letter.state in ("sent", "kept"):
        return Because(Reason.SENT, f"Ett brev gick den dagen: {letter.subject}")
    if letter.state in ("failed", "bounced"):
        what = "studsade" if letter.state == "bounced" else "togs inte emot av mejlservern"
        said = f"Ett brev skrevs men {what}. {letter.means}".rstrip()
        if letter.server_said:
            said += f" Servern sade: {letter.server_said}"
        return Because(Reason.DID_NOT_ARRIVE, said)
    if letter.state == "replaced":
        said = "Brevet gick aldrig iväg. Det som gällde kom i ett senare brev."
        return Because(Reason.DID_NOT_ARRIVE, said)
    if letter.state == "empty":
        return Because(Reason.NO_LONGER, letter.server_said)
    said = f"Brevet är skrivet och väntar på att skickas: {letter.subject}"
    return Because(Reason.WAITS_IN_OUTBOX, said)


def _beside(letter: Written) -> Because:
    """A letter that is not the day's: it went or not, and hinders nothing."""
    became = _became(letter)
    if became.reason is not Reason.SENT:
        return became
    return Because(Reason.OTHER_LETTER, f"Ett annat brev gick den dagen: {letter.subject}")


def _of_the_day(facts: Facts) -> Iterator[Because]:
    """What holds whatever the person answers for."""
    day = day_in_words(facts.day)
    if facts.day > facts.today:
        yield Because(Reason.NOT_YET, "Dagen har inte varit. Kommande visar vad som är på väg.")
    if facts.quiet:
        yield Because(Reason.QUIET_DAY, f"{day} är en tyst dag. Brevet går nästa arbetsdag.")
    elif not facts.round_ran and facts.day <= facts.today:
        said = f"Ingen morgonrunda gick klart {day}. Nästa runda tar igen den."
        if facts.round_broke:
            said = f"Morgonrundan {day} gick sönder. Nästa runda tar igen den."
        yield Because(Reason.ROUND_DID_NOT_RUN, said)
    if facts.unreachable_since and facts.unreachable_since <= facts.day:
        since = day_in_words(facts.unreachable_since)
        said = f"Adressen går inte att nå sedan {since}. Nästa i tur får frågorna."
        yield Because(Reason.UNREACHABLE, said)
    if facts.left_on and facts.left_on < facts.day:
        said = f"Personen slutade {day_in_words(facts.left_on)}."
        yield Because(Reason.LEFT, said)
    for words in facts.delegated:
        yield Because(Reason.DELEGATED, words)


def _of_concern(promises: Promised, facts: Facts, one: Concern) -> Because:
    """Why one activity did not stand in a letter that day."""
    policy = promises.of(one.area)
    waiting, late = _waited_in_words(policy, facts, one.notified)
    counted = [w for w in one.watched if one.state in w.states]
    if one.reported_done_on and one.reported_done_on <= facts.day:
        day = day_in_words(one.reported_done_on)
        reason, said = Reason.ALREADY_ANSWERED, f"Rapporterades klar {day}."
    elif one.reminded_from is None or one.reminded_from > facts.day:
        reason, said = Reason.PLAN_NOT_BEGUN, _not_begun(one.reminded_from)
    elif held(promises).holds(one.area):
        reason, said = Reason.QUIET_DAY, _QUIET_THERE
    elif late:
        reason, said = waiting, late
    elif one.proposed_on:
        day = day_in_words(one.proposed_on)
        reason = Reason.RESTS
        said = f"Ett förslag från {day} väntar på processledarens ja. Påminnelserna vilar så länge."
    elif not counted and one.watched:
        reason, said = Reason.NO_LONGER, f"Aktiviteten är {one.state} och påminns inte om."
    elif not counted:
        reason, said = Reason.NO_DAY, "Aktiviteten har ingen dag att påminna om."
    else:
        told = [_nothing_reached(policy, facts.day, one, watched) for watched in counted]
        reason = Reason.NOTHING_REACHED
        if any(_is_answered(facts.day, one, watched) for watched in counted):
            reason = Reason.ALREADY_ANSWERED
        said = " ".join(told)
    return Because(reason, said, one.id, one.what)


def _is_answered(day: date, one: Concern | Money, watched: Watched) -> bool:
    """Does what somebody has said hold against a question of that day?"""
    if isinstance(one, Money):
        return False
    return is_answered(watched.kind, watched.due_on, one.deadline, one.said, day)


_QUIET_THERE = "Samverkan har tysta dagar då. Brevet går nästa dag som inte är tyst där."


def _not_begun(begins: date | None) -> str:
    if begins is None:
        return "Planen togs in medan den pågick, och påminnelserna har inte börjat."
    return f"Planen påminns om från och med {day_in_words(begins)}."


def _of_money(promises: Promised, facts: Facts, one: Money) -> Because:
    """Why a plan's own money did not stand in a letter that day."""
    policy = promises.of(one.area)
    if held(promises).holds(one.area):
        what = f"Medel i {one.plan}"
        return Because(Reason.QUIET_DAY, _QUIET_THERE, what=what, plan_id=one.plan_id)
    reason, said = _waited_in_words(policy, facts, one.notified)
    if not said:
        reason = Reason.NOTHING_REACHED
        said = _nothing_reached(policy, facts.day, one, one.watched)
    return Because(reason, said, what=f"Medel i {one.plan}", plan_id=one.plan_id)


def _waited_in_words(
    policy: Policy, facts: Facts, notified: tuple[Notified, ...]
) -> tuple[Reason, str]:
    """What became of a rung that was reached that day at the latest, and written later; or ""."""
    day = facts.day
    late = (n for n in notified if n.reached_on <= day and (n.written_on or date.max) > day)
    notice = next(late, None)
    if notice is None:
        return Reason.TOMORROW, ""
    until = waits_until(policy, notice.reached_on, notice.due_on, day) if facts.weekly else None
    if until is not None:
        chosen = "Personen har valt brev en gång i veckan"
        return Reason.GATHERED, f"{chosen}, och det kan vänta till {weekday_in_words(until)}."
    became = f"gick {day_in_words(notice.written_on)}" if notice.written_on else "väntar"
    return Reason.TOMORROW, f"Nåddes den dagen men {became}: högst ett brev om dagen."


def _nothing_reached(policy: Policy, day: date, one: Concern | Money, watched: Watched) -> str:
    """ "Påmindes senast 3 juni (slutdatum …, 7 dagar före). Nästa gång 9 juni." """
    ladder = ladder_for(policy, watched.kind, watched.precision, one.plan)
    rung = standing(ladder, watched.due_on, day)
    following = next_reached(ladder, watched.due_on, day)
    while following and _is_answered(following, one, watched):
        following = next_reached(ladder, watched.due_on, following)
    before = next(
        (
            n
            for n in one.notified
            if (n.kind, n.due_on, n.rung) == (watched.kind, watched.due_on, rung)
            and n.written_on
            and n.in_letter
        ),
        None,
    )
    said = "Ingen påminnelse hade nått sin dag."
    if before and before.written_on and before.written_on <= day:
        reached = rung_reached(before.kind, before.due_on, before.rung, before.written_on)
        said = f"Påmindes redan {day_in_words(before.written_on)} ({reached})."
    if isinstance(one, Concern) and one.said and _is_answered(day, one, watched):
        answer = f"{SAYS_IN_WORDS[one.said.says]}, {day_in_words(one.said.on_day)}"
        said = f"Det finns redan ett besked ({answer}), så frågan ställs inte igen."
    return f"{said} Nästa nås {day_in_words(following)}." if following else said
