"""Rounds say that they live, answers come by other ways, what is done is told, mistakes are mended."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.alter import allow_words, on_sqlite, rebuild

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_WAYS = "way IN ('link', 'phone', 'meeting', 'mail')"
_CAME = (
    "(way = 'link') = (link_id IS NOT NULL) AND (way = 'link') = (length(trim(registered_by)) = 0)"
)
_CHECKS = {
    "ck_status_answer_way": _WAYS,
    "ck_status_answer_by_link_or_registered": _CAME,
}
_KINDS = (
    *("deadline", "start", "review", "resume", "part", "funding", "round", "silence"),
    *("delegation", "lack"),
)


_AGREED = (
    *("what", "how", "follow_up", "start", "deadline", "responsible", "goals", "target_groups"),
    *("funding", "participants", "promises", "group", "referred", "figure", "why_no_figure"),
)
_CORRECTED = ("result", "kept_by")
_ANY_CORRECTED = "SELECT id FROM change WHERE what IN ('result', 'kept_by') LIMIT 1"
_OF_GROUPS: tuple[Callable[[], sa.Column[Any]], ...] = (
    lambda: sa.Column("dissolve_reason", sa.String(), nullable=False, server_default=""),
    lambda: sa.Column("dissolve_by", sa.String(), nullable=False, server_default=""),
    lambda: sa.Column("handed_over_on", sa.Date(), nullable=True),
)
_OF_ROLES: tuple[Callable[[], sa.Column[Any]], ...] = (
    lambda: sa.Column("ended_by_leaving", sa.Boolean(), nullable=False, server_default=sa.false()),
    lambda: sa.Column("ends_on_before", sa.Date(), nullable=True),
)


def upgrade() -> None:
    """Every answer on file came through its link. No round on file has said that it lives."""
    op.add_column("round", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    for column in _OF_GROUPS:
        op.add_column("groups", column())
    for column in _OF_ROLES:
        op.add_column("role_holding", column())
    allow_words("notice", "kind", (*_KINDS, "done"))
    allow_words("change", "what", (*_AGREED, *_CORRECTED))
    way = sa.Column("way", sa.String(40), nullable=False, server_default="link")
    by = sa.Column("registered_by", sa.String(), nullable=False, server_default="")
    op.add_column("status_answer", way)
    op.add_column("status_answer", by)
    if on_sqlite():
        rebuild("status_answer", _checked)
        return
    op.alter_column("status_answer", "link_id", nullable=True)
    for name, check in _CHECKS.items():
        op.create_check_constraint(op.f(name), "status_answer", check)


def downgrade() -> None:
    """Without them; an answer that was registered stays, and does not tell by whom."""
    if on_sqlite():
        rebuild("status_answer", _unchecked)
    else:
        for name in _CHECKS:
            op.drop_constraint(op.f(name), "status_answer", type_="check")
    op.drop_column("status_answer", "registered_by")
    op.drop_column("status_answer", "way")
    op.execute(
        "DELETE FROM letter_item WHERE notice_id IN (SELECT id FROM notice WHERE kind = 'done')"
    )
    op.execute("DELETE FROM notice WHERE kind = 'done'")
    allow_words("notice", "kind", _KINDS)
    if op.get_bind().scalar(sa.text(_ANY_CORRECTED)) is None:
        allow_words("change", "what", _AGREED)  # what is history is not removed for its sake
    for name in ("ends_on_before", "ended_by_leaving"):
        op.drop_column("role_holding", name)
    for name in ("handed_over_on", "dissolve_by", "dissolve_reason"):
        op.drop_column("groups", name)
    op.drop_column("round", "seen_at")


def _checked(sql: str) -> str:
    """The table's words with a link that may be missing, and the checks at their end."""
    free = sql.replace("link_id INTEGER NOT NULL", "link_id INTEGER")
    return free.rstrip().removesuffix(")") + _as_words() + ")"


def _unchecked(sql: str) -> str:
    return sql.replace(_as_words(), "")


def _as_words() -> str:
    return "".join(f", CONSTRAINT {name} CHECK ({check})" for name, check in _CHECKS.items())
