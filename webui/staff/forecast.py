"""Forecast: how many registered students fit what a company would ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import request
from flask_babel import gettext as _

from scheduler.explain.forecast import Condition, Forecast, WishList, forecast
from scheduler.model import Event, Language, LanguageNeed, Position, Proficiency
from webui import access
from webui.access import services
from webui.operations import known
from webui.staff.base import blueprint, event_page
from webui.words.columns import value_name
from webui.words.filters import spoken
from webui.words.sentences import begun
from webui.words.students import offered

NEEDS = 3
"""Language needs that the form has room for, each with one alternative."""
NATIVE = 7


@blueprint.get("/events/<key>/forecast", endpoint="forecast")
def forecast_page(key: str) -> str:
    """Count who fits; nothing is stored, the address can be sent to a colleague."""
    event = known.event_now(services().database, access.event().id).event
    asked = _asked()
    found = None if asked == WishList() else forecast(event, asked)
    return event_page(
        "staff/forecast.html",
        step="solve",
        found=found,
        rows=[(condition_name(own.asked), own) for own in (found.conditions if found else ())],
        costliest=_costliest(found),
        spoken_languages=_languages(event, asked),
        levels=[(own, _level_name(own)) for own in Proficiency],
        fields=_fields(event, asked),
        positions=[(own, offered((own,))) for own in Position],
        asked=asked,
        needs=NEEDS,
        lower_name=lambda own: need_name(own.lower),
        n_students=len(event.students),
        silent=sum(1 for student in event.students if not student.positions),
    )


def _asked() -> WishList:
    """Read what was chosen; what the form does not offer is left out."""
    values = request.args
    needs = []
    for number in range(NEEDS):
        pairs = zip(values.getlist(f"l{number}"), values.getlist(f"p{number}"), strict=False)
        need = tuple(
            Language(code, Proficiency(int(level)))
            for code, level in pairs
            if code and len(code) <= 16 and level in map(str, range(1, NATIVE + 1))
        )
        if need:
            needs.append(need)
    positions = {own.value: own for own in Position}
    return WishList(
        languages=tuple(dict.fromkeys(needs)),
        fields=tuple(dict.fromkeys(own for own in values.getlist("field") if own)),
        positions=tuple(positions[own] for own in values.getlist("position") if own in positions),
    )


def _languages(event: Event, asked: WishList) -> list[tuple[str, str]]:
    """Languages that students have, the most spoken first, with how many speak each."""
    counts = Counter(code for student in event.students for code in _codes(student.languages))
    counts.update({own.code: 0 for need in asked.languages for own in need})
    ordered = sorted(counts, key=lambda code: (-counts[code], code))
    wider = {code.split("-")[0] for code in counts if "-" in code}
    names = {code: _("%(language)s, any", language=spoken(code)) for code in wider}
    return [(code, f"{names.get(code, spoken(code))} ({counts[code]})") for code in ordered]


def _codes(languages: Sequence[Language]) -> set[str]:
    """Codes that a student satisfies: who has ``pt-br`` also has ``pt``."""
    codes = {own.code for own in languages}
    return codes | {code.split("-")[0] for code in codes}


def _fields(event: Event, asked: WishList) -> list[tuple[str, int]]:
    counts = Counter(student.field for student in event.students if student.field)
    counts.update(dict.fromkeys(asked.fields, 0))
    return sorted(counts.items())


def _costliest(found: Forecast | None) -> tuple[str, Condition] | None:
    if found is None or len(found.conditions) < 2 or found.costliest is None:
        return None
    return condition_name(found.costliest.asked), found.costliest


def condition_name(asked: WishList) -> str:
    """Name one condition in the reader's language."""
    either = str(_(" or "))
    if asked.languages:
        return ", ".join(need_name(need) for need in asked.languages)
    if asked.fields:
        return either.join(asked.fields)
    return begun(either.join(value_name(own, "position") for own in asked.positions))


def need_name(need: LanguageNeed) -> str:
    """Name a language need, such as ``Portuguese B2 or Spanish B2``."""
    return str(_(" or ")).join(f"{spoken(own.code)} {_level_name(own.proficiency)}" for own in need)


def _level_name(level: Proficiency) -> str:
    return str(_("native")) if level is Proficiency.NATIVE else level.name
