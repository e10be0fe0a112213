"""Badges: the code, the name's size, the sheets, the ids."""

import io
from pathlib import Path

import numpy as np
import pypdf
import pytest
import segno

from scheduler.documents import STOCKS, Stock, ensure_badge_ids, print_pack
from scheduler.documents.badges import READABLE, draw_qr
from scheduler.documents.notes import Notes
from scheduler.documents.paper import make_pdf
from scheduler.documents.pen import A4, Letterhead, Pen
from scheduler.errors import ImportFileError, SchedulerError
from scheduler.model import Student, StudentId
from tests.scheduler.documents.days import ANNA, BO, day, timetable
from tests.scheduler.documents.reading import MM, pictures, texts

LETTERHEAD = Letterhead("Event", "Date", "0badcafe", "en")


def test_code_in_the_picture_is_the_code_of_the_id_with_its_quiet_zone() -> None:
    scale, side = 4.0, 29 * 3.0

    def page(pen: Pen) -> None:
        draw_qr(pen, "Abc123Def456", 100, 200, side)

    content = make_pdf([page], A4, title="t", letterhead=LETTERHEAD, notes=Notes())
    (picture,) = pictures(content, scale)
    expected = np.array(segno.make("Abc123Def456", error="m", micro=False).matrix, dtype=bool)
    modules = len(expected) + 8
    step = side / modules
    top = A4[1] - 200 - side
    seen = np.array(
        [
            [
                picture[
                    int((top + (r + 0.5) * step) * scale), int((100 + (c + 0.5) * step) * scale)
                ]
                < 128
                for c in range(modules)
            ]
            for r in range(modules)
        ]
    )

    assert (seen[4:-4, 4:-4] == expected).all()
    seen[4:-4, 4:-4] = False
    assert not seen.any()


def test_code_holds_the_id_and_no_name(tmp_path: Path) -> None:
    def code(badge: str) -> bytes:
        print_pack(day(), timetable(), tmp_path, only=["badges"], badge_ids={ANNA: badge})
        return (tmp_path / "badges.pdf").read_bytes()

    first = code("Abc123Def456")
    assert first == code("Abc123Def456")
    assert first != code("Xyz123Def456")
    assert "Abc123Def456" not in " ".join(texts(first))


def sizes_on_badge(tmp_path: Path, student: Student) -> dict[str, float]:
    """The type size of each text on one badge's front."""
    event = day(students=[student])
    ids = [student.student_id]
    print_pack(event, timetable(), tmp_path, only=["badges"], ids=ids, badge_ids={})
    page = pypdf.PdfReader(io.BytesIO((tmp_path / "badges.pdf").read_bytes())).pages[0]
    sizes: dict[str, float] = {}

    def visit(text: str, _cm: object, _tm: object, _font: object, size: float) -> None:
        for word in text.split():
            sizes[word] = max(size, sizes.get(word, 0.0))

    page.extract_text(visitor_text=visit)
    return sizes


def test_given_name_is_large_and_family_name_smaller(tmp_path: Path) -> None:
    sizes = sizes_on_badge(tmp_path, Student(StudentId("x"), "Eva Holm", "Eva", "Holm"))

    assert sizes["Eva"] >= READABLE
    assert 9 <= sizes["Holm"] < sizes["Eva"]


def test_name_not_known_apart_is_large_as_a_whole(tmp_path: Path) -> None:
    sizes = sizes_on_badge(tmp_path, Student(StudentId("x"), "Siobhán Kristoffersen"))

    assert sizes["Siobhán"] == sizes["Kristoffersen"] >= 20


def test_long_name_shrinks_only_as_far_as_it_must(tmp_path: Path) -> None:
    sizes = sizes_on_badge(tmp_path, Student(StudentId("x"), "Wolfeschlegelsteinhausen"))

    assert 12 < sizes["Wolfeschlegelsteinhausen"] < READABLE


def test_languages_are_words_with_their_level(tmp_path: Path) -> None:
    print_pack(day(), timetable(), tmp_path, only=["badges"], ids=[ANNA], badge_ids={})
    front, back = texts((tmp_path / "badges.pdf").read_bytes())

    assert "Danish (native), English C1" in front
    assert "MSc Mechatronics" in front
    assert "13:00Table 1Hall AVestas" in back.replace(" ", "").replace(
        "Table1HallA", "Table 1Hall A"
    )


@pytest.mark.parametrize("stock", STOCKS.values(), ids=STOCKS.keys())
def test_badges_of_a_stock_lie_on_the_sheet_and_apart(stock: Stock) -> None:
    corners = [stock.corner(i, (0.0, 0.0), is_back=False) for i in range(stock.count)]

    assert stock.width <= stock.across
    assert stock.height <= stock.down
    for x, y in corners:
        assert x >= 0
        assert y >= 0
        assert x + stock.width * MM <= A4[0] + 0.01
        assert y + stock.height * MM <= A4[1] + 0.01


@pytest.mark.parametrize("stock", STOCKS.values(), ids=STOCKS.keys())
def test_back_lies_behind_its_front_when_the_sheet_is_turned(stock: Stock) -> None:
    for index in range(stock.count):
        x, y = stock.corner(index, (0.0, 0.0), is_back=False)
        back_x, back_y = stock.corner(index, (0.0, 0.0), is_back=True)
        assert back_x == pytest.approx(A4[0] - x - stock.width * MM)
        assert back_y == y


def test_offset_moves_right_and_up() -> None:
    stock = STOCKS["avery-l4785"]
    x, y = stock.corner(3, (0.0, 0.0), is_back=False)

    assert stock.corner(3, (1.0, 2.0), is_back=False) == pytest.approx((x + MM, y + 2 * MM))


def test_badge_ids_are_made_once_and_used_again(tmp_path: Path) -> None:
    path = tmp_path / "badges.csv"
    first = dict(ensure_badge_ids(path, [ANNA]))
    second = dict(ensure_badge_ids(path, [BO, ANNA]))

    assert second[ANNA] == first[ANNA]
    assert len(set(second.values())) == 2
    assert path.read_text().splitlines() == [
        "student_id,badge_id",
        f"{ANNA},{second[ANNA]}",
        f"{BO},{second[BO]}",
    ]


def test_badge_ids_are_random_and_no_formula(tmp_path: Path) -> None:
    ids = ensure_badge_ids(tmp_path / "badges.csv", [StudentId(f"s{i}") for i in range(500)])

    assert len(set(ids.values())) == 500
    assert all(len(badge) == 12 and badge[0].isalnum() for badge in ids.values())


def test_badge_ids_unchanged_do_not_touch_the_file(tmp_path: Path) -> None:
    path = tmp_path / "badges.csv"
    ensure_badge_ids(path, [ANNA])
    before = path.stat().st_mtime_ns
    ensure_badge_ids(path, [ANNA])

    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "text",
    [
        "name,badge\nanna,x\n",
        "student_id,badge_id\nanna\n",
        "student_id,badge_id\nanna,x\nanna,y\n",
        "student_id,badge_id\nanna,x\nbo,x\n",
    ],
)
def test_badge_ids_refuse_a_file_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "badges.csv"
    path.write_text(text)

    with pytest.raises(ImportFileError, match=r"badges\.csv, row"):
        ensure_badge_ids(path, [ANNA])
    assert path.read_text() == text


def test_badge_ids_need_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SchedulerError, match="cannot be written"):
        ensure_badge_ids(tmp_path / "nowhere" / "badges.csv", [ANNA])
