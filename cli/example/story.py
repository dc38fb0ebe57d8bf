"""What happens in the demo's year: the days, and what the process leader writes down and when.

Made up, after what the documents of such collaborations show. `year.py` plays it.
"""

from datetime import date

from models.lifecycle import Brought, Move
from models.moves import Mover

LEADER = Mover("Frida Exempel, processledare")
TAKEN_IN = date(2024, 1, 15)
DECIDED_ON = date(2024, 1, 22)
ANSWER_ON = date(2024, 2, 1)

# The days something is reached: starts that have passed, reviews, the run-up to the deadlines, and
# the weeks after. Most mornings are missed on purpose: the next one makes them good, once.
DAYS = (
    date(2024, 2, 1),
    date(2024, 2, 15),
    date(2024, 4, 2),
    date(2024, 7, 3),
    date(2024, 10, 1),
    date(2024, 10, 31),
    date(2024, 11, 1),
    date(2024, 12, 2),
    date(2024, 12, 30),
    date(2025, 1, 2),
    date(2025, 1, 8),
    date(2025, 2, 3),
)

HOME_SAFELY = "Trygg hemgång från sjukhuset"
CLOSER = "Tätare kontakt mellan psykiatrin och kommunens primärvård"
BENEFITS = "Samverka kring personer med aktivitetsersättning"

# How each is followed up, for those that the plan leaves without: settled at the meeting.
FOLLOW_UPS = {
    HOME_SAFELY: "Antal ärenden som skaver, per kvartal",
    "Öppenvårdens samordning": "Kort redovisning på NOSAM i november",
    CLOSER: "Antal möten som blivit av",
    BENEFITS: "Antal personer som fått kontakt",
}

# The other rounds of some mornings, in the timetable's order; the morning round goes every day.
ROUNDS = {
    date(2024, 12, 2): ("status-round", "weekly-letter", "morning-round"),
    date(2025, 1, 8): ("quarter-close", "deviation-report", "morning-round"),
    date(2025, 2, 3): ("year-close", "morning-round"),
}

# What people do on the pages, after that morning's letters unless it says otherwise.
PARTS_ON = date(2024, 2, 15)
PARTS = {"Almdala kommun": "klar", "Björkviks kommun": "i dialog", "Exempelsjukhuset": "pågående"}
ASKED_ON = date(2024, 11, 1)  # before the letters: its questions go with them
HANDS_OVER_ON = date(2024, 12, 2)
AWAY = {"delegate": "Bob Exempel", "first_day": "2024-12-20", "last_day": "2025-01-12"}
DEVIATIONS_ON = date(2025, 1, 2)

STAND_IN = "NOSAM Psykisk hälsa"  # takes the questions about what is paused
MOVES = (
    (date(2024, 2, 20), HOME_SAFELY, Move.START, Brought()),
    (date(2024, 4, 15), CLOSER, Move.START, Brought()),
    (
        date(2024, 6, 12),
        BENEFITS,
        Move.PAUSE,
        Brought(reason="Rehabmottagningen flyttar under hösten", resume_on=date(2025, 3, 1)),
    ),
    (
        date(2024, 11, 20),
        CLOSER,
        Move.FOLLOW_UP,
        Brought(result="Fyra möten, och en fast kontaktväg mellan parterna", figure="4"),
    ),
)
