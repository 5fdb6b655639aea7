"""Run by the Python that QGIS comes with: opens a project, prints as JSON what QGIS made of it and, with a second argument, a picture."""

import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import Qgis, QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsProject
from qgis.PyQt.QtCore import QSize


def seen(layer):
    """One layer: whether it is valid, its rows, whether it is drawn as its package says."""
    told = {"id": layer.id(), "name": layer.name(), "valid": layer.isValid(), "rows": layer.featureCount(), "spatial": layer.isSpatial()}
    if layer.isValid() and layer.isSpatial():
        told["colours"] = [s.color().name() for s in layer.renderer().symbols(_context())] if layer.renderer() else []
        told["kind"] = layer.renderer().type() if layer.renderer() else ""
        layer.loadDefaultStyle()
        told["default_colours"] = [s.color().name() for s in layer.renderer().symbols(_context())] if layer.renderer() else []
        told["fits"] = all(s.type() == layer.geometryType() for s in layer.renderer().symbols(_context()))
    return told


def _context():
    from qgis.core import QgsRenderContext

    return QgsRenderContext()


def picture(project, path):
    """What a reader sees first."""
    settings = QgsMapSettings()
    settings.setLayers([n.layer() for n in project.layerTreeRoot().findLayers() if n.isVisible() and n.layer().isValid() and n.layer().isSpatial()])
    settings.setDestinationCrs(project.crs())
    settings.setExtent(project.viewSettings().defaultViewExtent())
    settings.setOutputSize(QSize(1200, 900))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(path)


application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
read = project.read(sys.argv[1])
report = {
    "qgis": Qgis.QGIS_VERSION,
    "read": read,
    "title": project.title(),
    "crs": project.crs().authid(),
    "author": project.metadata().author(),
    "groups": [g.name() for g in project.layerTreeRoot().findGroups()],
    "extent": [round(v) for v in (lambda e: (e.xMinimum(), e.yMinimum(), e.xMaximum(), e.yMaximum()))(project.viewSettings().defaultViewExtent())],
}
if len(sys.argv) > 2:
    picture(project, sys.argv[2])
report["layers"] = [seen(n.layer()) if n.layer() else {"id": n.layerId(), "name": n.name(), "valid": False} for n in project.layerTreeRoot().findLayers()]
print("REPORT " + json.dumps(report, ensure_ascii=False))
application.exitQgis()
