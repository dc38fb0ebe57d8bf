"""Personnummer are found wherever they stand; what only looks alike is left alone.

All numbers are made up: the Tax Agency's own test numbers, or put together here.
"""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import reserve_numbers
from config.settings import SettingsError, load
from intake.personnummer import find, holds, masked


def checked(nine: str) -> str:
    """Nine digits with their check digit."""
    total = 0
    for at, digit in enumerate(nine):
        value = int(digit) * (2 - at % 2)
        total += value // 10 + value % 10
    return nine + str(-total % 10)


DAYS = st.dates(date(1900, 1, 1), date(2024, 12, 31))
SIGNS = st.sampled_from(["", "-", "+", " ", " - ", "–", "\u2011", "−", "\u00a0"])
SIGNED = st.sampled_from(["", "-", "+", " - ", "–", "\u2011", "−"])
AROUND = st.text(alphabet="abcåäö ,.;:/()\n\t#", max_size=12)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A personnummer or samordningsnummer as people write it."""
    day = draw(DAYS)
    shift = draw(st.sampled_from([0, 60]))
    ten = checked(f"{day:%y%m}{day.day + shift:02d}{draw(st.integers(0, 999)):03d}")
    century = draw(st.sampled_from(["", f"{day.year // 100}"]))
    # Of the latest years, with a century and a space alone, it may be a day with a time.
    signs = SIGNS if day.year < 2020 or not century else SIGNED
    return century + ten[:6] + draw(signs) + ten[6:]


@settings(max_examples=150, deadline=None)
@given(numbers(), AROUND, AROUND)
def test_a_number_is_found_wherever_it_stands(number: str, before: str, after: str) -> None:
    found = find(before + number + after)
    assert [(before + number + after)[f.start : f.end] for f in found] == [number]


@settings(max_examples=100, deadline=None)
@given(numbers(), st.integers(1, 9))
def test_a_wrong_check_digit_is_no_number(number: str, off: int) -> None:
    wrong = number[:-1] + str((int(number[-1]) + off) % 10)
    assert not holds(wrong)


@settings(max_examples=100, deadline=None)
@given(numbers(), st.text("0123456789", min_size=1, max_size=6), st.booleans())
def test_a_longer_row_of_digits_is_another_number(number: str, more: str, first: bool) -> None:
    digits = "".join(c for c in number if c.isdigit())
    longer = more + digits if first else digits + more
    if len(longer) > 12:
        assert not holds(longer)


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_any_text_can_be_looked_through(text: str) -> None:
    assert holds(text) == bool(find(text)) == (masked(text) != text)


@pytest.mark.parametrize(
    "text",
    [
        "19121212-1212",
        "121212-1212",
        "1212121212",
        "191212121212",
        "20121212+1212",
        "pnr121212-1212x",
        "Pat 191212121212.",
        "1912-12-12-1212",
        "12.12.12-1212",
        "född 1912-12-12–1212.",
        "701063-2391",  # samordningsnummer: the day and sixty
        "19701063-2391",
        "19810829M071",  # Västra Götaland
        "19450829-K088",
        "19930829X802",
        "19810829SU3A",  # Värmland
        "991981000010",  # Stockholm
        "99198100-0010",
        "198108320014",  # Inera
        "22810829BC12",  # national
        "00812245AB12",
    ],
)
def test_every_kind_is_known(text: str) -> None:
    assert holds(text)
    assert not any(c.isdigit() for c in masked(text))


@pytest.mark.parametrize(
    "text",
    [
        "19121212-1213",  # the check digit
        "19121312-1212",  # no thirteenth month
        "19120230-1234",  # no 30 February
        "2025-04101",
        "AVV-2025-000123",
        "070-123 45 67",
        "Ring 0701234564",  # a telephone number that would pass
        "tel. 0701234564",
        "Mobil: 0701234564",
        "OCR 1212121212",
        "OCR-nr: 1212121212",
        "556036-0793",  # an organisation
        "2025-03-01 14:22",
        "2025-03-01 1422",
        "1912-12-12-1213",
        "2012-12-12 - 1212",  # years
        "1912-12-12-1212-12",
        "20250301142205",
        "12121212121212",
        "19810829M072",
        "991981000011",
        "",
        "1212",
    ],
)
def test_a_look_alike_is_left_alone(text: str) -> None:
    assert not holds(text)


def test_several_are_masked_and_the_rest_is_as_it_was() -> None:
    assert masked("a 121212-1212, b 191212121212!") == "a (personnummer), b (personnummer)!"


def test_an_installation_tells_reserve_numbers_of_its_own() -> None:
    try:
        reserve_numbers.use("inera, YYYYMMDD-Q###, RN-######")
        assert masked("Se 19810829 Q123.") == "Se (personnummer)."
        assert masked("rn123456") == "(personnummer)"
        assert holds("198108320014")
        assert not holds("19811329Q123")
        assert not holds("22810829BC12")  # a kind that was left out
    finally:
        reserve_numbers.use(reserve_numbers.REGIONS)
    assert holds("22810829BC12")


@pytest.mark.parametrize("words", ["QQQQQQ", "##-##", "YYYYMMDD-YYMMDD"])
def test_a_pattern_that_would_stop_anything_is_refused_at_start(words: str) -> None:
    with pytest.raises(SettingsError, match="FOLJSAM_RESERVE_NUMBERS"):
        load(reserve_numbers=words)


@pytest.mark.parametrize("sign", list("./_:,;·•|*~=#'\\"))
@pytest.mark.parametrize("day", ["121212", "19121212"])
def test_whatever_sign_somebody_puts_in_it_is_one(day: str, sign: str) -> None:
    assert holds(f"Brukaren {day}{sign}1212 har flyttat")


@pytest.mark.parametrize("words", ["20241231_1204", "Rapport_20241231.1204.pdf", "241231:1204"])
def test_a_day_and_a_time_with_such_a_sign_between_is_none(words: str) -> None:
    assert not holds(words)


@pytest.mark.parametrize("zero", ["⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "⓪①②③④⑤⑥⑦⑧⑨"])
def test_raised_lowered_and_ringed_figures_hide_none(zero: str) -> None:
    written = "121212-1212".translate({ord(str(n)): zero[n] for n in range(10)})
    assert holds(f"Se {written}.")
    assert masked(f"Se {written}.") == "Se (personnummer)."
    assert holds("121212-" + written[-4:])


def test_a_raised_figure_is_a_note_and_makes_nothing_longer() -> None:
    assert holds("121212-1212²")
    assert not holds("Ytan är 121212 m² enligt 1212")


@pytest.mark.parametrize(
    "words",
    ["811218-98 76", "811218+98 76", "19811218 98 76", "1981 1218 9876", "(811218)9876"],
)
def test_however_the_digits_are_set_apart_it_is_found(words: str) -> None:
    assert holds(f"Gäller {words}, som flyttar hem")
    assert "9876" not in masked(words).replace(" ", "")


@pytest.mark.parametrize(
    "words",
    ["20241231 12 00", "1981 1218 9876 1234", "2024 2025 2026", "08-121 898 76", "5 811218 98 76"],
)
def test_what_is_set_apart_for_another_reason_is_left_alone(words: str) -> None:
    assert not holds(words)


@pytest.mark.parametrize(
    "words",
    [
        "<b>811218</b>-9876",
        "811218<span class='x'>-</span>98<i>76</i>",
        "<td>19811218</td>\n<td>9876</td>",
        "811218-<br/>9876",
        "811218<!-- sista fyra -->9876",
        "811218&ndash;9876",
        "811218&#45;987&#x36;",
        "811218&nbsp;9876",
        "81&shy;1218-9876",
        "<a title='811218-9876'>Se journal</a>",
        "**811218**-9876",
        "**811218**-**9876**",
        "(811218)-(9876)",
        '"811218"-"9876"',
        "811218-_9876_",
    ],
)
def test_tags_and_marks_between_the_digits_hide_none(words: str) -> None:
    written = f"Gäller {words}, som flyttar hem"
    assert holds(written)
    told = masked(written)
    assert "9876" not in told
    assert "987&" not in told
    assert told.startswith("Gäller ")
    assert told.endswith(", som flyttar hem")


@pytest.mark.parametrize(
    "words",
    [
        "<p>20241231</p> <p>1200</p>",
        "AT&T 811218 & Co 9876",
        "811218 < 9876 > 12",
        "<b>811218</b>-9877",
        "811218&nosuchname;9876",
    ],
)
def test_tags_between_other_figures_make_none(words: str) -> None:
    assert not holds(words)


def test_a_page_of_what_looks_like_tags_takes_no_time() -> None:
    started = time.process_time()
    assert not holds("<a" * 200_000 + "&#" * 200_000 + "1" * 1000)
    assert time.process_time() - started < 3
