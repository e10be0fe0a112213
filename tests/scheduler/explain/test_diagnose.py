"""Why an event has no timetable: the clashing facts by name, each needed, and what is enough."""

from __future__ import annotations

import time
from dataclasses import replace

from hypothesis import given, settings

from scheduler.explain.diagnose import Diagnosis, diagnose
from scheduler.explain.facts import Fact, facts_of, table_totals
from scheduler.model import Event, Rules
from scheduler.strategies.cpsat import pins as _pins  # imported once, not in every child  # noqa: F401
from scheduler.validation import check
from tests.scheduler.brute_force import brute_force
from tests.scheduler.events import (
    company_away,
    make_company,
    make_event,
    make_room,
    make_student,
    pin,
    student_away,
    tiny_events,
)

TWO_BUILDINGS = (make_room("r1", building="A"), make_room("r2", building="B"))


def explained(event: Event) -> Diagnosis:
    """The diagnosis of a valid event, proven against every timetable there could be."""
    assert check(event) == []
    diagnosis = diagnose(event)
    assert diagnosis is not None
    bare = without_wishes(event)
    assert_each_fact_is_needed(bare, diagnosis)
    assert_each_remedy_is_enough(bare, diagnosis)
    if not diagnosis.remedies:
        assert_way_out_is_enough(bare, diagnosis)
    return diagnosis


def without_wishes(event: Event) -> Event:
    """Only who is pinned: wishes make nothing infeasible, and trying every timetable is slow."""
    pinned = {decision.student_id for decision in event.decisions if decision.kind == "pin"}
    return replace(
        event,
        students=tuple(s for s in event.students if s.student_id in pinned),
        preferences=(),
        rules=replace(event.rules, offer_unranked=False),
    )


def assert_each_fact_is_needed(event: Event, diagnosis: Diagnosis) -> None:
    """The named facts clash without any other; without one of them they do not."""
    if any("in all" in fact for fact in diagnosis.facts):
        tables = sum(room.tables for room in event.rooms)
        assert tables < sum(company.tables for company in event.companies)
        return
    is_packing = not any("the pin of" in fact for fact in diagnosis.facts)
    if is_packing:
        event = replace(event, students=(), decisions=())
    facts = facts_of(event)
    assert set(diagnosis.facts) <= {fact.text for fact in facts}
    for fact in facts:
        if fact.text not in diagnosis.facts:
            event = fact.without(event)
    assert brute_force(event) is None
    for fact in facts:
        if fact.text in diagnosis.facts:
            assert brute_force(fact.without(event)) is not None, fact.text


def assert_way_out_is_enough(event: Event, diagnosis: Diagnosis) -> None:
    """All its changes together, and none can be left out."""
    steps = [step for fact in facts_of(event) for step in fact.steps]
    changes = [next(s.change for s in steps if s.remedy == own) for own in diagnosis.way_out]
    assert len(changes) >= 2
    for left_out in (None, *range(len(changes))):
        changed = event
        for index, change in enumerate(changes):
            if index != left_out:
                changed = change(changed)
        assert (brute_force(changed) is None) is (left_out is not None)


def assert_each_remedy_is_enough(event: Event, diagnosis: Diagnosis) -> None:
    facts = (*facts_of(event), *packing_facts(event), *table_totals(event))
    steps = [step for fact in facts for step in fact.steps]
    for remedy in diagnosis.remedies:
        changes = [step.change for step in steps if step.remedy == remedy]
        assert changes, remedy
        assert brute_force(changes[0](event)) is not None, remedy


def packing_facts(event: Event) -> tuple[Fact, ...]:
    return facts_of(replace(event, decisions=()))


def test_feasible_event_has_no_diagnosis() -> None:
    assert diagnose(make_event(decisions=[pin("s1", "c1", 0)])) is None


def test_time_that_ran_out_gives_no_diagnosis() -> None:
    event = make_event(["s1"], [make_company(room_id=None, tables=11)])
    started = time.monotonic()
    assert diagnose(event, time_limit_s=0) is None
    assert time.monotonic() - started < 5


