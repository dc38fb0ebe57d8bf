"""What an archive holds: a file of lines for each table, which rows of it, and what is left out."""

from dataclasses import dataclass, field

_ACTIVITIES = (
    "(SELECT m.activity_id FROM move m JOIN activity x ON x.id = m.activity_id "
    "WHERE m.on_day <= :last AND NOT "
    "(x.state IN ('avslagen', 'återtagen', 'avslutad', 'överförd') AND x.state_since < :first))"
)
_PLANS = (
    f"(SELECT plan_id FROM activity WHERE id IN {_ACTIVITIES} UNION SELECT id FROM plan "  # noqa: S608
    "WHERE first_day <= :last AND last_day >= :first)"
)
_IN_YEAR = "on_day BETWEEN :first AND :last"


@dataclass(frozen=True, slots=True)
class Source:
    """One file of lines: its table, which rows, and which columns are left out."""

    file: str
    table: str
    what: str
    where: str = "1 = 1"
    without: frozenset[str] = field(default_factory=frozenset)


_MEETINGS = f"SELECT id FROM meeting WHERE {_IN_YEAR}"  # noqa: S608 - own names
_LETTERS = f"SELECT id FROM letter WHERE {_IN_YEAR} AND kind <> 'sign-in'"  # noqa: S608 - own names
_PARTS = f"SELECT id FROM letter_part WHERE letter_id IN ({_LETTERS})"  # noqa: S608
_COMMENTS = f"SELECT id FROM comment WHERE {_IN_YEAR}"  # noqa: S608 - own names
_EDITIONS = "SELECT id FROM edition WHERE period LIKE :year"

