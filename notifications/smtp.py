"""The mail server: a pool of connections that are kept, and what the server said.

aiosmtplib opens the door (connection, STARTTLS, sign-in). Then letters are handed over as RFC 2920
allows: the next letter's commands in the same write as this one's last dot, so that a letter costs
one round trip instead of five. Knows nothing of letters on file. An answer is a plain value;
whether to try again is the postman's.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import aiosmtplib

from config.mail_settings import SmtpSecurity
from config.settings import Settings
from models.post import Stage
from notifications import trust
from rules.marks import without_keys
from rules.refusals import Verdict, judge

_TIMEOUT = 30  # seconds for a connection, and for each answer but the last
_LAST_ANSWER = 600  # RFC 5321, 4.5.3.2.6: giving up earlier makes doubles
_IDLE = 5  # a connection that has rested longer is asked whether it still answers
_LONGEST_REPLY = 64 * 1024
_COMMANDS = 3  # that begin a letter: MAIL, RCPT and DATA
_CLOSES = 421  # the server goes away: at first because it must, later perhaps for a letter's sake


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, the server's own words with their code, and at which stage it said them.

    `may_have_it`: the message was given, and what became of it was never heard.
    """

    verdict: Verdict
    said: str
    stage: Stage | None = None
    may_have_it: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom and to whom, as the server is told; `whole` is the message, lines ending in CRLF.

    `until`: the loop's time after which the last dot may not be sent; the letter is another's then.
    """

    sender: str
    recipient: str
    whole: bytes
    until: float


Noted = Callable[[str], Awaitable[None]]


class Pool:
    """A number of long-lived connections: a new one with STARTTLS costs nine times a letter."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._free: list[_Connection] = []
        self._places = asyncio.Semaphore(settings.smtp_connections)
        self._last_dot = asyncio.Lock()

    async def send(
        self, envelope: Envelope, noted: Noted, following: Envelope | None = None
    ) -> Answer:
        """Hand one message to the server and return what it answered; never raises for it.

        `noted` is awaited at the server's yes. From the last dot until it has returned no other
        letter gets its last dot: whenever we are killed, at most one letter is taken and not noted.
        `following` is the letter that whoever sends this one sends next.
        """
        try:
            while True:
                async with self._connection(envelope) as connection:
                    told = await connection.hand_over(envelope, following, self._last_dot, noted)
                if told is not None:
                    return told
        except NotLetIn as refusal:
            return refusal.answer
        except (aiosmtplib.SMTPException, OSError, TimeoutError, Unintelligible) as error:
            return Answer(Verdict.SERVER, _said(error))

    def forget(self) -> None:
        """Hang up where a letter was begun with that is not to be sent after all."""
        for connection in [one for one in self._free if one.begun is not None]:
            self._free.remove(connection)
            connection.drop()

    async def close(self) -> None:
        """Say goodbye on every connection."""
        self.forget()
        while self._free:
            await self._free.pop().quit()

    @asynccontextmanager
    async def _connection(self, envelope: Envelope) -> AsyncIterator["_Connection"]:
        async with self._places:
            connection = await self._fetch(envelope)
            try:
                yield connection
            except BaseException:
                connection.drop()
                raise
            if connection.usable:
                self._free.append(connection)

    async def _fetch(self, envelope: Envelope) -> "_Connection":
        """The connection where the letter was begun with, a free one that answers, or a new one."""
        for connection in self._free:
            if connection.begun is envelope:
                self._free.remove(connection)
                return connection
        while free := [one for one in self._free if one.begun is None]:
            connection = free[-1]
            self._free.remove(connection)
            if await connection.still_answers():
                return connection
            connection.drop()
        return await _connect(self._settings)


class Unintelligible(Exception):  # noqa: N818 - what the server is, not what we did
    """The server does not speak SMTP."""


class NotLetIn(Exception):  # noqa: N818 - what the server answered
    """The server refused us before any letter was spoken of."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.said)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class _Reply:
    code: int
    words: str

    def __str__(self) -> str:
        return f"{self.code} {self.words}"


class _Wire(asyncio.Protocol):
    """What the server says, line by line."""

    def __init__(self) -> None:
        self._heard = bytearray()
        self._waits: asyncio.Future[None] | None = None
        self.gone = False

    def data_received(self, data: bytes) -> None:
        """More was said."""
        self._heard += data
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Nothing more will be said."""
        self.gone = True
        self._wake()

    def eof_received(self) -> None:
        """The same."""
        self.gone = True
        self._wake()

    async def line(self) -> bytes:
        """The next line, as soon as it is whole."""
        while (end := self._heard.find(b"\n") + 1) == 0:
            if self.gone:
                raise ConnectionResetError("the server closed the connection")
            if len(self._heard) > _LONGEST_REPLY:
                raise Unintelligible("the server's answer never ends")
            self._waits = asyncio.get_running_loop().create_future()
            await self._waits
        line = bytes(self._heard[:end])
        del self._heard[:end]
        return line

    def _wake(self) -> None:
        if self._waits is not None and not self._waits.done():
            self._waits.set_result(None)


