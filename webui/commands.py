"""The commands ``serve``, ``worker``, ``db`` and ``staff``."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from scheduler.cli.main import OK, PROBLEMS, Parser
from scheduler.errors import SchedulerError
from scheduler.importers import load_event
from webui.config import DEFAULT_PORT, ConfigError, Settings, load_settings
from webui.operations import accounts, events, importing
from webui.operations.log import SYSTEM, RefusedError
from webui.store import ROLES, Database
from webui.store.schema import is_current, upgrade

EXAMPLE = Path(__file__).parent.parent / "examples" / "aarhus-2026"


def run(arguments: Sequence[str]) -> int:
    """Run a command of the web application; the exit status."""
    try:
        given = _parser().parse_args(arguments)
        settings = load_settings()
        status: int = given.run(settings, given)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else PROBLEMS
    except (ConfigError, RefusedError, SchedulerError, OSError) as error:
        print(error, file=sys.stderr)
        return PROBLEMS
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="company-dating")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    serve = commands.add_parser("serve", description="Serves the web application until Ctrl-C.")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, help=f"port to listen on ({DEFAULT_PORT})")
    serve.add_argument("--example", action="store_true", help="with the example event in it")
    serve.set_defaults(run=_serve)
    worker = commands.add_parser("worker", description="Does the jobs of the web application.")
    worker.add_argument("--keep", action="store_true", help="start another when one dies")
    worker.add_argument("--with", dest="owner", type=int, help=argparse.SUPPRESS)
    worker.set_defaults(run=_worker)
    db = commands.add_parser("db", description="The database of the web application.")
    actions = db.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("upgrade", help="bring the schema up to date").set_defaults(run=_upgrade)
    staff = commands.add_parser("staff", description="Accounts of the web application.")
    actions = staff.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("list", help="everybody with an account").set_defaults(run=_list_staff)
    invite = actions.add_parser("invite", help="print a link with which somebody joins")
    invite.add_argument("email")
    invite.add_argument("--role", choices=ROLES, default="planner")
    invite.set_defaults(run=_invite)
    return parser


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _database(settings: Settings) -> Database:
    """Open the database, its schema up to date."""
    database = Database(settings.database_url)
    if not is_current(database):
        upgrade(database)
    return database


def _serve(settings: Settings, given: argparse.Namespace) -> int:
    from webui.serving import serve

    database = _database(settings)
    if given.example:
        _load_example(database)
    token = accounts.offer_set_up(database, _now())
    port = given.port or urlsplit(settings.base_url).port or DEFAULT_PORT
    print(f"Company Dating: {settings.base_url}")
    if token is not None:
        print(
            f"First run: make your account here, within 24 hours: {settings.base_url}/join/{token}"
        )
    else:
        print("Sign in with your e-mail address and password.")
    print("Ctrl-C ends it.", flush=True)
    database.close()
    serve(settings, host=given.host, port=port)
    return OK


def _load_example(database: Database) -> None:
    event = load_event(EXAMPLE).event
    if not events.exists(database, event.event_id):
        importing.create_from(database, SYSTEM, _now(), event)


def _worker(settings: Settings, given: argparse.Namespace) -> int:
    from webui.serving import keep_worker, work

    if given.keep:
        return keep_worker(owner=given.owner)
    work(settings, owner=given.owner)
    return OK


def _upgrade(settings: Settings, _given: argparse.Namespace) -> int:
    _database(settings).close()
    print("The database is up to date.")
    return OK


def _list_staff(settings: Settings, _given: argparse.Namespace) -> int:
    for own in accounts.list_colleagues(_database(settings)):
        state = "closed" if own.is_disabled else own.role
        print(f"{own.email}\t{own.name}\t{state}")
    return OK


def _invite(settings: Settings, given: argparse.Namespace) -> int:
    token = accounts.invite(_database(settings), SYSTEM, _now(), email=given.email, role=given.role)
    print(f"{settings.base_url}/join/{token}")
    return OK
