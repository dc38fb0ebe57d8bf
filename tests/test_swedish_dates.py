"""Dates as people write them are read as the days they mean, or asked about, and never guessed."""

import csv
import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.span import Precision, Span
from rules.dates.words import MONTH_NAMES
from rules.swedish_dates import find, read

PLAN = date(2024, 3, 15)
OURS = Path(__file__).with_name("data") / "dates.csv"
BY_HAND = Path(__file__).with_name("data") / "dates_by_hand.csv"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "cases" / "dates.csv"

Row = dict[str, str]


def rows(path: Path) -> Iterator[Row]:
    """The examples of a file; none where the file is not at hand."""
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def told(span: Span) -> tuple[str, str, str]:
    """What the example files say of a span."""
    first = span.first.isoformat() if span.first else ""
    last = span.last.isoformat() if span.last else ""
    return first, last, span.precision.value


def ends(text: str, reference: date = PLAN) -> tuple[date | None, date | None]:
    span = read(text, reference)
    return span.first, span.last


# -- the examples ---------------------------------------------------------------------------------


def bundles(*paths: Path) -> list[list[Row]]:
    """The examples a hundred at a time: thousands of tests would cost more than what they read."""
    examples = [row for path in paths for row in rows(path)]
    return [examples[at : at + 100] for at in range(0, len(examples), 100)]


def name_of(bundle: list[Row]) -> str:
    """What a bundle is called: by its first expression."""
    return f"from {bundle[0]['expression']}"


def read_in(row: Row) -> tuple[str, str, str]:
    """What we read in an example's expression."""
    return told(read(row["expression"], date.fromisoformat(row["reference_date"])))


@pytest.mark.parametrize("bundle", bundles(OURS, SHARED), ids=name_of)
def test_an_expression_means_the_days_in_the_examples(bundle: list[Row]) -> None:
    wrong = []
    for row in bundle:
        meant = (row["start"], row["end"], row["precision"])
        if read_in(row) != meant:
            wrong.append(f"{row['expression']}: {read_in(row)}, not {meant}")
    assert not wrong, "\n".join(wrong)


def fair_days(row: Row) -> set[tuple[str, str]]:
    """The days worked out by hand, and those of every other fair reading in the note."""
    found = {(row["start"], row["end"])}
    found |= set(re.findall(r"alt=([0-9-]*)\.\.([0-9-]*)", row["note"]))
    return found | {("", "") for _ in re.findall(r"alt=[a-z]", row["note"])}


def fair_precisions(row: Row) -> set[str]:
    """The precision worked out by hand, and the others the note allows."""
    return {row["precision"], *re.findall(r"alt(?:-precision)?=([a-z][a-z-]*)", row["note"])}


@pytest.mark.parametrize("bundle", bundles(BY_HAND), ids=name_of)
def test_an_expression_means_the_days_worked_out_by_hand(bundle: list[Row]) -> None:
    wrong = []
    for row in bundle:
        first, last, precision = read_in(row)
        if (first, last) not in fair_days(row) or precision not in fair_precisions(row):
            wrong.append(f"{row['expression']}: {first}..{last}, {precision}")
    assert not wrong, "\n".join(wrong)


PLAIN = ("i maj 2024", "2024-03-15", "v. 40 2024", "hösten 2024", "kv 3 2024", "senast 2024-06-30",
         "jan–mars 2024", "t.o.m. juni 2024", "läsåret 2024/25", "ht 2024", "löpande", "Q1–Q2 2024",
         "1 mars 2024–31 maj 2024", "årsskiftet 2024/2025", "mars 2024–")  # fmt: skip


@pytest.mark.parametrize("words", PLAIN)
@pytest.mark.parametrize(
    "frame",
    ["{}.", "{},", "{}:", "{};", "{}?", "({})", "[{}]", "”{}”", "* {}", "• {}", "– {}", "Klart: {}",
     "{} (ny)", "ca {}", "prel. {}", "Arbetet i Lerum, {}, leds av NOSAM"],
)  # fmt: skip
def test_what_stands_around_the_words_does_not_change_them(frame: str, words: str) -> None:
    assert told(read(frame.format(words), PLAN)) == told(read(words, PLAN))


def test_what_cannot_be_told_says_why_and_what_to_do() -> None:
    for row in rows(OURS):
        span = read(row["expression"], date.fromisoformat(row["reference_date"]))
        if span.precision is Precision.INVALID:
            assert span.doubt is not None
            assert span.doubt.endswith(".")
            assert not span.open


# -- what a span says besides its days ------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["löpande", "tills vidare", "över tid", "från september 2021", "fr.o.m. 2024-02-01",
     "med början i mars 2024", "2024 och framåt", "efter påsk 2024"],
)  # fmt: skip
def test_words_without_an_end_are_open(words: str) -> None:
    assert read(words, PLAN).open


@pytest.mark.parametrize(
    "words",
    ["kvartalsvis", "senast 2024-12-31", "2024", "", "31 april", "från mars till juni 2024",
     "löpande under 2024", "vid behov"],
)  # fmt: skip
def test_words_with_an_end_or_a_rhythm_are_not_open(words: str) -> None:
    assert not read(words, PLAN).open


