"""Files written whole or not at all, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path

from scheduler.errors import SchedulerError
from scheduler.sentence import say

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
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise SchedulerError(
            say(
                "%(path)s: cannot be written (%(error)s); choose another folder or free the place",
                path=path,
                error=error.strerror,
            )
        ) from error
    finally:
        with contextlib.suppress(OSError):  # renamed, or never made
            beside.unlink()


def spare_path(path: Path) -> Path:
    """Where to write so that a file that is there keeps its content.

    Returns
    -------
    Path
        ``path`` where nothing is, else ``<name>-again<ending>`` beside it, which may be replaced.
    """
    return path.with_stem(f"{path.stem}-again") if path.exists() else path


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
            say(
                "%(path)s: the folder cannot be made (%(error)s); choose another",
                path=folder,
                error=error.strerror,
            )
        ) from error
