"""Words of reports in both languages."""

import datetime as dt
import re

import pytest

from scheduler.model import Language, Position, Proficiency
from scheduler.reports.labels import LABELS
from scheduler.reports.words import (
    asked,
    date_in_words,
    label,
    language_name,
    positions_in_words,
    spoken,
)


@pytest.mark.parametrize("key", sorted(LABELS))
def test_label_is_complete_in_both_languages(key: str) -> None:
    english, danish = LABELS[key]

    assert english.strip()
    assert danish.strip()
    assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", danish))


def test_label_fills_in_values() -> None:
    assert label("table_number", "da", number=7) == "Bord 7"
    assert label("page", "en", number=2, count=9) == "Page 2 of 9"


def test_label_takes_the_singular_for_one() -> None:
    assert label("count.students", "en", count=1) == "student"
    assert label("count.students", "en", count=2) == "students"


def test_date_in_words_is_written_as_people_write_it() -> None:
    date = dt.date(2026, 11, 26)

    assert date_in_words(date, "en") == "Thursday 26 November 2026"
    assert date_in_words(date, "da") == "torsdag den 26. november 2026"


def test_language_name_falls_back_to_its_first_part_and_then_to_the_code() -> None:
    assert language_name("pt-br", "en") == "Brazilian Portuguese"
    assert language_name("de-at", "da") == "Tysk (AT)"
    assert language_name("xq", "en") == "XQ"


def test_spoken_puts_the_best_language_first() -> None:
    languages = (Language("en", Proficiency.B2), Language("da", Proficiency.NATIVE))

    assert spoken(languages, "en") == "Danish (native), English B2"
    assert spoken(languages, "da") == "Dansk (modersmål), engelsk B2"


def test_asked_names_the_alternatives() -> None:
    needs = (
        (Language("en", Proficiency.C1),),
        (Language("de", Proficiency.B1), Language("fr", Proficiency.B1)),
    )

    assert asked(needs, "da") == "Engelsk C1, tysk B1 eller fransk B1"


def test_positions_in_words_begin_with_a_capital_only() -> None:
    both = (Position.INTERNSHIP, Position.FULL_TIME)

    assert positions_in_words(both, "en") == "Internship, full-time job"
    assert positions_in_words(both, "da") == "Praktik, fuldtidsjob"
    assert positions_in_words((), "en") == ""
