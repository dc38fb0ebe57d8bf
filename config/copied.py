"""Which settings of a backup a restored copy takes over, and which are put aside to be looked at.

A copy may stand beside the real one. So what leads out of its home never comes along by itself: the
database, mail, Prefect, the watcher, folders that others share. What says how pages are shown and
who may open them does. A setting that is in neither list is put aside, and a test finds it.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from dotenv.parser import Binding, parse_stream

from config.mail_settings import MailSettings

COMES_ALONG = frozenset(
    {
        "organisation",
        # Where the pages listen, and who may open them: without these they would stand open.
        *("host", "port", "processes", "base_url", "trusted_proxies"),
        *("prefect_port", "prefect_door_port"),
        *("sign_in", "administrators", "session_hours", "session_idle_minutes", "links_sign_in"),
        *("oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_email_claim"),
        *("oidc_trust_email", "oidc_acr", "oidc_amr", "oidc_max_age_minutes"),
        *("plain_hosts", "metrics_token"),
        # What is read and shown, within the home.
        *("letters_at", "link_days", "max_pdf_pages", "reserve_numbers"),
        *("max_upload_mb", "max_attached_mb"),
        *("report_template", "today"),
        "virus_scanner",  # without it files would be taken in unscanned
    }
)
# A file of the account that a line names is read for these alone: no page shows what they hold.
_SECRETS = frozenset({"oidc_client_secret", "metrics_token"})
LEADS_OUT = {
    "home": "another installation's folder",
    "database_url": "the database that the backup was made of",
    **dict.fromkeys(MailSettings.model_fields, "its mail server, and its mailbox"),
    "ping_url": "its watcher",
    "deviations_folder": "a folder that it takes exports out of",
    "public_folder": "a folder that it publishes in",
    "clock": "its Prefect server",
    "prefect_api_url": "its Prefect server",
    "prefect_auth": "its Prefect server",
    "prefect_ui_url": "its Prefect server",
    "prefect_ui_changes": "its Prefect server",
}
ASIDE = "foljsam.env.aside"  # the file beside foljsam.env
_PREFIX, _FILE = "foljsam_", "_file"
_WORDS = """\
# Put aside when this copy was restored from a backup: these settings lead to what the installation
# that the backup was made of speaks to, and this copy may stand beside it.
# A copy to look at: leave them here.
# A copy that takes its place: move the lines that it needs to foljsam.env, then remove this file.
# Not the database's address: the rows are in another now. `foljsam sending on` waits until this
# file is removed. See too that FOLJSAM_BASE_URL in foljsam.env is where this copy is reached.
"""


@dataclass(frozen=True, slots=True)
class Parted:
    """A backup's `foljsam.env` in two: what the copy is told, and what is put aside."""

    told: str
    aside: str  # "" when nothing was
    names: tuple[str, ...]  # of the settings that were put aside


def parted(words: str) -> Parted:
    """Part a file of settings, each with all of its lines; comments are told."""
    told: list[str] = []
    aside: list[str] = []
    names: list[str] = []
    for one in parse_stream(io.StringIO(words)):
        if _comes_along(one):
            told.append(one.original.string)
            continue
        aside.append(one.original.string.lstrip("\n"))
        names += [one.key.upper()] if one.key else []
    return Parted("".join(told), _WORDS + "".join(_lines(aside)) if aside else "", tuple(names))


def names_a_database(words: str) -> bool:
    """Does a file of settings say which database it is?"""
    asked = {setting(one.key) for one in parse_stream(io.StringIO(words)) if one.key}
    return "database_url" in asked


def quoted(value: str) -> str:
    """A value as a file of settings has it."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def setting(name: str) -> str:
    """The setting that a name in the environment or the file tells, itself or by a file."""
    return name.lower().removeprefix(_PREFIX).removesuffix(_FILE)


def _comes_along(one: Binding) -> bool:
    if one.error:
        return False
    if one.key is None:
        return True
    name = one.key.lower()
    if not name.startswith(_PREFIX):
        return False
    known = _SECRETS if name.endswith(_FILE) else COMES_ALONG
    return setting(name) in known


def _lines(parts: list[str]) -> Iterator[str]:
    for part in parts:
        yield part if part.endswith("\n") else part + "\n"
