"""The shape of the table that a plan stood in, and what the plan calls its goals.

Of several tables with other headings, the one with the most activities is the plan's. A plan in
running text has no table, and so no shape. Drawing it again is the work of `reports/plan_table.py`.
"""

import re
from collections import Counter

from intake.drafts import ColumnDraft, ShapeDraft
from intake.plan.headings import Headings
from intake.plan.rows import PlanRow
from intake.plan.taken_apart import Layout
from models.plan_shape import Role

_LEVEL = re.compile(
    r"(?P<word>(?:[^\W\d_]+ ){0,2}\w*(?:mål|målsättning|område|tema|strategi|perspektiv))",
    re.IGNORECASE,
)
_ONE_OF = (
    (r"prioriterade\b", "prioriterat"),
    (r"övergripande gemensamma\b", "övergripande gemensamt"),
    (r"områden\b", "område"),
    (r"målsättningar\b", "målsättning"),
    (r"strategier\b", "strategi"),
    (r"teman\b", "tema"),
)


def shape_of(layout: Layout) -> ShapeDraft | None:
    """The headings of the plan's table in their order, and how its goals stood."""
    rows = [row for row in layout.rows if row.source.table]
    if not rows:
        return None
    most = Counter(_key(row) for row in rows).most_common(1)[0][0]
    first = next(row for row in rows if _key(row) == most)
    heads = first.headings
    sheets = {row.source.sheet for row in rows}
    has_columns = heads.has(Role.GOAL) and heads.has(Role.FOCUS_AREA)
    return ShapeDraft(
        columns=tuple(
            ColumnDraft(words.strip(), _role(heads, column))
            for column, words in sorted(heads.told.items())
            if words.strip()
        ),
        goals_in_rows=bool(layout.goals) and not has_columns and not heads.has(Role.FOCUS_AREA),
        title_above=bool(first.source.sheet) and heads.row > 1,
        sheet=first.source.sheet if len(sheets) == 1 else "",
    )


def goal_words(shape: ShapeDraft | None, layout: Layout, over_list: str) -> str:
    """What the plan calls the levels of its goals, one a line; "" where it does not say.

    Told by the headings of its columns, else by the labels of its sections; of the upper level
    also by the heading over the plan's list of goals.
    """
    heads = {column.role: column.heading for column in shape.columns} if shape else {}
    words = {
        role: word_for(heads.get(role, "")) or word_for(layout.called.get(role, ""))
        for role in (Role.FOCUS_AREA, Role.GOAL)
    }
    upper = Role.FOCUS_AREA in heads or bool(layout.goals)
    top = Role.FOCUS_AREA if upper else Role.GOAL
    if words[top] in ("", "Mål"):
        words[top] = word_for(over_list) or words[top]
    levels = [words[Role.FOCUS_AREA], words[Role.GOAL]] if upper else [words[Role.GOAL]]
    told = levels[: levels.index("")] if "" in levels else levels
    return "" if told in ([], ["Mål"]) else "\n".join(told)


def word_for(heading: str) -> str:
    """ "Prioriterade mål 2026" is a heading over what is each called "Prioriterat mål"."""
    first = heading.split("\n", maxsplit=1)[0].lower()
    plain = re.sub(r"\s(?:enligt|i|för|från|ur|under)\s.*$", "", " ".join(first.split()))
    plain = re.sub(r"[\d\s:.–-]+$", "", plain)
    for several, one in _ONE_OF:
        plain = re.sub(several, one, plain)
    return plain.capitalize() if _LEVEL.fullmatch(plain) else ""


def _key(row: PlanRow) -> tuple[tuple[int, str], ...]:
    return tuple(sorted(row.headings.told.items()))


def _role(heads: Headings, column: int) -> Role | None:
    return Role.PERIOD if column in heads.spans else heads.roles.get(column)
