"""The usual mails in an event's language, and why one was not sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from flask_babel import force_locale, format_date, gettext

from webui.operations.answers import REMINDER
from webui.operations.inviting import Letter
from webui.store import EventRow

INVITATION_TEXT = """Dear {name}

You are registered for {event} on {date}.

Choose the companies that you would like to meet. This link is yours alone; keep it to yourself:

{link}

You can change your wishes until {closes}. Being first gives no advantage.

Best wishes
Company Dating
"""
REMINDER_TEXT = """Dear {name}

You have not told us yet which companies you would like to meet at {event} on {date}.

Your link, until {closes}:

{link}

Without your wishes the timetable cannot have your favourites in it. This is the only reminder.

Best wishes
Company Dating
"""


@contextmanager
def language_of(row: EventRow) -> Iterator[None]:
    """Speak the event's language, whatever the reader's is."""
    with force_locale(row.language):
        yield


def usual_letter(row: EventRow, kind: str) -> Letter:
    """The mail of a kind as it is before staff write their own."""
    with language_of(row):
        if kind == REMINDER:
            return Letter(
                str(gettext("Reminder: your wishes for {event}")), str(gettext(REMINDER_TEXT)), kind
            )
        return Letter(str(gettext("Your wishes for {event}")), str(gettext(INVITATION_TEXT)))


def values_of(row: EventRow) -> dict[str, str]:
    """What the place-holders stand for that are the same in every mail."""
    with language_of(row):
        closes = row.closes_at
        return {
            "event": row.name,
            "date": str(format_date(row.date, "full", rebase=False)),
            "closes": str(gettext("it closes")) if closes is None else _moment(row, closes),
        }


def _moment(row: EventRow, at: dt.datetime) -> str:
    local = at.astimezone(ZoneInfo(row.timezone))
    return f"{format_date(local.date(), 'full', rebase=False)}, {local:%H:%M}"


def reason_of(error: str) -> str:
    """Why a mail was not sent, and what to do."""
    words = {
        "address": gettext("The address is not one. Correct it in the list of students."),
        "recipient": gettext("The mail server says that nobody has this address."),
        "sign_in": gettext("The mail server refused our user name and password."),
        "tls": gettext("The mail server did not offer the encryption that is asked for."),
        "unreachable": gettext("The mail server could not be reached."),
        "server": gettext("The mail server did not take the message."),
        "interrupted": gettext("The program ended while it was being sent."),
        "revoked": gettext("The link was renewed or revoked before it was sent."),
        "restored": gettext("It was waiting when a backup was made; it may have been sent since."),
    }
    return str(words.get(error, words["server"]))
