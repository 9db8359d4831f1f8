"""A map of a table of figures in a folder: the page, the pictures, how the codes fitted, and a manifest."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import Annotated, Any

from mpi.choropleth import TableMap, make_map
from mpi.choropleth.given import Given, ValueKeys, check_languages, titles
from mpi.config.templates import load_template
from mpi.errors import Fault, UsageError
from mpi.errors.arguments import JUDGED, public
from mpi.errors.omissions import Omission, as_records, attempted
from mpi.files import check_folder, write_folder
from mpi.files.digests import input_file
from mpi.language import phrase
from mpi.maps.join import join_as_dict
from mpi.runs.manifest import NAME, Run, owned, write_manifest
from mpi.runs.pictures import FILES
from mpi.source.numerals import DECIMALS, SIGNS_OF_THOUSANDS
from mpi.vocabulary.options import NUMBER_FORMS, SCHEMES, USUAL_LANGUAGES, NumberForm, Scheme
from mpi.vocabulary.wording import title_in

PAGE, PICTURES = "map.html", "maps"
Columns = str | Sequence[str] | Mapping[str, ValueKeys]


@public
def map_table(
    table: Annotated[object, JUDGED],
    boundaries: str | Path,
    *,
    code: str = "",
    values: str | Sequence[str] | Mapping[str, Mapping[str, Any]] = (),
    form: NumberForm | None = None,
    mapping: str | Path | None = None,
    only: Mapping[str, str | Sequence[str]] | None = None,
    title: str | Mapping[str, str] = "",
    source: str | Mapping[str, str] = "",
    licence: str | Mapping[str, str] = "",
    note: str | Mapping[str, str] = "",
    period: str = "",
    level: float | None = None,
    census: bool = False,
    area_code: str = "",
    area_name: str = "",
    upper_code: str = "",
    upper_name: str = "",
    layer: str = "",
    crs: str = "",
    projection: str = "",
    width: int | None = None,
    pad: bool = False,
    decimal: str = "",
    thousands: str = "",
    scheme: Scheme | None = None,
    classes: int | None = None,
    template: str | Path | None = None,
    languages: Sequence[str] = USUAL_LANGUAGES,
    out: str | Path | None = None,
    overwrite: bool = False,
    pictures: bool = True,
) -> TableMap:
    """A map of any table of figures by area, without microdata.

    Parameters
    ----------
    table : str, Path or frame
        A file (CSV, TSV, Parquet, .xlsx), or a table of pandas, polars or Arrow.
    boundaries : str or Path
        A file of shapes, a YAML file about one, or the name of one that is shipped, such as `colombia_municipios`.
    code : str
        Column of the table with the code of the area; that of the mapping if left out.
    values : str, sequence of str, or mapping of str to mapping
        Columns of numbers, each a layer. As a mapping, with what is said of each: `title`, `form`, `breaks` (in the
        numbers of the table), and the columns of its errors: `se`, `cv` (percent), `low`, `high`.
    form : {"percent", "proportion", "number", "index"}, optional
        What the numbers are, where a column does not say it.
    mapping : str or Path, optional
        How the table is read, as for `mpi.compare`.
    only : mapping of str to str or sequence of str, optional
        Rows that are read: words by column.
    title, source, licence, note : str, or mapping of str to str
        What the map says of the table; by language.
    period : str
        Of the figures.
    level : float, optional
        Of the intervals; 0.95 if left out.
    census : bool
        Whether everybody was counted, so that the figures have no sampling errors.
    area_code, area_name, upper_code, upper_name, layer, crs : str
        Of a file of shapes: its columns with codes and names of areas and of those that hold them, its layer and
        coordinate system. The codes are in a column named like that of the table if left out.
    projection : str
        In metres, such as `EPSG:9377`.
    width : int, optional
        Characters of a code; with `pad`, shorter ones get leading zeros.
    decimal, thousands : str
        Signs in the numbers of the table, where they can be read in two ways, as in `1,250`.
    scheme : {"fixed", "quantiles", "fisher_jenks"}, optional
    classes : int, optional
    template : str or Path, optional
        The office's own logo, colours, fonts and texts: a file, or the name of one that is shipped.
    languages : sequence of str
        Of the page, which opens in the first, and of the pictures.
    out : str or Path, optional
        Folder to make: `map.html`, pictures, a report of the codes, a manifest. It appears whole or not at all.
    overwrite : bool
        Whether such a folder of an earlier call may be replaced.
    pictures : bool
        Whether the folder gets pictures.

    Returns
    -------
    TableMap
        `page()` is the text of the page, `picture()` a layer as a picture.

    Raises
    ------
    ConfigError
        If the mapping, the file of boundaries or the template is faulty.
    UsageError
        If columns are not there or not named, or the folder may not be written.
    DataError
        If the table or the boundaries cannot be used, or no code is that of an area.
    """
    given = Given(
        code=code,
        values=_columns(values),
        form=form,
        only={name: (words,) if isinstance(words, str) else tuple(words) for name, words in (only or {}).items()},
        title=titles(title),
        source=titles(source),
        licence=titles(licence),
        note=titles(note),
        period=period,
        level=level,
        census=census,
        area_code=area_code,
        area_name=area_name,
        upper_code=upper_code,
        upper_name=upper_name,
        layer=layer,
        crs=crs,
        projection=projection,
        scheme=scheme,
        classes=classes,
        width=width,
        pad=pad,
        decimal=decimal,
        thousands=thousands,
    )
    check_languages(languages)
    _check_word("form", form, NUMBER_FORMS)
    _check_word("scheme", scheme, SCHEMES)
    _check_word("decimal", decimal or None, DECIMALS)
    _check_word("thousands", thousands or None, SIGNS_OF_THOUSANDS)
    if out is not None:
        check_out(Path(out), overwrite=overwrite)
    office = None if template is None else load_template(template)
    made = make_map(table, boundaries, given, mapping=mapping, languages=languages, template=office)
    if out is not None:
        write_table_map(made, Path(out), overwrite=overwrite, pictures=pictures)
    return made


def check_out(out: Path, *, overwrite: bool) -> None:
    """Refuse a folder that may not be written, before anything is read for it.

    Raises
    ------
    UsageError
    """
    check_folder(out, mark=NAME, overwrite=overwrite, owned=owned)


def _columns(values: Columns) -> Mapping[str, ValueKeys]:
    if isinstance(values, Mapping):
        return values
    return {name: {} for name in ([values] if isinstance(values, str) else values)}


def _check_word(name: str, word: str | None, known: Sequence[str]) -> None:
    if word is not None and word not in known:
        text = phrase("{name}: {word!r} is not known", name=name, word=word)
        raise UsageError(Fault("MPI-U110", None, text, phrase("give one of {names}", names=", ".join(known))))


def write_table_map(
    made: TableMap,
    out: Path,
    *,
    overwrite: bool = False,
    pictures: bool = True,
    command: Sequence[str] = (),
    more: Callable[[Path], None] = lambda _: None,
) -> dict[str, str]:
    """Write the folder of a map.

    Parameters
    ----------
    made : TableMap
    out : Path
    overwrite, pictures : bool
        As for `map_table`.
    command : sequence of str
        What was typed, for the manifest.
    more : callable
        Writes further files into the folder, before its manifest.

    Returns
    -------
    dict of str to str
        Path below the folder, and what it is.

    Raises
    ------
    UsageError
        If the folder may not be written.
    """
    started = datetime.datetime.now(datetime.UTC)
    inputs = tuple(input_file(path) for path in made.inputs)
    told: dict[str, str] = {}
    left_out: list[Omission] = []

    def fill(target: Path) -> None:
        _put(target / PAGE, made.page().encode())
        told[PAGE] = phrase("interactive map")
        for name, content in _pictures(made, left_out) if pictures else ():
            _put(target / name, content)
        if pictures and not left_out:
            told[f"{PICTURES}/"] = phrase("pictures of each layer: PNG, SVG, PDF")
        _put(target / "join.json", f"{json.dumps(join_as_dict(made.join), ensure_ascii=False, indent=1)}\n".encode())
        more(target)
        run = Run(
            study=title_in(made.title, made.languages[0], ""),
            command=tuple(command),
            data=made.inputs[0].parent,
            inputs=inputs,
            configs=made.configs,
            seed=None,
            options={"languages": list(made.languages)},
            counts={},
            notices=made.notices,
            started=started,
            ended=datetime.datetime.now(datetime.UTC),
            left_out=as_records(left_out, made.languages),
        )
        write_manifest(run, target)

    write_folder(out, fill, overwrite=overwrite, mark=NAME, inputs=made.inputs, owned=owned)
    return told


def _pictures(made: TableMap, left_out: list[Omission]) -> Iterator[tuple[str, bytes]]:
    """The files of every layer in every language; a layer without a figure has none."""
    for layer, language in product(made.layers, made.languages):
        drawing = attempted(f"{PICTURES}/{layer.name}", partial(made.picture, layer.name, language), left_out)
        if drawing is None:
            continue
        for ending, drawn in FILES.items():
            yield f"{PICTURES}/{layer.name}.{language}.{ending}", drawn(drawing)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
