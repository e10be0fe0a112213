"""Tokens that open something, and what is kept of them."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Make 256 random bits, as text for an address or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    """SHA-256 of a token: all that is stored; a token has enough bits to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
