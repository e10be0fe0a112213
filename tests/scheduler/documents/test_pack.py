"""The whole pack: its files, what every page says, what it never holds."""

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from scheduler.documents import (
    DEFAULT_STOCK,
    KINDS,
    BadgeSheets,
    PrintReport,
    print_pack,
    print_test_sheet,
    stock_named,
)
from scheduler.errors import InvalidEventError, SchedulerError
from scheduler.model import Event, Meeting, Student, StudentId, Timetable
from tests.scheduler.documents.days import ANNA, BO, HALL, VESTAS, day, full_day, timetable
from tests.scheduler.documents.reading import MM, ink, ink_in_margins, pictures, sizes, texts

PAGES = {
    "cover": 1,
    "schedules": 3,
    "schedules-4up": 1,
    "companies": 3,
    "badges": 2,
    "badges-test-sheet": 2,
    "signs": 6,
    "wall": 1,
    "desk": 1,
    "spares": 3,
}
A4 = (210, 297)
SIZES = {"companies": (297, 210), "wall": (420, 297)}
BADGES: Mapping[StudentId, str] = {ANNA: "Abc123Def456", BO: "Xyz123Def456"}
CROPPED = BadgeSheets(stock_named(DEFAULT_STOCK), crop_marks=True)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("pack")
    print_pack(day(), timetable(), out, badge_ids=BADGES, sheets=CROPPED)
    return {path.stem: path.read_bytes() for path in sorted(out.glob("*.pdf"))}


def run(event: Event, meetings: Timetable, out: Path, **choices: object) -> PrintReport:
    return print_pack(event, meetings, out, badge_ids={}, **choices)  # type: ignore[arg-type]


def test_pack_has_every_file_and_page(printed: dict[str, bytes]) -> None:
    assert {name: len(texts(content)) for name, content in printed.items()} == PAGES


def test_report_names_files_and_their_pages(tmp_path: Path) -> None:
    report = run(day(), timetable(), tmp_path)

    assert {file.kind: file.pages for file in report.files} == PAGES
    assert all(file.path.is_file() for file in report.files)
    assert report.warnings == ()


def test_a_counted_version_stands_before_the_stamp(tmp_path: Path) -> None:
    run(day(), timetable(), tmp_path, only=["desk", "badges"], version=3)

    for name in ("desk", "badges"):
        stamp = f"Version 3 · {timetable().stamp}"
        assert all(stamp in page for page in texts((tmp_path / f"{name}.pdf").read_bytes()))


@pytest.mark.parametrize("processes", [1, 2])
def test_each_document_is_told(tmp_path: Path, processes: int) -> None:
    told: list[tuple[int, int]] = []
    run(
        day(),
        timetable(),
        tmp_path,
        only=["desk", "signs", "cover"],
        processes=processes,
        progress=lambda done, count: told.append((done, count)),
    )

    assert told == [(1, 2), (2, 2)]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_says_event_date_version_and_number(
    printed: dict[str, bytes], name: str
) -> None:
    pages = texts(printed[name])

    for number, text in enumerate(pages, start=1):
        assert "Company Dating, November 2026" in text
        assert "Thursday 26 November 2026" in text
        assert f"Version {timetable().stamp}" in text
        assert f"Page {number} of {len(pages)}" in text


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_its_size(printed: dict[str, bytes], name: str) -> None:
    width, height = SIZES.get(name, A4)

    for page in pypdf.PdfReader(io.BytesIO(printed[name])).pages:
        assert float(page.mediabox.width) == pytest.approx(width * MM, abs=0.1)
        assert float(page.mediabox.height) == pytest.approx(height * MM, abs=0.1)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_empty_or_prints_in_the_margins(printed: dict[str, bytes], name: str) -> None:
    for picture in pictures(printed[name]):
        assert ink(picture) > 200
        assert ink_in_margins(picture) == 0


@pytest.mark.parametrize("name", PAGES)
def test_every_font_is_embedded(printed: dict[str, bytes], name: str) -> None:
    for page in pypdf.PdfReader(io.BytesIO(printed[name])).pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font["/FontDescriptor"]


