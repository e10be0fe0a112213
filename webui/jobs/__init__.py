"""Work outside the request: the worker and what it does, solving, printing, sending mail."""
