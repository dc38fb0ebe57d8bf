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
    r"(?:v(?:ice|\.)? ?)?ordf(?:örande|\.)?|\w*chefe?r?n?a?\b|process\w*|samordnare\w*|"
    r"\w*ledare\w*|koordinator\w*|representant\w*|respektive|varje|alla|samtliga|ledamöter\w*"
    r"|\w*(?:handläggare|samordnare|sekreterare|sköterska|sköterskor|läkare|terapeut(?:er)?|psykolog(?:er)?"
    r"|kurator(?:er)?|rektor(?:er)?|strateg(?:er)?|utvecklare|controller|konsulent(?:er)?"
    r"|pedagog(?:er)?|utredare|jurist(?:er)?|analytiker|kommunikatör(?:er)?|administratör(?:er)?"
    r"|ekonom(?:er)?|planerare|rådgivare|assistent(?:er)?|lärare|diakon(?:er)?|präst(?:er)?"
    r"|barnmorska|barnmorskor|logoped(?:er)?|dietist(?:er)?|socionom(?:er)?|apotekare"
    r"|bibliotekarie(?:r)?|hygienist(?:er)?|inspektör(?:er)?|ingenjör(?:er)?|direktör(?:er)?"
    r"|instruktör(?:er)?|informatör(?:er)?|arkitekt(?:er)?|tekniker|specialist(?:er)?|konsult(?:er)?"
    r"|förvaltare|mästare|stödjare|skötare|vårdare|vägledare|receptarie(?:r)?|farmaceut(?:er)?"
    r"|redaktör(?:er)?|lotsa?r?|värda?r?|ombud|tolka?r?"
    r"|koordinator(?:er)?|behandlare|coach(?:er)?|mentor(?:er)?|facilitator(?:er)?)\b"
)
_PARTY = (
    r"region(?:en)?|kommun(?:en|er|erna)?|primärvård(?:en)?|psykiatri(?:n)?|skola(?:n)?|"
    r"socialtjänst(?:en)?|vårdcentral(?:en|er|erna)?|sjukhus(?:et)?|elevhälsa(?:n)?"
)
_DEFINITE = r"[a-zåäö]{4,}(?:en|an|et|erna|arna|orna)"
_CARE = r"rehab\w*|habilitering\w*|\w*(?:vård|tjänst|hälsa|omsorg|skol|psykiatri|grupp)\w*"
_TITLE_BEFORE = r"(?:digitala?|medicinska?|sociala?|lokala?|regionala?|biträdande|tillförordnade?) "
_NEW_NAME = re.compile(
    rf"(?:[A-ZÅÄÖ]|(?:(?:{_TITLE_BEFORE})?(?:{_ROLE_WORD})|\w{{3,}}ansvariga?|{_PARTY}|{_DEFINITE})\b)"
)
_GROUP_HEAD = re.compile(r"((?:.*\bi )?(?:NOSAM|LOSAM|TG|Temagrupp|Vårdcentral(?:en)?))\s+\S+$")
_BARE_HEAD = re.compile(r"(?:.*\s)?(?:NOSAM|LOSAM|TG|[Tt]emagrupp|[Vv]årdcentral(?:en)?)$")
_PLACE = re.compile(
    rf"(?!(?i:{_ROLE_WORD}|{_PARTY}|{_DEFINITE}|{_CARE})$)(?:[A-ZÅÄÖ][a-zåäö]+|BoU)$"
)

