"""Names of lists and of their columns in the reader's language."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import gettext as _

from scheduler.importers.cells import CellError
from scheduler.importers.languages import parse_needs
from scheduler.reports.words import asked
from webui.operations.log import marked


def list_name(name: str) -> str:
    """What a list is called, by the name of its file."""
    names: dict[str, str] = {
        "event": _("Settings"),
        "rooms": _("Rooms"),
        "companies": _("Companies"),
        "students": _("Students"),
        "preferences": _("Wishes"),
        "wishes": _("Wishes"),
        "shortlist": _("Shortlists"),
        "unavailable": _("Absences"),
        "decisions": _("Decisions"),
    }
    return names.get(name, name)


OWN_IDS = {"rooms": "room_id", "companies": "company_id", "students": "student_id"}


COLUMN_NAMES = {
    "room_id": marked("Room"),
    "company_id": marked("Company"),
    "student_id": marked("Student"),
    "id": marked("Who"),
    "name": marked("Name"),
    "given_name": marked("Given name"),
    "family_name": marked("Family name"),
    "building": marked("Building"),
    "tables": marked("Tables"),
    "capacity": marked("Students at once"),
    "seats": marked("Seats"),
    "times": marked("Times"),
    "meetings": marked("Meetings"),
    "arrives": marked("Arrives"),
    "leaves": marked("Leaves"),
    "positions": marked("Positions"),
    "languages": marked("Languages"),
    "small_talk": marked("Small talk"),
    "fields": marked("Fields"),
    "field": marked("Field"),
    "min_meetings": marked("Fewest meetings"),
    "max_meetings": marked("Most meetings"),
    "email": marked("E-mail"),
    "website": marked("Web address"),
    "about": marked("About"),
    "programme": marked("Programme"),
    "rank": marked("Rank"),
    "verdict": marked("Answer"),
    "kind": marked("Kind"),
    "start": marked("From"),
    "end": marked("To"),
    "reason": marked("Reason"),
    "wishes": marked("Wishes"),
    "answered": marked("Answered"),
    "event.id": marked("Short name"),
    "event.name": marked("Name"),
    "event.language": marked("Language on paper"),
    "event.date": marked("Date"),
    "event.timezone": marked("Time zone"),
    "event.start": marked("Begins"),
    "event.end": marked("Ends"),
    "event.slot_min": marked("Minutes of a meeting"),
    "event.changeover_min": marked("Minutes between two meetings"),
    "rules.max_meetings_per_student": marked("Most meetings of a student"),
    "rules.guaranteed_meetings_per_student": marked("Guaranteed meetings of a student"),
    "rules.max_in_a_row": marked("Most meetings in a row"),
    "rules.building_change_min": marked("Minutes to another building"),
    "rules.require_language": marked("Companies' languages are required"),
    "rules.require_field": marked("Companies' fields are required, where they name some"),
    "rules.require_position": marked(
        "One position in common is required, where both sides name some"
    ),
    "rules.offer_unranked": marked("Empty places may go to students who did not rank the company"),
    "rules.rank_weights": marked("Points of the first, second, third … wish"),
    "rules.mutual_bonus": marked("Extra points when the company said yes"),
    "rules.small_talk_bonus": marked("Extra points for small talk"),
}
"""By the column or setting; the words of the pages' own forms."""


def column_name(name: str, list_name: str = "") -> str:
    """What a column or a setting is called, in a list where one is given."""
    if name == OWN_IDS.get(list_name):
        return str(_("Id"))
    if (list_name, name) == ("decisions", "start"):
        return str(_("Time"))
    if name.startswith("event.breaks."):
        return str(_("Break %(number)s", number=name.split(".")[2]))
    return str(_(COLUMN_NAMES[name])) if name in COLUMN_NAMES else name


def column_help(name: str) -> str:
    """What may stand in a column; empty where that is plain."""
    names: dict[str, str] = {
        "seats": _("at each table"),
        "capacity": _("empty: no limit"),
        "arrives": _("empty: from the beginning"),
        "leaves": _("empty: to the end"),
        "positions": _("none: open to all"),
        "small_talk": _("a wish, not a condition"),
        "fields": _("none: open to all"),
        "max_meetings": _("empty: as the rules say"),
        "verdict": _("yes, or no for a veto"),
        "website": _("begins with https://"),
    }
    return names.get(name, "")


def value_name(value: str, column: str) -> str:
    """How a value that is one of a few words is shown."""
    if column in ("languages", "small_talk"):
        return _languages(value)
    if column in ("positions", "fields"):
        return ", ".join(value_name(own, "position") for own in value.split(";"))
    if column not in ("verdict", "kind", "answered", "position", "level"):
        return value
    names: dict[str, str] = {
        "yes": _("yes"),
        "no": _("no"),
        "student": _("student"),
        "company": _("company"),
        "pin": _("pinned"),
        "forbid": _("forbidden"),
        "internship": _("internship"),
        "student_job": _("student job"),
        "full_time": _("full-time job"),
        "native": _("native"),
    }
    return names.get(value, value)


def _languages(value: str) -> str:
    """Languages of a cell by name, or the cell as it stands where it cannot be read."""
    try:
        return asked(parse_needs(value), str(get_locale() or "en"))
    except CellError:
        return value
