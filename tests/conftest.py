"""How hypothesis draws, and in which language the command line speaks, in every test file."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.support import shared

# The same examples in every run: a failure is a change of the code, not luck, and not the load of the machine.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
# For mutation testing, where it is enough that some example fails.
settings.register_profile("unshrunk", settings.get_profile("repeatable"), phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# Workers share the cores: a BLAS of as many threads in each of them spends its time waiting for the others.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Tests quote English, whatever the language of who runs them; processes that they start inherit it.
for name in ("LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"

# A test computes its figures, and leaves none where the next one would find them.
os.environ["MPI_CACHE"] = "off"

# A job in the background of a shell ignores interrupts, and so would the processes that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Half a million objects of modules and tests are made here and stay: Python looks for no garbage among them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        gc.set_threshold(50_000, 10, 10)  # of 700 objects, one second in twenty is spent on looking for it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what is marked `alone` to a run without workers, whose threads let no process be copied; `last` is last."""
    items.sort(key=lambda item: (item.get_closest_marker("first") is None, item.get_closest_marker("last") is not None))
    if sys.platform != "linux" or "PYTEST_XDIST_WORKER" in os.environ or threading.active_count() > 1:
        skip = pytest.mark.skip(reason="processes are copied on Linux without threads: make test-alone")
        for item in items:
            if item.get_closest_marker("alone"):
                item.add_marker(skip)


@pytest.fixture(autouse=True, scope="session")
def workers_meet(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What one of them has made and is only read, the others do not make: tests/support/shared.py."""
    shared.MEETING.append(tmp_path_factory)


@pytest.fixture(autouse=True, scope="session")
def outputs_in_this_process() -> Iterator[None]:
    """Commands that a test runs in its own process write there, too: what it replaces is seen, and no process starts.

    Several processes: tests/runs/test_workers.py, and the commands that tests start as processes.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in ("data_commands", "publishing_commands"):
            patch.setattr(f"mpi.cli.{module}.processes_of", lambda _: 1)
        yield


@pytest.fixture(autouse=True, scope="session")
def no_wait_for_the_disk() -> Iterator[None]:
    """Files are not forced onto the disk, a third of the time of a small publication: no test cuts the power."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield
