"""The postman: takes what is queued, sends it, and writes down what the server said.

Knows letters, not activities: the row is the whole contract. Any number of postmen may work at
once. APScheduler ticks (`flows/schedule.py`); this file is one tick.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from models.letter import LetterState
from notifications import links, release, returns
from notifications.bag import STALE, Bag, Claimed
from notifications.book import NotWritten
from notifications.message import NotALetter, build, for_the_envelope
from notifications.outbox import Enclosed
from notifications.smtp import Answer, Envelope, Pool
from rules import marks
from rules.refusals import Verdict

BATCH = 100
_NOTE_AGAIN = 2  # seconds between tries to write down a yes, when the database is away
KEPT, KEPT_WITHOUT_LINKS = "kept as {}", "kept without links as {}"
_log = logging.getLogger("foljsam.postman")


@dataclass(frozen=True, slots=True)
class _Carried:
    """A letter that is made, as the server gets it; or why it cannot be."""

    letter: Claimed
    envelope: Envelope | None = None
    refused: Answer | None = None


class Postman:
    """One postman with his own bag and connections.

    He works in a thread of his own with a loop of its own: what he writes down holds up nobody
    else, and need not go by way of another thread each time.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._bag = Bag(settings)
        self._pool = Pool(settings) if settings.smtp_host else None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="postman")
        self._runner = asyncio.Runner()
        self._round: asyncio.Future[int] | None = None
        self._going_home = False
        self._handed: set[int] = set()  # letters that the server may have, and nothing is noted of

    async def post(self) -> int:
        """Empty the outbox. Returns how many letters the server took (or were kept as files).

        0. Nothing, if somebody holds the post (`models/post_hold.py`). Make the day's letters, if
           it is time (`release.py`).
        1. Take up what killed postmen carried.
        2. Claim a batch: `UPDATE … WHERE queued AND due … RETURNING`, committed before any is sent.
        3. Hand each over on a kept connection, and write down at once that the server said yes,
           before any other letter may be finished: a postman who is killed leaves at most one
           letter that was taken and not noted.
        4. Write down what the server said instead: again later with back-off, or refused for good.
        5. Go on until nothing is due, the server is not there, or it refuses us: then the post
           stands still (`stops.py`), and goes on when a letter is taken again.

        Whoever is cancelled while he waits for this leaves it going; `close` ends it in order.
        """
        if self._round is None or self._round.done():
            here = asyncio.get_running_loop()
            self._round = here.run_in_executor(self._thread, self._work)
        return await asyncio.shield(self._round)

    async def close(self) -> None:
        """Finish the letters in hand, put the rest back, close the connections."""
        self._going_home = True
        await asyncio.get_running_loop().run_in_executor(self._thread, self._go_home)
        self._thread.shutdown()

    def _work(self) -> int:
        return self._runner.run(self._empty_the_outbox())

    def _go_home(self) -> None:
        self._bag.close()
        if self._pool:
            self._runner.run(self._pool.close())
        self._runner.close()

    async def _empty_the_outbox(self) -> int:
        if self._bag.is_held():
            return 0
        self._make_letters()
        self._bag.take_up_from_the_dead()
        done = 0
        while not self._going_home and (letters := self._bag.fill(BATCH)):
            verdicts = await self._carry(letters)
            done += verdicts.count(Verdict.ACCEPTED)
            if self._pool and Verdict.ACCEPTED in verdicts and self._bag.went():
                _log.warning("the mail server takes our letters again")
            if len(verdicts) < len(letters) or _stops(verdicts):
                self._bag.put_back(in_a_while=_stops(verdicts), may_have_gone=self._handed)
                self._handed.clear()
                break
        return done

    def _make_letters(self) -> None:
        """What cannot be made now stops no letter that is made already."""
        try:
            release.make_due(self._settings)
        except Exception:  # the next walk tries again
            _log.exception("the day's letters could not be made")

    async def _carry(self, letters: Sequence[Claimed]) -> list[Verdict]:
        """Hand letters over on all connections at once; the verdicts of those that were tried."""
        files = self._bag.enclosed(letters)
        until = asyncio.get_running_loop().time() + STALE.total_seconds() / 2
        rest, verdicts = iter(letters), list[Verdict]()
        walks = (
            self._walk(rest, files, until, verdicts) for _ in range(self._settings.smtp_connections)
        )
        await asyncio.gather(*walks)
        if self._pool:
            self._pool.forget()
        return verdicts

    async def _walk(
        self,
        rest: Iterator[Claimed],
        files: dict[int, list[Enclosed]],
        until: float,
        verdicts: list[Verdict],
    ) -> None:
        """Deliver one letter after the other, while there is a server and nobody calls us home.

        The next one is made before this one goes, so that the server can be told of both at once.
        """
        coming = self._take(rest, files, until)
        while coming is not None:
            carried, coming = coming, self._take(rest, files, until)
            try:
                verdicts.append(await self._deliver(carried, coming))
            except (SQLAlchemyError, NotWritten):  # still claimed: it is put back later
                _log.exception("letter %s: the answer could not be noted", carried.letter.id)
                return
            if self._going_home or _stops(verdicts):
                return

    def _take(
        self, rest: Iterator[Claimed], files: dict[int, list[Enclosed]], until: float
    ) -> _Carried | None:
        """The next letter out of the bag, made; or why it cannot be."""
        letter = next(rest, None)
        if letter is None:
            return None
        try:
            message = build(self._settings, self._with_links(letter), files.get(letter.id, []))
            recipient = for_the_envelope(letter.to_address)
        except NotALetter as refusal:
            return _Carried(letter, refused=Answer(Verdict.LETTER, str(refusal)))
        except Exception:  # one bad letter never stops the others
            _log.exception("letter %s cannot be made", letter.id)
            said = "Brevet gick inte att göra. Felet står i loggen."
            return _Carried(letter, refused=Answer(Verdict.LETTER, said))
        sender = returns.sender(self._settings, letter.id)
        return _Carried(letter, Envelope(sender, recipient, message, until))

    def _with_links(self, letter: Claimed) -> Claimed:
        """The letter as its reader gets it; one that is kept where others sign in has no links."""
        if not letter.leads_to:
            return letter
        if self._settings.smtp_host or self._settings.links_live_in_files:
            made = links.addresses(self._settings, letter.link_id, letter.leads_to)
            text, html = marks.filled(letter.text, made), marks.filled(letter.html, made)
        else:
            text, html = marks.without_links(letter.text), marks.without_links(letter.html)
        return replace(letter, text=text, html=html)

    async def _deliver(self, carried: _Carried, coming: _Carried | None) -> Verdict:
        """One letter handed over, and the answer written down."""
        letter, answer = carried.letter, carried.refused
        if answer is None and carried.envelope is not None:
            if self._pool is None:
                return self._keep(letter, carried.envelope.whole)
            following = coming.envelope if coming else None
            self._handed.add(letter.id)
            answer = await self._pool.send(carried.envelope, partial(self._note, letter), following)
        assert answer is not None
        if answer.verdict is Verdict.ACCEPTED:
            self._handed.discard(letter.id)
            return answer.verdict
        verdict = self._bag.refused(letter, answer)
        self._handed.discard(letter.id)
        if verdict is Verdict.OURS:
            _log.error("the mail server refuses us, so letters wait: %s", answer.said)
        return verdict

    async def _note(self, letter: Claimed, said: str) -> None:
        """Write down the server's yes, however long the database is away: else it goes twice."""
        while True:
            try:
                return self._bag.accepted(letter, said)
            except NotWritten:
                if self._going_home:
                    raise
                _log.exception("letter %s went, and that cannot be written down yet", letter.id)
                await asyncio.sleep(_NOTE_AGAIN)

    def _keep(self, letter: Claimed, message: bytes) -> Verdict:
        """Without a mail server: the letter as a file that any mail program opens."""
        folder = self._settings.letters_folder
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{letter.id:06d}.eml"
        half = path.with_suffix(".half")
        half.write_bytes(message)
        half.replace(path)
        said = KEPT if self._settings.links_live_in_files else KEPT_WITHOUT_LINKS
        self._bag.accepted(letter, said.format(path.name), LetterState.KEPT)
        return Verdict.ACCEPTED


def _stops(verdicts: Sequence[Verdict]) -> bool:
    """Is the server away, or does it refuse us? Then no other letter is tried now."""
    return Verdict.SERVER in verdicts or Verdict.OURS in verdicts
