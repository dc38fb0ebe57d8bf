"""`foljsam list`, `move`, `part` and `regroup`: activities and their lives."""

from typing import Annotated

import typer

from cli.console import MOST, Json, ready

lives = typer.Typer()
_ACTIVITY = "The activity's number, as in `foljsam list`."


@lives.command(name="list")
def list_activities(
    state: Annotated[str, typer.Option(help="Only those in this state, e.g. beslutad.")] = "",
    group: Annotated[str, typer.Option(help="Only those of this group, by its name.")] = "",
    as_json: Json = False,
) -> None:
    """List the activities on file."""
    from cli.activities import show

    show(ready(), state, group, as_json=as_json)


@lives.command()
def move(
    activity: Annotated[int, typer.Argument(min=1, max=MOST, help=_ACTIVITY)],
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


@lives.command()
def part(
    activity: Annotated[int, typer.Argument(min=1, max=MOST, help=_ACTIVITY)],
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


@lives.command()
def regroup(
    group: Annotated[str, typer.Argument(help="The group that takes over.")],
    activity: Annotated[
        list[int] | None, typer.Argument(min=1, max=MOST, help="Numbers of activities.")
    ] = None,
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
