"""Prefect's tables as its first start makes them: made once for each version, and copied.

Making them is more than half of what a server's first start costs. They lie with pytest's own cache
(`make clean` removes them). `tests/test_demo.py` starts a server that has none, as a user does.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

_KEPT = Path(__file__).parents[1] / ".pytest_cache" / f"prefect-{version('prefect')}.db"


def put_tables(database: Path) -> None:
    """Where a server's database will be: its tables, if any server has made them before."""
    if _KEPT.exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(_KEPT, database)
        database.chmod(0o600)  # as the server makes it


def keep_tables(database: Path) -> None:
    """What a server that answers has made, before anybody has told it anything."""
    if _KEPT.exists():
        return
    _KEPT.parent.mkdir(exist_ok=True)
    copy = _KEPT.with_name(f"{_KEPT.name}-{os.getpid()}")
    with closing(sqlite3.connect(database)) as made, closing(sqlite3.connect(copy)) as kept:
        made.backup(kept)
    copy.replace(_KEPT)  # whole at once: another process may look for it
