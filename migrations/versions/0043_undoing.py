"""What was registered can be taken back: the log keeps it, and says who took it back.

A row of the log may be marked as taken back, once; nothing else of it may change. What is on file
belongs to no batch, and each row of it is taken back by itself. A plan can be withdrawn; its title
is then free for another.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words, keep_history, on_sqlite, rebuild

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_LOG = ("move", "change", "part_change", "status_answer")
_REMEMBER = ("move", "status_answer")
_KINDS = (
    *("deadline", "start", "review", "resume", "part", "funding", "round", "silence"),
    *("delegation", "lack", "done"),
)
_TITLE = "uq_plan_group_id_title"
_STANDS = "withdrawn_on IS NULL"


def upgrade() -> None:
    """Marks and batches for the log, who takes back, and plans that are withdrawn."""
    op.create_table(
        "undoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_undoing_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undoing")),
    )
    keep_history("undoing")
    for table in _LOG:
        op.add_column(table, sa.Column("batch", sa.BigInteger(), nullable=True))
        op.add_column(table, sa.Column("undone_id", sa.Integer(), nullable=True))
    op.add_column("answer_settled", sa.Column("batch", sa.BigInteger(), nullable=True))
    for table in _REMEMBER:
        before = sa.Column("before", sa.JSON(), nullable=False, server_default="{}")
        op.add_column(table, before)
    for table in _LOG:
        _let_change(table)
    for table in _LOG:
        _refer(table)
        _index(table, "batch")
        _index(table, "undone_id")
    for table in _LOG:
        _keep_all_but_the_mark(table)
    op.add_column("plan", sa.Column("withdrawn_on", sa.Date(), nullable=True))
    for name in ("withdrawn_by", "withdrawn_why"):
        op.add_column("plan", sa.Column(name, sa.String(), nullable=False, server_default=""))
    _free_titles()
    allow_words("notice", "kind", (*_KINDS, "undone"))


def downgrade() -> None:
    """What was taken back stands again, in the log; what is there now stays as it is."""
    op.execute(
        "DELETE FROM letter_item WHERE notice_id IN (SELECT id FROM notice WHERE kind = 'undone')"
    )
    op.execute("DELETE FROM notice WHERE kind = 'undone'")
    allow_words("notice", "kind", _KINDS)
    _bind_titles()
    for name in ("withdrawn_why", "withdrawn_by", "withdrawn_on"):
        op.drop_column("plan", name)
    for table in _LOG:
        _let_change(table)
        if on_sqlite():
            op.execute(f"DROP TRIGGER {table}_undone_once")
    for table in _LOG:
        for name in ("undone_id", "batch"):
            op.drop_index(op.f(f"ix_{table}_{name}"), table)
        if on_sqlite():
            rebuild(table, lambda sql, table=table: sql.replace(_reference(table), ""))  # type: ignore[misc]
        for name in ("undone_id", "batch"):
            op.drop_column(table, name)
    op.drop_column("answer_settled", "batch")
    for table in _REMEMBER:
        op.drop_column(table, "before")
    for table in _LOG:
        keep_history(table)
    op.drop_table("undoing")
    if not on_sqlite():
        op.execute("DROP FUNCTION undoing_is_history")


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


def _free_titles() -> None:
    """A group has one plan of a title, beside those that were withdrawn."""
    if on_sqlite():
        rebuild("plan", lambda sql: _once(sql, f"CONSTRAINT {_TITLE} UNIQUE (group_id, title)", ""))
    else:
        op.drop_constraint(op.f(_TITLE), "plan", type_="unique")
    op.create_index(
        op.f(_TITLE),
        "plan",
        ["group_id", "title"],
        unique=True,
        sqlite_where=sa.text(_STANDS),
        postgresql_where=sa.text(_STANDS),
    )


def _bind_titles() -> None:
    """Every title once again; what was withdrawn says so in its own."""
    op.drop_index(op.f(_TITLE), "plan")
    op.execute(
        "UPDATE plan SET title = title || ' (tillbakadragen, nr ' || id || ')' "
        "WHERE withdrawn_on IS NOT NULL"
    )
    if on_sqlite():
        unique = f", CONSTRAINT {_TITLE} UNIQUE (group_id, title))"
        rebuild("plan", lambda sql: sql.rstrip().removesuffix(")") + unique)
    else:
        op.create_unique_constraint(op.f(_TITLE), "plan", ["group_id", "title"])


def _once(sql: str, words: str, instead: str) -> str:
    """Replace words that stand exactly once, with the comma before or after them."""
    for found in (f", {words}", f", \n\t{words}", f",\n\t{words}", f"{words}, "):
        if sql.count(found) == 1:
            return sql.replace(found, instead)
    raise LookupError(f"{words!r} is not there")
