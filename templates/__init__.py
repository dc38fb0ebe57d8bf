"""The words people read: one Jinja environment for mail, pages and reports.

StrictUndefined: a template that misses a value fails loudly in a test, never silently in a letter.
"""

from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from config.clock import in_stockholm
from models.refusal import field_of, is_question
from rules import lives, meanwhile, wording
from rules.personnummer import masked_letter

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
    words = environment().get_template(name).render(**values)
    return masked_letter(words) if name.startswith("mail/") else words
