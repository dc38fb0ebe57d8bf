"""Draw all files of the batch, and the key: `python -m tests.corpus.eighth.draw`."""

import json
from pathlib import Path

from . import others, sheets, words, words_more
from .kit import FILES

HERE = Path(__file__).parent
DRAWINGS = (words, words_more, sheets, others)


def main() -> None:
    """Write key.json, then each file that is not there yet: a file is never drawn anew."""
    key = {name: {"kind": one.kind, "right": one.right} for name, one in FILES.items()}
    told = json.dumps(key, ensure_ascii=False, indent=1)
    (HERE / "key.json").write_text(told + "\n", "utf-8")
    for name, one in FILES.items():
        path = HERE / name
        if not path.exists():
            one.draw(path)


if __name__ == "__main__":
    main()
