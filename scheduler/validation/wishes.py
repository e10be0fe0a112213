"""Problems of preferences, the shortlist and absences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.errors import Problem
from scheduler.model import Event, PersonKind

DAY_MIN = 24 * 60


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


def check_preferences(event: Event) -> Iterator[Problem]:
    """Find unknown people, ranks below 1, and companies or ranks that stand twice."""
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


def check_shortlist(event: Event) -> Iterator[Problem]:
    """Find unknown people and pairs that are judged twice."""
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


def check_absences(event: Event) -> Iterator[Problem]:
    """Find unknown people and absences that end before they start."""
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
