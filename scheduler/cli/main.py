"""Reading the command line, and turning every outcome into an exit status."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from scheduler import __version__
from scheduler.cli.options import (
    STOCK_KEYS,
    cell,
    kinds,
    natural,
    naturals,
    of_company,
    positive,
    seconds,
    stock,
)
from scheduler.errors import InvalidEventError, SchedulerError, VerificationError

OK, PROBLEMS, INFEASIBLE, NOTHING_FOUND, USAGE, OUR_FAULT = 0, 1, 2, 3, 64, 70


def main(argv: Sequence[str] | None = None, *, further: Mapping[str, str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    further
        Commands that another program has, with their help, to be listed beside these.

    Returns
    -------
    int
        Exit status: 0 done, 1 problems in the input or an unusable place, 2 infeasible, 3 nothing
        found in time, 64 wrong usage, 70 a fault of ours.
    """
    try:
        arguments = _parser(further or {}).parse_args(argv)
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else USAGE
    except InvalidEventError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return PROBLEMS
    except VerificationError as error:
        print(f"A fault of ours, please report it: {error}", file=sys.stderr)
        return OUR_FAULT
    except (SchedulerError, OSError) as error:
        return _refused(error)
    except KeyboardInterrupt:
        print("Stopped; nothing was written.", file=sys.stderr)
        return NOTHING_FOUND
    except Exception as error:  # noqa: BLE001  # no traceback ever reaches a user
        print(
            f"A fault of ours, please report it: {type(error).__name__}: {error}", file=sys.stderr
        )
        return OUR_FAULT
    return status


def _refused(error: Exception) -> int:
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    print(error, file=sys.stderr)
    return PROBLEMS


class Parser(argparse.ArgumentParser):
    """Usage errors end with 64, as sysexits.h has it."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end."""
        self.print_usage(sys.stderr)
        print(f"{self.prog}: {message}", file=sys.stderr)
        raise SystemExit(USAGE)


def _parser(further: Mapping[str, str]) -> Parser:
    parser = Parser(
        prog="company-dating",
        description="Seats students at company tables, proven best, and prints the day.",
    )
    parser.add_argument("--version", action="version", version=f"company-dating {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_check(commands)
    _add_template(commands)
    _add_solve(commands)
    _add_verify(commands)
    _add_print(commands)
    _add_repair(commands)
    _add_standby(commands)
    _add_explain(commands)
    _add_whatif(commands)
    _add_forecast(commands)
    _add_generate(commands)
    _add_demo(commands)
    for name, text in further.items():
        commands.add_parser(name, help=text)
    return parser


def _add(
    commands: argparse._SubParsersAction[Parser],
    name: str,
    text: str,
    run: str,
    *,
    module: str = "commands",
) -> Parser:
    """Add a command whose function ``run`` of a module of this room is loaded when called."""

    def call(arguments: argparse.Namespace) -> int:
        loaded = import_module(f"scheduler.cli.{module}")
        function: Callable[[argparse.Namespace], int] = getattr(loaded, run)
        return function(arguments)

    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=call)
    return parser


def _add_event(parser: Parser) -> None:
    parser.add_argument(
        "event", metavar="EVENT", type=Path, help="a folder of files, or one .xlsx workbook"
    )


def _add_timetable(parser: Parser) -> None:
    parser.add_argument(
        "timetable", metavar="TIMETABLE", type=Path, help="timetable.csv or timetable.xlsx"
    )


def _add_out(parser: Parser) -> None:
    parser.add_argument(
        "--out", metavar="DIR", type=Path, required=True, help="folder for the results"
    )


def _add_check(commands: argparse._SubParsersAction[Parser]) -> None:
    _add_event(_add(commands, "check", "list every problem of the input", "check"))


def _add_template(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "template", "write an empty workbook to fill in", "template")
    parser.add_argument(
        "--out", metavar="FILE.xlsx", type=Path, required=True, help="the workbook to write"
    )
    parser.add_argument(
        "--language", choices=("en", "da"), default="en", help="of headers and help (en)"
    )


def _add_solve(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "solve", "make the timetable", "solve")
    _add_event(parser)
    _add_out(parser)
    parser.add_argument(
        "--keep",
        metavar="TIMETABLE",
        type=Path,
        help="keep its meetings, solve the rest around them",
    )
    _add_limits(parser)


def _add_limits(parser: Parser) -> None:
    """Add how long and with what to solve."""
    for name, value, text in (
        ("--time-limit", 60.0, "at most so many seconds (60)"),
        ("--comfort-s", 0.5, "seconds of it for fewer breaks (0.5)"),
    ):
        parser.add_argument(name, metavar="S", type=seconds, default=value, help=text)
    parser.add_argument(
        "--seed",
        metavar="N",
        type=natural,
        default=1,
        help="fixes free choices; another number may give another timetable (1)",
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=positive,
        default=None,
        help="searches at once, each on a core (as many as the machine has)",
    )


def _add_repair(commands: argparse._SubParsersAction[Parser]) -> None:
    text = "change least after no-shows, latecomers, walk-ins"
    parser = _add(commands, "repair", text, "repair", module="day")
    _add_event(parser)
    _add_timetable(parser)
    _add_changes(parser, is_required=True)
    _add_now(parser, "the time; meetings that began before it stay", is_required=True)
    _add_out(parser)
    _add_limits(parser)


