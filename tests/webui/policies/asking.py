"""Every route, asked by every role: what `access.POLICIES` lets each of them do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Table, event

from tests.webui.conftest import token_in
from tests.webui.policies.forms import Form, forms_of, queries_of
from tests.webui.policies.prepared import ELSEWHERE, EVENT, Prepared
from webui.access import Audience, Policy
from webui.app import CONTENT_SECURITY_POLICY
from webui.pages import SAME_FOR_ALL
from webui.store import Base, Database

STAFF_ROLES = {
    "administrator": "administrator",
    "planner": "planner",
    "desk": "desk",
    f"planner-{ELSEWHERE}": "planner",
    f"desk-{ELSEWHERE}": "desk",
}
STUDENTS = ("ana", "bilal", f"ana-{ELSEWHERE}")
ROLES = ("nobody", *STUDENTS, *STAFF_ROLES)
MAY, SIGN_IN = "may", "sign-in"
REFUSED = (400, 401, 403, 404, 405, 413, 429)
BOOKKEEPING = frozenset({"staff_session", "link_session"})
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
UNKNOWN = 10**6
Digests = dict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A route with one of its methods."""

    endpoint: str
    method: str
    arguments: frozenset[str]

    @property
    def is_of_event(self) -> bool:
        return "key" in self.arguments

    @property
    def is_reading(self) -> bool:
        return self.method in ("GET", "HEAD")

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def every_request(app: Flask) -> Iterator[Asked]:
    """All routes with their methods."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield Asked(rule.endpoint, method, frozenset(rule.arguments))


def expected(policy: Policy, asked: Asked, role: str) -> str:
    """What the policy says of a request about the first event."""
    if policy.audience is Audience.ANYONE:
        return MAY
    if policy.audience is Audience.STUDENT:
        return MAY if role in STUDENTS else "401"
    if role not in STAFF_ROLES:
        return SIGN_IN if asked.is_reading else "401"
    if asked.is_of_event and role.endswith(ELSEWHERE):
        return "404"
    allowed = policy.reading if asked.is_reading else policy.writing
    return MAY if STAFF_ROLES[role] in allowed else "403"


def best_role(policy: Policy) -> str:
    """Who may do most of what a policy lets anybody do."""
    by_audience = {Audience.ANYONE: "nobody", Audience.STUDENT: "ana"}
    return by_audience.get(policy.audience, "administrator")


def met(answer: Any) -> str:
    """What an answer was, in the words of `expected`."""
    if answer.status_code in REFUSED or answer.status_code >= 500:
        return str(answer.status_code)
    is_sent_away = answer.headers.get("Location", "").startswith("/sign-in?then=")
    return SIGN_IN if is_sent_away else MAY


def digests(connection: Connection, where: Callable[[Table], str | None] = lambda _: "") -> Digests:
    """What each table holds, but for the bookkeeping of sessions.

    Parameters
    ----------
    where
        Condition on the rows of a table; None leaves the table out.
    """
    found = {}
    for table in Base.metadata.sorted_tables:
        condition = where(table)
        if table.name in BOOKKEEPING or condition is None:
            continue
        keys = ", ".join(column.name for column in table.primary_key)
        rows = connection.exec_driver_sql(
            f'select * from "{table.name}" {condition} order by {keys}'
        )
        found[table.name] = hashlib.sha256(repr(rows.all()).encode()).hexdigest()
    return found


class Caller:
    """Asks an application as any role, over a database that is put back afterwards.

    Parameters
    ----------
    fresh
        Gives the prepared database; called again when a request has changed it.
    """

    def __init__(self, app: Flask, prepared: Prepared, fresh: Callable[[], Database]) -> None:
        self.app, self.prepared, self._fresh = app, prepared, fresh
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.client.environ_base["HTTP_HOST"] = "127.0.0.1"
        self.urls = app.url_map.bind("127.0.0.1")
        self.renew()
        self.before = self.digests()
        self.forms = {key: forms_of(self.database, prepared, key) for key in (EVENT, ELSEWHERE)}
        page = self.client.get("/sign-in")
        self.token = token_in(page.get_data(as_text=True))
        self.session = page.headers["Set-Cookie"].split(";")[0]

    def renew(self) -> None:
        """Put the prepared database back."""
        self.database = self._fresh()
        use_database(self.app, self.database)
        self._commits = 0
        event.listen(self.database.engine, "commit", self._count)

    def _count(self, _connection: Connection) -> None:
        self._commits += 1

    def digests(self, where: Callable[[Table], str | None] = lambda _: "") -> Digests:
        with self.database.engine.connect() as connection:
            return digests(connection, where)

    def changed(self) -> set[str]:
        """Tables that hold something else than they did; put back as they were."""
        if not self._commits:  # then nobody need look
            return set()
        self._commits, now = 0, self.digests()
        found = {name for name, own in now.items() if own != self.before[name]}
        if found:
            self.renew()
        return found

    def arguments(self, asked: Asked, key: str = EVENT) -> dict[str, Any]:
        """Values of the route's place-holders that name what is there."""
        stage = self.prepared.stages[key]
        jobs = {
            "staff.cancel_job": "solve",
            "staff.cancel_print": "print",
            "staff.cancel_fit_in": "repair",
            "staff.use_variation": "whatif",
        }
        values: dict[str, Any] = {
            "key": EVENT,
            "name": "students",
            "row_id": stage.students["chiara"],
            "upload_id": stage.upload,
            "removed_id": stage.removed,
            "timetable_id": stage.result,
            "job_id": stage.jobs[jobs.get(asked.endpoint, "solve")],
            "file_id": stage.file,
            "number": 1 if key == EVENT else 2,
            "staff_id": self.prepared.staff["desk"],
            "invitation_id": self.prepared.invitation_id,
            "kind": "invitation",
            "action": "revoke",
            "filename": "style.css",
            "font": "NotoSansThai-Regular",
            "token": self.prepared.invitation
            if asked.endpoint == "staff.join"
            else self.prepared.link,
        }
        return {name: values[name] for name in asked.arguments}

    def form(self, asked: Asked, key: str = EVENT) -> Form:
        """The form of a request, filled in, or its query."""
        if asked.is_reading:
            return queries_of(self.prepared, key).get(asked.endpoint, {})
        return {"csrf_token": self.token, **self.forms[key][asked.endpoint]()}

    def ask(
        self,
        asked: Asked,
        role: str,
        *,
        arguments: dict[str, Any] | None = None,
        form: Form | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Send a request; every answer carries the headers of all."""
        address = self.urls.build(asked.endpoint, arguments or self.arguments(asked))
        sent = self.form(asked) if form is None else form
        more = {"query_string" if asked.is_reading else "data": sent, "headers": headers}
        answer = self.send(address, asked.method, role, **more)
        check_headers(answer, asked)
        return answer

    def send(
        self, address: str, method: str, role: str, *, headers: Any = None, **more: Any
    ) -> Any:
        """Send something to an address, with the cookies of a role."""
        cookies = [f"{name}={own}" for name, own in self.prepared.cookies[role].items()]
        sent = {"Cookie": "; ".join([self.session, *cookies]), **(headers or {})}
        answer = self.client.open(address, method=method, headers=sent, **more)
        answer.get_data()
        answer.close()
        return answer


def use_database(app: Flask, database: Database) -> None:
    """Let a running application work on another database."""
    services = app.extensions["company_dating"]
    if services.database is not database:
        services.database.close()
    app.extensions["company_dating"] = replace(services, database=database)


def check_headers(answer: Any, asked: object) -> None:
    """What trust asks of every response, errors too."""
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, (str(asked), answer.status_code, name)
    if getattr(asked, "endpoint", "") not in SAME_FOR_ALL:
        assert answer.headers.get("Cache-Control") == "no-store", (str(asked), answer.status_code)
