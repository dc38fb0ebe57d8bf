"""Who answers for it, out of a cell's words or out of running text.

A cell may name who decides, who is responsible and who takes part, several of each, joined by
commas, slashes, "och" and line breaks, some of which belong to a name. Which person or group of
ours a name means is decided where drafts are saved.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from intake.documents import clean

LONGEST = 2_000  # signs; a longer cell is an essay, and slow to take apart

_ROLE_WORD = (
    r"(?:vice )?ordförande|\w*chefe?r?n?a?\b|process\w*|samordnare\w*|\w*ledare\w*|koordinator\w*|"
    r"representant\w*|respektive|varje|alla|samtliga|ledamöter\w*|handläggare|\w*samordnare"
)
_PARTY = (
    r"region(?:en)?|kommun(?:en|er|erna)?|primärvård(?:en)?|psykiatri(?:n)?|skola(?:n)?|"
    r"socialtjänst(?:en)?|vårdcentral(?:en|er|erna)?|sjukhus(?:et)?|elevhälsa(?:n)?"
)
_DEFINITE = r"[a-zåäö]{4,}(?:en|an|et|erna|arna|orna)"
_NEW_NAME = re.compile(rf"(?:[A-ZÅÄÖ]|(?:{_ROLE_WORD}|{_PARTY}|{_DEFINITE})\b)")
_GROUP_HEAD = re.compile(r"(NOSAM|LOSAM|TG|Temagrupp|Vårdcentral(?:en)?)\s+\S+$")

# "och", "," and "/" inside these belong to the name.
_WHOLE = re.compile(
    r"\([^()]*\)"
    r"|psykisk ohälsa(?:, skadligt bruk och beroende)?|skadligt bruk och beroende"
    r"|(?:miss)?bruk och beroende|hälso- och sjukvård\w*|hälsa och sjukvård\w*"
    r"|barn och ung(?:as?|domar?s?)\b|barn och familj\w*|barn och utbildning\w*"
    r"|individ och familj\w*|vård och omsorg\w*|hälsa,? vård och omsorg\w*|kultur och fritid\w*"
    r"|vuxna? och äldre|utbildning och arbete|rehabilitering och habilitering"
    r"|rehab(?:ilitering)?/hab(?:ilitering)?|och/eller"
    r"|\w+- och \w+|\w+- eller \w+",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?P<label>(?:huvud)?ansvar\w*|vem|ägare|uppdragsägare|sammankallande|kontaktperson|leds av"
    r"|beslut\w*(?: av)?|deltar|deltagare|medverkar\w*|medverkande|övriga(?: deltagare)?)"
    r"\s*(?::|\bär\b)\s*(?P<rest>.*)$|^(?P<label2>beslutas av|leds av)\s+(?P<rest2>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_DECIDES = re.compile(
    r"\s+(?:beslutar|fattar beslut|är beslutande|beslutande|tar beslut)\b.*$", re.I
)
_ANSWERS = re.compile(
    r"\s+(?:är\s+)?(?:huvud)?(?:ansvarig(?:a|t)?|ansvarar|har ansvar(?:et)?|leder|äger)\b.*$", re.I
)
_TAKES_PART = re.compile(r"\s+(?:deltar|medverkar|bidrar)\b.*$", re.I)
_CONVENER = re.compile(r"\s*\((?:sammankallande|ansvarig|huvudansvarig|ordförande leder)\)", re.I)
_NOBODY = re.compile(
    r"[?\-–—./ ]*|x{2,}|(?:ej|inte) (?:utsedd|beslutat|klart|bestämt|fastställt)\w*"
    r"|vakant|saknas|ingen|utses\b.*|tbd|n/?a|oklart|ej tillsatt",
    re.IGNORECASE,
)
_HANGING = re.compile(
    r"\b(?:i|för|på|av|från|vid|med|inom|till|och|samt|hos|under)$", re.IGNORECASE
)
_PERSON = re.compile(r"^[A-ZÅÄÖ][a-zåäöé]+(?:[ -][A-ZÅÄÖ][a-zåäöé]+){1,3}$")
_NOT_PERSON = re.compile(r"grupp|region|kommun|vård|sjukhus|enhet|förvaltning", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answering:
    """The names of a cell, apart."""

    responsible: tuple[str, ...] = ()
    decided_by: str = ""
    participants: tuple[str, ...] = ()


def split_responsible(text: str) -> Answering:
    """The names in a cell for "Ansvarig", and what each of them does."""
    found: dict[str, list[str]] = {"responsible": [], "decided_by": [], "participants": []}
    for words in _names(clean(text)[:LONGEST]):
        kind, told = _kind(words)
        name = _CONVENER.sub("", told).strip(" \n.,;:/•-–")
        known = {other.casefold() for other in found[kind]}
        if name and not _NOBODY.fullmatch(name) and name.casefold() not in known:
            found[kind].append(name)
    return Answering(
        tuple(found["responsible"]),
        ", ".join(found["decided_by"]),
        tuple(found["participants"]),
    )


def _kind(name: str) -> tuple[str, str]:
    label = _LABEL.match(name)
    if label:
        word = (label["label"] or label["label2"]).lower()
        rest = label["rest"] or label["rest2"] or ""
        if word.startswith("beslut"):
            return "decided_by", rest
        part = word.startswith(("delta", "medverk", "övriga"))
        return ("participants" if part else "responsible"), rest
    for ending, kind in (
        (_DECIDES, "decided_by"),
        (_ANSWERS, "responsible"),
        (_TAKES_PART, "participants"),
    ):
        if ending.search(name):
            return kind, ending.sub("", name)
    return "responsible", name


def _names(text: str) -> list[str]:
    """The text cut where one name ends and the next begins."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x01"

    hidden = _WHOLE.sub(keep, text)
    parts: list[str] = []
    for line in _joined_lines(hidden):
        label = ""
        for part in _cut(line, kept):
            labelled = re.match(r"^([^\W\d]+(?: [^\W\d]+)?:)\s*\S", part)
            label = labelled[1] if labelled else label
            carries = label and not labelled
            parts.append(f"{label} {part}" if carries else part)
    restored = [re.sub("\x00(\\d+)\x01", lambda m: kept[int(m[1])], part) for part in parts]
    return _titles_kept(_places_shared(restored))


