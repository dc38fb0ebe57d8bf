"""What ordinary plans had that was read wrongly, in other words of each kind."""

import pytest

from intake.plans import PlanDraft, plan_in


def csv(*lines: str) -> PlanDraft:
    return plan_in("plan.csv", "\n".join(lines).encode())


@pytest.mark.parametrize(
    ("cell", "goal"),
    [
        ("1. Trygg hemgång", "Trygg hemgång"),
        ("2) Färre återinskrivningar", "Färre återinskrivningar"),
        ("1.2. Fler går i egen takt", "Fler går i egen takt"),
        ("10 000 steg om dagen", "10 000 steg om dagen"),
        ("24 timmar om dygnet", "24 timmar om dygnet"),
    ],
)
def test_a_goals_number_is_not_of_its_words(cell: str, goal: str) -> None:
    draft = csv("Mål;Aktivitet;Ansvarig;Klart senast", f"{cell};Kurs;Alva Ek;2026-05-31")
    assert [one.goal for one in draft.activities] == [goal]


@pytest.mark.parametrize(
    "who",
    [
        ("Kurator", "familjebehandlare"),
        ("Bemanningschef", "vårdplatskoordinator"),
        ("Rehabcoach", "mentor"),
    ],
)
def test_two_titles_joined_by_och_are_two(who: tuple[str, str]) -> None:
    draft = csv("Aktivitet;Ansvarig;Klart senast", f"Kurs;{' och '.join(who)};2026-05-31")
    assert draft.activities[0].responsible == who


def test_a_name_with_och_in_it_is_one() -> None:
    draft = csv("Aktivitet;Ansvarig;Klart senast", "Kurs;Kultur och fritid;2026-05-31")
    assert draft.activities[0].responsible == ("Kultur och fritid",)