@pytest.mark.parametrize("name", PAGES)
def test_pdf_holds_nothing_that_acts(printed: dict[str, bytes], name: str) -> None:
    for word in (b"/JS", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/URI", b"/Annots"):
        assert word not in printed[name]


def test_pack_is_the_same_bytes_each_time(printed: dict[str, bytes], tmp_path: Path) -> None:
    print_pack(day(), timetable(), tmp_path, badge_ids=BADGES, sheets=CROPPED, processes=2)

    for name, content in printed.items():
        assert (tmp_path / f"{name}.pdf").read_bytes() == content


def test_cover_counts_people_and_pages(printed: dict[str, bytes]) -> None:
    (text,) = texts(printed["cover"])

    assert "3students 2companies 3meetings 1without a meeting" in text
    assert "signs.pdf Table signs to fold A4 card, both sides, fold 6" in text
    assert "Hall A, Building 7 3 2 2 3" in text


def test_cover_says_that_it_holds_only_what_changed(tmp_path: Path) -> None:
    run(day(), timetable(), tmp_path, only=["cover"], ids=["anna"], since=2)

    (text,) = texts((tmp_path / "cover.pdf").read_bytes())
    assert "This holds only what changed since version 2." in text


@pytest.mark.parametrize("kind", KINDS)
def test_only_prints_that_kind(tmp_path: Path, kind: str) -> None:
    report = run(day(), timetable(), tmp_path, only=[kind])

    assert kind in {file.kind for file in report.files}
    assert len(report.files) <= 2


def test_ids_print_one_person_again(tmp_path: Path) -> None:
    report = run(day(), timetable(), tmp_path, ids=["anna"])

    assert {f.kind: f.pages for f in report.files} == {
        "schedules": 1,
        "schedules-4up": 1,
        "badges": 2,
    }
    assert "Anna Berg" in texts((tmp_path / "schedules.pdf").read_bytes())[0]


def test_ids_print_one_company_again(tmp_path: Path) -> None:
    report = run(day(), timetable(), tmp_path, ids=[VESTAS])

    assert {f.kind: f.pages for f in report.files} == {"companies": 1, "signs": 2}


def test_ids_leave_a_complete_pack_as_it_is(tmp_path: Path) -> None:
    run(day(), timetable(), tmp_path)
    pack = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for who in ("bo", "anna"):
        report = run(day(), timetable(), tmp_path, ids=[who], only=["schedules", "cover"])
    names = {f"{kind}-again.pdf" for kind in ("schedules", "schedules-4up", "cover", "spares")}

    assert {file.path.name for file in report.files} == names
    assert {path.name for path in tmp_path.iterdir()} == set(pack) | names
    assert all((tmp_path / name).read_bytes() == content for name, content in pack.items())
    (page,) = texts((tmp_path / "schedules-again.pdf").read_bytes())
    assert "Anna Berg" in page
    assert "schedules-4up-again.pdf" in texts((tmp_path / "cover-again.pdf").read_bytes())[0]


def test_ids_refuse_somebody_unknown(tmp_path: Path) -> None:
    with pytest.raises(InvalidEventError, match="nobody-here"):
        run(day(), timetable(), tmp_path, ids=["anna", "nobody-here"])
    assert list(tmp_path.iterdir()) == []


def test_unknown_kind_and_stock_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SchedulerError, match="posters"):
        run(day(), timetable(), tmp_path, only=["posters"])
    with pytest.raises(SchedulerError, match="avery-l4785"):
        stock_named("paper")


def test_danish_event_prints_danish(tmp_path: Path) -> None:
    run(day("da"), timetable(), tmp_path)
    words = {path.stem: " ".join(texts(path.read_bytes())) for path in tmp_path.glob("*.pdf")}

    assert "Dit program" in words["schedules"]
    assert "Bord 1" in words["schedules"]
    assert "torsdag den 26. november 2026" in words["desk"]
    assert "Side 1 af 1" in words["desk"]
    assert "Ledig" in words["companies"]
    assert "Pause" in words["companies"]
    assert "Ikke til stede" in words["companies"]
    assert "modersmål" in words["badges"]
    assert not any("Table" in text or "Page" in text for text in words.values())


