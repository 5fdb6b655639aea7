"""One site more changes what a whole new search would change, and nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from cfmap.network.one_more import one_more
from tests.property.worlds import network_of, snapped_at, worlds


@settings(max_examples=200)
@given(worlds())
def test_one_site_more_brings_nearer_what_a_new_search_says(world):
    n, edges, sources, limit, connectors, reverse = world
    network = network_of(n, edges)
    options = {"limit_mm": limit, "connectors": connectors, "reverse": reverse}
    for new in range(len(sources)):
        others = [s for k, s in enumerate(sources) if k != new]
        field = network.travel(snapped_at([*others, (0, 0, 0)]).take(np.arange(len(others))), **options)
        untouched = field.label.copy()
        nearer = one_more(field, snapped_at([sources[new]]), connectors=connectors)
        assert np.array_equal(field.label, untouched)
        after = network.travel(snapped_at([*others, sources[new]]), **options).node_mm
        changed = np.flatnonzero(after != field.node_mm)
        assert sorted(zip(nearer.node.tolist(), nearer.mm.tolist(), nearer.before_mm.tolist(), strict=True)) == [
            (node, int(after[node]), int(field.node_mm[node])) for node in changed.tolist()
        ]
