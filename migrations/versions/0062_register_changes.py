"""What is done with groups, roles, stand-ins and names keeps what stood before, to be taken back.

The register's notes name it. They are history as before; only what was written about a group that
was taken back may become its collaboration's, since the group is gone.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import keep_history, on_sqlite

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_TABLE, _NOTE = "register_change", "register_note"
_DEEDS = (
    *("role_taken", "role_ended", "stand_in_made", "stand_in_ended", "group_made"),
    *("group_changed", "group_rests", "group_goes_on", "renamed"),
)
_OF_ROLES = "deed IN ('role_taken', 'role_ended')"
_OF_STAND_INS = "deed IN ('stand_in_made', 'stand_in_ended')"
_OF_GROUPS = "deed IN ('group_made', 'group_changed', 'group_rests', 'group_goes_on')"
_OF_PAUSES = "deed IN ('group_rests', 'group_goes_on')"
_OF_NAMES = "deed IN ('group_changed', 'renamed')"
_CHECKS = {
    "of_a_role": f"undone_id IS NOT NULL OR ({_OF_ROLES}) = (holding_id IS NOT NULL)",
    "of_a_stand_in": f"({_OF_STAND_INS}) = (delegation_id IS NOT NULL)",
    "of_a_group": f"undone_id IS NOT NULL OR ({_OF_GROUPS}) = (group_id IS NOT NULL)",
    "of_a_person": "(deed = 'renamed') = (person_id IS NOT NULL)",
    "of_a_pause": f"({_OF_PAUSES}) = (rests_from IS NOT NULL AND length(trim(reason)) > 0)",
    "of_a_name": (
        f"({_OF_NAMES}) = (length(trim(name_before)) > 0 AND length(trim(name_after)) > 0)"
    ),
}
_REFERS = {
    "holding_id": "role_holding",
    "delegation_id": "delegation",
    "group_id": "groups",
    "person_id": "person",
    "collaboration_id": "collaboration",
    "parent_before": "groups",
    "parent_after": "groups",
    "undone_id": "undoing",
}
_GO_WITH_THEIR_ROW = ("holding_id", "group_id")


def upgrade() -> None:
    """The table, and notes that name a row of it."""
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "deed",
            sa.Enum(*_DEEDS, name="deed", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holding_id", sa.Integer(), nullable=True),
        sa.Column("delegation_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("collaboration_id", sa.Integer(), nullable=True),
        sa.Column("last_before", sa.Date(), nullable=True),
        sa.Column("last_after", sa.Date(), nullable=True),
        sa.Column("rests_from", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("name_before", sa.String(), nullable=False),
        sa.Column("name_after", sa.String(), nullable=False),
        sa.Column("kind_before", sa.String(), nullable=False),
        sa.Column("kind_after", sa.String(), nullable=False),
        sa.Column("parent_before", sa.Integer(), nullable=True),
        sa.Column("parent_after", sa.Integer(), nullable=True),
        sa.Column("starts_before", sa.Date(), nullable=True),
        sa.Column("starts_after", sa.Date(), nullable=True),
        sa.Column("temporary_before", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("temporary_after", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("undone_id", sa.Integer(), nullable=True),
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_{_TABLE}_{name}"))
            for name, words in _CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_{_TABLE}_{column}_{table}")
            )
            for column, table in _REFERS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
    )
    op.create_index("ix_register_change_batch", _TABLE, ["batch"])
    op.create_index(op.f("ix_register_change_group_id"), _TABLE, ["group_id"])
    for column in ("undone_id", "holding_id", "delegation_id"):
        _index(_TABLE, column)
    op.execute(
        f"ALTER TABLE {_NOTE} ADD COLUMN change_id INTEGER "
        f"CONSTRAINT fk_{_NOTE}_change_id_{_TABLE} REFERENCES {_TABLE} (id)"
    )
    _index(_NOTE, "change_id")
    _let_change(_NOTE)
    keep_history(_TABLE)
    _let_change(_TABLE)
    _keep_all_but(_TABLE, ("undone_id", *_GO_WITH_THEIR_ROW))
    _refuse(_TABLE, "undone_once", ("undone_id",), "OLD.undone_id IS NOT NULL")
    kept = " OR ".join(
        f"coalesce(NEW.{name}, OLD.{name}, 0) <> coalesce(OLD.{name}, 0)"
        for name in _GO_WITH_THEIR_ROW
    )
    _refuse(_TABLE, "let_go", _GO_WITH_THEIR_ROW, f"NEW.undone_id IS NULL OR {kept}")
    _keep_all_but(_NOTE, ("group_id", "collaboration_id"))
    _refuse(
        *(_NOTE, "goes_home", ("group_id", "collaboration_id")),
        "NEW.group_id IS NOT NULL OR NEW.collaboration_id IS NULL",
    )


def downgrade() -> None:
    """What was taken back stays so, and no longer tells it; the words of the notes stay."""
    _let_change(_NOTE)
    _drop(_NOTE, "goes_home")
    op.drop_index(op.f(f"ix_{_NOTE}_change_id"), _NOTE)
    op.drop_column(_NOTE, "change_id")
    keep_history(_NOTE)
    op.drop_table(_TABLE)
    if not on_sqlite():
        op.execute(f"DROP FUNCTION {_TABLE}_is_history")


def _index(table: str, column: str) -> None:
    given = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        op.f(f"ix_{table}_{column}"),
        table,
        [column],
        sqlite_where=given,
        postgresql_where=given,
    )


def _sentence(table: str) -> str:
    return f"{table} is history: rows are added, never changed"


def _let_change(table: str) -> None:
    """Take away what refuses every change; on PostgreSQL the function stays."""
    if on_sqlite():
        op.execute(f"DROP TRIGGER {table}_no_update")
        return
    op.execute(f"DROP TRIGGER {table}_is_history ON {table}")


def _drop(table: str, name: str) -> None:
    if on_sqlite():
        op.execute(f"DROP TRIGGER {table}_{name}")
        op.execute(f"DROP TRIGGER {table}_no_delete")
        return
    op.execute(f"DROP TRIGGER {table}_{name} ON {table}")
    op.execute(f"DROP FUNCTION {table}_is_history")


def _keep_all_but(table: str, free: tuple[str, ...]) -> None:
    """Refuse changes of every other column, and that a row is removed."""
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    others = ", ".join(name for name in columns if name not in free)
    if on_sqlite():
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {others} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_sentence(table)}'); END"
        )
        return
    op.execute(
        f"CREATE TRIGGER {table}_is_history BEFORE DELETE OR UPDATE OF {others} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_is_history()"
    )


def _refuse(table: str, name: str, columns: tuple[str, ...], when: str) -> None:
    """Refuse a change of some columns when that is so."""
    of = ", ".join(columns)
    if on_sqlite():
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE UPDATE OF {of} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{_sentence(table)}'); END"
        )
        return
    op.execute(
        f"CREATE TRIGGER {table}_{name} BEFORE UPDATE OF {of} ON {table} "
        f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {table}_is_history()"
    )
