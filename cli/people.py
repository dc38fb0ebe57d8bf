"""`foljsam import people` and `import groups`: what a list changes, shown or saved."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from cli.console import out
from config import clock
from config.settings import Settings
from intake.documents import file_at
from intake.people.comparing import Compared, Difference, Differs, compare_people
from intake.people.filing import file_people
from intake.people.group_list import file_groups, read_groups
from intake.people.list_files import check_kind
from intake.people.lists import Doubt, read_people
from models.database import scratch, transaction

_IN_ENGLISH = {
    Differs.NEW_PERSON: "new person: {name}, {email}",
    Differs.RENAMED: "new name: {before} -> {after}",
    Differs.NEW_ADDRESS: "new address: {name}, {before} -> {after}",
    Differs.TRIED_AGAIN: "tried again: {email}",
    Differs.BACK: "back: {name}",
    Differs.NEW_GROUP: "new group: {group}",
    Differs.NEW_ROLE: "new role: {name}, {role}, {group} ({after})",
    Differs.NEW_DATES: "new dates: {name}, {role}, {group} ({before} -> {after})",
    Differs.MISSING_ROLE: "not in the list: {name}, {role}, {group}",
    Differs.LEAVES: "no role left: {name}",
}


def take_in_people(
    told: Settings, file: Path, *, check: bool, end_missing: bool, as_json: bool
) -> None:
    """Compare a list of people with what is on file, and save it unless it is only checked."""
    draft = read_people(file, max_bytes=told.max_upload_bytes)
    organisation, today = told.organisation, clock.today(told.today)
    with scratch(told) if check else transaction(told) as session:
        if check:
            compared = compare_people(session, draft, organisation=organisation, today=today)
        else:
            compared = file_people(
                session, draft, organisation=organisation, today=today, end_missing=end_missing
            )
    if as_json:
        told_as = _as_json(draft.rows, len(draft.people), compared, check)
        left_out = [asdict(each) for each in draft.left_out]
        typer.echo(json.dumps(told_as | {"left_out": left_out}))
        return
    for each in compared.changes:
        out.print(f"  {_line(each)}", markup=False)
    for each in compared.missing:
        ended = "ended" if end_missing and not check else "kept; --end-missing ends it"
        out.print(f"  {_line(each)} ({ended})", markup=False)
    _tell(compared.doubts, "To look over:")
    _tell(draft.left_out, "Rows that are not saved:")
    if check:
        out.print(f"{len(draft.people)} people in {draft.rows} rows. Nothing saved (--check).")
    else:
        out.print(
            f"{compared.new} people new, {compared.changed} changed, "
            f"{compared.unchanged} were on file already."
        )


def take_in_groups(told: Settings, file: Path, *, check: bool, as_json: bool) -> None:
    """Compare a list of groups with what is on file, and save it unless it is only checked."""
    check_kind(file.name)
    read = read_groups(file.name, file_at(file, max_bytes=told.max_upload_bytes))
    with scratch(told) if check else transaction(told) as session:
        filed = file_groups(
            session,
            read,
            organisation=told.organisation,
            today=clock.today(told.today),
            by=f"inläsning av {file.name}",
        )
    counts = {"new": filed.new, "changed": filed.changed, "unchanged": filed.unchanged}
    if as_json:
        shown: dict[str, Any] = {"groups": len(read.groups), **counts, "differences": filed.changes}
        shown["left_out"] = [asdict(each) for each in filed.left_out]
        typer.echo(json.dumps(shown | {"doubts": [asdict(d) for d in filed.doubts]}))
        return
    for words in filed.changes:
        out.print(f"  {words}", markup=False)
    _tell(filed.doubts, "To look over:")
    _tell(filed.left_out, "Rows that are not saved:")
    saved = "Nothing saved (--check)." if check else "Saved."
    out.print(
        f"{filed.new} groups new, {filed.changed} changed, {filed.unchanged} as before. {saved}"
    )


def _as_json(rows: int, people: int, compared: Compared, check: bool) -> dict[str, Any]:
    counts: dict[str, Any] = {"rows": rows, "people": people}
    if not check:
        counts |= {
            "new": compared.new,
            "changed": compared.changed,
            "unchanged": compared.unchanged,
        }
    return counts | {
        "differences": [each.as_json() for each in compared.changes],
        "missing": [each.as_json() for each in compared.missing],
        "doubts": [asdict(doubt) for doubt in compared.doubts],
    }


def _line(each: Difference) -> str:
    line = _IN_ENGLISH[each.kind].format(**asdict(each))
    if not each.activities:
        return line
    return f"{line}; name somebody new to answer for {', '.join(each.activities)}"


def _tell(told: list[Doubt], heading: str) -> None:
    if told:
        out.print(heading)
    for doubt in told:
        where = f"row {doubt.row}: " if doubt.row else ""
        out.print(f"  {where}{doubt.english}", markup=False)
