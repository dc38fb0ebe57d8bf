"""Plans as their groups keep them: words for the levels of goals, target groups, adoption, history.

What a plan says of its target groups becomes tags where it is a list of names; a text in sentences
stays the plan's own words. Changes of activities get the values behind their words, so that any day
can be told again.
"""

import re

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words, keep_history, on_sqlite, rebuild

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AGREED = (
    "what",
    "how",
    "follow_up",
    "start",
    "deadline",
    "responsible",
    "goals",
    "target_groups",
)
LONGEST_NAME = 60
SAME_WORDS = "before_words <> after_words"
SAME_AT_ALL = f"{SAME_WORDS} OR CAST(before_values AS VARCHAR) <> CAST(after_values AS VARCHAR)"


def upgrade() -> None:
    """Make the tables, and move the words for target groups."""
    op.add_column("plan", sa.Column("goal_words", sa.String(), nullable=False, server_default=""))
    op.add_column("goal", sa.Column("called", sa.String(), nullable=False, server_default=""))
    for column in ("before_values", "after_values"):
        op.add_column("change", sa.Column(column, sa.JSON(), nullable=False, server_default="{}"))
    allow_words("change", "what", AGREED)
    _let_days_change_under_the_same_words()
    _target_groups()
    _adoption()
    _plan_change()
    _move_words()


def _let_days_change_under_the_same_words() -> None:
    """A deadline in "mars" may move a year on and still be in "mars"."""
    if on_sqlite():
        rebuild("change", lambda sql: sql.replace(f"({SAME_WORDS})", f"({SAME_AT_ALL})"))
        return
    op.drop_constraint(op.f("ck_change_changes_something"), "change", type_="check")
    op.create_check_constraint(op.f("ck_change_changes_something"), "change", SAME_AT_ALL)


def _target_groups() -> None:
    op.create_table(
        "target_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_target_group_has_name")),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_target_group_collaboration_id_collaboration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_group")),
        sa.UniqueConstraint(
            "collaboration_id", "name", name=op.f("uq_target_group_collaboration_id_name")
        ),
    )
    for owner in ("plan", "activity"):
        table, key = f"{owner}_target_group", f"{owner}_id"
        op.create_table(
            table,
            sa.Column(key, sa.Integer(), nullable=False),
            sa.Column("target_group_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint([key], [f"{owner}.id"], name=op.f(f"fk_{table}_{key}_{owner}")),
            sa.ForeignKeyConstraint(
                ["target_group_id"],
                ["target_group.id"],
                name=op.f(f"fk_{table}_target_group_id_target_group"),
            ),
            sa.PrimaryKeyConstraint(key, "target_group_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_target_group_id"), table, ["target_group_id"])


def _adoption() -> None:
    op.create_table(
        "adoption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_adoption_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_adoption_group_id_groups")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_adoption_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption")),
        sa.UniqueConstraint(
            "plan_id",
            "group_id",
            "adopted_on",
            name=op.f("uq_adoption_plan_id_group_id_adopted_on"),
        ),
    )


def _plan_change() -> None:
    op.create_table(
        "plan_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "about",
            sa.Enum(
                "plan",
                "goal",
                name="about",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("goal_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(about = 'goal') = (goal_id IS NOT NULL)", name=op.f("ck_plan_change_names_the_goal")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_change_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_change")),
    )
    op.create_index("ix_plan_change_plan_id", "plan_change", ["plan_id", "id"])
    keep_history("plan_change")


def _move_words() -> None:
    """Words that are a list of names become tags; the rest stays where it was."""
    bind = op.get_bind()
    asked = "SELECT id, collaboration_id, target_groups FROM plan WHERE target_groups <> ''"
    for plan_id, area, words in bind.execute(sa.text(asked)).all():
        names = _names(words)
        for name in names:
            bind.execute(
                sa.text(
                    "INSERT INTO plan_target_group (plan_id, target_group_id) VALUES (:plan, :tag)"
                ),
                {"plan": plan_id, "tag": _tag(area, name)},
            )
        if names:
            emptied = sa.text("UPDATE plan SET target_groups = '' WHERE id = :plan")
            bind.execute(emptied, {"plan": plan_id})


def _tag(area: int, name: str) -> int:
    bind = op.get_bind()
    known = bind.execute(
        sa.text("SELECT id, name FROM target_group WHERE collaboration_id = :area"), {"area": area}
    ).all()
    for id_, told in known:
        if told.casefold() == name.casefold():
            return int(id_)
    made = sa.text(
        "INSERT INTO target_group (collaboration_id, name) VALUES (:area, :name) RETURNING id"
    )
    return int(bind.execute(made, {"area": area, "name": name}).scalar_one())


def _names(words: str) -> list[str]:
    pieces = [" ".join(p.split()).strip("-–•·. ") for p in re.split(r"[\n;,]", words)]
    pieces = [piece for piece in pieces if piece]
    if any(len(piece) > LONGEST_NAME or ". " in piece for piece in pieces):
        return []
    found: dict[str, str] = {}
    for piece in pieces:
        found.setdefault(piece.casefold(), piece)
    return list(found.values())
