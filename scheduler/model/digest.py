"""A fingerprint of an event's values, the same whatever files they came from."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from scheduler.model.event import Event
from scheduler.model.order import normalised_company, normalised_student


def event_sha256(event: Event) -> str:
    """Hash every value of the event; the order of rows and of the parts of a cell does not count.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    head = (event.event_id, event.name, event.date, event.timezone, event.opens_min, event.language)
    breaks = tuple(sorted(event.window.breaks, key=lambda pause: pause.start_min))
    for part in (head, replace(event.window, breaks=breaks), event.rules):
        digest.update(f"{part!r}\n".encode())
    for rows in (
        event.rooms,
        map(normalised_company, event.companies),
        map(normalised_student, event.students),
        event.shortlist,
        event.absences,
        event.decisions,
    ):
        digest.update("".join(sorted(f"{row!r}\n" for row in rows)).encode())
    wishes = sorted(
        f"{student!r} {company!r} {rank}\n" for student, company, rank in event.preferences
    )
    digest.update("".join(wishes).encode())
    return digest.hexdigest()
