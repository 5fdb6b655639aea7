"""What does it cost to start? ``cfmap --help`` against ``python -c "import click"``, CPU seconds, interleaved, one run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

ROUNDS = 11
GOAL = 3.0


def cpu_seconds(*args: str) -> float:
    """CPU seconds (user + system) of one child process."""
    before = os.times()
    subprocess.run([sys.executable, *args], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return (after.children_user - before.children_user) + (after.children_system - before.children_system)


def main() -> None:
    """Print the two medians and their ratio."""
    commands = {"import click": ("-c", "import click"), "cfmap --help": ("-m", "cfmap", "--help")}
    for args in commands.values():
        cpu_seconds(*args)  # bytecode is compiled before anything is timed
    runs: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, args in commands.items():
            runs[name].append(cpu_seconds(*args))
    peer, ours = (statistics.median(runs[name]) for name in commands)
    print(f"import click {peer:.3f} s, cfmap --help {ours:.3f} s: {ours / peer:.2f}x (goal <= {GOAL:.0f}x)")


if __name__ == "__main__":
    main()
