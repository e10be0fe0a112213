"""What mails about a published version say, in the event's language.

They are written where no request is, so their words are here and not among the pages'.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.reports.words import date_in_words
from webui.operations.versions import Difference, Move, Person, Spot
from webui.store import EventRow

LINK = "{link}"
"""Where the personal link goes; it is made when the mail is sent."""

_WORDS = {
    "hello": ("Hello {name}", "Hej {name}"),
    "greeting": ("Hello", "Hej"),
    "first_subject": ("Your meetings: {event}", "Dine møder: {event}"),
    "first": (
        "The timetable of {event} on {date} is ready. These are your meetings:",
        "Skemaet til {event} {date} er klar. Her er dine møder:",
    ),
    "changed_subject": ("Your meetings have changed: {event}", "Dine møder er ændret: {event}"),
    "changed": (
        "Your meetings at {event} on {date} have changed:",
        "Dine møder til {event} {date} er ændret:",
    ),
    "spot": ("{time}, {room}, table {table}", "kl. {time}, {room}, bord {table}"),
    "one": ("{company}: {spot}", "{company}: {spot}"),
    "gained": ("New: {company}, {spot}", "Nyt: {company}, {spot}"),
    "moved": (
        "Moved: {company}, now {spot} (was {was})",
        "Flyttet: {company}, nu {spot} (før {was})",
    ),  # a sentence and its translation side by side
    "lost": ("No longer: {company}, {was}", "Aflyst: {company}, {was}"),
    "page": (
        "Your whole schedule, always up to date:",
        "Hele dit program, altid opdateret:",
    ),
    "sheet_subject": ("Day sheet of {company}: {event}", "Dagsprogram for {company}: {event}"),
    "sheet": (
        "Attached is the day sheet of {company} for {event} on {date}: who comes to which table "
        "and when. It is version {number} and replaces every earlier one.",
        "Vedhæftet er dagsprogrammet for {company} til {event} {date}: hvem der kommer til hvilket "
        "bord og hvornår. Det er version {number} og erstatter alle tidligere.",
    ),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and text of a mail."""

    subject: str
    text: str


def _say(key: str, row: EventRow, /, **values: object) -> str:
    return _WORDS[key][1 if row.language == "da" else 0].format(**values)


def student_letter(
    event: EventRow, difference: Difference, person: Person, *, is_first: bool
) -> Letter:
    """Tell a student what changed.

    Parameters
    ----------
    is_first
        Nothing was published before: every meeting is listed as it is.
    """
    date = date_in_words(event.date, event.language)
    key = "first" if is_first else "changed"
    lines = [_line(event, difference, move, is_first=is_first) for move in person.moves]
    return Letter(
        _say(f"{key}_subject", event, event=event.name),
        "\n".join(
            (
                _say("hello", event, name=person.name),
                "",
                _say(key, event, event=event.name, date=date),
                "",
                *(f"  {line}" for line in lines),
                "",
                _say("page", event),
                LINK,
                "",
            )
        ),
    )


def _line(event: EventRow, difference: Difference, move: Move, *, is_first: bool) -> str:
    def spot(own: Spot | None) -> str:
        if own is None:
            return ""
        time = f"{own.start_min // 60:02d}:{own.start_min % 60:02d}"
        return _say("spot", event, time=time, room=difference.where(own), table=own.table)

    company = difference.company_names[move.company_pk]
    key = "one" if is_first else move.kind
    return _say(key, event, company=company, spot=spot(move.after), was=spot(move.before))


def company_letter(event: EventRow, *, company: str, number: int) -> Letter:
    """Send a company its day sheet."""
    date = date_in_words(event.date, event.language)
    subject = _say("sheet_subject", event, company=company, event=event.name)
    text = _say("sheet", event, company=company, event=event.name, date=date, number=number)
    return Letter(subject, f"{_say('greeting', event)}\n\n{text}\n")
