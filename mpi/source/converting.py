"""Microdata of any kind as narrow Parquet files: what may be asked for, and where the new files go."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path

from mpi.errors import DataError, Fault, MpiError, Place, ResourceError, UsageError, listed
from mpi.errors.arguments import public
from mpi.files.stores import location
from mpi.files.writing import check_file, check_place
from mpi.language import phrase
from mpi.source.files import NO_LAYOUT
from mpi.source.formats import COMPRESSED, ZIP
from mpi.source.memory import bytes_of
from mpi.source.readers import READERS
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
    memory: int | str | None = None,
) -> tuple[Converted, ...]:
    """Write microdata of any kind that is read as narrow Parquet, one file for each.

    Whole numbers get the smallest integer type that holds them, texts a dictionary; titles, labels of codes and missing
    codes with their counts go into the metadata of the fields. Figures from the new files are those from the old ones.

    Parameters
    ----------
    files : str, Path or sequence of them
        Stata, SPSS, SAS, sheets, CSV, Arrow, Parquet; compressed ones, zip archives.
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
        A name or pattern of members of archives.
    memory : int or str, optional
        Bytes, or a text such as "2GB", that sorting may take; 4 GB if left out.

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
    layout = Layout(encoding=encoding, sheet=sheet, header=header, member=member)
    wanted = [sort] if isinstance(sort, str) else list(sort)
    faults: list[Fault] = []
    found = []
    for one in each(paths, Path(output), dialect, layout, sort=wanted, overwrite=overwrite, memory=memory):
        if isinstance(one, Converted):
            found.append(one)
        else:
            faults += one.faults
    if faults:
        raise DataError(*faults)
    return tuple(found)


def each(
    paths: Sequence[Path],
    output: Path,
    dialect: Dialect,
    layout: Layout = NO_LAYOUT,
    *,
    sort: Sequence[str] = (),
    overwrite: bool = False,
    memory: int | str | None = None,
) -> Iterator[Converted | MpiError]:
    """Each file converted, or why it is not; see `convert`.

    Raises
    ------
    UsageError
        Before anything is read.
    """
    most = SORTING if memory is None else bytes_of(memory)
    job = Job(dialect=dialect, layout=layout, sort=sort, most=most, inputs=paths, overwrite=overwrite)
    _check_options(dialect, layout)
    targets = _targets(paths, output)
    if check_place(output) is not None:
        for target in targets:
            check_file(target, overwrite=overwrite, inputs=paths)
    for path, target in zip(paths, targets, strict=True):
        try:
            yield rewrite(path, target, stem(path.name), job)
        except (ResourceError, UsageError):
            raise
        except MpiError as error:
            yield error


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
    if layout.header is not None and layout.header < 1:
        wrong.append((phrase("a sheet has no row {number}", number=layout.header), "1"))
    if wrong:
        raise UsageError(
            *(Fault("MPI-U212", None, text, phrase("write one such as {options}", options=one)) for text, one in wrong)
        )


def _targets(paths: Sequence[Path], output: Path) -> list[Path]:
    """The new files, beside each other; raises UsageError if two are the same, or there is none."""
    targets = [output / (stem(path.name) + ENDING) for path in paths]
    if not targets:
        raise UsageError(Fault("MPI-U212", None, phrase("there is no file to convert"), phrase("name one")))
    twice = sorted({target.name for target in targets if targets.count(target) > 1})
    if twice:
        text = phrase("two files would be converted to {names}", names=listed(twice))
        raise UsageError(Fault("MPI-U212", Place(str(output)), text, phrase("convert them to different folders")))
    return targets


def stem(name: str) -> str:
    """A file's name without the ending of its kind and of its compression.

    Examples
    --------
    >>> stem("ech_2018.csv.gz"), stem("Personas.SAV"), stem("v1.2.zip")
    ('ech_2018', 'Personas', 'v1.2')
    """
    for kinds in ((*COMPRESSED, ZIP), [reader.format for reader in READERS]):
        ends = [end for kind in kinds for end in kind.suffixes if name.lower().endswith(end) and len(name) > len(end)]
        name = name[: -max(map(len, ends))] if ends else name
    return name
