"""`foljsam import plan`: what is understood of a file, what differs from what is on file, saved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import shorten
from typing import Any

import typer
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from cli.console import Wrong, out
from config import clock, policy
from config.settings import Settings
from intake.documents import Document, read_tables
from intake.drafts import PlanDraft
from intake.drafts import as_json as draft_as_json
from intake.filing.filing import Filed
from intake.filing.known import with_doubts_on_file
from intake.filing.remembered import remember, remember_states, remembered, with_states
from intake.filing.taking_in import against, all_changes, plan_by_file, plan_of, take_in
from intake.filing.taking_in import as_json as differences_as_json
from intake.plan.heading_words import Synonyms
from intake.plan.synonyms import own_headings, refuse_unseen, told_columns, told_states
from intake.plans import understood
from models.columns import c
from models.database import Turns, reading, take_turns, transaction
from models.group import Collaboration
from models.moves import Mover, Refused
from models.plan import Plan
from rules.running import Standing


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    file: Path
    plan: str = ""
    apply_changes: bool = False
    as_json: bool = False
    columns: str = ""  # "heading=column,…", what this file's headings stand over
    states: str = ""  # "word=state,…", what its words of status mean
    forget: bool = False  # read it without what was shown of such files, and forget that


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read, and what was said of it, now and before."""

    document: Document
    draft: PlanDraft
    columns: Synonyms
    states: Mapping[str, Standing]


def show(settings: Settings, asked: Asked) -> None:
    """Print what is understood and what those on file make of it. Saves nothing.

    Where nothing is on file yet, the file alone is told of, and no database is made.
    """
    told: dict[str, Any] = {}
    if not _has_database(settings):
        draft = _read(None, settings, asked).draft
    else:
        try:
            with reading(settings) as session:
                draft = _read(session, settings, asked).draft
                draft, told = _held_against(session, settings, asked, draft)
        except DBAPIError as error:
            raise Wrong(
                "The database cannot be asked: it is of another version, or no database of "
                "Följsam. `foljsam up` brings an older one up to date."
            ) from error
    shown = draft_as_json(draft) | told
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=None if asked.as_json else 2))


def _held_against(
    session: Session, settings: Settings, asked: Asked, draft: PlanDraft
) -> tuple[PlanDraft, dict[str, Any]]:
    """The draft with the doubts that those on file give, and how it differs from its plan."""
    own = settings.organisation
    draft = with_doubts_on_file(session, draft, organisation=own, name=asked.plan)
    plan = plan_of(session, draft, organisation=own, name=asked.plan)
    if plan is not None:
        differences = against(session, draft, plan, today=clock.today(settings.today))
        return draft, {"differences": differences_as_json(draft, differences)}
    areas = session.execute(
        select(c(Collaboration).id).where(c(Collaboration).name.in_({own, draft.organisation}))
    )
    earlier = plan_by_file(session, draft.file, areas.scalars().all())
    if earlier is None:
        return draft, {}
    title = session.execute(select(c(Plan).title).where(c(Plan).id == earlier)).scalar_one()
    return draft, {"seems_to_be": {"plan_id": earlier, "title": title}}


def take(settings: Settings, asked: Asked) -> None:
    """Put a file on file: what is new; and what it says otherwise, when that is asked for."""
    today = clock.today(settings.today)
    own = settings.organisation
    with reading(settings) as session:
        read = _read(session, settings, asked)
    draft = read.draft
    try:
        with transaction(settings) as session:
            take_turns(session, Turns.PLANS)
            draft = with_doubts_on_file(session, draft, organisation=own, name=asked.plan)
            plan = plan_of(session, draft, organisation=own, name=asked.plan)
            differences = against(session, draft, plan, today=today)
            filed = take_in(
                session,
                draft,
                differences,
                Mover(f"inläsning av {draft.file}"),
                organisation=own,
                review_months=policy.load(settings.home).review_months,
                today=today,
                name=asked.plan,
                accepted=all_changes(differences) if asked.apply_changes else None,
            )
            _remember(session, filed.plan_id, asked, read, today)
    except Refused as refused:
        raise Wrong(" ".join(refused.sentences)) from refused
    shown = draft_as_json(draft)
    told = differences_as_json(draft, differences)
    if asked.as_json:
        saved = {"plan_id": filed.plan_id, "new": filed.new, "unchanged": filed.unchanged}
        saved |= {"changed": filed.changed}
        more = {"saved": saved} | ({"differences": told} if plan is not None else {})
        typer.echo(json.dumps(shown | more, ensure_ascii=False))
        return
    _tell(shown)
    if plan is not None:
        _tell_differences(told, applied=asked.apply_changes)
    _tell_saved(filed, told)


