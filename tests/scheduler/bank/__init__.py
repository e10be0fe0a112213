"""A bank of small events with proven values, which every change of the engine must reproduce.

``events.jsonl`` holds one event per line with the best levels 1 to 3, the ways by which they were
proven, and the fewest breaks where every timetable could be tried. ``python -m
tests.scheduler.bank`` proves them again, or adds an event.
"""
