"""What mail programs draw: a small table of facts, and a reader that finds what one does not.

The facts are those of caniemail.com (MIT), as they stood on 9 September 2025, for what our letters
use; the table and its words are our own. Each says in which programs something works, and where in
them it does not. Classic Outlook is drawn by Word, and reads what stands in `<!--[if mso]>`; new
Outlook draws as Outlook on the web does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from html.parser import HTMLParser

DATE = "2025-09-09"


class Program(StrEnum):
    """The programs that our readers have."""

    GMAIL = "Gmail"  # web, iOS and Android
    CLASSIC = "Outlook classic"
    NEW = "Outlook new"
    WEB = "Outlook on the web"
    IOS = "iOS Mail"


EVERYWHERE = frozenset(Program)
NOT_IN_WORD = EVERYWHERE - {Program.CLASSIC}


@dataclass(frozen=True)
class Works:
    """Where a feature works: in which programs, and in Word on which elements and values.

    `word_on`: only on these elements. `word_values`: a pattern of values that it understands.
    `word_width`: not on an image, where the attribute `width` does it instead.
    """

    programs: frozenset[Program] = EVERYWHERE
    word_on: frozenset[str] = frozenset()
    word_not_on: frozenset[str] = frozenset()
    word_values: str = ""
    word_width: bool = False
    values: str = ""  # a pattern of values that all programs understand


_CELLS = frozenset({"td", "th"})
_FLOW = frozenset({"body", "span", "div", "p"})
_PX = r"(0|[0-9]+px)"

# CSS. margin: no negative values anywhere, and no `auto` in Word; padding in Word: cells only;
# border in Word: at most 8 px, and not reliable on p and div; display in Word: only `none`, and not
# on images; text-decoration: one value; width and height in Word: not on text; max-width in Word: a
# table's; border-radius: not in Word. word-break breaks anywhere, which is what it is used for.
CSS = {
    "background-color": Works(),
    "border": Works(word_not_on=frozenset({"p", "div"}), word_values=r"0|[0-8]px .*"),
    "border-left": Works(word_not_on=frozenset({"p", "div"}), word_values=r"[0-8]px .*"),
    "border-top": Works(word_not_on=frozenset({"p", "div"}), word_values=r"[0-8]px .*"),
    "border-radius": Works(NOT_IN_WORD),
    "color": Works(),
    "display": Works(
        values="none|block|inline|inline-block",
        word_values="none",
        word_not_on=frozenset({"img", "table"}),
    ),
    "font-family": Works(),
    "font-size": Works(values=r"[0-9]+px"),
    "font-weight": Works(values="bold|normal"),
    "height": Works(word_not_on=_FLOW, word_width=True),
    "line-height": Works(values=r"[0-9]+px"),
    "margin": Works(word_not_on=frozenset({"span", "body"}), values=rf"{_PX}( {_PX}){{0,3}}"),
    "max-width": Works(word_on=frozenset({"table"}), word_width=True),
    "padding": Works(word_on=_CELLS, values=rf"{_PX}( {_PX}){{0,3}}"),
    "text-align": Works(values="left|right|center"),
    "text-decoration": Works(values="none|underline"),
    "width": Works(word_not_on=_FLOW, word_width=True),
    "word-break": Works(),
}
# Elements and attributes. Nothing is known of `html`, `head`, `title`, `i` and `br`, which HTML has
# had from its beginning. A doctype and `color-scheme` do nothing in some, and take nothing away.
ELEMENTS = {name: Works() for name in ("a", "div", "h1", "h2", "img", "p", "span", "strong")}
ELEMENTS |= {name: Works() for name in ("table", "tr", "td", "body")}
ELEMENTS |= {name: Works() for name in ("html", "head", "title", "meta", "i", "br")}
ATTRIBUTES = {
    **{name: Works() for name in ("align", "alt", "border", "cellpadding", "cellspacing")},
    **{name: Works() for name in ("href", "lang", "role", "src", "style", "width", "title")},
    **{name: Works() for name in ("charset", "name", "content", "xmlns:o")},
}
_WORD_ONLY = re.compile(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", re.S)
_NOT_WORD = re.compile(r"<!--\[if !mso\]><!-->(.*?)<!--<!\[endif\]-->", re.S)


def as_read_by(html: str, program: Program) -> str:
    """What of a letter a program reads: Word its own pieces, everybody else the others."""
    if program is Program.CLASSIC:
        return _WORD_ONLY.sub(r"\1", _NOT_WORD.sub("", html))
    return _NOT_WORD.sub(r"\1", _WORD_ONLY.sub("", html))


def missing(html: str, program: Program) -> list[str]:
    """What a letter uses and the program does not draw: a line each, once."""
    reader = _Reader(program)
    reader.feed(as_read_by(html, program))
    return sorted(set(reader.found))


def words_of(html: str, program: Program = Program.WEB) -> Iterator[str]:
    """The pieces of text that somebody sees, without what is hidden."""
    reader = _Seen()
    reader.feed(as_read_by(html, program))
    yield from reader.seen


@dataclass
class _Element:
    name: str
    attributes: dict[str, str]
    style: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Goes through a letter and notes what the program does not know."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program, self.found = program, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element: its name, its attributes, its style."""
        element = _Element(tag, {name: value or "" for name, value in attrs})
        element.style = _declarations(element.attributes.get("style", ""))
        self._look(f"<{tag}>", ELEMENTS.get(tag), element, "")
        for name, value in element.attributes.items():
            self._look(f"{name}=", ATTRIBUTES.get(name), element, value)
        for name, value in element.style.items():
            if name.startswith("mso-"):
                continue  # Word's own; nobody else reads it
            self._look(f"{name}: {value}", CSS.get(name), element, value)

    def _look(self, told: str, works: Works | None, element: _Element, value: str) -> None:
        told = f"{told} on <{element.name}>" if not told.startswith("<") else told
        if works is None:
            self.found.append(f"nothing is known of {told}")
            return
        drawn = self.program in works.programs and not _is_refused(works.values, value)
        if drawn and self.program is Program.CLASSIC:
            drawn = self._drawn_by_word(works, element, value)
        if not drawn:
            self.found.append(told)

    @staticmethod
    def _drawn_by_word(works: Works, element: _Element, value: str) -> bool:
        if element.name == "img" and works.word_width:
            return "width" in element.attributes
        if works.word_on and element.name not in works.word_on:
            return False
        return element.name not in works.word_not_on and not _is_refused(works.word_values, value)


class _Seen(HTMLParser):
    """Gathers what is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.seen, self._hidden = list[str](), 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What is hidden, and all within it, is not seen; a picture's words are."""
        given = dict(attrs)
        hides = "display:none" in (given.get("style") or "") or tag in ("title", "head")
        if tag in ("meta", "br"):
            return
        if tag == "img":
            self.seen.append(given.get("alt") or "")
            return
        if hides or self._hidden:
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        """One level up."""
        if self._hidden and tag not in ("meta", "br", "img"):
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._hidden:
            self.seen.append(data)


def _declarations(style: str) -> dict[str, str]:
    parts = [piece.partition(":") for piece in style.split(";") if piece.strip()]
    return {name.strip().lower(): value.strip() for name, _, value in parts}


def _is_refused(pattern: str, value: str) -> bool:
    return bool(pattern) and re.fullmatch(pattern, value) is None
