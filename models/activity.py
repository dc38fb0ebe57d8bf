"""Activities: what was agreed, by when, who answers for it, and where in its life it is.

The state changes only through `models/moves.py`; this file holds the rows and what the database
itself refuses. The sweeps read the indexes named here.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Computed, Date, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import one_of, where_given
from models.lifecycle import REMINDED, State
from models.span import Precision, Span

_REMINDED = ", ".join(f"'{state.value}'" for state in REMINDED)


class Activity(SQLModel, table=True):
    """One activity. A span is kept as four columns: words, first day, last day, precision.

    `start_due` is the day a start has come at the latest; the database computes it.
    `source_*` tell the file, table and row that it was read from. `kept_by` is who goes on with it
    in ordinary operation, `referred_to_group_id` the higher group whose answer is awaited.
    """

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("plan_id", "source_key"),
        UniqueConstraint("successor_of"),
        CheckConstraint("length(trim(what)) > 0", name="has_what"),
        CheckConstraint(
            "start_last IS NULL OR start_first IS NULL OR start_last >= start_first", name="start"
        ),
        CheckConstraint(
            "deadline_last IS NULL OR deadline_first IS NULL OR deadline_last >= deadline_first",
            name="deadline",
        ),
        CheckConstraint("review_months IS NULL OR review_months > 0", name="review_months"),
        CheckConstraint(
            "(state = 'pausad') = (state_before_pause IS NOT NULL)"
            " OR (state = 'överförd' AND state_before_pause IS NOT NULL)",
            name="pause_remembers_state",
        ),
        # No index on state alone: without statistics SQLite would take it for the sweeps.
        # The sweeps' indexes hold only what can be due. SQLite uses a partial index only when the
        # query's states are literals, which `rules/ladder.py`'s callers see to.
        Index(
            "ix_activity_deadline_due",
            "deadline_last",
            sqlite_where=text(f"state IN ({_REMINDED})"),
            postgresql_where=text(f"state IN ({_REMINDED})"),
        ),
        # Word for word as `models/listing.py` asks, or it is not used.
        Index("ix_activity_list", text("coalesce(deadline_last, '9999-12-31')"), "id"),
        Index(
            "ix_activity_start_due",
            "start_due",
            sqlite_where=text("state = 'beslutad'"),
            postgresql_where=text("state = 'beslutad'"),
        ),
        Index(
            "ix_activity_review_due",
            "next_review_on",
            sqlite_where=text("next_review_on IS NOT NULL"),
            postgresql_where=text("next_review_on IS NOT NULL"),
        ),
        Index(
            "ix_activity_resume_due",
            "resume_on",
            sqlite_where=text("state = 'pausad'"),
            postgresql_where=text("state = 'pausad'"),
        ),
        Index(
            "ix_activity_referred",
            "referred_to_group_id",
            sqlite_where=text("referred_to_group_id IS NOT NULL"),
            postgresql_where=text("referred_to_group_id IS NOT NULL"),
        ),
        Index("ix_activity_plan_id", "plan_id"),
        where_given("activity", "stand_in_group_id"),
        where_given("activity", "absorbed_into_plan_id"),
        Index(
            "ix_activity_funding_due",
            "funding_last",
            sqlite_where=text("funding_last IS NOT NULL"),
            postgresql_where=text("funding_last IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    group_id: int = Field(foreign_key="groups.id", index=True)
    position: int = 0
    what: str
    how: str = ""
    follow_up: str = ""
    status_words: str = ""

    start_text: str = ""
    start_first: date | None = None
    start_last: date | None = None
    start_precision: Precision = Field(
        default=Precision.NONE, sa_type=one_of(Precision, "start_precision")
    )
    start_due: date | None = Field(
        default=None,
        sa_column=Column(Date, Computed("coalesce(start_last, start_first)", persisted=True)),
    )
    deadline_text: str = ""
    deadline_first: date | None = None
    deadline_last: date | None = None
    deadline_precision: Precision = Field(
        default=Precision.NONE, sa_type=one_of(Precision, "deadline_precision")
    )
    runs_on: bool = False
    review_months: int | None = None
    next_review_on: date | None = None
    funding_text: str = Field(default="", sa_column_kwargs={"server_default": ""})
    funding_last: date | None = None  # the last day that the money may be used
    funding_amount: int | None = None  # in whole kronor

    state: State = Field(default=State.PROPOSED, sa_type=one_of(State, "state"))
    state_since: date
    state_before_pause: State | None = Field(
        default=None, sa_type=one_of(State, "state_before_pause")
    )
    resume_on: date | None = None
    stand_in_group_id: int | None = Field(default=None, foreign_key="groups.id")
    reported_done_on: date | None = None
    result: str = ""
    figure: str = Field(default="", sa_column_kwargs={"server_default": ""})  # of the outcome
    why_no_figure: str = Field(default="", sa_column_kwargs={"server_default": ""})
    outcome: str = ""
    kept_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    absorbed_into_activity_id: int | None = Field(
        default=None, foreign_key="activity.id", index=True
    )
    absorbed_into_plan_id: int | None = Field(default=None, foreign_key="plan.id")
    referred_to_group_id: int | None = Field(default=None, foreign_key="groups.id")

    successor_of: int | None = Field(default=None, foreign_key="activity.id")
    source_key: str
    source_file: str = ""
    source_table: str = ""
    source_row: int | None = None
    doubts: str = ""  # sentences, one a line, that a person should settle

    @property
    def start(self) -> Span:
        """The start as people wrote it."""
        return Span(self.start_text, self.start_first, self.start_last, self.start_precision)

    @property
    def deadline(self) -> Span:
        """The deadline as people wrote it."""
        return Span(
            self.deadline_text, self.deadline_first, self.deadline_last, self.deadline_precision
        )


class ActivityGoal(SQLModel, table=True):
    """An activity serves a goal; it may serve several."""

    __tablename__ = "activity_goal"

    activity_id: int = Field(foreign_key="activity.id", primary_key=True)
    goal_id: int = Field(foreign_key="goal.id", primary_key=True, index=True)


class Answerable(StrEnum):
    """What kind of somebody a plan names as responsible."""

    PERSON = "person"
    GROUP = "group"
    ROLE = "role"  # a role in a group: "ordförande i NOSAM Alingsås"
    WORDS = "words"  # words that name nobody on file yet


class Responsibility(SQLModel, table=True):
    """Somebody answers for an activity: a person, a group, a role in one, or just words so far."""

    __tablename__ = "responsibility"
    __table_args__ = (
        UniqueConstraint("activity_id", "words"),
        CheckConstraint(
            "(kind = 'person' AND person_id IS NOT NULL AND group_id IS NULL AND role = '')"
            " OR (kind = 'group' AND group_id IS NOT NULL AND person_id IS NULL AND role = '')"
            " OR (kind = 'role' AND group_id IS NOT NULL AND person_id IS NULL AND role <> '')"
            " OR (kind = 'words' AND group_id IS NULL AND person_id IS NULL AND role = '')",
            name="names_what_its_kind_says",
        ),
        # Whom a page is about, among all that an installation's plans name.
        where_given("responsibility", "person_id"),
        where_given("responsibility", "group_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id")
    kind: Answerable = Field(sa_type=one_of(Answerable, "kind"))
    words: str
    person_id: int | None = Field(default=None, foreign_key="person.id")
    group_id: int | None = Field(default=None, foreign_key="groups.id")
    role: str = ""
