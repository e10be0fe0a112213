"""The command ``company-dating``: the engine's commands, and those of the web application.

Those of the web are loaded only when called, so that the engine's stay quick.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from scheduler.cli import main as engine

WEB_COMMANDS = {
    "serve": "the web application: pages and jobs, until Ctrl-C",
    "worker": "does the web application's jobs; serve starts one by itself",
    "db": "the web application's database: upgrade, check, back up, restore",
    "staff": "accounts of the web application: invite, list",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        Exit status, as `scheduler.cli.main` says.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in WEB_COMMANDS:
        from webui.commands import run

        return run(arguments)
    return engine(arguments, further=WEB_COMMANDS)