# "och", "," and "/" inside these belong to the name.
_WHOLE = re.compile(
    r"\([^()]*\)"
    r"|\b(?:v(?:ice|\.)? ?ordf|ordf|bitr|tf|resp|t\.ex|bl\.a|m\.fl)\."
    r"|psykisk ohälsa(?:, skadligt bruk och beroende)?|skadligt bruk och beroende"
    r"|(?:miss)?bruk och beroende|hälso- och sjukvård\w*|hälsa och sjukvård\w*"
    r"|barn och ung(?:as?|domar?s?)\b|barn och familj\w*|barn och utbildning\w*"
    r"|individ och familj\w*|vård och omsorg\w*|hälsa,? vård och omsorg\w*|kultur och fritid\w*"
    r"|(?:(?:kultur|fritid|vård|omsorg|barn|ungdom|unga|utbildning|skola|hälsa|sjukvård|miljö"
    r"|stab|kansli|ledning|kvalitet|ekonomi|personal|juridik|drift|utveckling"
    r"|teknik|samhälle|individ|familj|arbete|arbetsmarknad|stöd|service|bygg|bildning|lärande"
    r"|äldre|funktionsstöd|social|trygghet|säkerhet|kommunikation|it|digitalisering)\b"
    r"(?: & |&)\w+)"
    r"|vuxna? och äldre|utbildning och arbete|rehabilitering och habilitering"
    r"|rehab(?:ilitering)?/hab(?:ilitering)?|och/eller"
    r"|\w+- och \w+|\w+- eller \w+",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\[\d{1,3} ?%\]")  # "Bo By[50%]": how much of somebody's time
_MENTION = re.compile(r"(?:(?<=\s)|^)@(?=[^\W\d_])")  # "@Bo By @Cia Dal": a name of each
_NUMBERED = re.compile(r"(?<=[^\W\d_]) ?\(\d{3,12}\)")  # "Bo By (4711)": a system's own number
_NEXT_RESOURCE = re.compile(  # "Bo By,Cia Dal", without a space between
    r"(?<=[a-zåäöé]),(?=[A-ZÅÄÖ][a-zåäöé]+ [A-ZÅÄÖ])"
)
_LABEL = re.compile(
    r"^(?P<label>(?:huvud)?ansvar\w*|vem|ägare|uppdragsägare|sammankallande|kontaktperson|leds av"
    r"|beslut\w*(?: av)?|deltar|deltagare|medverkar\w*|medverkande|övriga(?: deltagare)?|stöd"
    r"|genomför\w*(?: av)?|utför\w*(?: av)?)\s*(?::|\bär\b)\s*(?P<rest>.*)$"
    r"|^(?P<label2>beslut\w* i|(?:beslut\w*|leds|genomförs|utförs) av)\s+(?P<rest2>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_DECIDES = re.compile(
    r"\s+(?:beslutar|fattar beslut|är beslutande|beslutande|tar beslut)\b.*$", re.I
)
_ANSWERS = re.compile(
    r"\s+är\s+(?:huvud)?ansvarig(?:a|t)?\b.*$"
    # "Socialt ansvarig samordnare" and "Medicinskt ansvarig för rehabilitering" are titles.
    r"|(?<!medicinskt)(?<!socialt)(?<!tekniskt)(?<!pedagogiskt)(?<!ekonomiskt)(?<!juridiskt)"
    r"(?<!personuppgifts)\s+(?:huvud)?ansvarig(?:a|t)?(?=\s*(?:$|[.,;:(]|för\b|att\b|i\b|och\b)).*$"
    r"|\s+(?:ansvarar|har ansvar(?:et)?|leder|äger)\b.*$",
    re.I,
)
_TAKES_PART = re.compile(r"\s+(?:deltar|medverkar|bidrar)\b.*$", re.I)
_CARRIES_OUT = re.compile(r"\s+(?:genomför|utför|verkställer)\b.*$", re.I)
_NOTED = re.compile(
    r"\s*\((?:(?P<decided_by>beslut\w*|fattar beslut|tar beslut)"
    r"|(?P<responsible>(?:huvud)?ansvar\w*|sammankallande|leder|leds av|ägare|ordförande leder)"
    r"|(?P<carries_out>genomför\w*|utför\w*|verkställ\w*)"
    r"|(?P<participants>delta\w*|medverka\w*|stöd\w*|bidra\w*|adjungera\w*))\)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\s+i (?:nära )?(?:samverkan|samråd|samarbete|dialog) med\s+|\s+(?:tillsammans|ihop) med\s+"
    r"|\s+med (?:stöd (?:av|från)|deltagande (?:av|från)|deltagare från|representanter från)\s+"
)
# "NOSAM Alm NOSAM Björk": two names on one line, as a narrow cell in a PDF gives them.
_NEXT_GROUP = re.compile(r"((?:NOSAM|LOSAM) [A-ZÅÄÖ]\w+) (?=(?:NOSAM|LOSAM) [A-ZÅÄÖ])")
_ADDRESS = re.compile(r"\s*[<(]?(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+[>)]?")
_PHONE = re.compile(r"(?:(?:tel|telefon|mobil|tfn)\b[.:]?)?\s*\+?[\d\s()–-]{6,}", re.IGNORECASE)
_NOBODY = re.compile(
    r"[?\-–—./ ]*|x{2,}|(?:ej|inte) (?:utsedd|beslutat|klart|bestämt|fastställt)\w*"
    r"|vakant|saknas|ingen|utses\b.*|tbd|n/?a|oklart|ej tillsatt",
    re.IGNORECASE,
)
_HANGING = re.compile(
    r"\b(?:i|för|på|av|från|vid|med|inom|till|och|samt|hos|under)$", re.IGNORECASE
)
_WITHIN = re.compile(r"\s(?:inom|från|i|hos|på|vid|för)\s+[a-zåäö-]+$")
_PERSON = re.compile(
    r"^[A-ZÅÄÖ][a-zåäöé]+(?:[ -](?:[A-ZÅÄÖ][a-zåäöé]+|[A-ZÅÄÖ]\.?|von|af|de)){1,3}$"
)
_CHIEF = re.compile(r"(?:\w*chef(?:en)?|rektor\w*)(?: [\w -]+)?$", re.IGNORECASE)
_EMPLOYER = re.compile(
    r"(?:[A-ZÅÄÖ]\w+ )?(?:kommun|stad|[Rr]egion\w*|VGR|SÄS|SU|sjukhuset)\b"
    r"|\w+ (?:vårdcentral|lasarett)$"
)
_NOT_PERSON = re.compile(r"grupp|region|kommun|vård|sjukhus|enhet|förvaltning", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answering:
    """The names of a cell, apart."""

    responsible: tuple[str, ...] = ()
    decided_by: str = ""
    participants: tuple[str, ...] = ()


def split_responsible(text: str) -> Answering:
    """The names in a cell for "Ansvarig", and what each of them does."""
    found: dict[str, list[str]] = {
        kind: [] for kind in ("responsible", "decided_by", "carries_out", "participants")
    }
    text = _NEXT_RESOURCE.sub(", ", _SHARE.sub("", text))
    text = _NUMBERED.sub("", _MENTION.sub("\n", text))
    for words in _names(clean(text)[:LONGEST]):
        kind, told = _kind(words)
        name = _trimmed(told)
        known = {other.casefold() for other in found[kind]}
        if name and not _NOBODY.fullmatch(name) and name.casefold() not in known:
            found[kind].append(name)
    carry_out = found["carries_out"]  # they answer for it when nobody else does
    return Answering(
        tuple(found["responsible"] or carry_out),
        ", ".join(found["decided_by"]),
        tuple((carry_out if found["responsible"] else []) + found["participants"]),
    )


def _trimmed(name: str) -> str:
    """A name without the signs around it; an initial and "m.fl." keep their full stop."""
    plain = name.strip(" \n.,;:/•-–")
    return (
        f"{plain}." if re.search(r"(?:\b[A-ZÅÄÖ]|m\.fl)$", plain) and f"{plain}." in name else plain
    )


def _kind(name: str) -> tuple[str, str]:
    label = _LABEL.match(name)
    if label:
        word = (label["label"] or label["label2"]).lower()
        rest = label["rest"] or label["rest2"] or ""
        if word.startswith("beslut"):
            return "decided_by", re.sub(r"[\s,]+(?:\d{4}-\d\d-\d\d|\(?§.*)$", "", rest)
        if word.startswith(("genomför", "utför")):
            return "carries_out", rest
        part = word.startswith(("delta", "medverk", "övriga", "stöd"))
        return ("participants" if part else "responsible"), rest
    noted = _NOTED.search(name)
    if noted:
        return str(noted.lastgroup), _NOTED.sub("", name)
    for ending, kind in (
        (_DECIDES, "decided_by"),
        (_ANSWERS, "responsible"),
        (_TAKES_PART, "participants"),
        (_CARRIES_OUT, "carries_out"),
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

    text = _TOGETHER.sub("\nDeltar: ", _ADDRESS.sub(_address_alone, text))
    text = _NEXT_GROUP.sub(r"\1\n", text)
    hidden = _WHOLE.sub(keep, text)
    parts: list[str] = []
    for line in _joined_lines(hidden):
        label, first = "", len(parts)
        for part in _cut(line, kept):
            labelled = re.match(r"^([^\W\d]+(?: [^\W\d]+)?:)\s*\S", part)
            label = labelled[1] if labelled else label
            carries = label and not labelled
            parts.append(f"{label} {part}" if carries else part)
        restored = [re.sub("\x00(\\d+)\x01", lambda m: kept[int(m[1])], x) for x in parts[first:]]
        parts[first:] = _titles_kept(_places_shared(restored))
    return [part for part in parts if not _PHONE.fullmatch(part)]


def _address_alone(match: re.Match[str]) -> str:
    """An e-mail address beside a name is left out; alone it is the name."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    beside = before.rstrip(" ,:–-").split("\n")[-1].strip()
    named = re.search(r"\w$", beside) and "@" not in beside.split(",")[-1]
    return "" if named or re.match(r"\s*\(\w", after) else match[0]


def _joined_lines(text: str) -> list[str]:
    """Lines, with those that only were too long for the cell joined again."""
    lines: list[str] = []
    for raw in text.split("\n"):
        line = re.sub(r"^\s*(?:[-–•*·»]|\d+[.)])\s*", "", raw).strip()
        if not line:
            continue
        place = lines and _BARE_HEAD.match(lines[-1]) and (_PLACE.match(line) or line[0] == "\x00")
        goes_on = lines and (
            place
            or _HANGING.search(lines[-1])
            or (not _NEW_NAME.match(line) and line[0] not in "\x00" and line[0].islower())
        )
        if goes_on:
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return lines


def _cut(line: str, kept: list[str]) -> list[str]:
    parts = re.split(
        r"\s*[;,&+]\s+|\s*;\s*|\s+/\s*|\s*/\s+|/$|(?<!\b[A-ZÅÄÖ])\.\s+(?=[A-ZÅÄÖ])", line
    )
    cut: list[str] = []
    for part in parts:
        pieces = re.split(r"(/|\s+(?:och|samt)\s+)", part)
        current = pieces[0]
        for joint, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            hidden = re.match("\x00(\\d+)\x01", piece)
            following = kept[int(hidden[1])] if hidden else piece
            # "inom kommun och region" is one
            belongs = _WITHIN.search(current) and following[:1].islower()
            if _NEW_NAME.match(following) and not belongs:
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
        shared.append(f"{head[1]} {name}" if head and _PLACE.match(name) else name)
    return shared


def _titles_kept(names: list[str]) -> list[str]:
    """ "Anna Ek, enhetschef" is one person, and so is "Enhetschef, Lerums kommun"."""
    kept: list[str] = []
    for name in names:
        before = kept[-1] if kept else ""
        person = _PERSON.match(before) and not _NOT_PERSON.search(before)
        titled = person and re.match(rf"(?i:{_ROLE_WORD})", name) and not _PERSON.match(name)
        employed = (person or _CHIEF.match(before)) and _EMPLOYER.match(name)
        if titled or employed:
            kept[-1] = f"{before}, {name}"
        else:
            kept.append(name)
    return kept


# --- running text -------------------------------------------------------------------------------

_HEAD = (
    r"(?:(?:NOSAM|LOSAM|AU)\b"
    r"|\b\w*(?:grupp|grupper|gruppen|team|teamet|nätverk|nätverket|utskott|utskottet)\b"
    r"|\b(?:(?:\w+-)?\w*samordnare|processledare|\w*koordinator|ordförande|\w*chef(?:en|er|erna)?)\b"
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
_NAME = rf"(?P<name>{_BEFORE}{_HEAD}(?:[ ]+(?!och\b)[\wåäöÅÄÖ-]+|[ ]+och[ ]+ung(?:a|as)\b){{0,5}}?)"
_DOES = (
    r"(?=\s+(?:startar?|startades?|tillsattes|tillsätts|bildas|bildades|har\s+(?:en|ett|uppdrag\w*)"
    r"|ska\b|skall\b|arbetar|genomför|tar\s+fram|ansvarar|leder|håller\s+i|utreder|planerar|utarbetar"
    r"|ordnar|inventerar|driver|samordnar|kartlägger|håller|erbjuder|utbildar|utvecklar|inför"
    r"|bjuder\s+in)\b)"
)
_IN_TEXT: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?i:\bansvarig(?:a|t)?(?:\s+är|:)\s+){_NAME}{_STOP}"),
    re.compile(
        r"(?i:\bansvarig(?:a|t)?:?\s+)(?P<name>[A-ZÅÄÖ][^\n.,;:()]{1,80}?)(?=\s*(?:[.,;\n()]|$))"
    ),
    re.compile(rf"{_NAME}(?=\s+(?:är\s+)?(?:ansvarar|ansvarig|ansvariga)\b)"),
    re.compile(rf"(?i:\buppdrag\s+(?:till|åt)\s+){_NAME}{_STOP}"),
    re.compile(rf"(?m:^)\s*{_NAME}{_DOES}"),
    re.compile(rf"(?i:\b(?:ska|skall)\s[^.\n]{{0,40}}?\bav\s+){_NAME}{_STOP}"),
    re.compile(
        rf"(?i:\b(?:genomförs|utförs|görs|tas fram|leds|drivs|samordnas|ges|hålls|erbjuds)"
        rf"(?:\s[^.\n]{{0,40}}?)?\sav\s+)"
        rf"{_NAME}{_STOP}"
    ),
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


_WITH = re.compile(
    rf"(?i:\b(?:i (?:nära )?(?:samverkan|samråd|samarbete|dialog)|tillsammans) med\s+)"
    rf"{_NAME}{_STOP}"
)


def participants_in_text(texts: Iterable[str]) -> tuple[str, ...]:
    """The groups that running text says something is done together with."""
    found = [match for text in texts for match in _WITH.finditer(text[: LONGEST * 2])]
    return tuple(dict.fromkeys(" ".join(match["name"].split()) for match in found))
