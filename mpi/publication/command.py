"""The command that a report names: what makes the same publication again, without what differs from run to run.

Comes in: what was typed. Goes out: the same without folders of this machine and without options that change no file of
an output, so that runs of the same in other folders write the same report.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import PurePath, PurePosixPath, PureWindowsPath

# What stands for the value of an option, and None for those that the outputs show.
OPTIONS: Mapping[str, str | None] = {"--data": "DIR", "-o": "out", "--disclosure": None}
FLAGS = ("--overwrite", "--strict", "-q", "--quiet", "--no-cache")  # all other options have a value


def reproducing(command: Sequence[str]) -> str:
    """The command that makes the same outputs.

    Examples
    --------
    >>> reproducing("mpi run studies/s.yaml --output=out2 --data /srv/d -q --threads 2 --only report".split())
    'mpi run s.yaml --data DIR -o out'
    >>> reproducing(["mpi", "run", "ipm", "--disclosure", "none", "-omade"])
    'mpi run ipm -o out --disclosure none'
    """
    named: list[str] = []
    options: dict[str, str] = {}
    words = iter(command)
    for word in words:
        if not word.startswith("-"):
            named.append(_name(word))
            continue
        option, sign, value = word.partition("=") if word.startswith("--") else (word[:2], word[2:], word[2:])
        if option not in FLAGS:
            options["-o" if option == "--output" else option] = value if sign else next(words, "")
    told = [text for one, stands in OPTIONS.items() if one in options for text in (one, stands or _name(options[one]))]
    return shlex.join([*named, *told])


def _name(word: str) -> str:
    """A word without folders."""
    pure: PurePath = PureWindowsPath(word) if PureWindowsPath(word).drive else PurePosixPath(word)
    return pure.name or word
