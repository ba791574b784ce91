"""The exceptions of the library: one base class, and one class for each kind of error.

Every exception carries what the error catalogue says of it: ``kind``, ``code`` (stable, lower case), ``path``
(the format's own path, such as ``Patient.name[0].family``), ``span`` (first byte, byte after the last) and
``message``. None of them ever holds text of a record.
"""

from __future__ import annotations

__all__ = [
    "ArgumentError",
    "ChartkeeperError",
    "InputError",
    "IoError",
    "LedgerError",
    "LimitError",
    "PackError",
    "PolicyError",
    "ReleaseError",
]


class ChartkeeperError(Exception):
    """Anything that the library reports; catch a subclass to act on one kind."""

    kind: str
    code: str
    message: str
    path: str | None
    span: tuple[int, int] | None

    def __init__(
        self,
        kind: str,
        code: str,
        message: str,
        path: str | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:
        """Keep all five as arguments, so that an exception survives pickling between processes."""
        super().__init__(kind, code, message, path, span)
        self.kind = kind
        self.code = code
        self.message = message
        self.path = path
        self.span = span

    def __str__(self) -> str:
        """Return the message alone: it already names the place."""
        return self.message


class InputError(ChartkeeperError, ValueError):
    """The bytes of a record are not what their format allows."""


class ArgumentError(ChartkeeperError, ValueError):
    """An argument is missing, unknown or contradicts another."""


class PackError(ChartkeeperError):
    """A knowledge pack cannot be read, is damaged, or needs a licence."""


class PolicyError(ChartkeeperError):
    """A de-identification policy is unknown, or does not conform to what it calls itself."""


class ReleaseError(ChartkeeperError):
    """A request for a release cannot be understood, so nothing is released."""


class LedgerError(ChartkeeperError):
    """The disclosure ledger cannot be read, written or verified, so nothing is released."""


class IoError(ChartkeeperError):
    """The operating system refused a file or random bytes."""


class LimitError(ChartkeeperError):
    """A limit that protects the host process was reached."""


_CLASSES: dict[str, type[ChartkeeperError]] = {
    "input": InputError,
    "argument": ArgumentError,
    "pack": PackError,
    "policy": PolicyError,
    "release": ReleaseError,
    "ledger": LedgerError,
    "io": IoError,
    "limit": LimitError,
}


def from_native(
    kind: str, code: str, message: str, path: str | None, span: tuple[int, int] | None
) -> ChartkeeperError:
    """Build the exception for an error of the core; an unlisted kind is the base class."""
    return _CLASSES.get(kind, ChartkeeperError)(kind, code, message, path, span)
