"""The walk: two realms in one installation, everybody in them, and what each of them can send.

Nothing here is written by hand for a route: addresses come from the application, forms from the
pages as they are rendered for everybody, values from what the forms offer.
"""

import random
import re
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine, event, select
from sqlmodel import SQLModel

from config import clock
from config.settings import Settings
from models import database
from models.columns import c
from models.database import transaction
from models.person import Person
from models.round import Round
from models.session import SignedIn
from models.tables import __all__ as _tables  # noqa: F401 - every table is known
from reports.files import MEDIA_TYPES
from rules.access import TABLE, path_pattern
from rules.fields import FIELDS, Field, understand
from tests.conftest import browse
from tests.security.page_forms import Form, read_page
from tests.security.realm import MEETS_ON, Realm, kind_of
from web.entry.sessions import hashed
from web.pace import Measure

NOBODY, HOLDER, ROLELESS, READER, LEADER, OTHER_LEADER, ROOT = (
    *("nobody", "link holder", "without role", "reader", "leader", "other leader", "administrator"),
)
EVERYBODY = (NOBODY, HOLDER, ROLELESS, READER, LEADER, OTHER_LEADER, ROOT)
_NEVER_SEEN = {"signed_in", "sign_in_request"}  # that somebody looks in is written down there
# Ends the session that the walk uses: tried by tests/sign_in.
_LEFT_OUT = {"POST /logga-ut", "POST /logga-in", "GET /logga-in/oidc", "GET /logga-in/oidc/svar"}

# A file that its reader takes, so that what else the form names is reached.
_FILES = {
    "POST /avvikelser/las-in": (
        b"\xc3\x84rendenummer;Registreringsdatum;Rapporterande enhet;M\xc3\xa5lgrupp\n"
        b"D-1;2025-01-02;Hemtj\xc3\xa4nst;\xc3\x84ldre\n"
    ),
    "POST /planer/las-in": "Aktivitet;Ansvarig;Klart senast\nVårdkedja;;2025-05-31\n".encode(),
    "POST /personer/las-in": b"Namn;E-post;Grupp;Roll\nAnna Berg;anna.berg@example.org;;\n",
}

# What an address holds beside numbers of objects: a meeting that both realms have, a run of ours.
_RUN = "7b1d6c0a-3f5e-4a53-9a43-2a1f0b6f9d11"
_WORDS = {"deed": "andra", "day": MEETS_ON.isoformat(), "run": _RUN}
_NO_OBJECT = {"file_format", *_WORDS}


@dataclass(frozen=True)
class Sending:
    """One request that somebody may send."""

    who: str
    method: str
    path: str
    fields: tuple[tuple[str, str], ...] = ()
    upload: str = ""  # the field that a file is sent in
    put: str = ""  # the field that holds what is another's, in whichever way
    swapped: str = ""  # the same, if it stands there as a number of its kind
    kind: str = ""  # and of which kind

    @property
    def route(self) -> str:
        """The route that it goes to: "POST /grupper/{group_id}"."""
        return route_of(self.method, self.path)


@cache
def route_of(method: str, path: str) -> str:
    """The line of the table that an address belongs to; the one with most plain words."""
    plain = path.partition("?")[0]
    found = [key for key, pattern in _patterns(method) if pattern.fullmatch(plain)]
    return min(found, key=lambda key: key.count("{"), default="")


@cache
def _patterns(method: str) -> list[tuple[str, re.Pattern[str]]]:
    asked = f"{method} "
    keys = [key for key in TABLE if key.startswith(asked)]
    return [(key, path_pattern(key.removeprefix(asked))) for key in keys]


