"""Where a letter's links will stand: marks in its words on file, filled in when it is made bytes.

A mark names the kind of page that its link leads to, and holds nothing that opens it. A letter
keeps beside its words which of them are its own, so that a mark that somebody has written in a
title stays what it is. What opens a link is made by `notifications/links.py`.
"""

import re
from collections.abc import Mapping

from config.signing import LENGTHS

_BEGIN, _END = "\ue0f1", "\ue0f2"  # of no alphabet (Unicode's private use)
ANSWER = "svar"
OWN = "svar/uppgifter"
MINE = "svar/mitt"
EDITION = "rapport/"
SIGN_IN = "logga-in/lank/"
OWN_ADDRESS = "adress/"
CODE = "kod/"  # no page: the figures of a code
_NOT_SHOWN = "länken visas inte"
_KINDS = "svar|rapport|kalender|logga-in/lank|adress|kod"
_MARK = re.compile(rf"{_BEGIN}({_KINDS})[^{_BEGIN}{_END}]*{_END}")
_LEADING = re.compile(rf'href="{_MARK.pattern}[^"]*"')
_ADDRESS = re.compile(rf"(/(?:{_KINDS})/)[^\s\"'<>]+")
_SIGNATURE = "|".join(rf"[\w-]{{{length}}}" for length in LENGTHS)
# Begins as a number, a list or words do in base64; no name of a machine has capitals.
_SIGNED = re.compile(
    rf"(?<![\w-])[MNOWI][\w-]*\.(?=[\w-]*[A-Z])(?:{_SIGNATURE})(?![\w-])", re.ASCII
)


def mark(path: str) -> str:
    """What stands in a letter on file in place of the link to that page."""
    return f"{_BEGIN}{path}{_END}"


def filled(words: str, addresses: Mapping[str, str]) -> str:
    """The words with addresses in place of the letter's own marks."""
    for path, address in addresses.items():
        words = words.replace(mark(path), address)
    return words


def without_links(words: str) -> str:
    """The words of a letter, plain or HTML, as anybody but its reader may see them."""
    words = _LEADING.sub(f'title="{_NOT_SHOWN}"', words)
    words = _MARK.sub(rf"/\1/… ({_NOT_SHOWN})", words)
    return _ADDRESS.sub(r"\1…", words)


def without_keys(words: str) -> str:
    """What others say of a letter, without what opens its links: whole, or the signed part alone.

    For what a mail server answers and for letters that come back.
    """
    return _SIGNED.sub("…", _ADDRESS.sub(r"\1…", words))
