"""A student's CV in the hands of staff, and names of files."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection

from sqlalchemy import select

from webui.operations.consents import agreed_by
from webui.operations.log import Actor, NotFoundError, RefusedError, record
from webui.store import Cv, Database, StudentRow

MOST_NAME_BYTES = 120
"""Of a file's or folder's name: two of them, and where they are put, fit everywhere."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]+')
_NOT_NAMES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe_name(text: str, taken: Collection[str] = ()) -> str:
    """Make a file's or folder's name of a person's, which every system takes; no two are alike.

    Parameters
    ----------
    taken
        Names that are there already, in any letters, each given by ``casefold``.
    """
    own = _NOT_IN_NAMES.sub("-", _CONTROL.sub(" ", unicodedata.normalize("NFC", text)))
    own = (
        " ".join(own.split()).encode()[:MOST_NAME_BYTES].decode(errors="ignore").strip(" .") or "_"
    )
    if _NOT_NAMES.fullmatch(own):
        own = f"_{own}"
    found, number = own, 2
    while found.casefold() in taken:
        found, number = f"{own} ({number})", number + 1
    return found


def cv_for_staff(
    database: Database, actor: Actor, now: dt.datetime, *, event_pk: int, student_pk: int
) -> tuple[str, bytes]:
    """Give staff a student's CV with a name for its file; the audit log notes it.

    Raises
    ------
    NotFoundError
        The event has no such student, or no CV is stored.
    RefusedError
        The student agrees to no use of it.
    """
    with database.writing() as session:
        student = session.get(StudentRow, student_pk)
        if student is None or student.event_id != event_pk:
            raise NotFoundError
        if not agreed_by(session, student_pk).purposes:
            raise RefusedError("The student has not agreed that anybody reads a CV.")
        content = session.scalar(select(Cv.content).where(Cv.student_pk == student_pk))
        if content is None:
            raise NotFoundError
        record(session, actor, now, "cv.download", event_id=event_pk, student=student_pk)
        return f"{safe_name(student.name)}.pdf", content
