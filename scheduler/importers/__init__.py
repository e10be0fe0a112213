"""Spreadsheets to values and back: every problem of every file at once, with file, row, column."""

from scheduler.importers.event import Loaded, load_event

__all__ = ["Loaded", "load_event"]
