"""Where the compiled kernels lie: beside this module, or in the user's cache; and how a file is known as ours."""

from __future__ import annotations

import hashlib
import platform
import sys
from functools import cache
from pathlib import Path

from mpi.files.caches import cache_folder

ENTRY = "mpi_kernel"
# For each kind of machine the oldest processors that the kernels are compiled for.
BASELINE = {"x86_64": "x86-64-v3", "aarch64": "generic"}
NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
# What an x86-64-v3 has beyond the first of its kind, under the names of LLVM.
FEATURES = ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe")
SOURCES = ("codes.py", "loops.py", "vm.py", "building.py")
HERE = Path(__file__).parent


def machine() -> str:
    """The kind of processor of this machine, such as "x86_64"."""
    name = platform.machine().lower()
    return NAMES.get(name, name)


def file_name() -> str:
    """What the kernels for this machine are called."""
    return f"{sys.platform}-{machine()}.kernels"


def shipped() -> Path:
    """Where the kernels lie that come with the package."""
    return HERE / file_name()


def compiler() -> str:
    """The numba that is installed, such as "numba-0.68.1"; each has a folder of its own in the user's cache.

    Object files use no part of Python, numpy or numba, so a newer numba could load those of an older one, with its
    faults as well: those of numba 0.61 crash. Kernels that come with the package have been tested with the package.

    Raises
    ------
    ModuleNotFoundError
        If there is none.
    """
    from importlib.metadata import version  # which imports the reader of e-mails

    return f"numba-{version('numba')}"


def cached() -> Path | None:
    """Where they lie in the user's cache; None for a user without a home, or without numba, which compiles them."""
    folder = cache_folder()
    try:
        return None if folder is None else folder / compiler() / file_name()
    except ModuleNotFoundError:  # of which that of a package is one
        return None


@cache
def mark() -> bytes:
    """A hash of the sources of the kernels, with which a file of them begins: one of other sources is not used."""
    whole = hashlib.sha256()
    for name in SOURCES:
        whole.update((HERE / name).read_bytes())
    return whole.digest()


def marked(code: bytes) -> bytes:
    """An object file behind its mark and its hash, so that a damaged one is not run."""
    return mark() + hashlib.sha256(code).digest() + code


def unmarked(content: bytes) -> bytes | None:
    """The object file; None if it is of other sources, or damaged."""
    size = hashlib.sha256().digest_size
    code = content[2 * size :]
    whole = content[:size] == mark() and content[size : 2 * size] == hashlib.sha256(code).digest()
    return code if whole else None
