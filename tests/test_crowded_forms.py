"""A form of more fields than any page has is refused before it is taken apart.

That is done on the loop that all pages share, so one that takes seconds keeps everybody waiting.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.cast import Town
from tests.conftest import browse
from tests.test_load import link_of
from web.app import create_app
from web.bodies import MOST, Unreadable, of_few
from web.forms import MOST_FIELDS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SENTENCE = "Formuläret gick inte att läsa. Gå tillbaka och försök igen."


@pytest.mark.parametrize("body", [b"&" * (MOST - 1), b"a=1&" * (MOST_FIELDS + 1)])
@pytest.mark.parametrize("where", ["behind a link", "where a file is sent"])
def test_a_form_of_nothing_but_signs_between_fields_is_refused_at_once(
    small_town: Town, where: str, body: bytes
) -> None:
    path = link_of(small_town, small_town.alice)[1] if where == "behind a link" else ""
    client = browse(create_app(small_town.settings))
    answer = client.post(path or "/personer/las-in", content=body, headers=FORM)
    assert answer.status_code == 400
    assert SENTENCE in answer.text


def test_as_many_parts_of_a_form_are_refused_in_the_same_words(small_town: Town) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    told = {"Content-Type": "multipart/form-data; boundary=x"}
    path = link_of(small_town, small_town.alice)[1]
    client = browse(create_app(small_town.settings))
    answer = client.post(path, content=part * (MOST_FIELDS + 1) + b"--x--\r\n", headers=told)
    assert answer.status_code == 400
    assert SENTENCE in answer.text


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_fields_are_counted_whatever_pieces_they_come_in(size: int) -> None:
    async def read(fields: int) -> bytes:
        whole = b"&".join([b"a=1"] * fields)

        async def pieces() -> AsyncIterator[bytes]:
            for at in range(0, len(whole), size):
                yield whole[at : at + size]

        return b"".join([piece async for piece in of_few(pieces(), 10)])

    assert asyncio.run(read(11)).count(b"a=1") == 11  # one more than "&": the parser counts it
    with pytest.raises(Unreadable):
        asyncio.run(read(12))
