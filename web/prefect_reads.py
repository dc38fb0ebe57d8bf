"""What Prefect's own pages may ask Prefect's API through our door when they only read.

Prefect reads by POST too (`…/filter`), so each route stands here by name. What is not here is
refused: blocks and variables, which hold secrets; the registry of collections, which Prefect
fetches from a third party; and whatever a later version brings.
"""

import re

READS = (
    "GET /admin/version",
    "GET /artifacts/{id}",
    "GET /artifacts/{key}/latest",
    "GET /automations/related-to/{resource_id}",
    "GET /automations/{id}",
    "GET /deployments/name/{flow_name}/{deployment_name}",
    "GET /deployments/{id}",
    "GET /deployments/{id}/schedules",
    "GET /deployments/{id}/work_queue_check",
    "GET /events/filter/next",
    "GET /flow_run_states/",
    "GET /flow_run_states/{id}",
    "GET /flow_runs/{id}",
    "GET /flow_runs/{id}/graph",
    "GET /flow_runs/{id}/graph-v2",
    "GET /flow_runs/{id}/logs/download",
    "GET /flows/name/{name}",
    "GET /flows/{id}",
    "GET /health",
    "GET /hello",
    "GET /ready",
    "GET /task_run_states/",
    "GET /task_run_states/{id}",
    "GET /task_runs/{id}",
    "GET /ui/task_runs/{id}",
    "GET /version",
    "GET /work_pools/{name}",
    "GET /work_pools/{work_pool_name}/queues/{name}",
    "GET /work_queues/name/{name}",
    "GET /work_queues/{id}",
    "GET /work_queues/{id}/status",
    "POST /artifacts/count",
    "POST /artifacts/filter",
    "POST /artifacts/latest/count",
    "POST /artifacts/latest/filter",
    "POST /automations/count",
    "POST /automations/filter",
    "POST /concurrency_limits/filter",
    "POST /deployments/count",
    "POST /deployments/filter",
    "POST /deployments/paginate",
    "POST /events/count-by/{countable}",
    "POST /events/filter",
    "POST /flow_runs/count",
    "POST /flow_runs/filter",
    "POST /flow_runs/history",
    "POST /flow_runs/lateness",
    "POST /flow_runs/paginate",
    "POST /flows/count",
    "POST /flows/filter",
    "POST /flows/paginate",
    "POST /logs/filter",
    "POST /saved_searches/filter",
    "POST /task_runs/count",
    "POST /task_runs/filter",
    "POST /task_runs/history",
    "POST /task_runs/paginate",
    "POST /task_workers/filter",
    "POST /ui/flow_runs/count-task-runs",
    "POST /ui/flow_runs/history",
    "POST /ui/flows/count-deployments",
    "POST /ui/flows/next-runs",
    "POST /ui/schemas/validate",
    "POST /ui/task_runs/count",
    "POST /ui/task_runs/dashboard/counts",
    "POST /v2/concurrency_limits/filter",
    "POST /work_pools/count",
    "POST /work_pools/filter",
    "POST /work_pools/{work_pool_name}/queues/filter",
    "POST /work_pools/{work_pool_name}/workers/filter",
    "POST /work_queues/filter",
)
NEVER = re.compile(r"/(collections|csrf-token)(/.*)?")  # also where changes are let through
_PLAIN = re.compile(r"(/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)*/?")  # no "..", no "//", nothing coded
_WORD = r"[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*"
_READS = [re.compile(re.sub(r"\{\w+\}", _WORD, route)) for route in READS]


def passes(method: str, path: str, *, changes: bool) -> bool:
    """May the door pass that on? `path` is the API's own: `/flow_runs/filter`."""
    if not _PLAIN.fullmatch(path) or NEVER.fullmatch(path):
        return False
    return changes or any(route.fullmatch(f"{method} {path}") for route in _READS)


def is_file(method: str, path: str) -> bool:
    """Is it a page or a file of Prefect's own pages?"""
    return method in {"GET", "HEAD"} and _PLAIN.fullmatch(path) is not None
