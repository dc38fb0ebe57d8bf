"""Worlds are played; what each person reads, on which day, about what, is as was promised.

One small world as it comes. `LONG=1` plays twenty, thirteen months each; `WORLD=7` plays that one,
`MONTHS=3` so long, and `RING=2` with so much in it (see `maker.py`).
"""

import os

import pytest

from config.settings import Settings
from tests.oracle.maker import world
from tests.oracle.play import Player
from tests.oracle.stage import staged

LONG = bool(os.environ.get("LONG"))
ONE = os.environ.get("WORLD")
MONTHS = int(os.environ.get("MONTHS", "13" if LONG else "3"))
WORLDS = [int(ONE)] if ONE else list(range(21, 41)) if LONG else [32]
RING = int(os.environ.get("RING", "4"))


@pytest.mark.parametrize("number", WORLDS)
def test_everybody_is_written_to_as_promised(
    number: int, lite: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world(number, MONTHS, RING)
    with staged(made, lite, monkeypatch) as stage:
        player = Player(stage, made)
        player.play()
        assert player.differences == [], story(player)
        assert player.claims.false == [], story(player)
        assert player.claims.checked > 5 * player.letters > 0


def story(player: Player) -> str:
    """What failed, for whoever reads it: the world, what was done, and what is not as promised."""
    lines = [str(task) for task in player.world.tasks.values()]
    for deed in player.log.deeds:
        settled = "" if deed.accept is None else f" accepted: {deed.accept}"
        said = f"{deed.says} {deed.proposed or ''} {deed.to} {deed.way}{settled}"
        lines.append(f"{deed.day} {deed.what.value} {deed.by}: {deed.task} {said}")
    lines += map(str, player.differences)
    lines += player.claims.false
    return "\n".join(lines)
