"""What can go wrong with the server; all of it leaves the journal to be applied later."""

from __future__ import annotations


class ServerError(OSError):
    """The InfluxDB server does not do what it should."""


class ServerAwayError(ServerError):
    """It cannot be reached, or cannot work at the moment; the same request may go through later."""


class RefusedError(ServerError):
    """It refuses a request, and would refuse it again."""


class UntrustedError(ServerError):
    """It shows a certificate that nobody who is trusted has signed."""


class UnfitServerError(ServerError):
    """It is a server, or has a bucket, that cannot serve as a store."""
