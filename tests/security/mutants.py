"""One promise is taken away at a time, and the walk must see it: a line, a field, a condition.

Each mutant is put in place in this process, tried with what could show it, and taken back.
"""

import random
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import true

from rules import access, fields
from rules.access import ANYONE, READER, TABLE
from rules.fields import AMONG_ITS_OWN, FIELDS, WORDS
from tests.security import declared
from tests.security.page_forms import Form
from tests.security.walk import Place, Sending, is_public, walk
from web import belongings
from web.activities import activity_list

MOST = 60  # requests for a mutant
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
_ASKED_IN = ("web.", "intake.forms", "intake.people.register")


@dataclass(frozen=True)
class Mutant:
    """What is taken away, where it could show, and how."""

    told: str
    put: Callable[[], Any]  # a context manager
    shows: Callable[[Sending], bool]


def all_mutants(place: Place) -> list[Mutant]:
    """Everything that can be taken away."""
    return [*_accesses(), *_named_fields(), *_kinds(), *_conditions(place)]


def _accesses() -> Iterator[Mutant]:
    for key, asked in TABLE.items():
        if asked >= READER:
            yield Mutant(f"{key} asks nothing", partial(_item, TABLE, key, ANYONE), _of(key))


def _named_fields() -> Iterator[Mutant]:
    """A field that names something is taken for words."""
    for key, line in FIELDS.items():
        for name, held in line.items():
            if held is AMONG_ITS_OWN or is_public(key):
                continue
            plain = re.sub(r"\{\w+_id\}", "{n}", name)
            if held.pattern or plain != name:
                less = {k: v for k, v in line.items() if k != name} | {plain: WORDS}
                told = f"{key}: {name} names nothing"
                yield Mutant(told, partial(_item, FIELDS, key, less), _naming(key, plain))


def _kinds() -> Iterator[Mutant]:
    """Nobody knows any more whose a kind of object is."""
    for kind in belongings.KINDS:
        yield Mutant(
            f"{kind} is nobody's",
            partial(_item, belongings.KINDS, kind, lambda *_: {}),
            _about(kind),
        )


def _conditions(place: Place) -> Iterator[Mutant]:
    """A page or a reader asks nothing where it asked."""
    routes = _routes_by_module(place)
    for name in sorted(module for module in sys.modules if module.startswith(_ASKED_IN)):
        module = sys.modules[name]
        for asked, nothing in _NOTHING_ASKED.items():
            if asked in vars(module):
                yield Mutant(
                    f"{name} asks no {asked}",
                    partial(_attribute, module, asked, nothing),
                    _within(routes.get(name)),
                )


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


def _about(kind: str) -> Callable[[Sending], bool]:
    return lambda one: one.kind == kind or f"{{{kind}}}" in one.route


def _of(key: str) -> Callable[[Sending], bool]:
    return lambda one: one.route == key


def _naming(key: str, name: str) -> Callable[[Sending], bool]:
    """The requests to a route with another's number in, or as, that field."""
    pattern = re.compile(re.escape(name).replace(r"\{n\}", r"\d+"))
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
            if declared.not_declared(rendered):
                return True
            some = [one for one in todo if mutant.shows(one)]
            random.Random(seed).shuffle(some)
            some.sort(key=lambda one: not one.kind)  # first what names something
            plain = [one for one in some if not one.fields]
            return walk(place, [*plain[:20], *some[:MOST]], stop_at_once=True).anything
        finally:
            forget()
            place.restore()


def drawn_mutants(place: Place, number: int, seed: int) -> list[Mutant]:
    """Some of them, the same for the same seed."""
    everything = all_mutants(place)
    return random.Random(seed).sample(everything, min(number, len(everything)))
