"""What a comment may say: words, an https address, or only a file. Pure."""

from urllib.parse import urlsplit

from models.refusal import at

LONGEST = 4000
LONGEST_ADDRESS = 500
LONGEST_NAME = 120  # of a file
_NOTHING = "Skriv en kommentar, en adress eller välj en fil."
_NOTHING_BY_LINK = "Skriv en kommentar eller en adress."
_NOT_HTTPS = (
    "Skriv en hel adress som börjar med https://, till exempel "
    "https://exempel.se/dokument. Andra sorters adresser tas inte emot."
)


def problems(words: str, address: str, *, may_attach: bool, has_file: bool = False) -> list[str]:
    """Everything that is wrong with a comment, at its fields; nothing when it may be saved."""
    found: list[str] = []
    if not words and not address and not has_file:
        found.append(at("words", _NOTHING if may_attach else _NOTHING_BY_LINK))
    if len(words) > LONGEST:
        found.append(
            at(
                "words",
                f"Kommentaren är {len(words)} tecken. Högst {LONGEST} får plats; korta den eller "
                "dela den på två.",
            )
        )
    if len(address) > LONGEST_ADDRESS:
        found.append(at("address", f"Adressen är för lång. Högst {LONGEST_ADDRESS} tecken."))
    elif address and not is_https(address):
        found.append(at("address", _NOT_HTTPS))
    return found


def is_https(address: str) -> bool:
    """A whole https address that says where it leads: no spaces, no name and password in it."""
    if not address.startswith("https://") or any(
        sign.isspace() or not sign.isprintable() or sign in '\\"<>`' for sign in address
    ):
        return False
    try:
        read = urlsplit(address)
        port = read.port
    except ValueError:
        return False
    host = read.hostname or ""
    return "." in host.strip(".") and "@" not in read.netloc and port in (None, 443)


def name_of_file(name: str, ending: str) -> str:
    """What a file is called here: what can be read of its name, with the ending of what it is."""
    kept = "".join(sign for sign in name if sign.isprintable() and sign not in '/\\:*?"<>|')
    stem, dot, _ = kept.rpartition(".")
    stem = " ".join((stem if dot else kept).split()).strip(". ") or "fil"
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"
