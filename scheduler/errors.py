"""The errors of the engine, and the problems of its input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.sentence import NOTHING, Sentence, column_word, listed, say, table_word


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
        Whom or what the row is about, for messages without a row: an id, or the names of a pair.
    """

    table: str
    reason: Sentence
    remedy: Sentence = NOTHING
    index: int | None = None
    column: str = ""
    file: str = ""
    row: int | None = None
    subject: str = ""

    def sentence(self) -> Sentence:
        """Say all of it: where, what, and what to do."""
        places: list[str] = [self.file or table_word(self.table)]
        if self.row is not None:
            places.append(say("row %(row)s", row=self.row))
        elif self.subject:
            places.append(self.subject)
        if self.column:
            # a file is shown with the headers that stand in it
            column = self.column if self.file else column_word(self.column)
            is_key = self.table == "event"
            places.append(column if is_key else say("column %(column)s", column=column))
        what = with_remedy(self.reason, self.remedy)
        return say("%(where)s: %(what)s", where=listed(places), what=what)

    def __str__(self) -> str:
        return str(self.sentence())


def with_remedy(reason: Sentence, remedy: Sentence) -> Sentence:
    """Say what is wrong, and what to do about it where that is known."""
    return say("%(reason)s; %(remedy)s", reason=reason, remedy=remedy) if remedy else reason


class SchedulerError(Exception):
    """Anything the engine refuses or cannot do."""


class InvalidEventError(SchedulerError):
    """The event breaks its own rules; ``problems`` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(listed((problem.sentence() for problem in self.problems), "\n"))


class ImportFileError(InvalidEventError):
    """Files that cannot be read; ``problems`` name file, row and column."""


class VerificationError(SchedulerError):
    """The engine made a timetable that breaks a rule: a fault of ours."""
