"""Which file kinds may GDAL open: only those cfmap reads or writes; decided before pyogrio is imported."""

from __future__ import annotations

import os
import sys
from typing import Any

#: Everything of GDAL's wheel that opens other files or addresses named inside a file, or that nobody hands in
#: (https://gdal.org/user/security.html). What stays: ESRI Shapefile, GeoJSON, GPKG, FlatGeobuf, KML, File
#: Geodatabase, SQLite, CSV, XLSX, MEM, MapInfo File.
SKIPPED = (
    "OGR_VRT,GDALG,HTTP,WFS,OAPIF,OGCAPI,CSW,EEDA,EEDAI,Elasticsearch,Carto,AmigoCloud,PLSCENES,NGW,ADBC,PCIDSK,PDS4,VICAR,MBTiles,LVBAG,S57,DGN,GML,GPX,LIBKML,"
    "GeoJSONSeq,ESRIJSON,TopoJSON,OGR_GMT,WAsP,DXF,GeoRSS,VFK,OSM,GPSBabel,OGR_PDS,EDIGEO,Idrisi,ODS,SXF,Selafin,JML,VDV,MVT,MapML,GTFS,PMTiles,JSONFG,"
    "MiraMonVector,AVCBin,AVCE00,AIVector"
)
_SET = {"OGR_SKIP": SKIPPED, "CPL_LOG": os.devnull}  # names that a GDAL lacks are warned about: not on the user's terminal
#: What the environment of a process that opens outside files must hold from its start.
ONLY_ALLOWED = {**_SET, "PROJ_NETWORK": "OFF"}


def restrict() -> None:
    """
    Tell GDAL, through the environment, to leave those drivers out, and PROJ to stay off the network.

    What the user has set stays. No effect on a pyogrio that is already imported; the check of a file's first bytes
    (:mod:`cfmap.intake.geofile`) holds even then.
    """
    os.environ["PROJ_NETWORK"] = "OFF"
    if "pyogrio" not in sys.modules:
        for variable, value in _SET.items():
            os.environ.setdefault(variable, value)


def engine() -> Any:
    """Return the pyogrio module, imported with only the allowed drivers; the environment is as the user had it afterwards."""
    restrict()
    import pyogrio

    for variable, value in _SET.items():
        if os.environ.get(variable) == value:
            del os.environ[variable]  # a second GDAL in this process (fiona) has another list of drivers
    return pyogrio
