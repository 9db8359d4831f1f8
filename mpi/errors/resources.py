"""What a machine refuses a process: memory, threads, open files. A fault of neither the data nor the program."""

from __future__ import annotations

import errno
import os
import re
import traceback

from mpi.errors import Fault, Place, ResourceError
from mpi.language import phrase, template

MOST = 2**40  # bytes that no whole file asks for at once; a damaged one may say any number
ASKED = re.compile(r"alloc of size (\d+) failed")
FAULTS = {
    "memory": Fault(
        "MPI-U150", None, phrase("the machine gives this process too little memory"),
        phrase("close other programs, raise the limit (ulimit -v, ulimit -d), or use less memory for reading: "
               "--threads 1, and --memory with what is available"),
    ),
    "threads": Fault(
        "MPI-U151", None, phrase("the machine gives this process too few threads"),
        phrase("raise its limit (ulimit -u, and memory for their stacks: ulimit -v, ulimit -d), or use "
"one: --threads 1"),
    ),
    "files": Fault(
        "MPI-U152", None, phrase("the machine lets this process open too few files"),
        phrase("raise its limit (ulimit -n), or use one thread: --threads 1"),
    ),
}  # fmt: skip
# What systems say of files, in their own words, so that it can be said in other languages.
SYSTEM = {
    errno.ENOENT: template("No such file or directory"), errno.EACCES: template("Permission denied"),
    errno.EPERM: template("Operation not permitted"), errno.ENOSPC: template("No space left on device"),
    errno.EROFS: template("Read-only file system"), errno.EISDIR: template("Is a directory"),
    errno.ENOTDIR: template("Not a directory"), errno.EIO: template("Input/output error"),
    errno.ENAMETOOLONG: template("File name too long"), errno.EFBIG: template("File too large"),
    errno.EPIPE: template("Broken pipe"), errno.ELOOP: template("Too many levels of symbolic links"),
    errno.EINVAL: template("Invalid argument"), errno.EEXIST: template("File exists"),
    errno.EBUSY: template("Device or resource busy"),
}  # fmt: skip
NUMBERS = {errno.ENOMEM: "memory", errno.EAGAIN: "threads", errno.EMFILE: "files", errno.ENFILE: "files"}
# In the order in which they are looked for; of messages of Arrow, GDAL, Python and the loader of libraries.
WORDS = {
    "can't start new thread": "threads", "launch worker thread": "threads", "too many open files": "files",
    "cannot allocate memory": "memory", "bad_alloc": "memory", "alloc of size": "memory", "out of memory": "memory",
    "failed to map segment": "memory", "cannot map zero-fill pages": "memory", "memory protection": "memory",
    "resource temporarily unavailable": "threads",
    # Python itself, of compiled code that found no memory and none to say so either.
    "without exception set": "memory", "without setting an exception": "memory", "with an exception set": "memory",
}  # fmt: skip


def said_by_system(error: BaseException) -> str:
    """What the system says of a file; that the disk refuses, where it says nothing."""
    number = getattr(error, "errno", None)
    if not number:
        return phrase("the disk refuses")
    return phrase(SYSTEM[number]) if number in SYSTEM else os.strerror(number)


def scarce(error: BaseException, label: str = "") -> ResourceError | None:
    """The refusal that an error of another package stands for, if it is the machine that refuses.

    Parameters
    ----------
    error : BaseException
        Its text is looked at and never passed on: it may quote values.
    label : str
        Of the file that was read.
    """
    kind = _kind(error)
    if kind is None:
        return None
    fault = FAULTS[kind]
    return ResourceError(Fault(fault.code, Place(label) if label else None, fault.text, fault.remedy))


def raise_scarce(error: BaseException, label: str = "") -> None:
    """Raise that refusal, if there is one."""
    if (refusal := scarce(error, label)) is not None:
        raise refusal from None


def _kind(error: BaseException) -> str | None:
    """The kind of an error, or of the one that it came of."""
    seen: list[BaseException] = []
    of: BaseException | None = error
    while of is not None and of not in seen:
        if (kind := _own_kind(of)) is not None:
            return kind
        seen.append(of)
        # An import that failed for want of memory is often told as a package that is not there.
        of = (of.__cause__ or of.__context__) if isinstance(of, ImportError | SystemError) else None
    return None


def _own_kind(error: BaseException) -> str | None:
    said = str(error).lower()
    if (asked := ASKED.search(said)) is not None and int(asked[1]) > MOST:
        return None
    if isinstance(error, OSError) and error.errno in NUMBERS:
        return NUMBERS[error.errno]
    if isinstance(error, MemoryError):
        return "memory"
    # A fault of the data may quote such words; a message of ours is none of the machine's.
    if isinstance(error, OSError | RuntimeError | ImportError | SystemError) or type(error).__module__.startswith(
        "pyarrow"
    ):
        found = next((kind for words, kind in WORDS.items() if words in said), None)
        return "memory" if found is None and _in_import(error) else found
    return None


def _in_import(error: BaseException) -> bool:
    """Whether Python's own machinery broke down while a module was imported: no sound installation does that."""
    if not isinstance(error, SystemError):
        return False
    frames = (frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(name.startswith("<frozen importlib") for name in frames)
