"""What an installation is told from outside: one typed `Settings`, read once, or a clear refusal.

Values come from the environment (`FOLJSAM_…`) and from `foljsam.env` in the installation's folder;
the environment wins. Promises to people (ladders, cadences) are policy and stand in `policy.toml`.
"""

import os
import secrets
import sys
from contextlib import suppress
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config import prefect_door, reserve_numbers, secret_files, virus_scanner
from config.addresses import is_loopback
from config.mail_settings import ADDRESS, MailSettings
from config.reserve_numbers import REGIONS
from config.virus_scanner import AddressError, Scanner, scanner_at

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)  # that Följsam may be asked about
_MOST_BY_ITSELF = 4  # processes of pages, where the installation says no number


class Clock(StrEnum):
    """Which clock fires the rounds. Exactly one does."""

    LOCAL = "local"  # APScheduler, in the process that serves the pages
    PREFECT = "prefect"  # deployments with crons, on many machines


class SignIn(StrEnum):
    """How people show who they are. Without sign-in the pages listen on loopback only."""

    OFF = "off"  # whoever is at the machine acts as administrator
    MAIL = "mail"  # a link by mail, for each time
    OIDC = "oidc"  # the organisation's own sign-in, over OpenID Connect
    BOTH = "both"  # that, and a link by mail for those who are not in the organisation

    @property
    def by_mail(self) -> bool:
        """May people ask for a link?"""
        return self in (SignIn.MAIL, SignIn.BOTH)

    @property
    def by_oidc(self) -> bool:
        """May people sign in with the organisation?"""
        return self in (SignIn.OIDC, SignIn.BOTH)


class SettingsError(ValueError):
    """The installation is half-configured. The message says which setting, and what to do."""


