"""All CVs for companies in one ZIP: a folder each, and one for the brochure."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from scheduler.reports.collation import collation_key
from webui.operations.cvs import safe_name
from webui.operations.log import Actor, RefusedError, record
from webui.operations.versions import published
from webui.store import CompanyRow, Consent, Cv, Database, MeetingRow, StudentRow, Version

BROCHURE = "brochure"
"""Folder of those who may be in it; companies have a folder each beside it."""
LISTING = f"{BROCHURE}/students.csv"


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is to hand on now.

    Parameters
    ----------
    students, companies
        Whose CVs may be read by companies they meet in the published version, and these companies.
    brochure, brochure_cvs
        Who may be in the brochure, and how many of them have a CV.
    """

    students: int
    companies: int
    brochure: int
    brochure_cvs: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody's CV or name may be handed on."""
        return not self.students and not self.brochure


@dataclass(frozen=True, slots=True)
class PackedCv:
    """One file of a pack: whose, for which purpose, and where it is put."""

    student_pk: int
    purpose: str
    path: str


@dataclass(frozen=True, slots=True)
class InBrochure:
    """One student of the brochure; ``languages`` as in a cell, ``file`` empty without a CV."""

    name: str
    programme: str
    languages: str
    file: str


@dataclass(frozen=True, slots=True)
class Pack:
    """What is packed for companies; ``number`` is of the version that says whom they meet."""

    number: int | None
    files: tuple[PackedCv, ...]
    brochure: tuple[InBrochure, ...]


def counts_of(database: Database, event_pk: int) -> Counts:
    """Count what there is to hand on."""
    with database.reading() as session:
        version = published(session, event_pk)
        students = companies = 0
        if version is not None:
            met = _met(version).subquery()
            students, companies = session.execute(
                select(
                    func.count(met.c.student_pk.distinct()), func.count(met.c.company_pk.distinct())
                )
            ).one()
        listed = _in_brochure(event_pk).subquery()
        brochure, cvs = session.execute(
            select(func.count(), func.count(listed.c.cv)).select_from(listed)
        ).one()
    return Counts(students, companies, brochure, cvs)


def _agreed_to(purpose: str, student_pk: Any) -> Any:
    return and_(
        Consent.student_pk == student_pk,
        Consent.purpose == purpose,
        Consent.withdrawn_at.is_(None),
    )


def _met(version: Version) -> Select[int, int, str, str]:
    """Companies with the students they meet whose CV they may read."""
    return (
        select(
            MeetingRow.company_pk,
            MeetingRow.student_pk,
            CompanyRow.name.label("company"),
            StudentRow.name.label("student"),
        )
        .join(CompanyRow, CompanyRow.id == MeetingRow.company_pk)
        .join(StudentRow, StudentRow.id == MeetingRow.student_pk)
        .join(Cv, Cv.student_pk == MeetingRow.student_pk)
        .join(Consent, _agreed_to("cv", MeetingRow.student_pk))
        .where(MeetingRow.timetable_id == version.timetable_id)
        .distinct()
    )


def _in_brochure(event_pk: int) -> Select[int, str, str, str, int]:
    return (
        select(
            StudentRow.id,
            StudentRow.name,
            StudentRow.programme,
            StudentRow.languages,
            Cv.id.label("cv"),
        )
        .join(Consent, _agreed_to("brochure", StudentRow.id))
        .outerjoin(Cv, Cv.student_pk == StudentRow.id)
        .where(StudentRow.event_id == event_pk)
    )


def plan_pack(database: Database, actor: Actor, now: dt.datetime, *, event_pk: int) -> Pack:
    """Say which CVs go where; the audit log notes that they are handed on.

    Raises
    ------
    RefusedError
        Nobody's CV or name may be handed on.
    """
    with database.writing() as session:
        version = published(session, event_pk)
        brochure, files = _brochure_files(session, event_pk)
        if version is not None:
            files += _company_files(session, version)
        if not brochure and not files:
            raise RefusedError("No student has agreed that a CV is handed on.")
        number = None if version is None else version.number
        record(
            session,
            actor,
            now,
            "cv.export",
            event_id=event_pk,
            version=number,
            files=len(files),
            students=len({own.student_pk for own in files}),
        )
    return Pack(number, tuple(files), tuple(brochure))


def _brochure_files(session: Session, event_pk: int) -> tuple[list[InBrochure], list[PackedCv]]:
    lines, files, taken = [], [], set[str]()
    rows = session.execute(_in_brochure(event_pk)).all()
    for pk, name, programme, languages, cv in sorted(rows, key=lambda row: collation_key(row[1])):
        file = ""
        if cv is not None:
            file = f"{_free(name, taken)}.pdf"
            files.append(PackedCv(pk, "brochure", f"{BROCHURE}/{file}"))
        lines.append(InBrochure(name, programme, languages, file))
    return lines, files


def _company_files(session: Session, version: Version) -> list[PackedCv]:
    rows = session.execute(_met(version)).all()
    folders: dict[int, str] = {}
    taken: dict[int, set[str]] = {}
    in_use = {BROCHURE}
    files = []
    for company_pk, student_pk, company, student in sorted(
        rows, key=lambda row: (collation_key(row[2]), row[0], collation_key(row[3]), row[1])
    ):
        if company_pk not in folders:
            folders[company_pk], taken[company_pk] = _free(company, in_use), set()
        file = _free(student, taken[company_pk])
        files.append(PackedCv(student_pk, "cv", f"{folders[company_pk]}/{file}.pdf"))
    return files


def _free(text: str, taken: set[str]) -> str:
    own = safe_name(text, taken)
    taken.add(own.casefold())
    return own


class _Passing(io.BytesIO):
    """A file of which only the end is kept: what was taken cannot be changed any more."""

    def __init__(self) -> None:
        super().__init__()
        self._taken = 0

    def tell(self) -> int:
        return self._taken + super().tell()

    def seek(self, offset: int, _whence: int = io.SEEK_SET, /) -> int:
        return self._taken + super().seek(offset - self._taken)

    def take(self) -> bytes:
        """What was written since the last time."""
        found = self.getvalue()
        super().seek(0)
        self.truncate()
        self._taken += len(found)
        return found


def packed(database: Database, pack: Pack, *, listing: bytes) -> Iterator[bytes]:
    """Write a pack as a ZIP, one CV in memory at a time; a consent withdrawn meanwhile holds.

    Parameters
    ----------
    listing
        The file beside the CVs of the brochure.
    """
    passing = _Passing()
    with zipfile.ZipFile(passing, "w") as archive:  # a PDF is compressed in itself
        if pack.brochure:
            archive.writestr(LISTING, listing)
        for own in pack.files:
            content = _content(database, own)
            if content is not None:
                archive.writestr(own.path, content)
                yield passing.take()
    yield passing.take()


def _content(database: Database, own: PackedCv) -> bytes | None:
    asked = (
        select(Cv.content)
        .join(Consent, _agreed_to(own.purpose, Cv.student_pk))
        .where(Cv.student_pk == own.student_pk)
    )
    with database.reading() as session:
        return session.scalar(asked)
