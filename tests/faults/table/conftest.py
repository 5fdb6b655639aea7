"""After a run of the fault table alone: row, code, exit, outcome, one line each."""

from __future__ import annotations


def pytest_terminal_summary(terminalreporter, config):
    """Print the table, and what of it is held elsewhere or is open, when only these tests were asked for."""
    if not any("faults/table" in argument for argument in config.args):
        return
    from tests.faults.table.case import ELSEWHERE, OPEN

    lines = []
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, ()):
            row = dict(report.user_properties).get("row")
            if row and report.when == "call":
                lines.append(f"{row[0]}  {row[2] or 'right':<6} exit {row[3]}  {outcome:<7} {row[1]}")
    lines += [f"{row}  {'':<6} {'':<6}  held    {test}" for row, tests in ELSEWHERE.items() for test in tests]
    lines += [f"{row}  {'':<6} {'':<6}  open    {why}" for row, why in OPEN.items()]
    for line in sorted(lines):
        terminalreporter.write_line(line)
