"""Plans as other hands draw them are read as their keys say, field for field."""

import json
from pathlib import Path

import pytest

from bench.reading import judged
from tests.corpus.draw import FILES, HERE

KEY = json.loads((HERE / "key.json").read_text("utf-8"))


@pytest.mark.parametrize("name", KEY)
def test_a_file_of_the_corpus_is_read_as_its_key_says(name: str) -> None:
    wrong = [
        f"{each.field}: {each.wanted!r}, not {each.got!r}"
        for each in judged(HERE / name, KEY[name]["right"])
        if not each.right
    ]
    assert not wrong, "\n".join(wrong)


def test_the_key_is_what_the_drawings_say() -> None:
    assert {name: right for name, (_, right, _) in FILES.items()} == {
        name: entry["right"] for name, entry in KEY.items()
    }
    assert {path.name for path in Path(HERE).iterdir()} >= FILES.keys()
