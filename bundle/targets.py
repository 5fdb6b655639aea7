"""For which machines is a bundle made, and what does each need?"""

from __future__ import annotations

from dataclasses import dataclass, field

PYTHON = "3.13"  # the newest that every dependency, fiona too, has wheels for


@dataclass(frozen=True)
class Target:
    """
    A kind of machine.

    Parameters
    ----------
    name
        As typed, and in the name of the zip.
    tags
        pip's platform tags, best first.
    markers
        What the dependencies' environment markers see there.
    starter
        File of ``bundle/stick`` that the clerk double-clicks, and the name it gets.
    """

    name: str
    tags: tuple[str, ...]
    markers: dict[str, str] = field(hash=False)
    starter: tuple[str, str]

    def environment(self) -> dict[str, str]:
        """Values of all markers (PEP 508) on such a machine."""
        python = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.0", "implementation_version": f"{PYTHON}.0"}
        kind = {"implementation_name": "cpython", "platform_python_implementation": "CPython", "platform_release": "", "platform_version": "", "extra": ""}
        return python | kind | self.markers


TARGETS = {
    t.name: t
    for t in (
        Target(
            "windows",
            ("win_amd64",),
            {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
            ("start.bat", "开始.bat"),
        ),
        Target(
            "macos",
            ("macosx_14_0_arm64",),
            {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
            ("start.command", "开始.command"),
        ),
        Target(
            "linux",
            ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_24_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux1_x86_64"),
            {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
            ("start.command", "开始.sh"),
        ),
    )
}
