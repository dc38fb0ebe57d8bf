"""Drawings: nothing falls outside, nothing overlaps, and the table says the same."""

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lifecycle import State
from reports.blocks import Picture
from reports.drawings.bars import Bar, Days, Row, lanes, share, stretches
from reports.drawings.looks import LATE, LOOKS
from reports.drawings.run_chart import Point, run_chart
from reports.drawings.state_flow import state_flow
from reports.drawings.timeline import timeline
from reports.drawings.wheel import year_wheel

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)

near_days = st.dates(FIRST - timedelta(400), LAST + timedelta(400))


@st.composite
def some_days(draw: st.DrawFn) -> Days:
    """Known, half known, or not at all."""
    first, last = sorted((draw(near_days), draw(near_days)))
    return Days(
        "någon gång",
        draw(st.sampled_from([first, None])),
        draw(st.sampled_from([last, None])),
    )


bars = st.lists(
    st.builds(
        Bar,
        number=st.integers(1, 99),
        what=st.text(max_size=60),
        state=st.sampled_from(State),
        start=some_days(),
        deadline=some_days(),
        late=st.booleans(),
    ),
    max_size=12,
)


def whole(picture: Picture) -> Xml.Element:
    """The drawing is well-formed XML."""
    return Xml.fromstring(picture.svg)


@given(bars)
def test_every_part_of_a_bar_is_within_the_year_from_left_to_right(found: list[Bar]) -> None:
    for bar in found:
        parts = stretches(bar, FIRST, LAST)
        edges = [edge for part in parts for edge in (part.first, part.last)]
        assert edges == sorted(edges)
        assert all(0 <= edge <= 1 for edge in edges)


@given(bars)
def test_bars_in_one_lane_never_overlap(found: list[Bar]) -> None:
    laid = lanes(found, FIRST, LAST)
    assert sorted(bar.number for lane in laid for bar in lane) == sorted(b.number for b in found)
    for lane in laid:
        ends = [stretches(bar, FIRST, LAST) for bar in lane]
        shown = [(parts[0].first, parts[-1].last) for parts in ends if parts]
        assert all(a[1] < b[0] for a, b in pairwise(shown))


def test_what_is_sure_is_whole_and_the_ends_are_vague() -> None:
    bar = Bar(
        1,
        "Öppna mottagningen",
        State.ONGOING,
        Days("mars", date(2024, 3, 1), date(2024, 3, 31)),
        Days("oktober", date(2024, 10, 1), date(2024, 10, 31)),
    )
    assert [part.vague for part in stretches(bar, FIRST, LAST)] == [True, False, True]
    assert stretches(bar, FIRST, LAST)[1].first == share(date(2024, 3, 31), FIRST, LAST)


def test_a_deadline_on_a_known_day_ends_the_bar_sharply() -> None:
    bar = Bar(1, "x", State.ONGOING, Days("", FIRST, FIRST), Days("", LAST, LAST))
    assert [part.vague for part in stretches(bar, FIRST, LAST)] == [False]


@given(bars, near_days)
def test_wheel_and_timeline_are_drawn_whatever_the_activities_are(
    found: list[Bar], today: date
) -> None:
    rows = [Row("NOSAM <Alm> & Björk", tuple(found)), Row("Ingen", ())]
    for picture in (
        year_wheel(2024, rows, today, caption="Årshjul"),
        timeline(rows, FIRST, LAST, today, name="tid", caption="Tidslinje"),
    ):
        whole(picture)
        assert picture.table is not None
        assert len(picture.table.rows) == len(found)


@pytest.mark.parametrize("rings", [2, 8])
def test_eight_rings_have_letters_and_their_names_stand_once_in_the_key(rings: int) -> None:
    """Names on rings that are near each other would cover one another and the activities."""
    bar = Bar(1, "x", State.ONGOING, Days("", FIRST, FIRST), Days("", LAST, LAST))
    rows = [Row(f"Temagrupp {number}", (bar,)) for number in range(1, rings + 1)]
    words = [*whole(year_wheel(2024, rows, None, caption="Årshjul")).itertext()]
    assert sum("Temagrupp 2" in each for each in words) == 1
    assert ("B" in words) == (rings == 8)


def test_the_state_flow_counts_each_activity_on_both_sides() -> None:
    flows = {(None, State.PROPOSED): 2, (State.ONGOING, State.ENDED): 3}
    picture = state_flow(flows, name="f", caption="Lägen", before="1 januari", after="31 december")
    words = "".join(whole(picture).itertext())
    assert "Pågående 3" in words
    assert "Avslutad 3" in words
    assert picture.alt.endswith("slut: föreslagen 2, avslutad 3.")
    assert picture.table is not None
    assert picture.table.rows[0] == ("Ny under perioden", "Föreslagen", "2")
    whole(state_flow({}, name="f", caption="Lägen", before="a", after="b"))


def test_a_hidden_figure_leaves_a_gap_in_the_run_chart() -> None:
    points = [Point("kv 1", 12, "12"), Point("kv 2", None, "<5"), Point("kv 3", 30, "30", True)]
    picture = run_chart(points, 12, name="r", caption="Avvikelser", figure="Antal", says="Fler.")
    drawn = whole(picture)
    assert [path for path in drawn.iter() if "stroke-width" in path.attrib]
    assert "<5" in "".join(drawn.itertext())
    assert picture.table is not None
    assert picture.table.rows[2] == ("kv 3", "30", "signal")


def test_states_differ_in_grey_or_in_pattern_and_every_state_has_a_look() -> None:
    assert set(LOOKS) == set(State)
    seen = {(look.fill, look.dashes, look.sign) for look in (*LOOKS.values(), LATE)}
    assert len(seen) == len(LOOKS) + 1


def test_in_grey_a_late_activity_is_told_by_its_sign_and_the_key_explains_it() -> None:
    days = Days("", FIRST, FIRST), Days("", LAST, LAST)
    late = Bar(7, "Öppna mottagningen", State.ONGOING, *days, late=True)
    rows = [Row("NOSAM Alm", (late,))]
    wheel = year_wheel(2024, rows, None, caption="Årshjul").svg
    assert ">7 !</text>" in wheel
    for svg in (wheel, timeline(rows, FIRST, LAST, None, name="tid", caption="Tid").svg):
        assert ">!</text>" in svg[svg.index("Försenad") - 400 :]


def test_on_a_phone_a_run_chart_has_its_newest_six_points_and_everyday_words() -> None:
    points = [Point(f"kv {n}", float(n), str(n), n > 10) for n in range(1, 13)]
    drawn = run_chart(points, 6.0, name="n", caption="c", figure="Antal", says="s")
    assert (drawn.svg.count("<circle"), drawn.narrow.count("<circle")) == (10, 4)
    assert 'viewBox="0 0 360 300"' in drawn.narrow
    assert ("median 6" in drawn.svg, "mer än slump" in drawn.svg) == (True, True)
    assert ("median" in drawn.narrow, "slump" in drawn.narrow) == (False, False)
    plain = run_chart(points, 6.0, name="n", caption="c", figure="Antal", says="s", plain=True)
    assert ("vanligen 6" in plain.svg, "slump" in plain.svg) == (True, False)
    assert plain.table is not None
    assert plain.table.head[-1] == "Ovanligt"
