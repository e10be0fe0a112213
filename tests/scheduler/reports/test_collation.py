"""The order of names."""

import pytest

from scheduler.reports.collation import collation_key, heading


def test_danish_letters_come_last_and_accents_do_not_count() -> None:
    names = ["Åse", "Zoë", "Øjvind", "Ærø", "Émile", "emil", "Łukasz", "Lund", "Ole"]

    assert sorted(names, key=collation_key) == [
        "emil",
        "Émile",
        "Łukasz",
        "Lund",
        "Ole",
        "Zoë",
        "Ærø",
        "Øjvind",
        "Åse",
    ]


def test_swedish_and_german_letters_stand_with_the_danish_ones() -> None:
    assert collation_key("Ärlig") == collation_key("Ærlig")
    assert collation_key("Östen") == collation_key("Østen")


@pytest.mark.parametrize(
    ("name", "letter"),
    [("Åse", "Å"), ("émile", "E"), ("'t Hooft", "T"), ("Ольга", ""), ("李小明", ""), ("", "")],
)
def test_heading_is_the_letter_one_looks_under(name: str, letter: str) -> None:
    assert heading(name) == letter


def test_other_alphabets_follow_the_latin_one() -> None:
    names = ["李", "Ольга", "Åse", "عمر"]

    assert sorted(names, key=collation_key)[0] == "Åse"
