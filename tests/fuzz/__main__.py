"""``python -m tests.fuzz [N] [SEED]``."""

import sys
from pathlib import Path

from tests.fuzz.run import main

if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500, int(sys.argv[2]) if len(sys.argv) > 2 else 1, Path(".cache/fuzz")))
