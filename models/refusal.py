"""A sentence of a refusal that knows which field of a form it is about.

Whoever refuses says where: `at("decided_on", "Skriv vilken dag.")`. It is words like any other, so
a command line prints it as it is, and a page leads from it to the field. A sentence that is about
no field, or about the whole form, is plain words.
"""

from collections.abc import Mapping
from typing import Self


class Sentence(str):
    """Words, and the name of the field that they are about."""

    __slots__ = ("field",)

    field: str

    def __new__(cls, words: str, field: str) -> Self:
        """Words about a field."""
        made = super().__new__(cls, words)
        made.field = field
        return made

    def format(self, *args: object, **named: object) -> Self:
        """The same, filled in, about the same field."""
        return type(self)(super().format(*args, **named), self.field)


def at(field: str, words: str) -> Sentence:
    """A sentence about a field of that name."""
    return Sentence(words, field)


def field_of(words: str) -> str:
    """The field that a sentence is about; "" for none."""
    return words.field if isinstance(words, Sentence) else ""


class Question(Sentence):
    """A refusal that a yes settles: it may be so, and is seldom meant."""

    __slots__ = ()


def asks(field: str, words: str) -> Question:
    """A question about a field; a form draws a tick under it, `ja_` and the field's name."""
    return Question(words, field)


def is_question(words: str) -> bool:
    """Is it settled by a yes?"""
    return isinstance(words, Question)


def said_yes(given: Mapping[str, str], field: str) -> bool:
    """Was the question about a field answered with yes?"""
    return given.get(f"ja_{field}") == "ja"
