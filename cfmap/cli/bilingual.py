"""How the command line speaks Chinese or English: help texts hold both, separated by ``‖``."""

from __future__ import annotations

import locale
import os
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from itertools import zip_longest
from typing import Any, TypeVar

import click

from cfmap.model.messages import Lang  # noqa: TC001

SEPARATOR = "‖"
_F = TypeVar("_F", bound=Callable[..., Any])
_LANG: ContextVar[Lang] = ContextVar("lang", default="zh")


def language(args: Sequence[str], environ: Mapping[str, str]) -> Lang:
    """
    The language to speak: ``--lang`` in `args`, else ``CFMAP_LANG``, else the locale; Chinese where that says nothing.
    """
    for given, value in zip_longest(args, args[1:], fillvalue=""):
        choice = value if given == "--lang" else given.removeprefix("--lang=") if given.startswith("--lang=") else ""
        if choice in {"zh", "en"}:
            return "zh" if choice == "zh" else "en"
    names = [environ.get(k, "") for k in ("CFMAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")]
    named = next((n for n in names if n and n.split(".")[0] not in {"C", "POSIX"}), None) or (locale.getlocale()[0] if os.name == "nt" else None)
    return "zh" if named is None or named.lower().startswith(("zh", "chinese")) else "en"


def set_language(lang: Lang) -> None:
    """Speak `lang` from here on."""
    _LANG.set(lang)


def speaking() -> Lang:
    """The language being spoken."""
    return _LANG.get()


def say(zh: str, en: str) -> str:
    """The one of the two that is being spoken."""
    return zh if speaking() == "zh" else en


def pick(text: str | None) -> str:
    """The spoken half of a text that holds both."""
    zh, _, en = (text or "").partition(SEPARATOR)
    return (say(zh, en) if en else zh).strip()


class Option(click.Option):
    """An option whose help holds both languages."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Name and help in the spoken language."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        extra = self.get_help_extra(ctx)
        notes = [say(f"默认 {extra['default']}", f"default {extra['default']}")] if "default" in extra else []
        notes += [say("必填", "required")] if "required" in extra else []
        return record[0], pick(self.help) + (f"  [{'；'.join(notes)}]" if notes else "")


class Command(click.Command):
    """A command whose help, usage and headings are in the spoken language."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Usage line."""
        zh = {
            "[OPTIONS]": "[选项]",
            "COMMAND": "命令",
            "[ARGS]...": "[参数]...",
            "[PROJECT]": "[项目文件夹]",
            "[VERSION]": "[版本号]",
            "CODE": "代码",
            "FOLDER": "新文件夹",
            "IN": "原文件",
            "FILE...": "填好的表... [项目文件夹]",
            "OUT": "新文件",
        }
        pieces = " ".join(say(zh.get(p, p), p) for piece in self.collect_usage_pieces(ctx) for p in piece.split())
        formatter.write_usage(ctx.command_path, pieces, prefix=say("用法：", "Usage: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """What the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(pick(self.help))

    def get_short_help_str(self, limit: int = 80) -> str:  # noqa: ARG002
        """First sentence, for the list of commands."""
        return pick(self.help).split("\n\n")[0].replace("\n", " ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help`` with a help in the spoken language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say("显示这段说明", "show this message")
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options under a heading in the spoken language."""
        records = [r for r in (p.get_help_record(ctx) for p in self.get_params(ctx) if isinstance(p, click.Option)) if r]
        if records:
            with formatter.section(say("选项", "Options")):
                formatter.write_dl(records)


class Group(Command, click.Group):
    """The list of commands, in the order they are used."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """In the order of declaration, which is the order of work."""
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then commands."""
        Command.format_options(self, ctx, formatter)
        rows = [(name, command.get_short_help_str()) for name, command in self.commands.items() if not command.hidden]
        with formatter.section(say("命令", "Commands")):
            formatter.write_dl(rows)


def option(*names: str, **settings: Any) -> Callable[[_F], _F]:
    """``click.option`` with a help that holds both languages."""
    return click.option(*names, cls=Option, **settings)


def usage_text(error: click.UsageError) -> str:
    """What is wrong with a command line, in the spoken language."""
    if speaking() == "en":
        return error.format_message()
    if isinstance(error, click.exceptions.NoSuchCommand):
        near = f"；是不是想写 {'、'.join(error.possibilities)}" if error.possibilities else ""
        return f"没有 {error.command_name} 这个命令{near}"
    if isinstance(error, click.NoSuchOption):
        near = f"；是不是想写 {'、'.join(error.possibilities)}" if error.possibilities else ""
        return f"没有 {error.option_name} 这个选项{near}"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name(error)}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 的用法不对"
    if isinstance(error, click.BadParameter):
        return f"{_name(error)} 的值不对{_expected(error)}"
    return error.format_message()


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "参数")
    return error.param.get_error_hint(error.ctx).replace("'", "") if error.ctx else str(error.param.name)


def _expected(error: click.BadParameter) -> str:
    """What a value should have been, by the option's type."""
    kind = error.param.type if error.param is not None else None
    match kind:
        case click.Choice():
            return "，只能是 " + "、".join(map(str, kind.choices)) + " 之一"
        case click.IntRange() | click.FloatRange():
            return f"，要写 {kind.min} 到 {kind.max} 之间的数"
        case click.types.IntParamType():
            return "，要写整数"
        case click.types.FloatParamType():
            return "，要写数字"
        case click.Path():
            return "，这个路径不能用"
    return ""
