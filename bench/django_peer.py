"""The same move with viewflow.fsm and Django's ORM, on the same tables. Imported by `bench.moves`
where both are installed.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django  # type: ignore[import-not-found]
from django.conf import settings as django_settings  # type: ignore[import-not-found]

from config.settings import Settings


def work(settings: Settings, today: date) -> Callable[[list[int]], None]:
    """Start each activity: row read and held, transition, row saved, history added, commit."""
    if not django_settings.configured:
        django_settings.configure(
            DATABASES={"default": _database(settings)},
            USE_TZ=True,
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        )
        django.setup()
    from django.db import connections, models, transaction  # type: ignore[import-not-found]

    connections.databases["default"] = {
        **connections["default"].settings_dict,
        **_database(settings),
    }
    connections["default"].close()
    del connections["default"]
    activities, moves = _models(models)
    flow = _flow()

    def start(ids: list[int]) -> None:
        for id_ in ids:
            with transaction.atomic():
                row = activities.objects.select_for_update().get(pk=id_)
                flow(row).start()
                row.state_since = today
                row.save(update_fields=["state", "state_since"])
                moves.objects.create(
                    activity_id=id_,
                    move="starta",
                    from_state="beslutad",
                    to_state=row.state,
                    on_day=today,
                    at=datetime.now(UTC),
                    by="Frida",
                    reason="",
                    details={},
                )

    return start


def _database(settings: Settings) -> dict[str, Any]:
    if settings.database.startswith("sqlite"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(settings.home / "foljsam.db"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    told = urlsplit(settings.database)
    host = parse_qs(told.query).get("host", [told.hostname])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": told.path.lstrip("/"),
        "USER": told.username,
        "PASSWORD": told.password or "",
        "HOST": host,
        "PORT": told.port or "",
        "OPTIONS": {},
    }


_MODELS: list[Any] = []


def _models(models: Any) -> tuple[Any, Any]:  # noqa: ANN401 - Django's own
    if not _MODELS:

        class Activity(models.Model):  # type: ignore[misc]
            state = models.CharField(max_length=40)
            state_since = models.DateField()

            class Meta:
                app_label = "bench"
                db_table = "activity"
                managed = False

        class MoveRow(models.Model):  # type: ignore[misc]
            activity = models.ForeignKey(Activity, on_delete=models.PROTECT)
            move = models.CharField(max_length=40)
            from_state = models.CharField(max_length=40)
            to_state = models.CharField(max_length=40)
            on_day = models.DateField()
            at = models.DateTimeField()
            by = models.CharField(max_length=200)
            reason = models.TextField()
            details = models.JSONField()

            class Meta:
                app_label = "bench"
                db_table = "move"
                managed = False

        _MODELS.extend([Activity, MoveRow])
    return _MODELS[0], _MODELS[1]


def _flow() -> Any:  # noqa: ANN401 - viewflow's own
    # It asks for Django's settings as soon as it is imported.
    from viewflow import fsm  # type: ignore[import-not-found]

    class Life:
        state = fsm.State(["beslutad", "pågående"], default="beslutad")

        def __init__(self, row: Any) -> None:  # noqa: ANN401
            self.row = row

        @state.setter()  # type: ignore[untyped-decorator]
        def _put(self, value: str) -> None:
            self.row.state = value

        @state.getter()  # type: ignore[untyped-decorator]
        def _get(self) -> str:
            return str(self.row.state)

        @state.transition(source="beslutad", target="pågående")  # type: ignore[untyped-decorator]
        def start(self) -> None:
            pass

    return Life
