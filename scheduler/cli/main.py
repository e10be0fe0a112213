"""Reading the command line, and turning every outcome into an exit status."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from scheduler import __version__
from scheduler.errors import InvalidEventError, SchedulerError, VerificationError

STOCK_KEYS = ("avery-l4785", "avery-c32011", "avery-7414", "herma-4099")
"""Of `scheduler.documents.STOCKS`, the default first; known here without loading the documents."""

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
    _add_explain(commands)
    _add_whatif(commands)
    _add_forecast(commands)
    _add_generate(commands)
    _add_demo(commands)
    for name, text in further.items():
        commands.add_parser(name, help=text)
    return parser


def _add(commands: argparse._SubParsersAction[Parser], name: str, text: str, run: str) -> Parser:
    """Add a command whose function ``run`` of ``scheduler.cli.commands`` is loaded when called."""

    def call(arguments: argparse.Namespace) -> int:
        from scheduler.cli import commands as module

        function: Callable[[argparse.Namespace], int] = getattr(module, run)
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
        "--time-limit",
        metavar="S",
        type=_seconds,
        default=60.0,
        help="at most so many seconds (60)",
    )
    parser.add_argument(
        "--comfort-s",
        metavar="S",
        type=_seconds,
        default=0.5,
        help="seconds of it for fewer breaks (0.5)",
    )
    parser.add_argument(
        "--keep",
        metavar="TIMETABLE",
        type=Path,
        help="keep its meetings, solve the rest around them",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=_natural,
        default=1,
        help="fixes free choices; another number may give another timetable (1)",
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=_positive,
        default=None,
        help="searches at once, each on a core (as many as the machine has)",
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
        type=_kinds,
        help="some of schedules,companies,badges,signs,wall,desk,cover",
    )
    parser.add_argument(
        "--ids", metavar="FILE", type=Path, help="only these students and companies, one id a line"
    )
    parser.add_argument(
        "--stock",
        metavar="NAME",
        type=_stock,
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
        type=_seconds,
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
        parser.add_argument(name, metavar="N,..", type=_naturals, default=(), help=text)
    for name, text in (
        ("--tables", "tables of a company, by its id"),
        ("--seats", "seats at each of its tables"),
    ):
        parser.add_argument(
            name,
            metavar="COMPANY=N,..",
            type=_of_company,
            nargs="+",
            action="extend",
            default=[],
            help=text,
        )
    parser.add_argument(
        "--end",
        metavar="HH:MM",
        type=_cell("parse_clock"),
        nargs="+",
        default=(),
        help="end of the window",
    )
    parser.add_argument(
        "--time-limit",
        metavar="S",
        type=_seconds,
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
            name, metavar=f"'{form}'", type=_cell(parse), default=(), help=f"{text}, as in the file"
        )


def _add_generate(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "generate", "make up an event folder", "generate")
    for name, text in (
        ("--students", "how many"),
        ("--companies", "how many"),
        ("--seed", "which event: the same number makes the same one again"),
    ):
        parser.add_argument(name, metavar="N", type=_natural, required=True, help=text)
    _add_out(parser)
    for name, default, text in (
        ("--slots", 12, "times at which meetings begin"),
        ("--tables", 1, "tables of each company"),
        ("--seats", 6, "students at one table at once"),
        ("--wishes", 10, "companies that each student ranks"),
    ):
        parser.add_argument(
            name, metavar="N", type=_positive, default=default, help=f"{text} ({default})"
        )
    parser.add_argument("--absences", action="store_true", help="people come late, leave early")
    parser.add_argument("--hard", action="store_true", help="every rule at once, tight")


def _add_demo(commands: argparse._SubParsersAction[Parser]) -> None:
    parser = _add(commands, "demo", "the example event, from spreadsheets to PDFs", "demo")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("out"), help="folder (out)")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds of 0 or more")
    return value


def _natural(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 to 2147483647")
    return value


def _naturals(text: str) -> tuple[int, ...]:
    try:
        return tuple(_natural(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not whole numbers with , between them"
        ) from None


def _of_company(text: str) -> tuple[str, tuple[int, ...]]:
    company_id, _, numbers = text.rpartition("=")
    if not company_id:
        raise argparse.ArgumentTypeError(f"'{text}' is not COMPANY=N, such as fjord-robotics=2")
    return company_id, _naturals(numbers)


def _cell(parser: str) -> Callable[[str], Any]:
    """Read an option as ``scheduler.importers.cells`` reads a cell."""

    def parse(text: str) -> Any:
        from scheduler.importers import cells  # only for who gives such an option

        try:
            return getattr(cells, parser)(text.strip())
        except cells.CellError as error:
            said = f"{error}; {error.remedy}" if error.remedy else str(error)
            raise argparse.ArgumentTypeError(said) from None

    return parse


def _positive(text: str) -> int:
    value = _natural(text)
    if value == 0:
        raise argparse.ArgumentTypeError("0 is too few, use 1 or more")
    return value


def _kinds(text: str) -> tuple[str, ...]:
    from scheduler.documents import KINDS  # ReportLab only for who prints

    kinds = tuple(kind.strip() for kind in text.split(",") if kind.strip())
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        raise argparse.ArgumentTypeError(
            f"'{', '.join(unknown) or text}' is not one of {', '.join(KINDS)}"
        )
    return kinds


def _stock(text: str) -> str:
    if text not in STOCK_KEYS:
        raise argparse.ArgumentTypeError(f"'{text}' is not one of {', '.join(STOCK_KEYS)}")
    return text
