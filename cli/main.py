"""`foljsam`: the commands, each a few lines; the work is done by the rooms below.

Heavy libraries are imported inside the commands, so that `foljsam dates` answers at once.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from textwrap import shorten
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.console import WRONG, Wrong, out
from config import clock, settings
from config.settings import Settings

app = typer.Typer(
    name="foljsam",
    help="Följsam keeps the promises in a plan.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
imports = typer.Typer(no_args_is_help=True, help="Take in a plan or a list of people.")
app.add_typer(imports, name="import")

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]


def run() -> None:
    """The entry point: an expected refusal is one sentence on standard error, never a traceback."""
    from intake.documents import Refusal
    from models.database import DatabaseError

    try:
        app()
    except (settings.SettingsError, Refusal, DatabaseError, Wrong) as refusal:
        typer.echo(f"foljsam: {refusal}", err=True)
        sys.exit(WRONG)
    except BrokenPipeError:  # the reader (`| head`) has had enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        sys.exit(0)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn refusals of rooms that only some commands import into `Wrong`."""
    from config.policy import PolicyError

    try:
        yield
    except PolicyError as error:
        raise Wrong(str(error)) from error


def ready() -> Settings:
    """The installation's settings, with its database migrated."""
    from config import policy
    from models.database import migrate

    told = settings.load()
    with refusing():
        policy.load(told.home)
    migrate(told)
    return told


@app.command()
def up() -> None:
    """Start everything on this machine: pages, rounds, postman. Ctrl-C ends it."""
    from cli.serve import up as start_everything

    start_everything(ready())


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play the year, check it, and end.")] = False,
    as_json: Json = False,
) -> None:
    """Play a year of an example plan, with real rounds and real mail, then serve its pages."""
    from cli.demo import DemoFailed, play

    try:
        played = play(stay=not once, quiet=as_json)
    except DemoFailed as failed:
        typer.echo(f"foljsam: the demo did not work: {failed}", err=True)
        raise typer.Exit(1) from failed
    if as_json:
        typer.echo(json.dumps(played, ensure_ascii=False))


