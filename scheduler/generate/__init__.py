"""Seeded events for tests, benchmarks and examples: the same numbers, the same event."""

from scheduler.generate.hardships import Hardship
from scheduler.generate.plain import MOST_SLOTS, generate_event

__all__ = ["MOST_SLOTS", "Hardship", "generate_event"]
