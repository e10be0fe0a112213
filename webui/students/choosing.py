"""The companies, and the ranking of those a student wants to meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.model import Position, meets_needs
from scheduler.model.eligibility import Refusal
from webui.access import now, services, visitor
from webui.operations import offers, wishes
from webui.operations.answering import Phase
from webui.operations.log import RefusedError, StaleError
from webui.operations.offers import Choice, Offer
from webui.operations.wishes import Ranking
from webui.students.base import Answer, blueprint, student_page, visit
from webui.words.refusals import told
from webui.words.students import asked_languages, offered, refusal_words, saved_words

OWN_LANGUAGES = "mine"
"""Of the filter: companies whose languages the student has."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list of companies is narrowed to; empty is everything."""

    name: str = ""
    language: str = ""
    position: str = ""
    field: str = ""

    @classmethod
    def of_request(cls) -> Filter:
        """Read it from the address."""
        given = {key: request.args.get(key, "").strip() for key in cls.__dataclass_fields__}
        return cls(**given)

    def takes(self, card: Card) -> bool:
        """Whether a company is shown."""
        return (
            self.name.casefold() in card.offer.company.name.casefold()
            and (not self.language or self.language in card.languages)
            and (not self.position or self.position in card.positions)
            and (not self.field or self.field.casefold() in card.fields)
        )


@dataclass(frozen=True, slots=True)
class Card:
    """A company as its card shows it, with the keys that the filter looks for."""

    offer: Offer
    asks: str
    offers: str
    reason: str
    languages: tuple[str, ...]
    positions: tuple[str, ...]
    fields: tuple[str, ...]


def _card(choice: Choice, own: Offer) -> Card:
    company = own.company
    spoken = (OWN_LANGUAGES,) if meets_needs(choice.profile.languages, company.languages) else ()
    codes = {language.code.split("-")[0] for need in company.languages for language in need}
    return Card(
        own,
        asked_languages(company),
        offered(company.positions),
        refusal_words(own.refusal, choice.profile, company) if own.refusal else "",
        (*spoken, *sorted(codes)),
        tuple(position.value for position in company.positions),
        tuple(field.strip().casefold() for field in company.fields),
    )


@blueprint.get("/me/companies")
def companies() -> str:
    """Every company as a card; those that do not fit come with the reason."""
    choice = offers.choice_of(services().database, visitor().student_pk)
    cards = [_card(choice, own) for own in choice.offers]
    narrowed = Filter.of_request()
    codes = {language.code.split("-")[0] for language in choice.profile.languages}
    asked = {code for card in cards for code in card.languages}
    fields = {field.strip() for own in choice.offers for field in own.company.fields}
    return student_page(
        "students/companies.html",
        tab="companies",
        cards=cards,
        lacks_languages=not choice.profile.languages
        and any(own.refusal is Refusal.LANGUAGE for own in choice.offers),
        shown={card.offer.pk for card in cards if narrowed.takes(card)},
        narrowed=narrowed,
        languages=sorted(codes & asked),
        positions=[(own.value, offered((own,))) for own in Position],
        fields=sorted(fields, key=str.casefold),
    )


@blueprint.route("/me/wishes", methods=["GET", "POST"], endpoint="wishes")
def ranking() -> Answer:
    """The ranking; a POST stores it whole."""
    if request.method == "GET":
        return _wishes()
    return _save(_numbers("ranking"))


def _wishes(**more: Any) -> str:
    at = visit()
    choice = offers.choice_of(services().database, visitor().student_pk, is_ranked_only=True)
    return student_page(
        "students/wishes.html",
        tab="wishes",
        at=at,
        cards=[_card(choice, own) for own in choice.ranked],
        saved=saved_words(choice.student.answered_at, now(), at.event.timezone),
        is_open=at.phase is Phase.OPEN,
        **{"conflict": None, "error": "", **more},
    )