def test_pins_against_walking_time() -> None:
    """13:00 in building A and 13:12 in B, two minutes apart where five are needed."""
    event = make_event(
        ["s1", "s2"],
        ["c1", make_company("c2", room_id="r2")],
        rooms=TWO_BUILDINGS,
        decisions=[pin("s1", "c1", 0), pin("s1", "c2", 12), pin("s2", "c1", 12)],
        rules=Rules(building_change_min=5),
    )
    found = explained(event)
    assert set(found.facts) == {
        "5 minutes to change the building (building_change_min)",
        "Company c1 stands in Room r1, building A",
        "Company c2 stands in Room r2, building B",
        "the pin of Student s1 with Company c1 at 13:00",
        "the pin of Student s1 with Company c2 at 13:12",
    }
    assert set(found.remedies) == {
        "lower building_change_min to 2",
        "leave the room of Company c1 empty",
        "leave the room of Company c2 empty",
        "leave the pin of Student s1 with Company c2 without a time",
        "drop the pin of Student s1 with Company c1 at 13:00",
    }


def test_pins_against_meetings_in_a_row() -> None:
    event = make_event(
        ["s1"],
        ["c1", "c2", "c3"],
        decisions=[pin("s1", "c1", 0), pin("s1", "c2"), pin("s1", "c3")],
        rules=Rules(max_in_a_row=1),
    )
    found = explained(event)
    assert set(found.facts) == {
        "at most 1 meeting in a row (max_in_a_row)",
        "the pin of Student s1 with Company c1 at 13:00",
        "the pin of Student s1 with Company c2",
        "the pin of Student s1 with Company c3",
    }
    assert "set max_in_a_row to 0, no limit" in found.remedies
    assert "raise max_in_a_row to 2" not in found.remedies


def test_pins_against_a_rooms_capacity() -> None:
    """Three timed pins at 13:12 where two students may sit; c4 elsewhere is not to blame."""
    event = make_event(
        ["s1", "s2", "s3", "s4"],
        ["c1", "c2", "c3", make_company("c4", room_id="r2")],
        rooms=[make_room(capacity=2), make_room("r2", 1)],
        decisions=[pin(f"s{n}", f"c{n}", 12) for n in range(1, 5)],
    )
    found = explained(event)
    assert set(found.facts) == {
        "Room r1 seats 2 students at once",
        *(f"the pin of Student s{n} with Company c{n} at 13:12" for n in (1, 2, 3)),
        *(f"Company c{n} stands in Room r1" for n in (1, 2, 3)),
    }
    assert "raise the capacity of Room r1 to 3" in found.remedies
    assert "leave the pin of Student s1 with Company c1 without a time" in found.remedies


def test_three_pins_of_a_student_in_two_common_slots() -> None:
    """Hall's condition: three companies that are all there at 13:00 and 13:12 only."""
    names = ["c1", "c2", "c3"]
    event = make_event(
        ["s1"],
        [make_company(name, leaves_min=22) for name in names],
        decisions=[pin("s1", name) for name in names],
    )
    found = explained(event)
    assert set(found.facts) == {
        *(f"the pin of Student s1 with Company {name}" for name in names),
        *(f"Company {name} is present only 13:00-13:22" for name in names),
    }
    assert set(found.remedies) == {
        *(f"drop the pin of Student s1 with Company {name}" for name in names),
        *(f"let Company {name} be present all day" for name in names),
    }


def test_pins_of_several_people_in_too_few_common_slots() -> None:
    """c1 seats one, and three students can come at 13:00 and 13:12 only; s4 can come later."""
    names = ["s1", "s2", "s3"]
    event = make_event(
        [*names, "s4"],
        decisions=[pin(name, "c1") for name in (*names, "s4")],
        absences=[student_away(name, 24, 60) for name in names],
        slots=4,
    )
    found = explained(event)
    assert set(found.facts) == {
        "Company c1 seats 1 student in a slot",
        *(f"the pin of Student {name} with Company c1" for name in names),
        *(f"Student {name} is present 13:00-13:46 but not 13:24-14:00" for name in names),
    }
    assert "raise the seats at a table of Company c1 to 2" in found.remedies


def test_company_larger_than_every_room() -> None:
    event = make_event(
        ["s1"],
        ["c1", make_company("c2", room_id=None, tables=3)],
        rooms=[make_room(tables=2), make_room("r2", 2)],
        decisions=[pin("s1", "c1", 0)],
    )
    found = explained(event)
    assert set(found.facts) == {
        "Room r1 has 2 tables",
        "Room r2 has 2 tables",
        "Company c2 needs 3 tables in one room",
    }
    assert set(found.remedies) == {
        "put 1 more table into Room r2",
        "put 2 more tables into Room r1",
        "leave Company c2 out",
    }


