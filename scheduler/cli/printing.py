"""Printing the pack from the command line."""

from __future__ import annotations

STOCKS = ("avery-L4785",)
