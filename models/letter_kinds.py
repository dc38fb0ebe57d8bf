"""Every kind of letter, and its place: part of the day's one letter, asked for, or a fault.

What Följsam sends of its own accord to a person is one letter a day, over all collaborations.
Beside it goes only what somebody asked for that minute, and a fault to those who mend it. The table
decides: `notifications/outbox.py` lets no part be a letter of its own, and the database knows no
other kinds.
"""

from enum import StrEnum


class Place(StrEnum):
    """Where what is to be said goes."""

    DAY = "day"  # the day's one letter itself
    PART = "part"  # a part of it
    ASKED = "asked"  # asked for that minute, or the receipt of what somebody did
    FAULT = "fault"  # something is wrong: once a fault and day, to whoever mends it


class LetterKind(StrEnum):
    """What a letter, or a part of one, is about."""

    MORNING = "morning"  # the day's one letter
    WEEKLY = "weekly"
    QUARTER = "quarterly-report"
    YEAR = "annual-report"
    DRAFT = "annual-draft"
    DEVIATIONS = "deviation-report"
    EXPORT = "deviation-export"  # reports of deviations wait for a file
    TAKEN_ON = "taken-on"
    DECLINED = "declined"
    AGAIN = "again"  # sent once more by hand: at most one a person and day
    SIGN_IN = "sign-in"
    CONFIRM = "address-confirm"
    CHANGED = "address-changed"
    CODE = "hand-over-code"
    NEW_LINK = "new-link"
    PASSED_ON = "passed-on"  # what is written from a page behind a link, to who leads the process
    RECEIPT = "receipt"  # of an answer by mail: at most three a day and person
    FORWARDED = "forwarded"  # what somebody wrote as a reply, to whom her letter says will help her
    AGENDA = "agenda"  # what a meeting is to take up, to the group's members: a press of a button
    MINUTES = "minutes"  # and what it came to
    ADMINISTRATORS = "administrators"
    UNDONE = "address-undone"
    HEARTBEAT = "heartbeat"
    POST_STOP = "post-stop"


PLACES = {
    LetterKind.MORNING: Place.DAY,
    LetterKind.WEEKLY: Place.PART,
    LetterKind.QUARTER: Place.PART,
    LetterKind.YEAR: Place.PART,
    LetterKind.DRAFT: Place.PART,
    LetterKind.DEVIATIONS: Place.PART,
    LetterKind.EXPORT: Place.PART,
    LetterKind.TAKEN_ON: Place.PART,
    LetterKind.DECLINED: Place.PART,
    LetterKind.AGAIN: Place.ASKED,
    LetterKind.SIGN_IN: Place.ASKED,
    LetterKind.CONFIRM: Place.ASKED,
    LetterKind.CHANGED: Place.ASKED,
    LetterKind.CODE: Place.ASKED,
    LetterKind.NEW_LINK: Place.ASKED,
    LetterKind.PASSED_ON: Place.ASKED,
    LetterKind.RECEIPT: Place.ASKED,
    LetterKind.FORWARDED: Place.ASKED,
    LetterKind.AGENDA: Place.ASKED,
    LetterKind.MINUTES: Place.ASKED,
    LetterKind.ADMINISTRATORS: Place.ASKED,
    LetterKind.UNDONE: Place.FAULT,
    LetterKind.HEARTBEAT: Place.FAULT,
    LetterKind.POST_STOP: Place.FAULT,
}

PARTS = tuple(kind for kind, place in PLACES.items() if place is Place.PART)
BESIDE = tuple(kind for kind, place in PLACES.items() if place in (Place.ASKED, Place.FAULT))
# Parts that wait for the week's letter of whoever has chosen one. A quarter's report may come two
# days before the meeting that it is for, a draft is to be approved, and reports wait for a file.
CAN_WAIT = (LetterKind.YEAR, LetterKind.DEVIATIONS, LetterKind.TAKEN_ON, LetterKind.DECLINED)
