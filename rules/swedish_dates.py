"""Reads a Swedish date expression into one `Span`, and finds them all in a running text.

A text goes through four steps: it is made plain and what is no date is hidden (`dates/text.py`),
single units of time are recognised (`dates/finder.py`), neighbours are joined to ranges and lists
(`dates/joins.py`), and words such as "senast" and "från" say which end is meant
(`dates/qualifiers.py`, `dates/pieces.py`). Here `read` chooses *one* span among what was found. The
conventions stand in `docs/dates.md`.

Nothing here looks at a clock, and nothing raises: what cannot be told is `Precision.INVALID` with a
sentence for people in `doubt`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from models.span import Precision, Span
from rules.dates.calendar import DAY_STEP, add_months
from rules.dates.parts import FINENESS
from rules.dates.pieces import RANGES, Piece, join_doubts, pieces_in
from rules.dates.qualifiers import Meaning
from rules.dates.text import Plain, make_plain
from rules.dates.words import lazily

LONGEST = (
    1000  # characters of an expression; what is longer is a text, and takes time to go through
)
_TOO_LONG = (
    "Texten är för lång för att läsas som ett datum. Skriv bara datumet, till exempel 2025-08-15."
)


def read(text: str, reference: date, *, year: int | None = None) -> Span:
    """The one span a text speaks of; yearless words are of `year`, or of the reference's year.

    The choice, when there are several: what is no day at all is asked about first; a changed date
    gives way to the new one; "från X" and "senast Y" are joined; then the finest unit wins, and
    several of it are one range from the first to the last, with a doubt that names them.
    """
    if len(text) > LONGEST:
        return Span(text[:LONGEST].strip(), None, None, Precision.INVALID, doubt=_TOO_LONG)
    plain = make_plain(text)
    found = pieces_in(plain, reference, year, lend=True)
    return _said_yearly(plain, _choose(plain, found)).span(text.strip())


def read_coming(text: str, today: date) -> Span:
    """A deadline that somebody proposes: words without a year mean the time that comes.

    "15 mars" in November is next year's; with its year in words it is what it says.
    """
    span = read(text, today)
    if span.last is None or span.last >= today:
        return span
    later = read(text, today, year=today.year + 1)
    has_come = later.last is None or later.last < today
    return span if has_come else later


def find(text: str, reference: date) -> list[Span]:
    """Every date expression in a running text, in order, in the words it stands in.

    Ranges are one span, the members of a list one each. Words such as "senast" belong to what is
    found. Invalid dates, "löpande" and "kvartalsvis" are found too.
    """
    spans = []
    for part in _in_parts(text):
        plain = make_plain(part)
        for piece in pieces_in(plain, reference, None, lend=False):
            spans.append(piece.span(plain.verbatim(piece.begin, piece.end)))
    return spans


def _in_parts(text: str) -> Iterator[str]:
    """A long text cut where a line or a sentence ends, else between words; a short one whole."""
    while len(text) > LONGEST:
        ends = (text.rfind(end, LONGEST // 2, LONGEST) for end in ("\n", ". ", " "))
        cut = next((at + 1 for at in ends if at > 0), LONGEST)
        yield text[:cut]
        text = text[cut:]
    yield text


# -- the choice -----------------------------------------------------------------------------------


def _choose(plain: Plain, pieces: Sequence[Piece]) -> Piece:
    """One piece out of all: the rule stands in the docstring of `read`."""
    if not pieces:
        return Piece(0, 0, None, None, Precision.NONE, Precision.DAY)
    kept, told = _without_the_old(plain, pieces)
    if any(p.first or p.last for p in kept):
        kept = [p for p in kept if not p.vague]
    for piece in kept:
        if piece.precision is Precision.INVALID:
            return piece
    dated = [p for p in kept if p.precision not in {Precision.OPEN, Precision.RECURRING}]
    for piece in kept:
        if piece.precision is Precision.RECURRING:
            return _recurring(piece, [p for p in dated if p.dated])
    if not dated:
        return kept[0]
    dated = _without_decisions(plain, dated)
    chosen = _begun_and_ended(plain, dated) or _finest(plain, _from_until(dated))
    return replace(chosen, doubt=join_doubts(chosen.doubt, told))


def _without_the_old(plain: Plain, pieces: Sequence[Piece]) -> tuple[list[Piece], str | None]:
    """Leave out the dates that a change has replaced, and say which."""
    old = [p for p in pieces if p.role == "old"]
    for i, piece in enumerate(pieces):
        if piece.role == "new":
            old = [*old, *(p for p in pieces[:i] if p not in old)]
    kept = [p for p in pieces if p not in old]
    if not old or not any(p.first or p.last or p.precision is Precision.INVALID for p in kept):
        return list(pieces), None
    words = " och ".join(f"”{plain.verbatim(p.begin, p.end).strip()}”" for p in old)
    return kept, f"Datumet är ändrat; texten nämner även {words}."


def _recurring(piece: Piece, dated: Sequence[Piece]) -> Piece:
    """ "kvartalsvis 2024–2026" keeps its bounds, and stays recurring."""
    firsts = [p.first for p in dated if p.first]
    lasts = [p.last for p in dated if p.last]
    first, last = min(firsts, default=None), max(lasts, default=None)
    if first and last and last < first:
        first = last = None
    return replace(piece, first=first, last=last, doubt=join_doubts(*(p.doubt for p in dated)))


def _from_until(pieces: list[Piece]) -> list[Piece]:
    """ "från mars 2024 ... senast maj 2024" is a range, whatever stands between."""
    starts = [p for p in pieces if p.meaning in {Meaning.FROM, Meaning.AFTER}]
    ends = [p for p in pieces if p.meaning in {Meaning.UNTIL, Meaning.BEFORE}]
    if len(starts) != 1 or len(ends) != 1:
        return pieces
    start, end = starts[0], ends[0]
    if not start.first or not end.last or end.last < start.first:
        return pieces
    unit = max(start.unit, end.unit, key=FINENESS.index)
    both = replace(
        start, last=end.last, precision=RANGES[unit], unit=unit, meaning=Meaning.AT, open=False,
        end=end.end, doubt=join_doubts(start.doubt, end.doubt),
    )  # fmt: skip
    return [both, *(p for p in pieces if p not in (start, end))]


_DECISION = lazily(r"(?<!\w)(?:beslut\w*|fastställ\w*|antag\w*|godkän\w*)[ :]*(?:den )?$")
_CARRIED_OUT = lazily(r"(?<!\w)(?:genomför|utför|klar|färdig|slut|avslut|senast|pågå)")
_YEARS = lazily(
    r"(?<= )20[0-9]{2}(?:, ?20[0-9]{2})*,? (?:och|samt|&) (?P<last>20[0-9]{2})(?![0-9-])"
)


def _without_decisions(plain: Plain, pieces: list[Piece]) -> list[Piece]:
    """ "Beslut 2025-03-12, genomförande under hösten": that day is not when it is done."""
    decided = [p for p in pieces if _DECISION().search(plain.words, 0, p.begin)]
    others = [p for p in pieces if p not in decided]
    told = others and _CARRIED_OUT().search(plain.words, decided[0].end if decided else 0)
    return others if decided and told else pieces


def _begun_and_ended(plain: Plain, pieces: Sequence[Piece]) -> Piece | None:
    """ "Påbörjas hösten 2025 och avslutas under 2026": from the first to the last, in any unit."""
    if len(pieces) != 2 or not _start_and_end(plain, pieces):
        return None
    one, two = pieces
    if one.unit is two.unit or not one.first or not two.last or two.last < one.first:
        return None
    unit = max(one.unit, two.unit, key=FINENESS.index)
    return replace(
        one, end=two.end, last=two.last, precision=RANGES[unit], unit=unit, meaning=Meaning.AT,
        open=False, doubt=join_doubts(one.doubt, two.doubt),
    )  # fmt: skip


def _said_yearly(plain: Plain, piece: Piece) -> Piece:
    """ "senast den 31 mars 2025, 2026 och 2027" is three days: the last of them is asked about."""
    years = _YEARS().search(plain.words)
    fine = piece.unit in {Precision.DAY, Precision.MONTH}
    if not years or not fine or not piece.last or piece.precision is Precision.INVALID:
        return piece
    last = add_months(piece.last, 12 * (int(years["last"]) - piece.last.year))
    if last <= piece.last:
        return piece
    told = f"Flera år: ”{years[0]}”. Läst som till och med {last.isoformat()}."
    doubt = join_doubts(piece.doubt, told)
    return replace(piece, last=last, precision=RANGES[piece.unit], doubt=doubt)


def _finest(plain: Plain, pieces: Sequence[Piece]) -> Piece:
    """The finest unit; several of it become one range, with a doubt that names them."""
    finest = min(FINENESS.index(p.unit) for p in pieces)
    alike = [p for p in pieces if FINENESS.index(p.unit) == finest]
    one = alike[0]
    if all((p.first, p.last) == (one.first, one.last) for p in alike):
        return one
    firsts, lasts = [p.first for p in alike], [p.last for p in alike]
    first = min((d for d in firsts if d), default=None)
    last = None if None in lasts else max(d for d in lasts if d)
    if any(p.first is None and p.last and first and p.last < first for p in alike):
        first = None
    unit = one.unit
    doubt = None if _side_by_side(alike) or _start_and_end(plain, alike) else _naming(plain, alike)
    return replace(
        one, end=alike[-1].end, first=first, last=last, precision=RANGES[unit],
        meaning=Meaning.AT, open=last is None, doubt=join_doubts(*(p.doubt for p in alike), doubt),
    )  # fmt: skip


def _side_by_side(pieces: Sequence[Piece]) -> bool:
    """Whether each begins where the one before ends: "vecka 37 och 38"."""
    return all(
        one.last and two.first and (one.first or one.last) <= two.first <= one.last + DAY_STEP
        for one, two in pairwise(pieces)
    )


_START_WORD = lazily(r"(?<!\w)(?:start|påbörj|inled|börja|från)\w*")
_END_WORD = lazily(r"(?<!\w)(?:slut|klar|avslut|färdig|deadline|senast|till|upphör)")


def _start_and_end(plain: Plain, pieces: Sequence[Piece]) -> bool:
    """Whether the words say themselves that the two are a start and an end."""
    if len(pieces) != 2:
        return False
    one, two = pieces
    before, between = plain.words[: one.begin], plain.words[one.end : two.begin + 8]
    return bool(_START_WORD().search(before) and _END_WORD().search(between))


def _naming(plain: Plain, pieces: Sequence[Piece]) -> str:
    quoted = [f"”{plain.verbatim(p.begin, p.end).strip()}”" for p in pieces]
    return (
        f"Flera datum: {' och '.join(quoted)}. Läst som hela tiden från det första till det sista."
    )
