"""Rows of a tiny timetable, checked by eye."""

from scheduler.model import StudentId, Timetable
from scheduler.reports import Report, ScheduleRow, TurnKind
from tests.scheduler.documents.days import ANNA, BO, CARL, HALL, LEGO, VESTAS, day, timetable


def report(language: str = "en") -> Report:
    return Report(day(language), timetable())


def test_student_sees_meetings_in_order_of_time() -> None:
    schedule = report().student(ANNA)

    assert schedule.rows == (
        ScheduleRow("13:00", "13:10", "Hall A", "Building 7", 1, "Vestas", "Internship", 1),
        ScheduleRow("13:30", "13:40", "Hall A", "Building 7", 3, "LEGO System A/S", "", None),
    )
    assert schedule.languages == "Danish (native), English C1"
    assert [(room.room, room.tables) for room in schedule.rooms] == [("Hall A", (1, 3))]


def test_student_without_meeting_has_an_empty_schedule() -> None:
    assert report().student(CARL).rows == ()


def test_company_sees_every_turn_of_each_table() -> None:
    first, second = report().company(LEGO)

    assert (first.table, second.table) == (2, 3)
    assert [(turn.start, turn.kind) for turn in first.turns] == [
        ("13:00", TurnKind.AWAY),
        ("13:12", TurnKind.FREE),
        ("13:24", TurnKind.BREAK),
        ("13:30", TurnKind.FREE),
    ]
    assert [guest.name for guest in second.turns[3].guests] == ["Anna Berg", "Bo Åkjær"]


def test_company_sees_no_rank() -> None:
    (guest,) = report().company(VESTAS)[0].turns[0].guests

    assert guest.student_id == ANNA
    assert not hasattr(guest, "rank")


def test_room_shows_its_tables_by_the_columns_of_the_day() -> None:
    chart = report().room(HALL)

    assert [column.is_break for column in chart.columns] == [False, False, True, False]
    assert [(row.table, row.company) for row in chart.rows] == [
        (1, "Vestas"),
        (2, "LEGO System A/S"),
        (3, "LEGO System A/S"),
    ]
    assert all(len(row.turns) == len(chart.columns) for row in chart.rows)


def test_desk_lists_everybody_by_name() -> None:
    rows = report().desk()

    assert [(row.name, row.heading, row.meetings) for row in rows] == [
        ("Anna Berg", "A", 2),
        ("Bo Åkjær", "B", 1),
        ("Carl Øst", "C", 0),
    ]
    assert rows[0].first is not None
    assert rows[0].first.table == 1
    assert rows[2].first is None


def test_counts_add_up() -> None:
    counts = report().counts()

    assert (counts.students, counts.companies, counts.tables) == (3, 2, 3)
    assert (counts.meetings, counts.without_meeting) == (3, 1)
    assert [(room.students, room.meetings) for room in counts.rooms] == [(2, 3)]


def test_rows_speak_the_language_of_the_event() -> None:
    assert report("da").student(ANNA).languages == "Dansk (modersmål), engelsk C1"


def test_timetable_read_from_a_file_gives_the_same_rows() -> None:
    bare = Timetable(timetable().meetings)

    assert Report(day(), bare).student(BO) == report().student(BO)
    assert Report(day(), bare).company(VESTAS) == report().company(VESTAS)


def test_meetings_of_people_unknown_to_the_event_are_passed_over() -> None:
    meeting = timetable().meetings[0]._replace(student_id=StudentId("ghost"))

    assert Report(day(), Timetable((meeting,))).counts().meetings == 0