class _Connection:
    """One connection past sign-in, with nothing half said on it but the letter begun with."""

    def __init__(self, smtp: aiosmtplib.SMTP) -> None:
        """Takes the wire over from aiosmtplib, which answers for what came before."""
        loop = asyncio.get_running_loop()
        transport = smtp.transport
        assert isinstance(transport, asyncio.Transport)
        self._smtp = smtp
        self._wire, self._out = _Wire(), transport
        transport.set_protocol(self._wire)
        self._at_once = smtp.supports_extension("pipelining")
        self._utf8 = smtp.supports_extension("smtputf8")
        self._loop = loop
        self._used_at = loop.time()
        self._has_taken = False  # a letter, on this connection
        self.usable = True
        self.begun: Envelope | None = None  # its commands are said, and the answers not heard

    async def hand_over(
        self, letter: Envelope, following: Envelope | None, last_dot: asyncio.Lock, noted: Noted
    ) -> Answer | None:
        """1. Name sender and recipient, and ask to give the message, if that is not said already.
        2. When it is this letter's turn: give the message, and begin with the following one.
        3. Hear the answer, and note a yes.

        A server that goes away before it has answered anything is no server; one that goes away
        later, or says then that it will, might do so because of this letter, which waits for its
        turn to come again: the others do not wait behind it. None: it hung up after the letter
        before this one.
        """
        if self._cannot_name(letter):
            return Answer(Verdict.LETTER, _NOT_UTF8)
        replies = await self._first_answers(letter)
        if replies is None:
            return None
        refusal = next((reply for reply in replies if reply.code >= 400), None)
        if refusal is not None:
            at = next(place for place, reply in enumerate(replies) if reply is refusal)
            answer = self._judged(refusal, (Stage.MAIL, Stage.RCPT, Stage.DATA)[at])
            if self.usable:
                await self._back_out(replies[-1])
            return answer
        try:
            return await self._give(letter, following, last_dot, noted)
        except (OSError, TimeoutError, Unintelligible) as error:
            self.drop()
            return Answer(Verdict.LATER, _said(error), may_have_it=True)

    def _cannot_name(self, letter: Envelope) -> bool:
        return not self._utf8 and not (letter.recipient + letter.sender).isascii()

    async def _first_answers(self, letter: Envelope) -> list[_Reply] | None:
        """What is answered to the commands that begin a letter, said now or with the one before.

        Falling silent halfway is as good as saying that it closes. None: it had taken letters, and
        then hung up.
        """
        begun, self.begun = self.begun, None
        replies: list[_Reply] = []
        try:
            if begun is None:
                await self._ask(_commands(letter, utf8=self._utf8), replies)
            else:
                async with asyncio.timeout(_TIMEOUT):
                    await self._hear(_COMMANDS, replies)
        except (ConnectionError, TimeoutError) as error:
            if not replies and (isinstance(error, TimeoutError) or not self._has_taken):
                raise
            self.drop()
            if not replies:
                return None
            replies.append(_Reply(_CLOSES, _said(error)))
        if replies[0].code == _CLOSES and self._has_taken:
            self.drop()
            return None
        return replies

    async def _ask(self, commands: Sequence[bytes], replies: list[_Reply]) -> None:
        """Say some commands; what is answered is put in `replies` as it is heard."""
        if self._at_once:
            self._out.write(b"".join(commands))
            async with asyncio.timeout(_TIMEOUT):
                await self._hear(len(commands), replies)
            return
        for command in commands:
            self._out.write(command)
            async with asyncio.timeout(_TIMEOUT):
                await self._hear(1, replies)
            if replies[-1].code >= 400:
                break

    async def _hear(self, number: int, replies: list[_Reply]) -> None:
        for _ in range(number):
            replies.append(await self._reply())

    async def _give(
        self, letter: Envelope, following: Envelope | None, last_dot: asyncio.Lock, noted: Noted
    ) -> Answer:
        said = [_stuffed(letter.whole)]
        if following is not None and self._at_once and not self._cannot_name(following):
            said += _commands(following, utf8=self._utf8)
        async with last_dot:
            if self._loop.time() > letter.until:
                self.drop()
                return Answer(Verdict.LATER, "it took too long")
            self.begun = following if len(said) > 1 else None
            self._out.write(b"".join(said))
            async with asyncio.timeout(_LAST_ANSWER):
                reply = await self._reply()
            self._has_taken = True
            if reply.code == 250:
                await noted(str(reply))
                self._used_at = self._loop.time()
                return Answer(Verdict.ACCEPTED, str(reply))
        return self._judged(reply, Stage.DATA)

    async def _back_out(self, latest: _Reply) -> None:
        """Leave nothing half said: a server that waits for a message gets none, and refuses it."""
        try:
            await self._answer_to(b".\r\n" if latest.code == 354 else b"RSET\r\n")
        except (OSError, TimeoutError, Unintelligible):
            self.drop()

    def _judged(self, reply: _Reply, stage: Stage) -> Answer:
        """What a refusal means. One that says yes where it is no answer is asked for again."""
        if reply.code == _CLOSES:
            self.drop()
        verdict = judge(stage, reply.code, reply.words).verdict
        if verdict is Verdict.ACCEPTED:
            verdict = Verdict.LATER
        return Answer(verdict, str(reply), stage)

    async def _reply(self) -> _Reply:
        words = []
        while True:
            line = await self._wire.line()
            words.append(line[4:].decode("utf-8", "replace").strip())
            if line[3:4] == b"-":
                continue
            if not line[:3].isdigit():
                raise Unintelligible(f"the server does not speak SMTP: {words[-1][:80]}")
            return _Reply(int(line[:3]), in_one_line(" ".join(words)))

    async def _answer_to(self, command: bytes) -> _Reply:
        self._out.write(command)
        async with asyncio.timeout(5):
            return await self._reply()

    async def still_answers(self) -> bool:
        """Servers close connections that rest."""
        if self._loop.time() - self._used_at < _IDLE:
            return not self._out.is_closing() and not self._wire.gone
        try:
            return (await self._answer_to(b"RSET\r\n")).code == 250
        except (OSError, TimeoutError, Unintelligible):
            return False

    async def quit(self) -> None:
        """Say goodbye."""
        with suppress(OSError, TimeoutError, Unintelligible):  # it was over anyway
            await self._answer_to(b"QUIT\r\n")
        self.drop()

    def drop(self) -> None:
        """Hang up."""
        self.usable = False
        self._out.close()
        self._smtp.close()


