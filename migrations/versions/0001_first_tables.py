"""The first tables: plans, people, lives of activities, letters, answers, rounds.

Moves and answers are history: triggers refuse to change or remove them, on both databases.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


PRECISIONS = (
    "day",
    "week",
    "month",
    "quarter",
    "tertial",
    "half",
    "season",
    "term",
    "school-year",
    "year",
    "day-range",
    "week-range",
    "month-range",
    "quarter-range",
    "tertial-range",
    "half-range",
    "season-range",
    "term-range",
    "school-year-range",
    "year-range",
    "turn",
    "approx",
    "relative",
    "holiday",
    "open",
    "recurring",
    "none",
    "invalid",
)
STATES = (
    "föreslagen",
    "beslutad",
    "pågående",
    "uppföljd",
    "pausad",
    "avslutad",
    "avslagen",
    "överförd",
)


def one_of(words: tuple[str, ...], name: str) -> sa.Enum:
    """A closed list of words, kept by a CHECK of that name."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


HISTORY = ("move", "status_answer")


def keep_history(table: str) -> None:
    """Refuse UPDATE and DELETE on a table that holds what has happened."""
    sentence = f"{table} is history: rows are added, never changed"
    if op.get_bind().dialect.name == "sqlite":
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


def upgrade() -> None:
    """Make every table of the first version."""
    op.create_table(
        "collaboration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_collaboration_has_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collaboration")),
        sa.UniqueConstraint("name", name=op.f("uq_collaboration_name")),
    )
    op.create_table(
        "imported_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_imported_file_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_file")),
        sa.UniqueConstraint("kind", "sha256", name=op.f("uq_imported_file_kind_sha256")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreachable_why", sa.String(), nullable=False),
        sa.CheckConstraint(
            "email = lower(email) AND email LIKE '%_@_%'", name=op.f("ck_person_email")
        ),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_person_has_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed", sa.String(), nullable=False),
        sa.Column("flow_run_id", sa.String(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "finished_at IS NULL OR failed = ''", name=op.f("ck_round_finished_or_failed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index("ix_round_line", ["line", "finished_at"], unique=False)

    op.create_table(
        "groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_groups_dates"),
        ),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_groups_has_name")),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_groups_not_its_own_parent")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_groups_collaboration_id_collaboration"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["groups.id"], name=op.f("fk_groups_parent_id_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint(
            "collaboration_id", "name", name=op.f("uq_groups_collaboration_id_name")
        ),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_link_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(reference)) > 0", name=op.f("ck_decision_has_reference")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_decision_group_id_groups")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "group_id",
            "decided_on",
            "reference",
            name=op.f("uq_decision_group_id_decided_on_reference"),
        ),
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("to_name", sa.String(), nullable=False),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            one_of(("queued", "sending", "sent", "kept", "failed"), "state"),
            nullable=False,
        ),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("server_said", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('sent', 'kept') OR done_at IS NOT NULL",
            name=op.f("ck_letter_done_when_sent"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_letter_attempts")),
        sa.CheckConstraint("length(to_address) > 0", name=op.f("ck_letter_has_address")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_letter_link_id_link")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_letter_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
        sa.UniqueConstraint(
            "person_id", "on_day", "kind", name=op.f("uq_letter_person_id_on_day_kind")
        ),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(
            "ix_letter_outbox",
            ["not_before"],
            unique=False,
            sqlite_where=sa.text("state IN ('queued', 'sending')"),
            postgresql_where=sa.text("state IN ('queued', 'sending')"),
        )

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("last_changed_on", sa.Date(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("target_groups", sa.String(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.CheckConstraint("cap IS NULL OR cap > 0", name=op.f("ck_plan_cap")),
        sa.CheckConstraint(
            "last_day IS NULL OR first_day IS NULL OR last_day >= first_day",
            name=op.f("ck_plan_dates"),
        ),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_plan_has_title")),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_plan_not_its_own_parent")
        ),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
            name=op.f("fk_plan_collaboration_id_collaboration"),
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_plan_group_id_groups")),
        sa.ForeignKeyConstraint(["parent_id"], ["plan.id"], name=op.f("fk_plan_parent_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("group_id", "title", name=op.f("uq_plan_group_id_title")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_collaboration_id"), ["collaboration_id"], unique=False
        )

    op.create_table(
        "role_holding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_role_holding_dates"),
        ),
        sa.CheckConstraint("length(trim(role)) > 0", name=op.f("ck_role_holding_has_role")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_role_holding_group_id_groups")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_holding_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_holding")),
    )
    with op.batch_alter_table("role_holding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_holding_group_id"), ["group_id"], unique=False)

    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("follow_up", sa.String(), nullable=False),
        sa.Column("status_words", sa.String(), nullable=False),
        sa.Column("start_text", sa.String(), nullable=False),
        sa.Column("start_first", sa.Date(), nullable=True),
        sa.Column("start_last", sa.Date(), nullable=True),
        sa.Column("start_precision", one_of(PRECISIONS, "start_precision"), nullable=False),
        sa.Column(
            "start_due",
            sa.Date(),
            sa.Computed("coalesce(start_last, start_first)", persisted=True),
            nullable=True,
        ),
        sa.Column("deadline_text", sa.String(), nullable=False),
        sa.Column("deadline_first", sa.Date(), nullable=True),
        sa.Column("deadline_last", sa.Date(), nullable=True),
        sa.Column("deadline_precision", one_of(PRECISIONS, "deadline_precision"), nullable=False),
        sa.Column("runs_on", sa.Boolean(), nullable=False),
        sa.Column("review_months", sa.Integer(), nullable=True),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("state", one_of(STATES, "state"), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("state_before_pause", one_of(STATES, "state_before_pause"), nullable=True),
        sa.Column("resume_on", sa.Date(), nullable=True),
        sa.Column("stand_in_group_id", sa.Integer(), nullable=True),
        sa.Column("reported_done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("successor_of", sa.Integer(), nullable=True),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("source_file", sa.String(), nullable=False),
        sa.Column("source_table", sa.String(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=True),
        sa.Column("doubts", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(state = 'pausad') = (state_before_pause IS NOT NULL)",
            name=op.f("ck_activity_pause_remembers_state"),
        ),
        sa.CheckConstraint(
            "deadline_last IS NULL OR deadline_first IS NULL OR deadline_last >= deadline_first",
            name=op.f("ck_activity_deadline"),
        ),
        sa.CheckConstraint("length(trim(what)) > 0", name=op.f("ck_activity_has_what")),
        sa.CheckConstraint(
            "review_months IS NULL OR review_months > 0", name=op.f("ck_activity_review_months")
        ),
        sa.CheckConstraint(
            "start_last IS NULL OR start_first IS NULL OR start_last >= start_first",
            name=op.f("ck_activity_start"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_activity_group_id_groups")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_activity_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["stand_in_group_id"], ["groups.id"], name=op.f("fk_activity_stand_in_group_id_groups")
        ),
        sa.ForeignKeyConstraint(
            ["successor_of"], ["activity.id"], name=op.f("fk_activity_successor_of_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("plan_id", "source_key", name=op.f("uq_activity_plan_id_source_key")),
        sa.UniqueConstraint("successor_of", name=op.f("uq_activity_successor_of")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(
            "ix_activity_deadline_due",
            ["deadline_last"],
            unique=False,
            sqlite_where=sa.text("state IN ('föreslagen', 'beslutad', 'pågående')"),
            postgresql_where=sa.text("state IN ('föreslagen', 'beslutad', 'pågående')"),
        )
        batch_op.create_index(batch_op.f("ix_activity_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            "ix_activity_resume_due",
            ["resume_on"],
            unique=False,
            sqlite_where=sa.text("state = 'pausad'"),
            postgresql_where=sa.text("state = 'pausad'"),
        )
        batch_op.create_index(
            "ix_activity_review_due",
            ["next_review_on"],
            unique=False,
            sqlite_where=sa.text("next_review_on IS NOT NULL"),
            postgresql_where=sa.text("next_review_on IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_activity_start_due",
            ["start_due"],
            unique=False,
            sqlite_where=sa.text("state = 'beslutad'"),
            postgresql_where=sa.text("state = 'beslutad'"),
        )

    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("length(trim(text)) > 0", name=op.f("ck_goal_has_text")),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_goal_not_its_own_parent")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["goal.id"], name=op.f("fk_goal_parent_id_goal")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_goal_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("plan_id", "text", name=op.f("uq_goal_plan_id_text")),
    )
    op.create_table(
        "activity_goal",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_goal_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name=op.f("fk_activity_goal_goal_id_goal")
        ),
        sa.PrimaryKeyConstraint("activity_id", "goal_id", name=op.f("pk_activity_goal")),
    )
    with op.batch_alter_table("activity_goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_goal_goal_id"), ["goal_id"], unique=False)

    op.create_table(
        "move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column(
            "move",
            one_of(
                (
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
                ),
                "move",
            ),
            nullable=False,
        ),
        sa.Column("from_state", one_of(STATES, "from_state"), nullable=True),
        sa.Column("to_state", one_of(STATES, "to_state"), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(from_state IS NULL) = (move = 'föreslå')",
            name=op.f("ck_move_only_a_proposal_comes_from_nothing"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_move_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_move_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_move_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
    )
    with op.batch_alter_table("move", schema=None) as batch_op:
        batch_op.create_index("ix_move_activity_id", ["activity_id", "id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", one_of(("deadline", "start", "review", "resume"), "kind"), nullable=False
        ),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_notice_activity_id_activity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "activity_id",
            "kind",
            "due_on",
            "rung",
            name=op.f("uq_notice_activity_id_kind_due_on_rung"),
        ),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notice_unwritten",
            ["id"],
            unique=False,
            sqlite_where=sa.text("written_on IS NULL"),
            postgresql_where=sa.text("written_on IS NULL"),
        )

    op.create_table(
        "responsibility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of(("person", "group", "role", "words"), "kind"), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'person' AND person_id IS NOT NULL AND group_id IS NULL AND role = '') OR (kind = 'group' AND group_id IS NOT NULL AND person_id IS NULL AND role = '') OR (kind = 'role' AND group_id IS NOT NULL AND person_id IS NULL AND role <> '') OR (kind = 'words' AND group_id IS NULL AND person_id IS NULL AND role = '')",
            name=op.f("ck_responsibility_names_what_its_kind_says"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_responsibility_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_responsibility_group_id_groups")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_responsibility_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
        sa.UniqueConstraint(
            "activity_id", "words", name=op.f("uq_responsibility_activity_id_words")
        ),
    )
    op.create_table(
        "status_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column(
            "says",
            one_of(("on_track", "at_risk", "late", "done", "nothing_new", "not_me"), "says"),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("instead", sa.String(), nullable=False),
        sa.Column("proposed_text", sa.String(), nullable=False),
        sa.Column("proposed_first", sa.Date(), nullable=True),
        sa.Column("proposed_last", sa.Date(), nullable=True),
        sa.Column("proposed_precision", one_of(PRECISIONS, "proposed_precision"), nullable=False),
        sa.CheckConstraint(
            "says <> 'not_me' OR length(trim(instead)) > 0",
            name=op.f("ck_status_answer_not_me_names_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_status_answer_activity_id_activity")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["link.id"], name=op.f("fk_status_answer_link_id_link")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_status_answer_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_answer")),
    )
    with op.batch_alter_table("status_answer", schema=None) as batch_op:
        batch_op.create_index("ix_status_answer_activity_id", ["activity_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_status_answer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "letter_item",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letter.id"], name=op.f("fk_letter_item_letter_id_letter")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_letter_item_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("letter_id", "notice_id", name=op.f("pk_letter_item")),
    )
    with op.batch_alter_table("letter_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_item_notice_id"), ["notice_id"], unique=False)
    # Two holdings with an unknown first day are the same one, so NULL must not make them differ.
    first_day = sa.text("coalesce(starts_on, '0001-01-01')")
    op.create_index(
        "uq_role_holding", "role_holding", ["person_id", "group_id", "role", first_day], unique=True
    )
    for table in HISTORY:
        keep_history(table)
