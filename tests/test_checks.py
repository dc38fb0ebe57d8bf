"""What does not add up is said, and nothing is put right."""

from datetime import date

from rules.checks import money_in_words, moved_figures, overlapping, sums, two_states


def test_a_sum_that_does_not_add_up_is_told_with_its_parts() -> None:
    assert sums("NOSAM Alm", 5, {"pågående": 3, "avslutade": 2}) == []
    (said,) = sums("NOSAM Alm", 6, {"pågående": 3, "avslutade": 2})
    assert said == "NOSAM Alm: 3 pågående + 2 avslutade blir 5, men summan anges till 6."


def test_an_activity_in_two_states_is_named() -> None:
    rows = [("SIP", "pågående", "pausad"), ("Trygg hemgång", "pausad", "pausad")]
    (said,) = two_states(rows)
    assert "”SIP” står som pågående" in said


def test_two_plans_for_the_same_days_are_named() -> None:
    one = ("Plan 2025", date(2025, 1, 1), date(2025, 12, 31))
    assert overlapping("Alm", [one, ("Plan 2026", date(2026, 1, 1), date(2026, 12, 31))]) == []
    (said,) = overlapping("Alm", [("Plan höst", date(2025, 8, 1), date(2026, 1, 31)), one])
    assert said == "Alm: ”Plan 2025” och ”Plan höst” gäller samma dagar, från 1 augusti 2025."


def test_a_figure_that_moved_is_told_unless_something_explains_it() -> None:
    before, now = {"Alm, pågående": 3, "Björk, pågående": 1}, {"Alm, pågående": 2}
    (said,) = moved_figures(before, now, ["Björk, pågående"])
    assert said.startswith("Alm, pågående var 3 i förra utgåvan och är 2 nu")


def test_income_less_costs_is_compared_with_the_difference_in_the_text() -> None:
    right = (
        "Intäkterna var 2,5 mnkr. Kostnaderna var 3,1 mnkr och överskottet minskade med 0,6 mnkr."
    )
    assert money_in_words(right) == []
    (said,) = money_in_words(right.replace("0,6", "0,7"))
    assert said == (
        "Intäkter 2,5 mnkr och kostnader 3,1 mnkr ger skillnaden 600\u00a0000\u00a0kr, "
        "men i texten står 700\u00a0000\u00a0kr."
    )
    assert money_in_words("Vi fick 250 000 kr i bidrag.") == []


def test_many_faults_of_one_kind_are_counted() -> None:
    said = two_states((f"Aktivitet {n}", "pågående", "pausad") for n in range(9))
    assert len(said) == 6
    assert said[-1] == "Fyra fel till av samma slag."
