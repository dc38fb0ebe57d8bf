"""A report as PDF: Typst, tagged for screen readers (PDF/UA-1) and fit for archives (PDF/A-2a).

Also pictures as PNG, for mail programs and Word, which show no SVG. Look: templates/report/.
Nothing that somebody wrote keeps a report from being made: `signs.py`.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import typst

from reports.blocks import Report, as_plain
from reports.words import cleaned
from reports.writers.fonts import FACES, typefaces
from reports.writers.signs import MISSING, Setting
from rules.unseen import clean
from rules.wording import counted

_LOOK = Path(__file__).resolve().parents[2] / "templates" / "report" / "report.typ"
_LONGEST = 2000  # letters of what stands beside the text: titles, alternative texts, keywords
_LONGEST_HEADING = 300


def write_pdf(report: Report) -> bytes:
    """The report as PDF; the same report gives the same bytes.

    1. Signs that no face has become □; a note at the end tells how many.
    2. Where Typst cannot set some of the rest (marks of one script on letters of another), the
       report is set in plain letters.
    """
    plain = _bounded(as_plain(cleaned(report)))
    setting = Setting()
    fit = _fitted(plain, setting.fit, setting.fit_drawing)
    try:
        return _set(fit, setting.missing)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    fit = _fitted(fit, setting.plainest, setting.plainest)
    return _set(fit, setting.missing)


def _set(plain: dict[str, Any], missing: int) -> bytes:
    told = {**plain, "faces": FACES, "missing": _told(missing)}
    made = typst.compile(
        str(_LOOK),  # by its path, Typst knows a report again that it has just made
        font_paths=typefaces(),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["ua-1", "a-2a"],
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


def _told(missing: int) -> str:
    if not missing:
        return ""
    signs = counted(missing, "tecken", "tecken", neuter=True)
    return (
        f"I texten finns {signs} som inte går att visa på papper. De står som {MISSING} här. "
        "På webbsidan och i Word-filen står det som skrevs."
    )


def _bounded(plain: dict[str, Any]) -> dict[str, Any]:
    """What stands beside the text is at most so long; a PDF has no longer names than 32,767 bytes.

    Of a heading that is longer, the whole stands below it.
    """
    about = ("title", "subtitle", "organisation", "summary", "reference", "dated")
    short = {name: _cut(plain[name], _LONGEST) for name in about}
    keywords = [_cut(each, 100) for each in plain["keywords"]]
    blocks = [part for block in plain["blocks"] for part in _parts(block)]
    return {**plain, **short, "keywords": keywords, "blocks": blocks}


def _parts(block: dict[str, Any]) -> list[dict[str, Any]]:
    if block["kind"] == "heading" and len(block["text"]) > _LONGEST_HEADING:
        whole = {"kind": "paragraph", "text": block["text"], "tone": "plain", "label": ""}
        return [{**block, "text": _cut(block["text"], _LONGEST_HEADING)}, whole]
    if block["kind"] == "picture" and len(block["alt"]) > _LONGEST:
        return [{**block, "alt": _cut(block["alt"], _LONGEST)}]
    return [block]


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _fitted(plain: Any, words: Callable[[str], str], drawing: Callable[[str], str]) -> Any:  # noqa: ANN401
    """The same lists and dictionaries with all words fit to be set."""
    if isinstance(plain, str):
        return words(plain)
    if isinstance(plain, dict):
        return {
            key: _fitted(value, drawing if key == "svg" else words, drawing)
            for key, value in plain.items()
        }
    if isinstance(plain, list | tuple):
        return [_fitted(value, words, drawing) for value in plain]
    return plain


def as_png(svg: str, *, wide: int = 900) -> bytes:
    """A drawing as PNG, so many pixels wide, on white."""
    return as_pngs([svg], wide=wide)[0]


def as_pngs(svgs: Sequence[str], *, wide: int = 900) -> list[bytes]:
    """Several drawings at once, which takes little longer than one."""
    if not svgs:
        return []
    source = (
        "#set page(width: 450pt, height: auto, margin: 0pt, fill: white)\n"
        "#for svg in json(bytes(sys.inputs.svgs)) {\n"
        '  page(image(bytes(svg), format: "svg", width: 100%))\n'
        "}"
    )
    fit = Setting().fit_drawing
    made: bytes | list[bytes] | None = typst.compile(
        source.encode(),
        format="png",
        ppi=wide / 450 * 72,
        font_paths=typefaces(),
        ignore_system_fonts=True,
        sys_inputs={"svgs": json.dumps([fit(clean(svg)) for svg in svgs])},
    )
    pages = made if isinstance(made, list) else [made]
    assert len(pages) == len(svgs)
    return [page for page in pages if page is not None]
