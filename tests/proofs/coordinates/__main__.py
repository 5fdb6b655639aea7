"""``python -m tests.proofs.coordinates [N] [SEED] [--write]``."""

import sys

from tests.proofs.coordinates.run import main

if __name__ == "__main__":
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    raise SystemExit(main(numbers[0] if numbers else 10, numbers[1] if len(numbers) > 1 else 1, write="--write" in sys.argv))
