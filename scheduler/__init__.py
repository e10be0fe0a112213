"""The engine: values in, values out; no web, no database."""

__version__ = "0.1.0"
