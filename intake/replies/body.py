"""The body of a mail, read in a process apart: what she wrote, without what she answered.

Quoted letters and signatures are found by the library mail-parser-reply in Swedish and English, and
by a few lines of ours where mail programs cut a header in two. HTML is read by lxml. What is taken
for the writer's own although it is quoted is understood by nobody, which is the safe way to err.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_binary_file
from email.message import Message
from typing import IO, Any
from urllib.parse import unquote

from lxml import html
from mailparser_reply import EmailReplyParser

from rules.charsets import decoded, header_decoded

_LANGUAGES = ["sv", "en"]
MOST = 20_000  # characters of a body that are looked at; who wrote more wrote no fixed words
_MOST_PIECES = 20  # of text, between files
_LONGEST_LINE = 1000
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
_SIGNATURES = {
    *("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"),
}
_SAME_WORDS = {"text/x-amp-html", "text/watch-html"}  # of a mail that has them as HTML too
_WORDS = {"text/plain", "text/html"}
_CALLED = {"message": "ett mejl"}  # as a file that has no name
_LEAVES_A_LINE = {
    *("p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "pre", "hr"),
}
_NOT_WORDS = {"script", "style", "head", "title", "template"}
# What mail programs put around, or before, the letter that is answered.
_QUOTED_CLASS = re.compile(
    r"gmail_quote|moz-cite-prefix|yahoo_quoted|protonmail_quote|OutlookMessageHeader"
)
_QUOTE_BEGINS = re.compile(r"divRplyFwdMsg|appendonsend|mail-editor-reference-message-container")
# Where a quoted letter begins, also where the program broke the line.
_HEADER = re.compile(
    r"(?im)^(?:"
    r"[ \t]*-{2,}[ ]?(?:ursprungligt|original|vidarebefordrat|forwarded)[ ]\w+[ ]?-{2,}.*"
    r"|[ \t]*_{10,}[ \t]*$"
    r"|[ \t*]*(?:från|from)[ \t*]*:.*\n(?:[ \t]*\n)?"
    r"[ \t*]*(?:skickat|sent|datum|date|till|to)[ \t*]*:.*"
    r"|(?:den|on|mån|tis|ons|tors?|fre|lör|sön|\d{1,2}[ ]\w{3})[^\n]{0,200}(?:\n[^\n]{0,200})?"
    r"\b(?:skrev|wrote)\b[^\n]{0,200}(?:\n[^\n]{0,200})?:[ \t]*$"
    r")"
)
# The library knows "Skickat från min …" and "Med vänliga hälsningar"; people and programs say more.
_SIGNED = re.compile(
    r"(?im)^(?:(?:skickat från|hämta outlook|skaffa outlook|sent from|get outlook)\b.*"
    r"|(?:med )?(?:vänliga?|bästa|varma|många|hjärtliga)? ?hälsning(?:ar)?\b[ ,.!]*)$"
)
_OURS = "Följsam"  # stands in every letter of ours


@dataclass(slots=True)
class _Found:
    """What a mail has besides words, as its parts are gone through."""

    attached: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # said to be parts, and are none
    pictures: list[tuple[str, str]] = field(default_factory=list)  # Content-ID and name
    pages: list[str] = field(default_factory=list)  # HTML as it came
    encrypted: bool = False


def tell(file: IO[bytes], _name: str = "") -> Iterator[object]:
    """Words, signature, names of what hangs on it, and whether it could not be read.

    Her own words are those of the text that is the mail itself. A mail within it is somebody
    else's, also when it is hers, and a text with a name is a file: both hang on it.
    """
    found = _Found()
    pieces = [piece for piece in _pieces(message_from_binary_file(file), found) if piece.strip()]
    found.attached += ["mer text"] * (len(pieces) > _MOST_PIECES)
    told = [own_words(piece) for piece in pieces[:_MOST_PIECES]]
    own = "\n\n".join(words for words, _ in told if words)
    signed = "\n\n".join(below for _, below in told if below)
    attached = found.attached + _not_shown(found)
    if own or signed or attached:
        attached += found.broken
    nothing = not (own or signed or attached)
    yield [own, signed, attached[:20], found.encrypted or nothing]


def _pieces(part: Message, found: _Found) -> list[str]:
    """The pieces of text that are the mail itself, in their order; the rest is put in `found`."""
    kind, of = part.get_content_type(), part.get_content_maintype()
    found.encrypted = found.encrypted or kind in _ENCRYPTED
    if kind in _SIGNATURES or kind in _SAME_WORDS:
        return []
    name = _name(part)
    if of == "image" and part.get("Content-ID"):
        found.pictures.append((str(part["Content-ID"]).strip(" <>"), name or kind))
    elif _hangs_on(part, name):
        found.attached.append(name or _CALLED.get(of, kind))
    elif of == "multipart":
        return _of_parts(part, found)
    elif kind == "text/html":
        found.pages.append(_text(part))
        return [_of_html(found.pages[-1])]
    else:
        return [_text(part)]
    return []


def _of_parts(part: Message, found: _Found) -> list[str]:
    """Those of parts after each other; of parts that say the same the first that says anything."""
    parts = part.get_payload()
    if not isinstance(parts, list):
        found.broken.append(part.get_content_type())
        return []
    told = [_pieces(one, found) for one in parts if isinstance(one, Message)]
    if part.get_content_type() != "multipart/alternative":
        return [piece for pieces in told for piece in pieces]
    return next((pieces for pieces in told if any(piece.strip() for piece in pieces)), [])


def _hangs_on(part: Message, name: str) -> bool:
    """Is it something of its own, and no text of this mail?"""
    if part.get_content_disposition() not in {None, "inline"} or name:
        return True
    return part.get_content_maintype() != "multipart" and part.get_content_type() not in _WORDS


def _not_shown(found: _Found) -> list[str]:
    """Pictures that the mail does not show, as it does those of a signature, are files."""
    shown = unquote("".join(found.pages))
    return [name for id_, name in found.pictures if not id_ or f"cid:{unquote(id_)}" not in shown]


def _name(part: Message) -> str:
    """What a part is called as a file; "" where it is called nothing."""
    try:
        return header_decoded(part.get_filename() or "").strip()
    except ValueError:  # in a character set that is none
        return part.get_content_type()


def own_words(text: str) -> tuple[str, str]:
    """What was written anew, without what is answered; and what it was signed with."""
    text = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    text = text.replace("\xa0", " ").replace("\u200b", "")
    if len(text) > MOST or any(len(line) > _LONGEST_LINE for line in text.split("\n")):
        return text[:MOST].strip(), ""
    above = _above_the_quoted(text)
    read = EmailReplyParser(languages=_LANGUAGES).read(above)
    words = above
    if len(read.replies) == 1 or _is_quoted(above[len(read.replies[0].content) :]):
        words = str(read.replies[0].body).strip()
    signed = _SIGNED.search(words)
    if signed:
        words = words[: signed.start()].strip()
    return words, above[len(words) :].strip() if above.startswith(words) else ""


def _above_the_quoted(text: str) -> str:
    """What stands above the letter that is answered; where nothing does, what stands below."""
    found = _HEADER.search(text)
    if found is None or not _is_quoted(text[found.start() :]):
        return _unquoted(text)
    return _unquoted(text[: found.start()]) or _unquoted(_HEADER.sub("", text))


def _is_quoted(words: str) -> bool:
    """Is it a letter of somebody's, and not her own words that only begin as if it were?"""
    lines = [line for line in words.split("\n")[1:] if line.strip()]
    marked = bool(lines) and all(line.lstrip().startswith(">") for line in lines)
    return marked or words.lstrip().startswith("--") or "@" in words or _OURS in words


