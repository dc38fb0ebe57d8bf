"""Did our own receiving server find that a mail comes from the domain that it says?

Reads one Authentication-Results (RFC 8601). Only the topmost counts, and only from the server that
a setting names: each server puts its own above those that came with the mail, which anybody may
have written. Exchange Online leaves its own name out; that is named as `EXCHANGE_ONLINE`.

Pure. What is not plainly a pass is none.
"""

import re

EXCHANGE_ONLINE = "exchange-online"
_RESULT = re.compile(
    r"\s*(?P<method>[a-z][\w-]*)\s*(?:/\s*\d+\s*)?=\s*(?P<result>[a-z]+)\b", re.IGNORECASE
)
_PROPERTY = re.compile(
    r"(?<![\w.])(?P<name>[a-z]+\s*\.\s*[\w-]+)\s*=\s*(?P<value>\"(?:[^\"\\]|\\.)*\"|[^\s;\"]+)",
    re.I,
)

# Why, in words: they may hold anything, also what looks like a property.
_REASON = re.compile(r"\breason\s*=\s*\"(?:[^\"\\]|\\.)*\"", re.IGNORECASE)


def passed_dmarc(header: str, server: str, domain: str) -> bool:
    """Does the header of that server say that DMARC passed for the domain of the From address?"""
    told = _of_dmarc(header, server)
    if len(told) != 1:
        return False
    result, more = told[0]
    properties = [
        ("".join(each["name"].lower().split()), each["value"].strip('"').casefold())
        for each in _PROPERTY.finditer(_REASON.sub(" ", more))
    ]
    of_domain = [value for name, value in properties if name == "header.from"]
    return result == "pass" and of_domain == [domain.casefold()]


def failed_dmarc(header: str, server: str) -> bool:
    """Does the header of that server say outright that DMARC failed? Silence is no such word."""
    return any(result == "fail" for result, _ in _of_dmarc(header, server))


def _of_dmarc(header: str, server: str) -> list[tuple[str, str]]:
    """What that server says of DMARC: each result, and the words after it."""
    if not server or not header:
        return []
    first, *others = _pieces(_without_comments(header))
    if server.casefold() == EXCHANGE_ONLINE:
        if "=" not in first:
            return []
        others = [first, *others]
    elif first.split()[:1] == [] or first.split()[0].casefold() != server.casefold():
        return []
    found = [(piece, _RESULT.match(piece)) for piece in others]
    return [
        (told["result"].lower(), piece[told.end() :])
        for piece, told in found
        if told is not None and told["method"].lower() == "dmarc"
    ]


def _without_comments(header: str) -> str:
    """Words in brackets are anybody's, and may hold what looks like a result."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for sign in header:
        if escaped:
            escaped = False
        elif sign == "\\" and (quoted or depth):
            escaped = True
        elif sign == '"' and not depth:
            quoted = not quoted
        elif not quoted and sign == "(":
            depth += 1
            continue
        elif not quoted and sign == ")" and depth:
            depth -= 1
            kept.append(" ")
            continue
        if not depth:
            kept.append(sign)
    return "".join(kept)


def _pieces(header: str) -> list[str]:
    """The parts between semicolons; one within quotes parts nothing."""
    pieces: list[str] = []
    begins, quoted, escaped = 0, False, False
    for at, sign in enumerate(header):
        if escaped:
            escaped = False
        elif sign == "\\" and quoted:
            escaped = True
        elif sign == '"':
            quoted = not quoted
        elif sign == ";" and not quoted:
            pieces.append(header[begins:at])
            begins = at + 1
    return [*pieces, header[begins:]]
