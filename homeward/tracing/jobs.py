"""What the worker follows for this room."""

from homeward.tracing import following  # noqa: F401
