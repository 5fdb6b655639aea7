"""Counted proofs: many made files through the rooms that read them, and what came of each."""
