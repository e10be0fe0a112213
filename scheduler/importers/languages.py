"""Cells that name languages with their levels: what a student speaks, what a company asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scheduler.importers.cells import CellError, items, shown
from scheduler.model import Language, LanguageNeed, Proficiency
from scheduler.model.language_names import code_named
from scheduler.sentence import Sentence, say

_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")

LEVELS: Mapping[str, Proficiency] = {
    **{str(level).casefold(): level for level in Proficiency},
    "modersmål": Proficiency.NATIVE,
}


def parse_languages(text: str) -> tuple[Language, ...]:
    """Read what a student speaks, ``en:C1;da:A2``; codes become lower case.

    Raises
    ------
    CellError
        A code or level that does not exist, no level, or a language twice.
    """
    languages = tuple(_language(item) for item in items(text))
    _refuse_twice(languages)
    return languages


def parse_needs(text: str) -> tuple[LanguageNeed, ...]:
    """Read what a company asks for: as `parse_languages`, with ``pt:B2|es:B2`` for either.

    Raises
    ------
    CellError
        A code or level that does not exist, no level, or a language twice.
    """
    needs = tuple(
        tuple(_language(part.strip()) for part in item.split("|")) for item in items(text)
    )
    _refuse_twice([language for need in needs for language in need])
    return needs


def _language(item: str) -> Language:
    code, _, level = (part.strip().casefold() for part in item.partition(":"))
    if "|" in item:
        raise CellError(
            say("'%(value)s': | is for what a company asks", value=shown(item)),
            say("put ; between the languages"),
        )
    if not _CODE.fullmatch(code):
        raise CellError(
            say("'%(value)s' has no language code", value=shown(item)), _code_remedy(item)
        )
    if not level:
        raise CellError(
            say("'%(value)s' has no level", value=shown(item)),
            say("write it as %(code)s:B2", code=code),
        )
    if level not in LEVELS:
        raise CellError(
            say(
                "'%(value)s' is not a CEFR level (%(levels)s)",
                value=shown(item),
                levels=say("A1 A2 B1 B2 C1 C2 native"),
            )
        )
    return Language(code, LEVELS[level])


def _code_remedy(item: str) -> Sentence:
    """What to write where a language stands by its name: ``dansk:B1``, ``English C1``."""
    name, colon, level = item.partition(":")
    if not colon and item.split()[-1].casefold() in LEVELS:
        name, _, level = item.rpartition(" ")
    code = code_named(name.strip())
    if code is None:
        return say("write it as en:C1")
    known = LEVELS.get(level.strip().casefold())
    if known is None:
        return say("write it as %(code)s:B2", code=code)
    return say("did you mean %(code)s:%(known)s?", code=code, known=known)


def _refuse_twice(languages: tuple[Language, ...] | list[Language]) -> None:
    seen: set[str] = set()
    for language in languages:
        if language.code in seen:
            raise CellError(
                say("'%(value)s' is there twice", value=shown(language.code)),
                say("keep one level of it"),
            )
        seen.add(language.code)
