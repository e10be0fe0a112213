"""The errors of the engine, the problems of its input, and the counts in their messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in the input: where it is, what is wrong and what to do.

    Parameters
    ----------
    table
        The file or sheet without its ending: ``students``, ``event``, ...
    reason
        What is wrong, with the value and the limit.
    remedy
        What to do about it; empty when the reason says it.
    index
        Position in the event's tuple of that table, None for the whole table.
    column
        The column, or the dotted key in ``event``; empty for the whole row.
    file, row
        Where a spreadsheet shows it (row 1 is the header); an importer fills them in.
    subject
        The id of the person or room the row is about, for messages without a row.
    """

    table: str
    reason: str
    remedy: str = ""
    index: int | None = None
    column: str = ""
    file: str = ""
    row: int | None = None
    subject: str = ""

    def __str__(self) -> str:
        places = [self.file or self.table]
        if self.row is not None:
            places.append(f"row {self.row}")
        elif self.subject:
            places.append(self.subject)
        if self.column:
            places.append(f"column {self.column}" if self.table != "event" else self.column)
        text = f"{', '.join(places)}: {self.reason}"
        return f"{text}; {self.remedy}" if self.remedy else text


def counted(number: int, noun: str, plural: str = "") -> str:
    """Number and noun, the noun in the plural (``noun`` and s) unless the number is 1."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


class SchedulerError(Exception):
    """Anything the engine refuses or cannot do."""


class InvalidEventError(SchedulerError):
    """The event breaks its own rules; ``problems`` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ImportFileError(InvalidEventError):
    """Files that cannot be read; ``problems`` name file, row and column."""


class VerificationError(SchedulerError):
    """The engine made a timetable that breaks a rule: a fault of ours."""
