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


def cached() -> Path | None:
    """Where they lie in the user's cache; None for a user without a home."""
    folder = cache_folder()
    return None if folder is None else folder / file_name()


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
