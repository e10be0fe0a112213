"""Spreadsheets to values and back: every problem of every file at once, with file, row, column."""

from scheduler.importers.changes import load_changes
from scheduler.importers.event import Examined, Loaded, examine_event, load_event
from scheduler.importers.template import write_template
from scheduler.importers.timetable import load_badges, load_ids, load_timetable
from scheduler.importers.writer import write_event, write_event_workbook

__all__ = [
    "Examined",
    "Loaded",
    "examine_event",
    "load_badges",
    "load_changes",
    "load_event",
    "load_ids",
    "load_timetable",
    "write_event",
    "write_event_workbook",
    "write_template",
]
