"""Where a morning's time goes: what each statement costs, and how the database finds the rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event

from bench.grounds import Ground
from models.database import engine_for

_SHORT = 100  # characters of a statement that are shown
_MOST_PLAN = 8  # lines of a plan that are shown


@dataclass(slots=True)
class Statement:
    """One statement of a morning, run once or more."""

    words: str
    values: Any
    many: bool
    times: int = 0
    cost: float = 0.0


def tell(ground: Ground, work: Callable[[], object]) -> str:
    """Run it once and list its statements, the dearest first, each with its plan."""
    engine = engine_for(ground.settings)
    with _listening(engine) as statements:
        began = perf_counter()
        work()
        whole = (perf_counter() - began) * 1000
    lines = [f"  one morning on {ground.name}: {whole:.1f} ms"]
    for one in sorted(statements.values(), key=lambda one: -one.cost):
        lines.append(f"{one.cost:8.1f} ms {one.times:4} x  {' '.join(one.words.split())[:_SHORT]}")
        lines += [f"{'':20}| {line}" for line in _plan(engine, one)]
    outside = whole - sum(one.cost for one in statements.values())
    lines.append(f"{outside:8.1f} ms         fetching, deciding, rendering, committing")
    return "\n".join(lines)


@contextmanager
def _listening(engine: Engine) -> Iterator[dict[str, Statement]]:
    """Every statement that runs meanwhile, by its words."""
    heard: dict[str, Statement] = {}
    began = 0.0

    def before(*_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event passes its own
        nonlocal began
        began = perf_counter()

    def after(*told: Any) -> None:  # noqa: ANN401
        _, _, words, values, _, many = told
        one = heard.setdefault(words, Statement(words, values, many))
        one.times += 1
        one.cost += (perf_counter() - began) * 1000

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


def _plan(engine: Engine, one: Statement) -> list[str]:
    """The database's own words about how it finds the rows; nothing is written."""
    if one.many or not ("SELECT" in one.words or "UPDATE" in one.words):
        return []
    asked = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{asked} {one.words}", one.values).all()
    lines = [str(row[-1]) for row in rows]
    return [line[:160] for line in lines[:_MOST_PLAN]]
