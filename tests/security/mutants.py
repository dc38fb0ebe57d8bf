"""One promise is taken away at a time, and the walk must see it: a line, a field, a condition.

Each mutant is put in place in this process, tried with what could show it, and taken back.
"""

import ast
import inspect
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import true

from rules import access, fields
from rules.access import ADMINISTRATOR, ANYONE, READER, TABLE, Whose
from rules.fields import AMONG_ITS_OWN, FIELDS, WORDS
from tests.security import declared
from tests.security.came import is_public, walk
from tests.security.page_forms import Form
from tests.security.walk import LEADER, OTHER_LEADER, Place, Sending
from web import belongings
from web.activities import activity_list

MOST = 600  # requests for a mutant
MOST_OF_ALL = 4000  # for one that could show on any page
# What a page or a reader asks, and what it says when it asks nothing any more.
_NOTHING_ASKED: dict[str, Callable[..., Any]] = {
    "mine": lambda *_: true(),
    "led": lambda *_: true(),
    "readable": lambda *_: true(),
    "readable_activities": lambda *_: true(),
    "hers": lambda *_: true(),
    "is_known_in": lambda *_: true(),
    "allow_named": lambda *_: None,
    "may": lambda *_: True,
}
# What another promise stands behind, so that the walk cannot see it go, and which.
_HELD_TWICE = {
    # A file is looked for among its activity's, and the activity in the address is asked about.
    "file_id is everybody's",
    # It says which of her own rows lead to a page; that page asks for itself.
    "web.asking.signed_in asks no readable_activities",
    # Of words that somebody types: `tests/test_border.py` and `tests/test_names.py` see it go.
    "intake.people.register asks no is_known_in",
}
_ASKED_IN = ("web.", "intake.forms", "intake.people.register")


@dataclass(frozen=True)
class Mutant:
    """What is taken away, where it could show, and how."""

    told: str
    put: Callable[[], Any]  # a context manager
    shows: Callable[[Sending], bool]


def all_mutants(place: Place) -> list[Mutant]:
    """Everything that can be taken away, and that nothing else holds."""
    found = [*_accesses(), *_named_fields(), *_kinds(place), *_conditions(place)]
    assert {one.told for one in found} >= _HELD_TWICE
    return [one for one in found if one.told not in _HELD_TWICE]


def _accesses() -> Iterator[Mutant]:
    for key, asked in TABLE.items():
        if asked >= READER:
            yield Mutant(f"{key} asks nothing", partial(_item, TABLE, key, ANYONE), _of(key))


def _named_fields() -> Iterator[Mutant]:
    """A field that names something is taken for words."""
    for key, line in FIELDS.items():
        for name, held in line.items():
            if held is AMONG_ITS_OWN or is_public(key) or TABLE[key] is ADMINISTRATOR:
                continue  # whom nothing is kept from
            plain = re.sub(r"\{\w+_id\}", "{n}", name)
            if held.pattern or plain != name:
                less = {k: v for k, v in line.items() if k != name} | {plain: WORDS}
                told = f"{key}: {name} names nothing"
                yield Mutant(told, partial(_item, FIELDS, key, less), _naming(key, plain))


def _kinds(place: Place) -> Iterator[Mutant]:
    """A kind of object is everybody's."""
    both = (place.hers, place.theirs)
    areas = frozenset(realm.area for realm in both)
    groups = frozenset(group for realm in both for group in realm.ids["group_id"])
    everybodys = Whose(areas, groups)
    for kind in belongings.KINDS:
        yield Mutant(
            f"{kind} is everybody's",
            partial(
                _item, belongings.KINDS, kind, lambda _, numbers: dict.fromkeys(numbers, everybodys)
            ),
            _about(kind, _asked_about(place, kind)),
        )


def _conditions(place: Place) -> Iterator[Mutant]:
    """A page or a reader asks nothing where it asked."""
    routes = _routes_by_module(place)
    for name in sorted(module for module in sys.modules if module.startswith(_ASKED_IN)):
        module = sys.modules[name]
        for asked, nothing in _NOTHING_ASKED.items():
            if callable(vars(module).get(asked)) and asked in _names_in(module):
                yield Mutant(
                    f"{name} asks no {asked}",
                    partial(_attribute, module, asked, nothing),
                    _within(routes.get(name)),
                )


