"""Plans and lists as other hands draw them are read as their keys say, field for field."""

import json
from pathlib import Path

import pytest

from bench.reading import judged
from tests.corpus import draw
from tests.corpus.eighth import draw as eighth
from tests.corpus.eighth.kit import FILES as EIGHTH
from tests.corpus.fifth import draw as fifth
from tests.corpus.seventh import draw as seventh
from tests.corpus.seventh.kit import FILES as SEVENTH
from tests.corpus.sixth import draw as sixth
from tests.corpus.third import draw as third
from tests.corpus.unseen import draw as unseen

BATCHES = {
    draw.HERE: draw.FILES,
    unseen.HERE: unseen.FILES,
    third.HERE: third.FILES,
    fifth.HERE: fifth.FILES,
    sixth.HERE: sixth.FILES,
    seventh.HERE: {name: (one.kind, one.right, one.draw) for name, one in SEVENTH.items()},
    eighth.HERE: {name: (one.kind, one.right, one.draw) for name, one in EIGHTH.items()},
}
KEYS = {folder: json.loads((folder / "key.json").read_text("utf-8")) for folder in BATCHES}
EVERY = [(folder, name) for folder, key in KEYS.items() for name in key]


@pytest.mark.parametrize(("folder", "name"), EVERY, ids=[name for _, name in EVERY])
def test_a_file_of_the_corpus_is_read_as_its_key_says(folder: Path, name: str) -> None:
    wrong = [
        f"{each.field}: {each.wanted!r}, not {each.got!r}"
        for each in judged(folder / name, KEYS[folder][name]["right"])
        if not each.right
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", BATCHES, ids=lambda folder: folder.name)
def test_the_key_is_what_the_drawings_say(folder: Path) -> None:
    files = BATCHES[folder]
    assert {name: right for name, (_, right, _) in files.items()} == {
        name: entry["right"] for name, entry in KEYS[folder].items()
    }
    assert {path.name for path in folder.iterdir()} >= files.keys()
