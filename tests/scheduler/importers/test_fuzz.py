"""Whatever the bytes, an import gives an event or an import error, nothing else."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import ImportFileError
from scheduler.importers import load_event, load_timetable, write_event_workbook
from scheduler.validation import check
from tests.scheduler.events import make_event
from tests.scheduler.importers.conftest import FILES

_NAMES = sorted([*FILES, "shortlist.csv", "unavailable.csv", "decisions.csv"])
_PIECES = st.sampled_from(
    [
        *(
            b"\x00",
            b'"',
            b"'",
            b";",
            b"\t",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\r",
            b"\n",
            b"=",
            b"-1",
        ),
        *(b"1e9", b"[[", b"{", b"9" * 30, b"\xc3", b"en:C1", b"13:00", b"student", b"pin", b"nan"),
        *(b"\nstart = 13:00\n", b"[event]\n", b"event = 3\n", b"student_id,company_id\n", b"\\"),
    ]
)


def assert_named(error: ImportFileError) -> None:
    """A refusal has at least one problem, and each says in which file and why."""
    assert error.problems
    assert all(problem.file and problem.reason for problem in error.problems)


def assert_read_or_refused(path: Path) -> None:
    """What is read is a valid event; what is not is refused in words."""
    try:
        loaded = load_event(path)
    except ImportFileError as error:
        assert_named(error)
    else:
        assert check(loaded.event) == []


def _load(files: dict[str, bytes]) -> None:
    with TemporaryDirectory() as place:
        for name, content in files.items():
            (Path(place) / name).write_bytes(content)
        assert_read_or_refused(Path(place))


@given(st.sampled_from(_NAMES), st.binary(max_size=200) | st.lists(_PIECES).map(b"".join))
@settings(deadline=None, max_examples=200)
def test_any_bytes_in_any_file_are_no_crash(name: str, content: bytes) -> None:
    _load({file: text.encode() for file, text in FILES.items()} | {name: content})


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_any_change_in_a_good_file_is_no_crash(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    content = FILES[name].encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 20)))
    changed = content[:start] + b"".join(data.draw(st.lists(_PIECES))) + content[end:]
    _load({file: text.encode() for file, text in FILES.items()} | {name: changed})


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_any_change_in_a_workbook_is_no_crash(data: st.DataObject) -> None:
    with TemporaryDirectory() as place:
        path = Path(place) / "event.xlsx"
        write_event_workbook(make_event(), path)
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 5))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(content)
        assert_read_or_refused(path)


@given(st.binary(max_size=200) | st.lists(_PIECES).map(b"".join))
@settings(deadline=None, max_examples=60)
def test_any_bytes_as_a_timetable_are_no_crash(content: bytes) -> None:
    with TemporaryDirectory() as place:
        path = Path(place) / "timetable.csv"
        path.write_bytes(content)
        try:
            timetable = load_timetable(path, make_event())
        except ImportFileError as error:
            assert_named(error)
        else:
            assert {meeting.student_id for meeting in timetable.meetings} <= {"s1"}