def test_an_impossible_day_is_explained_in_a_plain_sentence() -> None:
    span = read("31 april", PLAN)
    assert span.doubt == "Den 31 april finns inte: april har 30 dagar. Ange en annan dag."


def test_a_missing_year_is_pointed_out_unless_the_caller_knows_it() -> None:
    assert read("15 mars", PLAN).doubt == "Året står inte; läst som 2024."
    assert read("15 mars 2024", PLAN).doubt is None
    assert read("15 mars", PLAN, year=2024).doubt is None
    assert read("nov–feb", PLAN, year=2024).doubt == "Går över ett årsskifte; läst som 2024–2025."


def test_the_year_of_the_plan_can_be_given() -> None:
    assert read("i maj", PLAN, year=2026).first == date(2026, 5, 1)
    assert read("i maj 2025", PLAN, year=2026).first == date(2025, 5, 1)


def test_a_changed_date_gives_way_to_the_new_one_which_names_the_old() -> None:
    span = read("oktober 2024 (tidigare juni 2024)", PLAN)
    assert span.last == date(2024, 10, 31)
    assert span.doubt is not None
    assert "juni 2024" in span.doubt


def test_several_dates_are_named_in_the_doubt() -> None:
    span = read("15 mars 2024 och 20 september 2024", PLAN)
    assert (span.first, span.last) == (date(2024, 3, 15), date(2024, 9, 20))
    assert span.doubt is not None
    assert "20 september 2024" in span.doubt


def test_a_weekday_that_does_not_fit_is_pointed_out() -> None:
    span = read("måndag 15 mars 2024", PLAN)
    assert span.first == date(2024, 3, 15)
    assert span.doubt == "Den 2024-03-15 är en fredag, inte en måndag. Kontrollera dagen."


def test_the_words_are_kept_without_the_space_around_them() -> None:
    assert read("  hösten\u00a02024 \n", PLAN).text == "hösten\u00a02024"


# -- properties -----------------------------------------------------------------------------------

days = st.dates(min_value=date(2015, 1, 1), max_value=date(2043, 12, 31))
years = st.integers(min_value=2000, max_value=2098)


def spellings(day: date) -> list[str]:
    """One day in the ways it is written in plans."""
    name = MONTH_NAMES[day.month - 1]
    d, m, y, yy = day.day, day.month, day.year, day.year % 100
    week = day.isocalendar()
    return [
        day.isoformat(), f"{y}/{m:02}/{d:02}", f"{d}.{m}.{y}", f"{d:02}.{m:02}.{y}",
        f"{d}/{m} {y}", f"{d}/{m}-{yy:02}", f"{d} {name} {y}", f"den {d} {name} {y}",
        f"{d}:e {name} {y}", f"{d} {name} -{yy:02}", f"{d} {name.upper()} {y}",
        f"{d} {name[:3]}. {y}", f"{y}{m:02}{d:02}", f"{yy:02}{m:02}{d:02}",
        f"{day.isoformat()} 14:22", f"{day.isoformat()}T14:22:00Z", f"{d} {name} {y} kl. 13–15",
        f"{week.year}-W{week.week:02}-{week.weekday}",
    ]  # fmt: skip


@given(days)
def test_a_day_reads_back_however_it_is_written(day: date) -> None:
    reference = day.replace(month=1, day=1)
    for words in spellings(day):
        assert told(read(words, reference)) == (day.isoformat(), day.isoformat(), "day"), words


@given(years, st.integers(min_value=0, max_value=60))
def test_a_week_is_monday_to_sunday_or_does_not_exist(year: int, week: int) -> None:
    span = read(f"v. {week} {year}", PLAN)
    if 1 <= week <= date(year, 12, 28).isocalendar().week:
        assert span.first is not None
        assert span.first.isocalendar()[:3] == (year, week, 1)
        assert span.last == span.first + timedelta(days=6)
    else:
        assert span.precision is Precision.INVALID


@given(years, st.sampled_from([("kvartal", 4), ("tertial", 3), ("halvår", 2)]))
def test_quarters_tertials_and_half_years_tile_the_year(year: int, unit: tuple[str, int]) -> None:
    name, count = unit
    spans = [read(f"{name} {n} {year}", PLAN) for n in range(1, count + 1)]
    assert spans[0].first == date(year, 1, 1)
    assert spans[-1].last == date(year, 12, 31)
    for one, two in pairwise(spans):
        assert one.last is not None
        assert two.first == one.last + timedelta(days=1)


units = st.one_of(
    years.map(str),
    st.tuples(st.sampled_from(MONTH_NAMES), years).map(lambda p: f"{p[0]} {p[1]}"),
    st.tuples(st.integers(1, 52), years).map(lambda p: f"v. {p[0]} {p[1]}"),
    st.tuples(st.integers(1, 4), years).map(lambda p: f"kv {p[0]} {p[1]}"),
    st.tuples(st.sampled_from(["våren", "sommaren", "hösten"]), years).map(
        lambda p: f"{p[0]} {p[1]}"
    ),
    days.map(lambda day: day.isoformat()),
)


