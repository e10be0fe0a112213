"""Problems of what is said to have happened on the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.errors import Problem
from scheduler.model import Change, ChangeKind, Event, PersonKind
from scheduler.sentence import Sentence, column_word, say, table_word

_NEEDED = {
    ChangeKind.ABSENT: (),
    ChangeKind.ARRIVES: ("time",),
    ChangeKind.LEAVES: ("time",),
    ChangeKind.FORBID: ("company_id",),
    ChangeKind.TABLES: ("count",),
}
_ONLY = {ChangeKind.FORBID: PersonKind.STUDENT, ChangeKind.TABLES: PersonKind.COMPANY}
Fault = tuple[str, Sentence, Sentence]


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
            twice = say(
                "'%(change)s' of '%(id)s' is there twice", change=change.change, id=change.person_id
            )
            faults.append(("id", twice, say("keep one of the two rows")))
        seen.add(key)
        problems += [
            Problem("changes", reason, remedy, index, column, subject=change.person_id)
            for column, reason, remedy in faults
        ]
    return problems


def _people(change: Change, known: dict[PersonKind, set[str]]) -> Iterator[Fault]:
    only = _ONLY.get(change.change, change.kind)
    if change.kind is not only:
        wrong = say("'%(change)s' is about a student, not a company", change=change.change)
        if only is PersonKind.COMPANY:
            wrong = say("'%(change)s' is about a company, not a student", change=change.change)
        yield "kind", wrong, say("correct it")
        return
    where = table_word("students" if change.kind is PersonKind.STUDENT else "companies")
    if change.person_id not in known[change.kind]:
        reason = say("'%(id)s' is not in %(where)s", id=change.person_id, where=where)
        yield "id", reason, say("correct the id or the kind, or add it to %(where)s", where=where)
    company_id = change.company_id
    if company_id is not None and company_id not in known[PersonKind.COMPANY]:
        where = table_word("companies")
        reason = say("'%(id)s' is not in %(where)s", id=company_id, where=where)
        yield "company_id", reason, say("correct the id")


def _cells(change: Change) -> Iterator[Fault]:
    values = {"company_id": change.company_id, "time": change.time_min, "count": change.count}
    for column, value in values.items():
        is_needed = column in _NEEDED[change.change]
        if is_needed and value is None:
            yield (
                column,
                say("the cell is empty"),
                say("'%(change)s' needs it: fill it in", change=change.change),
            )
        elif value is not None and not is_needed:
            yield (
                column,
                say(
                    "'%(change)s' has no %(column)s",
                    change=change.change,
                    column=column_word(column),
                ),
                say("leave it empty"),
            )
    if change.count is not None and change.count < 0:
        yield (
            "count",
            say("%(count)s tables is below 0", count=change.count),
            say("write 0 or more"),
        )


def _time(event: Event, change: Change) -> Iterator[Fault]:
    end = event.window.length_min
    if change.time_min is not None and not 0 <= change.time_min <= end:
        clock = event.clock(change.time_min)
        reason = say(
            "%(clock)s is not between %(start)s and %(end)s",
            clock=clock,
            start=event.clock(0),
            end=event.clock(end),
        )
        yield "time", reason, say("write a time of the event")
