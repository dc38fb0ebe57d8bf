"""A mail server in a bad mood: refuses, stalls, hangs up in the middle; and never forgets a yes.

    python -m tests.crash.moody_server PORT LOG MOOD SEED

What it accepts stands in the log, on disk, before it says 250: one Message-ID a line. MOOD is the
share of sessions and letters that get something else than a yes.
"""

import asyncio
import os
import random
import re
import sys

_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE)


class Moody:
    """One server; `serve` is one connection."""

    def __init__(self, log: str, mood: float, seed: int) -> None:
        self._log = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        self._mood = mood
        self._dice = random.Random(seed)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak SMTP until somebody hangs up."""
        try:
            await self._speak(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cross(0.3):
            writer.write(b"421 not now\r\n")
            return
        writer.write(b"220 moody\r\n")
        while line := await reader.readline():
            match line[:4].upper():
                case b"EHLO":
                    writer.write(b"250-moody\r\n250 PIPELINING\r\n")
                case b"MAIL" | b"RSET":
                    writer.write(b"250 ok\r\n")
                case b"RCPT":
                    writer.write(b"451 later\r\n" if self._is_cross() else b"250 ok\r\n")
                case b"DATA":
                    writer.write(b"354 go on\r\n")
                    if not await self._take(reader, writer):
                        return
                case b"QUIT":
                    writer.write(b"221 bye\r\n")
                    return
                case _:
                    writer.write(b"500 what?\r\n")

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One message; False when the connection is given up."""
        if self._is_cross(0.5):
            await reader.read(200)
            return False  # hangs up in the middle of it
        whole = b"" if (first := await reader.readline()) == b".\r\n" else first
        while whole and not whole.endswith(b"\r\n.\r\n"):
            whole += await reader.readuntil(b".\r\n")
        await asyncio.sleep(self._dice.uniform(0.2, 0.5) if self._is_cross(0.2) else 0.001)
        named = _ID.search(whole)
        if named is None or self._is_cross():
            writer.write(b"452 later\r\n")
            return True
        os.write(self._log, named[1] + b"\n")
        os.fsync(self._log)
        writer.write(b"250 kept\r\n")
        return True

    def _is_cross(self, share: float = 1.0) -> bool:
        return self._dice.random() < self._mood * share


async def main() -> None:
    """Listen until killed."""
    port, log, mood, seed = sys.argv[1:5]
    moody = Moody(log, float(mood), int(seed))
    server = await asyncio.start_server(moody.serve, "127.0.0.1", int(port))
    print("listening", flush=True)  # noqa: T201 - the test waits for it
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
