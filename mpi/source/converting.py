"""Microdata of any kind as narrow Parquet files: what may be asked for, and where the new files go."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mpi.errors import DataError, Fault, MpiError, Place, ResourceError, UsageError, listed
from mpi.errors.arguments import public
from mpi.files.stores import is_address, location
from mpi.files.writing import check_file, check_place
from mpi.language import phrase
from mpi.source.convertible import Source, sources, stacked
from mpi.source.files import NO_LAYOUT
from mpi.source.memory import bytes_of
from mpi.source.rewriting import Converted, Job, rewrite
from mpi.specs.data_files import Dialect, Layout

ENDING = ".parquet"
SORTING = 4 * 10**9  # bytes that sorting may take where nothing is said
DECIMALS, THOUSANDS = (".", ","), (".", ",", " ", "'")


@public
def convert(
    files: str | Path | Sequence[str | Path],
    output: str | Path,
    *,
    sort: str | Sequence[str] = (),
    overwrite: bool = False,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    sheet: str | None = None,
    header: int | None = None,
    member: str | None = None,
    fixed: str | Path | None = None,
    into: str | None = None,
    join: str | Sequence[str] = (),
    memory: int | str | None = None,
) -> tuple[Converted, ...]:
    """Write microdata of any kind that is read as narrow Parquet, one file for each.

    Whole numbers get the smallest integer type that holds them, texts a dictionary; titles, labels of codes and missing
    codes with their counts go into the metadata of the fields. Figures from the new files are those from the old ones.

    Parameters
    ----------
    files : str, Path or sequence of them
        Stata, SPSS, SAS, sheets, CSV, texts of fixed width, Arrow, Parquet; compressed ones, zip archives, folders.
        Of archives and folders each member and file is converted for itself, unless `into` is given.
    output : str or Path
        The folder for the new files; it is made if its own folder is there.
    sort : str or sequence of str
        Columns to sort the rows by, as keys of households and persons; the order of the original if left out.
    overwrite : bool
        Whether files that exist may be replaced.
    encoding, delimiter, decimal, thousands : str, optional
        How texts are written; found out if left out.
    sheet : str, optional
        The sheet of workbooks.
    header : int, optional
        Its row with the names of columns, from 1.
    member : str, optional
        A name or pattern of members of archives, whose rows are put together.
    fixed : str or Path, optional
        The dictionary of texts of fixed width: CSV, a spreadsheet or a dictionary of Stata.
    into : str, optional
        A name: all becomes one file of this name, its rows one under the other.
    join : str or sequence of str
        With `into`: columns of the same rows are joined by this key instead; rows are those of the first file.
    memory : int or str, optional
        Bytes, or a text such as "2GB", that sorting or joining may take; 4 GB if left out.

    Returns
    -------
    tuple of Converted
        In the order of `files`.

    Raises
    ------
    UsageError
        If an output exists or is an input, or an option says nothing that could be.
    DataError
        With every fault of every file that cannot be read; the others are written.
    """
    paths = [location(one) for one in ([files] if isinstance(files, str | Path) else files)]
    dialect = Dialect(encoding=encoding, delimiter=delimiter, decimal=decimal, thousands=thousands)
    layout = Layout(encoding=encoding, sheet=sheet, header=header, member=member, dictionary=dictionary_of(fixed))
    how = {
        "sort": [sort] if isinstance(sort, str) else list(sort),
        "join": [join] if isinstance(join, str) else list(join),
    }
    faults: list[Fault] = []
    found = []
    for one in each(paths, Path(output), dialect, layout, **how, into=into, overwrite=overwrite, memory=memory):
        if isinstance(one, Converted):
            found.append(one)
        else:
            faults += one.faults
    if faults:
        raise DataError(*faults)
    return tuple(found)


def dictionary_of(path: str | Path | None) -> str | None:
    """The whole path of a dictionary, or its address in a store."""
    return None if path is None else str(path if is_address(str(path)) else Path(path).absolute())


def each(
    paths: Sequence[Path],
    output: Path,
    dialect: Dialect,
    layout: Layout = NO_LAYOUT,
    *,
    sort: Sequence[str] = (),
    join: Sequence[str] = (),
    into: str | None = None,
    overwrite: bool = False,
    memory: int | str | None = None,
) -> Iterator[Converted | MpiError]:
    """Each new file, or why it is not made; see `convert`.

    Raises
    ------
    UsageError
        Before anything is read.
    """
    most = SORTING if memory is None else bytes_of(memory)
    job = Job(dialect=dialect, layout=layout, sort=sort, join=join, most=most, inputs=paths, overwrite=overwrite)
    _check_options(dialect, layout)
    _check_together(into, join)
    if not paths:
        raise UsageError(Fault("MPI-U212", None, phrase("there is no file to convert"), phrase("name one")))
    found = list(sources(paths, layout))
    wrong = [one for one in found if isinstance(one, MpiError)]
    if into is not None and wrong:
        yield from wrong
        return
    tasks = [
        one if isinstance(one, MpiError) else _Task([one], one.said, output / (one.name + ENDING)) for one in found
    ]
    if into is not None:
        tasks = [_together(into, paths, [one for one in found if isinstance(one, Source)], job, output)]
    targets = [one.target for one in tasks if isinstance(one, _Task)]
    _check_names(targets, output)
    if check_place(output) is not None:
        for target in targets:
            check_file(target, overwrite=overwrite, inputs=paths)
    for one in tasks:
        if isinstance(one, MpiError):
            yield one
            continue
        try:
            yield rewrite(one.sources, one.said, one.target, job)
        except (ResourceError, UsageError):
            raise
        except MpiError as error:
            yield error


@dataclass(frozen=True, slots=True)
class _Task:
    """A new file: what it is made of, and what reports call that."""

    sources: Sequence[Source]
    said: Path
    target: Path


def _together(into: str, paths: Sequence[Path], found: Sequence[Source], job: Job, output: Path) -> _Task:
    """One file of all sources: stacked, or joined by a key."""
    whole = stacked(into, paths, found, job.layout)
    return _Task(found if job.join else [whole], whole.said, output / (into + ENDING))


def _check_together(into: str | None, join: Sequence[str]) -> None:
    if into is not None and (not into or into.startswith(".") or set(into) & set("/\\:")):
        text = phrase("{name!r} is no name of a file", name=into[:40])
        raise UsageError(Fault("MPI-U212", None, text, phrase("write a name such as persons")))
    if join and into is None:
        text = phrase("files that are joined by a key become one file, which has no name")
        raise UsageError(Fault("MPI-U212", None, text, phrase("name it with --into")))


def _check_options(dialect: Dialect, layout: Layout) -> None:
    wrong = []
    if dialect.encoding is not None:
        try:
            codecs.lookup(dialect.encoding)
        except (LookupError, ValueError):
            wrong.append((phrase("there is no encoding {name!r}", name=dialect.encoding), "utf-8, cp1252"))
    if dialect.delimiter is not None and len(dialect.delimiter) != 1:
        wrong.append((phrase("the delimiter {sign!r} is not one character", sign=dialect.delimiter), ";"))
    for sign, signs in ((dialect.decimal, DECIMALS), (dialect.thousands, THOUSANDS)):
        if sign is not None and sign not in signs:
            wrong.append(
                (phrase("the sign {sign!r} cannot be part of a number", sign=sign), " ".join(map(repr, signs)))
            )
    if dialect.decimal is not None and dialect.decimal == dialect.thousands:
        wrong.append((phrase("decimals and thousands have the same sign {sign!r}", sign=dialect.decimal), "',' '.'"))
    if layout.dictionary is not None and not location(layout.dictionary).is_file():
        wrong.append((phrase("there is no dictionary {name}", name=layout.dictionary), "--fixed dictionary.csv"))
    if layout.header is not None and layout.header < 1:
        wrong.append((phrase("a sheet has no row {number}", number=layout.header), "1"))
    if wrong:
        raise UsageError(
            *(Fault("MPI-U212", None, text, phrase("write one such as {options}", options=one)) for text, one in wrong)
        )


def _check_names(targets: Sequence[Path], output: Path) -> None:
    """Refuse two new files of the same name."""
    twice = sorted({target.name for target in targets if targets.count(target) > 1})
    if twice:
        text = phrase("two files would be converted to {names}", names=listed(twice))
        remedy = phrase("convert them to different folders, or all of them to one file with --into")
        raise UsageError(Fault("MPI-U212", Place(str(output)), text, remedy))
