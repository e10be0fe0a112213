from scheduler.model import Company, Room, RoomId
from scheduler.strategies.instance import build_instance
from scheduler.strategies.rooms import choose_rooms, places
from tests.scheduler.events import make_company, make_event, make_room


def homeless(company_id: str, tables: int = 1) -> Company:
    return make_company(company_id, room_id=None, tables=tables)


def rooms_of(companies: list[Company], rooms: list[Room]) -> tuple[int, ...] | None:
    instance = build_instance(make_event(["s1"], companies, rooms=rooms))
    return choose_rooms(instance, range(len(instance.pairs)))


def test_named_rooms_are_kept() -> None:
    rooms = [make_room("r1"), make_room("r2")]
    assert rooms_of([make_company("c1", room_id=RoomId("r2"))], rooms) == (1,)


def test_load_is_balanced_over_rooms() -> None:
    rooms = [make_room("r1", 5), make_room("r2", 5)]
    chosen = rooms_of([homeless(f"c{n}") for n in range(4)], rooms)
    assert chosen is not None
    assert sorted(chosen) == [0, 0, 1, 1]


def test_large_companies_are_packed_first() -> None:
    rooms = [make_room("r1", 2), make_room("r2", 2)]
    chosen = rooms_of([homeless("c1"), homeless("c2"), homeless("c3", tables=2)], rooms)
    assert chosen is not None
    assert chosen[0] == chosen[1] != chosen[2]


def test_tables_that_fit_nowhere_give_none() -> None:
    assert rooms_of([homeless("c1", tables=3)], [make_room("r1", 2), make_room("r2", 2)]) is None


def test_tables_are_numbered_without_gaps_in_order() -> None:
    event = make_event(companies=[make_company("c1", tables=2), make_company("c2")])
    assert [place.first_table for place in places(build_instance(event), (0, 0))] == [1, 3]
