"""Words to the process leader from a page behind a link: a stand-in that is wished for, or what
somebody to whom the letter was forwarded wants to say.

Whoever writes has the link and nothing more, and the letter says so. A few a day through each
person's links.
"""

from collections.abc import Callable, Collection
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session

from config.settings import Settings
from models.columns import c
from models.known import collaborations_of, name_in
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


def wish(
    session: Session,
    settings: Settings,
    person_id: int,
    address: str,
    days: tuple[date, date],
    what: str,
    areas: Collection[int],
    today: date,
) -> bool:
    """Tell the process leader that somebody who is not on file is to stand in for a person.

    `what` is the activity or role that it is for, "" for everything; `areas` are the collaborations
    that it is of. False when enough has been
    said through this person's links today.
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
) -> bool:
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
) -> bool:
    """Queue it to each process leader of the collaborations that it is of, of hers where nothing
    tells; to none of those in `but`. Each calls her as it has typed: `said` makes the words of that
    name.
    """
    person = session.get_one(Person, person_id, with_for_update=True)  # two at once are two
    had = select(func.count(c(Letter).occasion.distinct())).where(
        c(Letter).kind == KIND,
        c(Letter).on_day == today,
        c(Letter).occasion.startswith(f"{person_id} ", autoescape=True),
    )
    number = session.execute(had).scalar_one()
    if number >= A_DAY:
        return False
    hers = set(session.execute(collaborations_of(person_id)).scalars())
    home = person.home_collaboration_id
    hers -= set(but)
    asked = hers.intersection(areas) or ({home} if home in hers else hers)
    leading = frame.leading(session, today)
    occasion = f"{person_id} {number + 1}"
    whose = {id_: area for area in sorted(asked) if area for id_, _ in leading.get(area, [])}
    for leader_id, area in sorted(whose.items()):
        values = said(name_in(session, area, person_id))
        owner = frame.Signer(name_in(session, area, person_id), person.email, "", "")
        told = values | {
            "name": name_in(session, area, leader_id),
            "organisation": settings.organisation,
            "owner": owner.name,
            "owner_address": owner.address,
        }
        words = Words(
            f"{values['subject']} [{frame.reference(leader_id, f'{KIND} {occasion}', today)}]",
            render("mail/passed_on/text.txt", **told),
            render("mail/passed_on/html.html", **told),
        )
        queue(
            *(session, settings, leader_id, KIND, words),
            today=today,
            occasion=occasion,
            contact=owner,
        )
    return True
