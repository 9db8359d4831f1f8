"""Every message that these tests bring about is also said in Spanish and Portuguese, and has no English left."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from mpi.errors import Fault, MpiError

ENGLISH = re.compile(r"\b(the|of|is|are|and|not|was|which|have|with|from|there|than|its|into)\b")
# What a message quotes: names, paths, rules and what is to be written.
QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|'[^']*'|\([^()]*\)|--\S+|\bfrom:|[\w./-]*[/_.][\w./-]*")


@pytest.fixture(autouse=True)
def messages_in_every_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep every fault that is raised, and look for English in its other languages."""
    raised: list[Fault] = []
    original = MpiError.__init__

    def keeping(self: MpiError, *faults: Fault) -> None:
        raised.extend(faults)
        original(self, *faults)

    monkeypatch.setattr(MpiError, "__init__", keeping)
    yield
    said = {fault.to(language) for fault in raised for language in ("es", "pt")}
    assert [text for text in sorted(said) if ENGLISH.search(QUOTED.sub("", text))] == []
