"""The name in a row of a list: out of first and last name, of a directory's, of Outlook's.

A directory's name is made for sorting and for telling people apart: "Andersson, Anna (Sociala)".
The other columns tell which part of it is the name. What stands in a column for names alone is kept
as somebody wrote it, but for a surname before a comma.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from rules.wording import alphabetically

_TURNED = re.compile(r"((?:v[oa]n |af |de )?[\w-]+),\s*([^\W\d_][\w-]+(?: [\w-]+)?)")
_TWO_TURNED = re.compile(r"((?:[\w-]+ ){0,2}[\w-]+),\s*([^\W\d_][\w-]*(?: [\w-]+){0,2})")
_AFTER = re.compile(r"\s*(?:[(\[][^()\[\]]*[)\]]|\s[-–|/]\s.*)\s*$")  # "(Sociala)", " - Norrås"
_SIGNS = re.compile(r"\s*(?:;|\n|\s&\s|\s(?:och|samt|and)\s)\s*")
_COMMA = re.compile(r"\s*(?:;|\n|,|/|\s&\s|\s(?:och|samt|and)\s)\s*")
_PART = re.compile(r"[A-ZÅÄÖÉ][\w'’-]*(?: [A-ZÅÄÖÉ][\w'’-]*)?")
_TITLED = re.compile(r"(?P<name>[^,]+),\s+[a-zåäö][\wåäö -]{2,60}")  # "Alva Ek, enhetschef"
_GUEST = re.compile(r"(?i)\s*\((?:gäst|extern\w*|guest|external|unverified|overifierad)\)\s*$")
_PERSON = re.compile(r"[A-ZÅÄÖÉ][\w'’-]*(?: (?:von|van|af|de|[A-ZÅÄÖÉ][\w'’-]*)){1,3}")


def name_of(written: str, first: str, last: str, shown: str, middle: str = "") -> str:
    """The name of a row: `written` under a heading for names, `shown` a directory's name.

    1. First and last name say it best.
    2. Of what was written a surname before a comma is turned.
    3. A directory's name is taken without what tells people of one name apart.
    """
    if first and last:
        return _plain(" ".join(part for part in (first, middle, last) if part))
    if written and (first or last):
        known = set(_words(written))
        part = first or last
        if set(_words(part)) <= known:
            return turned(_plain(written))
        return _plain(f"{first} {written}" if first else f"{written} {last}")
    if written:
        return turned(_plain(written))
    if shown:
        return from_directory(_plain(shown))
    return _plain(first or last)


def turned(name: str) -> str:
    """ "Ek, Eva" -> "Eva Ek", also with a bracket after it; an organisation after a name stays."""
    bare = _GUEST.sub("", _without_address(name))
    titled = _TITLED.fullmatch(bare)
    if titled and _PERSON.fullmatch(titled["name"]):
        return titled["name"]
    for words in (bare, _AFTER.sub("", bare)):
        match = _TURNED.fullmatch(words)
        if match and not match[2].isupper() and match[2][0].isupper():
            return f"{match[2]} {match[1]}"
    return bare


def from_directory(name: str) -> str:
    """ "Andersson Lind, Anna (Sociala)" -> "Anna Andersson Lind"."""
    bare = name
    while (shorter := _AFTER.sub("", bare)) != bare and shorter:
        bare = shorter
    match = _TWO_TURNED.fullmatch(bare)
    return f"{match[2]} {match[1]}" if match else turned(bare)


def _without_address(name: str) -> str:
    """ "Eva Ek (eva@example.org)" as Outlook shows it."""
    return re.sub(r"\s*[(<\[][^()<>\[\]]*@[^()<>\[\]]*[)>\]]\s*$", "", name) or name


def several(words: str, *, commas: bool) -> list[str]:
    """The people that a cell names, when it names more than one; a comma may part them too."""
    parts = [" ".join(part.split()) for part in (_COMMA if commas else _SIGNS).split(words)]
    parts = [part for part in parts if part]
    if len(parts) > 1 and all(_PERSON.fullmatch(part) for part in parts):
        return parts
    return []


def all_of(names: Iterable[str]) -> str:
    """Everybody's names as one, always in the same order: "Anna Ek, Bo By och Eva Ås"."""
    *first, last = sorted(names, key=alphabetically)
    return f"{', '.join(first)} och {last}" if first else last


def same_person(one: str, other: str) -> bool:
    """Do two names say the same person, in another order or with a name more?"""
    mine, hers = set(_words(one)), set(_words(other))
    less = min(mine, hers, key=len)
    return mine == hers or (len(less) > 1 and less == mine & hers)


def looks_like(email: str, name: str) -> bool:
    """Does an address hold somebody's first and last name?"""
    local = re.sub(r"[^a-z]", "", _letters(email.partition("@")[0]))
    words = list(_words(name))
    return len(words) > 1 and words[0] in local and words[-1] in local


def as_addressed(name: str, email: str) -> str:
    """ "Ek Alva" with alva.ek@ is Alva Ek: for a system that sorts by surname, without a comma."""
    words = _AFTER.sub("", name).split()
    local = email.partition("@")[0].split(".")
    if len(words) != 2 or len(local) != 2:
        return name
    turned_round = [next(_words(word), "") for word in reversed(words)] == local
    return f"{words[1]} {words[0]}" if turned_round else name


def share_a_word(one: str, other: str) -> bool:
    """Have two names a part in common?"""
    return bool(set(_words(one)) & set(_words(other)))


def on_one_line(words: str) -> str:
    """A name that goes on for several lines: cut by a narrow column, or with a title under it."""
    lines = [line.strip() for line in words.split("\n") if line.strip()]
    if len(lines) < 2:
        return words
    if all(_PART.fullmatch(line) for line in lines):
        return " ".join(lines)
    return lines[0] if _PERSON.fullmatch(lines[0]) else words


def _words(name: str) -> Iterator[str]:
    yield from re.findall(r"[a-z]+", _letters(name))


def _letters(words: str) -> str:
    """Lower case and without marks over letters, as addresses are made from names."""
    apart = unicodedata.normalize("NFD", words.casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return plain.replace("ø", "o").replace("æ", "a").replace("ß", "ss")


def _plain(words: str) -> str:
    return " ".join(words.split(" ")).strip()
