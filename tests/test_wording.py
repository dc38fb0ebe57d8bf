"""Words as Swedes put them in order."""

from rules.wording import alphabetically


def test_swedish_letters_stand_last_and_numbers_as_they_count() -> None:
    names = ["Östra", "Ärla", "Åby", "temagrupp 10", "Temagrupp 2", "Zinkgruvan", "NOSAM Björk"]
    assert sorted(names, key=alphabetically) == [
        "NOSAM Björk",
        "Temagrupp 2",
        "temagrupp 10",
        "Zinkgruvan",
        "Åby",
        "Ärla",
        "Östra",
    ]
