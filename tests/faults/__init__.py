"""Faults planted in a copy of the program, each of which a test must catch.

``python -m tests.faults`` (``make faults``) plants all of them, one after another.
"""
