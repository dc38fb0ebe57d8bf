"""Days, distances and counts as Swedish words: said once, so that mail, page and report agree."""

from datetime import date

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_SMALL = (
    "noll",
    "en",
    "två",
    "tre",
    "fyra",
    "fem",
    "sex",
    "sju",
    "åtta",
    "nio",
    "tio",
    "elva",
    "tolv",
)


def day_in_words(day: date) -> str:
    """2024-12-31 -> "31 december 2024"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def weekday_in_words(day: date) -> str:
    """2024-12-31 -> "tisdag 31 december 2024"."""
    return f"{WEEKDAYS[day.weekday()]} {day_in_words(day)}"


def distance(today: date, day: date) -> str:
    """How far away a day is: "om 7 dagar", "i morgon", "i dag", "för 7 dagar sedan"."""
    days = (day - today).days
    near = {0: "i dag", 1: "i morgon", -1: "i går"}
    if days in near:
        return near[days]
    return f"om {days} dagar" if days > 0 else f"för {-days} dagar sedan"


def counted(number: int, one: str, many: str, *, neuter: bool = False) -> str:
    """1 -> "en aktivitet", 3 -> "tre aktiviteter", 13 -> "13 aktiviteter"; neuter: "ett brev"."""
    if number == 1 and neuter:
        return f"ett {one}"
    number_words = _SMALL[number] if 0 <= number < len(_SMALL) else str(number)
    return f"{number_words} {one if number == 1 else many}"


def capitalised(words: str) -> str:
    """First letter large, the rest untouched (`str.capitalize` would spoil NOSAM)."""
    return words[:1].upper() + words[1:]


def rung_reached(kind: str, due_on: date, rung: int) -> str:
    """What was reached when a letter was written: "Slutdatum 31 december 2024, 7 dagar före"."""
    watched = {
        "deadline": "slutdatum",
        "start": "start",
        "review": "översyn",
        "resume": "pausens slut",
    }
    days = "1 dag" if abs(rung) == 1 else f"{abs(rung)} dagar"
    when = "på dagen" if rung == 0 else f"{days} {'före' if rung > 0 else 'efter'}"
    return f"{watched[kind]} {day_in_words(due_on)}, {when}"


def reason_for_asking(kind: str, due_on: date, today: date, *, decided: bool = True) -> str:
    """Why an activity stands in a letter today, as one sentence with the day and how far it is."""
    day, far = day_in_words(due_on), distance(today, due_on)
    passed = due_on < today
    match kind:
        case "deadline" if not decided:
            verb = "var" if passed else "är"
            return f"Slutdatum {verb} {day} ({far}), men aktiviteten är ännu inte beslutad."
        case "deadline" if passed:
            return f"Slutdatum var {day} ({far})."
        case "deadline":
            return f"Slutdatum är {day} ({far})."
        case "start":
            return f"Skulle ha startat senast {day} ({far})."
        case "review":
            return (
                f"Löper över tid. Skulle ses över {day} ({far})."
                if passed
                else (f"Löper över tid. Dags att se över den {far}, {day}.")
            )
        case "resume":
            verb = "skulle" if passed else "ska"
            return f"Pausad. Pausen {verb} omprövas {day} ({far})."
        case _:
            raise ValueError(f"no wording for {kind!r}")