def test_too_few_tables_in_all() -> None:
    """Told as totals: in a large event every company would have to be named."""
    event = make_event(
        ["s1"],
        ["c1", *(make_company(name, room_id=None, tables=2) for name in ("c2", "c3"))],
        rooms=[make_room(tables=4), make_room("r2", 0)],
    )
    found = explained(event)
    assert found.facts == (
        "the rooms have 4 tables in all",
        "the 3 companies need 5 tables in all",
    )
    assert found.remedies == ("put 1 more table into Room r1", "leave Company c1 out")


def test_companies_that_cannot_be_packed() -> None:
    """Three companies of two tables in two rooms of three: six tables in all, but no third two."""
    event = make_event(
        ["s1"],
        [make_company(name, room_id=None, tables=2) for name in ("c1", "c2", "c3")],
        rooms=[make_room(tables=3), make_room("r2", 3)],
    )
    found = explained(event)
    assert set(found.facts) == {
        "Room r1 has 3 tables",
        "Room r2 has 3 tables",
        *(f"Company c{n} needs 2 tables in one room" for n in (1, 2, 3)),
    }
    assert set(found.remedies) == {
        *(f"put 1 more table into Room r{n}" for n in (1, 2)),
        *(f"leave Company c{n} out" for n in (1, 2, 3)),
    }


def test_two_clashes_at_once_have_no_single_remedy() -> None:
    """One of them is told; giving up a fact of it leaves the other."""
    event = make_event(
        ["s1", "s2"],
        [f"c{n}" for n in range(1, 7)],
        decisions=[
            *(pin("s1", f"c{n}") for n in (1, 2, 3)),
            *(pin("s2", f"c{n}") for n in (4, 5, 6)),
        ],
        absences=[company_away(f"c{n}", 24, 34) for n in range(1, 7)],
    )
    found = explained(event)
    assert len(found.facts) == 6
    assert found.remedies == ()
    assert len(found.way_out) == 2


def test_cheapest_way_out_gives_up_what_several_clashes_share() -> None:
    """Two students lack the time to walk, which one rule resolves; a room for nobody is pinned."""
    event = make_event(
        ["s1", "s2"],
        ["c1", make_company("c2", room_id="r2"), make_company("c3", room_id="r3")],
        slots=2,
        rooms=[*TWO_BUILDINGS, make_room("r3", building="A", capacity=0)],
        decisions=[pin(s, c) for s in ("s1", "s2") for c in ("c1", "c2")] + [pin("s3", "c3", 0)],
        rules=Rules(building_change_min=5),
    )
    event = replace(event, students=(*event.students, make_student("s3")))
    found = explained(event)
    assert found.remedies == ()
    assert len(found.way_out) == 2
    assert not any("s1" in change or "s2" in change for change in found.way_out)


def test_absence_of_a_student_is_not_that_of_a_company_with_the_same_id() -> None:
    event = make_event(
        ["x", "y"],
        [make_company("x"), "c2"],
        decisions=[pin("y", "x", 0), pin("x", "c2", 0)],
        rooms=[make_room(capacity=1)],
        absences=[student_away("x", 24, 34)],
    )
    assert "Company x is present" not in " ".join(explained(event).facts)


def test_names_are_those_that_people_know() -> None:
    event = make_event(
        [make_student(name="Åse Ørum"), make_student("s2", name="Bo")],
        [make_company(name="Grundfos"), make_company("c2", name="Vestas")],
        rooms=[make_room(name="Aulaen", capacity=1)],
        decisions=[pin("s1", "c1", 0), pin("s2", "c2", 0)],
    )
    assert set(explained(event).facts) == {
        "Aulaen seats 1 student at once",
        "the pin of Åse Ørum with Grundfos at 13:00",
        "the pin of Bo with Vestas at 13:00",
    }


@given(tiny_events())
@settings(max_examples=250)
def test_every_infeasible_event_is_explained(event: Event) -> None:
    if brute_force(event) is None:
        explained(event)
