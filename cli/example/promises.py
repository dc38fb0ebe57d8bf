"""Every promise of the demo, against what is on file, in the mailbox and at Prefect."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlmodel import Session

from cli.example.build import BY_QUARTER
from cli.example.stage import DemoFailed, Stage
from cli.example.story import AWAY, PARTS
from cli.example.year import FILES
from cli.visits import PATIENCE
from config import prefect_api
from config.settings import Settings
from models.activity import Activity
from models.columns import c
from models.database import reading
from models.decision import MoveRow
from models.deviation import DeviationCase
from models.edition import Edition, ReportKind
from models.letter import Letter, LetterState, Notice, NoticeKind
from models.letter_kinds import BESIDE
from models.lifecycle import Move
from models.part import Part
from models.status import StatusAnswer
from models.status_round import StatusQuestion
from web.rooms import OWN, PLACES


def check(stage: Stage, files: list[Path]) -> dict[str, Any]:
    """How much the year came to; raises `DemoFailed` with what is not so."""
    told = stage.settings
    with reading(told) as session:
        on_file = _on_file(session)
    sent, came = on_file["letters"], len(stage.mailbox.messages)
    ids = Counter(str(m["Message-ID"]) for m in stage.mailbox.messages)
    promises = {
        "thirteen activities are on file": on_file["activities"] == 13,
        "letters were sent": sent > 0,
        "no letter is left": on_file["unsent"] == 0,
        "nobody got two of them a day": on_file["two_a_day"] == 0,
        "every letter came, once": came == sent and set(ids.values()) == {1},
        "every round is a completed flow run": _flow_runs(told) == stage.rounds,
        "both answers are on file": on_file["answers"] == 2,
        "the answer started the activity": on_file["started"] == 1,
        "the parts are on file": on_file["parts"] == len(PARTS),
        "a question of the status round was answered": on_file["round_answers"] > 0,
        "silence went up the line": on_file["silences"] > 0,
        "Bob was asked while Alice was away": on_file["instead"] > 0,
        "the deviations are on file": on_file["deviations"] == sum(BY_QUARTER),
        "three kinds of reports are made": on_file["kinds"] == len(ReportKind),
        "the reports are files": len(files) == len(ReportKind) * len(FILES),
    }
    promises |= {f"{path} answers": _answers(told, path) for path, _ in PLACES if path != OWN}
    broken = [words for words, kept in promises.items() if not kept]
    if broken:
        raise DemoFailed("it is not so that " + "; ".join(broken))
    shown = ("activities", "letters", "answers", "silences", "deviations")
    played = {name: on_file[name] for name in shown}
    return played | {"flow_runs": stage.rounds, "reports": len(files)}


def _on_file(session: Session) -> dict[str, int]:
    """How many there are of what the year has left behind."""
    by_people = (c(MoveRow).move == Move.START) & c(MoveRow).person_id.is_not(None)
    away = (date.fromisoformat(AWAY["first_day"]), date.fromisoformat(AWAY["last_day"]))
    to_bob = (c(Letter).to_name == AWAY["delegate"]) & c(Letter).on_day.between(*away)
    of_a_day = (
        select(c(Letter).person_id)
        .where(c(Letter).kind.not_in(BESIDE))
        .group_by(c(Letter).person_id, c(Letter).went_on)
        .having(func.count() > 1)
    )
    counted = {
        "two_a_day": select(func.count()).select_from(of_a_day.subquery()),
        "activities": select(func.count()).select_from(Activity),
        "answers": select(func.count()).select_from(StatusAnswer),
        "letters": select(func.count()).where(c(Letter).state == LetterState.SENT),
        "unsent": select(func.count()).where(c(Letter).state != LetterState.SENT),
        "started": select(func.count()).where(by_people),
        "parts": select(func.count()).select_from(Part),
        "round_answers": select(func.count()).where(c(StatusQuestion).answered_on.is_not(None)),
        "silences": select(func.count()).where(c(Notice).kind == NoticeKind.SILENCE),
        "deviations": select(func.count()).select_from(DeviationCase),
        "instead": select(func.count()).where(to_bob),
        "kinds": select(func.count(func.distinct(c(Edition).kind))),
    }
    return {name: int(session.execute(query).scalar_one()) for name, query in counted.items()}


def _flow_runs(told: Settings) -> int:
    done = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    return int(prefect_api.ask(told, "flow_runs/count", done, timeout=PATIENCE).json())


def _answers(told: Settings, path: str) -> bool:
    return httpx.get(f"{told.pages_url}{path}", timeout=PATIENCE).status_code == 200
