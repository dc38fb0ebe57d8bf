"""What an installation is told from outside: one typed `Settings`, read once, or a clear refusal.

Values come from the environment (`FOLJSAM_…`) and from `foljsam.env` in the installation's folder;
the environment wins. Promises to people (ladders, cadences) are policy and stand in `policy.toml`.
"""

import os
import secrets
from contextlib import suppress
from datetime import date
from enum import StrEnum
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Clock(StrEnum):
    """Which clock fires the rounds. Exactly one does."""

    LOCAL = "local"  # APScheduler, in the process that serves the pages
    PREFECT = "prefect"  # deployments with crons, on many machines


class SettingsError(ValueError):
    """The installation is half-configured. The message says which setting, and what to do."""


class Settings(BaseSettings):
    """Everything an installation can set. Documented, name by name, in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="FOLJSAM_", extra="forbid", frozen=True)

    home: Path = Field(
        default=Path("var"), description="The folder of everything this installation keeps."
    )
    organisation: str = Field(
        default="Vårdsamverkan",
        description="The collaboration's name, shown on pages and in letters.",
        min_length=1,
    )
    database_url: str = Field(
        default="",
        description="Address of a PostgreSQL database. Empty: SQLite in the home folder.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="Where the pages listen. Loopback only, until there is sign-in.",
    )
    port: int = Field(default=8470, ge=1, le=65535, description="The pages' port.")
    prefect_port: int = Field(
        default=8471, ge=1, le=65535, description="The local Prefect server's port."
    )
    prefect_api_url: str = Field(
        default="",
        description="A Prefect server that runs elsewhere; empty means a local one is started.",
    )
    prefect_ui_url: str = Field(
        default="",
        description="Where people find Prefect's own pages; empty means beside its API.",
    )
    base_url: str = Field(
        default="",
        description="The address people reach the pages at, for links. Empty: host and port.",
    )
    clock: Clock = Field(
        default=Clock.LOCAL,
        description="Who fires the rounds: local (this process) or prefect (deployments).",
    )
    smtp_host: str = Field(
        default="", description="The mail server. Empty: letters are kept as files."
    )
    smtp_port: int = Field(default=25, ge=1, le=65535, description="The mail server's port.")
    smtp_security: SmtpSecurity = Field(
        default=SmtpSecurity.NONE, description="none, starttls or tls."
    )
    smtp_user: str = Field(default="", description="Sign-in name at the mail server, if it asks.")
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="Password at the mail server, if it asks."
    )
    smtp_connections: int = Field(
        default=4, ge=1, le=32, description="How many connections to the mail server are kept open."
    )
    mail_from: str = Field(
        default="", description="The sender's address. Required when smtp_host is set."
    )
    mail_reply_to: str = Field(
        default="", description="Who gets the answers when somebody presses Reply."
    )
    link_days: int = Field(
        default=45, ge=1, le=400, description="How many days a link in a letter opens."
    )
    max_upload_mb: int = Field(
        default=20, ge=1, le=500, description="The largest file that is read, in megabytes."
    )
    today: date | None = Field(
        default=None,
        description="Pretend it is this day. For demos and rehearsals; never in production.",
    )

    @field_validator("host")
    @classmethod
    def _only_loopback(cls, host: str) -> str:
        """Without sign-in the pages may not be reachable from another machine."""
        if host == "localhost" or _is_loopback(host):
            return host
        raise ValueError(
            "the pages have no sign-in yet, so they listen on loopback only (127.0.0.1)"
        )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse half a configuration at start rather than at six in the morning."""
        if self.smtp_host and not self.mail_from:
            raise ValueError("FOLJSAM_SMTP_HOST is set, so FOLJSAM_MAIL_FROM must be too")
        if bool(self.smtp_user) != bool(self.smtp_password.get_secret_value()):
            raise ValueError("FOLJSAM_SMTP_USER and FOLJSAM_SMTP_PASSWORD must be set together")
        if self.database_url and not self.database_url.startswith(("postgresql", "sqlite")):
            raise ValueError("FOLJSAM_DATABASE_URL must begin with postgresql:// or sqlite:///")
        for name in ("base_url", "prefect_api_url", "prefect_ui_url"):
            value = getattr(self, name)
            if value and not value.startswith(("http://", "https://")):
                raise ValueError(f"FOLJSAM_{name.upper()} must begin with http:// or https://")
        if self.clock is Clock.PREFECT and not self.prefect_api_url:
            raise ValueError("FOLJSAM_CLOCK=prefect needs FOLJSAM_PREFECT_API_URL")
        return self

    @property
    def database(self) -> str:
        """The database's SQLAlchemy address; psycopg (version 3) is the one PostgreSQL driver."""
        if not self.database_url:
            return f"sqlite:///{self.home.absolute() / 'foljsam.db'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def pages_url(self) -> str:
        """Where the pages are, without a slash at the end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def prefect_api(self) -> str:
        """Where Prefect's API is."""
        return self.prefect_api_url or f"http://127.0.0.1:{self.prefect_port}/api"

    @property
    def prefect_ui(self) -> str:
        """Where Prefect's own pages are, without a slash at the end."""
        return (self.prefect_ui_url or self.prefect_api.removesuffix("/api")).rstrip("/")

    @property
    def letters_folder(self) -> Path:
        """Where letters are kept as .eml files when there is no mail server."""
        return self.home / "letters"

    @property
    def max_upload_bytes(self) -> int:
        """The largest file that is read, in bytes."""
        return self.max_upload_mb * 1024 * 1024

    @cached_property
    def secret(self) -> str:
        """The key that signs links: made once, kept in the home folder for the owner only."""
        path = self.home / "secret"
        if not path.exists():
            self.make_home()
            with NamedTemporaryFile("w", dir=self.home, encoding="ascii") as file:
                file.write(secrets.token_urlsafe(32))
                file.flush()
                with suppress(FileExistsError):  # another process was first: its key is the key
                    os.link(file.name, path)
        return path.read_text("ascii").strip()

    def make_home(self) -> None:
        """The home folder, closed to other users: it holds names, letters and the key."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)


def load(**given: object) -> Settings:
    """Read the settings of the installation that FOLJSAM_HOME names.

    Raises `SettingsError` with one sentence a person can act on.
    """
    home = Path(str(given.get("home") or os.environ.get("FOLJSAM_HOME") or "var"))
    try:
        return Settings(_env_file=home / "foljsam.env", **given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    parts = []
    for problem in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in problem["loc"])
        name = f"FOLJSAM_{where.upper().removeprefix('FOLJSAM_')}: " if where else ""
        parts.append(f"{name}{problem['msg'].removeprefix('Value error, ')}")
    return "Följsam cannot start: " + "; ".join(parts) + ". See docs/settings.md."


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
