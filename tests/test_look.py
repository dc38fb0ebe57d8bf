"""The look: type, colour and long names as docs/look.md says, in the one stylesheet."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STYLE = (ROOT / "templates" / "web" / "style.css").read_text("utf-8")
LOOK = (ROOT / "docs" / "look.md").read_text("utf-8")
SIZES = ("small", "lead", "second", "first")
ENOUGH = 4.5  # WCAG 2.2, 1.4.3: words against what they stand on


def colours(dark: bool) -> dict[str, str]:
    """The colours by name, in light or in dark."""
    light, _, rest = STYLE.partition("@media (prefers-color-scheme: dark)")
    block = rest.partition("}\n}")[0] if dark else light
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def contrast(one: str, other: str) -> float:
    """How far apart two colours are, as WCAG reckons it."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_type_has_five_sizes_and_no_others() -> None:
    used = set(re.findall(r"font-size: ([^;}]+)", STYLE))
    scale = {f"var(--{name})" for name in SIZES}
    assert used <= scale | {"1rem", "16px", "inherit"}
    for name in SIZES:
        assert f"`--{name}`" in LOOK


def test_a_colour_has_a_name_and_a_meaning() -> None:
    outside = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", outside)) <= {"#fff"}  # paper, under drawings
    for name in colours(dark=False):
        assert f"`--{name}`" in LOOK


@pytest.mark.parametrize("dark", [False, True])
def test_words_can_be_read_on_what_they_stand_on(dark: bool) -> None:
    named = colours(dark)
    pairs = [
        (word, under)
        for word in ("ink", "quiet", "accent", "grave")
        for under in ("paper", "card", "note")
    ]
    pairs.append(("accent-ink", "accent"))
    poor = [p for p in pairs if contrast(named[p[0]], named[p[1]]) < ENOUGH]
    assert poor == []