@blueprint.post("/me/wishes/change")
def change_wish() -> Answer:
    """Add, remove or move one company, with a button that works without a script too."""
    company_pk = next(iter(_numbers("company")), 0)
    action = request.form.get("action", "")
    if action in ("add", "drop") and "base" not in request.form:
        return _add_or_drop(company_pk, is_added=action == "add")
    base = _numbers("base")
    place = base.index(company_pk) + 1 if company_pk in base else 0
    to = {
        "up": place - 1,
        "down": place + 1,
        "first": 1,
        "last": len(base),
        "to": request.form.get("place", place, type=int),
    }.get(action, place)
    if action == "drop":
        return _save([own for own in base if own != company_pk])
    return _save(wishes.moved(base, company_pk, to=to), row=company_pk)


def _add_or_drop(company_pk: int, *, is_added: bool) -> Answer:
    change = wishes.add_wish if is_added else wishes.drop_wish
    try:
        saved = change(
            services().database,
            visitor().actor,
            now(),
            student_pk=visitor().student_pk,
            company_pk=company_pk,
        )
    except RefusedError as error:
        if _wants_part():
            return _json(422, error=told(error))
        flash(told(error), "bad")
        return redirect(url_for("students.companies", _anchor=f"c-{company_pk}"), 303)
    if _wants_part():
        return _json(200, said={pk: _said(rank) for rank, pk in enumerate(saved.company_pks, 1)})
    return redirect(url_for("students.companies", _anchor=f"c-{company_pk}"), 303)


def _said(rank: int) -> str:
    return str(_("Wish %(rank)s", rank=rank))


def _save(company_pks: Sequence[int], *, row: int = 0) -> Answer:
    """Store a whole ranking, for a script or for a page."""
    try:
        saved = wishes.save_ranking(
            services().database,
            visitor().actor,
            now(),
            student_pk=visitor().student_pk,
            company_pks=company_pks,
            revision=request.form.get("revision", 0, type=int),
            base=_numbers("base"),
        )
    except StaleError as error:
        conflict = _conflict(company_pks, error.theirs["ranking"])
        if _wants_part():
            return render_template("students/_conflict.html", conflict=conflict), 409
        return _wishes(conflict=conflict), 409
    except RefusedError as error:
        if _wants_part():
            return _json(422, error=told(error))
        return _wishes(error=told(error)), 422
    if _wants_part():
        said = saved_words(saved.saved_at, now(), saved.zone)
        return _json(200, revision=saved.revision, said=said)
    return redirect(url_for("students.wishes", _anchor=f"w-{row}" if row else None), 303)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rankings of one student, of which one is to be chosen."""

    ours: tuple[Offer, ...]
    theirs: tuple[Offer, ...]
    revision: int
    saved: str


def _conflict(company_pks: Sequence[int], theirs: Ranking) -> Conflict:
    choice = offers.choice_of(services().database, visitor().student_pk)
    by_pk = {own.pk: own for own in choice.offers}
    return Conflict(
        tuple(by_pk[pk] for pk in company_pks if pk in by_pk),
        tuple(by_pk[pk] for pk in theirs.company_pks if pk in by_pk),
        theirs.revision,
        saved_words(theirs.saved_at, now(), theirs.zone),
    )


@blueprint.post("/me/submit")
def submit() -> Answer:
    """Say that the wishes are ready."""
    try:
        wishes.submit(services().database, visitor().actor, now(), student_pk=visitor().student_pk)
    except RefusedError as error:
        return _wishes(error=told(error)), 422
    return redirect(url_for("students.wishes"), 303)


def _numbers(name: str) -> list[int]:
    """Rows of companies, as ``12,7,31``; anything else is left out."""
    texts = request.form.get(name, "").split(",")
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10]


def _wants_part() -> bool:
    """Whether a script asked, which shows the answer on the page it has."""
    return request.headers.get("X-Requested-With") == "fetch"


def _json(status: int, **values: Any) -> Response:
    answer = jsonify(values)
    answer.status_code = status
    return answer