class Place:
    """The installation, its people's browsers, and a copy of the database to go back to."""

    def __init__(self, settings: Settings, app: FastAPI, hers: Realm, theirs: Realm) -> None:
        self.settings, self.app = settings, app
        self.hers, self.theirs = hers, theirs
        never = Measure(10**9, 10**9)  # a walk is no hand: told to wait, it would try nothing
        pace = app.state.pace
        pace.pages = pace.forms = pace.of_a_block = never
        self.browsers = {who: self._browser(who) for who in EVERYBODY}
        self._file = Path(settings.home) / "foljsam.db"
        self._copy = sqlite3.connect(":memory:")
        self._look = self._looked_through()
        self.before: dict[str, dict[str, set[Any]]] = {}
        self._whole: dict[str, set[Any]] = {}  # every row of each table, as it was
        self._written: set[str] = set()  # tables that a statement has named since
        event.listen(Engine, "before_cursor_execute", self._note)
        self._owned: dict[str, dict[str, set[Any]]] = {}
        self._has_run()
        self._remember()

    def _has_run(self) -> None:
        """A round has run, and did something for both."""
        now, both = clock.now(), (self.hers, self.theirs)
        with transaction(self.settings) as session:
            session.add(
                Round(
                    line="morning-round",
                    on_day=now.date(),
                    started_at=now,
                    finished_at=now,
                    flow_run_id=_RUN,
                    counts={"letters": 2},
                    shares={str(one.area): {"letters": 1} for one in both},
                )
            )

    def close(self) -> None:
        """Let go of the browsers and the database."""
        event.remove(Engine, "before_cursor_execute", self._note)
        for browser in self.browsers.values():
            browser.__exit__()
        self._look.close()
        self._copy.close()
        database.close(self.settings)

    def foreign(self, who: str) -> Realm:
        """The realm that is not hers: for the leader of the other one, the first."""
        return self.hers if who == OTHER_LEADER else self.theirs

    def own(self, who: str) -> Realm:
        """The realm that she is of, or as good as."""
        return self.theirs if who == OTHER_LEADER else self.hers

    def _browser(self, who: str) -> TestClient:
        client = browse(self.app, raise_server_exceptions=False)
        client.headers["Sec-Fetch-Site"] = "same-origin"
        client.__enter__()  # one loop for all that she sends
        person = self._person(who)
        if person is not None:
            client.cookies.set("foljsam", self._signed_in(person))
        return client

    def _person(self, who: str) -> int | None:
        if who in {NOBODY, HOLDER}:
            return None
        if who == READER:
            return self.hers.people["ordf"]
        if who in {LEADER, OTHER_LEADER}:
            return self.own(who).people["ledare"]
        mail = "root@example.org" if who == ROOT else "utan@example.org"
        with transaction(self.settings) as session:
            known = session.execute(select(c(Person).id).where(c(Person).email == mail)).scalar()
            if known is not None:  # the administrator is brought in by the setting
                return int(known)
            row = Person(name=who, email=mail)
            session.add(row)
            session.flush()
            return row.id

    def _signed_in(self, person_id: int) -> str:
        key, now = secrets.token_urlsafe(32), clock.now()
        with transaction(self.settings) as session:
            session.add(
                SignedIn(person_id=person_id, token_hash=hashed(key), began_at=now, seen_at=now)
            )
        return key

    def send(self, one: Sending) -> Response:
        """Somebody sends something."""
        client = self.browsers[one.who]
        if one.method == "GET":
            path = f"{one.path}?{urlencode(one.fields)}" if one.fields else one.path
            looked: Response = client.get(path, follow_redirects=False)
            return looked
        content = _FILES.get(one.route, b"a;b\n1;2\n")
        files = {one.upload: ("fil.csv", content)} if one.upload else None
        fields = dict(one.fields)
        came: Response = client.post(one.path, data=fields, files=files, follow_redirects=False)
        return came

    def _note(self, _connection: object, _cursor: object, told: str, *_: object) -> None:
        """Keep which tables a statement writes to; no key of ours deletes on, no trigger writes."""
        self._written.update(_WRITES.findall(told))

    def _remember(self) -> None:
        self._look.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._look.backup(self._copy)
        self._version = self._data_version()
        self._written.clear()
        self._whole = {form.name: self._rows_in(form) for form in _forms()}
        for realm in (self.hers, self.theirs):
            self.before[realm.mark], self._owned[realm.mark] = self._rows_of(realm)

    def _data_version(self) -> int:
        return int(self._look.execute("PRAGMA main.data_version").fetchone()[0])

    def restore(self) -> None:
        """Go back to how it was; the pages' own connections stay, with what they have prepared."""
        self._copy.backup(self._look)
        self._version = self._data_version()
        self._written.clear()

    def _looked_through(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._file}", uri=True, isolation_level=None)

    def changed(self) -> bool:
        """Has anything been written since the last look?"""
        now = self._data_version()
        same = now == self._version
        self._version = now
        return not same

    def is_touched(self, realm: Realm) -> bool:
        """Is any row of a realm another than it was? All is read only where it may be so."""
        before, owned = self.before[realm.mark], self._owned[realm.mark]
        noted = [form for form in _forms() if form.name in self._written]
        for form in noted or _forms():
            was, now = self._whole[form.name], self._rows_in(form)
            hers = any(row in before[form.name] for row in was - now)
            if hers or any(form.is_of(row, owned) for row in now - was):
                return self._rows_of(realm)[0] != before
        return False

    def _rows_in(self, form: "_Table") -> set[Any]:
        return set(self._look.execute(form.all_rows))

    def _rows_of(self, realm: Realm) -> tuple[dict[str, set[Any]], dict[str, set[Any]]]:
        """Every row of a realm, table by table: its own, and each that refers to one of them.

        What another realm knows of somebody who is at home here is that realm's. Beside them the
        numbers of what it owns.
        """
        owned: dict[str, set[Any]] = {
            "collaboration": {realm.area},
            "person": set(realm.people.values()),
        }
        written = [(form, self._rows_in(form)) for form in _forms()]
        others = self._of_the_other(realm, dict(written))
        rows: dict[str, set[Any]] = {}
        for _ in range(3):  # some tables refer to one another
            for form, whole in written:
                mine = {
                    row for row in whole if form.is_of(row, owned) and not form.refers(row, others)
                }
                rows[form.name] = mine
                if form.id_at != _NO_ID:
                    owned.setdefault(form.name, set()).update(row[form.id_at] for row in mine)
        return rows, owned

    def _of_the_other(self, realm: Realm, written: Mapping["_Table", Any]) -> dict[str, set[Any]]:
        """What is the other realm's: as it was made, and what has come into it since."""
        other = self.theirs if realm is self.hers else self.hers
        found: dict[str, set[Any]] = {
            "collaboration": {other.area},
            "groups": set(other.ids["group_id"]),
            "plan": set(other.ids["plan_id"]),
            "activity": set(other.ids["activity_id"]),
            "meeting": set(),
        }
        for form, whole in written.items():
            if form.name in found:  # each refers to those before it
                found[form.name] |= {row[form.id_at] for row in whole if form.refers(row, found)}
        return found


