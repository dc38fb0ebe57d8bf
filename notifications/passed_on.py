"""Words to the process leader from a page behind a link: a stand-in that is wished for, or what
somebody to whom the letter was forwarded wants to say.

Whoever writes has the link and nothing more, and the letter says so. A few a day through each
person's links.
"""

from collections.abc import Callable, Collection
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlmodel import Session

from config.settings import Settings
from models.administrator import administrator_ids
from models.columns import c
from models.known import collaborations_of, name_in, own_name
from models.letter import Letter
from models.letter_kinds import LetterKind
from models.person import Person
from notifications.about import areas_of_link
from notifications.letters import frame
from notifications.links import Opened
from notifications.outbox import Words, queue
from rules.unseen import clean, out_of_reach
from rules.wording import day_in_words
from templates import render

KIND = LetterKind.PASSED_ON
A_DAY = 5  # of each person's
LONGEST = 4000  # characters
WITHOUT_LINKS = "Adresser i texten har fått mellanslag, så att ingen klickar på dem av misstag."


class Went(StrEnum):
    """Whom the words went to."""

    TO_LEADERS = "leaders"
    TO_ADMINISTRATORS = "administrators"  # no process leader can be reached
    TO_NOBODY = "nobody"  # nor can an administrator
    ENOUGH = "enough"  # as much as goes has been said through this person's links today


def wish(
    session: Session,
    settings: Settings,
    person_id: int,
    address: str,
    days: tuple[date, date],
    what: str,
    areas: Collection[int],
    today: date,
) -> Went:
    """Tell the process leader that somebody who is not on file is to stand in for a person.

    `what` is the activity or role that it is for, "" for everything; `areas` are the collaborations
    that it is of.
    """

    def said(name: str) -> dict[str, object]:
        return {
            "subject": f"{name} vill ha en ersättare som inte finns här",
            "lead": f"{name} vill att {address} svarar i stället, från {day_in_words(days[0])} "
            f"till {day_in_words(days[1])}. Det gäller {what or f'allt som {name} svarar för'}.",
            "words": "",
            "next": "Säger du ja läggs personen till och svarar de dagarna. Säger du nej står ditt "
            f"skäl i nästa brev till {name}. Till dess kommer frågorna till {name}.",
            "address": f"{settings.pages_url}/personer/{person_id}#onskan",
            "link": "Säg ja eller nej",
        }

    return _tell(session, settings, person_id, said, areas, today)


def words_of_another(
    session: Session, settings: Settings, opened: Opened, who: str, words: str, today: date
) -> Went:
    """Pass on what somebody else than the owner writes from her page, to those that wrote to her.

    `who` is one line: what it says stands in a letter of ours.
    """
    person_id = opened.person_id
    told, more = of_nobody_knows_whom(words[:LONGEST])

    def said(name: str) -> dict[str, object]:
        return {
            "subject": f"Någon skriver från en länk till {name}",
            "lead": f"Någon som kallar sig ”{who}” har öppnat en länk i ett brev till {name}, och "
            "skriver:",
            "words": told,
            "next": " ".join(["Vi vet inte vem som skrev. Inget är svarat eller ändrat.", *more]),
            "address": f"{settings.pages_url}/personer/{person_id}",
            "link": f"Till {name}",
        }

    areas = areas_of_link(session, opened.link_id)
    return _tell(session, settings, person_id, said, areas, today, opened.closed_to)


def of_nobody_knows_whom(words: str) -> tuple[str, list[str]]:
    """Words that nobody vouches for, without links, and what is said of that."""
    told = out_of_reach(words)
    return told, [] if told == clean(words) else [WITHOUT_LINKS]


def _tell(
    session: Session,
    settings: Settings,
    person_id: int,
    said: Callable[[str], dict[str, object]],
    areas: Collection[int],
    today: date,
    but: Collection[int] = (),
) -> Went:
    """Queue it to each process leader of the collaborations that it is of, of hers where nothing
    tells; to none of those in `but`. Each calls her as it has typed: `said` makes the words of that
    name. Where no leader can be reached it goes to the administrators.
    """
    person = session.get_one(Person, person_id, with_for_update=True)  # two at once are two
    had = select(func.count(c(Letter).occasion.distinct())).where(
        c(Letter).kind == KIND,
        c(Letter).on_day == today,
        c(Letter).occasion.startswith(f"{person_id} ", autoescape=True),
    )
    number = session.execute(had).scalar_one()
    if number >= A_DAY:
        return Went.ENOUGH
    hers = set(session.execute(collaborations_of(person_id)).scalars())
    home = person.home_collaboration_id
    hers -= set(but)
    asked = hers.intersection(areas) or ({home} if home in hers else hers)
    leading = frame.leading(session, today)
    occasion = f"{person_id} {number + 1}"
    whom = {id_: area for area in sorted(asked) if area for id_, _ in leading.get(area, [])}
    if whom:
        for leader_id, area in sorted(whom.items()):
            names = name_in(session, area, leader_id), name_in(session, area, person_id)
            _queue(session, settings, leader_id, names, person.email, said, occasion, today)
        return Went.TO_LEADERS
    instead = [id_ for id_ in administrator_ids(session, today) if id_ != person_id]
    for reader_id in instead:
        names = own_name(session, reader_id), own_name(session, person_id)
        _queue(session, settings, reader_id, names, person.email, said, occasion, today)
    return Went.TO_ADMINISTRATORS if instead else Went.TO_NOBODY


def _queue(
    session: Session,
    settings: Settings,
    reader_id: int,
    names: tuple[str, str],
    address: str,
    said: Callable[[str], dict[str, object]],
    occasion: str,
    today: date,
) -> None:
    """One letter. `names` are the reader's, and hers whose link it is, as the reader knows them."""
    to_name, name = names
    values = said(name)
    told = values | {
        "name": to_name,
        "organisation": settings.organisation,
        "owner": name,
        "owner_address": address,
    }
    words = Words(
        f"{values['subject']} [{frame.reference(reader_id, f'{KIND} {occasion}', today)}]",
        render("mail/passed_on/text.txt", **told),
        render("mail/passed_on/html.html", **told),
    )
    queue(
        *(session, settings, reader_id, KIND, words),
        today=today,
        occasion=occasion,
        contact=frame.Signer(name, address, "", ""),
    )
