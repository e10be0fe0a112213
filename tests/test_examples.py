"""The examples load without a problem or a warning, and are what their README says."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import openpyxl
import pytest

from scheduler.importers import load_event
from scheduler.importers.columns import TABLES
from scheduler.model import Event, Scores
from scheduler.model.eligibility import Eligibility
from scheduler.validation import check
from tests.scheduler.brute_force import brute_force

EXAMPLES = Path(__file__).parents[1] / "examples"
AARHUS = EXAMPLES / "aarhus-2026"


@pytest.mark.parametrize("name", ["tiny", "workbook/tiny.xlsx", "aarhus-2026"])
def test_example_loads_without_a_warning(name: str) -> None:
    loaded = load_event(EXAMPLES / name)
    assert loaded.warnings == ()
    assert check(loaded.event) == []


def test_example_workbook_is_the_tiny_event() -> None:
    folder = load_event(EXAMPLES / "tiny").event
    assert load_event(EXAMPLES / "workbook" / "tiny.xlsx").event == folder


def test_example_workbook_has_an_empty_sheet_for_what_comes_later() -> None:
    book = openpyxl.load_workbook(EXAMPLES / "workbook" / "tiny.xlsx")
    assert book.sheetnames == ["event", *(table.name for table in TABLES)]
    for name in ("unavailable", "decisions"):
        assert [[cell.value for cell in row] for row in book[name]] == [
            list(table.headers) for table in TABLES if table.name == name
        ]


def test_example_tiny_has_the_optimum_of_its_readme() -> None:
    optimum = brute_force(load_event(EXAMPLES / "tiny").event)
    assert optimum is not None
    assert optimum.scores == Scores((5,), 0, 875, 1)


@pytest.fixture(scope="module")
def aarhus() -> Event:
    return load_event(AARHUS).event


def test_example_aarhus_has_the_size_of_its_readme(aarhus: Event) -> None:
    assert (len(aarhus.students), len(aarhus.companies), len(aarhus.rooms)) == (141, 26, 3)
    assert len(aarhus.window.slots) == 11
    assert sum(company.capacity for company in aarhus.companies) == 42
    assert len([c for c in aarhus.companies if c.room_id is None]) == 2


def test_example_aarhus_is_saved_as_danish_excel_does() -> None:
    students = (AARHUS / "students.csv").read_bytes()
    assert students.startswith(b"\xef\xbb\xbfstudent_id;name;")
    companies = (AARHUS / "companies.csv").read_bytes()
    assert "Bølgebryder".encode("cp1252") in companies
    for file in AARHUS.glob("*.csv"):
        content = file.read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n") > 0


def test_example_aarhus_has_names_in_many_scripts(aarhus: Event) -> None:
    scripts = {unicodedata.name(student.name[0]).split()[0] for student in aarhus.students}
    assert scripts == {
        *("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW", "DEVANAGARI", "THAI", "CJK", "HANGUL")
    }
    assert any("さくら" in student.name for student in aarhus.students)


def test_example_aarhus_can_guarantee_two_meetings_to_all_but_eight(aarhus: Event) -> None:
    """The eight ranked fewer than two companies that they may meet."""
    eligibility = Eligibility(aarhus)
    companies = {company.company_id: company for company in aarhus.companies}
    students = {student.student_id: student for student in aarhus.students}
    counts = dict.fromkeys(students, 0)
    for wish in aarhus.preferences:
        student, company = students[wish.student_id], companies[wish.company_id]
        counts[wish.student_id] += eligibility.refusal(student, company) is None
    assert len([count for count in counts.values() if count < 2]) == 8
