"""The bytes of a mail as words, in the character sets that mail has and in no others. Pure.

A mail names its character set itself, and Python knows many that are none: one that unpacks, one
that reads escapes, those of domain names. Some stop at what they get, and some make half characters
that no database takes. So what is not a character set of mail is read as UTF-8, and what does not
fit is told by U+FFFD: words are lost by the character, never by the mail.
"""

import codecs
from email.errors import HeaderParseError
from email.header import decode_header

from rules.unseen import halves_told

# By Python's own names for them.
_OF_MAIL = (
    *("ascii", "utf-8", "utf-16", "utf-32", "iso8859-", "cp125", "cp437", "cp85", "cp86", "koi8-"),
    *("mac-", "gb", "big5", "hz", "euc_", "iso2022_", "shift_jis", "johab", "cp874", "cp93"),
    *("cp94", "cp95", "tis-620"),
)
_NAMED_LONGEST = 40


def decoded(words: bytes, charset: str | None) -> str:
    """Bytes as words, whatever a mail says that they are in."""
    try:
        return halves_told(words.decode(_known(charset or "utf-8"), "replace"))
    except (LookupError, ValueError):
        return halves_told(words.decode("utf-8", "replace"))


def header_decoded(value: str) -> str:
    """A header's words, its encoded words read; what cannot be read stays as it was written."""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return halves_told(value)
    return halves_told("".join(_piece(words, charset) for words, charset in pieces))


def _piece(words: bytes | str, charset: str | None) -> str:
    if isinstance(words, str):
        return words
    if charset is None:  # it stood as it is, between encoded words
        return words.decode("latin-1")
    return decoded(words, charset.partition("*")[0])  # "utf-8*sv" (RFC 2231)


def _known(charset: str) -> str:
    """Python's name of a character set of mail. Raises `LookupError` or `ValueError`."""
    name = codecs.lookup(charset[:_NAMED_LONGEST]).name
    if not name.startswith(_OF_MAIL):
        raise LookupError(charset)
    return name
