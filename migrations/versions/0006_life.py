"""Parts of activities, years that end, and lives that can be taken back, absorbed or referred.

A carried-over activity may remember that it was paused, so that undoing leads back to the pause.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words, keep_history, on_sqlite, rebuild

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATES = (
    "föreslagen",
    "beslutad",
    "pågående",
    "uppföljd",
    "pausad",
    "avslutad",
    "avslagen",
    "överförd",
    "återtagen",
)
MOVES = (
    "föreslå",
    "besluta",
    "avslå",
    "starta",
    "följ upp",
    "fortsätt",
    "avsluta",
    "pausa",
    "återuppta",
    "återremittera",
    "avbryt",
    "överför",
    "återöppna",
    "ångra överföring",
    "dra tillbaka",
    "föreslå igen",
)
AGREED = (
    "what",
    "how",
    "follow_up",
    "start",
    "deadline",
    "responsible",
    "goals",
    "target_groups",
    "group",
    "referred",
)
PART_STATES = ("inte svarat", "i dialog", "beslutad", "pågående", "klar", "undantagen")
PAUSE = "(state = 'pausad') = (state_before_pause IS NOT NULL)"
PAUSE_OR_CARRIED = f"{PAUSE} OR (state = 'överförd' AND state_before_pause IS NOT NULL)"


def upgrade() -> None:
    """Widen the closed lists of words, add the columns, make the tables."""
    for column in ("state", "state_before_pause"):
        allow_words("activity", column, STATES)
    for column in ("from_state", "to_state"):
        allow_words("move", column, STATES)
    allow_words("move", "move", MOVES)
    allow_words("change", "what", AGREED)
    _remember_pauses()
    _columns()
    _parts()
    _closings()


def _remember_pauses() -> None:
    name = "ck_activity_pause_remembers_state"
    if not on_sqlite():
        op.drop_constraint(op.f(name), "activity", type_="check")
        op.create_check_constraint(op.f(name), "activity", PAUSE_OR_CARRIED)
        return

    def widened(sql: str) -> str:
        if sql.count(PAUSE) != 1:
            raise LookupError(f"{name} stands {sql.count(PAUSE)} times in activity")
        return sql.replace(PAUSE, PAUSE_OR_CARRIED)

    rebuild("activity", widened)


def _columns() -> None:
    op.add_column("activity", sa.Column("kept_by", sa.String(), nullable=False, server_default=""))
    _refer("activity", "absorbed_into_activity_id", "activity")
    _refer("activity", "absorbed_into_plan_id", "plan")
    _refer("activity", "referred_to_group_id", "groups")
    _refer("change", "decision_id", "decision")
    op.add_column("plan", sa.Column("closed_on", sa.Date(), nullable=True))
    op.create_index(
        op.f("ix_activity_absorbed_into_activity_id"), "activity", ["absorbed_into_activity_id"]
    )
    op.create_index(
        "ix_activity_referred",
        "activity",
        ["referred_to_group_id"],
        sqlite_where=sa.text("referred_to_group_id IS NOT NULL"),
        postgresql_where=sa.text("referred_to_group_id IS NOT NULL"),
    )


def _refer(table: str, column: str, to: str) -> None:
    """A column that may name a row of another table. Said alike on both databases."""
    name = f"fk_{table}_{column}_{to}"
    op.execute(
        f'ALTER TABLE "{table}" ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {to} (id)'
    )


def _parts() -> None:
    op.create_table(
        "part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", _one_of(PART_STATES, "state"), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("kind", _one_of(("person", "group", "role", "words"), "kind"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("deadline_text", sa.String(), nullable=False),
        sa.Column("deadline_last", sa.Date(), nullable=True),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_part_has_name")),
        sa.CheckConstraint(
            "state <> 'undantagen' OR length(trim(why)) > 0", name=op.f("ck_part_excused_with_why")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_part_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_part_person_id_person")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_part_group_id_groups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("activity_id", "name", name=op.f("uq_part_activity_id_name")),
    )
    op.create_table(
        "part_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_part_change_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"], name=op.f("fk_part_change_part_id_part")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_change")),
    )
    op.create_index("ix_part_change_activity_id", "part_change", ["activity_id", "id"])
    keep_history("part_change")


def _closings() -> None:
    op.create_table(
        "plan_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("deed", _one_of(("avslutad", "öppnad"), "deed"), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "deed = 'avslutad' OR decision_id IS NOT NULL",
            name=op.f("ck_plan_closing_opened_on_a_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_closing_plan_id_plan")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_plan_closing_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_closing")),
    )
    op.create_index("ix_plan_closing_plan_id", "plan_closing", ["plan_id", "id"])
    keep_history("plan_closing")


def _one_of(words: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)
