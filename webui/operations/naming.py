"""Ids that staff need not invent: short, readable, and free in their list."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection

from sqlalchemy import select

from webui.store import CompanyRow, Database, RoomRow, StudentRow

_IDS = {
    "companies": CompanyRow.company_id,
    "students": StudentRow.student_id,
    "rooms": RoomRow.room_id,
}
ID_COLUMNS = {name: column.key for name, column in _IDS.items()}
"""The column of its id, for each list whose rows have one."""
NUMBERED = re.compile(r"(.*?)(\d+)")
LONGEST = 64


def key_of(name: str) -> str:
    """Make an id of small letters, digits and hyphens from a name; empty for other scripts."""
    plain = name.casefold().replace("ø", "o").replace("æ", "ae").replace("å", "aa")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST]


def free_id(database: Database, *, event_pk: int, name: str, title: str = "") -> str:
    """Suggest the id of a new row.

    Parameters
    ----------
    name
        One of `ID_COLUMNS`.
    title
        What the row is called.

    Returns
    -------
    str
        The next number where the list counts its rows (``s001``, ``s002``), else made from the
        title; empty where there is none.
    """
    column = _IDS[name]
    with database.reading() as session:
        taken = set(session.scalars(select(column).where(column.class_.event_id == event_pk)))
    return _next_number(taken) or (_free(key_of(title) or f"{name}-1", taken) if title else "")


def _next_number(taken: Collection[str]) -> str:
    found = [match for own in taken if (match := NUMBERED.fullmatch(own))]
    if not found or 2 * len(found) < len(taken):
        return ""
    ((prefix, _count),) = Counter(match[1] for match in found).most_common(1)
    own = [match[2] for match in found if match[1] == prefix]
    width = max(map(len, own))
    return f"{prefix}{max(map(int, own)) + 1:0{width}}"


def _free(wished: str, taken: Collection[str]) -> str:
    numbers = (f"{wished}-{number}" for number in range(2, len(taken) + 3))
    return next(own for own in (wished, *numbers) if own not in taken)
