"""A file that only whoever has its key can read: Fernet (`cryptography`), a piece at a time.

Each line is one piece, and each piece says its number and whether it is the last: one that is left
out, put elsewhere or cut away is seen. What is written is never held in memory whole.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.fernet import Fernet, InvalidToken

from cli.console import Wrong

_PIECE = 1 << 20
_GOES_ON, _LAST = b"+", b"."


def key_in(path: Path, *, make: bool = False) -> Fernet:
    """The key that lies in a file; one is made there when asked for. Raises `Wrong`."""
    if make and not path.exists():
        path.touch(0o600)
        path.write_bytes(Fernet.generate_key() + b"\n")
    try:
        return Fernet(path.read_bytes().strip())
    except (OSError, ValueError) as error:
        raise Wrong(f"There is no key in {path}.") from error


class Sealing(io.RawIOBase):
    """Writes what it is given, sealed, to another file."""

    def __init__(self, to: IO[bytes], key: Fernet) -> None:
        self._to, self._key = to, key
        self._rest, self._number = bytearray(), 0

    def writable(self) -> bool:
        """It is only written."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take some; whole pieces leave at once."""
        self._rest += data
        while len(self._rest) > _PIECE:
            self._leave(bytes(self._rest[:_PIECE]), _GOES_ON)
            del self._rest[:_PIECE]
        return len(data)

    def close(self) -> None:
        """The last piece says that it is."""
        if not self.closed:
            self._leave(bytes(self._rest), _LAST)
        super().close()

    def _leave(self, piece: bytes, end: bytes) -> None:
        said = self._number.to_bytes(8, "big") + end + piece
        self._to.write(self._key.encrypt(said) + b"\n")
        self._number += 1


class Opening(io.RawIOBase):
    """Reads what was sealed. Raises `Wrong` where it is not whole, or the key is another."""

    def __init__(self, file: IO[bytes], key: Fernet) -> None:
        self._pieces = _opened(file, key)
        self._rest = b""

    def readable(self) -> bool:
        """It is only read."""
        return True

    def readinto(self, room: memoryview) -> int:  # type: ignore[override]
        """As much as there is room for; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        some, self._rest = self._rest[: len(room)], self._rest[len(room) :]
        room[: len(some)] = some
        return len(some)


def _opened(file: IO[bytes], key: Fernet) -> Iterator[bytes]:
    ended = False
    for number, line in enumerate(file):
        try:
            said = key.decrypt(line.strip())
        except InvalidToken as error:
            raise Wrong("The backup is of another key, or somebody has changed it.") from error
        if ended or int.from_bytes(said[:8], "big") != number:
            raise Wrong("The backup is not whole: pieces are in another order.")
        ended = said[8:9] == _LAST
        yield said[9:]
    if not ended:
        raise Wrong("The backup is not whole: its end is missing.")
