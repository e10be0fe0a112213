"""Prove the bank again, or add an event: ``python -m tests.scheduler.bank --help``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from scheduler.importers import load_event
from scheduler.model import Event
from tests.scheduler.bank.codec import read, written
from tests.scheduler.bank.proving import binding, prove
from tests.scheduler.bank.store import Saved, load, save

LARGEST = 400
"""Students x companies x slots of an event that HiGHS and the model alone prove in seconds."""


def main(arguments: list[str]) -> int:
    """Run one command; 1 when something differs or cannot be added."""
    parser = argparse.ArgumentParser(prog="python -m tests.scheduler.bank", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    again = commands.add_parser("prove", help="prove every value again, by every way")
    again.add_argument("--save", action="store_true", help="keep what is found now")
    again.add_argument("names", nargs="*", help="only these events")
    more = commands.add_parser("add", help="add an event, from a folder or a workbook")
    more.add_argument("path", type=Path)
    more.add_argument("--name", required=True, help="what the event is about")
    options = parser.parse_args(arguments)
    if options.command == "prove":
        return _prove(options.names, is_kept=options.save)
    return _add(load_event(options.path).event, options.name)


def _prove(names: list[str], *, is_kept: bool) -> int:
    bank = load()
    chosen = [saved for saved in bank if not names or saved.name in names]
    found = {saved.name: _proven(saved.name, saved.event) for saved in chosen}
    different = [saved for saved in chosen if found[saved.name] != saved]
    for saved in different:
        now = found[saved.name]
        print(f"{saved.name}: saved {saved.row} {saved.breaks} {saved.ways} {saved.binds}")
        print(f"  found {now.row} {now.breaks} {now.ways} {now.binds}")
    print(f"{len(chosen)} events proven, {len(different)} differ")
    if is_kept:
        save(found.get(saved.name, saved) for saved in bank)
    return 1 if different and not is_kept else 0


def _add(event: Event, name: str) -> int:
    bank, plain = load(), read(written(event))
    size = len(event.students) * len(event.companies) * len(event.window.slots)
    if size > LARGEST:
        print(f"{size} students x companies x slots, at most {LARGEST}; make the event smaller")
        return 1
    if any(saved.name == name or saved.event == plain for saved in bank):
        print(f"the bank has '{name}' or this very event already")
        return 1
    save([*bank, _proven(name, plain)])
    print(f"added '{name}'; {len(bank) + 1} events")
    return 0


def _proven(name: str, event: Event) -> Saved:
    proof = prove(event)
    saved = Saved(name, event, proof.row, proof.breaks, proof.ways, ())
    return replace(saved, binds=binding(event))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
