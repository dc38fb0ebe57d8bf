"""The typefaces of what is set on paper, and which signs each of them has.

Source Sans Pro sets all that it can; the Noto faces in `templates/report/fonts/` set what people
write besides: emoji, Chinese, Arabic. Which signs a face has is read from its own table (`cmap`).
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from struct import iter_unpack, unpack_from

import font_source_sans_pro
import typst

# By name, the first that has a sign sets it. Letters before symbols, and those before emoji.
FACES = (
    "Source Sans Pro",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Armenian",
    "Noto Sans Bengali",
    "Noto Sans Devanagari",
    "Noto Sans Ethiopic",
    "Noto Sans Georgian",
    "Noto Sans Gujarati",
    "Noto Sans Gurmukhi",
    "Noto Sans Hebrew",
    "Noto Sans Kannada",
    "Noto Sans Khmer",
    "Noto Sans Lao",
    "Noto Sans Malayalam",
    "Noto Sans Myanmar",
    "Noto Sans Sinhala",
    "Noto Sans Syriac",
    "Noto Sans Tamil",
    "Noto Sans Telugu",
    "Noto Sans Thaana",
    "Noto Sans Thai",
    "Noto Sans CJK SC",
    "Noto Emoji",
    "Noto Sans Symbols",
    "Noto Sans Symbols2",
    "Noto Sans Math",
)
_OWN = Path(font_source_sans_pro.__file__).parent / "files"
_OTHERS = Path(__file__).resolve().parents[2] / "templates" / "report" / "fonts"
_MAIN = _OWN / "SourceSansPro-Regular.ttf"


@cache
def typefaces() -> typst.Fonts:
    """The faces for Typst; no other machine's fonts creep in."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(_OWN), str(_OTHERS)],
    )


@cache
def signs_of_each() -> tuple[frozenset[int], ...]:
    """Which signs each face has, by their numbers in Unicode; Source Sans Pro's first."""
    files = [_MAIN, *sorted(_OTHERS.glob("*.[ot]tf"))]
    return tuple(frozenset(_signs(file.read_bytes())) for file in files)


def _signs(font: bytes) -> Iterator[int]:
    """The signs that a font's table of characters gives a glyph."""
    for at in _tables(font):
        kind = unpack_from(">H", font, at)[0]
        if kind == 4:
            yield from _in_segments(font, at)
        elif kind == 12:
            yield from _in_groups(font, at)


def _tables(font: bytes) -> Iterator[int]:
    """Where the tables for Unicode begin, within the font's `cmap`."""
    (number,) = unpack_from(">H", font, 4)
    for tag, _, offset, _ in iter_unpack(">4sLLL", font[12 : 12 + 16 * number]):
        if tag == b"cmap":
            (tables,) = unpack_from(">H", font, offset + 2)
            for place in range(tables):
                platform, encoding, within = unpack_from(">HHL", font, offset + 4 + 8 * place)
                if platform == 0 or (platform == 3 and encoding in (1, 10)):
                    yield offset + within


def _in_groups(font: bytes, at: int) -> Iterator[int]:
    """Format 12: runs of signs, each with the glyph of its first."""
    (number,) = unpack_from(">L", font, at + 12)
    for first, last, glyph in iter_unpack(">LLL", font[at + 16 : at + 16 + 12 * number]):
        yield from range(first if glyph else first + 1, last + 1)


def _in_segments(font: bytes, at: int) -> Iterator[int]:
    """Format 4: segments of signs, with a shift or a list of glyphs; glyph 0 is none."""
    (doubled,) = unpack_from(">H", font, at + 6)
    number = doubled // 2
    ends, starts = at + 14, at + 16 + doubled
    shifts, lists = starts + doubled, starts + 2 * doubled
    for place in range(number):
        (last,) = unpack_from(">H", font, ends + 2 * place)
        (first,) = unpack_from(">H", font, starts + 2 * place)
        (shift,) = unpack_from(">H", font, shifts + 2 * place)
        (listed,) = unpack_from(">H", font, lists + 2 * place)
        for sign in range(first, min(last, 0xFFFE) + 1):
            glyph = sign
            if listed:
                where = lists + 2 * place + listed + 2 * (sign - first)
                (glyph,) = unpack_from(">H", font, where)
            if (glyph + shift) % 0x10000 if glyph else 0:
                yield sign
