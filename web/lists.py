"""Every list as an Excel file: the rows of the page at the same address, all of them.

Which rows there are, and who may see which, is decided by the page's own room.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from config import prefect_api
from models.database import reading
from models.group import Group
from rules.wording import capitalised, period_in_words, rung_reached
from web.asking.coming import until
from web.asking.letters import STATE_IN_WORDS as LETTER_WORDS
from web.asking.letters import written
from web.asking.status_rounds import OCCASIONS, opened
from web.export import as_excel
from web.overview.runs import STATE_IN_WORDS as RUN_WORDS
from web.overview.runs import from_prefect
from web.page import settings_of, today_of, viewer_of
from web.people.groups import tree as group_tree
from web.people.meetings import rows_of, sections_of, waiting_groups
from web.people.people import everybody, sought, standing
from web.plans.plans import readable
from web.plans.plans import tree as plan_tree
from web.sent import existing

router = APIRouter()
MOST = 50_000  # letters; more rows than anybody reads


@router.get("/planer.xlsx")
def plans(request: Request, malgrupp: str = "") -> Response:
    """The plans."""
    with reading(settings_of(request)) as session:
        lines = plan_tree(session, readable(request))
    wanted = malgrupp.casefold()
    rows = [
        (
            line.row.title,
            period_in_words(line.row.first_day, line.row.last_day),
            line.row.group,
            line.row.adopted_on,
            ", ".join(line.target_groups),
            line.number,
        )
        for line in lines
        if not wanted or wanted in {name.casefold() for name in line.target_groups}
    ]
    head = ("Plan", "Period", "Grupp", "Fastställd", "Målgrupper", "Aktiviteter")
    return as_excel("planer", "Planer", head, rows)


@router.get("/grupper.xlsx")
def groups(request: Request) -> Response:
    """The groups."""
    with reading(settings_of(request)) as session:
        lines = group_tree(session, request)
    rows = [
        (
            line.row.name,
            line.row.kind,
            line.standing,
            line.chair,
            line.open,
            ", ".join(who.name for who in line.speaking),
        )
        for line in lines
    ]
    head = ("Grupp", "Typ", "Läge", "Ordförande", "Öppna aktiviteter", "Brev går till")
    return as_excel("grupper", "Grupper", head, rows)


@router.get("/personer.xlsx")
def people(request: Request, sok: str = "", visa: str = "") -> Response:
    """The people that the search finds."""
    today = today_of(request)
    with reading(settings_of(request)) as session:
        everyone, roles = everybody(session, request)
    rows = [
        (one.name, one.email, ", ".join(roles.get(one.id, [])), standing(one, today).words)
        for one in sought(everyone, roles, sok, visa, today)
    ]
    return as_excel("personer", "Personer", ("Namn", "E-post", "Roller i dag", "Läge"), rows)


@router.get("/utskick.xlsx")
def letters(request: Request, sok: str = "") -> Response:
    """The letters that the search finds."""
    with reading(settings_of(request)) as session:
        found = session.execute(written(request, sok).limit(MOST)).all()
    rows = [
        (row.on_day, row.to_name, row.to_address, row.subject, LETTER_WORDS[row.state])
        for row in found
    ]
    return as_excel("utskick", "Utskick", ("Dag", "Till", "Adress", "Ärende", "Läge"), rows)


@router.get("/kommande.xlsx")
def coming(request: Request, till: str = "") -> Response:
    """The letters to come, a row for each activity."""
    found, last = until(request, till)
    rows = [
        (letter.on_day, letter.name, letter.address, letter.subject, what, why)
        for letter in found
        for what, why in (
            [
                (row.what, rung_reached(row.kind, row.due_on, row.rung, letter.on_day))
                for row in letter.rows
            ]
            + [(part.title, "") for part in letter.parts]
            or [("", "")]
        )
    ]
    head = ("Dag", "Till", "Adress", "Ärende", "Aktivitet", "Varför")
    return as_excel("kommande", f"Kommande utskick till och med {last}", head, rows)


@router.get("/korningar.xlsx")
def runs(request: Request) -> Response:
    """The latest runs; none while Prefect's server does not answer."""
    try:
        found = from_prefect(settings_of(request), viewer_of(request))
    except prefect_api.AWAY:
        found = []
    rows = [
        (
            run["name"],
            f"{run['began']:%Y-%m-%d %H:%M}" if run["began"] else "",
            RUN_WORDS.get(run["state"], run["state"]),
            f"{run['seconds']:.1f}".replace(".", ","),
            capitalised(run["decided"]),
        )
        for run in found
    ]
    head = ("Körning", "Började", "Läge", "Sekunder", "Resultat")
    return as_excel("korningar", "Körningar", head, rows)


@router.get("/statusrundor.xlsx")
def status_rounds(request: Request) -> Response:
    """The status rounds."""
    with reading(settings_of(request)) as session:
        found = opened(session, request)
    rows = [
        (
            row.group,
            OCCASIONS[row.occasion],
            row.opened_on,
            row.closes_on,
            row.asked,
            row.answered,
            row.late or 0,
        )
        for row in found
    ]
    head = ("Grupp", "Varför", "Öppnades", "Stänger", "Frågor", "Besvarade", "Varav sent")
    return as_excel("statusrundor", "Statusrundor", head, rows)


@router.get("/moten.xlsx")
def meetings(request: Request) -> Response:
    """How much waits for each group."""
    rows = [(group["name"], group["waiting"]) for group in waiting_groups(request)]
    return as_excel("moten", "Möten", ("Grupp", "Att ta upp"), rows)


@router.get("/moten/{group_id}.xlsx")
def meeting(request: Request, group_id: int) -> Response:
    """What waits for a group: its agenda."""
    today = today_of(request)
    with reading(settings_of(request)) as session:
        group = existing(session, Group, group_id)
        name, sections = group.name, sections_of(rows_of(session, group_id, today), group_id)
    rows = [
        (
            section,
            row.id,
            row.what,
            capitalised(row.state.value),
            row.deadline_text,
            row.owner,
            row.text,
            row.proposed_text,
            row.instead,
        )
        for section, waiting in sections
        for row in waiting
    ]
    head = (
        *("Väntar på", "Nr", "Aktivitet", "Läge", "Slutdatum", "Grupp", "Senaste svar"),
        *("Föreslaget slutdatum", "Föreslagen ansvarig"),
    )
    return as_excel("mote", f"Möte: {name}", head, rows)
