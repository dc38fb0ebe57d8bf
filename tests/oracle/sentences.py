"""The sentences that letters hold, one pattern each, and how it is known whether they are so."""

import re
from datetime import date

from tests.oracle.claims import SAYS as WORDS
from tests.oracle.claims import STANDS_IN, D, Told, always, day_of, distance, number_of, says
from tests.oracle.days import DAY, POLICY, letters_go
from tests.oracle.facts import What
from tests.oracle.reading import SILENT

for words in (
    r"Det här är bra att känna till\. Du behöver inte svara\.",
    r"Det här behöver kompletteras\. Svara på brevet, så skriver processledaren in det\.",
    r"Det här behöver kompletteras\. Du kan skriva in det själv\.",
    r"(FRÅGOR TILL DIG|DET SOM SAKNAS|BEHÖVER KOMPLETTERAS)",
    r"(DAGEN HAR PASSERAT|KOMMER SNART|INGEN HAR SVARAT|ATT KÄNNA TILL|ÖVRIGT)",
    r"Lämna besked \(tar någon minut, ingen inloggning behövs\):",
    r"Visa det du svarar för \(ingen inloggning behövs\):",
    r"Eller välj ett svar här, så är det ifyllt på sidan\. "
    r"Inget skickas förrän du säger till där\.",
    r"Lämna besked om (aktiviteten|aktiviteterna) "
    r"\(det tar någon minut, och ingen inloggning behövs\):",
    r"Tryck på ett svar, så är det ifyllt på sidan; inget skickas förrän du säger till där\.",
    r"Länken är personlig och gäller i 45 dagar\. Skicka den inte vidare\.",
    r"Brevet skickas automatiskt av Följsam, högst ett om dagen\.",
    r"(Visa [a-zåäö ]+|Ta ställning till förslagen|Läs rapporten): http\S+",
    r"(Följ upp|Skriv och granska(?: här)?): http\S+",
    r"Rapporten ligger också som PDF i brevet\. Länken fungerar i 45 dagar, utan inloggning\. "
    r"Den visar alltid just den här utgåvan\.",
    r"Där kan ni också skriva vad ni kom fram till på mötet\. Det står i nästa rapport när "
    r"processledaren har sagt ja\.",
    r"Årsrapport \d{4} är sammanställd\. Siffrorna, aktiviteterna och diagrammen är på plats\. "
    r"Det som återstår är dina ord\.",
    r"Du kan också skriva i Word-filen som följer med\. Läs sedan in den på samma sida\.",
    r"När du har godkänt rapporten skickas den till grupperna nästa arbetsdag\.",
    rf"\w+ skrev en kommentar {D}( och bifogade en fil)?\.",
    rf"\d+ nya kommentarer(, den senaste)? av \w+,?( den senaste)? {D}\.",
    r"De står på aktiviteternas egna sidor\.",
    r"Rapporten har \w+ (rättelse|rättelser) av det som tidigare rapporter sa\.",
    r"Så gick det med aktiviteterna under (det \w+ kvartalet|hela året) \d{4}\.",
):
    always(words)


@says(r"Hej (\w+),")
def _greets(told: Told, found: re.Match[str]) -> bool:
    return found[1] == told.to


@says(r"(\w+) (aktivitet|aktiviteter) som du svarar för behöver ett besked\.")
def _counts_her_own(told: Told, found: re.Match[str]) -> bool:
    return number_of(found[1]) == len(set(told.read.own))


@says(r"(\w+) (aktivitet|aktiviteter) har ingen svarat om, så nu går frågan till dig\.")
def _counts_silent(told: Told, found: re.Match[str]) -> bool:
    return number_of(found[1]) == len(set(told.read.silent))


@says(r"Du får frågorna som (.+)\.")
def _holds_a_role(told: Told, found: re.Match[str]) -> bool:
    return told.claims.holds(told.to, found[1], told.day)


