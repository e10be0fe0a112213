"""Problems of preferences, the shortlist and absences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.errors import Problem
from scheduler.model import Event, PersonKind
from scheduler.sentence import Sentence, say, table_word

DAY_MIN = 24 * 60


def _unknown(
    table: str, index: int, column: str, value: str, known: Iterable[str]
) -> Iterator[Problem]:
    if value not in known:
        where = table_word("students" if column == "student_id" else "companies")
        yield Problem(
            table,
            say("'%(id)s' is not in %(where)s", id=value, where=where),
            say("correct the id, or add it to %(where)s", where=where),
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
            yield _preference_fault(
                index, student, say("rank %(rank)s is below 1", rank=rank), say("1 is most wanted")
            )
        if (student, company) in met:
            yield _preference_fault(
                index,
                student,
                say(
                    "student '%(student)s' ranks company '%(company)s' twice",
                    student=student,
                    company=company,
                ),
                say("keep one of the two rows"),
                "company_id",
            )
        met.add((student, company))
        earlier = ranks.setdefault((student, rank), company)
        if earlier != company:
            yield _preference_fault(
                index,
                student,
                say(
                    "student '%(student)s' gives rank %(rank)s to '%(earlier)s' and to "
                    "'%(company)s'",
                    student=student,
                    rank=rank,
                    earlier=earlier,
                    company=company,
                ),
                say("give every company a rank of its own"),
            )


def _preference_fault(
    index: int, student: str, reason: Sentence, remedy: Sentence, column: str = "rank"
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
                say(
                    "company '%(company)s' judges student '%(student)s' twice",
                    company=pair[0],
                    student=pair[1],
                ),
                say("keep one of the two rows"),
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
            where = table_word("students" if absence.kind is PersonKind.STUDENT else "companies")
            yield Problem(
                "unavailable",
                say("'%(id)s' is not in %(where)s", id=absence.person_id, where=where),
                say("correct the id or the kind, or add it to %(where)s", where=where),
                index=index,
                column="id",
                subject=absence.person_id,
            )
        if absence.end_min <= absence.start_min:
            yield Problem(
                "unavailable",
                say(
                    "the absence ends at %(end)s, not after its start at %(start)s",
                    end=event.clock(absence.end_min),
                    start=event.clock(absence.start_min),
                ),
                say("correct one of the times"),
                index=index,
                column="end",
                subject=absence.person_id,
            )
