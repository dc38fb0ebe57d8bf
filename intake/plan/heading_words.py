"""The words that plans have over their columns, and what each of them stands over.

Headings are compared without case, punctuation, line breaks and broken hyphenation. Which row of a
table is its heading row is told in `headings.py`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from models.plan_shape import Role

Synonyms = Mapping[str, Role]  # an installation's own words, folded, and what they stand over

DATE_ROLES = frozenset({Role.START, Role.DEADLINE, Role.PERIOD})
ENDS = frozenset({Role.DEADLINE, Role.PERIOD})
DONE_WORDS = frozenset({
    "klar", "klart", "fardig", "fardigt", "genomford", "genomfort", "utford", "avslutad",
    "avslutat",
})  # fmt: skip

# Whole questions and joined heads; looked for anywhere in the heading, the first that fits wins.
_PHRASES: tuple[tuple[str, Role], ...] = (
    (
        r"start\w* (och|till|tom) (slut|klart|stopp)\w*|start\w* slut\w*|fran (och )?till\b",
        Role.PERIOD,
    ),
    (r"tids?plan|tids?period|tids?ram|nar i tid|genomforandetid|tid for genomforande", Role.PERIOD),
    (
        r"folj\w* (vi |det |detta |aktiviteten )*upp|uppfolj|mats\b|mater vi|matetal|matt\b",
        Role.FOLLOW_UP,
    ),
    (r"nar ska .*(klar|fardig)|klar\w* (senast|datum|nar)|(senast|beraknas) klar", Role.DEADLINE),
    (r"nar (startar|borjar|paborjas)", Role.START),
    (r"hur (vet|ser|marker|mat\w*) vi\b", Role.FOLLOW_UP),
    (r"hur gar det|hur langt har vi|hur ligger vi till|var (ar|star) vi", Role.STATUS),
    (r"sa (har )?(gor|arbetar|jobbar) vi", Role.HOW),
    (
        r"(vill vi|ska vi) (uppna|astadkomma)|onskat (lage|resultat)|vart (vill|ska) vi"
        r"|effektmal",
        Role.GOAL,
    ),
    (r"prioriter\w+ omrade\w*", Role.FOCUS_AREA),
    (r"vem (gor|ansvarar|ar ansvarig|leder|haller i|driver|ager|har ansvar)", Role.RESPONSIBLE),
    (
        r"(vem|vilka|ovriga)( fler| mer| andra)? (som )?(deltar|medverkar|berors|ar med|hjalper)"
        r"|(med|till) hjalp av|tillsammans med",
        Role.PARTICIPANTS,
    ),
    (r"beslut(as|ad|at)? av|beslutande|beslutsfattare|vem beslutar", Role.DECIDED_BY),
)

_WORDS: dict[Role, str] = {
    Role.GOAL: """mal delmal malsattning malsattningar maluppfyllelse prioriterade prioriterat
        inriktningsmal resultatmal syfte onskad goal goals objective objectives""",
    Role.FOCUS_AREA: """fokus inriktning fokusomrade fokusomraden malomrade malomraden omrade
        omraden insatsomrade utvecklingsomrade utvecklingsomraden prioriteringsomrade temaomrade
        tema perspektiv verksamhetsomrade strategi""",
    Role.WHAT: """aktivitet aktiviteter aktivitetet vad atgard atgarder insats insatser uppgift
        uppgifter uppdrag arende activity activities action actions task tasks what
        akt""",
    Role.HOW: """hur tillvagagangssatt genomforande beskrivning metod arbetssatt utforande
        aktivitetsbeskrivning konkretisering how description""",
    Role.RESPONSIBLE: """ansvarig ansvariga ansvar vem agare aktivitetsagare uppdragsagare
        huvudansvarig huvudansvariga sammankallande processagare kontaktperson utforare
        responsible owner lead who ansv""",
    Role.PARTICIPANTS: """deltagare deltar medverkande berorda samverkanspart samverkansparter
        parter aktorer involverade samverkan arbetsgrupp ovriga medverkar deltagande
        samverkanspartner samverkar participants partners""",
    Role.START: """start startdatum startar starttid paborjas uppstart from fran borjar
        startmanad inleds igangsatts paborjad paborjat""",
    Role.DEADLINE: """deadline slutdatum klart klar slut sluttid slutar maldatum senast fardigt
        slutfors fardigstalls avslutas sistadatum fardig tom till slutfort forfallodatum
        fardigdatum klardatum avslutad avslutat end due
        sldatum slutdat""",
    Role.PERIOD: """nar tid tidpunkt datum period manad kvartal ar termin tidsatt tidsattning
        tidsangivelse when timeline timing""",
    Role.FOLLOW_UP: """uppfoljning uppfoljningar utfall utfallsmatt matetal matt indikator
        indikatorer nyckeltal resultat effekt utvardering aterrapportering redovisning followup
        indicator indicators outcome evaluation uppf""",
    Role.STATUS: """status lage statuslage nulage lagesrapport lagesuppdatering
        lagesbeskrivning lagesbild
        genomfort progress""",
    Role.TARGET_GROUP: "malgrupp malgrupper",
    Role.FUNDING: """resurser finansiering budget kostnad kostnader medel ekonomi finansiar
        pengar anslag statsbidrag bidrag""",
    Role.DECIDED_BY: "beslut beslutad",
    Role.NUMBER: "# nr nummer id lopnr lopnummer prio prioritet pos rad ordning",
}
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words.split()}
# In one heading with several of these words, the left one gives way to the right one.
_WEAK = (Role.DECIDED_BY, Role.NUMBER, Role.FOCUS_AREA)
_FOLD = str.maketrans("åäàáöøéèüÅÄÖ", "aaaaooeeuaao")
_SEPARATE = re.compile(r"[^a-z0-9#]+")


@lru_cache(maxsize=8192)  # the same words stand in many rows, and are asked about often
def fold(text: str) -> str:
    """Words for comparing: lower case, plain letters, broken words joined, single spaces."""
    joined = re.sub(r"(?<=\w)[-\u2010\u2011]\n\s*(?=[a-zåäö])", "", text)
    joined = re.sub(r"(?i)\bt\s*\.?\s*o\s*\.?\s*m\b\.?", "tom", joined)
    joined = re.sub(r"(?i)\bfr\s*\.?\s*o\s*\.?\s*m\b\.?", "from", joined)
    return _SEPARATE.sub(" ", joined.lower().translate(_FOLD)).strip()


def role_of(text: str, synonyms: Synonyms | None = None) -> Role | None:
    """The role that a heading names, or None."""
    if not text or len(text) > 120:
        return None
    folded = fold(text)
    words = folded.split()
    if not words or len(words) > 12:
        return Role.NUMBER if "#" in text else None
    known = synonyms or {}
    squashed = folded.replace(" ", "")
    whole = known.get(folded) or known.get(squashed) or _ROLE_OF.get(squashed)
    asked = next((role for pattern, role in _PHRASES if re.search(pattern, folded)), None)
    if not re.search(r"\bår\b", text, re.IGNORECASE):  # "är" is folded as "år" is, and no date
        words = [word for word in words if word != "ar"] or words
    return whole or asked or _role_of_words(words, [known.get(w) or _ROLE_OF.get(w) for w in words])


def _role_of_words(words: list[str], found: list[Role | None]) -> Role | None:
    """The role of a heading that is neither one word nor a known question."""
    if found[0] is None and len(words) > 5:  # a sentence that happens to hold such a word
        return None
    roles = [role for role in found if role]
    strong = [role for role in roles if role not in _WEAK]
    if Role.START in strong and Role.DEADLINE in strong:
        return Role.PERIOD
    return next(iter(strong or roles), None)
