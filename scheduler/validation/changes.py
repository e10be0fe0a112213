"""Problems of what is said to have happened on the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.errors import Problem
from scheduler.model import Change, ChangeKind, Event, PersonKind

_NEEDED = {
    ChangeKind.ABSENT: (),
    ChangeKind.ARRIVES: ("time",),
    ChangeKind.LEAVES: ("time",),
    ChangeKind.FORBID: ("company_id",),
    ChangeKind.TABLES: ("count",),
}
_ONLY = {ChangeKind.FORBID: PersonKind.STUDENT, ChangeKind.TABLES: PersonKind.COMPANY}
Fault = tuple[str, str, str]


def check_changes(event: Event, changes: Sequence[Change]) -> list[Problem]:
    """Find unknown people, missing or needless cells, impossible times, and a change twice.

    Returns
    -------
    list of Problem
        ``index`` is the position in ``changes``.
    """
    problems = []
    seen: set[tuple[str, ...]] = set()
    known: dict[PersonKind, set[str]] = {
        PersonKind.STUDENT: {student.student_id for student in event.students},
        PersonKind.COMPANY: {company.company_id for company in event.companies},
    }
    for index, change in enumerate(changes):
        faults = [*_people(change, known), *_cells(change), *_time(event, change)]
        key: tuple[str, ...] = (change.change, change.kind, change.person_id)
        if change.change is ChangeKind.FORBID:
            key = (*key, change.company_id or "")
        if key in seen:
            what = f"'{change.change}' of '{change.person_id}'"
            faults.append(("id", f"{what} stands twice", "keep one of the two rows"))
        seen.add(key)
        problems += [
            Problem("changes", reason, remedy, index, column, subject=change.person_id)
            for column, reason, remedy in faults
        ]
    return problems


def _people(change: Change, known: dict[PersonKind, set[str]]) -> Iterator[Fault]:
    only = _ONLY.get(change.change, change.kind)
    if change.kind is not only:
        yield "kind", f"'{change.change}' is about a {only}, not a {change.kind}", "correct it"
        return
    where = "students" if change.kind is PersonKind.STUDENT else "companies"
    if change.person_id not in known[change.kind]:
        reason = f"'{change.person_id}' is not in {where}"
        yield "id", reason, f"correct the id or the kind, or add it to {where}"
    company_id = change.company_id
    if company_id is not None and company_id not in known[PersonKind.COMPANY]:
        yield "company_id", f"'{company_id}' is not in companies", "correct the id"


def _cells(change: Change) -> Iterator[Fault]:
    values = {"company_id": change.company_id, "time": change.time_min, "count": change.count}
    for column, value in values.items():
        is_needed = column in _NEEDED[change.change]
        if is_needed and value is None:
            yield column, "the cell is empty", f"'{change.change}' needs it: fill it in"
        elif value is not None and not is_needed:
            yield column, f"'{change.change}' has no {column}", "leave it empty"
    if change.count is not None and change.count < 0:
        yield "count", f"{change.count} tables is below 0", "write 0 or more"


def _time(event: Event, change: Change) -> Iterator[Fault]:
    end = event.window.length_min
    if change.time_min is not None and not 0 <= change.time_min <= end:
        clock = event.clock(change.time_min)
        reason = f"{clock} is not between {event.clock(0)} and {event.clock(end)}"
        yield "time", reason, "write a time of the event"
