"""The words that plans have over their columns, and what each of them stands over.

Headings are compared without case, punctuation, line breaks and broken hyphenation, and a compound
that is in no list by how it begins and ends ("Åtgärds·ansvarig", "Slut·vecka"). Which row of a
table is its heading row is told in `headings.py`, what the cells beneath say in `votes.py`.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from models.plan_shape import Role

_LONGEST = 120  # signs; a longer cell is no heading
Synonyms = Mapping[str, Role]  # an installation's own words, folded, and what they stand over

DATE_ROLES = frozenset({Role.START, Role.DEADLINE, Role.PERIOD})
ENDS = frozenset({Role.DEADLINE, Role.PERIOD})
DONE_WORDS = frozenset({
    "klar", "klart", "fardig", "fardigt", "genomford", "genomfort", "utford", "avslutad",
    "avslutat",
})  # fmt: skip

_SHALL = "ska|skall|bor|maste|beraknas|planeras|forvantas"
_DONE = "|".join((*sorted(DONE_WORDS), "genomfora?t?s?", "slutford", "slutfort", "utfort"))
_OF_TASK = r"^(action|task|activity|initiative|deliverable|work item)"
# Whole questions and joined heads; looked for anywhere in the heading, the first that fits wins.
_PHRASES: tuple[tuple[str, Role], ...] = (
    (
        rf"^(det har |vad )(\w+ ){{0,3}}({_SHALL})\b(\w| )*\b(gora|goras|ske|genomforas|genomfora)$"
        r"|^(insats|kort|uppgift|atgard|aktivitet|moment)(en|ets?)?s? "
        r"(namn|rubrik|titel|benamning)$"
        r"|^(planera\w+|kommande|gemensamt) arbete$"
        r"|^((sak|punkt|det|kvar)(er|en|erna)? )?(som ar )?(att )?gora( (harnast|nu|framover))?$"
        r"|overenskom(met|na|melse om)$|overens om( att gora)?$",
        Role.WHAT,
    ),
    (r"^(det har|detta) ska vi gora$", Role.WHAT),
    (
        r"^sa (har )?(ska det )?(genomfors|utfors|gar det till)( det| den)?$"
        r"|^(genomfors|utfors|gors) sa (har)?$|^(genomfors|utfors|gors) (pa foljande satt|genom)$"
        r"|^sa (har )?ska (det|den|vi) (ga till|gora|goras|genomforas|arbeta)\b"
        r"|\bvilket satt\b",
        Role.HOW,
    ),
    # In English the last word of a pair is what it is about.
    (rf"{_OF_TASK} (owner|lead|leader|manager)$", Role.RESPONSIBLE),
    (rf"{_OF_TASK} status$", Role.STATUS),
    (rf"{_OF_TASK} (goal|objective|purpose)$", Role.GOAL),
    (rf"{_OF_TASK} (description|details)$", Role.HOW),
    (
        r"^(avsedd|onskad|onskvard|forvantad|tankt|efterstravad)\w* (effekt|nytta|forandring)\w*$"
        r"|^(effekt|nytta)(er|en)? for (den |de )?"
        r"(invanar|patient|brukar|medborgar|enskild|malgrupp)"
        r"|^(desired|intended) (outcome|effect|result|impact)s?$"
        r"|^vad (vill|onskar) vi (\w+ )?(bli|ska bli|forandra|forbattra|na|ha)\b",
        Role.GOAL,
    ),
    (r"^(lage|status)\w* vid (uppfolj|avstam)\w*$", Role.STATUS),
    (
        r"start\w* (och|till|tom) (slut|klart|stopp)\w*|start\w* slut\w*|fran (och )?till\b",
        Role.PERIOD,
    ),
    (r"^(genomfors|utfors|gors|sker|pagar) (under|nar|mellan)$", Role.PERIOD),
    (r"^vad (blev|blir|blev av) (det|resultatet|utfallet|effekten|av det)$", Role.FOLLOW_UP),
    (
        r"^(for|till) (vem|vilka)( \w+)?$|(vander|riktar) (sig|det|den|vi oss) (sig )?(till|mot)\b",
        Role.TARGET_GROUP,
    ),
    (r"tids?plan|tids?period|tids?ram|nar i tid|genomforandetid|tid for genomforande", Role.PERIOD),
    (rf"({_SHALL}) (vara |bli |ha )?(helt )?({_DONE})|({_DONE}) (senast|till|nar)$", Role.DEADLINE),
    (
        r"hur (\w+ ){0,3}(mats?|matas|maters?|foljs|foljas)\b"
        r"|^how (\w+ ){0,3}(measured?|evaluated?|followed|tracked?|monitored?)\b",
        Role.FOLLOW_UP,
    ),
    (
        r"folj\w* (\w+ ){0,3}upp|uppfolj|mats\b|mater vi|matetal|matt\b",
        Role.FOLLOW_UP,
    ),
    (
        r"nar (ska .*|ar (\w+ )?)(klar|fardig)|klar\w* (senast|datum|nar)|(senast|beraknas) klar",
        Role.DEADLINE,
    ),
    (r"nar (startar|borjar|paborjas)|^i ?gang (fran|sedan|datum)", Role.START),
    (r"hur (vet|ser|marker|mat\w*) vi\b", Role.FOLLOW_UP),
    (
        r"hur (gar|gick) det|hur har det (\w+ )?gatt|hur ser (laget|det) ut\b|hur (ar|star) laget"
        r"|hur langt (har )?(vi|arbetet)|hur langt det|hur ligger vi till"
        r"|var (i \w+ )?(ar|star|befinner) vi|laget (just )?(nu|i ?dag)\b|^tillstand$"
        r"|^vad (har|ar) (\w+ )?(hant|gjorts|skett|gjort|nytt)\b"
        r"|(hant|nytt|nyheter) sedan (sist|forra)"
        r"|grad av (genomforande|fardigstallande)",
        Role.STATUS,
    ),
    (r"sa (har )?(gor|arbetar|jobbar) vi", Role.HOW),
    (
        r"(vill vi|ska vi) (uppna|astadkomma)|vart (vill|ska) vi"
        r"|(onskat|framtida|efterstravat|nytt|tankt) (lage|resultat|tillstand)|effektmal"
        r"|^(det )?(har )?vi vill (uppna|na|astadkomma)$"
        r"|^(vad|vart) ska (det|den|de|aktiviteten|insatsen) (har )?(leda|bidra) till"
        r"|^(vad )?(leder|bidrar) (\w+ )?till$",
        Role.GOAL,
    ),
    (r"^(att gora|to do|work item)$|vad ska (goras|ske|vi gora)", Role.WHAT),
    (
        r"(utfors|drivs|leds|genomfors|ags|verkstalls|skots|ombesorjs) av|^person(er)?$"
        r"|^(agande|ansvarande|utforande|drivande|vilken) (grupp|part|organisation|verksamhet)$"
        r"|tilldela\w* till|assigned to|person in charge",
        Role.RESPONSIBLE,
    ),
    (r"^(completed?|finish(ed)?|done|due) by$", Role.DEADLINE),
    (
        r"\b(ja ?nej|j n|yes no)\b|complete|list name|^(procent|andel) (klart?|fardigt?)\b"
        r"|^(ej paborjad )?(pagar|pagaende) (och |eller )?(klart?|avslutad|fardig)$",
        Role.STATUS,
    ),
    (r"bucket|delprojekt", Role.FOCUS_AREA),
    (r"^dates?$", Role.PERIOD),
    (r"time ?line (end|finish)|target date|sista dag(en)?$", Role.DEADLINE),
    (r"finansieras|finansieringskall", Role.FUNDING),
    (r"(card|task|activity) name", Role.WHAT),
    (r"prioriter\w+ omrade\w*", Role.FOCUS_AREA),
    (r"vem (gor|ansvarar|ar ansvarig|leder|haller i|driver|ager|har ansvar)", Role.RESPONSIBLE),
    (
        r"(vem|vilka|ovriga)( fler| mer| andra)? (som )?(ska )?"
        r"(behover )?(deltar?|delta|medverkar?|berors|ar med|vara med|hjalper|involveras)"
        r"|(andra|vilka|de|alla) som (\w+ ){0,2}(vara med|delta|medverka)\b"
        r"|(samarbetar|samverkar) vi med|(med|till) hjalp av|(med )?stod av|tills(ammans)? med\b",
        Role.PARTICIPANTS,
    ),
    (r"beslut(as|ad|at)? av|beslutande|beslutsfattare|vem beslutar", Role.DECIDED_BY),
)

_WORDS: dict[Role, str] = {
    Role.GOAL: """mal malet malbild malbilder malformulering vision ambition avsikt
        varfor delmal malsattning malsattningar maluppfyllelse prioriterade prioriterat
        inriktningsmal resultatmal syfte onskad onskvard forflyttning
        forflyttningar goal goals objective objectives""",
    Role.FOCUS_AREA: """fokus inriktning fokusomrade fokusomraden malomrade malomraden omrade
        omraden insatsomrade utvecklingsomrade utvecklingsomraden prioriteringsomrade temaomrade
        tema perspektiv verksamhetsomrade strategi projekt delprojekt kategori arbetspaket
        epic category workstream theme area fas etapp phase stage""",
    Role.WHAT: """aktivitet aktiviteter aktivitetet vad atgard atgarder insats insatser
        tiltak uppgift uppgifter uppdrag handling handlingar subtask subtasks arende atagande
        ataganden deliverable deliverables workpackage workpackages arenderubrik
        activity activities action actions task tasks what akt moment initiative initiatives
        initiativ""",
    Role.HOW: """hur tillvagagangssatt genomforande beskrivning metod arbetssatt utforande
        aktivitetsbeskrivning konkretisering arbetsgang innehall detaljer details genomforandeplan
        how description approach method methods content""",
    Role.RESPONSIBLE: """ansvarig ansvariga ansvar vem agare aktivitetsagare uppdragsagare
        huvudansvarig huvudansvariga huvudman sammankallande processagare kontaktperson utforare
        tilldelad tilldelade tilldelat assignee assignees assigned members projektledare drivande
        delprojektledare handlaggare samordnare koordinator resurs resursnamn resource accountable
        responsible owner lead who ansv""",
    Role.PARTICIPANTS: """deltagare deltar medverkande berorda samverkanspart samverkansparter
        parter aktorer involverade samverkan arbetsgrupp ovriga medverkar deltagande
        samverkanspartner samverkar samverkande samarbetspart samarbetsparter samarbetspartner
        samarbetspartners delaktiga inblandade intressenter konsulteras
        stodfunktion stodfunktioner stodjandefunktioner involvedparties
        participants partners stakeholders involved supporting contributors""",
    Role.START: """start startdatum startar startas paborjan igangsattning kickoff starttid paborjas
        uppstart from fran franochmed begin begins borjar startmanad inleds igangsatts paborjad
        paborjat borjan""",
    Role.DEADLINE: """deadline slutdatum klart klar slut sluttid slutar maldatum senast
        fardigt slutfors fardigstalls avslutas sistadatum fardig tom till slutfort
        forfallodatum fardigdatum klardatum fardigstalld fardigstallt completion
        avslutad avslutat end due finish tillochmed forfaller tidsgrans stopptid
        stoppdatum sldatum slutdat tidsfrist frist bortregrans""",
    Role.PERIOD: """nar tid tidpunkt datum period manad kvartal ar termin tidsatt
        tidsattning loptid tidsangivelse tidsspann tidsintervall tidshorisont vecka veckor
        halvar tertial when timeline timing""",
    Role.FOLLOW_UP: """uppfoljning uppfoljningar utfall utfallsmatt matetal matt
        indikator indikatorer nyckeltal resultat effekt utvardering aterrapportering
        redovisning followup matpunkt matpunkter matning matningar matvarde matvarden
        matmetod malvarde malniva kpi kpier framgangskriterium framgangskriterier
        avstamning avstamningar avstamningsdatum indicator indicators outcome evaluation
        uppf""",
    Role.STATUS: """status lage statuslage nulage lagesrapport lagesuppdatering
        lagesbeskrivning lagesbild arbetslage statusrapport statuskommentar
        forlopp rag trafikljus framdrift fardiggrad fardigstallandegrad genomforandegrad
        bock avbockning genomfort genomford genomforda utfort utford utforda avklarad avklarat
        avbockad progress
        done completed state klarmarkerad statusuppdatering""",
    Role.TARGET_GROUP: "malgrupp malgrupper",
    Role.FUNDING: """resurser finansiering budget kostnad kostnader medel ekonomi finansiar
        pengar anslag statsbidrag bidrag""",
    Role.DECIDED_BY: "beslut beslutad beslutsinstans",
    Role.NUMBER: """# nr nummer id lopnr lopnummer prio prioritet priority prioritering pos rad
        ordning""",
}
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words.split()}
# The same words as they are bent in a sentence: "Status på aktiviteten", "Vilka är åtgärderna?"
_BENDINGS = ("en", "et", "n", "t", "na", "er", "erna", "ar", "arna")
_NOT_BENT = frozenset({Role.NUMBER, Role.DECIDED_BY, Role.FUNDING, Role.FOCUS_AREA})
_BENT = {
    word + ending: role
    for word, role in _ROLE_OF.items()
    if role not in _NOT_BENT and (len(word) > 4 or word in ("mal", "tid"))
    for ending in _BENDINGS
    if word + ending not in _ROLE_OF
}
# A compound that ends so says the same as the word alone; what says much by itself only.
_LAST_PARTS = {
    word: role
    for role in (Role.WHAT, Role.HOW, Role.FOLLOW_UP, Role.PARTICIPANTS, Role.RESPONSIBLE)
    for word in _WORDS[role].split()
    if len(word) > 4 and word not in ("arende", "beskrivning", "resultat", "effekt", "parter")
}
_PART_OF_YEAR = r"(datum|dat|dag|tid|tidpunkt|vecka|manad|kvartal|ar)"
# How a compound that is no word of the lists begins and ends; the first that fits wins.
_COMPOUNDS: tuple[tuple[str, Role], ...] = (
    (rf"(start|paborj\w*|uppstart\w*|inled\w*|igangsattning\w*){_PART_OF_YEAR}", Role.START),
    (
        rf"(slut|mal|klar|fardig|avslut\w*|forfallo|leverans|stopp|deadline){_PART_OF_YEAR}",
        Role.DEADLINE,
    ),
    (
        r"\w{3,}(ansvariga?e?|ansvar|agare)|ansvars(person|havare|tagare|part|enhet|fordelning)"
        r"|(uppdrags|process|team|arbets|grupp|aktivitets|insats)ledare",
        Role.RESPONSIBLE,
    ),
    (
        r"\w{3,}(aktivitet|aktiviteter|atgard|atgarder|insats|insatser|uppgift|uppgifter|moment)"
        r"|(forbattrings|forandrings|utvecklings)arbeten?"
        r"|(aktivitets|uppgifts|atgards|insats)(namn|titel|rubrik|forslag|punkt|punkter|lista)"
        r"|(arbets|handlings|utvecklings|genomforande|forandrings)(punkt|punkter|steg)",
        Role.WHAT,
    ),
    (r"\w{3,}(omrade|omraden|spar)", Role.FOCUS_AREA),
    (r"\w{4,}mal|\w{4,}malsattning", Role.GOAL),
    (r"(aktivitets|atgards|uppgifts|insats|metod|genomforande)beskrivning", Role.HOW),
    (r"(aktivitets|atgards|uppgifts|insats|genomforande|projekt|handlaggnings)status", Role.STATUS),
    (r"status(markering|farg|kod|bild)", Role.STATUS),
    (r"(aktivitets|atgards|uppgifts|insats|rad|punkt|mal)(nr|nummer)", Role.NUMBER),
    (r"\w{3,}(uppfoljning|indikator|indikatorer|nyckeltal|utvardering)", Role.FOLLOW_UP),
    (r"\w{3,}(budget|kostnad|kostnader|finansiering)", Role.FUNDING),
    (r"(genomforande|tids|plan|utforande)(period|datum|tidpunkt|kvartal|manad)", Role.PERIOD),
)
# What many lists have and no plan says: who made the row, what it hangs on, notes.
_ASIDE = re.compile(
    r"(skapa[dt]|skapat|registrera[dt]|andra[dt]|uppdatera[dt]|modified|created|updated"
    r"|last (activity|modified|updated)|senast (andra[dt]|uppdatera[dt]|spara[dt]))\b.*"
    r"|(slutford|completed)( \w+)* (av|den|by|at|on|date)|is recurring|slutforandedatum"
    r"|date (created|updated|closed|done)( text)?|(space|folder|workspace) name"
    r"|tidsstampel|timestamp|slutforandetid|completion time"
    r"|(?!.*\d).*\b(man|person|arbets)?(tim|timmar|hours)"
    r"|.*(checklist|bilag|attachment)\w*.*|etiketter|taggar?|labels?|tags?"
    r"|objekttyp|sokvag|item type|path|.*\burl|lankar?|varaktighet|duration"
    r"|(kontakt|person|adress)uppgift(er)?|overordnad\w* (uppgift|aktivitet|arende|atgard)\w*"
    r"|reporter|issue (key|type)|resolution|sprint|parent task|item id"
    r"|beslutsdatum|beslutsunderlag|paminnelse\w*|tidsatgang|orsak|problem|\w*brist|risk\w*"
    r"|foregaende \w+|predecessors?|efterfoljare|dispositionsniva|outline level"
    r"|aktiv|active|aktivitetslage|task mode|ar aterkommande|sen|late|board name"
    r"|author|indent|date lang|time ?zone|tidszon"
    r"|anteckning(ar)?|kommentar(er)?|ovrigt|notering(ar)?|notes?|comments?|anmarkning(ar)?"
)
# These name an activity only in a list that says who and when as well: a list of books has them.
WEAK_WHAT = frozenset({
    "namn", "name", "titel", "title", "rubrik", "sammanfattning", "summary", "milstolpe",
    "milestone", "steg", "punkt", "element", "item",
})  # fmt: skip
# What a form writes down of itself: when somebody began to answer it, when she sent it, and who.
_FORMS = tuple(
    map(
        frozenset,
        (
            ("starttid", "slutforandetid"),
            ("start time", "completion time"),
            ("tidsstampel",),
            ("timestamp",),
        ),
    )
)
_OF_FORMS = frozenset({"namn", "name", "e post", "email", "e postadress", "email address"})
_COUNTS = ("id", "nr", "nummer")  # "Akt. nr": what they end numbers the rows
# "Till" alone is a day; beside other words it is a preposition.
_ALONE = frozenset({"till", "tom", "fran", "from", "end", "state", "lead"})
_OF_TIME = frozenset({
    "datum", "date", "ar", "vecka", "manad", "kvartal", "dag", "period", "tid", "tidsperiod",
    "planerad", "planerat", "giltig", "galler",
})  # fmt: skip
# "Vilka följer ni upp?": what a form asks others, a plan asks its own.
_YOU = re.compile(r"\b(ni|du|man)\b")
_PRIORITISED = ("prioriterad", "prioriterade", "prioriterat")
_IN_MONEY = re.compile(r" (?:kr|tkr|kkr|mkr|sek|kronor)$")
# In one heading with several of these words, the left one gives way to the right one.
_WEAK = (Role.DECIDED_BY, Role.NUMBER, Role.FOCUS_AREA)
# "Status (klar/pågår/ej påbörjad)": what stands in brackets explains the words before it.
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_FOLD = str.maketrans("åäàáöøéèüÅÄÖ", "aaaaooeeuaao")
_SEPARATE = re.compile(r"[^a-z0-9#]+")


@lru_cache(maxsize=8192)  # the same words stand in many rows, and are asked about often
def fold(text: str) -> str:
    """Words for comparing: lower case, plain letters, broken words joined, single spaces.

    A text of signs alone, as 🎯 over a column, is known by them.
    """
    joined = re.sub(r"(?<=\w)[-\u2010\u2011]\n\s*(?=[a-zåäö])", "", text)
    joined = re.sub(r"(?i)\bt\s*\.?\s*o\s*\.?\s*m\b\.?", "tom", joined)
    joined = re.sub(r"(?i)\bfr\s*\.?\s*o\s*\.?\s*m\b\.?", "from", joined)
    words = _SEPARATE.sub(" ", joined.lower().translate(_FOLD)).strip()
    return words or "".join(sign for sign in text if unicodedata.category(sign) == "So")


def role_of(text: str, synonyms: Synonyms | None = None) -> Role | None:
    """The role that a heading names, or None. An installation's own words win, always."""
    if not text or len(text) > _LONGEST:
        return None
    if not synonyms:
        return _ours(text)
    folded = fold(text)
    known = synonyms
    own = known.get(folded) or known.get(folded.replace(" ", ""))
    theirs = own or next((known[word] for word in folded.split() if word in known), None)
    return theirs or _ours(text)


