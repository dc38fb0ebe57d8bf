"""Moves have the day they happened and the day they were registered; what is lacking is asked for.

A figure for the outcome, or why there is none, can be told after the follow-up.
"""

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words, keep_history, on_sqlite, rebuild

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_DAYS = ("happened_on", "registered_on")
AGREED = (
    *("what", "how", "follow_up", "start", "deadline", "responsible", "goals", "target_groups"),
    *("funding", "participants", "promises", "group", "referred", "figure", "why_no_figure"),
)
KINDS = (
    *("deadline", "start", "review", "resume", "part", "funding", "round", "silence"),
    *("delegation", "lack"),
)


def upgrade() -> None:
    """Until now a move counted from the day it was registered, which was taken for its day.

    What was decided happened on the day of the decision, as far as that can be true.
    """
    for name in _DAYS:
        op.add_column("move", sa.Column(name, sa.Date(), nullable=True))
    _let_change()
    op.execute(
        "UPDATE move SET registered_on = on_day, happened_on = coalesce((SELECT d.decided_on "
        "FROM decision d WHERE d.id = move.decision_id AND d.decided_on <= move.on_day "
        "AND NOT EXISTS (SELECT 1 FROM move b WHERE b.activity_id = move.activity_id "
        "AND b.id < move.id AND b.move <> 'föreslå' AND b.on_day > d.decided_on)), on_day)"
    )
    if on_sqlite():
        rebuild("move", _required)
    else:
        for name in _DAYS:
            op.alter_column("move", name, nullable=False)
    keep_history("move")
    allow_words("change", "what", AGREED)
    allow_words("notice", "kind", KINDS)
    for name in ("figure", "why_no_figure"):
        op.add_column("activity", sa.Column(name, sa.String(), nullable=False, server_default=""))
        op.execute(
            f"UPDATE activity SET {name} = coalesce((SELECT m.details ->> '{name}' FROM move m "  # noqa: S608
            "WHERE m.activity_id = activity.id AND m.move = 'följ upp' "
            "ORDER BY m.id DESC LIMIT 1), '')"
        )


def _let_change() -> None:
    """Let the rows be filled; the triggers come back when they are."""
    if on_sqlite():
        for deed in ("update", "delete"):
            op.execute(f"DROP TRIGGER move_no_{deed}")
        return
    op.execute("DROP TRIGGER move_is_history ON move")
    op.execute("DROP FUNCTION move_is_history")


def _required(sql: str) -> str:
    for name in _DAYS:
        if f"{name} DATE" not in sql:
            raise LookupError(f"move has no {name}")
        sql = sql.replace(f"{name} DATE", f"{name} DATE NOT NULL")
    return sql
