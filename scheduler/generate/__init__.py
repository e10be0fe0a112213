"""Seeded events for tests, benchmarks and examples: the same numbers, the same event."""

from scheduler.generate.plain import MOST_SLOTS, generate_event

__all__ = ["MOST_SLOTS", "generate_event"]
