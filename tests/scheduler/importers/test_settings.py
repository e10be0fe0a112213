"""The settings of an event, event.toml: strict types, and every fault by its name."""

import pytest

from scheduler.importers import load_event
from scheduler.model import Break
from tests.scheduler.importers.conftest import EVENT_TOML, Folder, Problems


def test_breaks_are_read(folder: Folder) -> None:
    pause = '[[event.breaks]]\nstart = "14:12"\nend = 14:24:00\n'
    event = load_event(folder(event=EVENT_TOML + pause)).event
    assert event.window.breaks == (Break(72, 84),)


def test_toml_fault_names_the_line(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(event='[event]\nid = "x"\nname = what\n'))
    assert line.startswith("event.toml: is not TOML: Invalid value (at line 3")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("slot_min = 10", "slot_min = '10'", "event.slot_min: '10' is text; write a whole number"),
        ("slot_min = 10", "slot_min = true", "event.slot_min: 'True' is true or false; write a"),
        ("slot_min = 10", "slot_min = -1", "event.slot_min: '-1' is below 0; write 0 or more"),
        ("slot_min = 10", "", "event.slot_min: is missing"),
        ('start = "13:00"', 'start = "1300"', "event.start: '1300' is not a time; write it as HH"),
        ("Europe/Copenhagen", "Mars", "event.timezone: 'Mars' is not a time zone"),
        ("2026-11-26", '"26/11/26"', "event.date: '26/11/26' is not a date; write it as 2026-"),
        ('"november"', "7", "event.id: '7' is a whole number; write text in quotation marks"),
    ],
)
def test_event_setting_has_strict_type(
    folder: Folder, problems: Problems, old: str, new: str, message: str
) -> None:
    (line,) = problems(folder(event=EVENT_TOML.replace(old, new)))
    assert line.startswith(f"event.toml, {message}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("max_in_a_row = '3'", "rules.max_in_a_row: '3' is text; write a whole number"),
        ("require_field = 1", "rules.require_field: '1' is a whole number; write true or false"),
        ("rank_weights = [1, 2.5]", "rules.rank_weights: '[1, 2.5]' is a list; write a list of"),
        ("rank_weights = [1, -2]", "rules.rank_weights: '-2' is below 0"),
        (
            "guaranteed_meetings_per_student = 7",
            "rules.guaranteed_meetings_per_student: 7 guaranteed meetings are more than the 6",
        ),
    ],
)
def test_rule_has_strict_type(folder: Folder, problems: Problems, line: str, message: str) -> None:
    (found,) = problems(folder(event=f"{EVENT_TOML}[rules]\n{line}\n"))
    assert found.startswith(f"event.toml, {message}")


def test_unknown_setting_is_named_in_a_warning(folder: Folder) -> None:
    text = f"title = 'x'\n{EVENT_TOML}colour = 'red'\n[rules]\nmax = 3\n[more]\na = 1\n"
    assert load_event(folder(event=text)).warnings == (
        "event.toml, title: not a setting of an event; left out",
        "event.toml, event.colour: not a setting of an event; left out",
        "event.toml, rules.max: not a setting of an event; left out",
        "event.toml, more.a: not a setting of an event; left out",
    )
