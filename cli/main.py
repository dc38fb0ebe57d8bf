"""`foljsam`: the commands, each a few lines; the work is done by the rooms below.

Heavy libraries are imported inside the commands, so that `foljsam dates` answers at once.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer

from cli.commands import (
    administrators,
    collaborations,
    deviations,
    files,
    keeping,
    lives,
    plans,
    promises,
    reports,
)
from cli.console import WRONG, Json, Wrong, day, out, ready, refuse_numbers
from config import clock, home, settings

app = typer.Typer(
    name="foljsam",
    help="Följsam keeps the promises in a plan.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for name, commands in {
    "import": files.imports,
    "export": files.exports,
    "plan": plans.plans,
    "report": reports.reports,
    "deviations": deviations.deviations,
    "administrator": administrators.administrators,
    "collaboration": collaborations.collaborations,
    "policy": promises.promises,
    None: lives.lives,  # these stand beside `up`
}.items():
    app.add_typer(commands, name=name)
app.add_typer(keeping.keeping)  # beside them too


def run() -> None:
    """The entry point: an expected refusal is one sentence on standard error, never a traceback."""
    from intake.documents import Refusal
    from intake.places import NotNow
    from intake.scanned import Unscanned
    from models.database import DatabaseError
    from models.moves import Refused

    home.only_ours()
    try:
        refuse_numbers(sys.argv[1:])
        app()
    except (settings.SettingsError, Refusal, DatabaseError, Wrong, Refused) as refusal:
        typer.echo(f"foljsam: {refusal}", err=True)
        sys.exit(WRONG)
    except Unscanned as away:
        typer.echo(f"foljsam: {away.english}", err=True)
        sys.exit(WRONG)
    except NotNow:
        typer.echo("foljsam: other files are read just now; try again in a minute.", err=True)
        sys.exit(WRONG)
    except BrokenPipeError:  # the reader (`| head`) has had enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        sys.exit(0)


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
    from cli.demo import play
    from cli.example.stage import DemoFailed

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
def doctor(as_json: Json = False) -> None:
    """Look at the installation and say what is not well. Changes nothing; exit code 1 if broken."""
    from cli.doctor import show

    if not show(settings.load(), as_json=as_json):
        raise typer.Exit(1)


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
