"""A year as a folder that an e-archive can take: JSON Lines, PDF/A, a manifest with SHA-256.

The same things on file give the same bytes. What opens doors (links, sign-in letters) is left out.
From `editions.jsonl` alone every report is made again, byte for byte (`rebuild`).
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Date, String, bindparam, select, text
from sqlmodel import Session, SQLModel

import models.tables  # noqa: F401 - all of the metadata
from config import clock
from models.columns import Moment
from models.edition import EditionState, ReportKind
from reports.approval import Approval, Edited, complete
from reports.editions import Frozen, Of
from reports.files import as_files, file_name
from templates import render

SCHEMA = 1
_FORMATS = ("html", "pdf")
_DOOR = re.compile(r"(/(?:svar|rapport|kalender|logga-in/lank)/)[^\s\"'<>]+")
_ACTIVITIES = (
    "(SELECT m.activity_id FROM move m JOIN activity x ON x.id = m.activity_id "
    "WHERE m.on_day <= :last AND NOT "
    "(x.state IN ('avslagen', 'återtagen', 'avslutad', 'överförd') AND x.state_since < :first))"
)
_PLANS = (
    f"(SELECT plan_id FROM activity WHERE id IN {_ACTIVITIES} UNION SELECT id FROM plan "  # noqa: S608
    "WHERE first_day <= :last AND last_day >= :first)"
)
_IN_YEAR = "on_day BETWEEN :first AND :last"


class ArchiveError(ValueError):
    """An archive cannot be made or is not whole; the message says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of lines: its table, which rows, and which columns are left out."""

    file: str
    table: str
    what: str
    where: str = "1 = 1"
    without: frozenset[str] = field(default_factory=frozenset)


SOURCES = (
    Source("collaborations", "collaboration", "The collaborations."),
    Source("groups", "groups", "Their groups, ended ones too."),
    Source(
        "people",
        "person",
        "The people whom other files name by number.",
        without=frozenset({"unreachable_since", "unreachable_why"}),
    ),
    Source(
        "roles",
        "role_holding",
        "Who held which role in which group during the year.",
        "(starts_on IS NULL OR starts_on <= :last) AND (ends_on IS NULL OR ends_on >= :first)",
    ),
    Source(
        "plans", "plan", "Plans that held for the year or have its activities.", f"id IN {_PLANS}"
    ),
    Source("goals", "goal", "The goals of those plans.", f"plan_id IN {_PLANS}"),
    Source("plan_changes", "plan_change", "What was agreed anew in plans and goals.", _IN_YEAR),
    Source(
        "activities",
        "activity",
        "Activities that were open during the year, as they stood when the archive was made.",
        f"id IN {_ACTIVITIES}",
    ),
    Source(
        "activity_goals",
        "activity_goal",
        "Which goals they serve.",
        f"activity_id IN {_ACTIVITIES}",
    ),
    Source(
        "responsible", "responsibility", "Who answers for them.", f"activity_id IN {_ACTIVITIES}"
    ),
    Source("promises", "promise", "What they promise to tell.", f"activity_id IN {_ACTIVITIES}"),
    Source("moves", "move", "Every move of an activity during the year.", _IN_YEAR),
    Source("changes", "change", "Every deadline and other thing agreed anew.", _IN_YEAR),
    Source("parts", "part", "How far parties have come.", f"activity_id IN {_ACTIVITIES}"),
    Source("part_changes", "part_change", "How far the parties of activities came.", _IN_YEAR),
    Source(
        "decisions", "decision", "Decisions of the year.", "decided_on BETWEEN :first AND :last"
    ),
    Source(
        "answers",
        "status_answer",
        "What people answered, in their own words.",
        _IN_YEAR,
        frozenset({"link_id"}),
    ),
    Source(
        "status_rounds",
        "status_round",
        "Status rounds of the year.",
        "occasion_on BETWEEN :first AND :last",
    ),
    Source("meetings", "meeting", "The groups' meetings.", _IN_YEAR),
    Source(
        "letters",
        "letter",
        "Letters written during the year, as plain text, without what opens their links.",
        f"{_IN_YEAR} AND kind <> 'sign-in'",
        frozenset(
            {"link_id", "html", "claimed_by", "claimed_at", "attempts", "not_before", "reply_to"}
        ),
    ),
    Source(
        "attachments",
        "attachment",
        "Files that went with those letters, by their hash; approved reports are in reports/.",
        f"letter_id IN (SELECT id FROM letter WHERE {_IN_YEAR} AND kind <> 'sign-in')",  # noqa: S608
        frozenset({"content", "content_id"}),
    ),
    Source("imports", "imported_file", "Files that were taken in.", "at >= :begin AND at < :end"),
    Source(
        "deviation_imports",
        "deviation_import",
        "Exports of deviations that were taken in.",
        "at >= :begin AND at < :end",
        frozenset({"headings", "refused", "personnummer_rows"}),
    ),
    Source(
        "deviation_cases",
        "deviation_case",
        "Cases registered during the year, in codes as the reports count them; no free text.",
        "registered_on BETWEEN :first AND :last",
    ),
    Source(
        "editions",
        "edition",
        "Every edition of the year's reports: its facts, and the words it was approved with.",
        "period LIKE :year",
    ),
    Source(
        "written", "written_prose", "Everything that people wrote in them.", "period LIKE :year"
    ),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of an archive."""

    name: str
    sha256: str
    bytes: int


