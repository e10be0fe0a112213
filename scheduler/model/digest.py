"""A fingerprint of an event's values, the same whatever files they came from."""

from __future__ import annotations

import hashlib

from scheduler.model.event import Event


def event_sha256(event: Event) -> str:
    """Hash every value of the event, in the order of its rows.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for part in (
        (event.event_id, event.name, event.date, event.timezone, event.opens_min, event.language),
        event.window,
        event.rules,
        *event.rooms,
        *event.companies,
        *event.students,
        *event.shortlist,
        *event.absences,
        *event.decisions,
    ):
        digest.update(f"{part!r}\n".encode())
    rows = (f"{student!r} {company!r} {rank}\n" for student, company, rank in event.preferences)
    digest.update("".join(rows).encode())
    return digest.hexdigest()
