"""The reading process with a door for streets, which a run otherwise reads itself: ``python -m tests.fuzz.street_reader``."""

from __future__ import annotations

from pathlib import Path

from cfmap.intake import reader_process


def _streets(*, path):
    from cfmap.intake.osm import OsmExtract
    from cfmap.network import Network

    Network.from_file(Path(path))
    OsmExtract.read(Path(path), [])
    return {}, b""


if __name__ == "__main__":
    reader_process.DOORS["streets"] = _streets
    reader_process.MAX_MEMORY_BYTES = 12_000_000_000  # compiled kernels reserve much that they do not use
    reader_process.main()