@says(rf"Svara senast ({D})\.")
def _answer_by(told: Told, found: re.Match[str]) -> bool:
    """A day of what is asked, a round's, or the last before a question goes up the line."""
    grace, left = told.day, POLICY["escalation"]["chair"]
    while left:
        grace += DAY
        left -= letters_go(grace)
    days = {grace}
    for row in told.read.asked:
        for line in row.lines:
            days |= {day_of(one) for one in re.findall(D, line)}
    return day_of(found[1]) in days and day_of(found[1]) >= told.day


@says(rf"Slutdatum (är|var) ({D}) \(([^)]+)\)(, men aktiviteten är ännu inte beslutad)?\.")
def _deadline(told: Told, found: re.Match[str]) -> bool:
    day, task = day_of(found[2]), told.task
    undecided = told.oracle.life(task, told.day).value == "föreslagen"
    return (
        day == told.oracle.deadline(task, told.day)
        and found[3] == distance(told.day, day)
        and (found[1] == "var") == (day < told.day)
        and bool(found[4]) == undecided
    )


@says(r"(Helgen|Uppehållet i utskicken) gör att brevet kommer först i dag\.")
def _held_back(told: Told, found: re.Match[str]) -> bool:
    """The day before one of its days was one on which no letters go, and so were all since."""
    days = [told.oracle.deadline(told.task, told.day), *(one.by for one in told.task.shares)]
    before = told.day - DAY
    while not letters_go(before):
        before -= DAY
    weeks = told.day - before > DAY * 5
    late = [one for one in days if one and before < one - DAY < told.day]
    return bool(late) and (weeks == (found[1] != "Helgen"))


@says(rf"Skulle ha startat senast ({D}) \(([^)]+)\)\.")
def _start(told: Told, found: re.Match[str]) -> bool:
    day = day_of(found[1])
    started = told.oracle.life(told.task, told.day).value != "beslutad"
    return day == told.task.start and found[2] == distance(told.day, day) and not started


@says(rf"Löper över tid\. Dags att se över den (i dag), ({D})\.")
def _review_today(told: Told, found: re.Match[str]) -> bool:
    return day_of(found[2]) == told.oracle.review(told.task, told.day) == told.day


@says(rf"Löper över tid\. Skulle ses över ({D}) \(([^)]+)\)\.")
def _review(told: Told, found: re.Match[str]) -> bool:
    day = day_of(found[1])
    return day == told.oracle.review(told.task, told.day) and found[2] == distance(told.day, day)


@says(rf"Pausad\. Pausen (ska|skulle) omprövas ({D}) \(([^)]+)\)\.")
def _resume(told: Told, found: re.Match[str]) -> bool:
    pause, day = told.oracle.pause(told.task, told.day), day_of(found[2])
    tense = (found[1] == "skulle") == (day < told.day)
    return (
        pause is not None and pause.until == day and found[3] == distance(told.day, day) and tense
    )


@says(rf"Medlen (ska|skulle) användas senast ({D}) \(([^)]+)\)\.")
def _money(told: Told, found: re.Match[str]) -> bool:
    day = day_of(found[2])
    tense = (found[1] == "skulle") == (day < told.day)
    return day == told.task.money and found[3] == distance(told.day, day) and tense


@says(rf"Statusrunda: gruppen vill ha ett besked senast ({D}) \(([^)]+)\)\.")
def _round(told: Told, found: re.Match[str]) -> bool:
    day = day_of(found[1])
    closes = [
        {
            one.closes
            for one in told.oracle.rounds
            if row.what in one.tasks and one.opened <= told.day
        }
        for row in told.rows()
        if row.heading != SILENT
    ]
    return found[2] == distance(told.day, day) and all(day in each for each in closes)


@says(rf"(\w+) \((\w[\w ]*)\): slutdatum (är|var) ({D}) \(([^)]+)\)(.*)\.")
def _part(told: Told, found: re.Match[str]) -> bool:
    share = next((one for one in told.task.shares if one.name == found[1]), None)
    day = day_of(found[4])
    state = told.oracle.share_state(told.task, found[1], told.day)
    right = share is not None and share.by == day and found[5] == distance(told.day, day)
    return right and found[2] == state and (found[3] == "var") == (day < told.day)