def _read(session: Session | None, settings: Settings, asked: Asked) -> _Read:
    """The file as it is understood, with what the command says of it and what was shown before."""
    told, states = told_columns(asked.columns), told_states(asked.states)
    document = read_tables(
        asked.file, max_bytes=settings.max_upload_bytes, max_pages=settings.max_pdf_pages
    )
    refuse_unseen(document, told)
    shown: Synonyms = {}
    areas = _areas(session, settings) if session else []
    if session and not asked.forget:
        shown = remembered(session, areas, document).columns
    columns = {**shown, **told}
    draft = understood(document, synonyms={**own_headings(settings.home), **columns})
    if session:
        draft = with_states(session, areas, draft, states)
    return _Read(document, draft, columns, states)


def _areas(session: Session, settings: Settings) -> list[int]:
    """Whose showing counts: the installation's own collaboration, or the only one that there is."""
    every = session.execute(select(c(Collaboration).id, c(Collaboration).name)).tuples().all()
    own = [id_ for id_, name in every if name == settings.organisation]
    return own or ([every[0][0]] if len(every) == 1 else [])


def _remember(
    session: Session, plan_id: int | None, asked: Asked, read: _Read, today: date
) -> None:
    """Keep what was said of the file for the next one like it."""
    if plan_id is None:
        return
    if asked.columns or asked.forget:
        remember(session, plan_id, read.document, read.columns, today)
    remember_states(session, plan_id, read.states, today)


def _has_database(settings: Settings) -> bool:
    """Is there anything to compare with? Looking must not make a database."""
    return bool(settings.database_url) or (settings.home / "foljsam.db").is_file()


def _tell(shown: Mapping[str, Any]) -> None:
    """The activities as a table, and under it each doubt once with the activities it is about."""
    table = Table(title=shown["plan"]["title"], title_justify="left")
    for heading in ("", "What", "Responsible", "Start", "Deadline"):
        table.add_column(heading, overflow="fold")
    doubts: dict[str, list[str]] = {}
    for number, each in enumerate(shown["activities"] + shown["continuous"], start=1):
        table.add_row(
            str(number),
            shorten(each["what"], 90, placeholder=" …"),
            ", ".join(each["responsible"]),
            each["start"]["text"],
            each["deadline"]["text"],
        )
        for doubt in each["doubts"]:
            doubts.setdefault(doubt, []).append(str(number))
    out.print(table)
    if doubts or shown["plan"]["doubts"]:
        out.print("To look over:")
    for doubt in shown["plan"]["doubts"]:
        out.print(f"  the plan: {doubt}", markup=False)
    for doubt, numbers in doubts.items():
        out.print(f"  {', '.join(numbers)}: {doubt}", markup=False)
    rows = shown["plan"]["rows"]
    out.print(
        f"{rows['seen']} rows in tables: {rows['taken']} taken, {rows['around']} headings and the "
        f"plan's own facts, {rows['left_out']} left out."
    )
    for skipped in shown["skipped"]:
        out.print(f"  Left out, {skipped['where']}: {skipped['reason']}", markup=False)


def _tell_differences(told: Mapping[str, Any], *, applied: bool) -> None:
    for one in told["changed"]:
        out.print(f"  {one['id']} {_short(one['what'])}", markup=False)
        for each in one["changes"]:
            line = f"    {each['field']}: {_short(each['before'])} -> {_short(each['after'])}"
            out.print(line, markup=False)
    if told["changed"] and not applied:
        out.print("Nothing of this was changed. With --apply-changes it is.")
    if told["removed"]:
        out.print("No longer in the file; end them by a decision, nothing is removed:")
    for one in told["removed"]:
        out.print(f"  {one['id']} {_short(one['what'])}", markup=False)


def _tell_saved(filed: Filed, told: Mapping[str, Any]) -> None:
    if filed.new or filed.changed:
        changed = f", {filed.changed} changed" if filed.changed else ""
        out.print(f"{filed.new} activities saved{changed}, {filed.unchanged} were on file already.")
    elif told["changed"]:
        out.print("Nothing new.")
    else:
        out.print("Nothing new: everything in the file was on file already.")


def _short(words: str) -> str:
    return shorten(words, 70, placeholder=" …") or "(nothing)"
