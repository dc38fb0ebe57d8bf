"""Two thousand numbers as people type them are found; two thousand that look alike are let through.

All are made here, from a seed; the check digits are worked out by this file's own arithmetic.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta

from intake.personnummer import find, holds, masked

SEED = 20250117
MANY = 2_000
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
BOLD = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
NO_BREAK, THIN, NARROW, SOFT, ZERO = "\u00a0", "\u2009", "\u202f", "\u00ad", "\u200b"
SENTENCES = (
    "{}",
    "Ring mamma till {} före fredag.",
    "Möte om {}, se journal",
    "pnr {}",
    "({})",
    "Uppföljning av {}: inget besked",
    "Brukaren {}\nBeslut i mars",
    "Patient: {};",
)


def check_digit(nine: str) -> str:
    """The tenth digit of nine: every other one is doubled, and digits are added up."""
    total = 0
    for at, digit in enumerate(nine):
        doubled = int(digit) * (1 if at % 2 else 2)
        total += doubled // 10 + doubled % 10
    return str((10 - total % 10) % 10)


def any_day(rng: random.Random) -> date:
    return date(1915, 1, 1) + timedelta(days=rng.randrange(110 * 365))


def as_typed(rng: random.Random, century: str, day: str, last: str) -> str:
    """A number as somebody may have typed, copied or broken it.

    With a century and nothing but a space or a line's end before the last four, a number of the
    latest years may be a time of day; so only older ones are typed so.
    """
    grown = not century or century + day[:2] < "2020"
    date_cut = f"{century}{day[:2]}{{0}}{day[2:4]}{{0}}{day[4:]}"
    plain = century + day
    ways = [
        f"{plain}-{last}",
        f"{plain}{last}",
        f"{plain} {last}" if grown else f"{plain}-{last}",
        f"{plain}{NO_BREAK}{last}" if grown else f"{plain}-{last}",
        f"{plain} - {last}",
        f"{plain}\u2013{last}",
        f"{plain}\u2011{last}",
        f"{plain}\u2212{last}",
        f"{plain}+{last}",
        f"{plain}{NO_BREAK}-{NO_BREAK}{last}",
        f"{plain}{THIN}-{THIN}{last}",
        f"{plain}{NARROW}-{last}",
        f"{plain}{SOFT}-{last}",
        f"{plain}-{ZERO}{last}",
        f"{plain[:4]}{ZERO}{plain[4:]}-{last[:2]}{SOFT}{last[2:]}",
        f"{plain}-\n{last}",
        f"{plain}\n-{last}",
        f"{plain}-\r\n  {last}",
        f"{plain}\n{last}" if grown else f"{plain} -\n{last}",
        f"{plain}-{last}".translate(FULL_WIDTH),
        f"{plain}\uff0d{last}".translate(FULL_WIDTH),
        f"{plain}{last}".translate(FULL_WIDTH),
        f"{plain}-{last}".translate(ARABIC),
        f"{plain}-{last}".translate(BOLD),
        f"{date_cut.format('-')}-{last}",
        f"{date_cut.format('.')}-{last}",
        f"{date_cut.format('/')}\u2013{last}",
        f"{date_cut.format(' ')}-{last}",
    ]
    return rng.choice(ways)


def a_number(rng: random.Random) -> str:
    """A personnummer, or a samordningsnummer, as typed."""
    born = any_day(rng)
    day = born.day + rng.choice([0, 0, 0, 60])
    six = f"{born:%y%m}{day:02d}"
    nine = f"{six}{rng.randrange(1000):03d}"
    century = rng.choice(["", f"{born:%Y}"[:2]])
    return as_typed(rng, century, six, nine[6:] + check_digit(nine))


def diary(rng: random.Random) -> str:
    year, number = rng.randrange(2015, 2027), rng.randrange(1, 100_000)
    forms = [
        f"{year}-{number:05d}",
        f"RS {year}-{number:05d}",
        f"HSN {year}/{number}",
        f"SN {year}/{number:04d}-{rng.randrange(1, 40)}",
        f"KS-{year}-{number:05d}",
        f"dnr {year}-{number:06d}",
        f"{number}-{year}",
        f"diarienr {year}{number:06d}",
        f"VON.{year}.{number}",
    ]
    return rng.choice(forms)


def organisation(rng: random.Random) -> str:
    first = rng.choice("2355789")
    nine = f"{first}{rng.randrange(10)}{rng.randrange(20, 100)}{rng.randrange(100_000):05d}"
    ten = nine + check_digit(nine)
    forms = [f"{ten[:6]}-{ten[6:]}", ten, f"16{ten}", f"16{ten[:6]}-{ten[6:]}"]
    return rng.choice(["", "org.nr ", "Organisationsnummer: "]) + rng.choice(forms)


def telephone(rng: random.Random) -> str:
    mobile = f"70{rng.randrange(10_000_000):07d}"
    town = f"{rng.choice(['10', '31', '40', '90'])}{rng.randrange(1_000_000, 9_999_999)}"
    forms = [
        f"+46{mobile}",
        f"+46 {mobile[:2]} {mobile[2:5]} {mobile[5:7]} {mobile[7:]}",
        f"+46 (0){mobile}",
        f"0046{mobile}",
        f"0{mobile[:2]}-{mobile[2:]}",
        f"0{mobile[:2]}-{mobile[2:5]} {mobile[5:7]} {mobile[7:]}",
        f"0{mobile[:3]}-{mobile[3:]}",
        f"0{mobile[:3]}-{mobile[3:5]} {mobile[5:7]} {mobile[7:]}",
        f"0{mobile[:3]} {mobile[3:]}",
        f"tel 0{mobile}",
        f"Mobil: 0{mobile}",
        f"Kontakt Alice, 0{mobile}",
        f"alice@example.org, 0{mobile}",
        f"0{town[:2]}-{town[2:]}",
        f"Växel 0{town}",
        f"08-{rng.randrange(100, 999)} {rng.randrange(100, 999)} {rng.randrange(10, 99)}",
    ]
    return rng.choice(forms)


def case(rng: random.Random) -> str:
    year, number = rng.randrange(2018, 2027), rng.randrange(100_000)
    forms = [
        f"Ä-{year}-{number:06d}",
        f"AVV-{year}-{number:06d}",
        f"{year}{number:06d}",
        f"{rng.randrange(10**6, 10**7)}",
        f"{rng.randrange(10**7, 10**8)}",
        f"{rng.randrange(10**8, 10**9)}",
        f"INC{rng.randrange(10**6, 10**7)}",
        f"ärende {rng.randrange(10**9, 10**10)}",
        f"Ärendenummer: {rng.randrange(10**9, 10**10)}",
    ]
    return rng.choice(forms)


def moment(rng: random.Random) -> str:
    day = date(2020, 1, 1) + timedelta(days=rng.randrange(7 * 365))
    hour, minute = rng.randrange(24), rng.randrange(60)
    time = f"{hour:02d}{minute:02d}"
    forms = [
        f"{day:%Y%m%d} {time}",
        f"{day} {time}",
        f"{day} {hour:02d}:{minute:02d}",
        f"{day}T{hour:02d}:{minute:02d}:30Z",
        f"{day:%Y%m%d}T{time}",
        f"{day:%Y%m%d}{time}59",
        f"{day} kl {hour}.{minute:02d}",
        f"{day:%y%m%d} kl. {time}",
        f"{day} - {day + timedelta(days=90)}",
        f"{day:%Y}-{day.year + 3}",
        f"{day:%d/%m %Y} {hour}:{minute:02d}",
    ]
    return rng.choice(forms)


def payment(rng: random.Random) -> str:
    row = f"{rng.randrange(10**9, 10**10)}"
    forms = [
        f"OCR {row}",
        f"OCR-nr: {row}",
        f"Bankgiro {row[:3]}-{row[3:7]}",
        f"Plusgiro {row[:6]}-{row[6]}",
        f"faktura nr {row}",
        f"SE{row[:2]} {row[:4]} {row[2:6]} {row[4:8]} {row[6:]} {row[1:5]}",
        f"{row}{row[:6]}",
    ]
    return rng.choice(forms)


def book(rng: random.Random) -> str:
    row = f"{rng.randrange(10**6, 10**7)}"
    forms = [
        f"978-91-{row[:3]}-{row[3:]}-{row[0]}",
        f"97891{row}{row[0]}",
        f"ISBN 91{row}{row[0]}",
        f"ISBN: 91-{row[:2]}-{row[2:]}-X",
    ]
    return rng.choice(forms)


def money(rng: random.Random) -> str:
    kronor = rng.randrange(1_000, 10**7) * 100
    spaced = f"{kronor:,}".replace(",", " ")
    forms = [
        f"{spaced} kr",
        f"{spaced.replace(' ', NO_BREAK)} kronor",
        f"{kronor} kr",
        f"{kronor}:-",
        f"{kronor},50 kr",
        f"{kronor // 1000} tkr",
        f"{rng.randrange(10**9, 10**10)} kr",
        f"{kronor // 1000}000-{kronor // 1000 + 9}000 kr",
    ]
    return rng.choice(forms)


def coordinate(rng: random.Random) -> str:
    north, east = rng.uniform(55, 69), rng.uniform(11, 24)
    forms = [
        f"{north:.6f}, {east:.6f}",
        f"{north:.10f} {east:.10f}",
        f"N {rng.randrange(6_100_000, 7_700_000)} E {rng.randrange(270_000, 920_000)}",
        f"{rng.randrange(6_100_000, 7_700_000)}, {rng.randrange(270_000, 920_000)}",
        f"{int(north)}°{rng.randrange(60)}'{rng.randrange(60)}\"",
    ]
    return rng.choice(forms)


LOOK_ALIKES: tuple[Callable[[random.Random], str], ...] = (
    *(diary, organisation, telephone, case, moment, payment, book, money, coordinate),
)


def test_two_thousand_numbers_are_found_where_they_stand() -> None:
    rng = random.Random(SEED)
    missed = []
    for _ in range(MANY):
        number, sentence = a_number(rng), rng.choice(SENTENCES)
        text = sentence.format(number)
        found = [text[each.start : each.end] for each in find(text)]
        if found != [number] or masked(text) != sentence.format("(personnummer)"):
            missed.append(text)
    assert missed == [], f"{len(missed)} of {MANY}: {missed[:20]}"


def test_two_thousand_that_look_alike_are_let_through() -> None:
    rng = random.Random(SEED)
    stopped = []
    for at in range(MANY):
        alike = LOOK_ALIKES[at % len(LOOK_ALIKES)](rng)
        text = rng.choice(SENTENCES[:3]).format(alike)
        if holds(text) or masked(text) != text:
            stopped.append(text)
    assert stopped == [], f"{len(stopped)} of {MANY}: {stopped[:20]}"


def test_a_number_that_trades_alone_is_found_with_its_vat_number() -> None:
    assert masked("Moms: SE121212121201.") == "Moms: (personnummer)."
    assert not holds("Moms: SE556036079301")


def test_a_sole_traders_organisation_number_is_a_personnummer() -> None:
    assert holds("org.nr 121212-1212")


def test_a_day_with_a_time_is_told_from_a_number_by_its_year() -> None:
    assert not holds("20241231 1200")
    assert holds("19121212 1212")
    assert holds("1912-12-12 1212")
