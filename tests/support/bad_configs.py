"""Helpers that make configs wrong in one place after another and read the messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from mpi.config.composing import compose
from mpi.config.nodes import Node
from mpi.errors import ConfigError


@dataclass(frozen=True)
class Case:
    """A text that is replaced in a good config, and the whole message that follows."""

    says: str
    old: str
    new: str
    expected: str
    also: Sequence[tuple[str, str]] = ()

    def __str__(self) -> str:
        return self.says


def message(case: Case, base: str, file: str, read: Callable[[Node], object]) -> str:
    """The message for the config with the case's replacements."""
    text = base
    for old, new in [(case.old, case.new), *case.also]:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(ConfigError) as error:
        read(compose(text, file))
    assert error.value.exit_code == 2
    return f"{error.value}\n"
