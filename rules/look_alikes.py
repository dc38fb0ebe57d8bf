"""Names that a reader takes for one another, and signs that a name must not have. Pure.

A collaboration's name stands first in its letters. One that reads as another's, by a letter of
another script, a full stop or a sign that nobody sees, would be that other's to whoever gets the
letter. So names are compared by what they look like (`skeleton`), and what no name here needs is
refused.
"""

import unicodedata

_OURS = frozenset("åäö")  # letters of their own, whatever they look like
# Letters and figures of one shape, as they stand and in lower case. After Unicode's own list
# (UTS 39), as far as it goes for names in Latin letters, Greek and Cyrillic.
_SHAPES = {
    "А": "a", "В": "b", "С": "c", "Е": "e", "Ё": "e", "Н": "h", "І": "i", "Ј": "j", "К": "k",
    "М": "m", "О": "o", "Р": "p", "Ѕ": "s", "Т": "t", "У": "y", "Х": "x", "Ү": "y", "Ӏ": "i",
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "һ": "h", "н": "h", "і": "i",
    "ј": "j", "к": "k", "м": "m", "о": "o", "р": "p", "ԛ": "q", "г": "r", "ѕ": "s", "т": "t",
    "у": "y", "ү": "y", "ѵ": "v", "ԝ": "w", "х": "x", "ӏ": "i", "п": "n", "ь": "b",
    "Α": "a", "Β": "b", "Ε": "e", "Ζ": "z", "Η": "h", "Ι": "i", "Κ": "k", "Μ": "m", "Ν": "n",
    "Ο": "o", "Ρ": "p", "Τ": "t", "Υ": "y", "Χ": "x",
    "α": "a", "β": "b", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o",
    "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
    "ı": "i", "ɩ": "i", "ɪ": "i", "ł": "i", "Ł": "i",
    "ɑ": "a", "ɡ": "g", "ɢ": "g", "ʏ": "y", "ʀ": "r",
    "ɴ": "n", "ʜ": "h", "ʟ": "i", "ʙ": "b", "ꜱ": "s", "ᴀ": "a", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e",
    "ᴋ": "k", "ᴍ": "m", "ᴏ": "o", "ᴘ": "p", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ᴢ": "z",
    "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ħ": "h", "ŧ": "t", "ß": "ss", "æ": "ae", "œ": "oe",
    "l": "i", "|": "i", "1": "i", "0": "o",
}  # fmt: skip
_PLAIN = str.maketrans("åäö", "aao")
_TOGETHER = (("rn", "m"), ("vv", "w"))
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp"})
_BLANKS = frozenset(
    "\u115f\u1160\u2800\u3164\uffa0"
)  # letters and signs that are nothing to the eye


def skeleton(name: str) -> str:
    """What a name looks like: letters and figures alone, each as the plainest of its shape."""
    seen = []
    for sign in unicodedata.normalize("NFKC", name):
        found = _SHAPES.get(sign, sign)
        seen += [_shape(each) for each in found.casefold()]
    words = "".join(seen)
    for pair, one in _TOGETHER:
        words = words.replace(pair, one)
    return words


def without_rings(seen: str) -> str:
    """A skeleton as whoever leaves out rings and dots writes it: "Ålm" as "Alm".

    Both are names, so it is for an administrator to say that there are two.
    """
    return seen.translate(_PLAIN)


def _shape(sign: str) -> str:
    """A letter without the marks upon it, but for our own; "" for what is no letter or figure."""
    if sign not in _OURS:
        sign = unicodedata.normalize("NFD", sign)[0]
    shape = _SHAPES.get(sign, sign)
    return shape if shape.isalnum() else ""


def why_no_name(name: str) -> str:
    """What in a name nobody could read as it stands, as a sentence; "" when all is well."""
    usual = unicodedata.normalize("NFKC", name)
    if any(_is_hidden(sign) for sign in unicodedata.normalize("NFC", name)):
        return (
            "Namnet har tecken som inte syns. Skriv det för hand i stället för att klistra in det."
        )
    if "@" in usual:
        return "Ett namn kan inte vara en e-postadress. Skriv vad samverkan heter, utan @."
    if not any(sign.isalpha() for sign in usual):  # figures alone read as a number of another
        return "Namnet har inga bokstäver. Skriv vad samverkan heter."
    if any(sign.isalpha() and not _is_latin(sign) for sign in usual):
        return "Namnet har bokstäver ur ett annat alfabet. Skriv det med vanliga bokstäver, a–ö."
    return ""


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in _HIDDEN or sign in _BLANKS


def _is_latin(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("LATIN ")
