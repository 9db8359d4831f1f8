"""Opens layers of a GeoPackage in QGIS as a user would, draws them, and reports the result. Run by QGIS's own Python.

python3 qgis_render.py file.gpkg picture.png layer [layer ...]        the first is drawn on top
"""

import json
import sys


def main() -> None:
    # Only QGIS's own Python has these; a collector of tests must be able to import this file.
    from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer
    from qgis.PyQt.QtCore import QSize

    application = QgsApplication([], False)
    application.initQgis()
    file, picture, *names = sys.argv[1:]
    layers = [QgsVectorLayer(f"{file}|layername={name}", name, "ogr") for name in names]
    found = []
    for layer in layers:
        renderer = layer.renderer() if layer.isValid() else None
        rules = renderer.rootRule().children() if renderer is not None and renderer.type() == "RuleRenderer" else []
        counts = [layer.dataProvider().subsetString()] if not layer.isValid() else []
        found.append(
            {
                "valid": layer.isValid(),
                "features": layer.featureCount(),
                "crs": layer.crs().authid(),
                "renderer": renderer.type() if renderer is not None else "",
                "labels": [rule.label() for rule in rules],
                "filters": [rule.filterExpression() for rule in rules],
                "broken": [rule.label() for rule in rules if rule.symbol() is None],
                "drawn": [sum(1 for one in layer.getFeatures(rule.filterExpression())) for rule in rules],
                "patterns": [[part.layerType() for part in rule.symbol().symbolLayers()] for rule in rules],
                "subset": counts,
            }
        )
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[0].crs())
    settings.setExtent(layers[-1].extent())
    settings.setOutputSize(QSize(1100, 1400))
    settings.setOutputDpi(150)
    settings.setFlag(QgsMapSettings.Antialiasing, True)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
