"""Values of command-line options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

STOCK_KEYS = ("avery-l4785", "avery-c32011", "avery-7414", "herma-4099")
"""Of `scheduler.documents.STOCKS`, the default first; known here without loading the documents."""


def seconds(text: str) -> float:
    """Read a number of seconds."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds of 0 or more")
    return value


def natural(text: str) -> int:
    """Read a whole number of 0 or more."""
    value = int(text)
    if not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 to 2147483647")
    return value


def naturals(text: str) -> tuple[int, ...]:
    """Read whole numbers with commas between them."""
    try:
        return tuple(natural(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not whole numbers with , between them"
        ) from None


def of_company(text: str) -> tuple[str, tuple[int, ...]]:
    """Read ``COMPANY=N,..``."""
    company_id, _, numbers = text.rpartition("=")
    if not company_id:
        raise argparse.ArgumentTypeError(f"'{text}' is not COMPANY=N, such as fjord-robotics=2")
    return company_id, naturals(numbers)


def cell(parser: str) -> Callable[[str], Any]:
    """Read an option as a cell of an event's files, with the parser of this name."""

    def parse(text: str) -> Any:
        from scheduler.importers import cells, languages  # only for who gives such an option

        module = languages if hasattr(languages, parser) else cells
        try:
            return getattr(module, parser)(text.strip())
        except cells.CellError as error:
            said = f"{error}; {error.remedy}" if error.remedy else str(error)
            raise argparse.ArgumentTypeError(said) from None

    return parse


def positive(text: str) -> int:
    """Read a whole number of 1 or more."""
    value = natural(text)
    if value == 0:
        raise argparse.ArgumentTypeError("0 is too few, use 1 or more")
    return value


def kinds(text: str) -> tuple[str, ...]:
    """Read kinds of paper."""
    from scheduler.documents import KINDS  # ReportLab only for who prints

    kinds = tuple(kind.strip() for kind in text.split(",") if kind.strip())
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise argparse.ArgumentTypeError(
            f"'{', '.join(unknown) or text}' is not one of {', '.join(KINDS)}"
        )
    return kinds


def stock(text: str) -> str:
    """Read the name of a badge sheet."""
    if text not in STOCK_KEYS:
        raise argparse.ArgumentTypeError(f"'{text}' is not one of {', '.join(STOCK_KEYS)}")
    return text
