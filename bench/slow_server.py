"""A mail server that takes its time: so many milliseconds for each reply, one after another.

    python -m bench.slow_server MILLISECONDS

Prints its port. Takes what it is given and keeps nothing. Commands that come at once (RFC 2920) are
answered one by one, so pipelining saves the way there and back and no time of the server's own.
"""

import asyncio
import sys


async def _serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """One connection, until somebody says QUIT or hangs up."""

    async def say(words: str) -> None:
        await asyncio.sleep(seconds)
        writer.write(f"{words}\r\n".encode())

    await say("220 slow")
    while line := await reader.readline():
        match line[:4].upper():
            case b"EHLO":
                await say("250-slow\r\n250 PIPELINING")
            case b"DATA":
                await say("354 go on")
                first = await reader.readline()
                if first != b".\r\n":
                    await reader.readuntil(b"\r\n.\r\n")
                await say("250 2.0.0 kept")
            case b"QUIT":
                await say("221 bye")
                break
            case _:
                await say("250 2.0.0 Ok")
    writer.close()


async def main() -> None:
    """Listen until ended."""
    seconds = float(sys.argv[1]) / 1000
    serve = lambda reader, writer: _serve(reader, writer, seconds)  # noqa: E731
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**22)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
