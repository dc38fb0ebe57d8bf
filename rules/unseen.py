"""What people wrote, without signs that nobody sees. Pure.

People paste from anywhere. Control signs and half characters break a file, programs take some of
them for the end of a line, and overrides of the writing direction turn the rest of a line around.
What is on file keeps what was written; it is left out of what is made of it.
"""

import re

_LINES = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
_HALF = re.compile("[\ud800-\udfff]")
_DOT = re.compile(r"[.\u3002\uff0e\uff61](?=[^\W\d])")  # those that browsers take for a dot
_COLON = re.compile(r"(?<=[^\W\d]):(?=[^\s\d])")
_BACKS = re.compile(r"\\{2}")  # a folder on a network
_ANY = re.compile("|".join(each.pattern for each in (_LINES, _UNSEEN, _HALF)))


def clean(words: str) -> str:
    """Words without signs that nobody sees; half a character is told by U+FFFD."""
    if not _ANY.search(words):
        return words
    return halves_told(_UNSEEN.sub("", _LINES.sub("\n", words)))


def on_one_line(words: str) -> str:
    """The same on one line: what begins a line of its own would be taken for somebody else's."""
    return " ".join(clean(words).split("\n"))


def quoted(words: str) -> str:
    """Somebody's words as letters give others' back: a ">" before every line, none without."""
    return "\n".join(f"> {line}".rstrip() for line in clean(words).split("\n"))


def out_of_reach(words: str) -> str:
    """Words of nobody knows whom, in which mail programs find no address to make a link of.

    They look for "https:", "www." and "x@y.z": a space after the colon or the dot, and it is words.
    Cleaned first, since a sign between them that is left out later would hide them.
    """
    return _BACKS.sub(r"\\ \\", _DOT.sub(". ", _COLON.sub(": ", clean(words))))


def halves_told(words: str) -> str:
    """Words that can be written in UTF-8: half a character is told by U+FFFD, all else stays."""
    return _HALF.sub("\ufffd", words)
