"""Where does an answer go? Into one file that is replaced only when all went well."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cfmap.model import InputError, fault
from cfmap.network.atomic import replacing
from cfmap.publish.files import explain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from cfmap.model import Fault


@dataclass(frozen=True)
class Found:
    """
    An answer.

    Attributes
    ----------
    out
        The file written; None = none was asked for.
    lines
        What was found, as (Chinese, English).
    faults
        What was found on the way.
    printed
        What was asked for, line by line, as (Chinese, English).
    facts
        The same for programs.
    """

    out: Path | None
    lines: Sequence[tuple[str, str]]
    faults: Sequence[Fault]
    printed: Sequence[tuple[str, str]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def expect(out: Path, suffixes: tuple[str, ...]) -> None:
    """Refuse an output of another kind, or in a folder that is not there, before any work."""
    if out.suffix.lower() not in suffixes:
        raise InputError(fault("E497", file=str(out), known=" ".join(suffixes)))
    if not out.parent.is_dir():
        raise InputError(fault("E494", file=str(out.parent), detail=str(out.parent)))


def write_layers(out: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Write a GeoPackage."""
    with _whole(out) as part:
        for name, frame in layers.items():
            frame.to_file(part, layer=name, driver="GPKG", engine="pyogrio", VERSION="1.3")


def write_table(out: Path, table: pd.DataFrame) -> None:
    """Write a CSV (UTF-8 with BOM) or a workbook."""
    with _whole(out) as part:
        if out.suffix.lower() == ".csv":
            table.to_csv(part, index=False, encoding="utf-8-sig", float_format="%.3f")
        else:
            table.to_excel(part, index=False, engine="xlsxwriter", engine_kwargs={"options": {"strings_to_formulas": False, "strings_to_urls": False}})


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A path to write to that takes the output's place at the end; what writers raise about the disk becomes a message."""
    with replacing(out) as part:
        try:
            yield part
        except Exception as error:
            if (known := explain(error, out.parent, needed=0)) is None:
                raise
            raise known from None
