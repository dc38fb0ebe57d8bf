"""A file made to do harm is refused with a sentence, takes little, learns nothing, and leaves none.

What a hostile file could do to the libraries that read it, the readers in `nosy_reader.py` do.
"""

import io
import resource
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from time import monotonic

import docx
import pytest

from intake.apart import Bounds, Reader, told_by
from intake.documents import Refusal, read_content
from intake.people.lists import people_in
from tests.cast import Town
from tests.conftest import browse
from tests.costs import used
from tests.test_approval import JANUARY, year
from tests.word_files import read_prose
from web.app import create_app

HEAVY = Refusal("too heavy", "För tung.")
MEGABYTE = 1024 * 1024


def nosy(name: str, *words: str, **bounds: int) -> list[object]:
    """What a reader tells that does what it should not."""
    reader = Reader(f"tests.nosy_reader:{name}")
    with told_by(reader, "x.csv", b"a file", *words, heavy=HEAVY, bounds=Bounds(**bounds)) as lines:
        return list(lines)


def word(xml: str | Iterator[bytes], more: dict[str, Iterator[bytes]] | None = None) -> bytes:
    """A Word file with this document in it, and other parts; packed in haste."""
    plain, out = io.BytesIO(), io.BytesIO()
    docx.Document().save(plain)
    with (
        zipfile.ZipFile(plain) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
        parts = {"word/document.xml": iter([xml.encode()]) if isinstance(xml, str) else xml}
        for name, pieces in (parts | (more or {})).items():
            with new.open(name, "w", force_zip64=True) as part:
                for piece in pieces:
                    part.write(piece)
    return out.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def body(words: str, before: str = "") -> str:
    return f"{before}<w:document {W}><w:body>{words}</w:body></w:document>"


def repeated(words: str, times: int) -> Iterator[bytes]:
    """A document of the same words again and again."""
    head, _, tail = body("|").partition("|")
    piece = words.encode() * 1000
    yield head.encode()
    for _ in range(times // 1000):
        yield piece
    yield tail.encode()


def entities(padding: int) -> str:
    lol = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    doctype = f'<!DOCTYPE d [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "file:///etc/passwd">{lol}]>'
    return body("<w:p><w:r><w:t>&l9;&f;</w:t></w:r></w:p>", f"<!--{' ' * padding}-->{doctype}")


BOMBS: dict[str, Callable[[], bytes]] = {
    "spaces": lambda: word(iter([b"<w:document>", *[b" " * MEGABYTE] * 900, b"</w:document>"])),
    "paragraphs": lambda: word(repeated("<w:p/>", 4_000_000)),
    "tabs": lambda: word(repeated("<w:p><w:r><w:tab/></w:r></w:p>", 2_000_000)),
    "depth": lambda: word(body("<w:sdt>" * 200_000)),
    "entities": lambda: word(entities(0)),
    "entities far in": lambda: word(entities(100_000)),
    "pictures": lambda: word(
        body("<w:p/>"), {f"word/media/{n}.png": iter([bytes(MEGABYTE)] * 60) for n in range(4)}
    ),
    "parts": lambda: word(body("<w:p/>"), {f"word/p{n}.xml": iter([b"<a/>"]) for n in range(6000)}),
}


@cache
def packed(bomb: str) -> bytes:
    """A bomb, packed once: that takes longer than to refuse it."""
    return BOMBS[bomb]()


@pytest.mark.parametrize("bomb", list(BOMBS))
def test_a_bomb_in_word_is_refused_by_every_door(bomb: str) -> None:
    """It takes a few seconds at most, and never the memory of the process that asks."""
    data = packed(bomb)
    before, began = _peak(), used()
    for read in (lambda: read_content("plan.docx", data), lambda: read_prose(data)):
        with pytest.raises(Refusal) as refused:
            read()
        assert len(refused.value.swedish) > 20
    assert used() - began < 60
    assert _peak() - before < 100 * MEGABYTE


def test_a_package_that_lies_about_its_size_is_refused_before_it_is_read() -> None:
    data = word(iter([b"<w:document>", *[b" " * MEGABYTE] * 300, b"</w:document>"]))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        size = package.getinfo("word/document.xml").file_size
    for width in (4, 8):
        told, instead = (n.to_bytes(width, "little") for n in (size, 500))
        lied = data.replace(told, instead)
        with pytest.raises(Refusal):
            read_content("plan.docx", lied)


def test_a_bomb_sent_as_the_reports_word_file_changes_nothing(
    small_town: Town,
) -> None:
    frida = browse(create_app(small_town.settings.model_copy(update={"today": JANUARY})))
    small_town.decided(by="2024-11-30")
    year(small_town)
    bomb = packed("spaces")
    answer = frida.post("/rapporter/1/word", files={"file": ("utkast.docx", bomb)})
    assert answer.status_code == 422
    assert "rymmer långt mer" in answer.text
    assert list((small_town.settings.home / "inlasning").iterdir()) == []
    assert frida.get("/rapporter/1").status_code == 200


def test_a_reader_knows_no_secret_and_can_neither_write_nor_open_what_we_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLJSAM_SMTP_PASSWORD", "hemligt")
    words, environment, others, wrote = nosy("surroundings", str(tmp_path))
    assert words == "a file"
    assert not [name for name in environment if "FOLJSAM" in name or "PASSWORD" in name]  # type: ignore[attr-defined]
    assert others == ["3"]  # the folder that it looks in just now
    assert wrote == "OSError"


@pytest.mark.parametrize(
    ("reader", "bounds"),
    [
        ("hungry", {"memory": 300 * MEGABYTE}),
        ("slow", {"wait": 1}),
        ("busy", {"work": 1}),
        ("talkative", {"answer": 2 * MEGABYTE}),
        ("long_winded", {}),
    ],
)
def test_a_reader_that_takes_too_much_is_ended(reader: str, bounds: dict[str, int]) -> None:
    began = monotonic()
    with pytest.raises(Refusal, match="too heavy"):
        nosy(reader, **bounds)
    assert monotonic() - began < 500  # the slow one sleeps for a thousand
    assert nosy("surroundings", ".")[0] == "a file"  # and the next one is read


def test_a_reader_is_ended_when_nobody_listens_any_more() -> None:
    reader = Reader("tests.nosy_reader:slow")
    with told_by(reader, "x.csv", b"a", heavy=HEAVY, bounds=Bounds(wait=600)) as lines:
        assert next(lines) == "begun"
        began = monotonic()
    assert monotonic() - began < 300  # long before it has slept, or is ended for it


def test_a_list_is_read_apart_too() -> None:
    rows = "".join(f"Alice Ek;alice{n}@example.org\n" for n in range(60_000))
    with pytest.raises(Refusal, match="50000 rows"):
        people_in("lista.csv", f"Namn;E-post\n{rows}".encode())


def test_a_list_of_fifty_thousand_columns_is_no_work_and_blank_ones_are_left_out() -> None:
    blank = b"Namn;E-post" + b";" * 50_000 + b"\n"
    row = b"Alice Ek;alice@example.org" + b";" * 50_000 + b"\n"
    assert [one.name for one in people_in("lista.csv", blank + row * 20).people] == ["Alice Ek"]
    with pytest.raises(Refusal, match="more than 256 columns"):
        people_in("lista.csv", blank + b"Alice Ek;alice@example.org" + b";x" * 300 + b"\n")
    with pytest.raises(Refusal, match="no recognisable heading row"):
        people_in("lista.csv", b";" * 5_000_000)


def _peak() -> int:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
