"""The body of a mail, read in a process apart: what she wrote, without what she answered.

Quoted letters and signatures are found by the library mail-parser-reply in Swedish and English, and
by a few lines of ours where mail programs cut a header in two. HTML is read by lxml. What is taken
for the writer's own although it is quoted is understood by nobody, which is the safe way to err.
"""

import re
from collections.abc import Iterator
from email import message_from_binary_file
from email.message import Message
from typing import IO, Any

from lxml import html
from mailparser_reply import EmailReplyParser

_LANGUAGES = ["sv", "en"]
MOST = 20_000  # characters of a body that are looked at; who wrote more wrote no fixed words
_LONGEST_LINE = 1000
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
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


def tell(file: IO[bytes], _name: str = "") -> Iterator[object]:
    """Words, signature, names of what hangs on it, and whether it could not be read."""
    message = message_from_binary_file(file)
    plain, rich, attached, encrypted = "", "", [], False
    for part in message.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        encrypted = encrypted or kind in _ENCRYPTED
        if _hangs_on(part):
            attached.append(part.get_filename() or kind)
        elif kind == "text/plain" and not plain:
            plain = _text(part)
        elif kind == "text/html" and not rich:
            rich = _text(part)
    words = plain if plain.strip() else _of_html(rich)
    own, signed = own_words(words)
    yield [own, signed, attached[:20], encrypted or not (own or signed or attached)]


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


def _hangs_on(part: Message) -> bool:
    """Is it a file of its own? A picture in a signature is none."""
    if part.get_content_maintype() == "image" and part.get("Content-ID"):
        return False
    if part.get_content_disposition() == "attachment":
        return part.get_content_type() not in {"application/pkcs7-signature"}
    return part.get_content_maintype() not in {"text", "multipart", "message"} and bool(
        part.get_filename()
    )


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:  # a character set that nobody knows
        return payload.decode("utf-8", "replace")


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
