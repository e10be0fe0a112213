"""Tiny events made by hand, whose paper can be checked by eye."""

import datetime as dt
from collections.abc import Sequence

from scheduler.model import (
    Break,
    Company,
    CompanyId,
    Event,
    Language,
    Meeting,
    Place,
    Position,
    Preference,
    Proficiency,
    Room,
    RoomId,
    Student,
    StudentId,
    Timetable,
    Window,
)

HALL = RoomId("hall")
VESTAS = CompanyId("vestas")
LEGO = CompanyId("lego")
ANNA = StudentId("anna")
BO = StudentId("bo")
CARL = StudentId("carl")


def day(language: str = "en", students: Sequence[Student] = ()) -> Event:
    """Two companies, three students, three slots and a break; 13:00, 13:12, 13:30."""
    people = (
        Student(
            ANNA,
            "Anna Berg",
            "Anna",
            "Berg",
            programme="MSc Mechatronics",
            languages=(Language("da", Proficiency.NATIVE), Language("en", Proficiency.C1)),
            positions=(Position.INTERNSHIP,),
        ),
        Student(BO, "Bo Åkjær", programme="BSc Physics"),
        Student(CARL, "Carl Øst"),
    )
    return Event(
        "day",
        "Company Dating, November 2026",
        dt.date(2026, 11, 26),
        "Europe/Copenhagen",
        13 * 60,
        Window(40, 10, 2, (Break(24, 30),)),
        (Room(HALL, 6, "Hall A", "Building 7"),),
        (
            Company(VESTAS, "Vestas", tables=1, positions=(Position.INTERNSHIP,)),
            Company(LEGO, "LEGO System A/S", tables=2, seats=2, arrives_min=12),
        ),
        people + tuple(students),
        (Preference(ANNA, VESTAS, 1), Preference(BO, VESTAS, 3)),
        language=language,
    )


def timetable() -> Timetable:
    """Anna meets Vestas and then, beside Bo, LEGO; Carl meets nobody."""
    return Timetable(
        (
            Meeting(0, HALL, 1, ANNA, VESTAS),
            Meeting(2, HALL, 3, ANNA, LEGO),
            Meeting(2, HALL, 3, BO, LEGO),
        ),
        (Place(VESTAS, HALL, 1), Place(LEGO, HALL, 2)),
    )


def full_day(slots: int, tables: int, seats: int, name: str) -> tuple[Event, Timetable]:
    """One company whose every seat is taken in every slot by somebody of that name."""
    company = Company(VESTAS, f"{name} A/S", tables=tables, seats=seats)
    students = tuple(
        Student(StudentId(f"s{i}"), f"{name} {i}", programme=f"MSc {name}")
        for i in range(tables * seats)
    )
    window = Window(slots * 5, 4, 1)
    event = Event(
        "full",
        name,
        dt.date(2026, 11, 26),
        "Europe/Copenhagen",
        13 * 60,
        window,
        (Room(HALL, tables, name, name),),
        (company,),
        students,
        (),
    )
    meetings = tuple(
        Meeting(slot, HALL, 1 + i // seats, student.student_id, VESTAS)
        for slot in range(slots)
        for i, student in enumerate(students)
    )
    return event, Timetable(meetings, (Place(VESTAS, HALL, 1),))
