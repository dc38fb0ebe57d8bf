"""What tools write when somebody exports a plan, and tables saved as text."""

from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

from .kit import DONE, GOING, TO_COME, activity, drawn, plan
from .sheets import book, put


@drawn(
    "smartsheet.xlsx",
    "Smartsheet, with a sheet of comments",
    plan(
        activity(
            "Skriv gemensam värdegrund",
            "Samverkansledare",
            "2026-04-16",
            GOING,
            "Vi litar på varandra",
            start="2026-02-02",
        ),
        activity(
            "Jobbskuggning mellan huvudmännen",
            ["HR-strateg", "Enhetschef"],
            "2026-09-24",
            TO_COME,
            "Vi litar på varandra",
            start="2026-08-17",
        ),
        activity(
            "Gemensam adresslista",
            "Kanslist",
            "2026-01-30",
            DONE,
            "Vi hittar varandra",
            start="2026-01-12",
        ),
    ),
)
def _smartsheet(path: Path) -> None:
    made, sheet = book("Samverkan")
    put(
        sheet,
        (
            (
                "Uppgiftsnamn",
                "Mål",
                "Tilldelad till",
                "Start",
                "Slut",
                "Varaktighet",
                "Föregående",
                "% slutfört",
                "Status",
            ),
            (
                "Skriv gemensam värdegrund",
                "Vi litar på varandra",
                "Samverkansledare",
                date(2026, 2, 2),
                date(2026, 4, 16),
                "54d",
                None,
                0.3,
                "Pågår",
            ),
            (
                "Jobbskuggning mellan huvudmännen",
                "Vi litar på varandra",
                "HR-strateg, Enhetschef",
                date(2026, 8, 17),
                date(2026, 9, 24),
                "29d",
                "1FS",
                0,
                "Inte startad",
            ),
            (
                "Gemensam adresslista",
                "Vi hittar varandra",
                "Kanslist",
                date(2026, 1, 12),
                date(2026, 1, 30),
                "15d",
                None,
                1,
                "Slutförd",
            ),
        ),
        bold=(1,),
    )
    comments = made.create_sheet("Kommentarer")
    put(
        comments,
        (
            ("Rad 1",),
            ("Rut Påhittdotter 2026-02-10 09:14", "Ska föreningarna vara med?"),
            ("Nils Provdal 2026-02-10 11:02", "Ja, från mars."),
        ),
    )
    made.save(path)


@drawn(
    "clickup.csv",
    "ClickUp, days in milliseconds and in words",
    plan(
        activity(
            "Karta över lediga korttidsplatser",
            ["Alva Exempelsson", "Nils Provdal"],
            "2026-04-17",
            GOING,
            start="2026-03-16",
        ),
        activity("Ronda tillsammans på fredagar", "Nils Provdal", "2026-05-29", TO_COME),
        activity("Byt låskod till avdelningen", "Rut Påhittdotter", "2026-02-20", DONE),
    ),
)
def _clickup(path: Path) -> None:
    rows = (
        (
            "86c1a",
            "Karta över lediga korttidsplatser",
            "in progress",
            date(2026, 4, 17),
            date(2026, 3, 16),
            "[Alva Exempelsson,Nils Provdal]",
        ),
        (
            "86c1b",
            "Ronda tillsammans på fredagar",
            "to do",
            date(2026, 5, 29),
            None,
            "[Nils Provdal]",
        ),
        (
            "86c1c",
            "Byt låskod till avdelningen",
            "complete",
            date(2026, 2, 20),
            None,
            "[Rut Påhittdotter]",
        ),
    )
    told = (
        "Task ID,Task Name,Task Content,Status,Date Created,Date Created Text,Due Date,"
        "Due Date Text,Start Date,Start Date Text,Parent ID,Assignees,Tags,Priority,List Name,"
        "Space Name\n"
    )
    created = _moment(date(2026, 1, 28))
    for name, what, state, due, start, who in rows:
        told += (
            f'{name},"{what}","",{state},{created},{_moment(due)},{_moment(start)},null,'
            f'"{who}",[],null,Korttid,Hemgång\n'
        )
    path.write_text(told, "utf-8")


def _moment(day: date | None) -> str:
    """Two cells: a day at four in the morning as milliseconds, and in American words."""
    if day is None:
        return ","
    at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    words = f"{day.month}/{day.day}/{day.year}, 4:00:00 AM GMT+0"
    return f'{int(at.timestamp())}000,"{words}"'