class Settings(MailSettings):
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
        description="Where the pages listen. Beyond loopback only with sign-in.",
    )
    port: int = Field(default=8470, ge=1, le=65535, description="The pages' port.")
    processes: int = Field(
        default=0,
        ge=0,
        le=32,
        description="How many processes serve the pages. 0: one for each core, four at most.",
    )
    prefect_port: int = Field(
        default=8471, ge=1, le=65535, description="The local Prefect server's port."
    )
    prefect_api_url: str = Field(
        default="",
        description="A Prefect server that runs elsewhere; empty means a local one is started.",
    )
    prefect_auth: SecretStr = Field(
        default=SecretStr(""),
        description="Password of Prefect's API, as user:password. Empty: made, and kept in home.",
    )
    prefect_door_port: int = Field(
        default=8474, ge=1, le=65535, description="Where the door to Prefect's own pages listens."
    )
    prefect_ui_url: str = Field(
        default="",
        description="The address people reach that door at. Empty: its port on loopback.",
    )
    prefect_ui_changes: bool = Field(
        default=False,
        description="Let administrators change things in Prefect's own pages too, not only read.",
    )
    base_url: str = Field(
        default="",
        description="The address people reach the pages at, for links. Empty: host and port.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1, ::1",
        description="Addresses or networks of our own proxies, with commas between. Their "
        "X-Forwarded-For tells who asks.",
    )
    sign_in: SignIn = Field(
        default=SignIn.OFF, description="How people sign in: off, mail (a link), oidc or both."
    )
    administrators: str = Field(
        default="",
        description="Addresses of the first administrators, with commas between. Read once, when "
        "nobody has been one; afterwards foljsam administrator says who is.",
    )
    session_hours: int = Field(
        default=12, ge=1, le=24 * 30, description="How long one lasts that signed in, at most."
    )
    session_idle_minutes: int = Field(
        default=120, ge=10, le=24 * 60, description="After how long without a page one has to anew."
    )
    oidc_issuer: str = Field(
        default="", description="The OpenID Connect provider's issuer, as it spells it."
    )
    oidc_client_id: str = Field(default="", description="Följsam's name at the provider.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Följsam's password at the provider."
    )
    oidc_email_claim: str = Field(
        default="email", min_length=1, description="The claim that holds a person's address."
    )
    oidc_trust_email: bool = Field(
        default=False,
        description="Take addresses as verified when the provider does not say whether they are.",
    )
    oidc_acr: str = Field(
        default="",
        description="Ways to sign in there that are strong enough, as the claim acr names them, "
        "with commas between. Empty: whatever it asks for.",
    )
    oidc_amr: str = Field(
        default="",
        description="What must have been shown there, as the claim amr names it, with commas "
        "between: mfa. Empty: whatever it asks for.",
    )
    oidc_max_age_minutes: int = Field(
        default=0,
        ge=0,
        le=7 * 24 * 60,
        description="How long ago she may have signed in there, at most. 0: however long.",
    )
    plain_hosts: str = Field(
        default="",
        description="Hosts elsewhere that may be spoken to unencrypted, with commas between: the "
        "way to them is ours alone. foljsam doctor tells of all others.",
    )
    clock: Clock = Field(
        default=Clock.LOCAL,
        description="Who fires the rounds: local (this process) or prefect (deployments).",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="What a watcher shows to read /metrics. Empty: only from this machine.",
    )
    ping_url: str = Field(
        default="", description="Called after each round that went well, with /fail after others."
    )
    letters_at: time = Field(
        default=time(7),
        description="When the day's letters are made at the latest, 07:00; before that when all "
        "rounds of the morning have ended.",
    )
    link_days: int = Field(
        default=45, ge=1, le=400, description="How many days a link in a letter opens."
    )
    links_sign_in: bool = Field(
        default=False,
        description="A link in a letter opens only for the one it was written to, signed in, and "
        "there are no calendars by address. Needs FOLJSAM_SIGN_IN.",
    )
    max_upload_mb: int = Field(
        default=20, ge=1, le=500, description="The largest file that is read, in megabytes."
    )
    max_attached_mb: int = Field(
        default=500,
        ge=1,
        le=100_000,
        description="How much one collaboration may keep as files attached to comments, in "
        "megabytes. They stand in the database that all share.",
    )
    max_pdf_pages: int = Field(
        default=200, ge=1, le=2000, description="The longest PDF that is read, in pages."
    )
    virus_scanner: str = Field(
        default="",
        description="Where clamd looks through files: unix:/run/clamav/clamd.ctl or "
        "tcp://127.0.0.1:3310. Empty: nothing is scanned for viruses.",
    )
    deviations_folder: str = Field(
        default="", description="A folder that deviation exports are taken in from. Empty: none."
    )
    reserve_numbers: str = Field(
        default=REGIONS,
        description="Reserve numbers that are looked for: kinds by name, and patterns of your own.",
    )
    report_template: Path | None = Field(
        default=None,
        description="The collaboration's own Word template for reports. Empty: Följsam's.",
    )
    public_folder: Path | None = Field(
        default=None,
        description="A folder that approved annual reports are published in. Empty: none.",
    )
    today: date | None = Field(
        default=None,
        ge=FIRST_DAY,
        le=LAST_DAY,
        description="Pretend it is this day. For demos and rehearsals; never in production.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, the environment, `foljsam.env`; each may name a file that holds it."""
        for told in (env_settings, dotenv_settings):
            secret_files.read_in(told, settings_cls.model_fields)
        return init_settings, env_settings, dotenv_settings

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        """Without sign-in the pages may not be reachable from another machine."""
        if self.sign_in is SignIn.OFF:
            if self.links_sign_in:
                raise ValueError("FOLJSAM_LINKS_SIGN_IN needs FOLJSAM_SIGN_IN: how people sign in")
            if not is_loopback(self.host):
                raise ValueError(
                    "FOLJSAM_HOST: without sign-in the pages listen on loopback only (127.0.0.1); "
                    "set FOLJSAM_SIGN_IN first"
                )
            return self
        # Over plain http a session could be read on its way, and browsers leave out what tells
        # our own forms from others'.
        if not self.base_url:
            raise ValueError(
                f"FOLJSAM_SIGN_IN={self.sign_in.value} needs FOLJSAM_BASE_URL: "
                "the address that people reach the pages at"
            )
        if not self.https and not is_loopback(urlsplit(self.base_url).hostname or ""):
            raise ValueError("FOLJSAM_BASE_URL must begin with https:// when people sign in")
        return self

    @model_validator(mode="after")
    def _known_proxies(self) -> Self:
        """A proxy that cannot be read would make everybody the same asker."""
        try:
            _ = self.proxies
        except ValueError as error:
            raise ValueError(
                f"FOLJSAM_TRUSTED_PROXIES: {error}; write addresses or networks such as "
                "10.0.0.0/24, with commas between"
            ) from error
        return self

    @model_validator(mode="after")
    def _provider(self) -> Self:
        """A provider is whole, and reached so that nobody can answer in its place."""
        if not self.sign_in.by_oidc:
            return self
        chosen = f"FOLJSAM_SIGN_IN={self.sign_in.value}"
        for name in ("oidc_issuer", "oidc_client_id"):
            if not getattr(self, name):
                raise ValueError(f"{chosen} needs FOLJSAM_{name.upper()}")
        if not self.oidc_client_secret.get_secret_value():
            raise ValueError(f"{chosen} needs FOLJSAM_OIDC_CLIENT_SECRET")
        issuer = urlsplit(self.oidc_issuer)
        if issuer.scheme != "https" and not is_loopback(issuer.hostname or ""):
            raise ValueError("FOLJSAM_OIDC_ISSUER must begin with https://")
        return self

    @model_validator(mode="after")
    def _administrators(self) -> Self:
        """An address with a name around it would be nobody's who signs in."""
        if not all(ADDRESS.fullmatch(address) for address in self.administrator_addresses):
            raise ValueError(
                "FOLJSAM_ADMINISTRATORS must be e-mail addresses with commas between, no names"
            )
        return self

    @model_validator(mode="after")
    def _reserve(self) -> Self:
        """A pattern that cannot be read would let through what it was to stop."""
        try:
            reserve_numbers.kinds(self.reserve_numbers)
        except reserve_numbers.PatternError as error:
            raise ValueError(f"FOLJSAM_RESERVE_NUMBERS: {error}") from error
        return self

    @model_validator(mode="after")
    def _scanned(self) -> Self:
        """A scanner that cannot be found would be noticed first by those who send files."""
        try:
            _ = self.scanner
        except AddressError as error:
            raise ValueError(f"FOLJSAM_VIRUS_SCANNER: {error}") from error
        return self

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse half a configuration at start rather than at six in the morning."""
        if self.database_url and not self.database_url.startswith(("postgresql", "sqlite")):
            raise ValueError("FOLJSAM_DATABASE_URL must begin with postgresql:// or sqlite:///")
        for name in ("base_url", "prefect_api_url", "prefect_ui_url", "ping_url"):
            value = getattr(self, name)
            if value and not value.startswith(("http://", "https://")):
                raise ValueError(f"FOLJSAM_{name.upper()} must begin with http:// or https://")
        if self.clock is Clock.PREFECT and not self.prefect_api_url:
            raise ValueError("FOLJSAM_CLOCK=prefect needs FOLJSAM_PREFECT_API_URL")
        return self

    @model_validator(mode="after")
    def _prefects_door(self) -> Self:
        """Whoever reaches Prefect's API can run code: a password, and never the pages' origin."""
        prefect_door.refuse_open(
            self.prefect_auth.get_secret_value(), away=bool(self.prefect_api_url)
        )
        prefect_door.refuse_place(
            self.prefect_ui, self.pages_url, signing_in=self.sign_in is not SignIn.OFF
        )
        return self

    @property
    def database(self) -> str:
        """The database's SQLAlchemy address; psycopg (version 3) is the one PostgreSQL driver."""
        if not self.database_url:
            return f"sqlite:///{self.home.absolute() / 'foljsam.db'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def web_processes(self) -> int:
        """How many processes serve the pages."""
        return self.processes or min(_cores(), _MOST_BY_ITSELF)

    @property
    def pages_url(self) -> str:
        """Where the pages are, without a slash at the end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of our own proxies."""
        words = self.trusted_proxies.replace(";", ",").split(",")
        return tuple(ip_network(word.strip()) for word in words if word.strip())

    @property
    def https(self) -> bool:
        """Do people reach the pages over an encrypted connection?"""
        return self.pages_url.startswith("https://")

    @property
    def administrator_addresses(self) -> frozenset[str]:
        """Those whom the setting names, in lower case as addresses are on file. Read once."""
        words = self.administrators.lower().replace(";", ",").split(",")
        return frozenset(word.strip() for word in words if word.strip())

    @property
    def prefect_api(self) -> str:
        """Where Prefect's API is."""
        return self.prefect_api_url or f"http://127.0.0.1:{self.prefect_port}/api"

    @property
    def prefect_ui(self) -> str:
        """Where people reach Prefect's own pages, without a slash at the end."""
        return (self.prefect_ui_url or f"http://127.0.0.1:{self.prefect_door_port}").rstrip("/")

    @property
    def prefect_password(self) -> str:
        """What Prefect's API asks for, `user:password`; "" when none has been made yet."""
        kept = self.home / "prefect-password"
        if self.prefect_auth.get_secret_value() or not kept.exists():
            return self.prefect_auth.get_secret_value()
        return f"foljsam:{kept.read_text('ascii').strip()}"

    def make_prefect_password(self) -> str:
        """The same, made now when there is none."""
        if not self.prefect_password:
            self._keep_secret("prefect-password")
        return self.prefect_password

    @property
    def reply_pattern(self) -> str:
        """Where the answer to a letter comes, with {} for its key; "" where answers are not read.

        One address for all answers (`mail_reply_to`) is somebody's own mailbox.
        """
        if not self.reads_a_mailbox or self.mail_reply_to:
            return ""
        if self.reply_address:
            return self.reply_address
        local, _, domain = self.bounce_address.rpartition("@")
        return f"{local}+svar-{{}}@{domain}" if local else ""

    @property
    def links_live_in_files(self) -> bool:
        """Do kept letters open people's pages? Only where nobody signs in and no mail is sent.

        So too in the demo, which sends to a mailbox of its own.
        """
        return self.sign_in is SignIn.OFF and (not self.smtp_host or self.is_the_demo)

    @property
    def is_the_demo(self) -> bool:
        """Is this the demo's folder, with its own mailbox for a mail server?"""
        return is_loopback(self.smtp_host) and (self.home / "demo").is_file()

    @property
    def scanner(self) -> Scanner | None:
        """The virus scanner that files are shown to before anything else is done with them."""
        return scanner_at(self.virus_scanner)

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
        return self._keep_secret("secret")

    def _keep_secret(self, name: str) -> str:
        """What lies in that file of the home folder; a long random word, when there was none."""
        path = self.home / name
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

    Its reserve numbers and its virus scanner are used in this process from then on. Raises
    `SettingsError` with one sentence a person can act on.
    """
    home = Path(str(given.get("home") or os.environ.get("FOLJSAM_HOME") or "var"))
    try:
        told = Settings(_env_file=home / "foljsam.env", **given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from error
    except secret_files.CannotReadSecret as error:
        raise SettingsError(f"Följsam cannot start: {error}. See docs/settings.md.") from error
    reserve_numbers.use(told.reserve_numbers)
    virus_scanner.use(told)
    return told


def _sentence(error: ValidationError) -> str:
    parts = []
    for problem in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in problem["loc"])
        name = f"FOLJSAM_{where.upper().removeprefix('FOLJSAM_')}: " if where else ""
        parts.append(f"{name}{problem['msg'].removeprefix('Value error, ')}")
    return "Följsam cannot start: " + "; ".join(parts) + ". See docs/settings.md."


def _cores() -> int:
    """Processor cores that are ours. Processes of pages are copies, which only Linux makes well."""
    if sys.platform != "linux":
        return 1
    return len(os.sched_getaffinity(0))
