"""Whom Följsam speaks to without encryption, for `foljsam doctor`.

Within one machine nothing needs it. Between machines all does, unless whoever runs them has said
that the way between is theirs alone (`FOLJSAM_PLAIN_HOSTS`).
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import make_url

from config.mail_settings import SmtpSecurity
from config.settings import Settings

_LOOPBACK = {"localhost", "::1"}
_CHECKED = {"verify-full", "verify-ca"}


def plainly_spoken_to(told: Settings) -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do) for each host elsewhere that is spoken to unencrypted."""
    known = {host.strip().lower() for host in told.plain_hosts.split(",")}
    for host, words, advice in _plain(told):
        if host.lower() not in known and not _is_here(host):
            yield f"{host}: {words}", f"{advice}, or name it in FOLJSAM_PLAIN_HOSTS."


def _plain(told: Settings) -> Iterator[tuple[str, str, str]]:
    if told.smtp_security is SmtpSecurity.NONE:
        words = "letters go to the mail server unencrypted"
        yield told.smtp_host, words, "Set FOLJSAM_SMTP_SECURITY to starttls or tls"
    database = make_url(told.database)
    if database.get_backend_name() == "postgresql":
        mode = str(database.query.get("sslmode", ""))
        words = "PostgreSQL may answer unencrypted, or from somebody else"
        host = str(database.query.get("host") or database.host or "")
        if mode not in _CHECKED:
            yield host, words, "Add ?sslmode=verify-full to FOLJSAM_DATABASE_URL"
    prefect = urlsplit(told.prefect_api)
    if prefect.scheme == "http":
        words = "Prefect gets its password unencrypted"
        advice = "Put TLS before it and let FOLJSAM_PREFECT_API_URL say so"
        yield prefect.hostname or "", words, advice
    if told.scanner is not None:
        words = "the virus scanner gets all files unencrypted"
        yield told.scanner.host, words, "Let clamd listen on a socket of this machine"
    ping = urlsplit(told.ping_url)
    if ping.scheme == "http":
        words = "FOLJSAM_PING_URL is called unencrypted"
        yield ping.hostname or "", words, "Let it begin with https://"


def _is_here(host: str) -> bool:
    """This machine, a socket of it, or nobody."""
    return not host or host in _LOOPBACK or host.startswith(("127.", "/"))