async def knock(told: Settings) -> None:
    """Open the door, signing in if that is asked for, and go again. Raises what went wrong."""
    await (await _connect(told)).quit()


async def _connect(told: Settings) -> _Connection:
    smtp = aiosmtplib.SMTP(
        hostname=told.smtp_host,
        port=told.smtp_port,
        timeout=_TIMEOUT,
        use_tls=told.smtp_security is SmtpSecurity.TLS,
        start_tls=False,
        tls_context=trust.context(told),
    )
    async with _let_in(smtp, Stage.CONNECT):
        await smtp.connect()
    async with _let_in(smtp, Stage.HELLO):
        await smtp.ehlo()
    if told.smtp_security is SmtpSecurity.STARTTLS:
        async with _let_in(smtp, Stage.TLS):
            await smtp.starttls()
    if told.smtp_user:
        async with _let_in(smtp, Stage.AUTH):
            await _sign_in(smtp, told)
    async with _let_in(smtp, Stage.HELLO):
        if smtp.is_ehlo_or_helo_needed:
            await smtp.ehlo()
    return _Connection(smtp)


async def _sign_in(smtp: aiosmtplib.SMTP, told: Settings) -> None:
    """With a token where such are fetched, or with user and password.

    A token that is not taken is not shown again: it may have been called back before its time.
    """
    if not told.mail_token_url:
        await smtp.login(told.smtp_user, told.smtp_password.get_secret_value())
        return
    token = await asyncio.to_thread(trust.token, told)
    try:
        await smtp.auth_xoauth2(told.smtp_user, token)
    except aiosmtplib.SMTPAuthenticationError:
        trust.forget(told)
        raise


@asynccontextmanager
async def _let_in(smtp: aiosmtplib.SMTP, stage: Stage) -> AsyncIterator[None]:
    """One step through the door. Raises `NotLetIn` where the server, or its certificate, says no.

    That the server is not there, or falls silent, is raised as it is: it says nothing of us.
    """
    try:
        yield
    except aiosmtplib.SMTPResponseException as error:
        smtp.close()
        words = in_one_line(error.message)
        verdict = judge(stage, error.code, words).verdict
        raise NotLetIn(Answer(verdict, f"{error.code} {words}", stage)) from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        smtp.close()
        if _is_of_certificate(error):
            raise NotLetIn(Answer(Verdict.OURS, _said(error), Stage.TLS)) from error
        if stage in (Stage.TLS, Stage.AUTH) and not isinstance(error, OSError):
            # It offers no STARTTLS, or no way to sign in that we know: a setting of ours.
            raise NotLetIn(Answer(Verdict.OURS, _said(error), stage)) from error
        raise


def _is_of_certificate(error: BaseException | None) -> bool:
    """Was it the certificate, or the settings of the encryption, somewhere below?"""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _commands(letter: Envelope, *, utf8: bool) -> list[bytes]:
    """MAIL, RCPT and DATA, for addresses that `notifications/message.py` has let through."""
    asks = " SMTPUTF8" if utf8 and not (letter.sender + letter.recipient).isascii() else ""
    return [
        f"MAIL FROM:<{letter.sender}>{asks}\r\n".encode(),
        f"RCPT TO:<{letter.recipient}>\r\n".encode(),
        b"DATA\r\n",
    ]


def _stuffed(message: bytes) -> bytes:
    """A message and its last dot. A line that begins with a dot gets another, or it would end."""
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def in_one_line(words: str) -> str:
    """What a server says, short enough to keep, with nothing in it that a database refuses.

    Where it gives back a part of the letter, what opens the letter's links is left out.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return without_keys(line)[:500]


def _said(error: BaseException) -> str:
    return in_one_line(str(error)) or type(error).__name__


_NOT_UTF8 = "Mejlservern tar inte emot adresser med å, ä, ö eller andra sådana tecken före @."
