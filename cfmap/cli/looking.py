"""The commands for looking around: layers, explain, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cfmap.cli.bilingual import option, say, speaking
from cfmap.cli.boundary import Answer
from cfmap.cli.command import command, project_folder


@command("layers")
@project_folder
def layers(project: Path) -> Answer:
    """有哪些图层，数据从哪里来 ‖ What layers there are, and where their data come from"""
    from cfmap.model import GROUPS, find_layers, load_city

    city = load_city(project)
    rows = [
        {
            "key": layer.key,
            "title": layer.title,
            "title_en": layer.title_en,
            "group": say(*GROUPS[layer.group]),
            "geometry": layer.geometry,
            "coverage": layer.coverage or "",
            "sources": [s.path or "OpenStreetMap" for s in city.layers[layer.key].sources] if layer.key in city.layers else [],
            "declared_in": layer.path,
        }
        for layer in find_layers(city).values()
    ]
    lines = []
    for row in rows:
        sources = say("、", ", ").join(row["sources"]) or say("（没有数据源）", "(no source)")
        lines.append(f"{row['key']:<22} {say(str(row['title']), str(row['title_en']))} · {row['group']} · {sources}")
    return Answer(printed=lines, facts={"layers": rows})


@command("explain")
@click.argument("code")
def explain(code: str) -> Answer:
    """一个代码是什么意思，怎么一步一步改；不用联网 ‖ What a code means and how to mend it step by step; works offline"""
    import difflib

    from cfmap.model.errors import ConfigError
    from cfmap.model.messages import MESSAGES, fault
    from cfmap.model.messages.explain import exit_code, page_of, told

    wanted = code.strip().upper()
    if wanted not in MESSAGES:
        near = difflib.get_close_matches(wanted, MESSAGES, n=3, cutoff=0.5)
        raise ConfigError(fault("E127", value=code, nearest="、".join(near) or "—"))
    facts = {"code": wanted, "exit_code": exit_code(wanted), "page": f"docs/faults/{page_of(wanted)}.md#{wanted.lower()}"}
    return Answer(printed=told(wanted, speaking()), facts={**facts, "text": told(wanted, speaking())})


@command("doctor")
@project_folder
@option(
    "--bundle",
    is_flag=True,
    help="写一个给维护人员的 zip：版本、设置（去掉密钥）、运行记录；没有数据 ‖ write a zip for the maintainers: versions, settings without keys, logs; no data",
)
def doctor(project: Path, bundle: bool) -> Answer:  # noqa: FBT001 - click passes flags by name
    """装齐了没有，能不能读写；--bundle 打包给维护人员 ‖ Is everything installed and readable; --bundle packs what the maintainers need"""
    from cfmap.cli import bundle as bundles
    from cfmap.cli.doctor import diagnose

    rows = diagnose()
    printed = [f"{say('正常', 'ok  ') if ok else say('缺少', 'MISS')}  {name:<14} {note}" for name, ok, note in rows]
    facts: dict[str, Any] = {"parts": [{"name": name, "ok": ok, "note": note} for name, ok, note in rows]}
    lines = []
    if bundle:
        out = Path.cwd() / bundles.NAME
        held = bundles.write(project, rows, out)
        facts |= {"bundle": str(out), "holds": held}
        zh, en = f"已写好 {out}（{'、'.join(held)}），可以发给维护人员。", f"Wrote {out} ({', '.join(held)}), to be sent to the maintainers."
        lines.append((zh, en))
    return Answer(printed=printed, lines=lines, facts=facts, exit_code=0 if all(ok for _, ok, _ in rows) else 4)
