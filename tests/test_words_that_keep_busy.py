"""Words that are made to be hard to read take no longer than their length says.

Each is read once, and once twice as long: what is worked out by trying all ways takes a million
times as long then.
"""

import random
import time
from collections.abc import Callable

import pytest

from intake.deviation.spelling import spelled
from intake.plan.rows import _who_and_when
from intake.readers.text import read_text
from rules.alike import closest
from rules.authentication import failed_dmarc

AT_LEAST = 0.02  # seconds of processor time, below which nothing is said of a clock


def _as_text(words: str) -> object:
    return read_text("plan.md", words.encode())


def _of_server(words: str) -> object:
    return failed_dmarc(words, "mx.example.org")


@pytest.mark.parametrize(
    ("read", "begins", "again", "ends"),
    [
        (spelled, "(1", "ålder77", "!"),
        (_as_text, "# a", "     ", "b"),
        (_who_and_when, "Anna", " , ", "x"),
        (_of_server, "mx.example.org", "; dkim=fail (a) ", ""),
    ],
)
def test_twice_as_many_words_do_not_take_twenty_times_as_long(
    read: Callable[[str], object], begins: str, again: str, ends: str
) -> None:
    def took(times: int) -> float:
        began = time.process_time()
        read(begins + again * times + ends)
        return max(time.process_time() - began, AT_LEAST)

    took(1)  # what is made ready once
    assert took(400) < 20 * took(200)


def test_anagrams_find_nobody_and_cost_no_more_than_their_number() -> None:
    def took(people: int) -> float:
        letters = list("abcdefghijklmnopqrstuvwxyzåäö" * 4)
        mixed = random.Random(7)
        names = []
        for _ in range(people):
            mixed.shuffle(letters)
            names.append("".join(letters))
        mixed.shuffle(letters)
        began = time.process_time()
        assert closest("".join(letters), names, 0.75) is None
        return max(time.process_time() - began, AT_LEAST)

    assert took(800) < 20 * took(400)


def test_the_one_that_is_most_alike_is_found_among_many() -> None:
    names = [f"grupp {number}" for number in range(500)] + ["temagrupp äldre", "temagrupp barn"]
    assert closest("temagrup äldre", names, 0.75) == "temagrupp äldre"
    assert closest("kansliet", names, 0.75) is None