def make(session: Session, organisation: str, year: int, folder: Path) -> list[Kept]:
    """Write the year's archive. All of it or nothing: the folder is moved into place when whole.

    Raises `ArchiveError` when the folder holds anything already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArchiveError(f"{folder} is not empty. Choose another folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        kept = _fill(session, organisation, year, made)
        if folder.exists():
            folder.rmdir()
        made.chmod(0o700)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return kept


def _fill(session: Session, organisation: str, year: int, folder: Path) -> list[Kept]:
    """1. A file of lines for each source. 2. The reports. 3. The description. 4. The manifest."""
    fields: dict[str, list[str]] = {}
    for source in SOURCES:
        rows = list(_rows(session, source, year))
        fields[source.file] = _columns(source)
        (folder / f"{source.file}.jsonl").write_text("".join(rows), "utf-8", newline="\n")
    for name, data in rebuild(folder).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    readme = render(
        "report/archive.txt",
        year=year,
        organisation=organisation,
        schema=SCHEMA,
        sources=SOURCES,
        fields=fields,
        told=FIELDS,
    )
    (folder / "README.txt").write_text(readme, "utf-8", newline="\n")
    kept = [_kept(folder, path) for path in _files(folder)]
    manifest = {
        "archive": "foljsam",
        "schema": SCHEMA,
        "year": year,
        "organisation": organisation,
        "files": [{"name": k.name, "sha256": k.sha256, "bytes": k.bytes} for k in kept],
    }
    words = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(words, "utf-8", newline="\n")
    return kept


def check(folder: Path) -> list[str]:
    """What is wrong with an archive, a sentence each: missing, changed, or not in the manifest."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        listed = {one["name"]: Kept(**one) for one in manifest["files"]}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ArchiveError(f"{folder} has no manifest that can be read: {error}") from error
    found = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    problems = [f"{name} is missing." for name in sorted(listed.keys() - found.keys())]
    problems += [f"{name} is not in the manifest." for name in sorted(found.keys() - listed.keys())]
    problems += [
        f"{name} has changed."
        for name in sorted(found.keys() & listed.keys())
        if _kept(folder, found[name]) != listed[name]
    ]
    return problems


def rebuild(folder: Path) -> dict[str, bytes]:
    """Every approved report of an archive made anew from its lines: path in the folder -> bytes."""
    editions = [_edited(json.loads(line)) for line in _lines(folder / "editions.jsonl")]
    approved = [one for one in editions if one.approved]
    approved.sort(key=lambda one: one.frozen.number)
    earlier: dict[Of, Edited] = {}
    made = {}
    for one in approved:
        report = complete(one, earlier.get(one.frozen.of), one.approval.prose)
        earlier[one.frozen.of] = one
        for file_format, data in as_files(_FORMATS, one.frozen, report, None).items():
            name = f"reports/{one.frozen.id:06}-{file_name(one.frozen, report, file_format)}"
            made[name] = data
    return made


def _edited(line: Mapping[str, Any]) -> Edited:
    of = Of(ReportKind(line["kind"]), line["collaboration_id"], line["group_id"], line["period"])
    frozen = Frozen(
        id=line["id"],
        of=of,
        number=line["number"],
        cut_off=date.fromisoformat(line["cut_off"]),
        state=EditionState(line["state"]),
        schema_version=line["schema_version"],
        sha256=line["sha256"],
        facts=line["facts"],
    )
    return Edited(frozen, _APPROVAL.validate_python({n: line[n] for n in Approval.__slots__}))


