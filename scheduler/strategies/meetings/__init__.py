"""Meetings between people, each with its slots, in halls with limits: the fewest breaks, proven.

The core knows people with a capacity per slot and meetings between them. Firms that meet firms are
one case of it, students at company tables another.
"""

from scheduler.strategies.meetings.minimise import minimise_breaks
from scheduler.strategies.meetings.problem import Meeting, Outcome, Placing, Status

__all__ = ["Meeting", "Outcome", "Placing", "Status", "minimise_breaks"]
