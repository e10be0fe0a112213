"""What a student says besides wishes: languages, positions, times."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from scheduler.importers.cells import CellError, parse_clock
from scheduler.model import Language, Position, Proficiency
from webui.access import now, services, visitor
from webui.operations import profile as operation
from webui.operations.answering import Phase
from webui.operations.log import RefusedError, StaleError
from webui.operations.profile import MOST_ABSENCES, Profile, profile_of
from webui.store import EventRow
from webui.students.base import Answer, blueprint, student_page, visit
from webui.words.filters import clock
from webui.words.language_lines import language_names, language_of, line_of
from webui.words.refusals import told
from webui.words.students import level_words, offered

SPARE_LANGUAGES, SPARE_ABSENCES = 2, 2
"""Empty lines that the form offers."""


@dataclass(slots=True)
class ProfileForm:
    """A profile as typed, and what is wrong with it.

    Attributes
    ----------
    languages
        Names and levels, line by line.
    absences
        From and to, line by line.
    errors
        By field: ``language-1``, ``absence-1``, ``arrives``, ``leaves``.
    base
        Digest of the profile that this page began with.
    """

    languages: list[tuple[str, str]]
    positions: list[str]
    arrives: str
    leaves: str
    absences: list[tuple[str, str]]
    base: str
    errors: dict[str, str] = field(default_factory=dict)


def _of(own: Profile) -> ProfileForm:
    return ProfileForm(
        [
            line_of(each)
            for each in sorted(own.languages, key=lambda each: (-each.proficiency, each.code))
        ],
        [each.value for each in own.positions],
        clock(own.arrives_min),
        clock(own.leaves_min),
        [(clock(start), clock(end)) for start, end in own.absences],
        own.digest,
    )


@blueprint.route("/me/about", methods=["GET", "POST"])
def about() -> Answer:
    """Languages, positions looked for and times that are impossible."""
    if request.method == "GET":
        return _page(_of(_stored()))
    form = _typed()
    profile = _understood(form, visit().event)
    if form.errors:
        return _page(form), 422
    try:
        operation.save_profile(
            services().database,
            visitor().actor,
            now(),
            student_pk=visitor().student_pk,
            base=form.base,
            profile=profile,
        )
    except StaleError as error:
        theirs = error.theirs["profile"]
        form.base = theirs.digest
        return _page(form, theirs=_of(theirs)), 409
    except RefusedError as error:
        form.errors[error.field or "form"] = told(error)
        return _page(form), 422
    flash(_("Saved. The list of companies now shows which fit."))
    return redirect(url_for("students.about"), 303)


def _stored() -> Profile:
    with services().database.reading() as session:
        return profile_of(session, visit().student)


def _page(form: ProfileForm, *, theirs: ProfileForm | None = None) -> str:
    at = visit()
    absences = len(form.absences)
    return student_page(
        "students/about.html",
        tab="about",
        at=at,
        form=form,
        theirs=theirs,
        is_open=at.phase is Phase.OPEN,
        languages=[*form.languages, *[("", "")] * SPARE_LANGUAGES],
        absences=[
            *form.absences,
            *[("", "")] * min(SPARE_ABSENCES, max(0, MOST_ABSENCES - absences)),
        ],
        names=language_names(),
        levels=[(own.name, level_words(own)) for own in Proficiency],
        positions=[(own.value, offered((own,))) for own in Position],
    )


def _typed() -> ProfileForm:
    def pairs(first: str, second: str) -> list[tuple[str, str]]:
        found = zip(request.form.getlist(first), request.form.getlist(second), strict=False)
        return [(a.strip(), b.strip()) for a, b in found if a.strip() or b.strip()]

    return ProfileForm(
        pairs("language", "level"),
        request.form.getlist("position"),
        request.form.get("arrives", "").strip(),
        request.form.get("leaves", "").strip(),
        pairs("away_from", "away_to"),
        request.form.get("base", ""),
    )


def _understood(form: ProfileForm, event: EventRow) -> Profile:
    languages: list[Language] = []
    for number, (name, level) in enumerate(form.languages, 1):
        spoken, error = language_of(name, level)
        if spoken is not None and spoken.code in {own.code for own in languages}:
            error = _("This language is there twice.")
        elif spoken is not None:
            languages.append(spoken)
        if error:
            form.errors[f"language-{number}"] = error
    known = {own.value: own for own in Position}
    arrives = _time(form, "arrives", form.arrives)
    leaves = _time(form, "leaves", form.leaves)
    absences = []
    for number, pair in enumerate(form.absences, 1):
        start, end = (_time(form, f"absence-{number}", text, is_needed=True) for text in pair)
        if start is None or end is None:
            start, end = event.start_min, event.end_min  # refused; those after it keep their number
        absences.append((start, end))
    profile = Profile(
        tuple(languages),
        tuple(known[own] for own in form.positions if own in known),
        None if arrives == event.start_min else arrives,
        None if leaves == event.end_min else leaves,
        tuple(absences),
    )
    form.errors = {
        own.field: told(own) for own in operation.faults_of(event, profile)
    } | form.errors
    return profile


def _time(form: ProfileForm, key: str, text: str, *, is_needed: bool = False) -> int | None:
    if not text:
        if is_needed:
            form.errors[key] = _("Both times are needed.")
        return None
    try:
        return parse_clock(text)
    except CellError:
        form.errors[key] = _("This is not a time of day, such as 14:30.")
        return None
