"""What somebody is called is asked in one place, `models/known.py`, by whose page or letter it is.

A collaboration that has taken somebody on knows her by the name that it typed. Code that reads the
column by itself would tell it her own name, and so who she is elsewhere.
"""

import ast
import re
from pathlib import Path
from typing import Any

from tests.test_floors import FLOORS, ROOT

# Who may read a person's own name, and why it tells nobody of another collaboration.
MAY = {
    "models/known.py": "the one place",
    "intake/people/persons.py": "her home's leader and administrators change her",
    "intake/people/last_day.py": "where all is seen: by an administrator, or in the only one",
    "notifications/administrators.py": "of administrators, told to administrators",
    "notifications/own_address.py": "her own address, told to herself and her home",
    "notifications/letters/addresses.py": "told to her home's leader and administrators",
    "notifications/letters/frame.py": "an administrator to ask, who is of no collaboration",
    "notifications/letters/morning.py": "a letter of several collaborations is her own",
    "notifications/outbox.py": "a letter that is of no collaboration",
    "notifications/feeds.py": "her own calendar",
    "notifications/register.py": "what she is called where nobody has typed another name",
    "notifications/why_not.py": "asked by an administrator",
    "web/entry/sessions.py": "who has signed in reads her own name; administrators read all",
    "web/entry/mailed_link.py": "one whose name is her address gets the one that she brings",
    "web/asking/answer.py": "her own page, behind her own link",
    "web/asking/another.py": "her own page, behind her own link",
    "web/asking/mine.py": "her own page, behind her own link",
    "web/asking/silent.py": "her own page, behind her own link",
    "notifications/new_link.py": "a letter of her own",
    "notifications/passed_on.py": "what reaches no leader, to administrators",
    "notifications/letters/replied.py": "a receipt of her own; what is no one's, to administrators",
    "flows/mail_in.py": "her own answer, as through her own link",
    "web/asking/feeds.py": "told to her home's leader and herself",
    "web/people/delegation.py": "her own page, behind her own link",
    "intake/people/delegation_notes.py": "the history that her home reads",
}
OWN = {"own_name", "at_home"}
_STATEMENT = re.compile(r"(?s)SELECT.*\bp(?:erson)?\.name\b.*(?:FROM|JOIN) person\b")
_SPEAKS = re.compile(r"\bPerson\b|\bown_name\b|\bat_home\b|FROM person")
_TABLE = {"get", "get_one", "locked", "existing", "scalar", "scalar_one", "scalars"}


def reads(source: str) -> list[int]:
    """The lines where a file reads the name of a person by itself, or asks for her own."""
    tree = ast.parse(source)
    scopes = [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))]
    found: set[int] = set()
    for scope in scopes:
        people = _people_in(scope)
        found |= {_line(node) for node in ast.walk(scope) if _reads_here(node, people)}
    return sorted(found)


def _line(node: Any) -> int:  # noqa: ANN401 - a node that has one
    return int(node.lineno)


def _reads_here(node: Any, people: set[str]) -> bool:  # noqa: ANN401 - any node of the tree
    if isinstance(node, ast.Attribute):
        return node.attr == "name" and _is_person(node.value, people)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in OWN
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(_STATEMENT.search(node.value))
    return False


def _people_in(scope: ast.AST) -> set[str]:
    """The names of variables that hold a person or an alias of the table."""
    people: set[str] = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.arg) and _means_a_person(node.annotation):
            people.add(node.arg)
        target, value = None, None
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target, value = node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            target, value = node.target.id, node.value
        if target and value is not None and _is_person(value, people):
            people.add(target)
    return people


def _means_a_person(told: ast.expr | None) -> bool:
    return told is not None and ast.unparse(told).split(" ")[0] == "Person"


def _is_person(node: ast.AST, people: set[str]) -> bool:
    """Is it a person in a variable, the table's columns, an alias or a row that was fetched?"""
    if isinstance(node, ast.Name):
        return node.id in people
    if isinstance(node, ast.IfExp):
        return _is_person(node.body, people) or _is_person(node.orelse, people)
    if not isinstance(node, ast.Call):
        return False
    named = any(isinstance(one, ast.Name) and one.id == "Person" for one in node.args)
    if isinstance(node.func, ast.Name):
        return named and node.func.id in {"c", "aliased", *_TABLE}
    if isinstance(node.func, ast.Attribute) and node.func.attr in _TABLE:
        return named or "select(Person)" in ast.unparse(node.func.value)
    return False


def test_nobody_else_reads_what_a_person_is_called() -> None:
    asking = {
        str(path.relative_to(ROOT)): lines
        for room in FLOORS
        for path in (ROOT / room).rglob("*.py")
        if (source := path.read_text("utf-8"))
        and _SPEAKS.search(source)
        and (lines := reads(source))
    }
    assert {path: lines for path, lines in asking.items() if path not in MAY} == {}
    assert MAY.keys() - asking.keys() == set()  # a reason that nobody needs is taken away


def test_a_planted_name_is_seen() -> None:
    planted = [
        "def f():\n    return select(c(Person).name)",
        "def f(session):\n    person = session.get_one(Person, 1)\n    return person.name",
        "def f(session):\n    return session.get_one(Person, 1).name",
        "def f(person: Person):\n    return f'{person.name}'",
        "delegate: Any = aliased(Person)\nasked = select(delegate.name)",
        "def f(s):\n    p = s.execute(select(Person).where(x)).scalar()\n    return p.name",
        "def f(session):\n    return own_name(session, 1)",
        "ASKED = 'SELECT p.name FROM person p'",
    ]
    assert [source for source in planted if not reads(source)] == []
    assert reads("def f(session):\n    return session.get_one(Group, 1).name") == []


def test_no_page_is_handed_a_person_to_read_her_name_from() -> None:
    shown = [
        str(path.relative_to(ROOT))
        for path in sorted(Path(ROOT / "templates").rglob("*.html"))
        if "person.name" in path.read_text("utf-8")
    ]
    assert shown == ["templates/web/own.html"]  # her own page
