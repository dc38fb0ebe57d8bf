"""The address in a cell of a list: alone, with a name, one of several, a guest's, a directory's.

Nothing is guessed: of words that are no address nothing is made. Which row a cell stands in, and
whose address it is, is the work of `lists.py` and `list_names.py`.
"""

import re
from dataclasses import dataclass

from intake.people.list_names import looks_like, share_a_word

_LETTER = "a-z0-9à-öø-ž"  # Latin ones, as in åsa@; others may look like them and lead elsewhere
_LOCAL = rf"[{_LETTER}!#$%&'*+/=?^_`{{|}}~-]+"
_LABEL = rf"[{_LETTER}](?:[{_LETTER}-]{{0,61}}[{_LETTER}])?"
_ADDRESS = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
# Both begin where something ended, and nowhere within: a cell of 30,000 letters is read once.
_WITH_NAME = re.compile(r"(?<![^<>;\n])(?P<name>[^<>;\n]*)<\s*(?P<address>[^<>\s]+)\s*>")
_BARE = re.compile(r"(?<![^\s<>;,()\[\]\"])[^\s<>;,()\[\]\"]*@[^\s<>;,()\[\]\"]*")
_PREFIX = re.compile(r"(?i)^(?:mailto|e-?post|mejl|mail|smtp):")
_NO_MAIL = re.compile(r"(?i)\b(?:x500|x400|sip|spo|eum):[^;\n]*")  # a directory's other addresses
_BESIDE = re.compile(  # words that may stand beside addresses without making them doubtful
    r"(?i)\b(?:e-?post|mejl|mail|adress|arbete|arbetet|jobb|jobbet|tjänst|tjänsten|privat|hem"
    r"|eller|och|alt|alternativt|i andra hand|ordinarie|kontor|work|home|or|and)\b[.:]?"
)
_TELEPHONE = re.compile(
    r"(?i)(?:\b(?:tel|telefon|tfn|mobil|växel|phone)\b[.:]?|\+?\d[\d /-]{5,}\d)"
)
_INSIDE = re.compile(r"\.(?:local|lan|internal|intern|corp)$")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in lower case, and the name that stood with it ("" = none)."""

    email: str
    name: str = ""
    guest: bool = False  # a directory's name for a guest, from which the address was read


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a cell holds. `odd` are the words that stand as addresses and are none."""

    found: tuple[Address, ...] = ()
    odd: tuple[str, ...] = ()


def is_address(words: str) -> bool:
    """Can a letter be sent to it? Lower case, as addresses are on file.

    Letters as å and é may stand in it; whether a mail server takes them is told when it is tried.
    """
    local, _, domain = words.partition("@")
    if len(words) > 254 or len(local) > 64 or not _ADDRESS.fullmatch(words):
        return False
    try:
        domain.encode("idna")
    except UnicodeError:
        return False
    return True


def addresses_in(words: str) -> Addresses:
    """The addresses of a cell, a directory's own first choice (`SMTP:`) before its others.

    Words that are neither a name before <…> nor known beside an address make all of it odd: of
    "anna ek@example.org" nobody knows whose address is meant.
    """
    left = _NO_MAIL.sub(" ", words)
    first: list[Address] = []
    found: list[Address] = []
    odd: list[str] = []

    def take(written: str, name: str = "") -> None:
        address = _address(written, name)
        if not is_address(address.email):
            odd.append(written)
        elif written.startswith("SMTP:"):
            first.append(address)
        else:
            found.append(address)

    for match in _WITH_NAME.finditer(left):
        take(match["address"], _before(match["name"]))
    left = _WITH_NAME.sub(";", left)
    for written in _BARE.findall(left):
        take(written)
    rest = re.sub(r"\([^()]*\)", " ", _BARE.sub(" ", left))
    rest = _BESIDE.sub(" ", _TELEPHONE.sub(" ", rest))
    if re.search(r"\w", rest):
        return Addresses((), (" ".join(words.split()),))
    unique = {address.email: address for address in reversed([*first, *found])}
    return Addresses(tuple(reversed(unique.values())), tuple(odd))


def _address(written: str, name: str) -> Address:
    """One address. A guest is called anna.ek_region.example#EXT#@… in the directory of others."""
    plain = _PREFIX.sub("", written).strip("'").rstrip(".,;:").lower()
    guest = re.fullmatch(r"(?P<local>.+)_(?P<domain>[^_]+)#ext#@.*", plain)
    if guest:
        return Address(f"{guest['local']}@{guest['domain']}", name, guest=True)
    return Address(plain, name)


def _before(words: str) -> str:
    """The name before <…>, without the signs that part it from what stood before."""
    return " ".join(words.strip(" ,;\"'").split())


def only_inside(email: str) -> bool:
    """Is it a name to sign in with, that no letter can be sent to from outside?"""
    return bool(_INSIDE.search(email))


def hers(found: tuple[Address, ...], name: str) -> Address:
    """Which of several addresses is hers: one with her name in or before it, else the first."""
    own = [address for address in found if looks_like(address.email, name)]
    own += [address for address in found if share_a_word(address.name, name)]
    return own[0] if own else found[0]
