"""What nobody may send: without a token, from another site, with somebody else's ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.webui.policies.asking import UNKNOWN, Asked, Caller, best_role, every_request, met
from tests.webui.policies.prepared import ELSEWHERE, EVENT
from webui.access import POLICIES

GONE_ALREADY = frozenset({"students.change_wish"})
"""A wish that is not there is taken away: said to be done, so that a retry is too."""


def changing(caller: Caller) -> Iterator[Asked]:
    return (asked for asked in every_request(caller.app) if not asked.is_reading)


@pytest.mark.parametrize(
    ("headers", "token", "code"),
    [
        ({}, None, 400),
        ({}, "forged", 400),
        ({"Origin": "https://evil.example"}, "own", 403),
        ({"Origin": "http://127.0.0.1:81"}, "own", 403),
        ({"Sec-Fetch-Site": "cross-site"}, "own", 403),
    ],
)
def test_a_form_of_another_site_changes_nothing(
    caller: Caller, headers: dict[str, str], token: str | None, code: int
) -> None:
    assert forged(caller, headers, token, code) == {}


def forged(
    caller: Caller, headers: dict[str, str], token: str | None, code: int
) -> dict[str, object]:
    """Forms that were taken, or that had an effect."""
    found: dict[str, object] = {}
    for asked in changing(caller):
        form = caller.form(asked)
        if token is None:
            del form["csrf_token"]
        elif token != "own":
            form["csrf_token"] = token
        answer = caller.ask(asked, best_role(POLICIES[asked.endpoint]), form=form, headers=headers)
        changed = caller.changed()
        if answer.status_code != code or changed:
            found[str(asked)] = answer.status_code, changed
    return found


def test_the_token_of_another_browser_is_refused(caller: Caller) -> None:
    own = caller.session
    page = caller.client.get("/sign-in")
    caller.session = page.headers["Set-Cookie"].split(";")[0]
    assert caller.session != own
    assert forged(caller, {}, "own", 400) == {}


def test_without_the_check_of_tokens_forms_would_be_taken(caller: Caller) -> None:
    caller.app.config["WTF_CSRF_ENABLED"] = False
    assert len(forged(caller, {}, None, 400)) == len(list(changing(caller)))


def with_ids(caller: Caller) -> Iterator[tuple[Asked, str, Any]]:
    """Requests about a thing, the name of its place-holder, and ids that are not theirs."""
    for asked in every_request(caller.app):
        theirs = caller.arguments(asked, ELSEWHERE)
        for name in sorted(asked.arguments):
            known = caller.arguments(asked)[name]
            yield asked, name, UNKNOWN if isinstance(known, int) else "zzzz"
            if theirs[name] != known:
                yield asked, name, theirs[name]


def test_unknown_and_foreign_ids_are_not_found_and_change_nothing(caller: Caller) -> None:
    found, tried = {}, set()
    for asked, name, value in with_ids(caller):
        arguments = {**caller.arguments(asked), name: value}
        answer = caller.ask(asked, best_role(POLICIES[asked.endpoint]), arguments=arguments)
        tried.add(name)
        was, changed = met(answer), caller.changed()
        if was != "404" or changed:
            found[f"{asked} {name}={value}"] = was, changed
    assert found == {}
    assert {
        "key",
        "row_id",
        "upload_id",
        "removed_id",
        "timetable_id",
        "job_id",
        "file_id",
        "number",
    } < tried


def test_a_job_is_ended_from_its_own_page_alone(caller: Caller) -> None:
    """Who may end a print may not end a solve."""
    jobs = caller.prepared.stages[EVENT].jobs
    kinds = {"staff.cancel_job": "solve", "staff.cancel_print": "print"}
    kinds["staff.cancel_fit_in"] = "repair"
    for asked in changing(caller):
        if asked.endpoint in kinds:
            for kind in set(kinds.values()) - {kinds[asked.endpoint]}:
                arguments = {**caller.arguments(asked), "job_id": jobs[kind]}
                answer = caller.ask(asked, "administrator", arguments=arguments)
                assert (met(answer), caller.changed()) == ("404", set()), (str(asked), kind)


def test_ids_of_another_event_in_a_form_are_refused_and_change_nothing(caller: Caller) -> None:
    found, tried = {}, set()
    for asked in changing(caller):
        ours, theirs = caller.form(asked), caller.form(asked, ELSEWHERE)
        if "file" not in ours and "files" not in ours and "cv" not in ours and ours != theirs:
            tried.add(asked.endpoint)
            answer = caller.ask(asked, best_role(POLICIES[asked.endpoint]), form=theirs)
            changed = caller.changed()
            is_told = answer.status_code in (404, 409, 422) or asked.endpoint in GONE_ALREADY
            if not is_told or changed:
                found[str(asked)] = answer.status_code, changed
    assert found == {}
    assert {"staff.publish", "staff.proposal", "staff.ask_price", "students.wishes"} < tried