@lru_cache(maxsize=8192)
def _ours(text: str) -> Role | None:
    """The role that a heading names by our own words."""
    folded = fold(text)
    if not folded:
        return Role.NUMBER if "#" in text else None
    # "är" is folded as "år" is, and is no date.
    says_year, says_percent = bool(re.search(r"\bår\b", text, re.IGNORECASE)), "%" in text
    if _IN_MONEY.search(folded):  # "Insats (tkr)"
        return Role.FUNDING
    if _ASIDE.fullmatch(folded):  # "Insats (timmar)"
        return None
    before = fold(_IN_BRACKETS.sub(" ", text))
    if before and before != folded:
        role = _role_of(before, says_year, says_percent)
        if role is not None and role not in DATE_ROLES:
            return role
    return _role_of(folded, says_year, says_percent)


def is_own(text: str, synonyms: Synonyms | None) -> bool:
    """Is this a heading that the installation itself has told about?"""
    folded = fold(text)
    known = synonyms or {}
    return folded in known or folded.replace(" ", "") in known


def is_aside(text: str) -> bool:
    """Is this a heading that many lists have and that is no part of a plan?"""
    return bool(_ASIDE.fullmatch(fold(text)))


def columns_of_form(headings: Iterable[str]) -> frozenset[str]:
    """The (folded) headings that a form fills in itself, where these are of the answers to one."""
    words = {fold(text) for text in headings}
    times = next((own for own in _FORMS if own <= words), frozenset())
    return times | _OF_FORMS if times else times


