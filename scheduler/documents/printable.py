"""People whose name no font can print at all: their id stands for it."""

from __future__ import annotations

from dataclasses import replace

from scheduler.documents.lines import typeset
from scheduler.documents.notes import Notes
from scheduler.model import Event
from scheduler.sentence import say


def with_printable_names(event: Event, notes: Notes) -> Event:
    """The event, names of which nothing would be left replaced by the id, with a warning."""
    students = tuple(
        student
        if _is_printable(student.name)
        else replace(student, name=student.student_id, given_name="", family_name="")
        for student in event.students
    )
    companies = tuple(
        company if _is_printable(company.name) else replace(company, name=company.company_id)
        for company in event.companies
    )
    before = [student.name for student in event.students] + [c.name for c in event.companies]
    after = [student.name for student in students] + [c.name for c in companies]
    for name, printed in zip(before, after, strict=True):
        if printed != name:
            notes.add(
                name,
                say(
                    "no character of the name is in a font: printed as %(printed)s", printed=printed
                ),
            )
    return replace(event, students=students, companies=companies)


def _is_printable(name: str) -> bool:
    if any(char.isascii() and char.isalnum() for char in name):
        return True
    return bool(typeset(name).text)
