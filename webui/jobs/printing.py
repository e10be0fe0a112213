"""The print job: the paper of a version as one PDF, or as a ZIP of several."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from scheduler.documents import BadgeSheets, PrintReport, print_pack, stock_named
from scheduler.errors import SchedulerError
from webui.jobs.worker import Running
from webui.operations import printing
from webui.operations.printing import Order


class _StoppedError(Exception):
    """Somebody cancelled it, or it is another worker's now."""


def run(running: Running) -> None:
    """Print what a job was asked for and store it to be downloaded."""
    order = running.database.again(lambda: printing.prepare(running.database, running.claimed))
    file, report = None, None
    if order.ids is None or order.ids:
        try:
            with TemporaryDirectory() as folder:
                report = _print(running, order, Path(folder))
                file = _as_one(running, order, report)
        except _StoppedError:
            pass
        except SchedulerError as error:
            running.fail("print", progress={"notes": [error.args[0]]})
            return
    running.store(
        lambda: printing.store_print(
            running.database,
            running.clock(),
            running.claimed,
            worker=running.worker,
            order=order,
            file=file,
            report=report if file else None,
        )
    )


def _print(running: Running, order: Order, folder: Path) -> PrintReport:
    asked = running.claimed.asked

    def tell(done: int, count: int) -> None:
        running.progress = {"done": done, "count": count}
        if running.should_stop():
            raise _StoppedError

    right, up = asked["offset_mm"]
    return print_pack(
        order.event,
        order.timetable,
        folder,
        only=asked["parts"],
        ids=order.ids,
        badge_ids=order.badge_ids,
        sheets=BadgeSheets(stock_named(asked["stock"]), (right, up), asked["has_crop_marks"]),
        version=order.number,
        since=order.since,
        progress=tell,
    )


def _as_one(running: Running, order: Order, report: PrintReport) -> tuple[str, str, bytes] | None:
    """Name, type and bytes of what people download; None where nobody is concerned."""
    if not report.files:
        return None
    part = "" if order.since is None else f"-changes-since-v{order.since}"
    base = f"{order.event.event_id}-v{order.number}{part}-{order.event.language}"
    if len(report.files) == 1:
        [only] = report.files
        return f"{base}-{only.kind}.pdf", "application/pdf", only.path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for own in report.files:
            archive.write(own.path, f"{base}/{own.path.name}")
    return f"{base}.zip", "application/zip", packed.getvalue()
