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
from typing import Annotated

import typer

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
plans = typer.Typer(no_args_is_help=True, help="Look at plans.")
app.add_typer(plans, name="plan")
reports = typer.Typer(no_args_is_help=True, help="Roll-ups of a quarter or a year, as files.")
app.add_typer(reports, name="report")

exports = typer.Typer(no_args_is_help=True, help="Write what is on file to a file.")
app.add_typer(exports, name="export")

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]


def run() -> None:
    """The entry point: an expected refusal is one sentence on standard error, never a traceback."""
    from intake.documents import Refusal
    from models.database import DatabaseError
    from models.moves import Refused

    try:
        app()
    except (settings.SettingsError, Refusal, DatabaseError, Wrong, Refused) as refusal:
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
    """Only post letters, and watch the rounds (many machines: the other roles run elsewhere)."""
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
    file: Annotated[Path, typer.Argument(help="A .docx, .xlsx, .pdf or .csv file.")],
    plan: Annotated[str, typer.Option(help="Another title than the file's own.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Show what is understood, save nothing.")
    ] = False,
    apply_changes: Annotated[
        bool, typer.Option("--apply-changes", help="Change what a changed file says otherwise.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in an activity plan. The same file twice changes nothing."""
    from cli import plan_import

    asked = plan_import.Asked(file, plan, apply_changes=apply_changes, as_json=as_json)
    if check:
        plan_import.show(settings.load(), asked)
    else:
        plan_import.take(ready(), asked)


@exports.command("plan")
def export_plan(
    plan: Annotated[str, typer.Argument(help="The plan's title or number.")],
    kind: Annotated[str, typer.Option("--format", help="docx or xlsx.")] = "docx",
    file: Annotated[Path | None, typer.Option("--out", help="Where to write it.")] = None,
) -> None:
    """Write a plan as the table it came as. Taking it in again changes nothing."""
    from cli import exports as writing

    writing.plan(ready(), plan, kind, file)


@imports.command("people")
def import_people(
    file: Annotated[Path, typer.Argument(help="A list as .csv or .xlsx.")],
    check: Annotated[
        bool, typer.Option("--check", help="Show what would change, save nothing.")
    ] = False,
    end_missing: Annotated[
        bool, typer.Option("--end-missing", help="End roles that the list no longer has.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in people, their groups and dated roles. The same file twice changes nothing."""
    from cli.people import take_in_people

    take_in_people(ready(), file, check=check, end_missing=end_missing, as_json=as_json)


@imports.command("groups")
def import_groups(
    file: Annotated[Path, typer.Argument(help="A list as .csv or .xlsx.")],
    check: Annotated[
        bool, typer.Option("--check", help="Show what would change, save nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in groups: their kind, the group above, days and chair. An empty cell says nothing."""
    from cli.people import take_in_groups

    take_in_groups(ready(), file, check=check, as_json=as_json)


@imports.command("deviations")
def import_deviations(
    file: Annotated[Path, typer.Argument(help="An export of the deviation system (.csv, .xlsx).")],
    mapping: Annotated[str, typer.Option(help="A saved mapping of its headings.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Show what would change, save nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in deviations. Free text is never kept; the same file twice changes nothing."""
    from cli import deviations

    deviations.take(ready(), file, mapping, check=check, as_json=as_json)


@exports.command("archive")
def export_archive(
    year: Annotated[int, typer.Argument(help="The year, e.g. 2025.")] = 0,
    folder: Annotated[
        Path | None, typer.Option("--out", help="The folder; it must be empty or new.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", help="Only compare this archive with its manifest.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write everything of a year as a documented folder that an e-archive can take."""
    from cli import archive

    if check is not None:
        archive.verify(check, as_json=as_json)
    else:
        archive.write(ready(), year, folder, as_json=as_json)


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


@app.command()
def why(
    person: Annotated[str, typer.Argument(help="A name or an address.")],
    on: Annotated[str, typer.Argument(metavar="DATE", help="The day, e.g. 2024-12-02.")],
    as_json: Json = False,
) -> None:
    """Say why no letter went to a person on a day, or what became of the one that did."""
    from cli.why import show

    show(ready(), person, day(on), as_json=as_json)


@app.command(name="list")
def list_activities(
    state: Annotated[str, typer.Option(help="Only those in this state, e.g. beslutad.")] = "",
    group: Annotated[str, typer.Option(help="Only those of this group, by its name.")] = "",
    as_json: Json = False,
) -> None:
    """List the activities on file."""
    from cli.activities import show

    show(ready(), state, group, as_json=as_json)


@plans.command(name="show")
def show_plan(
    plan: Annotated[str, typer.Argument(help="The plan's title or number.")],
    on: Annotated[
        str, typer.Option(help="As it stood at the end of this day, e.g. 2024-05-01.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show a plan with its activities, as it is or as it stood on any day."""
    from cli.plans import show

    show(ready(), plan, day(on), as_json=as_json)


@plans.command(name="close")
def close_plan(
    plan: Annotated[str, typer.Argument(help="The plan's title or number.")],
    as_json: Json = False,
) -> None:
    """Close a plan. Refused, with their names, while activities are open."""
    from cli.year_end import close

    close(ready(), plan, as_json=as_json)


@plans.command(name="carry-over")
def carry_over_plan(
    plan: Annotated[str, typer.Argument(help="The plan's title or number.")],
    to: Annotated[str, typer.Option(help="The plan that they go on in.")] = "",
    reason: Annotated[str, typer.Option(help="Why; needed when it is undone.")] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Show what it makes, save nothing.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was carried over.")] = False,
    as_json: Json = False,
) -> None:
    """Carry every open activity of a plan over to the next, or take it back."""
    from cli import year_end

    if undo:
        year_end.undo(ready(), plan, reason, as_json=as_json)
        return
    if not to:
        raise Wrong("Say with --to which plan the activities go on in.")
    year_end.carry_over(ready(), plan, to, reason, check=check, as_json=as_json)


Group = Annotated[str, typer.Option(help="Of this group and those below it, by its name.")]
Format = Annotated[str, typer.Option("--format", help="html, pdf, docx, xlsx or json.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where to write; its ending may choose.")]
CutOff = Annotated[str, typer.Option(help="The last day looked at. Default: today.")]


@reports.command(name="quarter")
def report_quarter(
    period: Annotated[str, typer.Argument(help="2025Q1; or 2025T2 (tertial), 2025H1 (half).")],
    group: Group = "",
    file_format: Format = "",
    file: Out = None,
    today: CutOff = "",
    as_json: Json = False,
) -> None:
    """Write the status roll-up of a quarter. The same facts are the same edition."""
    from cli.reports import make
    from models.edition import ReportKind

    told = ready()
    make(told, ReportKind.QUARTER, period, group, file_format, file, day(today), as_json=as_json)


@reports.command(name="year")
def report_year(
    period: Annotated[str, typer.Argument(help="The year, e.g. 2025.")],
    group: Group = "",
    file_format: Format = "",
    file: Out = None,
    today: CutOff = "",
    as_json: Json = False,
) -> None:
    """Write the year's report: what became of every activity."""
    from cli.reports import make
    from models.edition import ReportKind

    told = ready()
    make(told, ReportKind.YEAR, period, group, file_format, file, day(today), as_json=as_json)


@reports.command(name="deviations")
def report_deviations(
    period: Annotated[str, typer.Argument(help="2025Q1; or 2025T2 (tertial), 2025 (a year).")],
    group: Group = "",
    file_format: Format = "",
    file: Out = None,
    today: CutOff = "",
    as_json: Json = False,
) -> None:
    """Write the report of deviations, small numbers hidden. The same facts are the same edition."""
    from cli.reports import make
    from models.edition import ReportKind

    told, kind = ready(), ReportKind.DEVIATIONS
    make(told, kind, period, group, file_format, file, day(today), as_json=as_json)


@reports.command(name="template")
def report_template(
    file: Annotated[Path, typer.Option("--out", help="Where to write.")] = Path("rapportmall.docx"),
) -> None:
    """Write the Word template of reports, to make one's own from."""
    from cli.reports import template

    template(file)


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
    kept_by: Annotated[str, typer.Option(help="Who goes on, in ordinary operation.")] = "",
    into_plan: Annotated[str, typer.Option(help="The plan it was absorbed into.")] = "",
    into_activity: Annotated[str, typer.Option(help="Or the activity's number.")] = "",
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
        "kept_by": kept_by,
        "into_plan": into_plan,
        "into_activity": into_activity,
        "resume_on": resume_on,
        "resume_when": resume_when,
        "review_on": review_on,
        "stand_in": stand_in,
        "deadline": deadline,
        "next_plan": next_plan,
    }
    activities.move(ready(), activity, name, given, as_json=as_json)


@app.command()
def part(
    activity: Annotated[int, typer.Argument(help="The activity's number, as in `foljsam list`.")],
    name: Annotated[str, typer.Argument(help="The part: a municipality, the region, a unit.")],
    state: Annotated[str, typer.Argument(help='E.g. "i dialog", beslutad, klar, undantagen.')] = "",
    why: Annotated[str, typer.Option(help="Why; needed for undantagen.")] = "",
    responsible: Annotated[str, typer.Option(help="Who answers for the part.")] = "",
    deadline: Annotated[str, typer.Option(help="The part's own deadline.")] = "",
    as_json: Json = False,
) -> None:
    """Add a part to an activity, or say how far it has come."""
    from cli import activities

    given = {"name": name, "state": state, "why": why}
    given |= {"responsible": responsible} if responsible else {}
    given |= {"deadline": deadline} if deadline else {}
    activities.put_part(ready(), activity, given, as_json=as_json)


@app.command()
def regroup(
    group: Annotated[str, typer.Argument(help="The group that takes over.")],
    activity: Annotated[list[int] | None, typer.Argument(help="Numbers of activities.")] = None,
    all_of: Annotated[str, typer.Option(help="All open ones of this group, instead.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    decision: Annotated[str, typer.Option(help="Group, day and paragraph.")] = "",
    refer: Annotated[
        bool, typer.Option("--refer", help="Only refer the question; the owner stays.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Let another group own activities, one by one or all of a dissolved group's."""
    from cli import activities

    given = {"group": group, "reason": reason, "decision": decision}
    activities.regroup(ready(), activity or [], all_of, given, only_refer=refer, as_json=as_json)


def day(words: str) -> date | None:
    """An ISO day from the command line; None when nothing was given."""
    if not words:
        return None
    try:
        return datetime.strptime(words, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise Wrong(f"{words!r} is not a day. Write it as 2024-12-01.") from None
