"""A rule said no: raised by actions, shown to the person who asked in her own language."""


class Refusal(Exception):
    """A rule said no. The message is translated and fit for the person who asked; it names nobody."""

    status = 409


class NotYours(Refusal):
    """The person may know the thing exists, but not do this to it."""

    status = 403
