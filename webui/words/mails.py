"""The usual mails in an event's language, and why one was not sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from flask_babel import force_locale, format_date

from webui.operations.answers import REMINDER
from webui.operations.inviting import Letter
from webui.store import EventRow
from webui.words.translated import _


@contextmanager
def language_of(row: EventRow) -> Iterator[None]:
    """Speak the event's language, whatever the reader's is."""
    with force_locale(row.language):
        yield


def usual_letter(row: EventRow, kind: str) -> Letter:
    """The mail of a kind as it is before staff write their own."""
    with language_of(row):
        return _reminder() if kind == REMINDER else _invitation()


def _invitation() -> Letter:
    text = _("""Dear {name}

You are registered for {event} on {date}.

Choose the companies that you would like to meet. This link is yours alone; keep it to yourself:

{link}

You can change your wishes until {closes}. Being first gives no advantage.

Best wishes
Company Dating
""")
    return Letter(_("Your wishes for {event}"), text)


def _reminder() -> Letter:
    text = _("""Dear {name}

You have not told us yet which companies you would like to meet at {event} on {date}.

Your link, until {closes}:

{link}

Without your wishes the timetable cannot have your favourites in it. This is the only reminder.

Best wishes
Company Dating
""")
    return Letter(_("Reminder: your wishes for {event}"), text, REMINDER)


def values_of(row: EventRow) -> dict[str, str]:
    """What the place-holders stand for that are the same in every mail."""
    with language_of(row):
        closes = row.closes_at
        return {
            "event": row.name,
            "date": str(format_date(row.date, "full", rebase=False)),
            "closes": _("it closes") if closes is None else _moment(row, closes),
        }


def _moment(row: EventRow, at: dt.datetime) -> str:
    local = at.astimezone(ZoneInfo(row.timezone))
    return f"{format_date(local.date(), 'full', rebase=False)}, {local:%H:%M}"


def reason_of(error: str) -> str:
    """Why a mail was not sent, and what to do."""
    words = {
        "address": _("This is not an e-mail address. Correct it in the list of students."),
        "recipient": _("The mail server says that nobody has this address."),
        "sign_in": _("The mail server refused our user name and password."),
        "tls": _("The mail server did not offer the encryption that is asked for."),
        "unreachable": _("The mail server could not be reached."),
        "server": _("The mail server did not take the message."),
        "interrupted": _("The program ended while it was being sent."),
        "revoked": _("The link was renewed or revoked before it was sent."),
        "restored": _("It was waiting when a backup was made; it may have been sent since."),
    }
    return words.get(error, words["server"])