@says(rf"(?:(\w+) \(([\w ]+)\): i|I)ngen har svarat sedan ({D})\. (.+) fick frågan (.+)\.")
def _nobody_answered(told: Told, found: re.Match[str]) -> bool:
    since, words = day_of(found[3]), f"{found[4]} fick frågan {found[5]}"
    for row in told.rows():
        answers = told.oracle.answers(row.what, told.day)
        if any(one.day >= since for one in answers):
            return False
        if not told.claims.asked_as_told(row.what, words, told, since, found[1] or ""):
            return False
    return True


@says(rf"Ditt senaste besked, ({D}): ([^.]+)\.")
def _her_answer(told: Told, found: re.Match[str]) -> bool:
    one = told.newest()
    right = one is not None and one.by == told.to and one.day == day_of(found[1])
    return right and one is not None and WORDS[one.says] == found[2]


@says(rf"Senaste beskedet, från (\w+), ({D}): ([^.]+)\.")
def _others_answer(told: Told, found: re.Match[str]) -> bool:
    one = told.newest()
    right = one is not None and one.by == found[1] != told.to and one.day == day_of(found[2])
    return right and one is not None and WORDS[one.says] == found[3]


@says(r"Dagen har passerat sedan dess\. När blir det klart\?")
def _passed_since(told: Told, _found: re.Match[str]) -> bool:
    one, due = told.newest(), told.oracle.deadline(told.task, told.day)
    days = [due] if due else []
    days += [share.by for share in told.task.shares]
    return one is not None and any(one.day <= day < told.day for day in days)


@says(r"Förslaget om nytt slutdatum \(([\d-]+)\) väntar på processledarens ja eller nej\.")
def _waits(told: Told, found: re.Match[str]) -> bool:
    standing = told.oracle.standing(told.task.what, told.day)
    return found[1] in {str(one.proposed) for one in standing}


@says(
    rf"Ditt förslag ({D}) om nytt slutdatum \(([\d-]+)\) väntar på processledarens ja\. "
    r"Påminnelserna om slutdatumet vilar så länge\."
)
def _hers_waits(told: Told, found: re.Match[str]) -> bool:
    return any(
        (one.by, one.day, str(one.proposed)) == (told.to, day_of(found[1]), found[2])
        for one in told.oracle.standing(told.task.what, told.day)
    )


@says(r"På sidan kan du svara själv, påminna, ta över frågan eller ta upp den på gruppens möte\.")
@says(r"På sidan kan du svara själv, påminna eller ta över den(, eller ta upp den på mötet)?\.")
def _may_take_over(told: Told, _found: re.Match[str]) -> bool:
    return told.row is not None and told.row.heading == SILENT


@says(r"(Plan \w+)(?:\. Läge: (\w+)\.)?(?: Du får (?:frågan|veta det) som (.+)\.)?")
def _foot(told: Told, found: re.Match[str]) -> bool:
    for task in [told.oracle.world.tasks[row.what] for row in told.rows()]:
        if task.plan != found[1]:
            return False
        if found[2] and told.oracle.life(task, told.day).value != found[2]:
            return False
    return not found[3] or told.claims.holds(told.to, found[3], told.day)


@says(rf"(\w+) svarade Klart ({D})\. Nu återstår att följa upp den\.")
def _said_done(told: Told, found: re.Match[str]) -> bool:
    return told.claims.answered(told.task.what, found[1], day_of(found[2]), "Klart", told.day)


@says(rf"Ditt besked ({D}): nytt slutdatum \(([\d-]+)\)\.")
def _her_proposal(told: Told, found: re.Match[str]) -> bool:
    return any(
        one.by == told.to and one.day == day_of(found[1]) and str(one.proposed) == found[2]
        for one in told.oracle.answers(told.task.what, told.day)
    )


