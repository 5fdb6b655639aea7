"""What surveyors take along: a workbook to fill in and a sheet of paper for every school, about what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.publish import files
from cfmap.publish.atlas import fonts
from cfmap.publish.survey_form import papers
from cfmap.publish.survey_form.places import Places
from cfmap.publish.survey_form.questions import Question, Round, rounds
from cfmap.publish.survey_form.workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cfmap.model import City
    from cfmap.network import Network

NAME = "学校周边现场调查表"
ZOOM = 18
ELSEWHERE = "https://uri.amap.com/marker?position={lon},{lat}&coordinate=wgs84&callnative=0"


def write(made: Sequence[Round], network: Network, city: City, folder: Path, *, bare: Sequence[str] = ()) -> list[Path]:
    """
    Write workbook and sheets under names that are not taken yet, so that no form that somebody is filling in is lost.

    The workbook names the sites in `bare`, which have no road for motor traffic near.
    Without a Chinese font on this computer (:data:`cfmap.publish.atlas.fonts.FAMILIES`) there is the workbook alone.

    Raises
    ------
    EnvironmentFault
        The folder cannot be written.
    """
    note = "演示数据" if city.city.demo else ""
    folder.mkdir(parents=True, exist_ok=True)
    stem = next(s for n in range(1, 10_000) if not list(folder.glob(f"{(s := NAME if n == 1 else f'{NAME}-{n}')}.*")))
    written = [files.write_bytes(folder / f"{stem}.xlsx", workbook(made, settings=city, note=note, link=lambda place: link(city, place), bare=bare))]
    if (font := fonts.family()) is not None:
        written.append(files.write_bytes(folder / f"{stem}.pdf", papers.pdf(made, Places(network), city=city.city.name, note=note, font=font)))
    return written


def link(city: City, place: tuple[float, float]) -> str:
    """Address that shows a place: the city's own published page, else a map service that phones in China have."""
    lon, lat = place
    if city.publish.address:
        return f"{city.publish.address}#perimeter=1&at={ZOOM}/{lat:.5f}/{lon:.5f}"
    return ELSEWHERE.format(lon=f"{lon:.6f}", lat=f"{lat:.6f}")


__all__ = ["NAME", "Question", "Round", "link", "rounds", "write"]
