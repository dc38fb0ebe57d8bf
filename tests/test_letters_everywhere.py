"""A letter of every kind: drawn by every mail program, the same as text, and somebody to ask.

What programs draw is `mail_programs.py`; the letters are made by `every_kind.py`.
"""

import re
from typing import Any

import pytest

from models.letter_kinds import LetterKind
from tests.cast import Town
from tests.every_kind import TELEPHONE, made
from tests.mail_programs import Program, missing, words_of

# Whom no one leader is behind: the letter is the installation's own, and somebody else is asked.
OURS = {
    *(LetterKind.SIGN_IN, LetterKind.CODE, LetterKind.CONFIRM, LetterKind.CHANGED),
    *(LetterKind.PASSED_ON, LetterKind.ADMINISTRATORS, LetterKind.UNDONE),
    *(LetterKind.HEARTBEAT, LetterKind.POST_STOP),
    *(LetterKind.RECEIPT, LetterKind.FORWARDED),
}
FRIDA = ("frida@example.org", f"ring {TELEPHONE}, så hjälper Frida, som är processledare, dig.")
HERSELF = ("adam@example.org", "Svara på brevet, så hjälper Adam, som är administratör, dig.")
ANOTHER = ("alma@example.org", "Svara på brevet, så hjälper Alma, som är administratör, dig.")
OWNER = ("alice@example.org", "Svara på brevet, så går svaret till Alice (alice@example.org).")


def human(letter: Any) -> tuple[str, str]:  # noqa: ANN401
    """Whom a reply reaches, and what is said of it."""
    if letter.kind in {LetterKind.PASSED_ON, LetterKind.FORWARDED}:
        return OWNER
    if letter.to_name == "Frida":
        return HERSELF
    return ANOTHER if letter.to_name == "Adam" else FRIDA


@pytest.mark.parametrize("kind", LetterKind)
def test_every_program_draws_it_text_says_the_same_and_there_is_somebody_to_ask(
    small_town: Town, kind: LetterKind
) -> None:
    letter = made(small_town, kind)
    for program in Program:
        assert missing(letter.html, program) == [], program
        assert seen(letter.html, program) == told(letter.text), program
    sender = "" if kind in OURS else "Vårdsamverkan Prov genom Frida"
    address, words = human(letter)
    if kind is LetterKind.TAKEN_ON:  # of no one collaboration, where there are several
        sender, (address, words) = "Vårdsamverkan Prov", HERSELF
    assert (letter.from_name, letter.reply_to) == (sender, address)
    for spelling in (letter.text, letter.html):
        assert words in spelling


def seen(html: str, program: Program) -> set[str]:
    """The words of the letter as a program shows it."""
    return _words(" ".join(words_of(html, program)))


def told(text: str) -> set[str]:
    """The words of the text."""
    return _words(text)


def _words(text: str) -> set[str]:
    """Words and numbers, not addresses of pages; headings are written large in text."""
    without = re.sub(r"https?://\S+", " ", text).casefold()
    return set(re.findall(r"\w+", without))


def test_what_a_program_does_not_draw_is_found() -> None:
    html = '<p style="display:flex;padding:4px;margin:-4px;">Hej</p><b hidden>du</b>'
    assert missing(html, Program.GMAIL) == [
        "display: flex on <p>",
        "margin: -4px on <p>",
        "nothing is known of <b>",
        "nothing is known of hidden= on <b>",
    ]
    assert "padding: 4px on <p>" in missing(html, Program.CLASSIC)
    rounded = '<td style="border-radius:6px;border:14px solid #ffffff;">Hej</td>'
    assert missing(rounded, Program.NEW) == []
    assert len(missing(rounded, Program.CLASSIC)) == 2


def test_word_reads_its_own_button_and_everybody_else_the_other() -> None:
    html = (
        '<!--[if mso]><i style="mso-font-width:200%;">a</i><![endif]-->'
        '<!--[if !mso]><!--><a style="border-radius:6px;">b</a><!--<![endif]-->'
    )
    for program in Program:
        shown = "a" if program is Program.CLASSIC else "b"
        assert "".join(words_of(html, program)) == shown
        assert missing(html, program) == []
