"""Files written whole or not at all, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from scheduler.errors import SchedulerError

FORMULA_STARTS = "=+-@\t\r\n|"
"""First characters with which a spreadsheet runs a cell (OWASP, CSV injection)."""

_RUNS = re.compile(f"'*[{re.escape(FORMULA_STARTS)}]")
_PROTECTED = re.compile(f"'+[{re.escape(FORMULA_STARTS)}]")


def protect(text: str) -> str:
    """Put a ``'`` before a cell that a spreadsheet would run; other text is unchanged.

    Notes
    -----
    Text that begins with apostrophes and then such a character gets one more, so that
    `unprotect` gives back exactly what was written.
    """
    return f"'{text}" if _RUNS.match(text) else text


def unprotect(text: str) -> str:
    """Take away the ``'`` of `protect`; an apostrophe of a name (``'t Hooft``) stays."""
    return text[1:] if _PROTECTED.match(text) else text


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place, then rename it there, so that nobody sees half of it.

    Raises
    ------
    SchedulerError
        The place cannot be written; an older file there is unchanged.
    """
    beside = None
    try:
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o666 & ~_umask())
        Path(beside).replace(path)
    except OSError as error:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
        raise SchedulerError(
            f"{path}: cannot be written ({error.strerror}); choose another folder or free the place"
        ) from error


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; an existing one is fine.

    Raises
    ------
    SchedulerError
        It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SchedulerError(
            f"{folder}: the folder cannot be made ({error.strerror}); choose another"
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
