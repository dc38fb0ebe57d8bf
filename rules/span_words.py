"""Spans told so that whoever reads them on another day means the same days. Pure."""

from datetime import date, timedelta

from models.span import Span
from rules.swedish_dates import read
from rules.wording import day_in_words

FAR_OFF = timedelta(days=3653)  # a plan for longer is seldom made, and a slip of the pen often is
ANY_DAY = date(1999, 3, 3)  # words that mean the same days on this one tell their year themselves


def words_for(span: Span, reference: date = ANY_DAY) -> str:
    """The span's own words, with the year where it takes one; days where even that is not enough.

    Read at the reference they mean the same days.
    """
    own = " ".join(span.text.split())
    year = span.last or span.first
    for words in (own, f"{own} {year.year}" if year else ""):
        again = read(words, reference)
        if words and (again.first, again.last) == (span.first, span.last):
            return words
    if span.first and span.last and span.first != span.last:
        return f"{span.first} – {span.last}"
    return str(year) if year else own


def means_the_same(one: Span, other: Span) -> bool:
    """The same days, or both without an end, or the same words where they mean no days."""
    days = (one.first, one.last)
    if any(days) or other.first or other.last:
        return days == (other.first, other.last) and one.open == other.open
    return (one.open and other.open) or one.text.split() == other.text.split()


def seldom_meant(span: Span, today: date) -> str:
    """What is asked about a new deadline that has passed, or is far off; "" where nothing is."""
    if span.last is None:
        return ""
    day = day_in_words(span.last)
    if span.last < today:
        return f"{day} har redan varit. Är det rätt dag?"
    if span.last > today + FAR_OFF:
        return f"{day} är mer än tio år bort. Är det rätt dag?"
    return ""


def not_a_day(span: Span, words: str) -> str:
    """What is said of words that mean no day."""
    return span.doubt or f"”{words[:60]}” går inte att läsa som ett datum."
