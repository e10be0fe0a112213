"""A student's meetings as a calendar file that updates and cancels what it wrote before."""

from __future__ import annotations

import hashlib
from datetime import UTC

from flask_babel import gettext as _
from icalendar import Calendar as Document
from icalendar import Event as Entry
from icalendar import vText
from icalendar.enums import STATUS, TRANSP

from webui.operations.schedules import Appointment, Calendar, CalendarEntry

PRODUCT = "-//Company Dating//Company Dating//EN"


def calendar_file(calendar: Calendar, *, host: str) -> bytes:
    """Write every meeting, those that are no more as cancelled.

    Parameters
    ----------
    host
        Of this server; ends the identifiers.

    Notes
    -----
    A meeting keeps its UID in every version, so that a calendar moves or deletes what it has;
    SEQUENCE grows with each publishing (RFC 5545, 3.8.7.4). One file has one METHOD, and meetings
    that stay are beside those that are cancelled: so it is PUBLISH, which may cancel by STATUS
    (RFC 5546, 3.2.1), never CANCEL, which calendars heed in mails only. Google removes an entry
    with this STATUS and Apple strikes it out; Outlook shows it as before, so the title says it
    too, as Outlook itself writes it, and the time is free.
    """
    document = Document()
    document.add("prodid", PRODUCT)
    document.add("version", "2.0")
    document.add("method", "PUBLISH")
    document.add("x-wr-calname", calendar.event.name)
    for own in calendar.entries:
        document.add_component(_entry(own, calendar, host))
    document.add_missing_timezones()
    return bytes(document.to_ical())


def _entry(calendar_entry: CalendarEntry, calendar: Calendar, host: str) -> Entry:
    own, is_cancelled = calendar_entry.appointment, calendar_entry.is_cancelled
    title = _("%(company)s (Company Dating)", company=own.company)
    entry = Entry()
    entry.add("uid", f"{_identifier(own, calendar)}@{host}")
    entry.add("dtstamp", calendar.changed_at.astimezone(UTC))
    entry.add("last-modified", calendar.changed_at.astimezone(UTC))
    entry.add("sequence", calendar.sequence)
    entry.add("dtstart", own.starts)
    entry.add("dtend", own.ends)
    entry.add("summary", _("Cancelled: %(title)s", title=title) if is_cancelled else title)
    entry.add("location", vText(place_words(own)))
    entry.status = STATUS.CANCELLED if is_cancelled else STATUS.CONFIRMED
    entry.transparency = TRANSP.TRANSPARENT if is_cancelled else TRANSP.OPAQUE
    return entry


def _identifier(own: Appointment, calendar: Calendar) -> str:
    parts = (calendar.event.key, calendar.student.id, calendar.event.id, own.company_pk)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def place_words(own: Appointment) -> str:
    """Such as ``Table 7, Hall A, Main building``."""
    place = _("Table %(table)s, %(room)s", table=own.table, room=own.room)
    return f"{place}, {own.building}" if own.building else place
