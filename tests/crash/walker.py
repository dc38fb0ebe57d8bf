"""An installation at work, to be killed: rounds for some days, and a postman beside them.

    python -m tests.crash.walker FIRST-DAY DAYS

Ends when every day's round is done and the outbox is empty. Waiting times are short, so that a
letter that was put off comes back within the test.
"""

import asyncio
import sys
from datetime import date, timedelta

from sqlalchemy import select

from config import policy, settings
from config.settings import Settings
from models.columns import c
from models.database import reading, transaction
from models.letter import Letter, LetterState
from notifications import bag, notices, postman
from notifications.letters import morning

MOMENT = timedelta(milliseconds=20)


async def rounds(told: Settings, first: date, days: int) -> None:
    """A morning round for every other day, as the flow does it, without Prefect around it.

    Each when the letters of the day before have gone: else its letters would take their place.
    """
    promises = policy.load(told.home)

    def one(day: date) -> None:
        with transaction(told) as session:
            notices.sweep(session, promises, day)
        with transaction(told) as session:
            morning.write(session, told, promises, day)

    for n in range(days):
        while await asyncio.to_thread(anything_waits, told):
            await asyncio.sleep(0.01)
        await asyncio.to_thread(one, first + timedelta(days=2 * n))


def anything_waits(told: Settings) -> bool:
    """Is there a letter that is not done with?"""
    waits = c(Letter).state.in_((LetterState.QUEUED, LetterState.SENDING))
    with reading(told) as session:
        return session.execute(select(c(Letter).id).where(waits)).first() is not None


async def main() -> None:
    """Work until all is done."""
    first, days = date.fromisoformat(sys.argv[1]), int(sys.argv[2])
    bag.BACK_OFF, bag.NO_SERVER_WAIT, bag.GIVE_UP = (MOMENT,), MOMENT, 10_000
    postman.BATCH = 50
    told = settings.load()
    walker = postman.Postman(told)
    print("at work", flush=True)  # noqa: T201 - the test waits for it
    written = asyncio.ensure_future(rounds(told, first, days))
    while not written.done() or await asyncio.to_thread(anything_waits, told):
        await walker.post()
        await asyncio.sleep(0.01)
    await written
    await walker.close()


if __name__ == "__main__":
    asyncio.run(main())
