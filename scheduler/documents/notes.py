"""What could not be printed as it was written: characters no font has, texts cut short."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.sentence import Sentence, say


@dataclass(frozen=True, slots=True, order=True)
class PrintWarning:
    """One sentence for the print report.

    Parameters
    ----------
    name
        The person, company or thing whose text it is.
    reason
        What was printed instead.
    is_cut
        Whether it is about a text that was too long.
    """

    name: str
    reason: Sentence
    is_cut: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


class Notes:
    """Collects warnings, each once, in the order they came."""

    def __init__(self, kind: str = "") -> None:
        self._kind = kind
        self._warnings: dict[PrintWarning, None] = {}

    @property
    def warnings(self) -> tuple[PrintWarning, ...]:
        """Every warning so far."""
        return tuple(self._warnings)

    def add_missing(self, name: str, missing: Iterable[tuple[str, str]]) -> None:
        """Note characters no font has, each with what was printed instead (empty: left out)."""
        for char, instead in missing:
            values = {"char": char, "code": f"{ord(char):04X}"}
            reason = say("%(char)s (U+%(code)s) is in no font: left out", **values)
            if instead:
                reason = say(
                    "%(char)s (U+%(code)s) is in no font: printed as %(instead)s",
                    instead=instead,
                    **values,
                )
            self.add(name, reason)

    def add_cut(self, name: str, text: str, printed: str) -> None:
        """Note a text that did not fit even at its smallest size."""
        reason = say(
            "%(file)s: %(text)s is too long and was cut to %(printed)s",
            file=self._kind,
            text=repr(text),
            printed=repr(printed),
        )
        self._warnings[PrintWarning(name, reason, is_cut=True)] = None

    def add(self, name: str, reason: Sentence) -> None:
        """Note anything else."""
        self._warnings[PrintWarning(name, reason)] = None