_NO_ID = -1
_WRITES = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO) "?(\w+)"?', re.I)


@dataclass(frozen=True, slots=True)
class _Table:
    """How a table's rows are told apart, read off its columns once: a walk asks it of thousands."""

    name: str
    all_rows: str
    id_at: int
    leads_to: tuple[tuple[int, str], ...]  # (column, the table that it refers to)

    def is_of(self, row: Any, owned: dict[str, set[Any]]) -> bool:  # noqa: ANN401
        """Is a row one of these, or does it refer to one?"""
        if self.id_at != _NO_ID and row[self.id_at] in owned.get(self.name, ()):
            return True
        return self.refers(row, owned)

    def refers(self, row: Any, owned: dict[str, set[Any]]) -> bool:  # noqa: ANN401
        """Does a row refer to any of these?"""
        return any(row[at] in owned.get(table, ()) for at, table in self.leads_to)


@cache
def _forms() -> tuple[_Table, ...]:
    return tuple(
        _form_of(table)
        for table in SQLModel.metadata.sorted_tables
        if table.name not in _NEVER_SEEN
    )


def _form_of(table: Any) -> _Table:  # noqa: ANN401
    columns = list(table.c)
    names = [column.name for column in columns]
    told = ", ".join(f'"{name}"' for name in names)
    every = f'SELECT {told} FROM "{table.name}"'
    leads_to = [
        (at, key.column.table.name)
        for at, column in enumerate(columns)
        for key in column.foreign_keys
    ]
    id_at = names.index("id") if "id" in names else _NO_ID
    return _Table(table.name, every, id_at, tuple(leads_to))


def pages(place: Place, who: str) -> Iterator[tuple[str, Response]]:
    """Every page that somebody can open of her own realm, found from the routes themselves."""
    realm = place.own(who)
    for key in TABLE:
        method, _, template = key.partition(" ")
        if method != "GET" or key in _LEFT_OUT or template.rpartition("/")[2].count("."):
            continue  # a file has no form
        if ("{token}" in template) != (who == HOLDER):
            continue
        for path in addresses(template, realm):
            answer = place.browsers[who].get(path, follow_redirects=False)
            if answer.status_code == 200:
                yield path, answer