def _names_in(module: ModuleType) -> set[str]:
    """What the code of a module reads by name; what it only hands on is asked about elsewhere."""
    tree = ast.parse(inspect.getsource(module))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _asked_about(place: Place, kind: str) -> set[str]:
    """The routes of the pages that ask about a kind by themselves: `allow(request, kind=…)`."""
    found: set[str] = set()
    for name, routes in _routes_by_module(place).items():
        tree = ast.parse(inspect.getsource(sys.modules[name]))
        if any(isinstance(node, ast.keyword) and node.arg == kind for node in ast.walk(tree)):
            found |= routes
    return found


def _routes_by_module(place: Place) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for context in iter_route_contexts(place.app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            for method in context.methods or ():
                found.setdefault(route.endpoint.__module__, set()).add(f"{method} {context.path}")
    return found


def _within(routes: set[str] | None) -> Callable[[Sending], bool]:
    """The requests to some routes; where a module has none of its own, all of them."""
    return lambda one: routes is None or one.route in routes


def _about(kind: str, routes: set[str]) -> Callable[[Sending], bool]:
    return lambda one: one.kind == kind or f"{{{kind}}}" in one.route or one.route in routes


def _of(key: str) -> Callable[[Sending], bool]:
    return lambda one: one.route == key


def _naming(key: str, name: str) -> Callable[[Sending], bool]:
    """The requests to a route with another's number in, or as, that field."""
    words = re.escape(name).replace(r"\{n\}", r"\d+").replace(r"\{word\}", ".+")
    pattern = re.compile(words)
    return lambda one: one.route == key and bool(pattern.fullmatch(one.swapped))


@contextmanager
def _item(table: Any, key: str, value: object) -> Iterator[None]:  # noqa: ANN401
    before = table[key]
    table[key] = value
    try:
        yield
    finally:
        table[key] = before


@contextmanager
def _attribute(module: ModuleType, name: str, value: object) -> Iterator[None]:
    before = getattr(module, name)
    setattr(module, name, value)
    try:
        yield
    finally:
        setattr(module, name, before)


def forget() -> None:
    """Nothing that was worked out from the tables is remembered."""
    access._lines.cache_clear()
    fields._lines.cache_clear()
    for kept in (
        activity_list._question,
        activity_list._choices_question,
        activity_list._goals_question,
    ):
        kept.cache_clear()


def is_seen(
    place: Place, mutant: Mutant, todo: list[Sending], rendered: list[tuple[str, Form]], seed: int
) -> bool:
    """Does the suite see it?"""
    with mutant.put():
        forget()
        try:
            if declared.lines_missing() or declared.kinds_missing():
                return True
            if declared.administrators_missing():
                return True
            if declared.not_declared(rendered):
                return True
            some = [one for one in todo if mutant.shows(one)]
            random.Random(seed).shuffle(some)
            most = MOST if len(some) < len(todo) else MOST_OF_ALL
            return walk(place, list(_of_each_sort(some))[:most], stop_at_once=True).anything
        finally:
            forget()
            place.restore()


def _of_each_sort(some: Iterable[Sending]) -> Iterator[Sending]:
    """First one of each sort, then another of each: those of leaders before others'."""
    sorts: dict[tuple[str, str, bool], list[Sending]] = {}
    for one in some:
        sorts.setdefault((one.route, re.sub(r"\d+", "1", one.put), bool(one.kind)), []).append(one)
    for each in sorts.values():
        each.sort(key=lambda one: one.who not in {LEADER, OTHER_LEADER})
    for at in range(max(map(len, sorts.values()), default=0)):
        yield from (each[at] for each in sorts.values() if at < len(each))


def drawn_mutants(place: Place, number: int, seed: int) -> list[Mutant]:
    """Some of them, the same for the same seed."""
    everything = all_mutants(place)
    return random.Random(seed).sample(everything, min(number, len(everything)))
