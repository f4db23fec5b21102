"""Write the requirements.lock files: python .ci/lock.py, in the environment that the tests passed in.

Locked is what is installed and needed by the requirements files, those of index/engine and of LangChain from folders of
their own that PYTHONPATH names (tests/run makes them), each with the sha256 of every file that the package index has of
that version, so that the lock holds on every machine. torch and what only torch needs are left out: its builds differ
from machine to machine, and bring libraries of their own. `--check` looks, without the network, whether the locks still
say what the requirements say.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {
    "requirements.lock": "requirements.txt",
    "tests/requirements.lock": "tests/requirements.txt",
    "index/engine/requirements.lock": "index/engine/requirements.txt",
    "index/engine/requirements-ray.lock": "index/engine/requirements-ray.txt",
    "tests/requirements-langchain.lock": "tests/requirements-langchain.txt",
}
UNLOCKED = "torch"
_ENTRY = re.compile(r"([A-Za-z0-9._-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")


def asked(file: Path) -> list[Requirement]:
    """The requirements of a file, torch left out."""
    lines = [line.split("#")[0].strip() for line in file.read_text("utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line]
    return [requirement for requirement in found if canonicalize_name(requirement.name) != UNLOCKED]


def needed(requirements: Iterable[Requirement]) -> dict[str, str]:
    """Name → installed version of the requirements and of all that they need on this machine."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, extra) for requirement in requirements for extra in ("", *requirement.extras)]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name == UNLOCKED or (name, extra) in seen:
            continue
        seen.add((name, extra))
        package = distribution(name)
        found[name] = package.version
        waiting.extend(_needs(package, extra))
    return dict(sorted(found.items()))


def _needs(package: Distribution, extra: str) -> Iterator[tuple[Requirement, str]]:
    for line in package.requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield requirement, ""
            yield from ((requirement, wanted) for wanted in requirement.extras)


def hashes(names: dict[str, str]) -> Iterator[str]:
    """A lock's entry for each package, with its files for other machines too. Asks the indexes that pip is set to."""
    # pip resolves and fetches; only what it reads from an index page is wanted here, and it has no command for that.
    from pip._internal.commands import create_command
    from pip._internal.index.collector import parse_links
    from pip._internal.models.link import Link

    install: Any = create_command("install")
    options, _ = install.parse_args([])
    with install.main_context():
        finder = install._build_package_finder(options=options, session=install.get_default_session(options))
        for name, version in names.items():
            found: set[str] = set()
            for index in finder.index_urls:
                page = finder._link_collector.fetch_response(Link(f"{index.rstrip('/')}/{name}/"))
                links = parse_links(page) if page is not None else ()
                found |= {link.hash for link in links if link.hash_name == "sha256" and _is_of(link.filename, version)}
            if not found:
                sys.exit(f"{name}=={version}: no index tells a sha256 of it")
            told = " \\\n".join(f"    --hash=sha256:{one}" for one in sorted(found))
            yield f"{name}=={version} \\\n{told}\n"


def _is_of(file: str, version: str) -> bool:
    try:
        if file.endswith(".whl"):
            return str(parse_wheel_filename(file)[1]) == str(Version(version))
        return str(parse_sdist_filename(file)[1]) == str(Version(version))
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
        return False


def entries(lock: Path) -> dict[str, str]:
    """Name → version of a lock. Raises ValueError for a line that is no entry with its hashes."""
    text = "".join(line for line in lock.read_text("utf-8").splitlines(keepends=True) if not line.startswith("#"))
    found = {match[1]: match[2] for match in _ENTRY.finditer(text)}
    if _ENTRY.sub("", text).strip():
        raise ValueError(f"{lock.name}: {_ENTRY.sub('', text).strip().splitlines()[0]!r} is no entry with its hashes")
    return found


def disagreements() -> list[str]:
    """What requirements ask for and locks do not hold, or hold in another version."""
    locked: dict[str, str] = {}
    told: list[str] = []
    for lock, requirements in LOCKS.items():
        locked |= entries(ROOT / lock)
        for requirement in asked(ROOT / requirements):
            version = locked.get(canonicalize_name(requirement.name))
            if version is None or not requirement.specifier.contains(version, prereleases=True):
                told.append(f"{requirements} asks for {requirement}, the lock holds {version or 'none'}")
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, without the network; 1 when they disagree")
    if parser.parse_args().check:
        told = disagreements()
        print("\n".join(told) or "locks and requirements agree")
        return 1 if told else 0
    before: dict[str, str] = {}
    for lock, requirements in LOCKS.items():
        names = needed(asked(ROOT / requirements))
        fresh = {name: version for name, version in names.items() if name not in before}
        text = "".join(hashes(fresh))
        (ROOT / lock).write_text(f"# Written by .ci/lock.py from {requirements}; torch is installed before.\n{text}")
        before |= names
    return 0


if __name__ == "__main__":
    sys.exit(main())
