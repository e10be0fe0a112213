"""When more people come at once than can be served: who would wait too long is told so at once.

A request waits for one of the server's threads. Answered after many seconds it is worth little, and
the ones behind it wait as long. So a request that has waited `LONGEST_S` gets a short answer that
says when to come again: browsers then load the page again by themselves, and a list of wishes keeps
what was chosen and sends it again.
"""

from __future__ import annotations

import random
import selectors
import threading
import time
from functools import partial
from typing import Any

from flask import Response, render_template, request
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # ships no types

from webui.collector import collect_between_requests
from webui.pages import SAME_FOR_ALL

LONGEST_S = 1.5
AGAIN_S = (3, 10)
"""Between these, drawn by lot, so that not everybody comes again in the same second."""

_own = threading.local()


class Worker(ThreadWorker):  # type: ignore[misc]  # its base has no types
    """Gunicorn's worker with threads, which notes how long each request waited for one.

    Browsers open connections before they have anything to ask. Gunicorn gives each of them a thread
    for five seconds; here they wait beside the queue until a request comes, and the time until then
    is not the server's.
    """

    def enqueue_req(self, conn: Any) -> None:
        """Put a connection at the end of the queue, a new one when its request comes."""
        if conn.initialized or conn.data_ready:
            conn.queued_at = time.monotonic()
            super().enqueue_req(conn)
            return
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request, in a thread; once the answer is sent, garbage is collected."""
        _own.waited_s = time.monotonic() - conn.queued_at
        conn.queued_at = time.monotonic()
        stays_open = super().handle_request(req, conn)
        collect_between_requests()
        return stays_open


def turn_away() -> Response | None:
    """Tell who has waited too long to come again; runs before every request."""
    if getattr(_own, "waited_s", 0.0) <= LONGEST_S or request.endpoint in SAME_FOR_ALL:
        return None
    answer = Response(render_template("busy.html"), 503)
    wait_s = str(random.randint(*AGAIN_S))  # noqa: S311  # nothing here is secret
    answer.headers["Retry-After"] = wait_s
    if request.method == "GET":
        answer.headers["Refresh"] = wait_s
    return answer
