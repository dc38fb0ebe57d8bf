"""What Prefect keeps is numbers: no name, no subject, no words, also when a round breaks.

And what a run may choose for itself is nothing: the worker starts Prefect's engine, as it is.
"""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from prefect.workers.process import ProcessJobConfiguration
from sqlalchemy import select

from config import prefect_api
from flows import prefect_child
from flows.deployments import LOCKED
from models.columns import c
from models.database import reading, transaction
from models.round import Round
from tests.cast import Town
from tests.test_flows import ask, foljsam, rounds

KEPT_BY_PREFECT = ("artifacts", "flow_runs", "task_runs", "logs", "events", "block_documents")
NAMES = ("Alice", "Bob", "Charlie", "Frida", "NOSAM", "Trygg hemgång", "example.org", "Fler SIP")
ROOT = Path(__file__).resolve().parent.parent


def all_that_prefect_keeps(town: Town) -> str:
    """Everything that its API tells."""
    found = [ask(town, f"{kind}/filter") for kind in KEPT_BY_PREFECT]
    return json.dumps(found, ensure_ascii=False)


def test_no_round_tells_prefect_who_or_what_it_was_about(place: Town) -> None:
    place.decided("Trygg hemgång", by="2024-12-31")
    place.activity("Fler SIP", words="alla berörda")
    lines = {"status-round": "2024-06-17", "weekly-letter": "2024-06-17"}
    lines |= {"morning-round": "2024-12-02", "quarter-close": "2024-07-02"}
    lines |= {"year-close": "2025-01-10", "deviation-report": "2024-12-02"}
    rounds(place, *lines.items())
    assert place.letters()
    kept = all_that_prefect_keeps(place)
    assert [name for name in NAMES if name in kept] == []
    assert f'\\"Brev\\": {place.letters()[0].id}' in kept


def test_what_a_round_broke_on_is_in_our_own_table_and_prefect_is_told_where(place: Town) -> None:
    place.decided("Trygg hemgång", by="2024-12-31")
    with transaction(place.settings) as session:
        session.connection().exec_driver_sql(
            "CREATE TRIGGER breaks BEFORE INSERT ON letter "
            "BEGIN SELECT RAISE(ABORT, 'Key (name)=(Alice Provsson) exists'); END"
        )
    done = foljsam(place, "run", "morning-round", "--today", "2024-12-03")
    assert done.returncode != 0
    with reading(place.settings) as session:
        failed = session.execute(select(c(Round).failed)).scalars().one()
    assert "Alice Provsson" in failed
    kept = all_that_prefect_keeps(place)
    assert "IntegrityError (notifications/" in kept
    assert "Provsson" not in kept


def test_a_run_may_choose_no_command_no_environment_and_no_folder(
    place: Town, tmp_path: Path
) -> None:
    script = "import asyncio; from flows.deployments import deploy; print(asyncio.run(deploy()))"
    environment = os.environ | prefect_child.environment(place.settings)
    subprocess.run(
        [sys.executable, "-c", script], env=environment, check=True, timeout=240, cwd=ROOT
    )
    pool = prefect_api.ask(place.settings, "work_pools/foljsam").json()
    assert pool["base_job_template"] == LOCKED
    (deployment,) = ask(place, "deployments/filter", deployments={"name": {"any_": ["year-close"]}})
    wanted: dict[str, Any] = {
        "command": f"touch {tmp_path / 'run'}",
        "env": {"LD_PRELOAD": "/elak.so"},
        "env.PATH": "/elak",
        "image": "elak",
        "working_dir": str(tmp_path),
    }
    for name, value in wanted.items():
        with pytest.raises(httpx.HTTPStatusError, match=r"409|422"):
            ask(
                place,
                f"deployments/{deployment['id']}/create_flow_run",
                job_variables={name: value},
            )


def test_what_slips_past_the_server_is_passed_over_by_the_worker() -> None:
    asked = {"command": "touch x", "env": {"LD_PRELOAD": "/elak.so"}, "env.PATH": "/elak"}
    asked |= {"working_dir": "/", "image": "elak"}
    nothing: Any = object()  # to look up
    made: Any = asyncio.run(
        ProcessJobConfiguration.from_template_and_values(LOCKED, asked, client=nothing)
    )
    assert (made.command, made.env, made.working_dir) == (None, {}, None)