SOURCES = (
    Source("collaborations", "collaboration", "The collaborations."),
    Source("groups", "groups", "Their groups, ended ones too."),
    Source(
        "people",
        "person",
        "The people whom other files name by number.",
        without=frozenset({"unreachable_since", "unreachable_why", "proved_at"}),
    ),
    Source(
        "roles",
        "role_holding",
        "Who held which role in which group during the year.",
        "(starts_on IS NULL OR starts_on <= :last) AND (ends_on IS NULL OR ends_on >= :first)",
    ),
    Source(
        "plans", "plan", "Plans that held for the year or have its activities.", f"id IN {_PLANS}"
    ),
    Source("goals", "goal", "The goals of those plans.", f"plan_id IN {_PLANS}"),
    Source("plan_changes", "plan_change", "What was agreed anew in plans and goals.", _IN_YEAR),
    Source(
        "activities",
        "activity",
        "Activities that were open during the year, as they stood when the archive was made.",
        f"id IN {_ACTIVITIES}",
    ),
    Source(
        "activity_goals",
        "activity_goal",
        "Which goals they serve.",
        f"activity_id IN {_ACTIVITIES}",
    ),
    Source(
        "responsible", "responsibility", "Who answers for them.", f"activity_id IN {_ACTIVITIES}"
    ),
    Source("promises", "promise", "What they promise to tell.", f"activity_id IN {_ACTIVITIES}"),
    Source(
        "reminder_policies",
        "policy_change",
        "What was decided of when people are written to, over policy.toml, and from which day.",
        "counts_from <= :last",
    ),
    Source("moves", "move", "Every move of an activity during the year.", _IN_YEAR),
    Source("changes", "change", "Every deadline and other thing agreed anew.", _IN_YEAR),
    Source("undoings", "undoing", "What was taken back: who did it, when and why.", _IN_YEAR),
    Source("parts", "part", "How far parties have come.", f"activity_id IN {_ACTIVITIES}"),
    Source("part_changes", "part_change", "How far the parties of activities came.", _IN_YEAR),
    Source(
        "decisions", "decision", "Decisions of the year.", "decided_on BETWEEN :first AND :last"
    ),
    Source(
        "answers",
        "status_answer",
        "What people answered, in their own words.",
        _IN_YEAR,
        frozenset({"link_id"}),
    ),
    Source(
        "released_words",
        "answer_words",
        "Which words of answers may stand in reports, as they may stand there.",
        f"answer_id IN (SELECT id FROM status_answer WHERE {_IN_YEAR})",  # noqa: S608 - own names
    ),
    Source(
        "status_rounds",
        "status_round",
        "Status rounds of the year.",
        "occasion_on BETWEEN :first AND :last",
    ),
    Source("meetings", "meeting", "The groups' meetings.", _IN_YEAR),
    Source("agendas", "agenda_point", "What was put on their meetings.", _IN_YEAR),
    Source(
        "meeting_points",
        "meeting_point",
        "The meetings' own points, and what they came to.",
        f"meeting_id IN ({_MEETINGS})",
    ),
    Source(
        "meeting_present",
        "meeting_present",
        "Who was at the meetings.",
        f"meeting_id IN ({_MEETINGS})",
    ),
    Source(
        "meeting_minutes",
        "meeting_minutes",
        "Minutes as they were sent out.",
        f"meeting_id IN ({_MEETINGS})",
    ),
    Source(
        "letters",
        "letter",
        "Letters written during the year, as plain text, without what opens their links.",
        f"{_IN_YEAR} AND kind <> 'sign-in'",
        frozenset(
            {"link_id", "leads_to", "html", "claimed_by", "claimed_at", "attempts", "not_before"}
            | {"reply_to", "takes_replies", "made_at", "may_have_gone_at"}
        ),
    ),
    Source(
        "letter_parts",
        "letter_part",
        "What stood in those letters besides reminders; the words are in letters.",
        f"letter_id IN ({_LETTERS})",
        frozenset({"text", "html", "leads_to", "dropped_on"}),
    ),
    Source(
        "attachments",
        "attachment",
        "Files that went with those letters, by their hash; approved reports are in reports/.",
        f"letter_id IN ({_LETTERS}) OR letter_part_id IN ({_PARTS})",
        frozenset({"content", "content_id"}),
    ),
    Source(
        "comments",
        "comment",
        "What people wrote to each other about activities during the year.",
        _IN_YEAR,
        frozenset({"link_id"}),
    ),
    Source(
        "comment_files",
        "comment_file",
        "The files that went with those comments; they lie in comment_files/, by number.",
        f"comment_id IN ({_COMMENTS})",
        frozenset({"content"}),
    ),
    Source(
        "mail_replies",
        "mail_reply",
        "What people wrote in reply to letters during the year, in their own words.",
        _IN_YEAR,
        frozenset({"fingerprint"}),
    ),
    Source(
        "mail_reply_lines",
        "mail_reply_line",
        "Which activities those replies are about, and what became of each.",
        f"reply_id IN (SELECT id FROM mail_reply WHERE {_IN_YEAR})",  # noqa: S608 - own names
    ),
    Source("imports", "imported_file", "Files that were taken in.", "at >= :begin AND at < :end"),
    Source(
        "deviation_imports",
        "deviation_import",
        "Exports of deviations that were taken in.",
        "at >= :begin AND at < :end",
        frozenset({"headings", "refused", "personnummer_rows", "unknown"}),
    ),
    Source(
        "deviation_cases",
        "deviation_case",
        "Cases registered during the year, in codes as the reports count them; no free text.",
        "registered_on BETWEEN :first AND :last",
    ),
    Source(
        "editions",
        "edition",
        "Every edition of the year's reports: its facts, and the words it was approved with.",
        "period LIKE :year",
    ),
    Source(
        "written", "written_prose", "Everything that people wrote in them.", "period LIKE :year"
    ),
    Source(
        "group_notes",
        "group_note",
        "What groups wrote about those reports.",
        f"edition_id IN ({_EDITIONS})",
    ),
    Source(
        "released_notes",
        "released_note",
        "What of it others may read, as they may read it.",
        f"note_id IN (SELECT id FROM group_note WHERE edition_id IN ({_EDITIONS}))",  # noqa: S608
    ),
)
