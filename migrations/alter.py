"""What a migration may ask for on either database when a table that is on file has to change.

PostgreSQL alters in place. SQLite cannot change a constraint, so the table is made anew from its
own words, rows, indexes and triggers with it, as SQLite's manual prescribes; `models/database.py`
has its foreign keys asleep meanwhile and checks them before the commit.
"""

import re
from collections.abc import Callable, Sequence

from alembic import op
from sqlalchemy import text


def on_sqlite() -> bool:
    """Is the database a SQLite file?"""
    return op.get_bind().dialect.name == "sqlite"


def allow_words(table: str, column: str, words: Sequence[str], name: str = "") -> None:
    """Let a column of a closed list of words hold these. `name` is the check's, without prefix."""
    check = f"ck_{table}_{name or column}"
    listed = ", ".join(f"'{word}'" for word in words)
    if not on_sqlite():
        op.drop_constraint(op.f(check), table, type_="check")
        op.create_check_constraint(op.f(check), table, f"{column} IN ({listed})")
        return
    pattern = re.compile(rf"(CONSTRAINT \"?{check}\"? CHECK \(\"?{column}\"? IN \()[^)]*(\)\))")

    def widened(sql: str) -> str:
        changed, times = pattern.subn(lambda m: m[1] + listed + m[2], sql)
        if times != 1:
            raise LookupError(f"{check} stands {times} times in {table}")
        return changed

    rebuild(table, widened)


def unique_on(table: str, old: Sequence[str], new: Sequence[str]) -> None:
    """Let a table's unique key stand on other columns."""
    was, becomes = (f"uq_{table}_{'_'.join(names)}" for names in (old, new))
    if not on_sqlite():
        op.drop_constraint(op.f(was), table, type_="unique")
        op.create_unique_constraint(op.f(becomes), table, list(new))
        return
    before = f"CONSTRAINT {was} UNIQUE ({', '.join(old)})"
    after = f"CONSTRAINT {becomes} UNIQUE ({', '.join(new)})"
    rebuild(table, lambda sql: _once(sql, before, after))


def keep_history(table: str) -> None:
    """Let the database refuse to change or remove rows of a table that is history."""
    sentence = f"{table} is history: rows are added, never changed"
    if on_sqlite():
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_history() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_is_history BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_is_history()"
    )


def rebuild(table: str, edit: Callable[[str], str]) -> None:
    """SQLite only: make the table anew from its edited CREATE TABLE, with all that was in it.

    1. Read the words of the table, its indexes and its triggers.
    2. Make the new table under another name, and copy the rows, computed columns aside.
    3. Drop the old, give the new its name, and make the indexes and triggers again.
    """
    bind = op.get_bind()
    asked = text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :t AND sql IS NOT NULL")
    kept = bind.execute(asked, {"t": table}).all()
    sql = next(words for kind, words in kept if kind == "table")
    made = re.sub(rf'^CREATE TABLE "?{table}"?', f'CREATE TABLE "{table}_anew"', edit(sql))
    info = bind.exec_driver_sql(f'PRAGMA table_xinfo("{table}")').all()
    columns = ", ".join(f'"{row[1]}"' for row in info if row[6] == 0)  # 2 and 3 are computed
    for words in (
        made,
        f'INSERT INTO "{table}_anew" ({columns}) SELECT {columns} FROM "{table}"',  # noqa: S608
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "{table}_anew" RENAME TO "{table}"',
        *(words for kind, words in kept if kind in ("index", "trigger")),
    ):
        bind.exec_driver_sql(words)


def _once(sql: str, before: str, after: str) -> str:
    if sql.count(before) != 1:
        raise LookupError(f"{before!r} stands {sql.count(before)} times")
    return sql.replace(before, after)
