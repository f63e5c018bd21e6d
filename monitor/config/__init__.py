"""The configuration: YAML files -> a frozen ``Config``; whatever cannot be meant is one line of complaint.

monitor.yaml      settings.py     how the service runs
sources.yaml      sources.py      what is polled
channels.yaml     channels.py     who is told
rules/*.yaml      rules.py        who hears of what; conditions.py the ``where`` of a rule

templates/*/      templates.py    words of a reader's own

document.py       values that know their file, line and key       scalars.py    "15m", "100 million USD"
secrets.py        ${NAME} and file: references                    codes.py      countries, currencies
starter.py        what `monitor init` writes
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from monitor.config.channels import Check, read_channels
from monitor.config.document import did_you_mean, read_or_nothing
from monitor.config.rules import Known, read_rules
from monitor.config.secrets import Secrets
from monitor.config.settings import Delivery, Http, Polling, Settings, read_settings
from monitor.config.sources import read_sources
from monitor.config.starter import write_starter
from monitor.config.templates import read_templates
from monitor.errors import ConfigError
from monitor.message import Wording
from monitor.model import Channel, Source
from monitor.rules import Rule

__all__ = ["Config", "Delivery", "Http", "Polling", "Settings", "load", "write_starter"]

FILES = ("monitor.yaml", "sources.yaml", "channels.yaml")
RULES = "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that the service is told by its files and its environment."""

    #: the folder, as given
    folder: Path
    settings: Settings
    #: in the order of the file
    sources: tuple[Source, ...]
    #: by name, in the order of the file
    channels: Mapping[str, Channel]
    #: by file name
    rules: tuple[Rule, ...]
    #: templates of readers' own, by the name of their folder
    templates: Mapping[str, Wording]
    #: every file that was read, secrets included: what to watch
    files: tuple[Path, ...]
    #: every secret that was put in: what logs and exports must never show
    secrets: frozenset[str] = field(repr=False)


def _anything(_channel: Channel) -> None:
    return None


def load(folder: Path, environ: Mapping[str, str], *, check_channel: Check = _anything) -> Config:
    """Reads the whole configuration in a folder, or raises ``ConfigError`` about the first thing wrong in it.

    Of ``environ``, ``MONITOR_DATABASE_URL``, ``MONITOR_HTTP_HOST`` and ``MONITOR_HTTP_PORT`` outrank monitor.yaml; its
    other variables are read where a file refers to them. ``check_channel`` says what is wrong with a channel's URL.
    """
    paths, rule_paths = _find(folder)
    secrets = Secrets(environ, folder)
    main, polled, told = (read_or_nothing(path) for path in paths)
    settings = read_settings(main, folder, secrets, environ)
    sources = read_sources(polled, folder, secrets)
    templates, template_paths = read_templates(folder)
    channels = read_channels(told, settings, templates, secrets, check_channel)
    if settings.operators is not None and main is not None:
        main.pairs()["operators"].choice(channels, "channel")
    names = [source.name for source in sources]
    rules = read_rules(rule_paths, Known(channels=tuple(channels), sources=names, templates=tuple(templates)))
    return Config(
        folder=folder,
        settings=settings,
        sources=sources,
        channels=channels,
        rules=rules,
        templates=templates,
        files=(*paths, *rule_paths, *template_paths, *secrets.files),
        secrets=frozenset(secrets.values),
    )


def _find(folder: Path) -> tuple[list[Path], list[Path]]:
    """The three files and the rules; files that look meant but would not be read are complained of."""
    if not folder.is_dir():
        raise ConfigError(folder, None, "", "there is no such folder; `monitor init DIR` writes one to start from")
    for path in _yaml_files(folder):
        if path.name not in FILES:
            raise ConfigError(path, None, "", f"is not read{did_you_mean(path.name, FILES) or f'; expected {FILES}'}")
    rules = folder / RULES
    if not rules.is_dir():
        raise ConfigError(rules, None, "", "there is no such folder; it holds the rules, one a file")
    found = _yaml_files(rules)
    for path in found:
        if path.suffix != ".yaml":
            raise ConfigError(path, None, "", f'is not read; rename it to "{path.stem}.yaml"')
    return [folder / name for name in FILES], found


def _yaml_files(folder: Path) -> list[Path]:
    found = (path for path in folder.iterdir() if path.suffix.lower() in (".yaml", ".yml"))
    return sorted(path for path in found if not path.name.startswith("."))
