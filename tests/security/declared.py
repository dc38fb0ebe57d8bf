"""What the table of fields must hold, compared with the application and its pages: in sentences."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from rules.access import ADMINISTRATOR, TABLE
from rules.fields import FIELDS, understand
from tests.security.came import is_among_its_own
from tests.security.page_forms import Form
from tests.security.realm import kind_of
from web.belongings import KINDS

_ROOT = Path(__file__).resolve().parents[2]
_READ_BY = ("web", "intake/lives", "intake/people")
# What is the whole installation's, written down once more by hand: what such a page shows is of no
# collaboration, so that no walk would see it where it should not be.
_ADMINISTRATORS_ALONE = {
    "GET /avvikelser/placera",
    "POST /avvikelser/inlasningar/{import_id}/placera",
    "POST /avvikelser/kallor/{mapping_id}/placera",
    "POST /samverkan",
    "POST /samverkan/{collaboration_id}/avsluta",
    "POST /samverkan/{collaboration_id}/avsluta/angra",
    "GET /korningar/prefect",
    "GET /inloggningar/alla",
}
_FORMS = {"given", "fields", "form"}
_READERS = {"line", "lines", "asked", "day", "group", "person", "number", "words", "named"}
# Read of what a file or another function brings, and of no form.
_OF_NO_FORM = {"chair", "again"}


def lines_missing() -> list[str]:
    """Routes that take a form without a line in the table, and lines of no route."""
    takes = {key for key in TABLE if key.startswith("POST ")}
    return sorted(takes - FIELDS.keys()) + sorted(FIELDS.keys() - TABLE.keys())


def administrators_missing() -> list[str]:
    """Routes that are not the administrators' alone though they should be, or the other way."""
    stands = {key for key, asked in TABLE.items() if asked is ADMINISTRATOR}
    return sorted(stands ^ _ADMINISTRATORS_ALONE)


def kinds_missing() -> list[str]:
    """Kinds of objects in the table of which it is not known whose they are."""
    written = "".join(
        f"{name} {held.pattern} " for line in FIELDS.values() for name, held in line.items()
    )
    named = re.findall(r"[<{](\w+_id)[>}]", written)
    return sorted(set(named) - KINDS.keys())


def not_declared(rendered: list[tuple[str, Form]]) -> list[str]:
    """Fields of rendered forms that the table does not have, or does not know what they name."""
    wrong = []
    for route, form in rendered:
        for name in (*form.values, *form.files):
            for value in form.offered.get(name) or [""]:
                told = understand(form.method, form.action, {name: value})
                kind = kind_of(int(value)) if value.isdecimal() else ""
                named = {one.kind for one in told.named}
                if told.unheard_of:
                    wrong.append(f"{route}: {name} is not declared")
                elif kind and kind not in named and not is_among_its_own(route, name):
                    wrong.append(f"{route}: {name} names a {kind}, and the table does not say so")
    return sorted(set(wrong))


def read_without_a_line() -> list[str]:
    """Fields that a page or a reader of forms asks for by name, and no line of the table has."""
    declared = {re.sub(r"_?\{\w+\}", "", name) for line in FIELDS.values() for name in line}
    wrong = []
    for folder in _READ_BY:
        for path in sorted((_ROOT / folder).rglob("*.py")):
            for name in _asked_for(ast.parse(path.read_text("utf-8"))):
                if name not in declared | _OF_NO_FORM:
                    wrong.append(f"{path.relative_to(_ROOT)}: {name}")
    return wrong


def _asked_for(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        first, of = next(iter(node.args), None), node.func.value
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        if not isinstance(of, ast.Name):
            continue
        is_form = of.id in _FORMS and node.func.attr == "get"
        is_reader = of.id in {"reading", "words", "self"} and node.func.attr in _READERS
        if is_form or is_reader:
            yield first.value


def words_left_out(app: FastAPI) -> list[str]:
    """Words that a page takes from its address, and that never come so far."""
    wrong = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or "GET" not in (context.methods or ()):
            continue
        line = FIELDS.get(f"GET {context.path}", {})
        taken = {field.alias for field in route.dependant.query_params}
        if "{word}" not in line:
            wrong += [f"{context.path}: {name}" for name in sorted(taken - line.keys())]
    return wrong


def doors_of_their_own() -> list[str]:
    """Pages that read what was sent in another way than through web/forms.py."""
    other = re.compile(r"\.form\(|\.body\(|\.stream\(|\bForm\(|\bBody\(|\bFile\(")
    # The second hands its parser to the first; the third is an application of its own.
    known = {"web/forms.py", "web/kept_files.py", "web/prefect_door.py"}
    return [
        str(path.relative_to(_ROOT))
        for path in sorted((_ROOT / "web").rglob("*.py"))
        if other.search(path.read_text("utf-8")) and str(path.relative_to(_ROOT)) not in known
    ]
