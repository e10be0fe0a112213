"""The engine's commands; what is slow is imported only by the command that needs it."""

from scheduler.cli.main import main

__all__ = ["main"]