@given(units, units, st.sampled_from([" – ", " - ", " till ", " t.o.m. "]))
def test_a_range_has_the_ends_of_its_parts_and_never_runs_backwards(
    start: str, end: str, dash: str
) -> None:
    first, last = read(start, PLAN).first, read(end, PLAN).last
    assert first is not None
    assert last is not None
    span = read(start + dash + end, PLAN)
    if first <= last:
        assert (span.first, span.last) == (first, last)
        assert start == end or span.precision.value.endswith("-range")
    else:
        assert span.precision is Precision.INVALID


@given(units)
def test_latest_before_from_and_after_keep_one_end(words: str) -> None:
    first, last = ends(words)
    assert first is not None
    assert last is not None
    assert ends(f"senast {words}") == (None, last)
    assert ends(f"t.o.m. {words}") == (None, last)
    assert ends(f"före {words}") == (None, first - timedelta(days=1))
    assert ends(f"från {words}") == (first, None)
    assert ends(f"efter {words}") == (last + timedelta(days=1), None)


@given(units)
def test_spaces_case_and_invisible_characters_do_not_matter(words: str) -> None:
    plain = told(read(words, PLAN))
    spoilt = words.replace(" ", "\u00a0 \t").replace("r", "r\u00ad").upper()
    assert told(read(f"\n {spoilt}\u200b ", PLAN)) == plain


@given(st.text(alphabet="bcfgjklpqwxz ,.-/()", max_size=60))
def test_a_text_without_figures_or_words_of_dates_has_no_date(text: str) -> None:
    assert read(text.replace("k", "").replace("q", ""), PLAN).precision is Precision.NONE


SCRAPS = (
    "2024 24 15 mars april jan maj v. 37 Q3 kv T1 första kvartalet hösten vår ht läsåret 2024/25 "
    "årsskiftet - – / , . : och till från senast före efter t.o.m. i början av löpande varje år "
    "om två veckor påsk jul 31 29 feb 2023-02-29 den mellan ändrat tidigare ut nästa på fredag "
    "( ) ' 99 0 kl. 10"
)
scraps = st.lists(st.sampled_from(SCRAPS.split()), max_size=9).map(" ".join)
references = st.one_of(days, st.sampled_from([date.min, date.max]))


@given(st.one_of(st.text(max_size=80), scraps), references)
def test_nothing_raises_and_no_span_ends_before_it_begins(text: str, reference: date) -> None:
    for span in [read(text, reference), *find(text, reference)]:
        assert span.first is None or span.last is None or span.first <= span.last
        if span.precision is Precision.INVALID:
            assert (span.first, span.last) == (None, None)
            assert span.doubt


@given(scraps)
def test_found_words_stand_verbatim_and_in_order(text: str) -> None:
    at = 0
    for span in find(text, PLAN):
        assert span.text
        at = text.index(span.text, at) + len(span.text)


# -- running text ---------------------------------------------------------------------------------


def test_starts_and_deadlines_are_found_in_running_text() -> None:
    text = "Arbetet börjar 1 februari 2025 i båda kommunerna. Medlen används senast 2025-11-30."
    assert [(span.text, span.first, span.last) for span in find(text, PLAN)] == [
        ("1 februari 2025", date(2025, 2, 1), date(2025, 2, 1)),
        ("senast 2025-11-30", None, date(2025, 11, 30)),
    ]


def test_a_list_in_running_text_is_found_one_by_one() -> None:
    found = find("Vi ses den 3 maj och 17 maj 2024, samt under v. 40–41.", PLAN)
    assert [span.text for span in found] == ["den 3 maj", "17 maj 2024", "under v. 40–41"]


def test_what_only_looks_like_a_date_is_not_found() -> None:
    text = (
        "Jan Svensson (031-123 45 67) diariefördes som SSN 2024-00123 enligt lag (2017:30), "
        "prop. 2022/23:131, för barn 0–6 år i vår gemensamma plan: 150 000 kr, 20 %, kl. 13–15."
    )
    assert find(text, PLAN) == []


@pytest.mark.parametrize(
    "junk",
    ["1" * 10_000, "1 " * 5_000, "mars " * 2_000, "15/" * 3_000, "1-" * 5_000, "- " * 5_000,
     "första och " * 900, "från till " * 1_000, "2024-" * 2_000, "å" * 10_000, "mars " * 20_000],
)  # fmt: skip
def test_a_long_text_of_junk_takes_no_long_time(junk: str) -> None:
    start = time.process_time()
    read(junk, PLAN)
    find(junk, PLAN)
    assert time.process_time() - start < 10  # seconds: far above, so that a slow machine passes


def test_dates_are_found_all_through_a_long_text() -> None:
    text = "".join(f"Mötet den {day} mars 2025 sköts upp. " for day in range(1, 32)) * 4
    found = [span.first for span in find(text, PLAN)]
    assert found == [date(2025, 3, day) for day in range(1, 32)] * 4


def test_what_is_too_long_for_a_date_says_so() -> None:
    span = read("hösten " * 400, PLAN)
    assert (span.first, span.precision) == (None, Precision.INVALID)
    assert "för lång" in str(span.doubt)
