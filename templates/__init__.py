"""The words people read: one Jinja environment for mail, pages and reports.

StrictUndefined: a template that misses a value fails loudly in a test, never silently in a letter.
"""

from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    pass_eval_context,
    select_autoescape,
)
from jinja2.nodes import EvalContext

from config.clock import in_stockholm
from models.listing import late
from models.refusal import field_of, is_question
from rules import lives, meanwhile, wording
from rules.personnummer import masked_letter
from rules.unseen import clean, on_one_line, quoted

_FOLDER = Path(__file__).resolve().parent


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The house's Jinja environment, compiled templates kept."""
    env = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html", "svg"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    env.filters["day"] = wording.day_in_words
    env.filters["weekday"] = wording.weekday_in_words
    env.filters["moment"] = lambda at: f"{in_stockholm(at):%Y-%m-%d %H:%M}"
    env.filters["clock"] = lambda at: f"{in_stockholm(at):%H:%M}"
    env.filters["field_of"] = field_of
    env.tests["question"] = is_question
    env.tests["late"] = late
    env.globals["weekdays"] = wording.WEEKDAYS
    env.filters["capitalised"] = wording.capitalised
    env.globals["filled_from"] = meanwhile.filled_from
    env.globals["counted"] = wording.counted
    env.globals["rung_reached"] = wording.rung_reached
    env.globals["distance"] = wording.distance
    env.globals["answer_in_words"] = wording.answer_in_words
    env.globals["takes_over"] = wording.takes_over
    env.globals["in_a_row"] = lives.in_a_row
    env.globals["each_month"] = lives.each_month
    env.globals["period"] = wording.period_in_words
    return env


class _Whole(str):
    """Lines of a letter's text that a template has made: they stand as they are."""

    __slots__ = ()


@lru_cache(maxsize=1)
def _letters() -> Environment:
    """The same for letters, where every value is one line unless its template says otherwise.

    What people write stands among our own words, and in a text nothing but its place tells whose a
    line is. So a title with a line break in it begins none: of values only those through `whole`
    (what another template made) or `quoted` (others' running words, a ">" before each line) have
    several. A template that forgets loses a line break, and nobody is fooled.
    """
    env = environment().overlay(finalize=_in_its_place)
    env.filters = environment().filters | {
        "whole": _Whole,
        "quoted": lambda words: _Whole(quoted(masked_letter(words))),
    }
    return env


@pass_eval_context
def _in_its_place(context: EvalContext, value: object) -> object:
    """A value as it is written in a letter: without signs that nobody sees, in a text on one line.

    In HTML a line break is a blank, and what a macro made is markup.
    """
    if not isinstance(value, str) or isinstance(value, _Whole) or hasattr(value, "__html__"):
        return value
    return clean(value) if context.autoescape else on_one_line(value)


def render_once(name: str, /, **values: Hashable) -> str:
    """The same as `render`, but with the same values the words are those of the last time.

    For pages that many look at and that seldom change; the values are read anew each time.
    """
    return _rendered(name, tuple(values.items()))


@lru_cache(maxsize=128)
def _rendered(name: str, values: tuple[tuple[str, Hashable], ...]) -> str:
    return render(name, **dict(values))


def render(name: str, /, **values: object) -> str:
    """Render one template by its path within this folder, e.g. "mail/morning/text.txt".

    A letter leaves the house: a personnummer that stood on file before such were refused is blanked
    in it.
    """
    if not name.startswith("mail/"):
        return environment().get_template(name).render(**values)
    return masked_letter(_letters().get_template(name).render(**values))