@says(rf"Ditt besked ({D}): att (.+) svarar för den\.")
def _hers_was_not_hers(told: Told, found: re.Match[str]) -> bool:
    named = "" if found[2] == "någon annan" else found[2]
    return any(
        (one.says, one.by, one.day, one.to) == ("not_me", told.to, day_of(found[1]), named)
        for one in told.oracle.answers(told.task.what, told.day)
    )


@says(rf"(\w+) sa (ja|nej) till förslaget ({D})\.")
def _verdict(told: Told, found: re.Match[str]) -> bool:
    return any(
        one.by == found[1] and one.day == day_of(found[3]) and one.accept is (found[2] == "ja")
        for one in told.oracle.deeds(told.task.what, told.day, What.SETTLE)
        if told.oracle.log.deeds[one.answer].by == told.to
    )


@says(rf"(\w+) svarade i ditt ställe ({D}): ([^.]+)\.")
def _in_her_place(told: Told, found: re.Match[str]) -> bool:
    hers = told.oracle.named(told.task, told.day) == told.to != found[1]
    day = day_of(found[2])
    return hers and told.claims.answered(told.task.what, found[1], day, found[3], told.day)


@says(rf"(\w+) skrev in ditt besked ({D}): ([^.]+)\.")
def _written_down(told: Told, found: re.Match[str]) -> bool:
    day = day_of(found[2])
    said = told.claims.answered(told.task.what, told.to, day, found[3], told.day, way="phone")
    return said and found[1] == told.oracle.world_leader(told.task)


@says(r"Har du en fråga\? Svara på brevet, så hjälper (\w+), som är processledare, dig\.")
def _whom_to_ask(told: Told, found: re.Match[str]) -> bool:
    return found[1] in {area.leader for area in told.oracle.world.areas}


@says(r"Har du en fråga\? Prata med den som sköter Följsam hos er\.")
def _nobody_to_ask(told: Told, _found: re.Match[str]) -> bool:
    """Only the leader herself, where nobody administers: she is not told to ask herself."""
    return told.to in {area.leader for area in told.oracle.world.areas}


@says(rf"Att ta upp på mötet(?: ({D}))?")
def _to_the_meeting(told: Told, found: re.Match[str]) -> bool:
    return not found[1] or day_of(found[1]) >= told.day


@says(
    rf"\* (.+) \(([\w ]+)\): (ett förslag väntar på ja eller nej)?(?:, )?(?:slutdatum var ({D}))?\."
    rf" (?:Inget besked har kommit|Senaste besked ({D}): ([^.]+))\."
)
def _to_take_up(told: Told, found: re.Match[str]) -> bool:
    """What a group has to take up: it waits, its day has passed, and what was said of it last."""
    task, given = told.oracle.world.tasks[found[1]], told.oracle.answers(found[1], told.day)
    waits = told.oracle.waits_for_yes(found[1], told.day) is not None
    due = told.oracle.deadline(task, told.day)
    passed = due if due is not None and due < told.day else None
    newest = (given[-1].day, WORDS[given[-1].says]) if given else None
    who = set(found[2].split(" och ")) <= set(told.oracle.responsible(task, told.day))
    said = (day_of(found[5]), found[6]) if found[5] else None
    named = day_of(found[4]) if found[4] else None
    return who and (waits, passed, newest) == (bool(found[3]), named, said)


@says(r"STATUSRAPPORT(ER)? KV (\d) (\d{4})")
def _reported_quarter(told: Told, found: re.Match[str]) -> bool:
    return date(int(found[3]), int(found[2]) * 3, 1) < told.day


@says(r"UTKAST TILL ÅRSRAPPORT (\d{4})")
def _reported_year(told: Told, found: re.Match[str]) -> bool:
    return int(found[1]) < told.day.year


@says(r"Det gäller allt som (\w+) svarar för\.")
def _scope(told: Told, found: re.Match[str]) -> bool:
    return told.claims.stands_in(told, "du" if found[1] == "du" else found[1])


