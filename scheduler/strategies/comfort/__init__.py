"""Comfort of a timetable that has its levels 1 to 3: fewer breaks, and two finer goals below them.

In this order: breaks of students (level 4), breaks of companies, students' changes of room.
"""

from scheduler.strategies.comfort.annealing import PHASES, improve_comfort
from scheduler.strategies.comfort.costs import Costs, count_breaks

__all__ = ["PHASES", "Costs", "count_breaks", "improve_comfort"]
