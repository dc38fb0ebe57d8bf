"""What `c(Table)` gives, table by table. Made by `make columns` from the classes."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, overload

from sqlalchemy import Column
from sqlmodel import SQLModel

from models.activity import Activity, ActivityGoal, Answerable, Responsibility
from models.address_change import AddressChange
from models.administrator import Administrator
from models.bounce import Bounce, Report
from models.comment import Comment, CommentFile, FileKind
from models.decision import Agreed, Change, Decision, MoveRow
from models.delegation import Delegation, StandInWish
from models.deviation import (
    DeviationCase,
    DeviationCode,
    DeviationEarlier,
    DeviationImport,
    DeviationMapping,
    DeviationRow,
    FoundBy,
    ImportState,
)
from models.edition import Edition, EditionState, ReportKind, WrittenProse
from models.feed import Feed, FeedClosed
from models.group import Collaboration, CollaborationName, Group, GroupPause, RegisterNote
from models.group_note import GroupNote, ReleasedNote
from models.heartbeat import MissedRound, Pulse
from models.known import PersonKnown
from models.left import PersonLeft
from models.letter import (
    AnswerDraft,
    Attachment,
    Letter,
    LetterItem,
    LetterPart,
    LetterState,
    Link,
    Notice,
    NoticeKind,
)
from models.letter_kinds import LetterKind
from models.lifecycle import Move, Outcome, State
from models.mail_reply import Became, MailReply, MailReplyLine
from models.meeting import MeetingDraft, MeetingMinutes, MeetingPoint, MeetingPresent
from models.organisation_identity import OrganisationIdentity
from models.part import Part, PartChange, PartState
from models.person import Person, RoleHolding
from models.plan import (
    About,
    ActivityTargetGroup,
    Adoption,
    Goal,
    Plan,
    PlanChange,
    PlanTargetGroup,
    TargetGroup,
)
from models.plan_shape import PlanColumn, PlanShape, Role
from models.post import PostStop, Stage
from models.post_hold import PostHold
from models.promise import Participant, Promise
from models.promises import PolicyChange
from models.reach_of_links import LinkClosed
from models.register_change import RegisterChange, RegisterDeed
from models.resting import CollaborationPause
from models.round import ImportedFile, Round, SetAside
from models.session import SignedIn, SignInRequest
from models.shared_mailbox import SharedMailbox
from models.span import Precision
from models.status import ReleasedWords, Says, Settled, StatusAnswer, Way
from models.status_round import AgendaPoint, Meeting, Occasion, StatusQuestion, StatusRound
from models.taught import TaughtColumn, TaughtState
from models.undoing import Undoing
from models.virus import VirusFound
from models.year_end import Deed, PlanClosing

class Columns:
    def __getitem__(self, name: str) -> Column[Any]: ...
    def __iter__(self) -> Iterator[Column[Any]]: ...
    def keys(self) -> list[str]: ...
    def values(self) -> list[Column[Any]]: ...

class _Activity(Columns):
    id: Column[int]
    plan_id: Column[int]
    group_id: Column[int]
    position: Column[int]
    what: Column[str]
    how: Column[str]
    follow_up: Column[str]
    status_words: Column[str]
    start_text: Column[str]
    start_first: Column[date | None]
    start_last: Column[date | None]
    start_precision: Column[Precision]
    start_due: Column[date | None]
    deadline_text: Column[str]
    deadline_first: Column[date | None]
    deadline_last: Column[date | None]
    deadline_precision: Column[Precision]
    runs_on: Column[bool]
    review_months: Column[int | None]
    next_review_on: Column[date | None]
    funding_text: Column[str]
    funding_last: Column[date | None]
    funding_amount: Column[int | None]
    state: Column[State]
    state_since: Column[date]
    state_before_pause: Column[State | None]
    resume_on: Column[date | None]
    stand_in_group_id: Column[int | None]
    reported_done_on: Column[date | None]
    result: Column[str]
    figure: Column[str]
    why_no_figure: Column[str]
    outcome: Column[str]
    kept_by: Column[str]
    absorbed_into_activity_id: Column[int | None]
    absorbed_into_plan_id: Column[int | None]
    referred_to_group_id: Column[int | None]
    successor_of: Column[int | None]
    source_key: Column[str]
    source_file: Column[str]
    source_table: Column[str]
    source_row: Column[int | None]
    doubts: Column[str]

class _ActivityGoal(Columns):
    activity_id: Column[int]
    goal_id: Column[int]

class _ActivityTargetGroup(Columns):
    activity_id: Column[int]
    target_group_id: Column[int]

class _AddressChange(Columns):
    id: Column[int]
    person_id: Column[int]
    before: Column[str]
    after: Column[str]
    by: Column[str]
    asked_at: Column[datetime]
    on_day: Column[date]
    confirm_hash: Column[str | None]
    done_at: Column[datetime | None]
    undo_hash: Column[str | None]
    undone_at: Column[datetime | None]

class _Administrator(Columns):
    id: Column[int]
    person_id: Column[int]
    starts_on: Column[date]
    ended_on: Column[date | None]
    end_told_on: Column[date | None]
    by: Column[str]
    at: Column[datetime]

class _Adoption(Columns):
    id: Column[int]
    plan_id: Column[int]
    group_id: Column[int]
    adopted_on: Column[date]
    decision_id: Column[int | None]

class _AgendaPoint(Columns):
    id: Column[int]
    group_id: Column[int]
    activity_id: Column[int]
    on_day: Column[date]
    at: Column[datetime]
    by: Column[str]
    person_id: Column[int | None]
    done_on: Column[date | None]
    done_by: Column[str]
    done_batch: Column[int | None]

class _AnswerDraft(Columns):
    link_id: Column[int]
    fields: Column[Any]
    at: Column[datetime]

class _Attachment(Columns):
    id: Column[int]
    letter_id: Column[int | None]
    name: Column[str]
    media_type: Column[str]
    content_id: Column[str]
    content: Column[bytes]
    letter_part_id: Column[int | None]

class _Bounce(Columns):
    id: Column[int]
    fingerprint: Column[str]
    at: Column[datetime]
    report: Column[Report]
    letter_id: Column[int | None]
    status: Column[str]
    said: Column[str]

class _Change(Columns):
    id: Column[int]
    activity_id: Column[int]
    what: Column[Agreed]
    before_words: Column[str]
    after_words: Column[str]
    before_values: Column[Any]
    after_values: Column[Any]
    on_day: Column[date]
    at: Column[datetime]
    by: Column[str]
    reason: Column[str]
    decision_id: Column[int | None]
    batch: Column[int | None]
    undone_id: Column[int | None]

class _Collaboration(Columns):
    id: Column[int]
    name: Column[str]
    first_name: Column[str]
    sender_name: Column[str]
    ends_on: Column[date | None]
    names_in_reports: Column[bool]

class _CollaborationName(Columns):
    id: Column[int]
    collaboration_id: Column[int]
    name: Column[str]
    left_on: Column[date | None]

class _CollaborationPause(Columns):
    id: Column[int]
    collaboration_id: Column[int]
    first_day: Column[date]
    last_day: Column[date | None]
    reason: Column[str]

class _Comment(Columns):
    id: Column[int]
    activity_id: Column[int]
    at: Column[datetime]
    on_day: Column[date]
    by: Column[str]
    person_id: Column[int | None]
    link_id: Column[int | None]
    words: Column[str]
    address: Column[str]
    taken_back_on: Column[date | None]
    taken_back_by: Column[str]

class _CommentFile(Columns):
    id: Column[int]
    comment_id: Column[int]
    name: Column[str]
    kind: Column[FileKind]
    size: Column[int]
    sha256: Column[str]
    content: Column[bytes]

class _Decision(Columns):
    id: Column[int]
    group_id: Column[int]
    decided_on: Column[date]
    reference: Column[str]
    text: Column[str]

class _Delegation(Columns):
    id: Column[int]
    person_id: Column[int]
    delegate_id: Column[int]
    activity_id: Column[int | None]
    group_id: Column[int | None]
    role: Column[str]
    first_day: Column[date]
    last_day: Column[date]
    ended_on: Column[date | None]
    at: Column[datetime]
    by: Column[str]

class _DeviationCase(Columns):
    registered_on: Column[date]
    month: Column[int]
    happened_on: Column[date | None]
    changed_at: Column[datetime | None]
    answered_on: Column[date | None]
    reporting_org: Column[str]
    reporting_unit: Column[str]
    investigating_org: Column[str]
    investigating_unit: Column[str]
    found_by: Column[FoundBy]
    area: Column[str]
    target_group: Column[str]
    process: Column[str]
    classified: Column[str]
    severity: Column[str]
    status: Column[str]
    handling: Column[int | None]
    answer_days: Column[int | None]
    voided: Column[bool]
    waits: Column[bool]
    id: Column[int]
    collaboration_id: Column[int | None]
    series: Column[str]
    number: Column[str]
    first_import_id: Column[int]
    import_id: Column[int]

class _DeviationCode(Columns):
    id: Column[int]
    collaboration_id: Column[int]
    kind: Column[str]
    word: Column[str]
    at: Column[datetime]
    by: Column[str]
    means: Column[str]

class _DeviationEarlier(Columns):
    registered_on: Column[date]
    month: Column[int]
    happened_on: Column[date | None]
    changed_at: Column[datetime | None]
    answered_on: Column[date | None]
    reporting_org: Column[str]
    reporting_unit: Column[str]
    investigating_org: Column[str]
    investigating_unit: Column[str]
    found_by: Column[FoundBy]
    area: Column[str]
    target_group: Column[str]
    process: Column[str]
    classified: Column[str]
    severity: Column[str]
    status: Column[str]
    handling: Column[int | None]
    answer_days: Column[int | None]
    voided: Column[bool]
    waits: Column[bool]
    import_id: Column[int]
    case_id: Column[int]
    earlier_import_id: Column[int]

class _DeviationImport(Columns):
    id: Column[int]
    collaboration_id: Column[int | None]
    state: Column[ImportState]
    file: Column[str]
    sha256: Column[str]
    source: Column[str]
    reading: Column[str]
    at: Column[datetime]
    by: Column[str]
    rows: Column[int]
    cases: Column[int]
    new: Column[int]
    updated: Column[int]
    unchanged: Column[int]
    totals: Column[int]
    hidden: Column[int]
    unknown: Column[Any]
    headings: Column[Any]
    refused: Column[Any]
    personnummer_rows: Column[Any]
    undone_at: Column[datetime | None]
    undone_by: Column[str]

class _DeviationMapping(Columns):
    id: Column[int]
    collaboration_id: Column[int | None]
    name: Column[str]
    columns: Column[Any]
    own_series: Column[bool]
    changed_at: Column[datetime]
    changed_by: Column[str]

class _DeviationRow(Columns):
    registered_on: Column[date]
    month: Column[int]
    happened_on: Column[date | None]
    changed_at: Column[datetime | None]
    answered_on: Column[date | None]
    reporting_org: Column[str]
    reporting_unit: Column[str]
    investigating_org: Column[str]
    investigating_unit: Column[str]
    found_by: Column[FoundBy]
    area: Column[str]
    target_group: Column[str]
    process: Column[str]
    classified: Column[str]
    severity: Column[str]
    status: Column[str]
    handling: Column[int | None]
    answer_days: Column[int | None]
    voided: Column[bool]
    waits: Column[bool]
    import_id: Column[int]
    series: Column[str]
    number: Column[str]
    row: Column[int]

class _Edition(Columns):
    id: Column[int]
    kind: Column[ReportKind]
    collaboration_id: Column[int]
    group_id: Column[int | None]
    period: Column[str]
    number: Column[int]
    cut_off: Column[date]
    state: Column[EditionState]
    schema_version: Column[int]
    facts: Column[str]
    sha256: Column[str]
    compiled_at: Column[datetime]
    compiled_by: Column[str]
    reviewed_at: Column[datetime | None]
    reviewed_by: Column[str]
    approved_at: Column[datetime | None]
    approved_by: Column[str]
    override_reason: Column[str]
    prose: Column[Any]
    sent_at: Column[datetime | None]

class _Feed(Columns):
    id: Column[int]
    person_id: Column[int | None]
    group_id: Column[int | None]
    made_at: Column[datetime]
    revoked_at: Column[datetime | None]
    link_id: Column[int | None]

class _FeedClosed(Columns):
    feed_id: Column[int]
    collaboration_id: Column[int]
    at: Column[datetime]

class _Goal(Columns):
    id: Column[int]
    plan_id: Column[int]
    parent_id: Column[int | None]
    position: Column[int]
    text: Column[str]
    called: Column[str]

class _Group(Columns):
    id: Column[int]
    collaboration_id: Column[int]
    name: Column[str]
    kind: Column[str]
    temporary: Column[bool]
    parent_id: Column[int | None]
    starts_on: Column[date | None]
    ends_on: Column[date | None]
    successor_id: Column[int | None]
    dissolve_reason: Column[str]
    dissolve_by: Column[str]
    handed_over_on: Column[date | None]

class _GroupNote(Columns):
    id: Column[int]
    edition_id: Column[int]
    at: Column[datetime]
    by: Column[str]
    person_id: Column[int | None]
    pattern: Column[str]
    measure: Column[str]
    conclusion: Column[str]
    activity_id: Column[int | None]

class _GroupPause(Columns):
    id: Column[int]
    group_id: Column[int]
    first_day: Column[date]
    last_day: Column[date | None]
    reason: Column[str]

class _ImportedFile(Columns):
    id: Column[int]
    kind: Column[str]
    name: Column[str]
    sha256: Column[str]
    at: Column[datetime]
    counts: Column[Any]

class _Letter(Columns):
    id: Column[int]
    person_id: Column[int]
    link_id: Column[int | None]
    kind: Column[LetterKind]
    occasion: Column[str]
    on_day: Column[date]
    to_name: Column[str]
    to_address: Column[str]
    subject: Column[str]
    text: Column[str]
    html: Column[str]
    leads_to: Column[str]
    message_id: Column[str]
    reply_to: Column[str]
    takes_replies: Column[bool]
    from_name: Column[str]
    queued_at: Column[datetime]
    state: Column[LetterState]
    not_before: Column[datetime]
    attempts: Column[int]
    claimed_by: Column[str]
    claimed_at: Column[datetime | None]
    done_at: Column[datetime | None]
    server_said: Column[str]
    went_on: Column[date | None]
    stage: Column[Stage | None]
    doubted_at: Column[datetime | None]
    seen_to_at: Column[datetime | None]
    made_at: Column[datetime | None]
    may_have_gone_at: Column[datetime | None]

class _LetterItem(Columns):
    letter_id: Column[int]
    notice_id: Column[int]
    via: Column[str]
    number: Column[int | None]

class _LetterPart(Columns):
    id: Column[int]
    person_id: Column[int]
    kind: Column[LetterKind]
    occasion: Column[str]
    on_day: Column[date]
    decided_at: Column[datetime]
    collaboration_id: Column[int | None]
    edition_id: Column[int | None]
    period: Column[str]
    title: Column[str]
    text: Column[str]
    html: Column[str]
    leads_to: Column[str]
    letter_id: Column[int | None]
    dropped_on: Column[date | None]

class _Link(Columns):
    id: Column[int]
    person_id: Column[int]
    made_at: Column[datetime]
    expires_at: Column[datetime]
    revoked_at: Column[datetime | None]
    latest_form: Column[str]
    code_seed: Column[str]
    code_at: Column[datetime | None]
    code_tries: Column[int]
    session_id: Column[int | None]

class _LinkClosed(Columns):
    link_id: Column[int]
    collaboration_id: Column[int]
    at: Column[datetime]

class _MailReply(Columns):
    id: Column[int]
    fingerprint: Column[str]
    at: Column[datetime]
    on_day: Column[date]
    letter_id: Column[int | None]
    person_id: Column[int | None]
    sender: Column[str]
    sender_name: Column[str]
    subject: Column[str]
    words: Column[str]
    became: Column[Became]
    vouched: Column[bool]

class _MailReplyLine(Columns):
    id: Column[int]
    reply_id: Column[int]
    activity_id: Column[int]
    says: Column[Says | None]
    day_words: Column[str]
    answer_id: Column[int | None]
    settled_on: Column[date | None]
    settled_by: Column[str]

class _Meeting(Columns):
    id: Column[int]
    group_id: Column[int]
    on_day: Column[date]

class _MeetingDraft(Columns):
    id: Column[int]
    group_id: Column[int]
    person_id: Column[int | None]
    fields: Column[Any]
    on_day: Column[date]
    at: Column[datetime]

class _MeetingMinutes(Columns):
    id: Column[int]
    meeting_id: Column[int]
    facts: Column[str]
    sha256: Column[str]
    on_day: Column[date]
    at: Column[datetime]
    by: Column[str]

class _MeetingPoint(Columns):
    id: Column[int]
    meeting_id: Column[int]
    place: Column[int]
    title: Column[str]
    reference: Column[str]
    outcome: Column[str]
    at: Column[datetime]
    by: Column[str]

class _MeetingPresent(Columns):
    id: Column[int]
    meeting_id: Column[int]
    person_id: Column[int | None]
    name: Column[str]
    at: Column[datetime]
    by: Column[str]

class _MissedRound(Columns):
    id: Column[int]
    line: Column[str]
    due_at: Column[datetime]
    why: Column[str]
    noticed_at: Column[datetime]
    told_at: Column[datetime | None]
    mended_at: Column[datetime | None]

class _MoveRow(Columns):
    id: Column[int]
    activity_id: Column[int]
    move: Column[Move]
    from_state: Column[State | None]
    to_state: Column[State]
    on_day: Column[date]
    happened_on: Column[date]
    registered_on: Column[date]
    at: Column[datetime]
    by: Column[str]
    person_id: Column[int | None]
    decision_id: Column[int | None]
    reason: Column[str]
    details: Column[Any]
    before: Column[Any]
    batch: Column[int | None]
    undone_id: Column[int | None]

class _Notice(Columns):
    id: Column[int]
    activity_id: Column[int | None]
    part_id: Column[int | None]
    plan_id: Column[int | None]
    delegation_id: Column[int | None]
    kind: Column[NoticeKind]
    rung: Column[int]
    due_on: Column[date]
    reached_on: Column[date]
    written_on: Column[date | None]
    asked_on: Column[date | None]
    again_on: Column[date | None]
    settled_on: Column[date | None]

class _OrganisationIdentity(Columns):
    id: Column[int]
    person_id: Column[int]
    issuer: Column[str]
    subject: Column[str]
    since: Column[datetime]

class _Part(Columns):
    id: Column[int]
    activity_id: Column[int]
    name: Column[str]
    state: Column[PartState]
    why: Column[str]
    since: Column[date]
    responsible: Column[str]
    kind: Column[Answerable]
    person_id: Column[int | None]
    group_id: Column[int | None]
    role: Column[str]
    deadline_text: Column[str]
    deadline_last: Column[date | None]
    deadline_precision: Column[Precision]

class _PartChange(Columns):
    id: Column[int]
    activity_id: Column[int]
    part_id: Column[int]
    before: Column[Any | None]
    after: Column[Any]
    on_day: Column[date]
    at: Column[datetime]
    by: Column[str]
    batch: Column[int | None]
    undone_id: Column[int | None]

class _Participant(Columns):
    id: Column[int]
    activity_id: Column[int]
    words: Column[str]

class _Person(Columns):
    id: Column[int]
    name: Column[str]
    email: Column[str]
    unreachable_since: Column[datetime | None]
    unreachable_why: Column[str]
    left_on: Column[date | None]
    home_collaboration_id: Column[int | None]
    proved_at: Column[datetime | None]
    telephone: Column[str]
    weekly_since: Column[date | None]

class _PersonKnown(Columns):
    id: Column[int]
    person_id: Column[int]
    collaboration_id: Column[int]
    name: Column[str]
    since: Column[datetime]
    by: Column[str]
    told_at: Column[datetime | None]
    declined_at: Column[datetime | None]

class _PersonLeft(Columns):
    person_id: Column[int]
    collaboration_id: Column[int]
    last_day: Column[date]

class _Plan(Columns):
    id: Column[int]
    collaboration_id: Column[int]
    group_id: Column[int]
    parent_id: Column[int | None]
    title: Column[str]
    first_day: Column[date | None]
    last_day: Column[date | None]
    adopted_on: Column[date | None]
    last_changed_on: Column[date | None]
    approved_on: Column[date | None]
    closed_on: Column[date | None]
    purpose: Column[str]
    target_groups: Column[str]
    goal_words: Column[str]
    cap: Column[int | None]
    funding_text: Column[str]
    funding_amount: Column[int | None]
    funding_last: Column[date | None]
    reminded_from: Column[date | None]
    reminded_by: Column[str]
    reminded_said_on: Column[date | None]
    withdrawn_on: Column[date | None]
    withdrawn_by: Column[str]
    withdrawn_why: Column[str]

class _PlanChange(Columns):
    id: Column[int]
    plan_id: Column[int]
    about: Column[About]
    goal_id: Column[int | None]
    before: Column[Any | None]
    after: Column[Any | None]
    on_day: Column[date]
    at: Column[datetime]
    by: Column[str]
    reason: Column[str]
    batch: Column[int | None]
    undone_id: Column[int | None]

class _PlanClosing(Columns):
    id: Column[int]
    plan_id: Column[int]
    deed: Column[Deed]
    on_day: Column[date]
    at: Column[datetime]
    by: Column[str]
    decision_id: Column[int | None]
    reason: Column[str]

class _PlanColumn(Columns):
    plan_id: Column[int]
    position: Column[int]
    heading: Column[str]
    role: Column[Role | None]

class _PlanShape(Columns):
    plan_id: Column[int]
    goals_in_rows: Column[bool]
    title_above: Column[bool]
    sheet: Column[str]

class _PlanTargetGroup(Columns):
    plan_id: Column[int]
    target_group_id: Column[int]

class _PolicyChange(Columns):
    id: Column[int]
    collaboration_id: Column[int | None]
    section: Column[str]
    says: Column[Any]
    counts_from: Column[date]
    decided_at: Column[datetime]
    decided_by: Column[str]
    withdrawn_at: Column[datetime | None]
    withdrawn_by: Column[str]

class _PostHold(Columns):
    id: Column[int]
    since: Column[datetime]
    why: Column[str]
    ended_at: Column[datetime | None]
    ended_by: Column[str]

class _PostStop(Columns):
    id: Column[int]
    sender: Column[str]
    stage: Column[Stage]
    said: Column[str]
    since: Column[datetime]
    tries: Column[int]
    next_try_at: Column[datetime]
    mended_at: Column[datetime | None]
    pinged_at: Column[datetime | None]
    told_at: Column[datetime | None]

class _Promise(Columns):
    id: Column[int]
    activity_id: Column[int]
    words: Column[str]
    made_to: Column[str]
    due: Column[date | None]

class _Pulse(Columns):
    name: Column[str]
    at: Column[datetime]

class _RegisterChange(Columns):
    id: Column[int]
    deed: Column[RegisterDeed]
    batch: Column[int]
    on_day: Column[date]
    at: Column[datetime]
    holding_id: Column[int | None]
    delegation_id: Column[int | None]
    group_id: Column[int | None]
    person_id: Column[int | None]
    collaboration_id: Column[int | None]
    last_before: Column[date | None]
    last_after: Column[date | None]
    rests_from: Column[date | None]
    reason: Column[str]
    name_before: Column[str]
    name_after: Column[str]
    kind_before: Column[str]
    kind_after: Column[str]
    parent_before: Column[int | None]
    parent_after: Column[int | None]
    starts_before: Column[date | None]
    starts_after: Column[date | None]
    temporary_before: Column[bool]
    temporary_after: Column[bool]
    undone_id: Column[int | None]

class _RegisterNote(Columns):
    id: Column[int]
    group_id: Column[int | None]
    person_id: Column[int | None]
    on_day: Column[date]
    at: Column[datetime]
    by: Column[str]
    words: Column[str]
    collaboration_id: Column[int | None]
    change_id: Column[int | None]

class _ReleasedNote(Columns):
    note_id: Column[int]
    pattern: Column[str]
    measure: Column[str]
    conclusion: Column[str]
    edited: Column[bool]
    on_day: Column[date]
    by: Column[str]

class _ReleasedWords(Columns):
    answer_id: Column[int]
    words: Column[str]
    edited: Column[bool]
    on_day: Column[date]
    by: Column[str]

class _Responsibility(Columns):
    id: Column[int]
    activity_id: Column[int]
    kind: Column[Answerable]
    words: Column[str]
    person_id: Column[int | None]
    group_id: Column[int | None]
    role: Column[str]

class _RoleHolding(Columns):
    id: Column[int]
    person_id: Column[int]
    group_id: Column[int]
    role: Column[str]
    starts_on: Column[date | None]
    ends_on: Column[date | None]
    ended_by_leaving: Column[bool]
    ends_on_before: Column[date | None]

class _Round(Columns):
    id: Column[int]
    line: Column[str]
    on_day: Column[date]
    started_at: Column[datetime]
    finished_at: Column[datetime | None]
    failed: Column[str]
    seen_at: Column[datetime | None]
    told_at: Column[datetime | None]
    flow_run_id: Column[str]
    counts: Column[Any]
    shares: Column[Any]

class _SetAside(Columns):
    id: Column[int]
    round_id: Column[int]
    collaboration_id: Column[int | None]
    what: Column[str]
    why: Column[str]

class _Settled(Columns):
    answer_id: Column[int]
    accepted: Column[bool]
    on_day: Column[date]
    by: Column[str]
    reason: Column[str]
    batch: Column[int | None]

class _SharedMailbox(Columns):
    id: Column[int]
    person_id: Column[int]
    collaboration_id: Column[int]
    name: Column[str]

class _SignInRequest(Columns):
    id: Column[int]
    asked_at: Column[datetime]
    address_hash: Column[str]
    from_hash: Column[str]
    browser_hash: Column[str]
    known_by: Column[str]
    person_id: Column[int | None]
    token_hash: Column[str | None]
    onward: Column[str]
    used_at: Column[datetime | None]

class _SignedIn(Columns):
    id: Column[int]
    person_id: Column[int]
    token_hash: Column[str]
    browser: Column[str]
    began_at: Column[datetime]
    seen_at: Column[datetime]
    proved_at: Column[datetime | None]
    ended_at: Column[datetime | None]

class _StandInWish(Columns):
    id: Column[int]
    person_id: Column[int]
    collaboration_id: Column[int]
    address: Column[str]
    activity_id: Column[int | None]
    group_id: Column[int | None]
    role: Column[str]
    first_day: Column[date]
    last_day: Column[date]
    on_day: Column[date]
    accepted: Column[bool | None]
    settled_on: Column[date | None]
    settled_by: Column[str]
    reason: Column[str]

class _StatusAnswer(Columns):
    id: Column[int]
    activity_id: Column[int]
    person_id: Column[int]
    link_id: Column[int | None]
    at: Column[datetime]
    on_day: Column[date]
    says: Column[Says]
    text: Column[str]
    figure: Column[str]
    instead: Column[str]
    proposed_text: Column[str]
    proposed_first: Column[date | None]
    proposed_last: Column[date | None]
    proposed_precision: Column[Precision]
    review_was: Column[date | None]
    way: Column[Way]
    registered_by: Column[str]
    before: Column[Any]
    batch: Column[int | None]
    undone_id: Column[int | None]

class _StatusQuestion(Columns):
    round_id: Column[int]
    activity_id: Column[int]
    answered_on: Column[date | None]

class _StatusRound(Columns):
    id: Column[int]
    group_id: Column[int]
    occasion: Column[Occasion]
    occasion_on: Column[date]
    opened_on: Column[date]
    closes_on: Column[date]
    closed_on: Column[date | None]
    opened_by: Column[str]

class _TargetGroup(Columns):
    id: Column[int]
    collaboration_id: Column[int]
    name: Column[str]

class _TaughtColumn(Columns):
    id: Column[int]
    collaboration_id: Column[int]
    source: Column[str]
    heading: Column[str]
    role: Column[Role]
    on_day: Column[date]

class _TaughtState(Columns):
    id: Column[int]
    collaboration_id: Column[int]
    words: Column[str]
    state: Column[State]
    outcome: Column[Outcome | None]
    on_day: Column[date]

class _Undoing(Columns):
    id: Column[int]
    on_day: Column[date]
    at: Column[datetime]
    by: Column[str]
    person_id: Column[int | None]
    reason: Column[str]

class _VirusFound(Columns):
    id: Column[int]
    at: Column[datetime]
    name: Column[str]

class _WrittenProse(Columns):
    id: Column[int]
    kind: Column[ReportKind]
    collaboration_id: Column[int]
    group_id: Column[int | None]
    period: Column[str]
    key: Column[str]
    text: Column[str]
    at: Column[datetime]
    by: Column[str]

@overload
def c(model: type[Activity]) -> _Activity: ...
@overload
def c(model: type[ActivityGoal]) -> _ActivityGoal: ...
@overload
def c(model: type[ActivityTargetGroup]) -> _ActivityTargetGroup: ...
@overload
def c(model: type[AddressChange]) -> _AddressChange: ...
@overload
def c(model: type[Administrator]) -> _Administrator: ...
@overload
def c(model: type[Adoption]) -> _Adoption: ...
@overload
def c(model: type[AgendaPoint]) -> _AgendaPoint: ...
@overload
def c(model: type[AnswerDraft]) -> _AnswerDraft: ...
@overload
def c(model: type[Attachment]) -> _Attachment: ...
@overload
def c(model: type[Bounce]) -> _Bounce: ...
@overload
def c(model: type[Change]) -> _Change: ...
@overload
def c(model: type[Collaboration]) -> _Collaboration: ...
@overload
def c(model: type[CollaborationName]) -> _CollaborationName: ...
@overload
def c(model: type[CollaborationPause]) -> _CollaborationPause: ...
@overload
def c(model: type[Comment]) -> _Comment: ...
@overload
def c(model: type[CommentFile]) -> _CommentFile: ...
@overload
def c(model: type[Decision]) -> _Decision: ...
@overload
def c(model: type[Delegation]) -> _Delegation: ...
@overload
def c(model: type[DeviationCase]) -> _DeviationCase: ...
@overload
def c(model: type[DeviationCode]) -> _DeviationCode: ...
@overload
def c(model: type[DeviationEarlier]) -> _DeviationEarlier: ...
@overload
def c(model: type[DeviationImport]) -> _DeviationImport: ...
@overload
def c(model: type[DeviationMapping]) -> _DeviationMapping: ...
@overload
def c(model: type[DeviationRow]) -> _DeviationRow: ...
@overload
def c(model: type[Edition]) -> _Edition: ...
@overload
def c(model: type[Feed]) -> _Feed: ...
@overload
def c(model: type[FeedClosed]) -> _FeedClosed: ...
@overload
def c(model: type[Goal]) -> _Goal: ...
@overload
def c(model: type[Group]) -> _Group: ...
@overload
def c(model: type[GroupNote]) -> _GroupNote: ...
@overload
def c(model: type[GroupPause]) -> _GroupPause: ...
@overload
def c(model: type[ImportedFile]) -> _ImportedFile: ...
@overload
def c(model: type[Letter]) -> _Letter: ...
@overload
def c(model: type[LetterItem]) -> _LetterItem: ...
@overload
def c(model: type[LetterPart]) -> _LetterPart: ...
@overload
def c(model: type[Link]) -> _Link: ...
@overload
def c(model: type[LinkClosed]) -> _LinkClosed: ...
@overload
def c(model: type[MailReply]) -> _MailReply: ...
@overload
def c(model: type[MailReplyLine]) -> _MailReplyLine: ...
@overload
def c(model: type[Meeting]) -> _Meeting: ...
@overload
def c(model: type[MeetingDraft]) -> _MeetingDraft: ...
@overload
def c(model: type[MeetingMinutes]) -> _MeetingMinutes: ...
@overload
def c(model: type[MeetingPoint]) -> _MeetingPoint: ...
@overload
def c(model: type[MeetingPresent]) -> _MeetingPresent: ...
@overload
def c(model: type[MissedRound]) -> _MissedRound: ...
@overload
def c(model: type[MoveRow]) -> _MoveRow: ...
@overload
def c(model: type[Notice]) -> _Notice: ...
@overload
def c(model: type[OrganisationIdentity]) -> _OrganisationIdentity: ...
@overload
def c(model: type[Part]) -> _Part: ...
@overload
def c(model: type[PartChange]) -> _PartChange: ...
@overload
def c(model: type[Participant]) -> _Participant: ...
@overload
def c(model: type[Person]) -> _Person: ...
@overload
def c(model: type[PersonKnown]) -> _PersonKnown: ...
@overload
def c(model: type[PersonLeft]) -> _PersonLeft: ...
@overload
def c(model: type[Plan]) -> _Plan: ...
@overload
def c(model: type[PlanChange]) -> _PlanChange: ...
@overload
def c(model: type[PlanClosing]) -> _PlanClosing: ...
@overload
def c(model: type[PlanColumn]) -> _PlanColumn: ...
@overload
def c(model: type[PlanShape]) -> _PlanShape: ...
@overload
def c(model: type[PlanTargetGroup]) -> _PlanTargetGroup: ...
@overload
def c(model: type[PolicyChange]) -> _PolicyChange: ...
@overload
def c(model: type[PostHold]) -> _PostHold: ...
@overload
def c(model: type[PostStop]) -> _PostStop: ...
@overload
def c(model: type[Promise]) -> _Promise: ...
@overload
def c(model: type[Pulse]) -> _Pulse: ...
@overload
def c(model: type[RegisterChange]) -> _RegisterChange: ...
@overload
def c(model: type[RegisterNote]) -> _RegisterNote: ...
@overload
def c(model: type[ReleasedNote]) -> _ReleasedNote: ...
@overload
def c(model: type[ReleasedWords]) -> _ReleasedWords: ...
@overload
def c(model: type[Responsibility]) -> _Responsibility: ...
@overload
def c(model: type[RoleHolding]) -> _RoleHolding: ...
@overload
def c(model: type[Round]) -> _Round: ...
@overload
def c(model: type[SetAside]) -> _SetAside: ...
@overload
def c(model: type[Settled]) -> _Settled: ...
@overload
def c(model: type[SharedMailbox]) -> _SharedMailbox: ...
@overload
def c(model: type[SignInRequest]) -> _SignInRequest: ...
@overload
def c(model: type[SignedIn]) -> _SignedIn: ...
@overload
def c(model: type[StandInWish]) -> _StandInWish: ...
@overload
def c(model: type[StatusAnswer]) -> _StatusAnswer: ...
@overload
def c(model: type[StatusQuestion]) -> _StatusQuestion: ...
@overload
def c(model: type[StatusRound]) -> _StatusRound: ...
@overload
def c(model: type[TargetGroup]) -> _TargetGroup: ...
@overload
def c(model: type[TaughtColumn]) -> _TaughtColumn: ...
@overload
def c(model: type[TaughtState]) -> _TaughtState: ...
@overload
def c(model: type[Undoing]) -> _Undoing: ...
@overload
def c(model: type[VirusFound]) -> _VirusFound: ...
@overload
def c(model: type[WrittenProse]) -> _WrittenProse: ...
@overload
def c(model: type[SQLModel]) -> Any: ...  # noqa: ANN401
