"""
Publishing proved on a real small city: ``make crash N=200 SEED=1``.

- N builds are killed (SIGKILL) at random moments, half of them while they publish;
- every single change of the disk that a build makes fails once with ENOSPC, EACCES and EIO, and every writer meets a size that it may not pass;
- a second build while the first one publishes is refused, and the first one ends well.

After each of them readers must see one whole version, old or new, and the next build must need no hand work.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import json
import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from filelock import FileLock

from cfmap.publish.lock import LOCK

ROOT = Path(__file__).resolve().parents[2]
CODES = (errno.ENOSPC, errno.EACCES, errno.EIO)
SIZES = (1_000, 4_000, 9_000, 15_000, 30_000, 60_000, 100_000, 150_000, 250_000, 400_000)  # bytes that no file may pass; the largest has more


def make(folder: Path) -> Path:
    """A small city of two layers."""
    from tests.e2e import small_city

    return small_city.make(folder)


def write_mark(project: Path, mark: str) -> None:
    """Put a mark into the name of every nursery, so that each file says of which run it is."""
    from tests.e2e import small_city

    rows = small_city.childcare_rows()
    for row in rows[1:]:
        row[1] = f"{row[1]}{mark}园"
    small_city.childcare_csv(project, rows)


def shown(project: Path) -> tuple[str, str]:
    """What readers see: ("whole", mark), ("broken", why) or ("mixed", marks)."""
    import pandas as pd

    from cfmap.publish import manifest, pointer, release

    out = project / "output" / "2024"
    version = release.current(out)
    if version is None:
        return "broken", "no pointer"
    folder = out / "versions" / pointer.name(version)
    if not manifest.complete(folder):
        return "broken", f"version {version} is not what its manifest says"
    with contextlib.closing(sqlite3.connect(f"{(folder / 'sites.gpkg').as_uri()}?mode=ro", uri=True)) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM childcare")}
    table = pd.read_parquet(folder / "sites.parquet")
    names |= set(table.loc[table["layer"] == "childcare", "name"])
    marks = {name.split("托育园")[1].removesuffix("园") for name in names}
    return ("whole", marks.pop()) if len(marks) == 1 else ("mixed", " ".join(sorted(marks)))


# -- the process that is forked for every run ------------------------------------------------------------------------


def _child(request: dict[str, Any], told: int) -> int:
    """One build with what is asked for; says on `told` when it begins to publish."""
    from cfmap.cli import main
    from cfmap.publish import release

    project = Path(request["project"])
    real = release._write

    def write(*args: Any, **kwargs: Any) -> Any:
        os.write(told, b"p")
        return real(*args, **kwargs)

    release._write = write
    count = _fail_at(request["nth"], request["errno"], project / "output") if "nth" in request else None
    if "size" in request:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["size"], resource.RLIM_INFINITY))
    with Path(os.devnull).open("w") as nothing, Path(request["words"]).open("w", encoding="utf-8") as words:
        sys.stdout, sys.stderr = nothing, words
        code = main(["--lang", "zh", "build", str(project)])
    if count is not None:
        os.write(told, f"n{count[0]}".encode())
    return code


def _fail_at(nth: int, code: int, below: Path) -> list[int]:
    """Let the nth change of the disk below a folder fail once; gives the list that counts them."""
    count = [0]
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def step(path: object) -> None:
        if not str(path).startswith(str(below)):
            return
        count[0] += 1
        if count[0] == nth:
            raise OSError(code, os.strerror(code), str(path))

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], (str, bytes)) and isinstance(args[2], int) and args[2] & writing:
            step(os.fsdecode(args[0]))
        elif event in {"os.rename", "os.mkdir", "os.remove", "os.rmdir"}:
            step(os.fsdecode(args[0]) if isinstance(args[0], (str, bytes)) else "")

    real = os.fsync

    def fsync(descriptor: int) -> None:
        step(Path(f"/proc/self/fd/{descriptor}").resolve() if sys.platform == "linux" else below)
        real(descriptor)

    os.fsync = fsync
    sys.addaudithook(hook)
    return count


def forge() -> None:
    """Fork a build for each request (a line of JSON), kill or pause it as asked, and say how it ended."""
    import cfmap.cli
    import cfmap.pipeline
    import cfmap.publish.release  # noqa: F401 - warm before the fork, nothing computed

    for module in ("cfmap.coverage", "cfmap.indicators", "cfmap.intake.osm", "cfmap.network", "cfmap.publish", "cfmap.publish.reports"):
        __import__(module)
    print("ready", flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        listen, tell = os.pipe()
        started = time.monotonic()
        pid = os.fork()
        if pid == 0:
            os.close(listen)
            code = 1
            try:
                code = _child(request, tell)
            finally:
                os._exit(code)
        os.close(tell)
        if request.get("from") == "publish":
            select.select([listen], [], [])
        began = time.monotonic() - started
        if request.get("pause"):
            os.kill(pid, signal.SIGSTOP)
            print(json.dumps({"paused": pid, "began": began}), flush=True)
            os.close(listen)
            continue
        if "delay" in request:
            select.select([], [], [], request["delay"])
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        count = b""
        while piece := os.read(listen, 64):
            count += piece
        os.close(listen)
        steps = int(count.rpartition(b"n")[2] or 0) if b"n" in count else 0
        answer = {
            "killed": os.WIFSIGNALED(status),
            "exit": os.waitstatus_to_exitcode(status),
            "began": began,
            "seconds": time.monotonic() - started,
            "steps": steps,
        }
        print(json.dumps(answer), flush=True)


class Forge:
    """The line to a warm process."""

    def __init__(self, project: Path) -> None:
        self.project, self.words = project, project / "words.txt"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.crash", "--forge"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout.readline() == "ready\n"

    def run(self, **request: Any) -> dict[str, Any]:
        self.process.stdin.write(json.dumps({"project": str(self.project), "words": str(self.words), **request}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


# -- the proofs ------------------------------------------------------------------------------------------------------


class Proof:
    """Runs in one project, and what readers saw after each."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        self.project = make(folder)
        self.forge = Forge(self.project)
        self.chance = random.Random(seed)
        self.number, self.before, self.tally, self.faults = 0, "", Counter(), []
        self.plain()  # the first run compiles and fills caches
        self.times = self.plain()

    def plain(self) -> dict[str, Any]:
        """One build that must end well and show its own mark."""
        answer = self._marked()
        if answer["exit"] != 0 or shown(self.project) != ("whole", self.mark):
            self.faults.append(f"a plain run: {answer} {shown(self.project)} {self.forge.words.read_text(encoding='utf-8')}")
        left = [p.name for p in (self.project / "output/2024/versions").iterdir() if p.name.endswith(".part")]
        if left:
            self.faults.append(f"left behind: {left}")
        self.before = self.mark
        return answer

    def _marked(self, **request: Any) -> dict[str, Any]:
        self.number += 1
        self.mark = f"甲{self.number}"
        write_mark(self.project, self.mark)
        return self.forge.run(**request)

    def _look(self, what: str, answer: dict[str, Any]) -> None:
        state, said = shown(self.project)
        self.tally[state if state != "whole" else "new version" if said == self.mark else "old version"] += 1
        if state != "whole" or said not in (self.before, self.mark):
            self.faults.append(f"{what}: {state} {said}, {answer}")
        self.before = said if state == "whole" else self.before

    def kills(self, count: int) -> None:
        """Kill builds at random moments until `count` have died; some end before their moment comes."""
        whole = self.times["seconds"]
        for number in range(4 * count):
            if self.tally["killed"] >= count:
                break
            if number % 2:  # while it publishes
                answer = self._marked(**{"from": "publish", "delay": self.chance.uniform(0, 1.1 * max(whole - self.publish_began, 0.2))})
            else:
                answer = self._marked(delay=self.chance.uniform(0, 1.1 * whole))
            self.tally["killed"] += answer["killed"]
            self._look(f"kill {number}", answer)
        if self.tally["killed"] < count:
            self.faults.append(f"only {self.tally['killed']} of {count} builds were killed: the moments come too late on this machine")
        self.plain()

    @property
    def publish_began(self) -> float:
        """Seconds into a run at which it begins to publish."""
        if not hasattr(self, "_began"):
            answer = self._marked(**{"from": "publish"})
            self._began = answer["began"]
            self._look("measuring", answer)
        return self._began

    def failures(self, *, every: int = 1) -> None:
        """Let every single change of the disk fail once, with each error."""
        steps = self._marked(nth=0, errno=0)["steps"]
        self._look("counting", {})
        self.tally["steps"] = steps
        for code in CODES:
            for nth in range(1, steps + 1, every):
                self._failed(f"{errno.errorcode[code]} at {nth}", nth=nth, errno=code)
        self.plain()

    def sizes(self, sizes: tuple[int, ...] = SIZES) -> None:
        """Let no file pass a size, which stops the writers that are not Python's."""
        for size in sizes:
            self._failed(f"no file beyond {size} bytes", size=size)
        self.plain()

    def _failed(self, what: str, **request: Any) -> None:
        answer = self._marked(**request)
        self.tally[f"exit {answer['exit']}"] += 1
        self._look(what, answer)
        words = self.forge.words.read_text(encoding="utf-8")
        if answer["exit"] not in (0, 4) or "Traceback" in words or (answer["exit"] == 4 and self.before == self.mark and "没有发布任何内容" in words):
            self.faults.append(f"{what}: {answer} {words[-400:]}")
        if answer["exit"] == 0 and self.before != self.mark:
            self.faults.append(f"{what}: exit 0, yet the version is not shown")

    def two_at_once(self) -> None:
        """A second build while the first one publishes."""
        first = self._marked(**{"from": "publish", "pause": True})
        first_mark = self.mark
        second = self._marked()
        words = self.forge.words.read_text(encoding="utf-8")
        if second["exit"] != 4 or "E401" not in words:
            self.faults.append(f"two at once: {second} {words[-400:]}")
        os.kill(first["paused"], signal.SIGCONT)
        until = time.monotonic() + 60
        while shown(self.project) != ("whole", first_mark) and time.monotonic() < until:
            time.sleep(0.1)
        if shown(self.project) != ("whole", first_mark):
            self.faults.append(f"two at once: the first did not end well, {shown(self.project)}")
        self.before = first_mark
        self.tally["refused"] += 1
        with FileLock(self.project / "output" / "2024" / LOCK, timeout=60):  # shown, and altogether done
            pass
        self.plain()

    def close(self) -> None:
        self.forge.close()


def main() -> int:
    """Run all proofs and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=200, help="builds to kill")
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--every", type=int, default=1, help="only every so manieth change of the disk")
    parser.add_argument("--forge", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.forge:
        forge()
        return 0
    os.environ["PYTHONPATH"] = str(ROOT)
    folder = Path(tempfile.mkdtemp(prefix="cfmap-crash-"))
    proof = Proof(folder, seed=given.seed)
    try:
        for name, run in (
            ("kills", lambda: proof.kills(given.count)),
            ("failures", lambda: proof.failures(every=given.every)),
            ("sizes", proof.sizes),
            ("two at once", proof.two_at_once),
        ):
            proof.tally.clear()
            started = time.monotonic()
            run()
            print(f"{name:<12} {dict(proof.tally)}  {time.monotonic() - started:.0f} s", flush=True)
    finally:
        proof.close()
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(proof.faults) or "0 broken, 0 mixed, every next run needed no hand work", flush=True)
    return 1 if proof.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