HOSTILE = (
    "Ann <b>bold",
    "</para>",
    "<img src='file:///etc/passwd'>",
    "<a href='javascript:alert(1)'>me</a>",
    "(x) Tj ET \\",
    "&amp; &#0;",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_printed_as_written(tmp_path: Path, name: str) -> None:
    hostile = Student(StudentId("x"), name, programme=name)
    run(day(students=[hostile]), timetable(), tmp_path, only=["desk"])
    content = (tmp_path / "desk.pdf").read_bytes()

    assert name in texts(content)[0]
    assert b"/Annots" not in content


def test_character_without_font_is_reported_by_the_persons_name(tmp_path: Path) -> None:
    emoji = Student(StudentId("x"), "Eva 😀 𝓑erg")
    report = run(day(students=[emoji]), timetable(), tmp_path)

    sentences = [str(warning) for warning in report.warnings]
    assert "Eva 😀 𝓑erg: 😀 (U+1F600) is in no font: left out" in sentences
    assert "Eva 😀 𝓑erg: 𝓑 (U+1D4D1) is in no font: printed as B" in sentences
    assert len(sentences) == 2
    assert "Eva Berg" in texts((tmp_path / "desk.pdf").read_bytes())[0]


def test_name_that_cannot_be_printed_gives_way_to_the_id(tmp_path: Path) -> None:
    emoji = Student(StudentId("s-77"), "😀😀")
    report = run(day(students=[emoji]), timetable(), tmp_path)

    assert "s-77" in " ".join(texts((tmp_path / "badges.pdf").read_bytes()))
    assert "s-77" in texts((tmp_path / "desk.pdf").read_bytes())[0]
    assert any("s-77" in warning.reason for warning in report.warnings)


def test_long_name_is_cut_with_an_ellipsis_and_reported(tmp_path: Path) -> None:
    long = "Wolfeschlegelsteinhausenbergerdorff" * 6
    report = run(day(students=[Student(StudentId("x"), long)]), timetable(), tmp_path)

    assert {warning.name for warning in report.warnings} == {long}
    assert "…" in texts((tmp_path / "desk.pdf").read_bytes())[0]


LONG_PROGRAMME = "Architectural Technology and Construction Management, VIA University College"


@pytest.mark.parametrize("name", ["Ann Berg", "Nordvestjysk " * 5 + "Berg"])
def test_long_programme_takes_two_readable_lines(tmp_path: Path, name: str) -> None:
    ann = Student(StudentId("x"), name, programme=LONG_PROGRAMME)
    meeting = Meeting(0, HALL, 1, ann.student_id, VESTAS)
    report = run(day(students=[ann]), Timetable((meeting,)), tmp_path, only=["companies", "desk"])

    assert report.warnings == ()
    for kind in ("companies", "desk"):
        drawn = sizes((tmp_path / f"{kind}.pdf").read_bytes())
        lines = [text for text, size in drawn.items() if text in LONG_PROGRAMME and size == 7]
        assert " ".join(filter(None, lines)) == LONG_PROGRAMME


@pytest.mark.parametrize(("slots", "tables", "seats"), [(30, 5, 8), (30, 1, 1), (1, 2, 1)], ids=str)
def test_full_days_flow_over_pages(tmp_path: Path, slots: int, tables: int, seats: int) -> None:
    event, meetings = full_day(slots, tables, seats, "Nordvestjysk " * 7 + "Elværk")
    run(event, meetings, tmp_path)

    for path in tmp_path.glob("*.pdf"):
        content = path.read_bytes()
        for picture in pictures(content, 0.5):
            assert ink_in_margins(picture, 0.5) == 0, path.name
    day_sheets = " ".join(texts((tmp_path / "companies.pdf").read_bytes()))
    for slot in event.window.slots:
        assert event.clock(slot.start_min) in day_sheets


def test_student_with_thirty_meetings_has_them_all(tmp_path: Path) -> None:
    event, meetings = full_day(30, 1, 1, "Ann")
    report = run(event, meetings, tmp_path, only=["schedules"])
    words = {path.stem: " ".join(texts(path.read_bytes())) for path in tmp_path.glob("*.pdf")}

    assert {f.kind: f.pages for f in report.files} == {"schedules": 3, "schedules-4up": 1}
    for slot in event.window.slots:
        assert event.clock(slot.start_min) in words["schedules"]
        assert event.clock(slot.start_min) in words["schedules-4up"]


@pytest.mark.parametrize(("tables", "points"), [(2, 14), (12, 14), (24, 10)])
def test_wall_chart_is_as_large_as_its_page_allows(
    tmp_path: Path, tables: int, points: float
) -> None:
    event, meetings = full_day(11, tables, 1, "Ann")
    (file,) = run(event, meetings, tmp_path, only=["wall"]).files
    content = file.path.read_bytes()

    assert file.pages == 1
    assert sizes(content)["Ann 0"] == points


def test_names_on_a_wall_chart_are_of_one_size(tmp_path: Path) -> None:
    event, meetings = full_day(11, 20, 1, "Ann")
    long = replace(event.students[1], name="Annemarie Bergholm Lindgren")
    event = replace(event, students=(event.students[0], long, *event.students[2:]))
    run(event, meetings, tmp_path, only=["wall"])
    found = sizes((tmp_path / "wall.pdf").read_bytes())

    assert found["Annemarie"] == found["Ann 0"]


def test_wall_chart_of_twelve_tables_fills_its_page(tmp_path: Path) -> None:
    event, meetings = full_day(11, 12, 1, "Ann")
    run(event, meetings, tmp_path, only=["wall"])
    (picture,) = pictures((tmp_path / "wall.pdf").read_bytes())
    rules = [y for y, row in enumerate(picture) if (row < 200).mean() > 0.8]

    assert max(rules) > 0.9 * len(picture)


def test_event_with_nobody_prints(tmp_path: Path) -> None:
    event, _ = full_day(2, 0, 0, "Nobody")
    report = run(event, Timetable(()), tmp_path)

    assert all(file.pages >= 1 for file in report.files)


def test_test_sheet_comes_without_an_event(tmp_path: Path) -> None:
    report = print_test_sheet(tmp_path, stock="herma-4099", language="da")

    (file,) = report.files
    assert file.path.name == "badges-test-sheet.pdf"
    assert "Herma 4099" in texts(file.path.read_bytes())[0]
