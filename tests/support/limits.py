"""How long tests may wait: generously by the clock, for machines are busy; work is measured in processor seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 300  # seconds of the clock, for what takes a few on a quiet machine; below the limit of a whole test


@contextmanager
def cpu_seconds_below(most: float) -> Iterator[None]:
    """What is done here takes this process no more of the processor; other processes' load does not count."""
    start = time.process_time()
    yield
    assert time.process_time() - start < most
