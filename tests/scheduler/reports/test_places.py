"""Where companies stand when the timetable does not say."""

from scheduler.model import (
    Company,
    CompanyId,
    Event,
    Meeting,
    Place,
    Room,
    RoomId,
    StudentId,
    Timetable,
    Window,
)
from scheduler.reports import complete_places
from tests.scheduler.documents.days import day, timetable

A, B = RoomId("a"), RoomId("b")


def event(companies: list[Company], rooms: tuple[Room, ...]) -> Event:
    base = day()
    return Event(
        "e", "E", base.date, base.timezone, 0, Window(60, 10, 0), rooms, tuple(companies), (), ()
    )


def company(name: str, tables: int = 1, room: RoomId | None = None) -> Company:
    return Company(CompanyId(name), name, room, tables)


def used(*turns: tuple[str, RoomId, int]) -> Timetable:
    return Timetable(
        tuple(
            Meeting(0, room, table, StudentId(f"s{i}"), CompanyId(name))
            for i, (name, room, table) in enumerate(turns)
        )
    )


def places(found: tuple[Place, ...]) -> dict[str, tuple[str, int]]:
    return {place.company_id: (place.room_id, place.first_table) for place in found}


def test_places_of_the_timetable_stay() -> None:
    assert complete_places(day(), timetable()) == timetable().places


def test_company_stands_as_far_left_as_its_tables_allow() -> None:
    found = complete_places(event([company("x", 3)], (Room(A, 5),)), used(("x", A, 4)))

    assert places(found) == {"x": (A, 2)}


def test_company_does_not_reach_into_its_neighbour() -> None:
    people = [company("x", 2), company("y", 3)]
    found = complete_places(event(people, (Room(A, 5),)), used(("x", A, 1), ("y", A, 4)))

    assert places(found) == {"x": (A, 1), "y": (A, 3)}


def test_company_without_meetings_takes_its_named_room() -> None:
    people = [company("x", 1), company("y", 2, room=B)]
    rooms = (Room(A, 5), Room(B, 2))
    found = complete_places(event(people, rooms), used(("x", A, 1)))

    assert places(found) == {"x": (A, 1), "y": (B, 1)}


def test_company_without_meetings_takes_the_first_free_run() -> None:
    people = [company("x"), company("y", 2)]
    found = complete_places(event(people, (Room(A, 2), Room(B, 2))), used(("x", A, 2)))

    assert places(found) == {"x": (A, 2), "y": (B, 1)}


def test_company_for_which_no_room_has_space_has_no_place() -> None:
    found = complete_places(event([company("x", 3)], (Room(A, 2),)), used())

    assert found == ()


def test_company_in_two_rooms_by_hand_stands_in_the_first() -> None:
    found = complete_places(
        event([company("x", 2)], (Room(A, 2), Room(B, 2))), used(("x", A, 1), ("x", B, 2))
    )

    assert places(found) == {"x": (A, 1)}
