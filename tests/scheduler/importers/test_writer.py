"""What is written reads back equal, in every form."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import SchedulerError
from scheduler.importers import load_event, write_event, write_event_workbook
from scheduler.model import Event, Rules, Window
from tests.scheduler.events import make_company, make_event, make_student, tiny_events

NAMES = [
    *("Søren", "Nguyễn", "李小明", "عمر", "O'Neil", "'t Hooft", "<Ann>", "=cmd|' /C calc'!A0"),
    *(
        "'=x",
        "''@y",
        "+45",
        "-1",
        "@sum",
        "|pipe",
        'a "quoted" name',
        "a;b,c\td".replace("\t", " "),
    ),
    *("#", "0.5", "007", "_x0041_", "&amp;", "true"),
]


@st.composite
def _events(draw: st.DrawFn) -> Event:
    event = draw(tiny_events())
    text = st.sampled_from(["", *NAMES])
    students = tuple(
        replace(
            student,
            name=draw(st.sampled_from(NAMES)),
            field=student.field.strip(),
            programme=draw(text),
            given_name=draw(text),
        )
        for student in event.students
    )
    companies = tuple(
        replace(
            company,
            name=draw(st.sampled_from(NAMES)),
            about=draw(st.sampled_from(["", "two\nlines", "=1\n\t+2", *NAMES])),
            website=draw(st.sampled_from(["", "https://example.org/a:b"])),
        )
        for company in event.companies
    )
    return replace(
        event,
        name=draw(st.sampled_from(NAMES)),
        language=draw(st.sampled_from(["en", "da"])),
        students=students,
        companies=companies,
    )


@given(_events(), st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(deadline=None, max_examples=60)
def test_folder_reads_back_equal(event: Event, delimiter: str, encoding: str) -> None:
    with TemporaryDirectory() as place:
        write_event(event, Path(place), delimiter=delimiter, encoding=encoding)
        loaded = load_event(Path(place))
    assert loaded.event == event
    assert loaded.warnings == ()


@given(_events())
@settings(deadline=None, max_examples=30)
def test_workbook_reads_back_equal(event: Event) -> None:
    with TemporaryDirectory() as place:
        path = Path(place) / "event.xlsx"
        write_event_workbook(event, path)
        loaded = load_event(path)
    assert loaded.event == event
    assert loaded.warnings == ()


def test_windows_1252_reads_back_equal(tmp_path: Path) -> None:
    event = make_event([make_student("s1", name="Søren Ågård – €")])
    write_event(event, tmp_path, delimiter=";", encoding="cp1252")
    assert b"S\xf8ren" in (tmp_path / "students.csv").read_bytes()
    assert load_event(tmp_path).event == event


def test_formula_is_protected_in_csv_and_text_in_a_workbook(tmp_path: Path) -> None:
    event = make_event([make_student("s1", name="=1+1")])
    write_event(event, tmp_path / "folder")
    assert "s1,'=1+1," in (tmp_path / "folder" / "students.csv").read_text()
    write_event_workbook(event, tmp_path / "event.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "event.xlsx")["students"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_event_until_midnight_reads_back_equal(tmp_path: Path) -> None:
    event = replace(make_event(), opens_min=22 * 60, window=Window(120, 10, 2))
    write_event(event, tmp_path)
    assert load_event(tmp_path).event == event


def test_no_weights_read_back_as_none(tmp_path: Path) -> None:
    event = make_event(rules=Rules(rank_weights=()))
    write_event_workbook(event, tmp_path / "event.xlsx")
    assert load_event(tmp_path / "event.xlsx").event.rules.rank_weights == ()


def test_date_is_written_as_toml_date(tmp_path: Path) -> None:
    write_event(make_event(), tmp_path)
    assert "date = 2026-11-26\n" in (tmp_path / "event.toml").read_text()
    assert load_event(tmp_path).event.date == dt.date(2026, 11, 26)


def test_optional_tables_without_rows_are_not_written(tmp_path: Path) -> None:
    write_event(make_event(), tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "companies.csv",
        "event.toml",
        "preferences.csv",
        "rooms.csv",
        "students.csv",
    ]


def test_letter_that_the_encoding_lacks_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    event = make_event([make_student("s1", name="李小明")])
    with pytest.raises(SchedulerError, match=r"students\.csv: cp1252 has no '李"):
        write_event(event, tmp_path / "folder", encoding="cp1252")
    assert not (tmp_path / "folder").exists()


def test_text_too_long_for_a_workbook_is_refused(tmp_path: Path) -> None:
    event = make_event(companies=[make_company("c1", about="x" * 40_000)])
    with pytest.raises(SchedulerError, match="companies, row 2: a cell of a workbook holds 32,767"):
        write_event_workbook(event, tmp_path / "event.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_weight_without_a_key_is_refused(tmp_path: Path) -> None:
    event = make_event(rules=Rules(later_rank_weight=3))
    with pytest.raises(SchedulerError, match="later_rank_weight 3 has no key"):
        write_event(event, tmp_path)


def test_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SchedulerError, match="file: the folder cannot be made"):
        write_event(make_event(), tmp_path / "file")
