"""Writes the fifth batch and its key.

    uv run --with odfpy --with python-pptx python -m tests.corpus.fifth.draw

The readings were written first, by somebody who had not looked at the reader. A file that is there
is left. `headings.csv`, `dates.csv` and `states.csv` hold words that were written likewise.
"""

import json
from pathlib import Path
from typing import Any

from tests.corpus.draw import Drawing
from tests.corpus.fifth import documents, pages, people, sheets, tools

HERE = Path(__file__).parent
FILES: dict[str, tuple[str, dict[str, Any], Drawing]] = {
    **tools.FILES,
    **sheets.FILES,
    **documents.FILES,
    **pages.FILES,
    **people.FILES,
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
