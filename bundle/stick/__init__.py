"""What lies on the stick as it is; `start.py` is run there without the rest."""
