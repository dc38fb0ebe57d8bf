"""Words as Swedes put them in order."""

from rules.wording import alphabetically


def test_swedish_letters_stand_last_and_numbers_as_they_count() -> None:
    names = ["Östra", "Ärla", "Åby", "temagrupp 10", "Temagrupp 2", "Zinkgruvan", "NOSAM Björk"]
    names += ["Lövéns", "Lovén", "Loven", "LOVEN", "Müller", "Myr"]
    assert sorted(names, key=alphabetically) == [
        "LOVEN",
        "Loven",
        "Lovén",
        "Lövéns",
        "Müller",
        "Myr",
        "NOSAM Björk",
        "Temagrupp 2",
        "temagrupp 10",
        "Zinkgruvan",
        "Åby",
        "Ärla",
        "Östra",
    ]
