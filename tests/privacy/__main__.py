"""``python -m tests.privacy [N] [SEED]``: the table of docs/privacy.md; exit 1 when less is found or more is stopped than the tests allow."""

import sys

from tests.privacy.rates import measure, table

if __name__ == "__main__":
    personal, harmless = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(table(personal, harmless))
    raise SystemExit(any(r.share < 0.995 for r in personal) or any(r.share > 0.005 for r in harmless))