def addresses(template: str, realm: Realm) -> Iterator[str]:
    """Addresses of that route, about each object of a realm, or one of those with many."""
    if "{token}" in template:
        first = template.split("/")[1]
        token = realm.tokens.get(first, "")
        if token:
            known = re.escape(template).replace(r"\{token\}", "{token}").replace("\\", "")
            yield known.replace(f"/{first}/{{token}}.ics", token).replace(
                f"/{first}/{{token}}", token
            )
        return
    kinds = [one for one in re.findall(r"\{(\w+)\}", template) if one not in _NO_OBJECT]
    most = max((len(realm.reach(kind)) for kind in kinds), default=0)
    for at in range(max(most, 1)):
        path = template
        for kind in kinds:
            numbers = realm.reach(kind) or [1]
            path = path.replace(f"{{{kind}}}", str(numbers[min(at, len(numbers) - 1)]))
        for name, word in _WORDS.items():
            path = path.replace(f"{{{name}}}", word)
        if "{file_format}" not in path:
            yield path
            continue
        for one in MEDIA_TYPES:
            yield path.replace("{file_format}", one)


def forms_of(place: Place, who: str) -> list[tuple[str, Form]]:
    """Every form on every page of hers, once for each route and each set of fields."""
    found: dict[_Shape, Form] = {}
    for path, answer in pages(place, who):
        _take(found, path, answer)
    for form in list(found.values()):  # what is shown only to whoever has sent something
        if form.method == "POST":
            answer = place.send(_whole(who, form))
            if place.changed():
                place.restore()
            if answer.status_code in {200, 422}:
                _take(found, form.action, answer)
    return [(shape[0], form) for shape, form in found.items()]


# Forms of the same route, about the same kinds, with the same fields and button, are one.
_Shape = tuple[str, str, frozenset[str], str]


def _take(found: dict[_Shape, Form], path: str, answer: Response) -> None:
    """Add the forms of a page to those that were found before."""
    if "text/html" not in answer.headers.get("content-type", ""):
        return
    forms, links = read_page(answer.text, path)
    for form in (*forms, *_queries(links)):
        form.action = form.action.partition("#")[0].partition("?")[0]
        route = route_of(form.method, form.action)
        names = frozenset(re.sub(r"\d+", "1", name) for name in (*form.values, *form.files))
        pressed = re.sub(r"\d+", "1", "=".join(form.pressed))
        if route not in _LEFT_OUT:
            found.setdefault((route, _kinds_in(form), names, pressed), form)


def _queries(links: list[str]) -> Iterator[Form]:
    """The addresses that a page leads to with words after "?", as forms that a browser has sent."""
    for link in links:
        form = Form("GET", link)
        for name, value in parse_qsl(link.partition("?")[2]):
            form.put(name, value)
        if form.values:
            yield form


def _kinds_in(form: Form) -> str:
    return re.sub(r"\d+", "1", form.action)


def sendings(place: Place, rendered: dict[str, list[tuple[str, Form]]]) -> Iterator[Sending]:
    """Everything that everybody sends across the border, each request once."""
    for who in EVERYBODY:
        yield from dict.fromkeys(_of(place, rendered, who))


def _of(place: Place, rendered: dict[str, list[tuple[str, Form]]], who: str) -> Iterator[Sending]:
    theirs, hers = place.foreign(who), place.own(who)
    by_leader = rendered[OTHER_LEADER if theirs is place.theirs else LEADER]
    for route, form in by_leader:  # another's form, as another's leader has it
        if "{token}" not in route:  # whoever has somebody's link is she
            yield _whole(who, form)
    mine = rendered[who] or rendered[LEADER]
    shapes = _Shapes([*mine, *_not_shown(mine, hers)])
    for form in shapes.forms:
        yield from _swapped(who, form, theirs, shapes)
    for route in TABLE:
        method, _, template = route.partition(" ")
        if route in _LEFT_OUT:
            continue
        others = () if "{token}" in template else addresses(template, theirs)
        own = addresses(template, hers) if method == "GET" else ()
        for path in dict.fromkeys((*others, *own)):
            yield Sending(who, method, path)


def _not_shown(mine: list[tuple[str, Form]], hers: Realm) -> Iterator[tuple[str, Form]]:
    """Forms of the fields that a route takes and that no form has just now."""
    shown = {(route, _plain(name)) for route, form in mine for name in form.values}
    for route, line in FIELDS.items():
        method, _, template = route.partition(" ")
        path = next(addresses(template, hers), "")
        if route in _LEFT_OUT or not path:
            continue
        named = {_named(name, hers): held for name, held in line.items()}
        form = Form(method, path, values=dict.fromkeys(named, ""))
        form.offered = {name: _numbers(held, hers) for name, held in named.items()}
        form.only = frozenset(name for name in named if (route, _plain(name)) not in shown)
        yield route, form


