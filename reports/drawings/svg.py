"""From a template to SVG that every program opens."""

from rules.unseen import clean
from templates import render


def draw(name: str, **values: object) -> str:
    """One drawing by the name of its template; signs that XML has no word for are left out."""
    return clean(render(f"report/{name}.svg", **values))
