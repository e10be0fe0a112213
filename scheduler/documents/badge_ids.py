"""The random ids in the badges' QR codes: made once, kept in ``badges.csv``, used again."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from scheduler.errors import ImportFileError, Problem
from scheduler.files import protect, unprotect, write_whole
from scheduler.model import StudentId
from scheduler.sentence import Sentence, say

_HEADER = ["student_id", "badge_id"]
_BYTES = 9
"""72 random bits: nobody guesses one of a few thousand badges."""


def ensure_badge_ids(path: Path, students: Iterable[StudentId]) -> Mapping[StudentId, str]:
    """Badge ids of the students, new ones made and stored where they are missing.

    Parameters
    ----------
    path
        ``badges.csv``; made when it does not exist, and otherwise only ever added to, so that a
        badge printed yesterday is still known today.

    Raises
    ------
    ImportFileError
        The file is not a list of badge ids.
    SchedulerError
        It cannot be written.
    """
    known = _read(path)
    used = set(known.values())
    added = False
    for student_id in students:
        if student_id not in known:
            known[student_id] = _new_id(used)
            added = True
    if added or not path.exists():
        write_whole(path, _as_csv(known))
    return known


def _new_id(used: set[str]) -> str:
    while True:
        badge_id = secrets.token_urlsafe(_BYTES)
        # a spreadsheet would take a leading "-" for a formula
        if badge_id[0].isalnum() and badge_id not in used:
            used.add(badge_id)
            return badge_id


def _read(path: Path) -> dict[StudentId, str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _fault(path, None, say("it cannot be read (%(error)s)", error=str(error))) from error
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or rows[0] != _HEADER:
        raise _fault(path, 1, say("the header is not %(header)s", header=",".join(_HEADER)))
    ids: dict[StudentId, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(_HEADER) or not all(row):
            raise _fault(path, number, say("a line has a student_id and a badge_id"))
        student_id, badge_id = StudentId(unprotect(row[0])), row[1]
        if student_id in ids or badge_id in ids.values():
            twice = say("%(id)s or its badge_id is there twice", id=student_id)
            raise _fault(path, number, twice)
        ids[student_id] = badge_id
    return ids


def _fault(path: Path, row: int | None, reason: Sentence) -> ImportFileError:
    remedy = say("put the file back as it was printed, or move it away to make new badge ids")
    return ImportFileError([Problem("badges", reason, remedy, file=path.name, row=row)])


def _as_csv(ids: Mapping[StudentId, str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_HEADER)
    writer.writerows((protect(student_id), badge_id) for student_id, badge_id in ids.items())
    return text.getvalue().encode()