def _plain(name: str) -> str:
    """A field's name whatever row it is of."""
    return re.sub(r"\d+", "1", name)


class _Shapes:
    """The forms of each route that have a field, so that its values are shared out among them.

    A page's form comes in many shapes (a meeting with two rows, a row that may be begun). What is
    not known to be the number of an object there goes once into each field of a route, the next
    value in the next shape; what is one goes into every shape.
    """

    def __init__(self, mine: list[tuple[str, Form]]) -> None:
        self.forms = [form for _, form in mine]
        self._having: dict[tuple[str, str], list[Form]] = {}
        self._route = {id(form): route for route, form in mine}
        for route, form in mine:
            for name in form.values:
                if not form.is_another_button and (form.only is None or name in form.only):
                    self._having.setdefault((route, _plain(name)), []).append(form)

    def takes(self, form: Form, name: str, number: int) -> bool:
        """Is it this form's turn for the value of that number?"""
        having = self._having.get((self._route[id(form)], _plain(name)), [])
        return bool(having) and having[number % len(having)] is form


def _named(template: str, realm: Realm) -> str:
    def number(found: re.Match[str]) -> str:
        kind = found[1]
        return str(realm.ids[kind][0]) if kind in realm.ids else "1"

    return re.sub(r"\{(\w+)\}", number, template)


def _numbers(held: Field, realm: Realm) -> list[str]:
    """What a field that holds the number of an object would offer in a realm."""
    kinds = re.findall(r"\(\?P<(\w+)>", held.pattern)
    numbers = [str(realm.ids[kind][0]) for kind in kinds if realm.ids.get(kind)]
    offered = [*numbers, *(word for word in realm.words() if re.search(r"\d{5,}", word))]
    return [word for word in offered if re.fullmatch(held.pattern, word)]


def _whole(who: str, form: Form) -> Sending:
    upload = form.files[0] if form.files else ""
    return Sending(who, form.method, form.action, tuple(form.values.items()), upload)


def _swapped(who: str, form: Form, theirs: Realm, shapes: _Shapes) -> Iterator[Sending]:
    """The form with one field at a time about what is another's."""
    upload = form.files[0] if form.files else ""

    def sent(values: dict[str, str], name: str, kind: str = "") -> Sending:
        swapped = name if kind else ""
        told = tuple(values.items())
        return Sending(who, form.method, form.action, told, upload, name, swapped, kind)

    for name in form.values:
        kinds = {kind_of(int(v)) for v in form.offered.get(name, ()) if v.isdecimal()} - {""}
        for kind in kinds:
            for number in theirs.ids.get(kind, ())[:2]:
                yield sent(form.values | {name: str(number)}, name, kind)
        for value, held, kind in _named_within(form, name):
            for other in theirs.ids.get(kind, ())[:1]:
                planted = value.replace(held, str(other))
                if value == name:
                    yield sent(form.values | {planted: form.values[name] or "1"}, planted, kind)
                else:
                    yield sent(form.values | {name: planted}, name, kind)
        numbers = [str(of_a_kind[0]) for of_a_kind in theirs.ids.values()]
        for at, value in enumerate((*numbers, *theirs.words())):
            # An administrator reaches both realms; what breaks by words is for `make fuzz`.
            if who != ROOT and shapes.takes(form, name, at):
                yield sent(form.values | {name: value}, name)


def _named_within(form: Form, name: str) -> Iterator[tuple[str, str, str]]:
    """Where a number stands within a field's name, or within words that it offers, and its kind.

    "goal_60001", "roll-20001-ordförande". The kind is "" where the page asks about it by itself.
    """
    for value in (name, *form.offered.get(name, ())):
        found = re.findall(r"\d{5,}", value)
        if not found or value.isdecimal():
            continue
        sent = {name: "1"} if value == name else {name: value}
        asked = {one.kind for one in understand(form.method, form.action, sent).named}
        for number in found:
            kind = kind_of(int(number))
            if value == name or kind in asked:
                yield value, number, kind if kind in asked else ""


def drawn(todo: list[Sending], number: int, seed: int) -> list[Sending]:
    """Some of it, the same for the same seed."""
    return random.Random(seed).sample(todo, min(number, len(todo)))
