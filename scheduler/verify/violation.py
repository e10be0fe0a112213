"""A broken rule, told to people."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model import CompanyId, Meeting, StudentId
from scheduler.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: its name, a sentence for people, and whom and which slot it is about."""

    rule: str
    message: Sentence
    student_id: StudentId | None = None
    company_id: CompanyId | None = None
    slot: int | None = None


def of_meeting(meeting: Meeting, rule: str, message: Sentence) -> Violation:
    """Make a violation about one meeting."""
    return Violation(rule, message, meeting.student_id, meeting.company_id, meeting.slot)
