"""Folders of outputs: they appear whole or not at all, and only what an earlier run made is ever removed.

A new folder is filled under a hidden name beside its target. Where it replaces an earlier one, that one is set aside,
the new one takes its place, and only then is the earlier one removed, file by file as it was checked. Whatever stops
the process in between, by an exception or by a kill, the earlier folder is put back: at once, or by the next run.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from mpi.errors import Fault, MpiError, Place, UsageError
from mpi.files.writing import SETTLED, check_place, held, hidden, leftovers, named, refused
from mpi.language import phrase

Owned = Callable[[Path], Sequence[str]]
FLUSHING = 8  # files at once


def check_folder(
    path: Path, *, mark: str, overwrite: bool = False, inputs: Iterable[Path] = (), owned: Owned | None = None
) -> bool:
    """Refuse a folder that may not be written: to be called before anything is read for it.

    Parameters
    ----------
    path : Path
        The target.
    mark : str
        Name of a file that every such folder holds.
    overwrite : bool
        Whether the folder of an earlier run may be replaced.
    inputs : iterable of Path
        Files that are read and must not be removed.
    owned : callable, optional
        Gives the files of an earlier run's folder, and refuses it where one is not the run's own.

    Returns
    -------
    bool
        Whether there is an earlier folder to replace.

    Raises
    ------
    UsageError
        If the target exists and may not be replaced, or holds an input; or its folder is missing.
    DataError
        If its folder cannot be written to.
    """
    place = Place(str(path))
    if check_place(path) is None:
        return False
    if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
        return False  # an empty folder is as good as none: the new one replaces it
    if path.is_symlink() or not path.is_dir() or not (path / mark).is_file():
        text = phrase("this output exists and was not made by an earlier run (it has no {mark})", mark=mark)
        raise UsageError(Fault("MPI-O002", place, text, phrase("name a new folder with -o")))
    if not overwrite:
        raise UsageError(
            Fault("MPI-O002", place, phrase("this output exists"), phrase("remove it, or add --overwrite"))
        )
    real = path.resolve()
    inside = [source for source in inputs if source.resolve().is_relative_to(real)]
    if inside:
        text = phrase(
            "this output contains an input, {relative_to}, which would be removed",
            relative_to=inside[0].resolve().relative_to(real),
        )
        raise UsageError(Fault("MPI-O003", place, text, phrase("name a new folder with -o")))
    if owned is not None:
        owned(path)
    return True


class Early:
    """A part of a folder at its final place while the rest is written, so that its first files can be opened.

    It has the mark, and so is a folder of its own; where the rest fails, it is removed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.there = False

    def show(self, folder: Path, names: Iterable[str], write: Callable[[Path], None]) -> bool:
        """Put some files of the folder that is being written at the final place, if nothing is there.

        Parameters
        ----------
        folder : Path
            As `fill` of `write_folder` is given it.
        names : iterable of str
            Of the files, which stay where they are as well.
        write : callable
            Adds what else the folder needs, such as its mark.

        Returns
        -------
        bool
            Whether they can be opened there.
        """
        if os.path.lexists(self.path):
            return False
        temporary = hidden(self.path, "part")
        try:
            temporary.mkdir()
            with _holding(temporary):
                for name in names:
                    second_name(folder / name, temporary / name)
                write(temporary)
                temporary.rename(self.path)
                self.there = True
        except OSError:  # the disk takes no more: which whoever writes the rest will be told
            pass
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        return self.there

    def remove(self, owned: Owned) -> None:
        """Take it away again."""
        if self.there:
            self.there = False
            _remove(self.path, self.path, owned)


def second_name(path: Path, name: Path) -> None:
    """The same bytes under another name below a folder that may be new: a hard link, where the disk has such."""
    name.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, name)
    except OSError:
        shutil.copy2(path, name)