def _unquoted(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">")).strip()


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return decoded(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""


def _of_html(source: str) -> str:
    """The words of HTML, a line for each block, without the letter that is answered."""
    if not source.strip():
        return ""
    try:
        parser = html.HTMLParser(encoding="utf-8")
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (ValueError, html.etree.ParserError):
        return ""
    _without_quotes(root)
    pieces: list[str] = []
    _gather(root, pieces)
    lines = "".join(pieces).split("\n")
    told = "\n".join(" ".join(line.split()) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", told).strip()


def _without_quotes(root: Any) -> None:  # noqa: ANN401 - an element of lxml
    for element in list(root.iter("blockquote", "div")):
        named = f"{element.get('class', '')} {element.get('id', '')}"
        if element.tag == "blockquote" or _QUOTED_CLASS.search(named):
            _drop(element)
        elif _QUOTE_BEGINS.search(named):
            for after in [element, *element.itersiblings()]:
                _drop(after)


def _drop(element: Any) -> None:  # noqa: ANN401 - an element of lxml
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _gather(element: Any, pieces: list[str]) -> None:  # noqa: ANN401 - an element of lxml
    """Words in their order; what lies too deep is no mail, and ends in the parser's own bound."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _NOT_WORDS or not tag:
        pieces.append(" " + (element.tail or ""))
        return
    if tag in _LEAVES_A_LINE:
        pieces.append("\n")
    pieces.append(" ".join((element.text or "").split("\n")))
    for child in element:
        _gather(child, pieces)
    if tag in _LEAVES_A_LINE and tag != "br":
        pieces.append("\n")
    pieces.append(" ".join((element.tail or "").split("\n")))
