"""Does an engine nobody here wrote find the same walking distances? Valhalla judges cfmap: ``make judge``."""
