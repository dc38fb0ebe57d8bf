"""A report as PDF: Typst, tagged for screen readers (PDF/UA-1) and fit for archives (PDF/A-2a).

Also pictures as PNG, for mail programs and Word, which show no SVG. Look: templates/report/.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import font_source_sans_pro
import typst

from reports.blocks import Report, as_plain

_LOOK = Path(__file__).resolve().parents[2] / "templates" / "report" / "report.typ"


def write_pdf(report: Report) -> bytes:
    """The report as PDF; the same report gives the same bytes."""
    made = typst.compile(
        str(_LOOK),  # by its path, Typst knows a report again that it has just made
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(as_plain(report), ensure_ascii=False)},
        pdf_standards=["ua-1", "a-2a"],
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


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
    made: bytes | list[bytes] | None = typst.compile(
        source.encode(),
        format="png",
        ppi=wide / 450 * 72,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"svgs": json.dumps(list(svgs))},
    )
    pages = made if isinstance(made, list) else [made]
    assert len(pages) == len(svgs)
    return [page for page in pages if page is not None]


@cache
def _fonts() -> typst.Fonts:
    """The one typeface of pages, PDFs and drawings; no other machine's fonts creep in."""
    folder = Path(font_source_sans_pro.__file__).parent / "files"
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)]
    )
