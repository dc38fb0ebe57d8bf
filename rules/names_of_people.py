"""What a person's name may hold, and how it is told in a letter's header. Pure.

A name stands in other people's letters, beside our own words. So it has no address in it, no sign
that nobody sees, and no word out of two alphabets, where one letter passes for another. Names of
every alphabet there is are as good as ours, as long as each word is of one.

What was on file before names were asked about stays there: the header has it without what makes it
read as something else (`in_a_header`).
"""

import re
import unicodedata

LONGEST_IN_A_HEADER = 40  # signs; about what a list of letters shows
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Zl", "Zp"})
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # to the eye nothing
_JOINERS = frozenset("\u200c\u200d")  # how a letter is joined to the next, in Persian and Hindi
_JOINED = frozenset({"ARABIC", "BENGALI", "DEVANAGARI", "GUJARATI", "KANNADA", "MALAYALAM"}) | {
    *("ORIYA", "SINHALA", "SYRIAC", "TAMIL", "TELUGU"),
}
_MOST_MARKS = 3  # upon one letter: Hebrew and Vietnamese have two
_OVERLAY = 1  # Unicode's number for a mark through a letter
_LEADS_SOMEWHERE = re.compile(r"@\s*[\w-]+\.\w|\S@\S|://|\bwww\.", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[\s\-‐-―/().,;:&]+")
_EAST = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK", "BOPOMOFO": "CJK"}  # one writing
_OF_NO_ALPHABET = frozenset({"MODIFIER", "FEMININE", "MASCULINE", "COMBINING"})

UNSEEN = "Namnet har tecken som inte syns. Skriv det för hand i stället för att klistra in det."
AN_ADDRESS = (
    "Ett namn kan inte innehålla en adress eller tecknen < och >. Skriv bara vad personen heter."
)
TWO_ALPHABETS = "”{word}” blandar bokstäver ur olika alfabet. Skriv ordet med ett av dem."


def why_no_person(name: str) -> str:
    """What in a name makes it read as something else, as a sentence; "" when all is well."""
    usual = unicodedata.normalize("NFKC", name)
    if _has_unseen(unicodedata.normalize("NFC", name)):
        return UNSEEN
    if "<" in usual or ">" in usual or _LEADS_SOMEWHERE.search(usual):
        return AN_ADDRESS
    for word in _BETWEEN_WORDS.split(usual):
        if len(_alphabets(word)) > 1:
            return TWO_ALPHABETS.format(word=word[:40])
    return ""


def in_a_header(name: str) -> str:
    """A name as the sender's: one line, nothing that reads as an address, and not too long."""
    seen = [_in_its_place(sign) for sign in unicodedata.normalize("NFC", name)]
    words = [
        word
        for word in "".join(seen).split()
        if not _LEADS_SOMEWHERE.search(unicodedata.normalize("NFKC", word))
    ]
    line = " ".join(words)
    if len(line) <= LONGEST_IN_A_HEADER:
        return line
    return line[: LONGEST_IN_A_HEADER - 1].rstrip() + "…"


def _has_unseen(name: str) -> bool:
    before, marks = "", 0
    for sign in name:
        if sign in _JOINERS:
            if _alphabet(before) not in _JOINED:
                return True
            continue
        if not _is_seen(sign):
            return True
        marks = marks + 1 if unicodedata.category(sign) == "Mn" else 0
        if marks > _MOST_MARKS or unicodedata.combining(sign) == _OVERLAY:
            return True
        if not marks:
            before = sign
    return False


def _in_its_place(sign: str) -> str:
    """The sign, a blank for what parts words or marks off an address, and else nothing."""
    if unicodedata.category(sign) == "Cf":
        return ""
    return sign if _is_seen(sign) and unicodedata.normalize("NFKC", sign) not in "<>" else " "


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in _HIDDEN and sign not in _BLANKS


def _alphabets(word: str) -> set[str]:
    return {found for sign in word if sign.isalpha() and (found := _alphabet(sign))}


def _alphabet(sign: str) -> str:
    """The alphabet that a letter is of: "LATIN"; "" for what goes with any."""
    first = unicodedata.name(sign, "").partition(" ")[0] if sign else ""
    if first in _OF_NO_ALPHABET:
        return ""
    return _EAST.get(first, first)
