"""What is a writer of an edition?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from cfmap.model.edition import Edition
    from cfmap.model.messages import Fault


def no_check(edition: Edition, folder: Path) -> Iterable[Fault]:  # noqa: ARG001 - the shape of a check
    """Find nothing to compare."""
    return ()


@dataclass(frozen=True)
class Writer:
    """
    One kind of output.

    Parameters
    ----------
    key
        Name in ``WRITERS``.
    title, title_en
        What it is for its readers.
    files
        Names of the files it always makes, relative to the version's folder.
    write
        Writes an edition into a folder and returns every file it made; the same edition gives the same bytes under
        ``SOURCE_DATE_EPOCH``. A public edition has been stripped by :func:`cfmap.publish.public.public` before.
    maybe
        Names of files that it makes only where the computer can (a PDF needs a Chinese font); its `check` says why one is missing.
    check
        Reads back what was written and yields a record for each thing that does not agree with the edition.
    """

    key: str
    title: str
    title_en: str
    files: tuple[str, ...]
    write: Callable[[Edition, Path], Iterable[Path]]
    check: Callable[[Edition, Path], Iterable[Fault]] = no_check
    maybe: tuple[str, ...] = ()
