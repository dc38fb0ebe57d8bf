"""Imports point down only: config, models, rules, intake and its like, flows and web, cli."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "config": 0,
    "models": 1,
    "rules": 2,
    "templates": 2.5,
    "intake": 3,
    "notifications": 3,
    "reports": 3,
    "flows": 4,
    "web": 4,
    "cli": 5,
}


def imported(source: str) -> set[str]:
    """The rooms of ours that a file imports, also inside its functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names & FLOORS.keys()


def upward(room: str, source: str) -> set[str]:
    """The imports of a file in `room` that do not point down."""
    return {other for other in imported(source) if other != room and FLOORS[other] >= FLOORS[room]}


def test_no_room_imports_a_room_above_or_beside_it() -> None:
    wrong = {
        str(path.relative_to(ROOT)): upward(room, path.read_text("utf-8"))
        for room in FLOORS
        for path in (ROOT / room).rglob("*.py")
    }
    assert {path: rooms for path, rooms in wrong.items() if rooms} == {}


def test_a_planted_upward_import_is_seen() -> None:
    assert upward("rules", "def f():\n    from web.app import create_app") == {"web"}
    assert upward("web", "import flows.morning_round") == {"flows"}
    assert upward("cli", "from models import plan") == set()


def test_only_the_clock_asks_what_day_it_is() -> None:
    asking = [
        str(path.relative_to(ROOT))
        for room in FLOORS
        for path in (ROOT / room).rglob("*.py")
        if path.name != "clock.py"
        and any(words in path.read_text("utf-8") for words in ("date.today(", "datetime.now("))
    ]
    assert asking == []
