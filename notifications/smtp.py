"""aiosmtplib, and nothing else: a pool of connections that are kept, and what the server said.

Knows nothing of letters on file. An answer is a plain value; whether to try again is the postman's.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from enum import Enum

import aiosmtplib

from config.settings import Settings, SmtpSecurity

_TIMEOUT = 30  # seconds for a connection and for each answer of the server


class Verdict(Enum):
    """What the server's answer means for a letter."""

    ACCEPTED = "accepted"
    LATER = "later"  # a passing hindrance: try this letter again
    NEVER = "never"  # the server refuses this letter for good
    NO_SUCH_ADDRESS = "no such address"  # the server knows nobody of that address
    NO_SERVER = "no server"  # nothing to do with the letter: the server is not there


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, and the server's own words with their code."""

    verdict: Verdict
    said: str


class Pool:
    """A number of long-lived connections: a new one with STARTTLS costs nine times a letter."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._free: list[aiosmtplib.SMTP] = []
        self._places = asyncio.Semaphore(settings.smtp_connections)

    async def send(self, message: EmailMessage, sender: str, recipient: str) -> Answer:
        """Hand one message to the server and return what it answered; never raises for it."""
        try:
            async with self._connection() as smtp:
                return await _hand_over(smtp, message, sender, recipient)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Answer(Verdict.NO_SERVER, _said(error))

    async def close(self) -> None:
        """Say goodbye on every connection."""
        while self._free:
            smtp = self._free.pop()
            try:
                await smtp.quit(timeout=5)
            except (aiosmtplib.SMTPException, OSError, TimeoutError):
                smtp.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        async with self._places:
            smtp = await self._fetch()
            try:
                yield smtp
            finally:
                if smtp.is_connected:
                    self._free.append(smtp)

    async def _fetch(self) -> aiosmtplib.SMTP:
        """A free connection that still answers, or a new one."""
        while self._free:
            smtp = self._free.pop()
            if smtp.is_connected:
                try:
                    await smtp.rset(timeout=5)
                except (aiosmtplib.SMTPException, OSError, TimeoutError):
                    smtp.close()
                else:
                    return smtp
        return await self._connect()

    async def _connect(self) -> aiosmtplib.SMTP:
        told = self._settings
        smtp = aiosmtplib.SMTP(
            hostname=told.smtp_host,
            port=told.smtp_port,
            timeout=_TIMEOUT,
            use_tls=told.smtp_security is SmtpSecurity.TLS,
            start_tls=told.smtp_security is SmtpSecurity.STARTTLS,
        )
        await smtp.connect()
        if told.smtp_user:
            await smtp.login(told.smtp_user, told.smtp_password.get_secret_value())
        return smtp


async def _hand_over(
    smtp: aiosmtplib.SMTP, message: EmailMessage, sender: str, recipient: str
) -> Answer:
    try:
        _, said = await smtp.send_message(message, sender=sender, recipients=[recipient])
    except aiosmtplib.SMTPRecipientsRefused as error:
        refused = error.recipients[0]
        return Answer(_of_address(refused), f"{refused.code} {refused.message}")
    except aiosmtplib.SMTPServerDisconnected:
        smtp.close()
        raise
    except aiosmtplib.SMTPResponseException as error:
        if error.code == 421:  # the server is closing: says nothing about this letter
            smtp.close()
            raise
        return Answer(_by_code(error.code), f"{error.code} {error.message}")
    return Answer(Verdict.ACCEPTED, f"250 {said}")


def _of_address(refused: aiosmtplib.SMTPRecipientRefused) -> Verdict:
    """A refused recipient. 5.7.x is policy against us, and says nothing of the address."""
    if refused.code in {550, 551, 553} and not refused.message.lstrip().startswith("5.7"):
        return Verdict.NO_SUCH_ADDRESS
    return _by_code(refused.code)


def _by_code(code: int) -> Verdict:
    return Verdict.NEVER if 500 <= code < 600 else Verdict.LATER


def _said(error: Exception) -> str:
    words = str(error).strip() or type(error).__name__
    return " ".join(words.split())[:500]
