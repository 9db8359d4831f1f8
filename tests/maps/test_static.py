"""Static maps: classes, hatches, counts and scale are read back from the drawing and compared with the layer."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from mpi.disclosure.publishable import STANDINGS
from mpi.drawing.canvas import FORMATS, picture, svg_text
from mpi.errors import UsageError
from mpi.maps.areas import Areas, Inset
from mpi.maps.furniture import class_labels, round_length
from mpi.maps.layers import NO_DATA, Layer
from mpi.maps.static import draw_map
from mpi.vocabulary.wording import LANGUAGES, MARK_MEANINGS, NOTHING_THERE, Language, mark_meanings
from tests.support.drawings import by_id
from tests.support.limits import cpu_seconds_below

SAYS = {"es": "CV mayor de 15 y hasta 30 %", "en": "CV above 15 and up to 30 %", "pt": "CV maior que 15% e até 30%"}
SIDE = 50_000.0  # metres
SECONDS = 3.0  # of the processor: five times what was measured for axes and PNG together
SHOWN, CAUTION, REVIEW, HIDDEN, UNDEFINED = map(STANDINGS.index, ("shown", "caution", "review", "hidden", "undefined"))


def squares() -> Areas:
    """Nine squares in three rows, the last with a hole, and an island far away."""
    cells = [shapely.box(x * SIDE, y * SIDE, (x + 1) * SIDE, (y + 1) * SIDE) for y in range(3) for x in range(3)]
    cells[8] = cells[8].difference(shapely.box(2.4 * SIDE, 2.4 * SIDE, 2.6 * SIDE, 2.6 * SIDE))
    cells.append(shapely.box(-40 * SIDE, 30 * SIDE, -39.9 * SIDE, 30.1 * SIDE))
    upper = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 2])
    shapes = np.array(cells, object)
    return Areas(
        domain="d",
        codes=tuple(f"{i:02}" for i in range(10)),
        names=("<script>", *"bcdefghij"),
        shapes=shapes,
        crs="EPSG:9377",
        metres=True,
        upper=upper,
        upper_codes=("0", "1", "2"),
        upper_names=("x", "y", "z"),
        upper_shapes=np.array([shapely.union_all(shapes[upper == i]) for i in range(3)], object),
        insets=(Inset({"es": "Isla $x$", "en": "Island $x$"}, np.array([9])),),
        vintage={"": "2018"},
        source={"es": "Fuente <b>", "en": "Source <b>"},
        licence={"": "CC BY 4.0"},
    )


def layer() -> Layer:
    """Values on the breaks, one of each standing, and another cutoff at which all is 0."""
    values = np.array([0.0, 0.2, 0.2000001, 0.4, 0.5, 0.9, np.nan, np.nan, np.nan, 1.0])
    standing = np.array([SHOWN, SHOWN, SHOWN, CAUTION, REVIEW, SHOWN, HIDDEN, UNDEFINED, NO_DATA, SHOWN])
    estimate = np.array([values, np.where(np.isfinite(values), 0.0, np.nan)])
    empty = np.full_like(estimate, np.nan)
    return Layer(
        name="H",
        statistic="H",
        dimension=None,
        indicator=None,
        form="percent",
        cutoffs=("1/3", "1/2"),
        estimate=estimate,
        ci_low=empty,
        ci_high=empty,
        standing=np.array([standing, standing]),
        units=np.full(10, np.nan),
        scheme="fixed",
        breaks=np.array([0, 0.2, 0.4, 0.6, 0.8, 1]),
    )


def count(axes: Any, gid: str) -> int:
    """Areas that were drawn under an id, on the map and in its frames."""
    return sum(len(collection.get_paths()) for collection in by_id(axes, gid))


def test_a_value_on_a_break_belongs_to_the_class_below() -> None:
    axes = draw_map(squares(), layer())
    assert [count(axes, f"class-{i}") for i in range(5)] == [2, 2, 1, 0, 2]
    other = draw_map(squares(), layer(), k="1/2")
    assert [count(other, f"class-{i}") for i in range(5)] == [7, 0, 0, 0, 0]


def test_standings_are_hatched_and_what_has_no_number_has_no_class() -> None:
    axes = draw_map(squares(), layer())
    hatches = {}
    for word in ("caution", "review", "hidden", "undefined", "no_data"):
        found = by_id(axes, f"hatch-{word}")
        assert len(found) == 1, word
        hatches[word] = found[0].get_hatch()
    assert len({hatches["caution"], hatches["review"], hatches["hidden"], hatches["no_data"]}) == 4
    assert not by_id(axes, "hatch-shown")
    assert {word: count(axes, f"ground-{word}") for word in ("hidden", "undefined", "no_data")} == {
        "hidden": 1,
        "undefined": 1,
        "no_data": 1,
    }


def test_a_hidden_area_is_not_coloured_even_if_a_number_slipped_in() -> None:
    own = layer()
    own.estimate[0, 6] = 0.99
    axes = draw_map(squares(), own)
    assert count(axes, "class-4") == 2


def test_the_legend_gives_ranges_and_counts_that_add_up_to_all_areas() -> None:
    legend = draw_map(squares(), layer(), language="es").get_legend()
    labels = [text.get_text().replace("\n", " ") for text in legend.get_texts()]
    assert labels[:2] == ["0 \u2013 20  (2)", "> 20 \u2013 40  (2)"]
    counts = [int(re.search(r"\((\d+)\)$", label).group(1)) for label in labels]  # type: ignore[union-attr]
    marks = counts[5:7]  # caution and review are in a class as well
    assert sum(counts) - sum(marks) == 10
    assert any("no se muestra" in label for label in labels)
    assert "clases fijas" in legend.get_title().get_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_area_without_a_figure_is_told_from_one_without_a_row(language: Language) -> None:
    axes = draw_map(squares(), layer(), language=language)
    legend = axes.get_legend()
    entries = {
        text.get_text().replace("\n", " ").rsplit(" (", 1)[0].removeprefix("n.d. "): patch
        for text, patch in zip(legend.get_texts(), legend.get_patches(), strict=True)
    }
    patches = [entries[NOTHING_THERE[name][language]] for name in ("undefined", "no_data")]
    for seen in (lambda one: one.get_hatch(), lambda one: one.get_facecolor()):  # a texture and a shade, for print
        assert seen(patches[0]) != seen(patches[1])
    grounds = [by_id(axes, f"ground-{name}")[0].get_facecolor()[0].tolist() for name in ("undefined", "no_data")]
    assert [list(patch.get_facecolor()) for patch in patches] == grounds


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_speak_in_the_words_of_the_rules(language: Language) -> None:
    told = mark_meanings(
        [("caution", SAYS), ("review", {"es": "menos de 30 casos", "en": "fewer than 30 cases"})], language
    )
    axes = draw_map(squares(), layer(), language=language, meanings=told)
    below = next(str(one.get_text()) for one in axes.findobj() if one.get_gid() == "source").split("\n")
    assert below[0] == f"* {MARK_MEANINGS['caution'][language]}: {SAYS[language]}"
    assert below[1].startswith(f"† {MARK_MEANINGS['review'][language]}: ")
    # Neither in the way of the map or of the legend, nor cut.
    figure = axes.figure
    figure.draw_without_rendering()
    (note,) = [one for one in axes.findobj() if one.get_gid() == "source"]
    box, page = note.get_window_extent(), figure.bbox
    assert box.y1 <= axes.get_window_extent().y0 and box.y0 >= page.y0 and box.x1 <= page.x1
    neutral = draw_map(squares(), layer(), language=language, meanings=mark_meanings(None, language))
    assert "source" in {one.get_gid() for one in neutral.findobj()}
    assert not [one for one in neutral.findobj() if one.get_gid() == "source" and "* " in one.get_text()]


def test_breaks_are_written_with_the_digits_that_they_need() -> None:
    assert class_labels(np.array([0.0, 0.125, 0.5]), "percent", "en") == ["0.0 \u2013 12.5", "> 12.5 \u2013 50.0"]
    assert class_labels(np.array([0, 1 / 3, 2 / 3]), "index", "es") == ["0,0 \u2013 0,3", "> 0,3 \u2013 0,7"]
    assert class_labels(np.array([0.0, 0.03331, 0.0334]), "percent", "en")[1] == "> 3.331 \u2013 3.340"


def test_an_inset_keeps_its_shape_and_does_not_move_the_map() -> None:
    axes = draw_map(squares(), layer())
    picture(axes, ".png", dpi=60)
    assert axes.get_xlim()[0] > -SIDE and axes.get_ylim()[1] < 4 * SIDE
    (frame,) = axes.child_axes
    box = frame.get_window_extent()
    across = (frame.get_xlim()[1] - frame.get_xlim()[0]) / box.width
    up = (frame.get_ylim()[1] - frame.get_ylim()[0]) / box.height
    assert across == pytest.approx(up, rel=1e-6)
    assert frame.get_title() == "Island $x$"
    assert count(frame, "class-4") == 1


def test_the_scale_bar_is_round_and_as_long_as_it_says() -> None:
    axes = draw_map(squares(), layer())
    bars = by_id(axes, "scale")
    assert len(bars) == 2
    length = max(bar.get_datalim(axes.transData).x1 for bar in bars) - min(
        bar.get_datalim(axes.transData).x0 for bar in bars
    )
    labels = [text.get_text() for text in by_id(axes, "scale-label")]
    assert length == pytest.approx(1000 * float(labels[-1])) == round_length(3 * SIDE * 0.28)
    assert by_id(axes, "scale-unit")[0].get_text() == "km"
    from dataclasses import replace

    assert not by_id(draw_map(replace(squares(), metres=False), layer()), "scale")


def test_borders_of_upper_areas_lie_above_the_areas() -> None:
    axes = draw_map(squares(), layer())
    top = min(collection.get_zorder() for collection in by_id(axes, "upper"))
    assert top > max(collection.get_zorder() for i in range(5) for collection in by_id(axes, f"class-{i}"))


def test_a_hole_stays_a_hole() -> None:
    axes = draw_map(squares(), layer())
    path = by_id(axes, "ground-no_data")[0].get_paths()[0]
    assert path.contains_point((2.1 * SIDE, 2.1 * SIDE))
    sizes = [float(np.sum(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1])) for ring in path.to_polygons()]
    assert len(sizes) == 2 and sizes[0] * sizes[1] < 0  # rings that turn against each other leave a hole


@pytest.mark.parametrize("form", FORMATS)
def test_two_runs_give_the_same_bytes(form: str) -> None:
    pair = [picture(draw_map(squares(), layer(), title="T", note="N"), form, dpi=60) for _ in range(2)]
    assert pair[0] == pair[1]


def test_texts_of_a_map_are_data() -> None:
    text = svg_text(draw_map(squares(), layer(), title="<script>alert(1)</script> $x^2$"), title="t", ids="m")
    assert "<script" not in text and "&lt;script&gt;alert(1)&lt;/script&gt; $x^2$" in text
    assert "Source &lt;b&gt;" in text


def test_where_the_borders_come_from_is_told_in_the_language_of_the_map() -> None:
    for language, told in (
        ("es", "Límites: Fuente <b>; 2018; CC BY 4.0; EPSG"),
        ("en", "Boundaries: Source <b>; 2018; CC"),
    ):
        axes = draw_map(squares(), layer(), language=language)
        (text,) = [str(one.get_text()) for one in axes.findobj() if one.get_gid() == "source"]
        assert text.startswith(told)


def test_a_layer_of_other_areas_or_an_unknown_cutoff_is_refused() -> None:
    from dataclasses import replace

    with pytest.raises(UsageError, match="MPI-P001"):
        draw_map(squares(), layer(), k="2/3")
    with pytest.raises(UsageError, match="MPI-P001"):
        draw_map(replace(squares(), codes=("00",)), layer())


def colombia(root: Path) -> tuple[Areas, Layer]:
    """The published municipal headcount ratio of 2018 on the boundaries of that year, San Andrés in a frame."""
    import pyproj

    features = json.loads((root / "colombia/geo/municipios_mgn2018.geojson").read_text(encoding="utf-8"))["features"]
    features.sort(key=lambda feature: feature["properties"]["mpio_code"])
    with (root / "colombia/census/ipm_municipal_2018.csv").open(encoding="utf-8") as file:
        published = {
            row["mpio_code"]: float(row["ipm_total"]) / 100 for row in csv.DictReader(file) if row["ipm_total"]
        }
    codes = tuple(feature["properties"]["mpio_code"] for feature in features)
    move = pyproj.Transformer.from_crs(4326, 9377, always_xy=True)
    shapes = shapely.transform(
        np.array([shapely.geometry.shape(feature["geometry"]) for feature in features], object),
        lambda points: np.column_stack(move.transform(points[:, 0], points[:, 1])),
    )
    upper_codes = tuple(dict.fromkeys(code[:2] for code in codes))
    upper = np.array([upper_codes.index(code[:2]) for code in codes])
    union = np.array([shapely.union_all(shapes[upper == i]) for i in range(len(upper_codes))], object)
    islands = np.array([i for i, code in enumerate(codes) if code.startswith("88")])
    areas = Areas(
        domain="municipio",
        codes=codes,
        names=codes,
        shapes=shapes,
        crs="EPSG:9377",
        metres=True,
        upper=upper,
        upper_codes=upper_codes,
        upper_names=upper_codes,
        upper_shapes=union,
        insets=(Inset({"es": "San Andrés y Providencia"}, islands),),
        vintage={"": "2018"},
        source={"": "DANE, MGN"},
        licence={"": "CC BY 4.0"},
    )
    estimate = np.array([[published.get(code, np.nan) for code in codes]])
    standing = np.where(np.isfinite(estimate), STANDINGS.index("shown"), NO_DATA)
    empty = np.full_like(estimate, np.nan)
    breaks = np.array([0, 0.2, 0.4, 0.6, 0.8, 1])
    return areas, Layer(
        name="H",
        statistic="H",
        dimension=None,
        indicator=None,
        form="percent",
        cutoffs=("1/3",),
        estimate=estimate,
        ci_low=empty,
        ci_high=empty,
        standing=standing,
        units=np.full(len(codes), np.nan),
        scheme="fixed",
        breaks=breaks,
    )


@pytest.mark.skipif("MPI_REAL_DATA" not in os.environ, reason="MPI_REAL_DATA does not name the folder of real data")
def test_the_municipalities_of_colombia_are_drawn_whole_and_soon() -> None:
    areas, own = colombia(Path(os.environ["MPI_REAL_DATA"]))
    assert len(areas) == 1122
    with cpu_seconds_below(SECONDS):
        axes = draw_map(areas, own, title="Incidencia (H), censo 2018", language="es")
        content = picture(axes, ".png")
    assert content.startswith(b"\x89PNG")
    known = own.estimate[0][np.isfinite(own.estimate[0])]
    expected, _ = np.histogram(known, bins=[-1, 0.2, 0.4, 0.6, 0.8, 1.1])
    # numpy closes bins on the left; nothing lies on a break apart from what is counted here.
    on_break = [int(np.count_nonzero(known == edge)) for edge in (0.2, 0.4, 0.6, 0.8)]
    shift = [*on_break, 0]
    expected = expected + np.array(shift) - np.array([0, *on_break])
    drawn = [count(axes, f"class-{i}") for i in range(5)]
    assert drawn == expected.tolist()
    assert sum(drawn) + count(axes, "ground-no_data") == 1122
    collections = [one for one in axes.collections if str(one.get_gid()).startswith("class-")]
    assert len(collections) == 5  # one object a class
