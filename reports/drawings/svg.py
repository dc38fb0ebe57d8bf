"""From a template to SVG that every program opens."""

import re

from templates import render

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def draw(name: str, **values: object) -> str:
    """One drawing by the name of its template; characters that XML has no word for are left out."""
    return _NO_XML.sub("", render(f"report/{name}.svg", **values))
