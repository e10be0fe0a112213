"""Everything wrong between the values of an event, all at once.

A type checks its own shape; what one value must be to another stands here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from scheduler.errors import InvalidEventError, Problem, counted
from scheduler.model import Company, Event, PersonKind, Room, RoomId, Student
from scheduler.validation_pins import check_decisions

DAY_MIN = 24 * 60


def check(event: Event) -> list[Problem]:
    """Find every problem of an event.

    Returns
    -------
    list of Problem
        In the order of the files; empty when the event can be solved (perhaps to *infeasible*).
    """
    return [
        *_check_window(event),
        *_check_rules(event),
        *_check_rooms(event),
        *_check_companies(event),
        *_check_students(event),
        *_check_preferences(event),
        *_check_shortlist(event),
        *_check_absences(event),
        *check_decisions(event),
    ]


def require_valid(event: Event) -> None:
    """Raise when the event has problems.

    Raises
    ------
    InvalidEventError
        With every problem.
    """
    problems = check(event)
    if problems:
        raise InvalidEventError(problems)


def _check_window(event: Event) -> Iterator[Problem]:
    window = event.window
    if window.length_min < 1:
        yield Problem(
            "event",
            f"the event ends at {event.clock(window.length_min)}, not after its start at "
            f"{event.clock(0)}",
            "set a later end",
            column="event.end",
        )
    elif event.opens_min + window.length_min > DAY_MIN:
        yield Problem(
            "event",
            f"the event ends at {event.clock(window.length_min)} of the next day",
            "let it end by 24:00",
            column="event.end",
        )
    if window.slot_min < 1:
        yield Problem(
            "event",
            f"a meeting of {window.slot_min} minutes is too short",
            "set 1 or more",
            column="event.slot_min",
        )
    if window.changeover_min < 0:
        yield Problem(
            "event",
            f"{window.changeover_min} minutes between slots is below 0",
            "set 0 or more",
            column="event.changeover_min",
        )
    yield from _check_breaks(event)
    if min(window.length_min, window.slot_min, window.changeover_min + 1) >= 1 and not window.slots:
        yield Problem(
            "event",
            f"no slot of {counted(window.slot_min, 'minute')} fits between {event.clock(0)} and "
            f"{event.clock(window.length_min)}",
            "shorten the meetings or the breaks, or lengthen the event",
            column="event.slot_min",
        )


def _check_breaks(event: Event) -> Iterator[Problem]:
    window = event.window
    for number, pause in enumerate(window.breaks, 1):
        text = f"the break {event.clock(pause.start_min)}-{event.clock(pause.end_min)}"
        if pause.end_min <= pause.start_min:
            yield Problem(
                "event",
                f"{text} does not end after it starts",
                "correct its times",
                column=f"event.breaks.{number}",
            )
        elif pause.start_min < 0 or pause.end_min > window.length_min > 0:
            yield Problem(
                "event",
                f"{text} is not inside {event.clock(0)}-{event.clock(window.length_min)}",
                "move it or leave it out",
                column=f"event.breaks.{number}",
            )
        for other in window.breaks[: number - 1]:
            if max(pause.start_min, other.start_min) < min(pause.end_min, other.end_min):
                yield Problem(
                    "event",
                    f"{text} overlaps the break {event.clock(other.start_min)}-"
                    f"{event.clock(other.end_min)}",
                    "move one, or make one of the two",
                    column=f"event.breaks.{number}",
                )


def _check_rules(event: Event) -> Iterator[Problem]:
    rules = event.rules
    for name in (
        "max_meetings_per_student",
        "guaranteed_meetings_per_student",
        "max_in_a_row",
        "building_change_min",
        "mutual_bonus",
        "small_talk_bonus",
    ):
        value = getattr(rules, name)
        if value < 0:
            yield Problem("event", f"{value} is below 0", "set 0 or more", column=f"rules.{name}")
    if any(weight < 0 for weight in rules.rank_weights):
        yield Problem(
            "event",
            f"a weight below 0 in {list(rules.rank_weights)}",
            "use whole numbers of 0 or more",
            column="rules.rank_weights",
        )
    guarantee = rules.guaranteed_meetings_per_student
    if guarantee > rules.max_meetings_per_student >= 0:
        yield Problem(
            "event",
            f"{counted(guarantee, 'guaranteed meeting')} {'is' if guarantee == 1 else 'are'} more "
            f"than the {rules.max_meetings_per_student} a student may have",
            "lower the guarantee or raise max_meetings_per_student",
            column="rules.guaranteed_meetings_per_student",
        )
    if event.language not in ("en", "da"):
        yield Problem(
            "event",
            f"'{event.language}' is not a language of the documents",
            "write en or da",
            column="event.language",
        )


def _duplicates(table: str, column: str, ids: Iterable[str]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, name in enumerate(ids):
        if name in seen:
            yield Problem(
                table,
                f"'{name}' stands twice",
                "give every row an id of its own",
                index=index,
                column=column,
                subject=name,
            )
        seen.setdefault(name, index)


def _check_rooms(event: Event) -> Iterator[Problem]:
    yield from _duplicates("rooms", "room_id", (room.room_id for room in event.rooms))
    named: dict[str, list[Company]] = defaultdict(list)
    for company in event.companies:
        if company.room_id is not None:
            named[company.room_id].append(company)
    for index, room in enumerate(event.rooms):
        if room.tables < 0:
            yield Problem(
                "rooms",
                f"{room.tables} tables is below 0",
                "set 0 or more",
                index=index,
                column="tables",
                subject=room.room_id,
            )
        if room.capacity is not None and room.capacity < 0:
            yield Problem(
                "rooms",
                f"a capacity of {room.capacity} is below 0",
                "leave it empty for no limit",
                index=index,
                column="capacity",
                subject=room.room_id,
            )
        guests = named[room.room_id]
        asked = sum(company.tables for company in guests)
        if asked > room.tables >= 0 and len(guests) > 1:
            yield Problem(
                "rooms",
                f"{room.label} has {counted(room.tables, 'table')}, and the {len(guests)} "
                f"companies named for it need {asked}",
                "move a company to another room or leave its room empty",
                index=index,
                column="tables",
                subject=room.room_id,
            )


def _check_times(table: str, index: int, person: Student | Company, event: Event) -> list[Problem]:
    arrives, leaves = person.arrives_min, person.leaves_min
    if arrives is None or leaves is None or leaves > arrives:
        return []
    subject = person.student_id if isinstance(person, Student) else person.company_id
    return [
        Problem(
            table,
            f"{person.name} leaves at {event.clock(leaves)}, not after arriving at "
            f"{event.clock(arrives)}",
            "correct one of the times",
            index=index,
            column="leaves",
            subject=subject,
        )
    ]


def _check_companies(event: Event) -> Iterator[Problem]:
    yield from _duplicates("companies", "company_id", (c.company_id for c in event.companies))
    rooms = {room.room_id: room for room in event.rooms}
    for index, company in enumerate(event.companies):
        for column, reason, remedy in _company_faults(event, company, rooms):
            yield Problem(
                "companies",
                reason,
                remedy,
                index=index,
                column=column,
                subject=company.company_id,
            )
        yield from _check_times("companies", index, company, event)


def _company_faults(
    event: Event, company: Company, rooms: dict[RoomId, Room]
) -> Iterator[tuple[str, str, str]]:
    name = company.name
    room = rooms.get(company.room_id) if company.room_id is not None else None
    if company.room_id is not None and room is None:
        yield "room_id", f"there is no room '{company.room_id}' in rooms", "add it, or leave empty"
    if room is not None and company.tables > room.tables >= 0:
        yield (
            "tables",
            f"{name} needs {counted(company.tables, 'table')}, and {room.label} has {room.tables}",
            "give it another room or fewer tables",
        )
    for column, value in (("tables", company.tables), ("seats", company.seats)):
        if value < 1:
            yield column, f"{value} is below 1", "set 1 or more"
    for column, limit in (
        ("min_meetings", company.min_meetings),
        ("max_meetings", company.max_meetings),
    ):
        if limit is not None and limit < 0:
            yield column, f"{limit} is below 0", "set 0 or more"
    slots = len(event.window.slots)
    if company.max_meetings is not None and company.min_meetings > company.max_meetings:
        yield (
            "min_meetings",
            f"{name}: at least {counted(company.min_meetings, 'meeting')}, but at most "
            f"{company.max_meetings}",
            "lower min_meetings or raise max_meetings",
        )
    elif slots and company.min_meetings > slots * company.capacity > 0:
        yield (
            "min_meetings",
            f"{name}: {counted(company.min_meetings, 'meeting')} asked, {counted(slots, 'slot')} x "
            f"{counted(company.tables, 'table')} x {counted(company.seats, 'seat')}",
            "add a table or lower min_meetings",
        )


def _check_students(event: Event) -> Iterator[Problem]:
    yield from _duplicates("students", "student_id", (s.student_id for s in event.students))
    for index, student in enumerate(event.students):
        if student.max_meetings is not None and student.max_meetings < 0:
            yield Problem(
                "students",
                f"{student.max_meetings} is below 0",
                "set 0 or more",
                index=index,
                column="max_meetings",
                subject=student.student_id,
            )
        yield from _check_times("students", index, student, event)


def _unknown(
    table: str, index: int, column: str, value: str, known: Iterable[str]
) -> Iterator[Problem]:
    if value not in known:
        where = {"student_id": "students", "company_id": "companies"}.get(column, f"{column}s")
        yield Problem(
            table,
            f"'{value}' is not in {where}",
            f"correct the id, or add it to {where}",
            index=index,
            column=column,
            subject=value,
        )


def _check_preferences(event: Event) -> Iterator[Problem]:
    students = {student.student_id for student in event.students}
    companies = {company.company_id for company in event.companies}
    met: set[tuple[str, str]] = set()
    ranks: dict[tuple[str, int], str] = {}
    for index, (student, company, rank) in enumerate(event.preferences):
        if student not in students:
            yield from _unknown("preferences", index, "student_id", student, students)
        if company not in companies:
            yield from _unknown("preferences", index, "company_id", company, companies)
        if rank < 1:
            yield _preference_fault(index, student, f"rank {rank} is below 1", "1 is most wanted")
        if (student, company) in met:
            yield _preference_fault(
                index,
                student,
                f"student '{student}' ranks company '{company}' twice",
                "keep one of the two rows",
                "company_id",
            )
        met.add((student, company))
        earlier = ranks.setdefault((student, rank), company)
        if earlier != company:
            yield _preference_fault(
                index,
                student,
                f"student '{student}' gives rank {rank} to '{earlier}' and to '{company}'",
                "give every company a rank of its own",
            )


def _preference_fault(
    index: int, student: str, reason: str, remedy: str, column: str = "rank"
) -> Problem:
    return Problem("preferences", reason, remedy, index=index, column=column, subject=student)


def _check_shortlist(event: Event) -> Iterator[Problem]:
    students = {student.student_id for student in event.students}
    companies = {company.company_id for company in event.companies}
    judged: set[tuple[str, str]] = set()
    for index, verdict in enumerate(event.shortlist):
        yield from _unknown("shortlist", index, "company_id", verdict.company_id, companies)
        yield from _unknown("shortlist", index, "student_id", verdict.student_id, students)
        pair = (verdict.company_id, verdict.student_id)
        if pair in judged:
            yield Problem(
                "shortlist",
                f"company '{pair[0]}' judges student '{pair[1]}' twice",
                "keep one of the two rows",
                index=index,
                column="student_id",
                subject=pair[0],
            )
        judged.add(pair)


def _check_absences(event: Event) -> Iterator[Problem]:
    known: dict[PersonKind, set[str]] = {
        PersonKind.STUDENT: {student.student_id for student in event.students},
        PersonKind.COMPANY: {company.company_id for company in event.companies},
    }
    for index, absence in enumerate(event.absences):
        if absence.person_id not in known[absence.kind]:
            where = "students" if absence.kind is PersonKind.STUDENT else "companies"
            yield Problem(
                "unavailable",
                f"'{absence.person_id}' is not in {where}",
                f"correct the id or the kind, or add it to {where}",
                index=index,
                column="id",
                subject=absence.person_id,
            )
        if absence.end_min <= absence.start_min:
            yield Problem(
                "unavailable",
                f"the absence ends at {event.clock(absence.end_min)}, not after its start at "
                f"{event.clock(absence.start_min)}",
                "correct one of the times",
                index=index,
                column="end",
                subject=absence.person_id,
            )