def _joined_lines(text: str) -> list[str]:
    """Lines, with those that only were too long for the cell joined again."""
    lines: list[str] = []
    for raw in text.split("\n"):
        line = re.sub(r"^\s*(?:[-–•*·»]|\d+[.)])\s*", "", raw).strip()
        if not line:
            continue
        goes_on = lines and (
            _HANGING.search(lines[-1])
            or (not _NEW_NAME.match(line) and line[0] not in "\x00" and line[0].islower())
        )
        if goes_on:
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return lines


def _cut(line: str, kept: list[str]) -> list[str]:
    parts = re.split(r"\s*[;,&+]\s+|\s*;\s*|\s+/\s*|\s*/\s+|/$|\.\s+(?=[A-ZÅÄÖ])", line)
    cut: list[str] = []
    for part in parts:
        pieces = re.split(r"(/|\s+(?:och|samt)\s+)", part)
        current = pieces[0]
        for joint, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            hidden = re.match("\x00(\\d+)\x01", piece)
            if _NEW_NAME.match(kept[int(hidden[1])] if hidden else piece):
                cut.append(current)
                current = piece
            else:
                current += joint + piece
        cut.append(current)
    return [re.sub(r"^(?:och|samt)\s+", "", part.strip()) for part in cut if part.strip()]


def _places_shared(names: list[str]) -> list[str]:
    """ "NOSAM Alingsås och Lerum" names two NOSAM."""
    shared: list[str] = []
    for name in names:
        head = _GROUP_HEAD.match(shared[-1]) if shared else None
        lone = re.fullmatch(r"[A-ZÅÄÖ][a-zåäö]+", name) or re.fullmatch("BoU|Äldre", name)
        shared.append(f"{head[1]} {name}" if head and lone else name)
    return shared


