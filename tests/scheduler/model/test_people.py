"""Languages, and the needs they meet."""

from __future__ import annotations

import pytest

from scheduler.model import Language, Proficiency, meets_needs
from tests.scheduler.events import languages, make_company, needs


def speaks(have: str, asked: str) -> bool:
    return languages(have)[0].satisfies(languages(asked)[0])


def test_proficiency_rises_from_a1_to_native() -> None:
    assert [str(level) for level in sorted(Proficiency)] == [
        *("A1", "A2", "B1", "B2", "C1", "C2"),
        "native",
    ]


def test_language_satisfies_its_own_level_and_lower_ones() -> None:
    assert speaks("en:B2", "en:B2")
    assert speaks("en:C1", "en:B2")
    assert not speaks("en:B1", "en:B2")
    assert not speaks("da:C1", "en:B2")


def test_native_counts_above_c2() -> None:
    assert speaks("en:native", "en:C2")
    assert not speaks("en:C2", "en:native")


@pytest.mark.parametrize(
    ("have", "asked", "expected"),
    [
        ("pt-br:B2", "pt:B2", True),
        ("pt:B2", "pt-br:B2", False),
        ("pt-br:B2", "pt-pt:B2", False),
        ("pt-br:B1", "pt:B2", False),
        ("zh-hans-cn:B2", "zh-hans:B2", True),
        ("fil:B2", "fi:B2", False),
    ],
)
def test_regional_language_satisfies_the_wider_one_only(
    have: str, asked: str, expected: bool
) -> None:
    assert speaks(have, asked) is expected


def test_language_is_written_as_in_the_files() -> None:
    assert str(Language("pt-br", Proficiency.NATIVE)) == "pt-br:native"


def test_every_need_must_be_met() -> None:
    assert meets_needs(languages("en:B2;da:A2"), needs("en:B1;da:A2"))
    assert not meets_needs(languages("en:B2"), needs("en:B1;da:A2"))


def test_one_alternative_of_a_need_is_enough() -> None:
    assert meets_needs(languages("es:C1"), needs("pt:B2|es:B2"))
    assert not meets_needs(languages("es:B1;pt:A1"), needs("pt:B2|es:B2"))


def test_no_needs_are_met_by_everybody() -> None:
    assert meets_needs((), ())
    assert not meets_needs((), needs("en:A1"))


def test_capacity_is_tables_times_seats() -> None:
    assert make_company(tables=2, seats=3).capacity == 6
