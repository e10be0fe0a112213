"""The list of faults: where, what is changed, and the tests that must fail then."""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults.engine import FLOW, MODEL, PLACING, SEARCH
from tests.faults.fault import BANK, Fault, planted

RULES = "tests/scheduler/test_verify"


def faults() -> Iterator[Fault]:
    """Every fault, by part of the program."""
    yield from MODEL
    yield from FLOW
    yield from PLACING
    yield from SEARCH
    yield from RESULTS
    yield from INPUT
    yield from VERIFIER
    for rule, tests in DROPPED.items():
        yield Fault(f"verifier: {rule} dropped", "verify/rules.py", f"\n    {rule},\n", "\n", tests)


RESULTS = (
    planted(
        "bound counts below other entries too",
        "solve.py",
        ("bounds.get(row[:index])", "bounds.get(row[:index], row[index])"),
        "tests/scheduler/test_solve.py",
    ),
    planted(
        "worse timetable replaces the better one",
        "solve.py",
        ("_order(scores) > _order(self.scores)", "_order(scores) < _order(self.scores)"),
        BANK,
    ),
    planted(
        "unconfirmed infeasible is said as sure",
        "solve.py",
        (
            "log.infeasible is not None and log.infeasible.is_confirmed",
            "log.infeasible is not None",
        ),
        "tests/test_docs.py::test_infeasible_is_said_only_when_confirmed",
    ),
    planted(
        "proven without comparing",
        "model/result.py",
        ("return self.value == self.bound", "return None not in self.bound"),
        "tests/scheduler/test_solve.py",
    ),
    planted(
        "kept meeting may move",
        "keep.py",
        ("slots[meeting.slot].start_min\n        )\n        for", "None\n        )\n        for"),
        "tests/scheduler/test_keep.py",
    ),
    planted(
        "summary says the value as bound",
        "reports/files.py",
        (
            "list(level.bound) if is_list else level.bound[0]",
            "list(level.value) if is_list else level.value[0]",
        ),
        "tests/scheduler/reports/test_files.py",
    ),
    planted(
        "summary leaves the hash out",
        "reports/files.py",
        ('        "event_sha256": result.event_sha256,\n', ""),
        "tests/scheduler/reports/test_files.py",
    ),
    planted(
        "time limit of the child forgotten",
        "isolation.py",
        ("if time.monotonic() > deadline:", "if False:"),
        "tests/scheduler/test_isolation.py",
    ),
    planted(
        "child's memory without limit",
        "isolation.py",
        ("resource.setrlimit(resource.RLIMIT_AS, (limit, limit))", "pass"),
        "tests/scheduler/test_isolation.py",
    ),
    planted(
        "forecast counts a condition twice instead of leaving it out",
        "explain/forecast.py",
        ("others = [*parts[:index], *parts[index + 1 :]]", "others = [*parts]"),
        "tests/scheduler/explain/test_forecast.py",
    ),
)

INPUT = (
    planted(
        "12 at night is noon",
        "importers/cells.py",
        ("hour = hour % 12 + (12 if", "hour = hour + (12 if"),
        "tests/scheduler/importers/test_cells.py",
    ),
    planted(
        "a pin too many passes the check",
        "validation/pins.py",
        (
            "if limit is not None and 0 <= limit < len(pins)",
            "if limit is not None and 0 <= limit < len(pins) - 1",
        ),
        "tests/scheduler/test_validation_pins.py",
    ),
    planted(
        "two companies on too few tables pass the check",
        "validation/people.py",
        (
            "if asked > room.tables >= 0 and len(guests) > 1:",
            "if asked > room.tables + 1 >= 0 and len(guests) > 1:",
        ),
        "tests/scheduler/test_validation.py",
    ),
    planted(
        "rank that is there twice passes the check",
        "validation/wishes.py",
        ("if earlier != company:", "if False:"),
        "tests/scheduler/test_validation.py",
    ),
)

VERIFIER = (
    planted(
        "verifier: seats of the whole company at each table",
        "verify/rules.py",
        ("students > company.seats:", "students > company.capacity:"),
        f"{RULES}_rooms.py",
    ),
    planted(
        "verifier: walk may be a minute short",
        "verify/rules.py",
        ("or gap >= needed:", "or gap >= needed - 1:"),
        f"{RULES}.py",
    ),
    planted(
        "verifier: row may be one longer",
        "verify/rules.py",
        ("if len(row) > limit and not goes_on:", "if len(row) > limit + 1 and not goes_on:"),
        f"{RULES}.py",
    ),
)

DROPPED = {
    "one_place_at_a_time": f"{RULES}.py::test_one_place_at_a_time_reports_two_meetings_in_one_slot",
    "seats": f"{RULES}_rooms.py::test_seats_reports_more_students_than_seats",
    "room_capacity": f"{RULES}_rooms.py::test_room_capacity_reports_too_many_seated",
    "room_tables": f"{RULES}_rooms.py::test_room_tables_reports_a_company_outside_its_room",
    "presence": f"{RULES}_pairs.py::test_presence_reports_a_late_student",
    "once_per_pair": f"{RULES}.py::test_once_per_pair_reports_a_second_meeting",
    "eligible": f"{RULES}_pairs.py::test_eligible_reports_a_veto",
    "max_meetings": f"{RULES}.py::test_max_meetings_of_a_company_is_reported",
    "pins": f"{RULES}.py::test_pins_reports_a_missing_meeting",
    "walking_time": f"{RULES}.py::test_walking_time_reports_too_short_a_walk",
    "max_in_a_row": f"{RULES}.py::test_max_in_a_row_reports_one_slot_too_many",
}
"""Each rule of the verifier, and a timetable that breaks it alone."""
