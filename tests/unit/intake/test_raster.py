"""GeoTIFFs written here and read back: numbers, places, nodata, a part of them, and what cannot be read."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from cfmap.intake.raster import read_raster
from cfmap.model import EnvironmentFault, InputError

needs_rasterio = pytest.mark.skipif(find_spec("rasterio") is None, reason='needs rasterio: pip install "cfmap[raster]"')
VALUES = np.array([[1.5, -99999, 3], [4, np.nan, 6]], dtype=np.float32)
DEGREES = (0.001, 0, 123.0, 0, -0.001, 28.0)


def written(path, values=VALUES, transform=DEGREES, crs="EPSG:4326", scale=None, **options):
    import rasterio
    from affine import Affine

    height, width = values.shape
    options = {"driver": "GTiff", "height": height, "width": width, "count": 1, "dtype": values.dtype, "crs": crs, "transform": Affine(*transform)} | options
    with rasterio.open(path, "w", **options) as file:
        file.write(values, 1)
        if scale:
            file.scales, file.offsets = [scale], [10.0]
    return path


def fault_of(*arguments, **options):
    with pytest.raises(InputError) as caught:
        read_raster(*arguments, **options)
    return caught.value.faults[0]


@needs_rasterio
def test_numbers_places_and_nodata_are_read(tmp_path):
    raster = read_raster(written(tmp_path / "people.tif", nodata=-99999))
    assert raster.cells().tolist() == [0, 2, 3, 4, 5]
    np.testing.assert_array_equal(raster.known(), [1.5, 3, 4, np.nan, 6])
    assert raster.transform == pytest.approx(DEGREES)
    np.testing.assert_allclose(raster.at(np.array([5]), 0.5, 0.5), [[123.0025], [27.9985]])


@needs_rasterio
def test_scale_and_offset_apply_to_numbers_but_not_to_nodata(tmp_path):
    raster = read_raster(written(tmp_path / "people.tif", np.array([[1, 255, 3]], dtype=np.uint8), nodata=255, scale=0.5))
    assert raster.known().tolist() == [10.5, 11.5]


@needs_rasterio
def test_a_part_of_a_file_lies_where_it_lay_in_the_whole(tmp_path):
    values = np.arange(12.0).reshape(3, 4)
    path = written(tmp_path / "people.tif", values)
    part = read_raster(path, bounds=(123.0011, 27.9981, 123.0029, 27.9989))
    assert part.values.tolist() == [[5, 6]]
    np.testing.assert_allclose(part.at(np.array([0]), 0.0, 0.0), [[123.001], [27.999]])
    assert read_raster(path, bounds=(100, 0, 140, 60)).values.shape == (3, 4)


@needs_rasterio
def test_bounds_are_degrees_in_whatever_crs_the_file_is(tmp_path):
    from pyproj import Transformer

    corner = Transformer.from_crs(4326, 3857, always_xy=True).transform(123.0, 28.0)
    path = written(tmp_path / "people.tif", np.arange(100.0).reshape(10, 10), (100, 0, corner[0], 0, -100, corner[1]), "EPSG:3857")
    part = read_raster(path, bounds=(123.0001, 27.9995, 123.0016, 27.9999))
    assert part.values.tolist() == [[0, 1]]


@needs_rasterio
def test_what_is_no_geotiff_says_so(tmp_path):
    page = tmp_path / "people.tif"
    page.write_text("<html>404</html>")
    assert fault_of(page).code == "E256"
    assert fault_of(tmp_path / "absent.tif").code == "E256"
    good = written(tmp_path / "good.tif")
    assert fault_of(good, band=2).code == "E256"
    assert fault_of(good, bounds=(10, 10, 11, 11)).code == "E258"
    assert fault_of(good, bounds=(np.nan, 10, 11, 11)).code == "E258"
    cut = tmp_path / "cut.tif"
    cut.write_bytes(good.read_bytes()[:200])
    assert fault_of(cut).code == "E256"


@needs_rasterio
def test_a_picture_is_not_taken_for_people(tmp_path):
    """Other kinds of files, some of which open addresses named in them, are never opened."""
    page = tmp_path / "people.vrt"
    page.write_text('<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1"/></VRTDataset>')
    assert fault_of(page).code == "E256"


@needs_rasterio
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning" if find_spec("rasterio") else "default")
def test_without_crs_nothing_is_guessed(tmp_path):
    assert fault_of(written(tmp_path / "people.tif", crs=None)).code == "E388"


@needs_rasterio
def test_more_cells_than_memory_should_hold_are_refused_with_the_way_out(tmp_path):
    import rasterio
    from affine import Affine

    path = tmp_path / "country.tif"
    options = {"driver": "GTiff", "height": 20_000, "width": 20_000, "count": 1, "dtype": "uint8", "crs": "EPSG:4326", "SPARSE_OK": True, "tiled": True}
    with rasterio.open(path, "w", transform=Affine(*DEGREES), **options):
        pass
    assert fault_of(path).code == "E257"
    assert read_raster(path, bounds=(123.0001, 27.9901, 123.0099, 27.9999)).values.shape == (10, 10)


def test_without_rasterio_the_message_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "rasterio", None)
    with pytest.raises(EnvironmentFault) as caught:
        read_raster(tmp_path / "people.tif")
    (found,) = caught.value.faults
    assert found.code == "E407"
    assert all("cfmap[raster]" in found.render(lang) for lang in ("zh", "en"))


def test_people_by_minutes_needs_no_rasterio():
    script = "import sys; import cfmap.coverage, cfmap.geometry.raster, cfmap.intake.raster; sys.exit('rasterio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
