"""What the type checker knows of the tables' columns is what the tables hold."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from models import column_stub

ROOT = Path(__file__).resolve().parent.parent
STUB = ROOT / "models" / "column_types.pyi"


def _said(text: str) -> list[str]:
    """Classes, functions and their lines, however they are laid out; imports left aside."""
    tree = ast.parse(text)
    kept = [one for one in tree.body if not isinstance(one, ast.ImportFrom | ast.Expr)]
    return [ast.dump(one) for one in kept]


def test_the_stub_is_what_make_columns_writes_of_the_tables_today() -> None:
    assert _said(STUB.read_text(encoding="utf-8")) == _said(column_stub.write())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("c(Activity).whatt", "has no attribute"),
        ("select(c(Activity).state, c(Activity).what)", "incompatible type"),
        ("select(c(Letter).id)", "incompatible type"),
    ],
)
def test_a_misspelt_and_a_swapped_column_do_not_pass_the_type_checker(
    tmp_path: Path, line: str, told: str
) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        "from sqlalchemy import Select, select\n"
        "from models.activity import Activity\n"
        "from models.columns import c\n"
        "from models.letter import Letter\n"
        "from models.lifecycle import State\n\n"
        "def told_of(query: Select[tuple[str, State]]) -> None: ...\n\n"
        f"found = {line}\n"
        "told_of(found)\n",
        encoding="utf-8",
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(planted)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=300,
    )
    assert checked.returncode == 1
    assert told in checked.stdout
