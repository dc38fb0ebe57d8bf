"""Money in a cell or in running text: how much, and the last day that it may be used.

A date beside money is only its last day when the words say so ("nyttjas senast", "ska användas
före"); when the activity itself should be done is told in `wording.py`.
"""

import re
from collections.abc import Iterable

from intake.drafts import FundingDraft
from intake.plan.wording import Reader
from models.span import NOTHING, Precision, Span

_MONEY = re.compile(
    r"\b(?:\w*medel|\w*medlen|\w*bidrag(?:et|en)?|\w*budget(?:en)?|finansier\w*|\w*pengar(?:na)?"
    r"|anslag(?:et)?|kostnad\w*|\d\s*(?:kr|kronor|tkr|kkr|mnkr|mkr)\b)",
    re.IGNORECASE,
)
_NOT_MONEY = re.compile(
    r"\b(?:läke|hjälp|livs|tvätt|tvång|rusningsmedel|förbands|bekämpnings)medl?e[nl]|\bi medel",
    re.I,
)
_AMOUNT = re.compile(
    r"(?<![\d-])(?P<number>\d{1,3}(?:[ \xa0.]\d{3})+|\d+(?:,\d+)?)\s*"
    r"(?P<unit>:-|kr(?:onor)?\b|tkr\b|kkr\b|tusen kronor|mnkr\b|mkr\b"
    r"|milj(?:on(?:er)?|\.)?\s*(?:kr(?:onor)?)?\b)",
    re.IGNORECASE,
)
_USED = re.compile(
    r"\b(?:senast|nyttja\w*|använd\w*|förbruka\w*|upparbeta\w*|till och med|t\.?\s?o\.?\s?m|gäller"
    r"|löper|fram till|före|innan|utgången|ut\b|rekvirera\w*|återbetala\w*|disponera\w*)",
    re.IGNORECASE,
)
_DAYLESS = (Precision.NONE, Precision.INVALID, Precision.RECURRING, Precision.OPEN)


def funding_of(cell: str, heading: str, texts: Iterable[str], reader: Reader) -> FundingDraft:
    """The funding of an activity, out of its own column or else out of running text."""
    if cell.strip():
        return FundingDraft(cell, _amount(cell, heading), _last_day(cell, reader, alone=True))
    told = [sentence for text in texts for sentence in _sentences(text) if _speaks_of(sentence)]
    if not told:
        return FundingDraft()
    lasts = [day for sentence in told if (day := _last_day(sentence, reader)).last]
    amounts = [amount for sentence in told if (amount := _amount(sentence, "")) is not None]
    if not lasts and not amounts:
        return FundingDraft()
    return FundingDraft(
        "\n".join(told), amounts[0] if amounts else None, lasts[0] if lasts else NOTHING
    )


def amounts_in(text: str) -> list[int]:
    """Every amount in a text, in whole kronor."""
    return [_kronor(match["number"], match["unit"]) for match in _AMOUNT.finditer(text[:2_000])]


def _speaks_of(sentence: str) -> bool:
    return bool(_MONEY.search(sentence)) and not _NOT_MONEY.search(sentence)


def _sentences(text: str) -> list[str]:
    return [
        part[:1_000] for part in re.split(r"\n|(?<=[.!?])\s+(?=[A-ZÅÄÖ])", text) if part.strip()
    ]


def _amount(text: str, heading: str) -> int | None:
    amounts = amounts_in(text)
    if amounts:
        return amounts[0]
    bare = re.fullmatch(r"\d{1,3}(?:[ \xa0.]\d{3})+|\d{1,9}(?:,\d+)?", text.strip())
    if not bare:
        return None
    unit = re.search(r"tkr|kkr|mnkr|mkr", heading.lower())
    number = _kronor(bare[0], unit[0] if unit else "kr")
    return None if not unit and 1990 <= number <= 2100 else number


def _kronor(number: str, unit: str) -> int:
    plain = float(re.sub(r"[ \xa0.]", "", number).replace(",", "."))
    unit = unit.lower()
    factor = 1_000 if unit[:1] == "t" or unit[:2] == "kk" else 1_000_000 if unit[:1] == "m" else 1
    return round(plain * factor)


def _last_day(sentence: str, reader: Reader, *, alone: bool = False) -> Span:
    """The day after which the money is gone, where the words say so."""
    words = re.sub(_AMOUNT, lambda amount: "¤" * len(amount[0]), sentence[:1_000])
    days = [span for span in reader.find(words) if span.precision not in _DAYLESS and span.last]
    if not days or not (_USED.search(words) or (alone and _is_finer(days[0]))):
        return NOTHING
    return max(days, key=lambda span: (span.last is not None, span.last))


def _is_finer(span: Span) -> bool:
    """ "Statsbidrag 2025" names the year's money; "250 tkr, 2025-06-30" a last day."""
    return span.precision is not Precision.YEAR
