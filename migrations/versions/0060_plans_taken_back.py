"""What was changed in a plan and its goals can be taken back, as activities' changes can.

A row of the plan's log may be marked as taken back, once; nothing else of it may change. What is on
file belongs to no batch, and each row of it is taken back by itself.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import keep_history, on_sqlite, rebuild

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_TABLE = "plan_change"
_MARKS = ("batch", "undone_id")


def upgrade() -> None:
    """Marks and batches for the log of plans."""
    op.add_column(_TABLE, sa.Column("batch", sa.BigInteger(), nullable=True))
    op.add_column(_TABLE, sa.Column("undone_id", sa.Integer(), nullable=True))
    _let_change(_TABLE)
    _refer(_TABLE)
    for name in _MARKS:
        _index(_TABLE, name)
    _keep_all_but_the_mark(_TABLE)


def downgrade() -> None:
    """What was taken back stands again, in the log; plans stay as they are."""
    _let_change(_TABLE)
    if on_sqlite():
        op.execute(f"DROP TRIGGER {_TABLE}_undone_once")
    for name in _MARKS:
        op.drop_index(op.f(f"ix_{_TABLE}_{name}"), _TABLE)
    if on_sqlite():
        rebuild(_TABLE, lambda sql: sql.replace(_reference(_TABLE), ""))
    for name in reversed(_MARKS):
        op.drop_column(_TABLE, name)
    keep_history(_TABLE)


def _index(table: str, column: str) -> None:
    given = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        op.f(f"ix_{table}_{column}"),
        table,
        [column],
        sqlite_where=given,
        postgresql_where=given,
    )


def _let_change(table: str) -> None:
    """Let the table be made anew; its triggers come back when it is."""
    if on_sqlite():
        for deed in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{deed}")
        return
    op.execute(f"DROP TRIGGER IF EXISTS {table}_undone_once ON {table}")
    op.execute(f"DROP TRIGGER {table}_is_history ON {table}")
    op.execute(f"DROP FUNCTION {table}_is_history")


def _reference(table: str) -> str:
    name = f"fk_{table}_undone_id_undoing"
    return f", CONSTRAINT {name} FOREIGN KEY(undone_id) REFERENCES undoing (id)"


def _refer(table: str) -> None:
    """Let the mark name an undoing that is there."""
    if on_sqlite():
        rebuild(table, lambda sql: sql.rstrip().removesuffix(")") + _reference(table) + ")")
        return
    name = op.f(f"fk_{table}_undone_id_undoing")
    op.create_foreign_key(name, table, "undoing", ["undone_id"], ["id"])


def _keep_all_but_the_mark(table: str) -> None:
    """History as before; that a row was taken back may be written in it, once."""
    sentence = f"{table} is history: rows are added, never changed"
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    others = ", ".join(name for name in columns if name != "undone_id")
    if on_sqlite():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {others} ON {table} {refuse}"
        )
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        op.execute(
            f"CREATE TRIGGER {table}_undone_once BEFORE UPDATE OF undone_id ON {table} "
            f"WHEN OLD.undone_id IS NOT NULL {refuse}"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_is_history() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    )
    run = f"EXECUTE FUNCTION {table}_is_history()"
    op.execute(
        f"CREATE TRIGGER {table}_is_history BEFORE DELETE OR UPDATE OF {others} ON {table} "
        f"FOR EACH ROW {run}"
    )
    op.execute(
        f"CREATE TRIGGER {table}_undone_once BEFORE UPDATE OF undone_id ON {table} "
        f"FOR EACH ROW WHEN (OLD.undone_id IS NOT NULL) {run}"
    )
