"""Is text read in its own encoding: made CSV and .dbf files, counted."""