@drawn(
    "notion.csv",
    "Notion, with links and stretches of days",
    plan(
        activity(
            "Sovmorgon på boendet",
            "Boendechef",
            "2026-04-17",
            GOING,
            "Alla får vila",
            first="2026-03-02",
        ),
        activity("Mörkläggande gardiner", "Vaktmästare", "2026-10-30", TO_COME, "Alla får vila"),
        activity("Musik vid morgonhjälp", "Musikterapeut", "2026-02-19", DONE, "Lugna dagar"),
    ),
)
def _notion(path: Path) -> None:
    rest, calm = (
        f"{name} (https://www.notion.example/{page}?pvs=21)"
        for name, page in (("Alla får vila", "Alla-f-r-vila-1f2e"), ("Lugna dagar", "Lugna-3b7c"))
    )
    path.write_text(
        "Aktivitet,Ansvarig,Datum,Läge,Mål\n"
        f'Sovmorgon på boendet,Boendechef,"March 2, 2026 → April 17, 2026",Pågår,{rest}\n'
        f'Mörkläggande gardiner,Vaktmästare,"October 30, 2026",Inte påbörjad,{rest}\n'
        f'Musik vid morgonhjälp,Musikterapeut,"February 19, 2026",Klart,{calm}\n',
        "utf-8-sig",
    )


@drawn(
    "todoist.csv",
    "Todoist, sections and notes as rows",
    plan(
        activity("Fyll på akutväskan", "Nils Provdal", "2026-03-09"),
        activity("Beställ nya skyltar till entrén", "Rut Påhittdotter", "2026-04-13"),
        activity("Ordna lunch till nätverksdagen", "Rut Påhittdotter", "2026-09-15"),
    ),
)
def _todoist(path: Path) -> None:
    author, nils, rut = (
        "Alva Exempelsson (4711)",
        "Nils Provdal (4712)",
        "Rut Påhittdotter (4713)",
    )
    rest = "sv,Europe/Stockholm"
    path.write_text(
        "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n"
        "section,I bilen,,,,,,,,\n"
        f"task,Fyll på akutväskan,,4,1,{author},{nils},2026-03-09,{rest}\n"
        f"note,Kolla även bäst före på handskarna,,,,{author},,,,\n"
        ",,,,,,,,,\n"
        "section,På mottagningen,,,,,,,,\n"
        f"task,Beställ nya skyltar till entrén,,2,1,{author},{rut},2026-04-13,{rest}\n"
        f"task,Ordna lunch till nätverksdagen,,4,1,{author},{rut},2026-09-15,{rest}\n"
        ",,,,,,,,,\n",
        "utf-8-sig",
    )


@drawn(
    "sep_rad.csv",
    "a first line that tells the separator, breaks within quotes",
    plan(
        activity(
            'Utbilda i "motiverande samtal"',
            ["Kursledare", "Beroendesjuksköterska"],
            "2026-05-07",
            GOING,
            "Fler söker hjälp; färre faller ur",
        ),
        activity(
            "Drop-in för alkoholsamtal",
            "Socialsekreterare",
            "2026-09-01",
            TO_COME,
            "Fler söker hjälp; färre faller ur",
        ),
        activity("Naloxon i varje jourbil", "Jourchef", "2026-03-31", DONE, "Ingen dör"),
    ),
)
def _separator(path: Path) -> None:
    goal = '"Fler söker hjälp; färre faller ur"'
    path.write_text(
        "sep=;\r\n"
        '"Mål";"Aktivitet";"Ansvarig";"Klart";"Status"\r\n'
        f'{goal};"Utbilda i ""motiverande samtal""";"Kursledare\n'
        'Beroendesjuksköterska";"2026-05-07";"Pågår"\r\n'
        f'{goal};"Drop-in för alkoholsamtal";"Socialsekreterare";"2026-09-01";"Ej påbörjad"\r\n'
        '"Ingen dör";"Naloxon i varje jourbil";"Jourchef";"2026-03-31";"Klar"\r\n',
        "utf-8",
        newline="",
    )


@drawn(
    "mac_cr.csv",
    "an old Mac's letters and line ends",
    plan(
        activity("Återbesök på hälsocentralen", "Läkarsekreterare", "2026-04-30", GOING),
        activity("Låna ut blodtrycksmätare", "Undersköterska", "2026-06-15", TO_COME),
        activity("Äldredag på torget", "Fältsköterska", "2026-10-01", TO_COME),
    ),
)
def _old_mac(path: Path) -> None:
    told = (
        "Åtgärd;Ansvarig;Färdigt;Läge",
        "Återbesök på hälsocentralen;Läkarsekreterare;2026-04-30;Pågår",
        "Låna ut blodtrycksmätare;Undersköterska;2026-06-15;Ej påbörjad",
        "Äldredag på torget;Fältsköterska;2026-10-01;Ej påbörjad",
    )
    path.write_bytes("\r".join(told).encode("mac_roman"))


