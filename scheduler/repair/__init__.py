"""A day that does not go as the timetable says: least change, and who can step in."""

from scheduler.repair.day import Day, begin, still_possible
from scheduler.repair.difference import Difference, DifferenceKind
from scheduler.repair.repair import Repaired, repair

__all__ = ["Day", "Difference", "DifferenceKind", "Repaired", "begin", "repair", "still_possible"]
