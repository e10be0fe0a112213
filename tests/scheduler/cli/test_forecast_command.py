"""``company-dating forecast`` as people call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.cli import main
from scheduler.importers import write_event
from tests.scheduler.events import languages, make_event, make_student

Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Three who speak Portuguese B2, of whom one speaks Danish B1 and one A2; one who speaks none.

    Only the last one studies law.
    """
    spoken = ("pt:B2;da:B1", "pt:C1;da:A2", "pt:B2", "")
    people = [
        make_student(f"s{n}", languages=languages(own), field="" if own else "Law")
        for n, own in enumerate(spoken, 1)
    ]
    write_event(make_event(people), tmp_path)
    return str(tmp_path)


def test_forecast_says_what_each_condition_costs(folder: str, capsys: Said) -> None:
    assert main(["forecast", folder, "--languages", "pt:B2;da:B1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 of 4 students fits all of: Portuguese B2; Danish B1.",
        "  condition       fit it  all, without it  all, one level lower",
        "  Portuguese B2        3                1  1 with Portuguese B1",
        "  Danish B1            1           3 (+2)  2 (+1) with Danish A2",
        "Danish B1 costs most: without it 3 would fit, 2 more.",
    ]


def test_forecast_counts_small_talk_beside(folder: str, capsys: Said) -> None:
    assert main(["forecast", folder, "--languages", "pt:B2", "--small-talk", "da:A2"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Small talk in Danish A2 (refuses nobody): 2 of all students, 2 of the 3 who fit."
    )


def test_forecast_says_which_condition_is_no_rule_of_the_event(folder: str, capsys: Said) -> None:
    assert main(["forecast", folder, "--fields", "Law", "--positions", "internship"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "This event refuses nobody by field: rules.require_field is false.",
        "4 students who named no position count as fitting any.",
    ]


def test_forecast_without_a_condition_says_what_to_give(folder: str, capsys: Said) -> None:
    assert main(["forecast", folder]) == 1
    assert capsys.readouterr().err.startswith("give at least one of --languages")


def test_forecast_wrong_language_is_said(folder: str, capsys: Said) -> None:
    assert main(["forecast", folder, "--languages", "dansk:B1"]) == 64
    assert "did you mean da:B1?" in capsys.readouterr().err