@drawn(
    "confluence.html",
    "Confluence, status lozenges and times",
    plan(
        activity(
            "En vårdplan i båda journalerna",
            "Informatiker",
            "2026-06-11",
            GOING,
            how="Planen speglas varje natt.",
        ),
        activity(
            "Utbilda superanvändare",
            "Systemförvaltare",
            "2026-10-22",
            TO_COME,
            how="Två per enhet, en halv dag.",
        ),
        activity(
            "Rensa gamla behörigheter",
            "Säkerhetssamordnare",
            "2026-02-26",
            DONE,
            how="Listor skickas till cheferna.",
        ),
        title="Handlingsplan Digital samverkan Kvarnby 2026",
    ),
)
def _confluence(path: Path) -> None:
    rows = (
        (
            "En vårdplan i båda journalerna",
            "Planen speglas varje natt.",
            "Informatiker",
            ("2026-06-11", "11 juni 2026"),
            ("current", "PÅGÅR"),
        ),
        (
            "Utbilda superanvändare",
            "Två per enhet, en halv dag.",
            "Systemförvaltare",
            ("2026-10-22", "22 okt. 2026"),
            ("default", "EJ PÅBÖRJAD"),
        ),
        (
            "Rensa gamla behörigheter",
            "Listor skickas till cheferna.",
            "Säkerhetssamordnare",
            ("2026-02-26", "26 feb. 2026"),
            ("complete", "KLAR"),
        ),
    )
    cells = "".join(
        f'<tr><td class="confluenceTd"><p><strong>{what}</strong></p></td>'
        f'<td class="confluenceTd"><p>{how}</p></td><td class="confluenceTd"><p>{who}</p></td>'
        f'<td class="confluenceTd"><div><p><time datetime="{day}" class="date-past">{shown}'
        '</time>&nbsp;</p></div></td><td class="confluenceTd"><div><p>'
        f'<span class="status-macro aui-lozenge aui-lozenge-{colour}">{state}</span></p></div>'
        "</td></tr>"
        for what, how, who, (day, shown), (colour, state) in rows
    )
    headings = "".join(
        f'<th class="confluenceTh"><p>{words}</p></th>'
        for words in ("Aktivitet", "Hur", "Ansvarig", "Klart", "Status")
    )
    title = "Handlingsplan Digital samverkan Kvarnby 2026"
    path.write_text(
        f"<!DOCTYPE html><html><head><title>SAM : {title}</title>"
        '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head>'
        '<body class="theme-default aui-theme-default"><div id="page"><div id="main-header">'
        '<div id="breadcrumb-section"><ol id="breadcrumbs"><li><a href="index.html">Samverkan'
        '</a></li></ol></div><h1 id="title-heading" class="pagetitle"><span id="title-text">'
        f'{title}</span></h1></div><div class="page-metadata">Skapad av <span class="author">'
        "Alva Exempelsson</span>, senast ändrad den 9 mars 2026</div>"
        '<div id="main-content" class="wiki-content group"><div class="table-wrap">'
        f'<table class="wrapped confluenceTable"><tbody><tr>{headings}</tr>{cells}</tbody>'
        '</table></div></div></div><div id="footer"><p>Dokument genererat av Confluence den '
        "12 mars 2026 08:30</p></div></body></html>",
        "utf-8",
    )


@drawn(
    "google_ark_webbsida.html",
    "Google Sheets as a web page, coloured dots with a legend",
    plan(
        activity("Gemensam nattsköterska", "Nattchef", "2026-05-18", GOING),
        activity("Bilpool vid länsgränsen", "Fordonssamordnare", "2026-03-05", DONE),
        activity("Kvällsöppet rehab", "Rehabsamordnare", "2026-11-09", TO_COME),
        activity("Sjukresor till dagvård", "Reseplanerare", "2026-12-14", TO_COME),
        title="Aktivitetslista Gränsbygd i samverkan Skogstorp 2026",
    ),
)
def _google_page(path: Path) -> None:
    grid = (
        ("Aktivitetslista Gränsbygd i samverkan Skogstorp 2026", "", "", ""),
        ("🟢 = klart   🟡 = pågår   🔴 = inte påbörjat", "", "", ""),
        ("Vad", "Vem", "Klart senast", "Läge"),
        ("Gemensam nattsköterska", "Nattchef", "2026-05-18", "🟡"),
        ("Bilpool vid länsgränsen", "Fordonssamordnare", "2026-03-05", "🟢"),
        ("Kvällsöppet rehab", "Rehabsamordnare", "2026-11-09", "🔴"),
        ("Sjukresor till dagvård", "Reseplanerare", "2026-12-14", "🔴"),
    )
    letters = "".join(
        f'<th id="0C{letter}" class="column-headers">{letter}</th>' for letter in "ABCD"
    )
    rows = "".join(
        f'<tr style="height: 20px"><th id="0R{number}" class="row-headers-background">'
        f'<div class="row-header-wrapper">{number}</div></th>'
        + "".join(f'<td class="s{number % 3}" dir="ltr">{escape(words)}</td>' for words in row)
        + "</tr>"
        for number, row in enumerate(grid, start=1)
    )
    path.write_text(
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        '<style type="text/css">.ritz .waffle .s0{text-align:left;color:#000000;}</style>'
        '<div class="ritz grid-container" dir="ltr"><table class="waffle" cellspacing="0">'
        '<thead><tr><th class="row-header freezebar-origin-ltr"></th>'
        f"{letters}</tr></thead><tbody>{rows}</tbody></table></div>",
        "utf-8",
    )