def _add_standby(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "standby", "who can step in at a turn", "standby", module="day")
    _add_event(parser)
    _add_timetable(parser)
    _add_now(
        parser,
        "the time: only empty places of the next slot, and everybody who can take them",
        is_required=False,
    )
    _add_changes(parser, is_required=False)
    parser.add_argument("--company", metavar="ID", help="only this company")
    parser.add_argument("--out", metavar="FILE", type=Path, help="also write them as CSV")


def _add_changes(parser: Parser, *, is_required: bool) -> None:
    parser.add_argument(
        "--changes",
        metavar="FILE",
        type=Path,
        required=is_required,
        help="what happened: absent, arrives, leaves, forbid, tables",
    )


def _add_now(parser: Parser, text: str, *, is_required: bool) -> None:
    parser.add_argument(
        "--now", metavar="HH:MM", type=cell("parse_clock"), required=is_required, help=text
    )


def _add_verify(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "verify", "list every rule a timetable breaks", "verify")
    _add_event(parser)
    _add_timetable(parser)
    parser.add_argument("--json", action="store_true", help="for programs")


def _add_print(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "print", "make the PDFs", "print_pack")
    _add_event(parser)
    _add_timetable(parser)
    _add_out(parser)
    parser.add_argument(
        "--only",
        metavar="KINDS",
        type=kinds,
        help="some of schedules,companies,badges,signs,wall,desk,cover",
    )
    parser.add_argument(
        "--ids", metavar="FILE", type=Path, help="only these students and companies, one id a line"
    )
    parser.add_argument(
        "--stock",
        metavar="NAME",
        type=stock,
        help=f"badge sheets: {', '.join(STOCK_KEYS)} ({STOCK_KEYS[0]})",
    )
    parser.add_argument("--crop-marks", action="store_true", help="on badge sheets")
    parser.add_argument(
        "--offset-mm",
        metavar=("RIGHT", "UP"),
        nargs=2,
        type=float,
        default=(0.0, 0.0),
        help="moves the print on badge sheets",
    )


def _add_explain(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "explain", "say why a student and a company do not meet", "explain")
    _add_event(parser)
    _add_timetable(parser)
    for name, text in (("--student", "the student"), ("--company", "the company")):
        parser.add_argument(name, metavar="ID", required=True, help=f"{text}, by its id")
    parser.add_argument(
        "--time-limit",
        metavar="S",
        type=seconds,
        default=60.0,
        help="at most so many seconds to find the price of their meeting (60)",
    )


def _add_whatif(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "whatif", "solve with other settings, side by side", "whatif")
    _add_event(parser)
    for name, text in (
        ("--slot-min", "minutes of a meeting"),
        ("--changeover-min", "minutes between two slots"),
        ("--guarantee", "guaranteed meetings of a student"),
        ("--max-meetings", "most meetings of a student"),
    ):
        parser.add_argument(name, metavar="N,..", type=naturals, default=(), help=text)
    for name, text in (
        ("--tables", "tables of a company, by its id"),
        ("--seats", "seats at each of its tables"),
    ):
        parser.add_argument(
            name,
            metavar="COMPANY=N,..",
            type=of_company,
            nargs="+",
            action="extend",
            default=[],
            help=text,
        )
    parser.add_argument(
        "--end",
        metavar="HH:MM",
        type=cell("parse_clock"),
        nargs="+",
        default=(),
        help="end of the window",
    )
    parser.add_argument(
        "--time-limit",
        metavar="S",
        type=seconds,
        default=10.0,
        help="at most so many seconds for each (10)",
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def _add_forecast(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "forecast", "how many students fit a company's conditions", "forecast")
    _add_event(parser)
    for name, form, parse, text in (
        ("--languages", "pt:B2;en:B2|da:C1", "parse_needs", "all of these; | is either"),
        ("--fields", "FIELD;FIELD", "parse_words", "one of these"),
        ("--positions", "internship;full_time", "parse_positions", "one of these"),
        ("--small-talk", "da:A2", "parse_needs", "wishes, which refuse nobody"),
    ):
        parser.add_argument(
            name, metavar=f"'{form}'", type=cell(parse), default=(), help=f"{text}, as in the file"
        )


def _add_generate(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "generate", "make up an event folder", "generate")
    for name, text in (
        ("--students", "how many"),
        ("--companies", "how many"),
        ("--seed", "which event: the same number makes the same one again"),
    ):
        parser.add_argument(name, metavar="N", type=natural, required=True, help=text)
    _add_out(parser)
    for name, default, text in (
        ("--slots", 12, "times at which meetings begin"),
        ("--tables", 1, "tables of each company"),
        ("--seats", 6, "students at one table at once"),
        ("--wishes", 10, "companies that each student ranks"),
    ):
        parser.add_argument(
            name, metavar="N", type=positive, default=default, help=f"{text} ({default})"
        )
    parser.add_argument("--absences", action="store_true", help="people come late, leave early")
    parser.add_argument(
        "--hard",
        nargs="?",
        const="every",
        choices=("every", "narrow", "leaving", "walking", "rooms"),
        help="every rule at once, tight; or one difficulty that bites: students there for a third "
        "of the time, companies that leave at half-time, walks between buildings, full rooms",
    )


def _add_demo(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "demo", "the example event, from spreadsheets to PDFs", "demo")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("out"), help="folder (out)")
