"""What a student says: languages, positions looked for, times that are impossible."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.importers.cells import parse_positions
from scheduler.importers.languages import parse_languages
from scheduler.importers.writer import cell_of
from scheduler.model import Language, Position
from webui.operations.answering import mark_entered, own_rows, require_open
from webui.operations.events import touch
from webui.operations.log import Actor, RefusedError, StaleError, record
from webui.store import AbsenceRow, Answer, Database, EventRow, StudentRow

MOST_ABSENCES = 6
MOST_LANGUAGES = 20


@dataclass(frozen=True, slots=True)
class Profile:
    """What a student says; times are minutes after local midnight, None the whole window."""

    languages: tuple[Language, ...] = ()
    positions: tuple[Position, ...] = ()
    arrives_min: int | None = None
    leaves_min: int | None = None
    absences: tuple[tuple[int, int], ...] = ()

    @property
    def digest(self) -> str:
        """Changes with any part: a page says with it what it was made from."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def profile_of(session: Session, student: StudentRow) -> Profile:
    """What is stored of a student."""
    absences = session.execute(
        select(AbsenceRow.start_min, AbsenceRow.end_min)
        .where(AbsenceRow.student_pk == student.id)
        .order_by(AbsenceRow.start_min, AbsenceRow.end_min)
    )
    return Profile(
        parse_languages(student.languages),
        parse_positions(student.positions),
        student.arrives_min,
        student.leaves_min,
        tuple((start, end) for start, end in absences),
    )


def faults_of(event: EventRow, profile: Profile) -> Iterator[RefusedError]:
    """Everything that a profile cannot be, each at its field."""
    arrives, leaves = profile.arrives_min, profile.leaves_min
    start, end = event.start_min, event.end_min
    if arrives is not None and not start <= arrives < end:
        yield RefusedError("This is outside the event's hours.", field="arrives")
    if leaves is not None and not start < leaves <= end:
        yield RefusedError("This is outside the event's hours.", field="leaves")
    elif arrives is not None and leaves is not None and leaves <= arrives:
        yield RefusedError("You would leave before you arrive.", field="leaves")
    for number, (first, last) in enumerate(profile.absences, 1):
        if last <= first:
            yield RefusedError("The end is not after the beginning.", field=f"absence-{number}")
        elif last <= start or first >= end:
            yield RefusedError("This is outside the event's hours.", field=f"absence-{number}")
    if len(profile.absences) > MOST_ABSENCES:
        yield RefusedError("At most %(most)s times.", field="absence-1", most=MOST_ABSENCES)
    if len(profile.languages) > MOST_LANGUAGES:
        yield RefusedError("At most %(most)s languages.", field="language-1", most=MOST_LANGUAGES)


def save_profile(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    student_pk: int,
    base: str,
    profile: Profile,
) -> None:
    """Store what a student says; only what differs counts as entered.

    Parameters
    ----------
    base
        Digest of the profile that the page was made from.

    Raises
    ------
    StaleError
        Another profile was stored in between; ``theirs`` holds it.
    RefusedError
        The window is not open, or the first fault.
    """
    with database.writing_in_turn() as session:
        student, event = own_rows(session, student_pk, is_changing=True)
        stored = profile_of(session, student)
        if stored == profile and student.answered_at is not None:
            return
        require_open(event, now)
        if stored.digest != base:
            raise StaleError({"profile": stored})
        for fault in faults_of(event, profile):
            raise fault
        _store(session, student, event, profile)
        before, after = asdict(stored), asdict(profile)
        parts = {
            "times" if name not in ("languages", "positions") else name
            for name in before
            if before[name] != after[name]
        }
        mark_entered(student, now, *parts)
        content = {
            "languages": student.languages,
            "positions": student.positions,
            "arrives_min": student.arrives_min,
            "leaves_min": student.leaves_min,
            "absences": [list(own) for own in profile.absences],
        }
        session.add(Answer(student_pk=student.id, saved_at=now, content=content))
        record(session, actor, now, "profile.save", event_id=event.id, parts=sorted(parts))
        touch(session, event.id)


def _store(session: Session, student: StudentRow, event: EventRow, profile: Profile) -> None:
    student.languages = str(cell_of(profile.languages))
    student.positions = str(cell_of(profile.positions))
    student.arrives_min, student.leaves_min = profile.arrives_min, profile.leaves_min
    session.execute(delete(AbsenceRow).where(AbsenceRow.student_pk == student.id))
    session.add_all(
        AbsenceRow(event_id=event.id, student_pk=student.id, start_min=start, end_min=end)
        for start, end in profile.absences
    )
