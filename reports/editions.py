"""Editions: facts frozen with a hash, read back, and compared with the edition before.

`quarter.py`, `year.py` and `deviations.py` compile the facts; whoever shows a report reads them
from here and from nowhere else, so that what was sent can be shown again as it was. Approving is
`reports/approval.py`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, select
from sqlmodel import Session

from config import clock
from models.columns import c
from models.database import Turns, take_turns
from models.edition import Edition, EditionState, ReportKind
from rules.personnummer import masked
from rules.unseen import halves_told

Facts = dict[str, Any]  # plain JSON: dictionaries, lists, texts, whole numbers, true, false, null


@dataclass(frozen=True, slots=True)
class Of:
    """Which report: its kind, whose it is, and the period as `rules/periods.py` writes it."""

    kind: ReportKind
    collaboration_id: int
    group_id: int | None
    period: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """An edition as it is on file. The facts are read from the very words that were hashed."""

    id: int
    of: Of
    number: int
    cut_off: date
    state: EditionState
    schema_version: int
    sha256: str
    facts: Facts

    @property
    def reference(self) -> str:
        """What a report names itself by: "Utgåva 2 · 3f9a0c1d"."""
        return f"Utgåva {self.number} · {self.sha256[:8]}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure or word that two editions do not share. None: not there at all."""

    where: tuple[str, ...]
    before: Any
    after: Any


def canonical(facts: Facts) -> str:
    """The one way to write these facts down: the same facts give the same words everywhere.

    Raises `TypeError` or `ValueError` for what JSON has no word for, such as a date or a NaN.
    """
    words = json.dumps(
        facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return halves_told(words)


def fingerprint(words: str) -> str:
    """The SHA-256 of canonical facts, in hexadecimal."""
    return sha256(words.encode()).hexdigest()


def freeze(
    session: Session, of: Of, facts: Facts, *, schema_version: int, cut_off: date, by: str
) -> tuple[int, bool]:
    """Put facts on file as an edition: (its id, whether it is new).

    The newest edition is given back when it holds the same facts: compiling twice makes nothing,
    also when two compile at once. A personnummer that stood on file before such were refused is
    blanked, since an edition never changes.
    """
    take_turns(session, Turns.EDITIONS)
    words = canonical(without_numbers(facts))
    newest = _row(session, of)
    if newest is not None and newest.sha256 == fingerprint(words):
        return newest.id, False
    edition_id: int = session.execute(
        insert(Edition)
        .values(
            kind=of.kind,
            collaboration_id=of.collaboration_id,
            group_id=of.group_id,
            period=of.period,
            number=newest.number + 1 if newest is not None else 1,
            cut_off=cut_off,
            state=EditionState.COMPILED,
            schema_version=schema_version,
            facts=words,
            sha256=fingerprint(words),
            compiled_at=clock.now(),
            compiled_by=by,
            reviewed_by="",
            approved_by="",
            override_reason="",
            prose={},
        )
        .returning(c(Edition).id)
    ).scalar_one()
    return edition_id, True


def without_numbers(facts: Any) -> Any:  # noqa: ANN401 - JSON of any depth
    """The same facts with every personnummer in them blanked."""
    if isinstance(facts, str):
        return masked(facts)
    if isinstance(facts, list):
        return [without_numbers(each) for each in facts]
    if isinstance(facts, dict):
        return {masked(name): without_numbers(each) for name, each in facts.items()}
    return facts


def newest(session: Session, of: Of) -> Frozen | None:
    """The newest edition of a report."""
    row = _row(session, of)
    return _frozen(row) if row is not None else None


def by_id(session: Session, edition_id: int) -> Frozen | None:
    """Exactly that edition: what a link in a mail shows."""
    row = session.execute(_SELECT.where(c(Edition).id == edition_id)).one_or_none()
    return _frozen(row) if row is not None else None


def before(session: Session, edition: Frozen) -> Frozen | None:
    """The edition that this one corrects."""
    row = session.execute(
        _SELECT.where(_is(edition.of), c(Edition).number < edition.number)
        .order_by(c(Edition).number.desc())
        .limit(1)
    ).one_or_none()
    return _frozen(row) if row is not None else None


def differences(old: Any, new: Any, where: tuple[str, ...] = ()) -> Iterator[Difference]:  # noqa: ANN401
    """Every figure and word that differs, in the order of the facts."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from differences(old.get(key), new.get(key), (*where, key))
    elif isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            one = old[place] if place < len(old) else None
            other = new[place] if place < len(new) else None
            yield from differences(one, other, (*where, str(place)))
    elif old != new:
        yield Difference(where, old, new)


_SELECT = select(
    *(
        c(Edition)[name]
        for name in (
            "id", "kind", "collaboration_id", "group_id", "period", "number", "cut_off", "state",
            "schema_version", "sha256", "facts",
        )
    )
)  # fmt: skip


def _is(of: Of) -> ColumnElement[bool]:
    return and_(
        c(Edition).kind == of.kind,
        c(Edition).collaboration_id == of.collaboration_id,
        func.coalesce(c(Edition).group_id, 0) == (of.group_id or 0),
        c(Edition).period == of.period,
    )


def _row(session: Session, of: Of) -> Any | None:  # noqa: ANN401 - a row of _SELECT
    asked = _SELECT.where(_is(of)).order_by(c(Edition).number.desc()).limit(1)
    return session.execute(asked).one_or_none()


def _frozen(row: Any) -> Frozen:  # noqa: ANN401
    of = Of(ReportKind(row.kind), row.collaboration_id, row.group_id, row.period)
    return Frozen(
        row.id,
        of,
        row.number,
        row.cut_off,
        EditionState(row.state),
        row.schema_version,
        row.sha256,
        json.loads(row.facts),
    )
