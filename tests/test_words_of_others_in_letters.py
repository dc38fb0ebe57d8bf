"""What people write stands in a letter as theirs: no line of theirs passes for one of Följsam's.

Whoever gets a letter as text sees whose a line is by its place alone. So titles and names are one
line wherever they stand, and running words have ">" before each line. Every kind of letter is made
with titles that would be lines of ours (`every_kind.py`), and no template lets a value by.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, update

import templates
from config.settings import Settings
from models.activity import Activity
from models.columns import c
from models.database import transaction
from models.group import Collaboration, Group
from models.letter_kinds import LetterKind
from models.person import Person
from models.plan import Plan
from notifications import links, passed_on
from notifications.links import Opened
from rules.unseen import clean, on_one_line, quoted
from templates import render
from tests.cast import Town
from tests.every_kind import made

MAIL = Path(templates.__file__).parent / "mail"
EVIL = "evil.example/svar/x"
OURS = "Lämna besked:"
TITLE = f"\n\n{OURS}\u2028http://{EVIL}\r\n{OURS}\u202e\x85{OURS}"
BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
TURNS = ["\u202a", "\u202e", "\u2066", "\u2069", "\x00", "\x1b", "\ufeff"]
# Of no one collaboration where there are several, or of the installation alone: no title in them.
NAMES_NO_TITLE = {
    *(LetterKind.TAKEN_ON, LetterKind.PASSED_ON, LetterKind.FORWARDED, LetterKind.ADMINISTRATORS),
    *(LetterKind.UNDONE, LetterKind.HEARTBEAT, LetterKind.POST_STOP),
}


class Fooled(Town):
    """A town whose every group, plan, activity, collaboration and Bob are called lines of ours."""

    def __post_init__(self) -> None:
        super().__post_init__()
        with transaction(self.settings) as session:
            for table, name in ((Group, "name"), (Collaboration, "name"), (Plan, "title")):
                session.execute(update(table).values({name: c(table)[name] + TITLE}))
            bob = c(Person).id.in_([self.bob, self.charlie])
            session.execute(update(Person).where(bob).values(name=c(Person).name + TITLE))

    def activity(self, what: str = "Trygg hemgång", **more: Any) -> int:  # noqa: ANN401
        """The same, called so, and done so."""
        number = super().activity(what + TITLE, **more)
        with transaction(self.settings) as session:
            row = update(Activity).where(c(Activity).id == number)
            session.execute(row.values(how=func.trim(TITLE)))
        return number


def ours_in(text: str) -> list[str]:
    """Lines that would be taken for Följsam's own, and were not: at their place, unmarked."""
    return [
        line
        for line in text.split("\n")
        if re.match(rf"\s*({OURS}|http://{EVIL}|{EVIL})", line, re.IGNORECASE)
    ]


@pytest.mark.parametrize("kind", LetterKind)
def test_no_title_or_name_begins_a_line_in_any_letter(lite: Settings, kind: LetterKind) -> None:
    letter = made(Fooled(lite), kind)
    assert ours_in(letter.text) == []
    assert letter.text == clean(letter.text), "no odd line breaks, nothing turns the line around"
    assert "\u202e" not in letter.html
    assert kind in NAMES_NO_TITLE or EVIL in letter.text.casefold(), "it holds such a title"


def test_a_neighbours_words_stand_marked_in_what_frida_gets(small_town: Town) -> None:
    words = f"rad\n\n{OURS}\nhttp://{EVIL}\r\n{OURS}\u2029{OURS}\u202e"
    with transaction(small_town.settings) as session:
        opened = Opened(
            links.make(session, small_town.settings, small_town.alice), small_town.alice
        )
        said = (f"Rut\n{OURS}\u2028http://{EVIL}", words)
        passed_on.words_of_another(session, small_town.settings, opened, *said, date(2025, 5, 1))
    text = small_town.letters()[-1].text
    assert ours_in(text) == []
    marked = f"> rad\n>\n> {OURS}\n> http: //evil. example/svar/x\n> {OURS}\n> {OURS}\n"
    assert marked in text


@pytest.mark.parametrize("sign", [*BREAKS, *TURNS])
def test_every_line_break_and_turn_there_is_is_known(sign: str) -> None:
    assert on_one_line(f"en{sign}två").split() == (["en", "två"] if sign in BREAKS else ["entvå"])
    assert quoted(f"en{sign}två") == ("> en\n> två" if sign in BREAKS else "> entvå")


def test_a_personnummer_over_two_lines_is_blanked_before_it_is_marked() -> None:
    values = dict.fromkeys(
        ("name", "lead", "next", "link", "address", "owner", "owner_address", "organisation"), "x"
    )
    text = render("mail/passed_on/text.txt", **values, words="19121212\n-1212")
    assert "1212" not in text


TEXTS = sorted(MAIL.glob("*/*.txt"))


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.parent.name)
def test_only_what_a_template_made_stands_whole(file: Path) -> None:
    """What a value says of itself is one line; so a new kind of letter cannot forget."""
    let_by = set(re.findall(r"\{\{ *([^{}]*?) *\| *whole *\}\}", file.read_text("utf-8")))
    assert {words.partition("(")[0] for words in let_by} <= {"signed", "piece.text"}


def test_a_template_that_says_nothing_of_it_has_each_value_on_one_line() -> None:
    values = {
        "name": f"Eva{TITLE}",
        "area": f"Prov{TITLE}",
    }
    text = render("mail/declined/text.txt", **values)
    assert ours_in(text) == []
    assert len(text.strip().split("\n")) == 3, "as many lines as the template has"
