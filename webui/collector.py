"""When the garbage collector works: between requests, not in the middle of a page.

A large page makes some hundred thousand objects, nearly all of which leave by themselves. The
collector looks at all that are left whenever there are more than its limit, and whoever waits for
a page would wait for that too: a fifth of the time after a change of an event of 1,600 students.
"""

from __future__ import annotations

import gc

YOUNG = 50_000
"""Objects since the last look after which it looks between two requests."""
OLDER = 20
"""Looks at the younger ones after which the older ones are looked at too."""
IN_A_REQUEST = 400_000
"""Objects after which it does not wait for the request to end."""


def begin() -> None:
    """Take what there is, which lives as long as the process, from the collector."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(IN_A_REQUEST, OLDER, OLDER)


def collect_between_requests() -> None:
    """Look for what does not leave by itself, where enough has come."""
    young, middle, old = gc.get_count()
    if young > YOUNG:
        gc.collect(2 if old > OLDER else 1 if middle > OLDER else 0)
