"""The empty workbook, as it is and filled in."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.errors import SchedulerError
from scheduler.importers import load_event, write_template
from scheduler.importers.columns import TABLES
from scheduler.importers.settings import SETTINGS
from scheduler.importers.template_words import DANISH, ENGLISH, WORDS
from scheduler.model import Position, Preference, Rules
from tests.scheduler.importers.conftest import Problems

LANGUAGES = pytest.mark.parametrize("language", ["en", "da"])


def _fill(path: Path, **cells: Any) -> None:
    book = openpyxl.load_workbook(path)
    for row in book["event"].iter_rows(min_row=2):
        if row[0].value in cells:
            row[1].value = cells[row[0].value]
    for name, rows in cells.items():
        if isinstance(rows, list):
            headers = [cell.value for cell in book[name][1]]
            for number, values in enumerate(rows, 2):
                for place, value in enumerate(values, 1):
                    assert place <= len(headers)
                    book[name].cell(number, place, value)
    book.save(path)


@pytest.mark.parametrize("name", ["event.csv", "event"])
def test_template_is_written_only_as_xlsx(tmp_path: Path, name: str) -> None:
    with pytest.raises(SchedulerError, match=r"a name that ends with \.xlsx"):
        write_template(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@LANGUAGES
def test_template_as_given_asks_for_the_event(
    tmp_path: Path, problems: Problems, language: str
) -> None:
    write_template(tmp_path / "t.xlsx", language)
    assert problems(tmp_path / "t.xlsx") == [
        "event, row 2, event.id: is missing; write it into the event's settings",
        "event, row 3, event.name: is missing; write it into the event's settings",
        "event, row 5, event.date: is missing; write it into the event's settings",
    ]


@LANGUAGES
def test_template_filled_in_reads_cleanly(tmp_path: Path, language: str) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, language)
    _fill(
        path,
        **{"event.id": "e", "event.name": "Day", "event.date": "2026-11-26"},
        rooms=[["R1", "Hall", "", 4]],
        companies=[["c1", "Grundfos", "R1", 1, 2, "13:00", "", "internship"]],
        students=[["007", "Søren"]],
        preferences=[["007", "c1", 1]],
    )
    loaded = load_event(path)
    assert loaded.warnings == ()
    assert loaded.event.language == language
    assert loaded.event.rules == Rules()
    assert loaded.event.preferences == (Preference("007", "c1", 1),)
    assert loaded.event.companies[0].positions == (Position.INTERNSHIP,)
    assert len(loaded.event.window.slots) == 12


def test_template_has_every_sheet_and_header(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["event", *(table.name for table in TABLES), "help"]
    for table in TABLES:
        assert tuple(cell.value for cell in book[table.name][1]) == table.headers
        assert book[table.name].freeze_panes == "A2"


def test_danish_template_has_danish_headers_and_help(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", "da")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert [cell.value for cell in book["preferences"][1]] == [
        "studerende_id",
        "virksomhed_id",
        "prioritet",
    ]
    texts = {cell.value for row in book["hjælp"].iter_rows() for cell in row}
    assert "Virksomhedens navn." in texts


def test_required_headers_are_bold(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    headers = openpyxl.load_workbook(tmp_path / "t.xlsx")["students"][1]
    assert [cell.value for cell in headers if cell.font.b] == ["student_id", "name"]


def test_pick_lists_stand_in_the_columns(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    lists = {
        (sheet.title, str(rule.sqref).split(":")[0]): (rule.formula1, rule.errorStyle)
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists["shortlist", "C2"] == ('"yes,no"', None)
    assert lists["unavailable", "A2"] == ('"student,company"', None)
    assert lists["decisions", "A2"] == ('"pin,forbid"', None)
    assert lists["students", "I2"] == ('"internship,student_job,full_time"', "information")
    assert lists["event", "B4"] == ('"en,da"', None)


def test_ids_and_times_are_text_so_that_excel_leaves_them(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["companies"]
    assert [sheet.column_dimensions[letter].number_format for letter in "AFD"] == [
        "@",
        "@",
        "General",
    ]


@pytest.mark.parametrize("words", [ENGLISH, DANISH])
def test_every_column_and_setting_has_a_meaning(words: Any) -> None:
    assert all(words.meaning(table.name, c.name) for table in TABLES for c in table.columns)
    assert all(words.settings[setting.key] for setting in SETTINGS)


def test_languages_explain_the_same_columns() -> None:
    assert ENGLISH.columns.keys() == DANISH.columns.keys()
    assert ENGLISH.settings.keys() == DANISH.settings.keys()
    assert set(WORDS) == {"en", "da"}
