"""Who says that an activity is not hers need not know whose it is."""

import re

from alembic import op

from migrations.alter import on_sqlite, rebuild

revision = "0039"
down_revision = "0037"
branch_labels = None
depends_on = None

_NAME = "ck_status_answer_not_me_names_somebody"
_CHECK = re.compile(rf",?\s*CONSTRAINT \"?{_NAME}\"? CHECK \([^)]*trim\(instead\)\) > 0\)")


def upgrade() -> None:
    """Such an answer may be without a name; the process leader is asked who it is."""
    if not on_sqlite():
        op.drop_constraint(op.f(_NAME), "status_answer", type_="check")
        return
    rebuild("status_answer", _without)


def _without(sql: str) -> str:
    changed, times = _CHECK.subn("", sql)
    if times != 1:
        raise LookupError(f"{_NAME} stands {times} times in status_answer")
    return changed
