"""The print centre: what is printed of a version, and what was printed before."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from scheduler.documents import KINDS, STOCKS, PrintReport
from scheduler.model import Event, StudentId, Timetable
from scheduler.reports import Report
from scheduler.reports.words import LANGUAGES
from webui.operations import queue
from webui.operations.known import known_event
from webui.operations.log import Actor, NotFoundError, RefusedError
from webui.operations.queue import Claimed
from webui.operations.solving import Loaded, load_version
from webui.operations.versions import version_of
from webui.store import BadgeRow, Database, Job, JobFile, PrintRow, StudentRow, Version
from webui.store.meetings import companies_by_id, students_by_id

FARTHEST_MM = 20.0
"""A printer that is farther off than this is broken."""
PRINTS_KEPT = 5
"""Prints of an event whose files can still be downloaded."""
WARNINGS_KEPT = 500
_BADGE_BYTES = 9
"""72 random bits: nobody guesses one of a few thousand badges."""
_MARK_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Order:
    """What a print works on.

    Parameters
    ----------
    event
        In the language of the print.
    ids
        Students and companies to print; None is everybody.
    marks
        A fingerprint of what paper says of each person; see `PrintRow`.
    since
        The earliest version that the changes are counted from; None for everybody.
    """

    event: Event
    timetable: Timetable
    version_id: int
    number: int
    ids: frozenset[str] | None
    badge_ids: Mapping[StudentId, str]
    marks: Mapping[str, str]
    since: int | None = None


@dataclass(frozen=True, slots=True)
class PrintFile:
    """A file to download, without its bytes."""

    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class PrintLine:
    """One print of the list."""

    job: Job
    files: tuple[PrintFile, ...]


def start_print(  # noqa: PLR0913  # the choices of one print dialogue
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    number: int,
    parts: Collection[str],
    is_changes_only: bool = False,
    language: str = "en",
    stock: str,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    has_crop_marks: bool = False,
) -> int:
    """Ask for a print of a version; the number of the job.

    Parameters
    ----------
    parts
        Some of `scheduler.documents.KINDS`.
    is_changes_only
        Print for those alone of whom paper says something else since the last print.

    Raises
    ------
    NotFoundError
        There is no such version.
    RefusedError
        A choice is none, students do not see this version, or nothing was printed before.
    """
    unknown = set(parts) - set(KINDS)
    if not parts or unknown:
        raise RefusedError("Choose what to print.", field="parts")
    if stock not in STOCKS:
        raise RefusedError("Choose the badge sheets that you have.", field="stock")
    if language not in LANGUAGES:
        raise RefusedError("Choose English or Danish.", field="language")
    if not all(abs(own) <= FARTHEST_MM for own in offset_mm):
        raise RefusedError("At most %(most)s mm either way.", field="offset", most=int(FARTHEST_MM))
    with database.writing() as session:
        version = version_of(session, event_id, number)
        if version.withdrawn_at is not None:
            raise RefusedError("Version %(number)s is not published any more.", number=number)
        missing = [own for own in parts if own not in _last_prints(session, event_id)]
        if is_changes_only and missing:
            raise RefusedError(
                "Not all of this was printed before. Print it for everybody first.", field="scope"
            )
        asked = {
            "version": number,
            "parts": [own for own in KINDS if own in parts],
            "is_changes_only": is_changes_only,
            "language": language,
            "stock": stock,
            "offset_mm": list(offset_mm),
            "has_crop_marks": has_crop_marks,
        }
        return queue.enqueue(session, actor, now, event_id=event_id, kind="print", asked=asked).id


def _last_prints(session: Session, event_id: int) -> dict[str, PrintRow]:
    """The last print of each part."""
    rows = session.scalars(
        select(PrintRow).where(PrintRow.event_id == event_id).order_by(PrintRow.id)
    )
    return {part: row for row in rows for part in row.parts}


def last_prints(database: Database, event_id: int) -> dict[str, tuple[int, dt.datetime]]:
    """Version and moment of the last print of each part."""
    asked = (
        select(PrintRow.parts, PrintRow.printed_at, Version.number)
        .join(Version, Version.id == PrintRow.version_id)
        .where(PrintRow.event_id == event_id)
        .order_by(PrintRow.id)
    )
    with database.reading() as session:
        return {
            part: (number, at) for parts, at, number in session.execute(asked) for part in parts
        }


def prepare(database: Database, claimed: Claimed) -> Order:
    """Read what a print needs; students without a badge id get one, which stays theirs."""
    asked, event_id = claimed.asked, claimed.event_id
    with database.writing() as session:
        version = version_of(session, event_id, asked["version"])
        found = load_version(session, event_id, version)
        badge_ids = _ensure_badge_ids(session, event_id)
        pks = students_by_id(session, event_id), companies_by_id(session, event_id)
        marks = _marks(found, *pks)
        ids = since = None
        if asked["is_changes_only"]:
            bases = _bases(session, event_id, asked["parts"])
            ids = frozenset(_ids_of(*pks, _changed(marks, bases)))
            of = select(func.min(Version.number)).where(
                Version.id.in_([row.version_id for row in bases])
            )
            since = session.scalar(of)
    event = replace(found.event, language=asked["language"])
    return Order(event, found.timetable, version.id, version.number, ids, badge_ids, marks, since)


@dataclass(frozen=True, slots=True)
class Concerned:
    """For whom something changed since the last print: names, in the order of the lists."""

    students: tuple[str, ...]
    companies: tuple[str, ...]


def concerned(database: Database, event_id: int, number: int) -> Concerned | None:
    """Find for whom paper of a version says something else; None when nothing was printed.

    Raises
    ------
    NotFoundError
        There is no such version.
    """
    with database.reading() as session:
        version = version_of(session, event_id, number)
        bases = _bases(session, event_id, KINDS)
        if not bases:
            return None
        known = known_event(database, session, event_id)
        found = load_version(session, event_id, version, known=known)
    pks = known.people.student_pks, known.people.company_pks
    marks = _marks(found, *pks)
    ids = set(_ids_of(*pks, _changed(marks, bases)))
    return Concerned(
        tuple(own.name for own in found.event.students if own.student_id in ids),
        tuple(own.name for own in found.event.companies if own.company_id in ids),
    )


def _changed(marks: Mapping[str, str], bases: Sequence[PrintRow]) -> set[str]:
    return {key for key, mark in marks.items() if any(own.marks.get(key) != mark for own in bases)}


def _bases(session: Session, event_id: int, parts: Sequence[str]) -> list[PrintRow]:
    last = _last_prints(session, event_id)
    return list({last[part].id: last[part] for part in parts if part in last}.values())


def _ensure_badge_ids(session: Session, event_id: int) -> dict[StudentId, str]:
    asked = (
        select(StudentRow.id, StudentRow.student_id, BadgeRow.badge_id)
        .outerjoin(BadgeRow, BadgeRow.student_pk == StudentRow.id)
        .where(StudentRow.event_id == event_id)
        .order_by(StudentRow.position, StudentRow.id)
    )
    ids = {}
    for pk, student_id, badge_id in session.execute(asked).all():
        own = badge_id or _new_badge_id()
        if badge_id is None:
            session.add(BadgeRow(student_pk=pk, badge_id=own))
        ids[StudentId(student_id)] = own
    session.flush()
    return ids


def _new_badge_id() -> str:
    while not (own := secrets.token_urlsafe(_BADGE_BYTES))[0].isalnum():
        pass  # a spreadsheet would take a leading "-" for a formula
    return own


def _marks(
    found: Loaded, students: Mapping[Any, int], companies: Mapping[Any, int]
) -> dict[str, str]:
    """Fingerprints of everything that paper says of each person, whatever its language."""
    report = Report(replace(found.event, language=LANGUAGES[0]), found.timetable)
    marks = {f"s{students[own]}": _mark(report.student(own)) for own in report.student_ids}
    return marks | {f"c{companies[own]}": _mark(report.company(own)) for own in report.company_ids}


def _mark(rows: Any) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:_MARK_LENGTH]


def _ids_of(
    students: Mapping[Any, int], companies: Mapping[Any, int], keys: Collection[str]
) -> list[str]:
    return [own for own, pk in students.items() if f"s{pk}" in keys] + [
        own for own, pk in companies.items() if f"c{pk}" in keys
    ]


def store_print(  # what was printed, and for whom
    database: Database,
    now: dt.datetime,
    claimed: Claimed,
    *,
    worker: str,
    order: Order,
    file: tuple[str, str, bytes] | None,
    report: PrintReport | None,
) -> None:
    """Store what a print made, and end its job, in one transaction; old files are forgotten.

    Parameters
    ----------
    file
        Name, type and bytes; None when nothing had changed.
    """
    progress = _progress(order, report)
    with database.writing() as session:
        if not queue.finish(session, now, claimed, worker=worker, progress=progress):
            return
        job = session.get_one(Job, claimed.id)
        if job.state != "done" or file is None:
            return
        name, kind, content = file
        session.add(JobFile(job_id=job.id, name=name, content_type=kind, content=content))
        session.add(
            PrintRow(
                event_id=claimed.event_id,
                version_id=order.version_id,
                job_id=job.id,
                parts=claimed.asked["parts"],
                marks=dict(order.marks),
                printed_at=now,
            )
        )
        session.flush()
        _forget_old(session, claimed.event_id)


def _progress(order: Order, report: PrintReport | None) -> dict[str, Any]:
    if report is None:
        return {"is_nothing_new": True}
    companies = {str(own.company_id) for own in order.event.companies}
    ids = order.ids
    return {
        "files": [[own.kind, own.pages] for own in report.files],
        "since": order.since,
        "students": None if ids is None else len(ids - companies),
        "companies": None if ids is None else len(ids & companies),
        "warnings": [[own.name, own.reason, own.is_cut] for own in report.warnings[:WARNINGS_KEPT]],
        "n_warnings": len(report.warnings),
    }


def _forget_old(session: Session, event_id: int) -> None:
    """Forget files and reports of old prints, and marks that nothing is compared with any more."""
    prints = select(Job).where(Job.event_id == event_id, Job.kind == "print")
    old = session.scalars(prints.order_by(Job.id.desc()).offset(PRINTS_KEPT)).all()
    session.execute(delete(JobFile).where(JobFile.job_id.in_([own.id for own in old])))
    for job in old:
        job.progress = {key: own for key, own in job.progress.items() if key != "warnings"}
    needed = {row.id for row in _last_prints(session, event_id).values()}
    for row in session.scalars(select(PrintRow).where(PrintRow.event_id == event_id)):
        if row.id not in needed and row.marks:
            row.marks = {}


def prints_of(database: Database, event_id: int) -> list[PrintLine]:
    """The latest prints with their files, in two queries."""
    jobs = queue.jobs_of(database, event_id, "print", limit=2 * PRINTS_KEPT)
    asked = select(JobFile.id, JobFile.job_id, JobFile.name, func.length(JobFile.content)).where(
        JobFile.job_id.in_([own.id for own in jobs])
    )
    files: dict[int, list[PrintFile]] = {}
    with database.reading() as session:
        for pk, job_id, name, size in session.execute(asked):
            files.setdefault(job_id, []).append(PrintFile(pk, name, size))
    return [PrintLine(own, tuple(files.get(own.id, ()))) for own in jobs]


def file_of(database: Database, event_id: int, file_id: int) -> JobFile:
    """Find a file of a print.

    Raises
    ------
    NotFoundError
        There is none, or it is another event's.
    """
    with database.reading() as session:
        file = session.get(JobFile, file_id)
        job = None if file is None else session.get(Job, file.job_id)
        if file is None or job is None or (job.event_id, job.kind) != (event_id, "print"):
            raise NotFoundError
        return file
