"""Languages as lines of a form: a name and a level each, read and written in one way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask_babel import get_locale

from scheduler.importers.cells import CellError
from scheduler.importers.languages import LEVELS, parse_languages
from scheduler.model import Language, Proficiency
from scheduler.model.language_names import LANGUAGE_NAMES, code_named
from scheduler.reports.words import language_name, proficiency_name
from webui.words.translated import _


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """One line of a form.

    Parameters
    ----------
    level
        Name of a `Proficiency`.
    is_either
        It may stand for the line above it.
    """

    name: str = ""
    level: str = ""
    is_either: bool = False
    error: str = ""


def language_names() -> list[str]:
    """Every language there is a name for, in the reader's language."""
    language = str(get_locale() or "en")
    return sorted({language_name(code, language) for code in LANGUAGE_NAMES}, key=str.casefold)


def level_choices() -> list[tuple[str, str]]:
    """Every level, as short as it stays clear."""
    language = str(get_locale() or "en")
    return [(own.name, proficiency_name(own, language)) for own in Proficiency]


def line_of(language: Language) -> tuple[str, str]:
    """Name and level of a language, as a line shows them; its code where a name says too little."""
    name = language_name(language.code, str(get_locale() or "en"))
    is_clear = (code_named(name) or name.casefold()) == language.code
    return name if is_clear else language.code, language.proficiency.name


def language_of(name: str, level: str) -> tuple[Language | None, str]:
    """The language of a line, or what is wrong with it."""
    if not name:
        return None, _("Which language is it?")
    if level not in Proficiency.__members__:
        return None, _("Choose the level too.")
    try:
        return parse_languages(f"{code_named(name) or name}:{Proficiency[level]}")[0], ""
    except (CellError, IndexError):
        return None, _("This language is not in the list. Choose one that is.")


def cell_of_lines(lines: Iterable[tuple[str, str, str]]) -> str:
    """Write lines as the cell of a file; what is no language stays as it was typed.

    Parameters
    ----------
    lines
        Name, level, and anything where the line may stand for the one above it.
    """
    cell = ""
    for name, level, either in lines:
        if name or level:
            language, _error = language_of(name, level)
            cell += ("|" if either else ";") if cell else ""
            cell += str(language) if language else f"{name}:{level}"
    return cell


def lines_of_cell(cell: str, *, is_refused: bool) -> Iterator[LanguageLine]:
    """The lines of a cell, also of one that cannot be read.

    Parameters
    ----------
    is_refused
        Each line then says what is wrong with it.
    """
    seen = set()
    for need in filter(None, cell.split(";")):
        for place, item in enumerate(need.split("|")):
            name, _colon, level = (part.strip() for part in item.partition(":"))
            known = LEVELS.get(level.casefold())
            language, error = language_of(name, known.name if known else "")
            if language is not None and language.code in seen:
                error = _("This language is there twice.")
            if language is not None:
                seen.add(language.code)
                name = line_of(language)[0]
            yield LanguageLine(
                name, known.name if known else "", place > 0, error if is_refused else ""
            )
