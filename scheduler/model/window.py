"""The window of an event and the slots it is cut into."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Break:
    """A pause for everybody, in minutes since the window opens."""

    start_min: int
    end_min: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One indexed interval of the window, in minutes since the window opens."""

    index: int
    start_min: int
    end_min: int


@dataclass(frozen=True, slots=True)
class Window:
    """The event's hours and their slots.

    Parameters
    ----------
    length_min
        From opening to closing.
    slot_min
        Length of one meeting.
    changeover_min
        Between the end of a slot and the start of the next.
    breaks
        Pauses for everybody, by start; no slot overlaps one.

    Attributes
    ----------
    slots
        In order of time. The first starts at 0; the next ``slot_min + changeover_min`` later; one
        that would overlap a break begins at the break's end; the last ends within the window.
        Empty when the lengths are not positive (validation then says so).
    """

    length_min: int
    slot_min: int
    changeover_min: int
    breaks: tuple[Break, ...] = ()
    slots: tuple[Slot, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "slots", tuple(_cut(self)))

    def has_break_after(self, index: int) -> bool:
        """Whether an event break lies between slot ``index`` and the next one."""
        before, after = self.slots[index], self.slots[index + 1]
        return any(
            before.end_min <= pause.start_min and pause.end_min <= after.start_min
            for pause in self.breaks
        )


def _cut(window: Window) -> list[Slot]:
    slots: list[Slot] = []
    if window.slot_min < 1 or window.changeover_min < 0:
        return slots
    start = 0
    pauses = sorted(window.breaks, key=lambda pause: (pause.start_min, pause.end_min))
    while True:
        for pause in pauses:
            if start < pause.end_min and pause.start_min < start + window.slot_min:
                start = pause.end_min
        if start + window.slot_min > window.length_min:
            return slots
        slots.append(Slot(len(slots), start, start + window.slot_min))
        start += window.slot_min + window.changeover_min
