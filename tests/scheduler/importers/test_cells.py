"""One kind of cell at a time."""

import datetime as dt
from collections.abc import Callable

import pytest

from scheduler.importers import cells, languages
from scheduler.model import Language, Proficiency


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("9:30", 570),
        ("09.30", 570),
        ("13.00", 780),
        ("13:00:00", 780),
        ("1:05 PM", 785),
        ("12:00 am", 0),
        ("0,5417", 780),
        ("0.541666666666667", 780),
        (",5", 720),
        ("0.25", 360),
        ("00.25", 25),
        ("0", 0),
        ("24:00", 1440),
    ],
)
def test_clock_is_read(text: str, minute: int) -> None:
    assert cells.parse_clock(text) == minute


@pytest.mark.parametrize(
    ("parse", "text", "reason"),
    [
        (cells.parse_clock, "25:00", "'25:00' is not a time of day"),
        (cells.parse_clock, "13:60", "'13:60' is not a time of day"),
        (cells.parse_clock, "13:00:30", "'13:00:30' has seconds"),
        (cells.parse_clock, "13.3", "'13.3' is not a time"),
        (cells.parse_clock, "13:00 PM", "'13:00 PM' is not a time"),
        (cells.parse_clock, "0,54171234", "'0,54171234' is not a whole minute"),
        (cells.parse_clock, "noon", "'noon' is not a time"),
        (cells.parse_email, "anna at example.org", "is not an e-mail address"),
        (cells.parse_email, "anna@example", "is not an e-mail address"),
        (cells.parse_email, "a@example.org; b@example.org", "is not an e-mail address"),
        (cells.parse_whole, "1.5", "'1.5' is not a whole number"),
        (cells.parse_whole, "1.000", "'1.000' is not a whole number"),
        (cells.parse_whole, "-3", "'-3' is below 0"),
        (cells.parse_whole, "9" * 5000, "is too large"),
        (cells.parse_whole, "٣", "is not a whole number"),
        (cells.parse_date, "11/26/2026", "'11/26/2026' is not a date"),
        (cells.parse_date, "2026-02-30", "'2026-02-30' is not a date"),
        (languages.parse_languages, "en", "'en' has no level"),
        (languages.parse_languages, "en:", "'en:' has no level"),
        (languages.parse_languages, "English:B2", "'English:B2' has no language code"),
        (
            languages.parse_languages,
            "en:B3",
            "'en:B3' is not a CEFR level (A1 A2 B1 B2 C1 C2 native)",
        ),
        (languages.parse_languages, "en:B2;EN:C1", "'en' is there twice"),
        (languages.parse_languages, "pt:B2|es:B2", "'pt:B2|es:B2': | is for what a company asks"),
        (languages.parse_needs, "pt:B2|pt:C1", "'pt' is there twice"),
        (cells.parse_positions, "intern", "'intern' is not a position (internship student_job"),
        (cells.parse_weights, "100;x", "'x' is not a whole number"),
        (cells.parse_website, "javascript:alert(1)", "is not a web address"),
        (cells.parse_timezone, "Europe", "'Europe' is not a time zone"),
        (cells.parse_timezone, "../etc/passwd", "is not a time zone"),
    ],
)
def test_cell_that_cannot_be_read_says_why(
    parse: Callable[[str], object], text: str, reason: str
) -> None:
    with pytest.raises(cells.CellError) as caught:
        parse(text)
    assert reason in caught.value.reason


def test_email_of_any_alphabet_is_taken_as_it_stands() -> None:
    assert cells.parse_email("Åse.Ø+jobs@kælder.au.dk") == "Åse.Ø+jobs@kælder.au.dk"


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("7.0", 7), ("7,00", 7), ("-0", 0)])
def test_whole_number_is_read(text: str, number: int) -> None:
    assert cells.parse_whole(text) == number


@pytest.mark.parametrize(
    "text", ["2026-11-26", "26-11-2026", "26.11.2026", "46352", "2026-11-26 00:00:00"]
)
def test_date_is_read(text: str) -> None:
    assert cells.parse_date(text) == dt.date(2026, 11, 26)


def test_languages_are_read_without_case_and_blanks() -> None:
    assert languages.parse_languages(" EN : c1 ; pt-BR:Native;") == (
        Language("en", Proficiency.C1),
        Language("pt-br", Proficiency.NATIVE),
    )


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("English:C1", "did you mean en:C1?"),
        ("dansk : modersmål", "did you mean da:native?"),
        ("Norsk bokmål b2", "did you mean nb:B2?"),
        ("Tysk", "write it as de:B2"),
        ("Danish sign language:fluent", "write it as dsl:B2"),
        ("Klingon:C2", "write it as en:C1"),
    ],
)
def test_language_by_its_name_is_told_its_code(text: str, remedy: str) -> None:
    with pytest.raises(cells.CellError) as caught:
        languages.parse_languages(text)
    assert caught.value.remedy == remedy


@pytest.mark.parametrize("text", ["https://a.dk", "HTTP://a.dk", "www.a.dk", "a.dk/x:y"])
def test_web_address_is_read(text: str) -> None:
    assert cells.parse_website(text) == text


def test_long_value_is_cut_in_a_message() -> None:
    assert cells.shown("x" * 100) == "x" * 57 + "..."
