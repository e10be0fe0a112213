"""How Hypothesis looks for counterexamples: the same ones every time, or new ones on request.

``pytest --hypothesis-profile explore`` tries other examples every time.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

_SHARED = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("suite", _SHARED, derandomize=True, database=None)
settings.register_profile("explore", _SHARED)
settings.load_profile("suite")
