"""The badge sheets one can buy, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.documents.pen import A4, MM
from scheduler.errors import SchedulerError
from scheduler.sentence import say

# Sizes: facts taken from the template list of the Debian package glabels-data; hold the test
# sheet against a bought one before a large print.
_SOURCE = "glabels-data"


@dataclass(frozen=True, slots=True)
class Stock:
    """A4 sheets of badges; lengths in millimetres.

    Parameters
    ----------
    key
        What people type.
    left, top
        From the edges of the sheet to the first badge.
    across, down
        From one badge's left (top) edge to the next one's.
    """

    key: str
    name: str
    width: float
    height: float
    columns: int
    rows: int
    left: float
    top: float
    across: float
    down: float
    source: str = _SOURCE

    @property
    def count(self) -> int:
        """Badges on a sheet."""
        return self.columns * self.rows

    def corner(
        self, index: int, offset_mm: tuple[float, float], *, is_back: bool
    ) -> tuple[float, float]:
        """Lower left corner of a badge in points.

        Parameters
        ----------
        index
            Along the rows from the upper left.
        offset_mm
            To the right and up, to make good a printer that feeds askew.
        is_back
            The sheet turned over its long edge: the columns run the other way.
        """
        column, row = index % self.columns, index // self.columns
        x = self.left + column * self.across
        if is_back:
            x = A4[0] / MM - x - self.width
        y = A4[1] / MM - self.top - row * self.down - self.height
        return (x + offset_mm[0]) * MM, (y + offset_mm[1]) * MM


STOCKS = {
    stock.key: stock
    for stock in (
        Stock("avery-l4785", "Avery L4784, L4785, L4786, L4787", 80, 50, 2, 5, 18, 13, 95, 55),
        Stock("avery-c32011", "Avery C32011-10", 85, 54, 2, 5, 15, 13.5, 95, 54),
        Stock("avery-7414", "Avery 7414", 90, 52, 2, 5, 15, 18.5, 90, 52),
        Stock("herma-4099", "Herma 4099", 96, 50.8, 2, 5, 8, 21.5, 99, 50.8),
    )
}
DEFAULT_STOCK = "avery-l4785"


def stock_named(key: str) -> Stock:
    """The stock of a key.

    Raises
    ------
    SchedulerError
        There is none.
    """
    try:
        return STOCKS[key]
    except KeyError:
        raise SchedulerError(
            say(
                "Badge stock %(key)s is not known; choose one of %(stocks)s",
                key=repr(key),
                stocks=", ".join(STOCKS),
            )
        ) from None
