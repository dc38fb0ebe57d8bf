"""Promises to tell: "redovisas i årsrapport", "återrapporteras till samordningsgruppen".

What was told already ("redovisades i mars") is no promise. Whether one was kept is asked when the
year's report is made.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from intake.drafts import PromiseDraft
from intake.plan.wording import Reader
from models.span import NOTHING, Precision, Span

_TELLS = re.compile(
    r"\b(?:(?:åter|av|del|slut)?rapporter(?:as|a|ing(?:en)?)|(?:åter)?redovis(?:as|a|ning(?:en)?)"
    r"|återkoppl(?:as|a|ing(?:en)?)|åter(?:förs|föring)|presenter(?:as|a)|delges|redogörs?"
    r"|slutrapport(?:en)?|skriftlig rapport)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:har|hade|blev)\s+(?:\w+\s+)?$", re.IGNORECASE)
_TO = re.compile(
    r"\b(?:i|till|på|vid|för|inför)\s+"
    r"(?P<to>(?:(?:den|en|vår|kommande|nästa|politiska|gemensamma|delregionala)\s+)*"
    r"(?:\w*(?:rapport|rapporten|bokslut|bokslutet|redovisning|redovisningen|grupp|gruppen|grupper"
    r"|grupperna|råd|rådet|nämnd|nämnden|nämnderna|utskott|utskottet|styrelse|styrelsen|samråd"
    r"|samrådet|möte|mötet|möten|forum|ledning|ledningen|chefer|verksamheter|verksamheterna)\b"
    r"|(?:NOSAM|LOSAM|TG|AU|SG|[Tt]emagrupp(?:en)?|[Pp]rocessledare(?:n)?)\b)"
    r"(?:\s+(?!ska\b)[A-ZÅÄÖ][\wåäö-]+)*)"
)
_NOT_TO = re.compile(r"\b(?:tills? vidare|på plats|i tid|i samband)\b", re.IGNORECASE)
_AGAIN = re.compile(r"\s*(?:,|och|samt|/)\s*(?:(?:i|till|på|vid|för)\s+)?$")


def promises_in(texts: Iterable[str], reader: Reader) -> tuple[PromiseDraft, ...]:
    """The promises in running text, in order, each with whom or what it is made to."""
    found: dict[tuple[str, str], PromiseDraft] = {}
    for text in texts:
        for sentence in re.split(r"\n|(?<=[.!?])\s+(?=[A-ZÅÄÖ])", text):
            for promise in _promises(" ".join(sentence.split())[:1_000], reader):
                found.setdefault((promise.words, promise.to.lower()), promise)
    return tuple(found.values())


def _promises(sentence: str, reader: Reader) -> Iterable[PromiseDraft]:
    tells = [
        match for match in _TELLS.finditer(sentence) if not _PAST.search(sentence[: match.start()])
    ]
    for at, tell in enumerate(tells):
        end = tells[at + 1].start() if at + 1 < len(tells) else len(sentence)
        after = sentence[tell.end() : end]
        for to in _receivers(after):
            yield PromiseDraft(sentence.strip(" •-–"), to, _due(after, reader))


def _receivers(after: str) -> list[str]:
    """Whom or what: one, or several in a row ("till NOSAM och i årsrapport")."""
    names: list[str] = []
    end = 0
    for match in _TO.finditer(after):
        if _NOT_TO.match(match[0]):
            continue
        if names and not _AGAIN.match(after[end : match.start()] + " "):
            break
        names.append(" ".join(match["to"].split()))
        end = match.end()
    return names


def _due(words: str, reader: Reader) -> Span:
    """When it is promised for, if the words say."""
    days = [span for span in reader.find(words) if span.last]
    vague = (Precision.NONE, Precision.INVALID)
    return replace(days[0]) if days and days[0].precision not in vague else NOTHING
