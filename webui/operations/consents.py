"""A student's CV, and what the student agreed that it is used for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webui.operations.answering import own_rows
from webui.operations.log import Actor, NotFoundError, RefusedError, record
from webui.store import Consent, Cv, Database

PURPOSES = ("cv", "brochure")
LARGEST_CV = 5 * 1024 * 1024
PDF_BEGINS = b"%PDF-"
PDF_ENDS = (b"startxref", b"%%EOF")
"""Near the end of every PDF: where its contents are listed, and that it is whole."""
END_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a student agreed to, with the moments, and the CV if there is one."""

    purposes: dict[str, dt.datetime]
    cv_at: dt.datetime | None
    cv_bytes: int


def agreed_by(session: Session, student_pk: int) -> Agreed:
    """Consents in force, and when the CV was stored."""
    consents = session.execute(
        select(Consent.purpose, Consent.given_at).where(
            Consent.student_pk == student_pk, Consent.withdrawn_at.is_(None)
        )
    )
    cv = session.execute(
        select(Cv.uploaded_at, func.length(Cv.content)).where(Cv.student_pk == student_pk)
    ).one_or_none()
    return Agreed(
        {purpose: at for purpose, at in consents},  # noqa: C416  # typed rows
        None if cv is None else cv[0],
        0 if cv is None else cv[1],
    )


def save_consents(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    student_pk: int,
    purposes: Collection[str],
    cv: bytes = b"",
) -> bool:
    """Store which purposes a student agrees to, and a new CV; possible at any time.

    A CV for which no purpose is left is deleted: then it returns True.

    Parameters
    ----------
    cv
        Empty keeps the one that is stored.

    Raises
    ------
    RefusedError
        The file is no PDF or too large, or nothing says what it may be used for.
    """
    if cv:
        _check(cv, purposes)
    with database.writing_in_turn() as session:
        _, event = own_rows(session, student_pk, is_changing=True)
        known = {
            own.purpose: own
            for own in session.scalars(select(Consent).where(Consent.student_pk == student_pk))
        }
        changed = [
            purpose
            for purpose in PURPOSES
            if _set(session, now, student_pk, known.get(purpose), purpose, purpose in purposes)
        ]
        had_cv = False
        if cv or not purposes:
            old = session.scalar(select(Cv.id).where(Cv.student_pk == student_pk))
            had_cv = old is not None
            session.execute(delete(Cv).where(Cv.student_pk == student_pk))
        if cv:
            session.add(Cv(student_pk=student_pk, uploaded_at=now, content=cv))
        is_given = any(purpose in purposes for purpose in changed)
        record(
            session,
            actor,
            now,
            "consent.save" if cv or is_given else "consent.withdraw",
            event_id=event.id,
            changed=changed,
            given=sorted(purposes),
            cv_bytes=len(cv),
        )
    return had_cv and not cv


def _check(cv: bytes, purposes: Collection[str]) -> None:
    if len(cv) > LARGEST_CV:
        raise RefusedError("The file is larger than 5 MB. Save it smaller.", field="cv")
    if not cv.startswith(PDF_BEGINS):
        raise RefusedError("This is not a PDF. Save your CV as PDF, then choose it.", field="cv")
    if not all(own in cv[-END_BYTES:] for own in PDF_ENDS):
        raise RefusedError(
            "This PDF is damaged or not whole. Save your CV as PDF again, then choose it.",
            field="cv",
        )
    if not purposes:
        raise RefusedError("Tick what your CV may be used for, or do not send it.", field="cv")


def _set(
    session: Session,
    now: dt.datetime,
    student_pk: int,
    own: Consent | None,
    purpose: str,
    is_given: bool,
) -> bool:
    is_in_force = own is not None and own.withdrawn_at is None
    if is_in_force == is_given:
        return False
    if own is None:
        session.add(Consent(student_pk=student_pk, purpose=purpose, given_at=now))
    elif is_given:
        own.given_at, own.withdrawn_at = now, None
    else:
        own.withdrawn_at = now
    return True


def remove_cv(database: Database, actor: Actor, now: dt.datetime, *, student_pk: int) -> None:
    """Delete the CV; what was agreed to stays."""
    with database.writing_in_turn() as session:
        _, event = own_rows(session, student_pk, is_changing=True)
        session.execute(delete(Cv).where(Cv.student_pk == student_pk))
        record(session, actor, now, "cv.remove", event_id=event.id)


def cv_of(database: Database, student_pk: int) -> bytes:
    """The CV that a student has stored.

    Raises
    ------
    NotFoundError
        There is none.
    """
    with database.reading() as session:
        content = session.scalar(select(Cv.content).where(Cv.student_pk == student_pk))
    if content is None:
        raise NotFoundError
    return content
