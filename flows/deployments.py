"""The timetable as Prefect deployments, for an installation on many machines.

Crons are read in Europe/Stockholm. The flows are found by module path: a file path would put this
folder first on `sys.path`. On one machine APScheduler does this (`flows/schedule.py`).
"""

from contextlib import suppress
from importlib import import_module
from uuid import UUID

from prefect import get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from config.clock import STOCKHOLM
from config.timetable import TIMETABLE, Line

POOL = "foljsam"


# What a worker starts is always Prefect's engine, in the worker's own environment. Prefect's usual
# template lets whoever asks for a run choose its command, environment and folder. With a dict for
# `env` here a run's own would still be merged into it, so it is left out.
LOCKED = {
    "job_configuration": {"stream_output": True},
    "variables": {"type": "object", "properties": {}, "additionalProperties": False},
}


async def deploy(pool: str = POOL) -> list[UUID]:
    """Put every line of the timetable on the server; twice gives the same. Returns their ids."""
    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(
                WorkPoolCreate(name=pool, type="process", base_job_template=LOCKED)
            )
        # A pool of an earlier version, or one that somebody opened.
        await client.update_work_pool(pool, WorkPoolUpdate(base_job_template=LOCKED))
    return [await _deploy(line, pool) for line in TIMETABLE]


async def _deploy(line: Line, pool: str) -> UUID:
    module, _, name = line.flow.partition(":")
    deployment = RunnerDeployment.from_flow(
        getattr(import_module(module), name),
        name=line.name,
        schedules=[Cron(line.cron, timezone=STOCKHOLM)],
        description=line.why,
        tags=["foljsam"],
        work_pool_name=pool,
        entrypoint_type=EntrypointType.MODULE_PATH,
        concurrency_limit=1,
    )
    return await deployment.aapply(work_pool_name=pool)
