"""A sentence of a refusal that knows which field of a form it is about.

Whoever refuses says where: `at("decided_on", "Skriv vilken dag.")`. It is words like any other, so
a command line prints it as it is, and a page leads from it to the field. A sentence that is about
no field, or about the whole form, is plain words.
"""


class Sentence(str):
    """Words, and the name of the field that they are about."""

    __slots__ = ("field",)

    field: str

    def __new__(cls, words: str, field: str) -> "Sentence":
        """Words about a field."""
        made = super().__new__(cls, words)
        made.field = field
        return made

    def format(self, *args: object, **named: object) -> "Sentence":
        """The same, filled in, about the same field."""
        return Sentence(super().format(*args, **named), self.field)


def at(field: str, words: str) -> Sentence:
    """A sentence about a field of that name."""
    return Sentence(words, field)


def field_of(words: str) -> str:
    """The field that a sentence is about; "" for none."""
    return words.field if isinstance(words, Sentence) else ""