_APPROVAL: TypeAdapter[Approval] = TypeAdapter(Approval)


def _rows(session: Session, source: Source, year: int) -> Iterator[str]:
    """The lines of a file, in the order of the table's keys."""
    table = SQLModel.metadata.tables[source.table]
    first, last = date(year, 1, 1), date(year, 12, 31)
    values = (
        bindparam("first", first, Date),
        bindparam("last", last, Date),
        bindparam("begin", clock.start_of(first), Moment),
        bindparam("end", clock.start_of(date(year + 1, 1, 1)), Moment),
        bindparam("year", f"{year}%", String),
    )
    where = text(source.where).bindparams(
        *(value for value in values if f":{value.key}" in source.where)
    )
    columns = [column for column in table.columns if column.name not in source.without]
    if source.table == "attachment":
        columns.append(table.c.content)
    for row in session.execute(select(*columns).where(where).order_by(*table.primary_key)):
        line = {name: _plain(value) for name, value in row._mapping.items()}
        if source.table == "attachment":
            content = line.pop("content")
            line |= {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
        if source.table == "letter":
            line["text"] = _DOOR.sub(r"\1…", line["text"])
        if source.table == "edition":
            line["facts"] = json.loads(line["facts"])
        yield json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n"


def _columns(source: Source) -> list[str]:
    table = SQLModel.metadata.tables[source.table]
    kept = [column.name for column in table.columns if column.name not in source.without]
    return [*kept, "sha256", "bytes"] if source.table == "attachment" else kept


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def _files(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _kept(folder: Path, path: Path) -> Kept:
    data = path.read_bytes()
    return Kept(path.relative_to(folder).as_posix(), sha256(data).hexdigest(), len(data))


# What a field means, for the archive's own description; the same name means the same everywhere.
FIELDS = {
    "id": "the row's number, which other files name it by",
    "collaboration_id": "the collaboration (collaborations)",
    "group_id": "the group (groups); empty: none, or all",
    "plan_id": "the plan (plans)",
    "activity_id": "the activity (activities)",
    "goal_id": "the goal (goals)",
    "person_id": "the person (people)",
    "part_id": "the part's number",
    "decision_id": "the decision (decisions)",
    "parent_id": "the row above it in the same file",
    "successor_id": "the group that took over",
    "stand_in_group_id": "the group that answers while it is paused",
    "referred_to_group_id": "the group that the question was referred to",
    "absorbed_into_activity_id": "the activity that it went on in",
    "absorbed_into_plan_id": "the plan that it went on in",
    "successor_of": "the activity that this one continues",
    "name": "the name",
    "kind": "which kind, in a word",
    "temporary": "is it for a time only?",
    "starts_on": "first day; empty: not known",
    "ends_on": "last day; empty: none",
    "email": "address",
    "left_on": "last day of somebody who has left",
    "role": "the role, in Swedish",
    "title": "the title",
    "first_day": "first day",
    "last_day": "last day",
    "adopted_on": "the day it was adopted",
    "last_changed_on": "the day the document says that it was changed",
    "approved_on": "the day the document says that it was approved",
    "closed_on": "the day it was closed",
    "purpose": "its purpose, in the plan's words",
    "target_groups": "target groups, in the plan's words",
    "goal_words": "what the plan calls its goals",
    "cap": "the most activities that it should have",
    "position": "its place among its neighbours",
    "text": "the words",
    "called": "what the plan calls it",
    "about": "what the change is about",
    "before": "as it was",
    "after": "as it became",
    "on_day": "the day",
    "at": "the moment, in UTC",
    "by": "who did it",
    "reason": "why",
    "what": "what it is about, in words",
    "how": "how it is to be done",
    "follow_up": "how it is to be followed up",
    "status_words": "what the plan itself said of its state",
    "start_text": "the start as written",
    "start_first": "the first day that it may mean",
    "start_last": "the last day that it may mean",
    "start_precision": "how precisely it is written",
    "start_due": "the day that reminders of the start count from",
    "deadline_text": "the deadline as written",
    "deadline_first": "the first day that it may mean",
    "deadline_last": "the last day that it may mean",
    "deadline_precision": "how precisely it is written",
    "runs_on": "does it run on without an end?",
    "review_months": "months between reviews",
    "next_review_on": "the next review",
    "funding_text": "the money, in the plan's words",
    "funding_last": "the last day it may be used",
    "funding_amount": "the amount in kronor",
    "state": "how far it has come, in a word",
    "state_since": "since when",
    "state_before_pause": "the state that a pause goes back to",
    "resume_on": "the day a pause ends",
    "reported_done_on": "the day somebody reported it done",
    "result": "what came of it",
    "outcome": "how it ended",
    "kept_by": "who goes on with it",
    "source_key": "what the row was known by when it was taken in",
    "source_file": "the file it was taken in from",
    "source_table": "the table in that file",
    "source_row": "the row in that table",
    "doubts": "what was unclear when it was taken in",
    "words": "as people wrote it",
    "made_to": "to whom or where it is promised",
    "due": "the last day it is promised for",
    "move": "the move, in Swedish",
    "from_state": "the state before",
    "to_state": "the state after",
    "details": "what the move brought with it",
    "before_words": "the words before",
    "after_words": "the words after",
    "before_values": "what they meant before",
    "after_values": "what they mean after",
    "decided_on": "the day of the decision",
    "reference": "the paragraph or other reference",
    "says": "what the answer says, in a word",
    "figure": "the figure that was given",
    "instead": "who answers instead",
    "proposed_text": "another deadline that was proposed",
    "proposed_first": "the first day that it may mean",
    "proposed_last": "the last day that it may mean",
    "proposed_precision": "how precisely it is written",
    "review_was": "the next review, until this answer moved it",
    "occasion": "what it was for",
    "occasion_on": "the day it was for",
    "opened_on": "the day it opened",
    "closes_on": "the last day to answer",
    "opened_by": "who opened it; empty: the timetable",
    "to_name": "to whom",
    "to_address": "to which address",
    "subject": "the subject",
    "message_id": "the letter's Message-ID",
    "queued_at": "when it was written, in UTC",
    "done_at": "when it was sent or given up, in UTC",
    "server_said": "what the mail server answered",
    "sha256": "SHA-256 of the file, or of the facts in canonical JSON",
    "counts": "how many of what were taken in",
    "file": "the file's name",
    "source": "the mapping that was used",
    "reading": "how it was read",
    "rows": "rows in it",
    "cases": "cases in it",
    "new": "new cases",
    "updated": "cases that changed",
    "unchanged": "cases that did not",
    "totals": "rows of sums, which are no cases",
    "hidden": "values that were not kept, as they looked like free text",
    "undone_at": "when it was undone, in UTC",
    "undone_by": "who undid it",
    "period": "2025, 2025Q1, 2025T1 or 2025H1",
    "number": "the edition's number",
    "cut_off": "the last day that was looked at",
    "schema_version": "the schema of the facts",
    "facts": "every figure and word of the report; the program's docs/reports.md tells the names",
    "compiled_at": "when it was compiled, in UTC",
    "compiled_by": "by whom",
    "reviewed_at": "when it was reviewed, in UTC",
    "reviewed_by": "by whom",
    "approved_at": "when it was approved, in UTC",
    "approved_by": "by whom",
    "override_reason": "why it was approved although promises were missing",
    "prose": "the words it was approved with, by place",
    "sent_at": "when it was sent, in UTC",
    "key": "the place in the report",
    "why": "why it stands where it stands",
    "since": "since when",
    "responsible": "who answers for it, in words",
    "letter_id": "the letter (letters)",
    "media_type": "what kind of file",
    "bytes": "its size",
    "registered_on": "the day it is counted on",
    "month": "the month of that day, counted from year 0",
    "happened_on": "the day it happened",
    "changed_at": "when the deviation system last changed it, in UTC",
    "answered_on": "the day it was answered",
    "reporting_org": "the organisation that reported it",
    "reporting_unit": "its unit",
    "investigating_org": "the organisation that investigates it",
    "investigating_unit": "its unit",
    "found_by": "who found it: the region or a municipality",
    "area": "the local area",
    "target_group": "the target group",
    "process": "the process",
    "classified": "the class",
    "severity": "the severity",
    "status": "the status",
    "handling": "days of handling, in hundredths",
    "answer_days": "days from when it is counted to the answer",
    "voided": "was it voided?",
    "waits": "does it wait for an answer?",
    "series": "the source whose numbers it is counted among",
    "first_import_id": "the import that it first came with (deviation_imports)",
    "import_id": "the import that it last came with (deviation_imports)",
}
