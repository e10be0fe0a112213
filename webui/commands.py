"""The commands ``serve``, ``worker``, ``db`` and ``staff``."""

from __future__ import annotations

import argparse
import datetime as dt
import errno
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from scheduler.cli.main import OK, PROBLEMS, Parser
from scheduler.errors import SchedulerError
from scheduler.importers import load_event
from webui.config import DEFAULT_PORT, ConfigError, Settings, load_settings
from webui.operations import accounts, backup, colleagues, events, importing, rescue
from webui.operations.log import SYSTEM, RefusedError
from webui.store import ROLES, Database
from webui.store.schema import faults_of, is_current, upgrade

EXAMPLE = Path(__file__).parent.parent / "examples" / "aarhus-2026"
PORT_FREE_WITHIN_S = 10
"""The processes of a killed server notice within a second or two, on a busy machine later."""


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
    worker.add_argument("--keep", action="store_true", help=argparse.SUPPRESS)
    worker.add_argument("--with", dest="owner", type=int, help=argparse.SUPPRESS)
    worker.set_defaults(run=_worker)
    _add_db(commands.add_parser("db", description="The database of the web application."))
    _add_staff(commands.add_parser("staff", description="Accounts of the web application."))
    return parser


def _add_db(db: argparse.ArgumentParser) -> None:
    actions = db.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("upgrade", help="bring the schema up to date").set_defaults(run=_upgrade)
    actions.add_parser("check", help="look for faults").set_defaults(run=_check)
    backup = actions.add_parser("backup", help="everything into one file, while it runs")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=_back_up)
    restore = actions.add_parser("restore", help="everything from a backup")
    restore.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="replace what is there")
    restore.set_defaults(run=_restore)


def _add_staff(staff: argparse.ArgumentParser) -> None:
    actions = staff.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("list", help="everybody with an account").set_defaults(run=_list_staff)
    for name, run, says in (
        ("invite", _invite, "print a link with which somebody joins"),
        ("enable", _enable, "open an account that is closed or rests; with --role change it"),
        ("disable", _disable, "close an account"),
        ("reset-second-factor", _reset_second_factor, "for who lost the second factor"),
        ("reset-password", _reset_password, "print a new password for who forgot it"),
    ):
        action = actions.add_parser(name, help=says)
        action.add_argument("email")
        action.set_defaults(run=run)
        if name in ("invite", "enable"):
            usual = "planner" if name == "invite" else None
            action.add_argument("--role", choices=ROLES, default=usual)


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

    port = given.port or urlsplit(settings.base_url).port or DEFAULT_PORT
    _check_address(given.host, port)
    database = _database(settings)
    if given.example:
        _load_example(database)
    token = accounts.offer_set_up(database, _now())
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


def _check_address(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on, before anything is started.

    A server that was killed leaves its port a moment later, so a taken one is asked for again.

    Raises
    ------
    ConfigError
        Says what to do.
    """
    until, is_told = time.monotonic() + PORT_FREE_WITHIN_S, False
    while True:
        try:
            with socket.create_server((host, port)):
                return
        except OSError as error:
            taken = error
        if taken.errno != errno.EADDRINUSE or time.monotonic() > until:
            break
        if not is_told:
            print(f"Port {port} is taken; waiting up to {PORT_FREE_WITHIN_S} s for it.", flush=True)
            is_told = True
        time.sleep(0.2)
    raise ConfigError(
        f"{host}:{port} cannot be listened on ({taken.strerror}). Another server may run "
        "there: end it, or choose another port in COMPANY_DATING_URL"
    ) from taken


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


def _check(settings: Settings, _given: argparse.Namespace) -> int:
    database = Database(settings.database_url)
    faults = faults_of(database)
    database.close()
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print("No faults.")
    return PROBLEMS if faults else OK


def _back_up(settings: Settings, given: argparse.Namespace) -> int:
    contents = backup.back_up(_database(settings), SYSTEM, _now(), path=given.file.absolute())
    print(f"{given.file}: {sum(contents.rows.values())} rows of {len(contents.rows)} tables.")
    return OK


def _restore(settings: Settings, given: argparse.Namespace) -> int:
    with given.file.open("rb") as file:
        contents = backup.restore(
            _database(settings), SYSTEM, _now(), file=file, is_forced=given.force
        )
    print(f"Restored {sum(contents.rows.values())} rows, as they were {contents.made_at}.")
    print("Staff sign in again, and students' links go on.")
    print("Mails that waited then are listed as not sent.")
    return OK


def _list_staff(settings: Settings, _given: argparse.Namespace) -> int:
    for own in colleagues.list_colleagues(_database(settings)):
        state = "closed" if own.is_disabled else own.role
        print(f"{own.email}\t{own.name}\t{state}")
    return OK


def _invite(settings: Settings, given: argparse.Namespace) -> int:
    token = accounts.invite(_database(settings), SYSTEM, _now(), email=given.email, role=given.role)
    print(f"{settings.base_url}/join/{token}")
    return OK


def _enable(settings: Settings, given: argparse.Namespace) -> int:
    rescue.open_account(_database(settings), SYSTEM, _now(), email=given.email, role=given.role)
    print(f"{given.email} can sign in.")
    return OK


def _disable(settings: Settings, given: argparse.Namespace) -> int:
    rescue.close_account(_database(settings), SYSTEM, _now(), email=given.email)
    print(f"{given.email} is closed, and signed out everywhere.")
    return OK


def _reset_second_factor(settings: Settings, given: argparse.Namespace) -> int:
    rescue.reset_second_factor(_database(settings), SYSTEM, _now(), email=given.email)
    print(f"{given.email} signs in with the password alone; set the second factor up again then.")
    return OK


def _reset_password(settings: Settings, given: argparse.Namespace) -> int:
    password = rescue.reset_password(_database(settings), SYSTEM, _now(), email=given.email)
    print(f"New password of {given.email}, to be changed after signing in: {password}")
    return OK