@says(rf"Du får frågorna från och med ({D})\.")
def _from_then(told: Told, found: re.Match[str]) -> bool:
    one = told.claims.delegation(told)
    return one is not None and one.proposed == day_of(found[1])


@says(
    rf"Från och med ({D}) går frågorna till (\w+)\. Stämmer det inte\? Svara på brevet, eller .+\."
)
def _go_to(told: Told, found: re.Match[str]) -> bool:
    one = told.claims.delegation(told)
    return one is not None and one.proposed == day_of(found[1]) and one.to == found[2]


@says(r"(\w+) (aktivitet|aktiviteter) saknar något som behövs")
def _counts_lacking(told: Told, found: re.Match[str]) -> bool:
    assert told.row is not None
    return number_of(found[1]) >= sum(": saknar " in line for line in told.row.lines)


@says(r"(.+): saknar ansvarig som går att nå\.")
def _lacks_somebody(told: Told, found: re.Match[str]) -> bool:
    task = told.oracle.world.tasks[found[1]]
    named = told.oracle.named(task, told.day)
    return not (named and told.oracle.reachable(named, told.day))


@says(r"Registrerat av (\w+)\.")
def _registered_by(told: Told, found: re.Match[str]) -> bool:
    return found[1] in {area.leader for area in told.oracle.world.areas}


@says(
    r"(?:(?:VECKAN|Veckan): )?(\w+) (?:sak|saker|SAK|SAKER) (?:att se till|ATT SE TILL)"
    r"(?: i vecka (\d+)\.)?"
)
def _week(told: Told, found: re.Match[str]) -> bool:
    week = not found[2] or int(found[2]) == told.day.isocalendar().week
    return week and number_of(found[1]) == len(told.read.week)


@says(r"(INGEN SVARAR|FÖRSLAG SOM VÄNTAR PÅ DITT JA) \((\d+)\)")
def _week_heading(told: Told, found: re.Match[str]) -> bool:
    return sum(row.heading == found[1] for row in told.read.week) == int(found[2])


@says(
    r"\* ([^,.]+)(?:, (\w+))?\. (.+? fick frågan [^.]+)\."
    r"(?: Frågan har gått vidare till ([^.]+)\.)?"
)
def _week_silent(told: Told, found: re.Match[str]) -> bool:
    return told.claims.told_in_week(found[1], found[2] or "", found[3], found[4] or "", told)


@says(r"\* (.+): (?:(\w+) svarar för den i stället|någon annan ska svara för den, men .+ vem)")
def _week_not_hers(told: Told, found: re.Match[str]) -> bool:
    standing = told.oracle.standing(found[1], told.day)
    return any(one.says == "not_me" and one.to == (found[2] or "") for one in standing)


@says(
    rf"Ditt förslag ({D}) om att (.+) svarar för den väntar på processledarens ja\. "
    r"Påminnelserna om slutdatumet vilar så länge\."
)
def _hers_not_hers(told: Told, found: re.Match[str]) -> bool:
    named = "" if found[2] == "någon annan" else found[2]
    return any(
        (one.says, one.by, one.day, one.to) == ("not_me", told.to, day_of(found[1]), named)
        for one in told.oracle.standing(told.task.what, told.day)
    )


@says(r"\* (.+): nytt slutdatum ([\d-]+)")
def _week_proposal(told: Told, found: re.Match[str]) -> bool:
    standing = told.oracle.standing(found[1], told.day)
    return found[2] in {str(one.proposed) for one in standing}


@says(r"\* (\w+) (ny |nya |)(aktivitet|aktiviteter) (.+)\.")
def _report(told: Told, found: re.Match[str]) -> bool:
    """Figures of reports have tests of their own (`tests/recount`); here the number in all."""
    number = number_of(found[1])
    return 0 <= number <= len(told.oracle.world.tasks)


@says(STANDS_IN.pattern)
def _stands_in(told: Told, _found: re.Match[str]) -> bool:
    return told.claims.delegation(told) is not None