def write_folder(
    path: Path,
    fill: Callable[[Path], None],
    *,
    overwrite: bool = False,
    mark: str,
    inputs: Iterable[Path] = (),
    owned: Owned | None = None,
    early: Early | None = None,
) -> None:
    """Write a folder of files so that it appears whole or not at all.

    Parameters
    ----------
    path : Path
        The target; the folder that holds it must exist.
    fill : callable
        Writes into the temporary folder that it is given.
    overwrite, mark, inputs, owned
        As for `check_folder`. Without `owned` everything in a folder with the mark is taken for the run's own.
    early : Early, optional
        What `fill` shows of the folder before it is whole.

    Raises
    ------
    UsageError
        If the target exists and may not be replaced, or its folder is missing.
    DataError
        If the disk refuses.
    """
    inputs = tuple(inputs)
    recover(path, owned or _everything)

    def earlier() -> bool:
        own = early is not None and early.there
        return check_folder(path, mark=mark, overwrite=overwrite or own, inputs=inputs, owned=owned)

    earlier()
    temporary, aside = hidden(path, "part"), hidden(path, "old")
    try:
        temporary.mkdir()
        with _holding(temporary):
            fill(temporary)
            _sync(temporary)
            _swap(path, temporary, aside if earlier() else None, owned or _everything)
            if early is not None:
                early.there = False
    except MpiError as error:
        raise named(error, temporary, path) from None
    except OSError as error:
        raise refused(error, path, "folder") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if early is not None:
            early.remove(owned or _everything)


def _swap(path: Path, temporary: Path, aside: Path | None, owned: Owned) -> None:
    """Let a new folder take the place of an earlier one, or leave the earlier one where it is."""
    if aside is None:
        temporary.rename(path)
        return
    with _holding(path):
        try:
            path.rename(aside)
            temporary.rename(path)
        finally:
            # Whatever was raised, and wherever: the state of the disk shows how far the change came.
            if not os.path.lexists(path) and os.path.lexists(aside):
                aside.rename(path)
        _remove(aside, path, owned)


def _remove(aside: Path, path: Path, owned: Owned) -> None:
    """Remove the files of an earlier run that was replaced, and the folders that are empty then."""
    folder = hidden(path, "gone")  # from now on it is not put back
    with contextlib.suppress(OSError, MpiError):
        aside.rename(folder)
        names = owned(folder)  # raises if a file was added at the last moment: it stays, in the hidden folder
        _remove_files(folder, names)


def _remove_files(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
    for place, _, _ in os.walk(folder, topdown=False):
        with contextlib.suppress(OSError):
            Path(place).rmdir()


def _everything(folder: Path) -> list[str]:
    return [str((Path(place) / name).relative_to(folder)) for place, _, files in os.walk(folder) for name in files]


def recover(path: Path, owned: Owned) -> None:
    """Put back an earlier folder that a killed process set aside, and remove what it had begun to write or remove."""
    for left in leftovers(path, "old"):
        if os.path.lexists(path):
            _remove(left, path, owned)
        else:
            with contextlib.suppress(OSError):
                left.rename(path)
    for left in leftovers(path, "gone"):
        with contextlib.suppress(OSError, MpiError):
            _remove_files(left, owned(left) if _everything(left) else ())
    for left in leftovers(path, "part"):
        with contextlib.suppress(OSError):
            # Whoever begins to write makes the folder, then holds it, then fills it.
            if any(left.iterdir()) or time.time() - left.lstat().st_mtime > SETTLED:
                shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def _holding(folder: Path) -> Iterator[None]:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # a system on which folders are not opened
        yield
        return
    with held(descriptor):
        yield


def _sync(folder: Path) -> None:
    """Flush every file of a folder to the disk: several at once, which share what a file system does for each."""
    from concurrent.futures import ThreadPoolExecutor

    files = [found for found in sorted(folder.rglob("*")) if found.is_file()]
    with ThreadPoolExecutor(FLUSHING) as pool:
        for _ in pool.map(_flush, files):  # raises what one of them raises, and does not begin the rest
            pass


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
