"""The application as ``company-dating serve`` starts it, on a folder that is there already."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTS_WITHIN_S = 60
ENDS_WITHIN_S = 20


@contextmanager
def served(home: Path, *, environment: dict[str, str] | None = None) -> Iterator[str]:
    """Serve a folder on this computer until the block ends; gives the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    own = {"COMPANY_DATING_HOME": str(home), "COMPANY_DATING_URL": url, **(environment or {})}
    process = subprocess.Popen(
        [sys.executable, "-m", "webui", "serve"],
        env={**os.environ, **own},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(url, process)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server does not start")
