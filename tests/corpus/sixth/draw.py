"""Writes the sixth batch and its key: `python -m tests.corpus.sixth.draw` (Chromium for two PDF).

The readings were written first, by somebody who had not looked at the reader. A file that is there
is left. `headings.csv`, `dates.csv` and `states.csv` hold words that were written likewise.
"""

import json
from pathlib import Path

from tests.corpus.sixth import documents, exports, pages, reviewed, sheets, states, texts
from tests.corpus.sixth.kit import Files

HERE = Path(__file__).parent
FILES: Files = {
    **documents.FILES,
    **reviewed.FILES,
    **sheets.FILES,
    **states.FILES,
    **exports.FILES,
    **pages.FILES,
    **texts.FILES,
}


def main() -> None:
    """Write the key, and then each file that is not there."""
    key = {name: {"kind": kind, "right": right} for name, (kind, right, _) in FILES.items()}
    told = json.dumps(key, ensure_ascii=False, indent=1)
    (HERE / "key.json").write_text(told + "\n", "utf-8")
    for name, (_, _, draw) in FILES.items():
        if not (HERE / name).exists():
            draw(HERE / name)


if __name__ == "__main__":
    main()
