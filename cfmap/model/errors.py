"""What can go wrong, by whom it can be mended, and the exit code that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cfmap.model.messages import Fault


@dataclass(frozen=True)
class Standing:
    """
    What readers see after a run that stopped.

    Attributes
    ----------
    version
        Number of the version; None when nothing was ever published.
    since
        When it was published, UTC as in the manifest.
    listing
        Where all that was found is listed; None when no list could be written.
    """

    version: int | None
    since: str = ""
    listing: Path | None = None


class CfmapError(Exception):
    """
    A fault that its reader can mend; carries every record found, not only the first.

    Parameters
    ----------
    faults
        The records (:class:`cfmap.model.messages.Fault`), at least one.

    Attributes
    ----------
    exit_code
        What the command line exits with.
    standing
        What readers see now; None when nothing was to be published.
    """

    exit_code = 1
    standing: Standing | None = None

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        from cfmap.model.messages import Fault

        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(f.render("en") for f in self.faults))


class ConfigError(CfmapError, ValueError):
    """A wrong command or city project (exit 2)."""

    exit_code = 2


class InputError(CfmapError, ValueError):
    """Input data that cannot be used as it is (exit 3)."""

    exit_code = 3


class EnvironmentFault(CfmapError, OSError):
    """Disk, rights, lock, memory, network or a missing part (exit 4)."""

    exit_code = 4


class SafetyRefusal(CfmapError, PermissionError):
    """Refused for safety: personal data, unsafe archive, path or driver (exit 5)."""

    exit_code = 5


class SelfCheckError(CfmapError, RuntimeError):
    """Outputs were written, read back and found wrong; nothing was published (exit 6)."""

    exit_code = 6
