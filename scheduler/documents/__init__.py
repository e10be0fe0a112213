"""The paper of the day: report rows in, PDF files out.

One function prints everything, `print_pack`; the kinds are its `KINDS`.
"""

from scheduler.documents.badge_ids import ensure_badge_ids
from scheduler.documents.badges import BadgeSheets
from scheduler.documents.notes import PrintWarning
from scheduler.documents.pack import (
    KINDS,
    PrintedFile,
    PrintReport,
    print_pack,
    print_test_sheet,
)
from scheduler.documents.stocks import DEFAULT_STOCK, STOCKS, Stock, stock_named

__all__ = [
    "DEFAULT_STOCK",
    "KINDS",
    "STOCKS",
    "BadgeSheets",
    "PrintReport",
    "PrintWarning",
    "PrintedFile",
    "Stock",
    "ensure_badge_ids",
    "print_pack",
    "print_test_sheet",
    "stock_named",
]
