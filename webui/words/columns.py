"""Names of lists and of their columns in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from scheduler.importers.settings import SETTINGS


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


def column_name(name: str, list_name: str = "") -> str:
    """What a column is called, in a list where one is given; a setting keeps its key."""
    if name == OWN_IDS.get(list_name):
        return str(_("Id"))
    names: dict[str, str] = {
        "room_id": _("Room"),
        "company_id": _("Company"),
        "student_id": _("Student"),
        "id": _("Who"),
        "name": _("Name"),
        "given_name": _("Given name"),
        "family_name": _("Family name"),
        "building": _("Building"),
        "tables": _("Tables"),
        "capacity": _("Students at once"),
        "seats": _("Seats"),
        "times": _("Times"),
        "meetings": _("Meetings"),
        "arrives": _("Arrives"),
        "leaves": _("Leaves"),
        "positions": _("Positions"),
        "languages": _("Languages"),
        "small_talk": _("Small talk"),
        "fields": _("Fields"),
        "field": _("Field"),
        "min_meetings": _("Fewest meetings"),
        "max_meetings": _("Most meetings"),
        "email": _("E-mail"),
        "website": _("Web address"),
        "about": _("About"),
        "programme": _("Programme"),
        "rank": _("Rank"),
        "verdict": _("Answer"),
        "kind": _("Kind"),
        "start": _("From"),
        "end": _("To"),
        "reason": _("Reason"),
        "wishes": _("Wishes"),
        "answered": _("Answered"),
        **{setting.key: setting.key for setting in SETTINGS},
    }
    return names.get(name, name)


def column_help(name: str) -> str:
    """What may stand in a column; empty where that is plain."""
    names: dict[str, str] = {
        "room_id": _("empty: the computer chooses"),
        "seats": _("at each table"),
        "capacity": _("empty: no limit"),
        "arrives": _("HH:MM; empty: from the beginning"),
        "leaves": _("HH:MM; empty: to the end"),
        "positions": _("internship; student_job; full_time"),
        "languages": _("such as en:C1;da:A2"),
        "small_talk": _("a wish, such as da:A2"),
        "fields": _("words with ; between them"),
        "max_meetings": _("empty: as the rules say"),
        "verdict": _("yes, or no for a veto"),
        "website": _("begins with https://"),
    }
    return names.get(name, "")


def value_name(value: str, column: str) -> str:
    """How a value that is one of a few words is shown."""
    if column in ("positions", "languages", "small_talk", "fields"):
        return "; ".join(value_name(own, "position") for own in value.split(";"))
    if column not in ("verdict", "kind", "answered", "position"):
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
        "full_time": _("full time"),
    }
    return names.get(value, value)
