"""Shapes in a metric plane: which plane, and which ground lies beside lines. Knows nothing of streets or sites."""