@lru_cache(maxsize=8192)
def _role_of(folded: str, says_year: bool, says_percent: bool) -> Role | None:
    words = folded.split()
    if len(words) > 12 or _ASIDE.fullmatch(folded):
        return None
    squashed = folded.replace(" ", "")
    if says_percent and DONE_WORDS & {*words}:
        return Role.STATUS
    question = _YOU.sub("vi", folded)
    asked = next((role for pattern, role in _PHRASES if re.search(pattern, question)), None)
    whole = _ROLE_OF.get(squashed) or asked
    if whole:
        return whole
    if words[-1] in _COUNTS:
        return Role.NUMBER
    if squashed in WEAK_WHAT:
        return Role.WHAT
    if not says_year:
        words = [word for word in words if word != "ar"] or words
    told = [_role_of_word(word, words) for word in words]
    return _role_of_words(words, _less_prioritised(words, told))


def _less_prioritised(words: list[str], found: list[Role | None]) -> list[Role | None]:
    """ "Prioriterade aktiviteter" are activities; "Prioriterat" alone is a goal."""
    plain = [role for word, role in zip(words, found, strict=True) if word not in _PRIORITISED]
    return plain if any(plain) else found


def _role_of_word(word: str, words: list[str]) -> Role | None:
    """What one word of a heading says, whole or as a compound."""
    if word in _ALONE and len(words) > 1 and not _OF_TIME & {*words}:
        return None
    if word in _ROLE_OF:
        return _ROLE_OF[word]
    if bent := _BENT.get(word):
        return bent
    if len(word) < 6:
        return None
    whole = next((role for pattern, role in _COMPOUNDS if re.fullmatch(pattern, word)), None)
    return whole or _by_its_end(word)


def _by_its_end(word: str) -> Role | None:
    """What a compound says by its last part, as Swedish ones do: "arbets·metod"."""
    for known, role in _LAST_PARTS.items():
        if word.endswith(known) and len(word) - len(known) >= 3:
            return role
    return None


def _role_of_words(words: list[str], found: list[Role | None]) -> Role | None:
    """The role of a heading that is neither one word nor a known question."""
    if found[0] is None and len(words) > 5:  # a sentence that happens to hold such a word
        return None
    roles = [role for role in found if role]
    strong = [role for role in roles if role not in _WEAK]
    if Role.START in strong and Role.DEADLINE in strong:
        return Role.PERIOD
    if Role.PERIOD in strong and {Role.START, Role.DEADLINE} & {*strong}:  # "Tid: start"
        strong = [role for role in strong if role is not Role.PERIOD]
    return next(iter(strong or roles), None)


def nearest(text: str) -> str:
    """The known heading that an unknown one is most like, or ""."""
    known = [word for word in _ROLE_OF if len(word) > 4]
    found = difflib.get_close_matches(fold(text).replace(" ", ""), known, n=1, cutoff=0.75)
    return found[0] if found else ""