def _titles_kept(names: list[str]) -> list[str]:
    """ "Anna Ek, enhetschef" is one person."""
    kept: list[str] = []
    for name in names:
        before = kept[-1] if kept else ""
        person = _PERSON.match(before) and not _NOT_PERSON.search(before)
        if person and name[0].islower() and re.match(rf"(?:{_ROLE_WORD})", name):
            kept[-1] = f"{before}, {name}"
        else:
            kept.append(name)
    return kept


# --- running text -------------------------------------------------------------------------------

_HEAD = (
    r"(?:(?:NOSAM|LOSAM|AU)\b"
    r"|\b\w*(?:grupp|grupper|gruppen|team|teamet|nätverk|nätverket|utskott|utskottet)\b"
    r"|\b(?:\w*samordnare|processledare|\w*koordinator|ordförande|\w*chef(?:en|er|erna)?)\b"
    r"|\b\w*(?:förvaltning|förvaltningen|avdelning|avdelningen|kansliet)\b)"
)
_BEFORE = (
    r"(?:(?:[Ee]n|[Ee]tt|[Dd]en|[Dd]et)\s+)?"
    r"(?:(?:lokal|delregional|regional|gemensam|särskild|ny)a?t?\s+)?"
)
_STOP = (
    r"(?=\s+(?:för|som|under|med|att|på|av|till|via|och(?!\s+ung)|samt|har|hade|ska|kommer|sprids"
    r"|ges|hålls|senast|från|vid|där|genom|om|kring|i\s+(?:januari|februari|mars|april|maj|juni|juli|augusti"
    r"|september|oktober|november|december|samråd|samverkan))\b|[.,;:()\n]|\s+\d|\s*$)"
)
_NAME = rf"(?P<name>{_BEFORE}{_HEAD}(?:\s+(?!och\b)[\wåäöÅÄÖ-]+|\s+och\s+ung(?:a|as)\b){{0,5}}?)"
_DOES = (
    r"(?=\s+(?:startar?|startades?|tillsattes|tillsätts|bildas|bildades|har\s+(?:en|ett|uppdrag\w*)"
    r"|ska\b|skall\b|arbetar|genomför|tar\s+fram|ansvarar|leder|håller\s+i|utreder|planerar|utarbetar"
    r"|ordnar|inventerar|driver|samordnar|kartlägger)\b)"
)
_IN_TEXT: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?i:\bansvarig(?:a|t)?(?:\s+är|:)\s+){_NAME}{_STOP}"),
    re.compile(rf"{_NAME}(?=\s+(?:är\s+)?(?:ansvarar|ansvarig|ansvariga)\b)"),
    re.compile(rf"(?i:\buppdrag\s+(?:till|åt)\s+){_NAME}{_STOP}"),
    re.compile(rf"(?m:^)\s*{_NAME}{_DOES}"),
    re.compile(rf"(?i:\b(?:ska|skall)\s[^.\n]{{0,40}}?\bav\s+){_NAME}{_STOP}"),
    re.compile(rf"(?i:\bfrån\s+){_NAME}(?=\s+(?:sprids|ges|hålls|genomförs|erbjuds)\b)"),
    re.compile(rf"(?i:tjänst\b[^.\n]{{0,80}}?\b(?:på|inom|vid)\s+){_NAME}{_STOP}"),
)


def responsible_in_text(texts: Iterable[str]) -> str:
    """Who the running text says will do it ("" = it does not say)."""
    sentences = "\n".join(re.sub(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])", "\n", text) for text in texts)
    sentences = "\n".join(line[:LONGEST] for line in sentences.split("\n"))
    for pattern in _IN_TEXT:
        found = pattern.search(sentences)
        if found:
            return " ".join(found["name"].split())
    return ""
