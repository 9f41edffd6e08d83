"""Homeward: finds captured and deceased soldiers for their families, and leads them home."""

__version__ = "0.1.0"