@app.command(name="run")
def run_now(
    line: Annotated[str, typer.Argument(help="A line of the timetable, e.g. morning-round.")],
    today: Annotated[
        str, typer.Option(help="The day to run it for, e.g. 2024-12-01. Default: today.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Run one round now, as a Prefect flow run, and post its letters."""
    from cli.serve import run_once
    from config import timetable

    try:
        chosen = timetable.line(line)
    except KeyError:
        names = ", ".join(each.name for each in timetable.TIMETABLE)
        raise Wrong(f"There is no round named {line!r}. There is: {names}.") from None
    told = ready()
    counts = run_once(told, chosen, day(today) or clock.today(told.today))
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        out.print(f"{line}: {counts['letters']} letters queued, {counts['posted']} posted.")


@app.command()
def postman() -> None:
    """Only post letters (many machines: the other roles run elsewhere)."""
    from cli.serve import only_postman

    only_postman(ready())


@app.command()
def web() -> None:
    """Only serve the pages (many machines: the other roles run elsewhere)."""
    from cli.serve import only_web

    only_web(ready())


@app.command()
def worker() -> None:
    """Put the timetable on the Prefect server and run its rounds (many machines)."""
    from cli.serve import only_worker

    only_worker(ready())


@app.command()
def dates(
    expression: Annotated[str | None, typer.Argument(help='For instance "hösten 2024".')] = None,
    reference: Annotated[
        str, typer.Option(help="The day the words were written. Default: today.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Read Swedish date expressions; from standard input, `expression<TAB>reference` a line."""
    from rules.swedish_dates import read

    written = day(reference) or clock.today()
    pairs: Iterator[tuple[str, date]] = iter([(expression or "", written)])
    if expression is None:
        pairs = _lines(written)
    for words, on in pairs:
        span = read(words, on)
        if as_json:
            typer.echo(json.dumps(span.as_json(), ensure_ascii=False))
        else:
            ends = f"{span.first or '…'} – {span.last or '…'}"
            typer.echo(f"{ends}  {span.precision.value}{'  ' + span.doubt if span.doubt else ''}")


def _lines(written: date) -> Iterator[tuple[str, date]]:
    for line in sys.stdin.buffer:
        words, _, told = line.decode("utf-8", "replace").rstrip("\r\n").partition("\t")
        yield words, day(told.strip()) or written


@imports.command("plan")
def import_plan(
    file: Annotated[Path, typer.Argument(help="A Word or Excel file (.docx, .xlsx).")],
    plan: Annotated[str, typer.Option(help="Another title than the file's own.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Show what is understood, save nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in an activity plan. The same file twice changes nothing."""
    from config import policy
    from intake.drafts import as_json as draft_as_json
    from intake.filing import file_plan
    from intake.plans import read_plan
    from models.database import transaction
    from models.moves import Mover

    told = settings.load()
    draft = read_plan(file, max_bytes=told.max_upload_bytes)
    shown = draft_as_json(draft)
    if check:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=None if as_json else 2))
        return
    ready()
    with transaction(told) as session:
        filed = file_plan(
            session,
            draft,
            Mover(f"inläsning av {draft.file}"),
            organisation=told.organisation,
            review_months=policy.load(told.home).review_months,
            today=clock.today(told.today),
            name=plan,
        )
    if as_json:
        saved = {"plan_id": filed.plan_id, "new": filed.new, "unchanged": filed.unchanged}
        typer.echo(json.dumps(shown | {"saved": saved}, ensure_ascii=False))
        return
    _tell_plan(shown, filed.new, filed.unchanged)


def _tell_plan(shown: dict[str, Any], new: int, unchanged: int) -> None:
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
    if doubts:
        out.print("To look over:")
    for doubt, numbers in doubts.items():
        out.print(f"  {', '.join(numbers)}: {doubt}", markup=False)
    for skipped in shown["skipped"]:
        out.print(f"  Left out, {skipped['where']}: {skipped['reason']}", markup=False)
    if new:
        out.print(f"{new} activities saved, {unchanged} were on file already.")
    else:
        out.print("Nothing new: everything in the file was on file already.")


@imports.command("people")
def import_people(
    file: Annotated[Path, typer.Argument(help="A list as .csv or .xlsx.")],
    check: Annotated[bool, typer.Option("--check", help="Read only, save nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Take in people, their groups and dated roles. The same file twice changes nothing."""
    from intake.filing import file_people
    from intake.people import read_people
    from models.database import transaction

    told = settings.load()
    draft = read_people(file, max_bytes=told.max_upload_bytes)
    counts = {"rows": draft.rows, "people": len(draft.people)}
    if not check:
        ready()
        with transaction(told) as session:
            filed = file_people(session, draft, organisation=told.organisation)
        counts |= {"new": filed.new, "changed": filed.changed, "unchanged": filed.unchanged}
    if as_json:
        typer.echo(json.dumps(counts))
    elif check:
        out.print(f"{counts['people']} people in {counts['rows']} rows. Nothing saved (--check).")
    else:
        out.print(
            f"{counts['new']} people new, {counts['changed']} changed, "
            f"{counts['unchanged']} were on file already."
        )


@app.command(name="rehearse")
def rehearse_letters(
    first: Annotated[str, typer.Option("--from", help="First day. Default: tomorrow.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day. Default: 90 days on.")] = "",
    as_json: Json = False,
) -> None:
    """Show every letter of the days to come, to whom and why. Saves and sends nothing."""
    from datetime import timedelta

    from config import policy
    from notifications.rehearsal import rehearse

    told = ready()
    begin = day(first) or clock.today(told.today) + timedelta(days=1)
    try:
        coming = rehearse(
            told, policy.load(told.home), begin, day(last) or begin + timedelta(days=90)
        )
    except ValueError as error:
        raise Wrong(f"This cannot be rehearsed: {error}.") from error
    for letter in coming:
        if as_json:
            typer.echo(json.dumps(letter.as_json(), ensure_ascii=False))
        else:
            out.print(f"{letter.on_day}  {letter.address}  {letter.subject}", markup=False)
    if not as_json:
        out.print(f"{len(coming)} letters. Nothing was saved or sent.")


@app.command(name="list")
def list_activities(
    state: Annotated[str, typer.Option(help="Only those in this state, e.g. beslutad.")] = "",
    group: Annotated[str, typer.Option(help="Only those of this group, by its name.")] = "",
    as_json: Json = False,
) -> None:
    """List the activities on file."""
    from cli.activities import show

    show(ready(), state, group, as_json=as_json)


@app.command()
def move(
    activity: Annotated[int, typer.Argument(help="The activity's number, as in `foljsam list`.")],
    name: Annotated[str, typer.Argument(metavar="MOVE", help='E.g. besluta, starta, "följ upp".')],
    reason: Annotated[str, typer.Option(help="Why; or what is to be redone.")] = "",
    decision: Annotated[
        str, typer.Option(help='Group, day and paragraph: "Samordningsgruppen, 2024-01-22, § 7".')
    ] = "",
    result: Annotated[str, typer.Option(help="What came of it.")] = "",
    figure: Annotated[str, typer.Option(help="The figure that was to be measured.")] = "",
    why_no_figure: Annotated[str, typer.Option(help="Why there is no figure.")] = "",
    outcome: Annotated[str, typer.Option(help="How it ended, e.g. uppnått.")] = "",
    resume_on: Annotated[str, typer.Option(help="When a pause ends.")] = "",
    resume_when: Annotated[str, typer.Option(help="On what condition a pause ends.")] = "",
    review_on: Annotated[str, typer.Option(help="When a pause is reconsidered.")] = "",
    stand_in: Annotated[str, typer.Option(help="The group that answers meanwhile.")] = "",
    deadline: Annotated[str, typer.Option(help="The new deadline, as people write it.")] = "",
    next_plan: Annotated[str, typer.Option(help="The plan it is carried over to.")] = "",
    as_json: Json = False,
) -> None:
    """Move an activity in its life. A refusal says all that is missing, and changes nothing."""
    from cli import activities

    given = {
        "reason": reason,
        "decision": decision,
        "result": result,
        "figure": figure,
        "why_no_figure": why_no_figure,
        "outcome": outcome,
        "resume_on": resume_on,
        "resume_when": resume_when,
        "review_on": review_on,
        "stand_in": stand_in,
        "deadline": deadline,
        "next_plan": next_plan,
    }
    activities.move(ready(), activity, name, given, as_json=as_json)


def day(words: str) -> date | None:
    """An ISO day from the command line; None when nothing was given."""
    if not words:
        return None
    try:
        return datetime.strptime(words, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise Wrong(f"{words!r} is not a day. Write it as 2024-12-01.") from None
