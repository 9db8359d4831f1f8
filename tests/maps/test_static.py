"""Static maps: classes, hatches, counts and scale are read back from the drawing and compared with the layer."""

from __future__ import annotations

import csv
import json
import os
import re
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path as FilePath

import numpy as np
import pytest
import shapely

from mpi.disclosure.publishable import STANDINGS
from mpi.drawing.canvas import FORMATS, Drawing, picture, svg_text
from mpi.drawing.hatches import segments, stroke_of
from mpi.drawing.palette import shades
from mpi.drawing.scene import MILLIMETRE, Box, Element, Group, Path, Rect, Text
from mpi.drawing.style import HOUSE, NARROW
from mpi.drawing.widths import text_width
from mpi.errors import UsageError
from mpi.language import strung
from mpi.maps import geometry
from mpi.maps.areas import Areas, Inset
from mpi.maps.furniture import class_labels, hatched, names_of, round_length
from mpi.maps.layers import NO_DATA, Layer
from mpi.maps.paper import TITLE_SIZE, _candidates, on_paper
from mpi.maps.static import draw_map
from mpi.vocabulary.wording import LANGUAGES, MARK_MEANINGS, NOTHING_THERE, Language, mark_meanings
from tests.support.limits import cpu_seconds_below
from tests.support.loops import at_least_one

SAYS = {
    "es": "CV mayor de 15 y hasta 30 %",
    "en": "CV above 15 and up to 30 %",
    "fr": "CV supérieur à 15 et jusqu\u2019à 30\u202f%",
    "pt": "CV maior que 15% e até 30%",
}
SIDE = 50_000.0  # metres
SECONDS = 3.0  # of the processor: five times what was measured for drawing and PNG together
SHOWN, CAUTION, REVIEW, HIDDEN, UNDEFINED = map(STANDINGS.index, ("shown", "caution", "review", "hidden", "undefined"))

MOST_DARKER = 4.0  # L*: a class is 7 or more darker than the one below
NEARLY_WHITE = 90.0  # L*
LEAST_SEEN = 5.0  # L* between a hatch and the colour below it


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


def count(drawing: Drawing, gid: str) -> int:
    """Areas that were drawn under an id, on the map and in its frames."""
    return sum(len(one.data) for one in drawing.by_id(gid) if one.data is not None)


def paths(drawing: Drawing, gid: str) -> list[Path]:
    return [one for one in drawing.by_id(gid) if isinstance(one, Path)]


def texts(drawing: Drawing, gid: str) -> list[str]:
    return [one.text for one in drawing.by_id(gid) if isinstance(one, Text)]


def rings(path: Path) -> list[np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    return np.split(path.points, path.starts[1:])


def entries(drawing: Drawing) -> dict[str, Rect]:
    """The swatch of each entry of the legend, by its words without mark and count."""
    swatches = [one for one in drawing.walk() if isinstance(one, Rect) and one.gid.startswith("legend-")]
    words = [text.replace("\n", " ").rsplit(" (", 1)[0].strip() for text in texts(drawing, "legend-label")]
    return {word.removeprefix("n.d. "): one for word, one in zip(words, swatches, strict=True)}


def test_a_value_on_a_break_belongs_to_the_class_below() -> None:
    drawing = draw_map(squares(), layer())
    assert [count(drawing, f"class-{i}") for i in range(5)] == [2, 2, 1, 0, 2]
    other = draw_map(squares(), layer(), k="1/2")
    assert [count(other, f"class-{i}") for i in range(5)] == [7, 0, 0, 0, 0]


def test_elements_say_which_areas_they_show_with_which_estimates() -> None:
    drawing = draw_map(squares(), layer())
    own = layer().estimate[0]
    shown = np.concatenate([one.data for i in range(5) for one in paths(drawing, f"class-{i}") if one.data is not None])
    assert sorted(shown[:, 0].tolist()) == [0, 1, 2, 3, 4, 5, 9]
    assert (shown[:, 1] == own[shown[:, 0].astype(int)]).all()


def test_standings_are_hatched_and_what_has_no_number_has_no_class() -> None:
    drawing = draw_map(squares(), layer())
    hatches = {}
    for word in ("caution", "review", "hidden", "undefined", "no_data"):
        found = paths(drawing, f"hatch-{word}")
        assert len(found) == 1, word
        hatches[word] = found[0].look.hatch
    assert len({hatches["caution"], hatches["review"], hatches["hidden"], hatches["no_data"]}) == 4
    assert not drawing.by_id("hatch-shown")
    assert {word: count(drawing, f"ground-{word}") for word in ("hidden", "undefined", "no_data")} == {
        "hidden": 1,
        "undefined": 1,
        "no_data": 1,
    }


def test_no_hatch_makes_a_class_look_like_a_higher_one() -> None:
    for colours in at_least_one([shades(classes) for classes in range(3, 10)]):
        for shade in at_least_one(colours):
            for standing in ("caution", "review"):
                look = hatched(standing, shade)
                seen = lightness(look.fill or shade, look.hatch_ink, share_of(look.hatch))
                assert seen >= lightness(shade) - MOST_DARKER, (standing, shade)
            faded = lightness(look.fill, look.hatch_ink, share_of(look.hatch))
            # What is not reliable loses colour; what has next to none cannot.
            assert faded >= lightness(shade) or lightness(shade) > NEARLY_WHITE, shade
            assert abs(lightness(look.hatch_ink) - lightness(look.fill)) > LEAST_SEEN, shade


def share_of(hatch: str) -> float:
    """The part of an area that slanting lines cover."""
    lines = segments(hatch, 0, 0, 240, 240)
    return float(np.hypot(*(lines[:, 1] - lines[:, 0]).T).sum()) * stroke_of(hatch) / 240**2


def lightness(ground: str, ink: str = "#000000", share: float = 0.0) -> float:
    """L* (CIE 1976) of a ground that lines cover to some part, as the eye mixes their light."""
    light = [
        (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4)
        for one in (
            sum(part * int(colour[i : i + 2], 16) / 255 for colour, part in ((ground, 1 - share), (ink, share)))
            for i in (1, 3, 5)
        )
    ]
    y = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def test_a_hidden_area_is_not_coloured_even_if_a_number_slipped_in() -> None:
    own = layer()
    own.estimate[0, 6] = 0.99
    assert count(draw_map(squares(), own), "class-4") == 2


def test_the_legend_gives_ranges_and_counts_that_add_up_to_all_areas() -> None:
    drawing = draw_map(squares(), layer(), language="es")
    labels = [text.replace("\n", " ") for text in texts(drawing, "legend-label")]
    assert labels[:2] == ["0 \u2013 20  (2)", "> 20 \u2013 40  (2)"]
    counts = [int(re.search(r"\((\d+)\)$", label).group(1)) for label in labels]  # type: ignore[union-attr]
    marks = counts[5:7]  # caution and review are in a class as well
    assert sum(counts) - sum(marks) == 10
    assert any("no se muestra" in label for label in labels)
    assert "clases fijas" in texts(drawing, "legend-title")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_shows_what_is_drawn(language: Language) -> None:
    drawing = draw_map(squares(), layer(), language=language)
    for i in range(5):
        (swatch,) = [one for one in drawing.by_id(f"legend-class-{i}") if isinstance(one, Rect)]
        assert all(one.look.fill == swatch.look.fill for one in paths(drawing, f"class-{i}"))
    for word in ("caution", "review", "hidden", "undefined", "no_data"):
        (swatch,) = [one for one in drawing.by_id(f"legend-{word}") if isinstance(one, Rect)]
        assert paths(drawing, f"hatch-{word}")[0].look.hatch == swatch.look.hatch
        assert all(one.look.fill == swatch.look.fill for one in paths(drawing, f"ground-{word}"))
    # A label stands beside its swatch, and nothing leaves the page.
    labels = [one for one in drawing.by_id("legend-label") if isinstance(one, Text)]
    swatches = [one for one in drawing.walk() if isinstance(one, Rect) and one.gid.startswith("legend-")]
    assert len(labels) == len(swatches) == 10
    for label, swatch in zip(labels, swatches, strict=True):
        box = label.box()
        assert swatch.x + swatch.width < box.left and box.right <= drawing.width
        assert box.top <= swatch.y + swatch.height / 2 <= box.bottom
    assert all(above.box().bottom < below.box().top for above, below in pairwise(labels))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_area_without_a_figure_is_told_from_one_without_a_row(language: Language) -> None:
    drawing = draw_map(squares(), layer(), language=language)
    swatches = [entries(drawing)[NOTHING_THERE[name][language]] for name in ("undefined", "no_data")]
    assert swatches[0].look.hatch != swatches[1].look.hatch  # a texture and a shade, for print
    assert swatches[0].look.fill != swatches[1].look.fill
    grounds = [paths(drawing, f"ground-{name}")[0].look.fill for name in ("undefined", "no_data")]
    assert [swatch.look.fill for swatch in swatches] == grounds


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_speak_in_the_words_of_the_rules(language: Language) -> None:
    told = mark_meanings(
        [("caution", SAYS), ("review", {"es": "menos de 30 casos", "en": "fewer than 30 cases"})], language
    )
    drawing = draw_map(squares(), layer(), language=language, meanings=told)
    below = texts(drawing, "source")[0].split("\n")
    assert below[0] == strung([f"* {MARK_MEANINGS['caution'][language]}", SAYS[language]], ": ", language)
    assert below[1].startswith(strung([f"† {MARK_MEANINGS['review'][language]}", " "], ": ", language).rstrip(" "))
    # Neither in the way of the map or of the legend, nor cut.
    (note,) = [one for one in drawing.by_id("source") if isinstance(one, Text)]
    box = note.box()
    assert box.bottom <= drawing.height and box.left >= 0 and box.right <= drawing.width
    # Borders of upper areas are cut off at the edges of the map.
    drawn = [one.points[:, 1].max() for one in drawing.walk() if isinstance(one, Path) and one.gid != "upper"]
    labels = [one.box().bottom for one in drawing.texts() if one.gid != "source"]
    assert box.top >= max(*drawn, *labels)
    neutral = draw_map(squares(), layer(), language=language, meanings=mark_meanings(None, language))
    (said,) = texts(neutral, "source")
    assert "* " not in said


def test_breaks_are_written_with_the_digits_that_they_need() -> None:
    assert class_labels(np.array([0.0, 0.125, 0.5]), "percent", "en") == ["0.0 \u2013 12.5", "> 12.5 \u2013 50.0"]
    assert class_labels(np.array([0, 1 / 3, 2 / 3]), "index", "es") == ["0,0 \u2013 0,3", "> 0,3 \u2013 0,7"]
    assert class_labels(np.array([0.0, 0.03331, 0.0334]), "percent", "en")[1] == "> 3.331 \u2013 3.340"


def box_of(*elements: Element) -> tuple[float, float, float, float]:
    """What paths cover: left, top, right, bottom."""
    points = np.concatenate([one.points for one in elements if isinstance(one, Path)])
    return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())  # type: ignore[return-value]


def shown_of(drawing: Drawing, area: int) -> Path:
    """The coloured or grey ground of one of the squares."""
    found = [one for one in drawing.walk() if isinstance(one, Path) and one.gid.startswith(("class-", "ground-"))]
    for one in found:
        assert one.data is not None
        places = one.data[:, 0].tolist()
        if area in places and area != 8:  # the one with a hole has two rings
            return Path(rings(one)[places.index(area)], one.look, closed=True)
    raise AssertionError(area)


def test_an_inset_keeps_its_shape_and_does_not_move_the_map() -> None:
    drawing = draw_map(squares(), layer(), language="en")
    (frame,) = [one for one in drawing.by_id("frame") if isinstance(one, Rect)]
    left, top, right, bottom = box_of(shown_of(drawing, 9))
    assert right - left == pytest.approx(bottom - top, rel=1e-6)
    assert frame.x < left and right < frame.x + frame.width and frame.y < top and bottom < frame.y + frame.height
    assert (left + right) / 2 == pytest.approx(frame.x + frame.width / 2)
    alone = draw_map(replace(squares(), insets=()), layer())
    assert box_of(shown_of(alone, 9))[2] < box_of(shown_of(alone, 0))[0]  # far away on the map
    near = box_of(*(shown_of(drawing, area) for area in range(8)))
    assert near[2] - near[0] > 0.6 * drawing.width
    (title,) = [one for one in drawing.by_id("frame-title") if isinstance(one, Text)]
    assert title.text.replace("\n", " ") == "Island $x$"
    assert title.box().bottom <= frame.y


def test_islands_far_apart_are_drawn_together_and_no_word_of_their_title_is_broken() -> None:
    here = squares()
    islands = np.array([*here.shapes, shapely.affinity.translate(here.shapes[9], 0, 4e5)], object)
    far = replace(
        here,
        codes=(*here.codes, "99"),
        names=(*here.names, "Islet"),
        shapes=islands,
        upper=np.append(here.upper, here.upper[9]),
        insets=(Inset({"en": "Archipelago of Providencia"}, np.array([9, 10])),),
    )
    part = on_paper(far, replace(HOUSE, width=NARROW))[1]
    high = [np.ptp(part.rings.of(np.arange(11) == area)[0][:, 1]) for area in (9, 10)]
    assert min(high) > (part.box.bottom - part.box.top) / 4
    longest = text_width("Archipelago", replace(HOUSE, width=NARROW).size(TITLE_SIZE))
    assert part.box.right - part.box.left >= longest


def test_initials_of_a_name_stay_together() -> None:
    spot = [("Bogot\u00e1, D. C.", 40.0, 40.0, 1.0)]
    (name,) = [one for one in names_of(spot, 0.0, 0.0, 200.0) if one.gid == "area-name"]
    assert isinstance(name, Text) and name.text == "Bogot\u00e1,\nD.\u00a0C."


def test_a_frame_stands_on_no_area_and_beside_the_map_where_there_is_no_room() -> None:
    drawing = draw_map(squares(), layer())
    (frame,) = [one for one in drawing.by_id("frame") if isinstance(one, Rect)]
    right = box_of(*(shown_of(drawing, area) for area in range(8)))[2]
    assert frame.x > right  # nine squares fill the map
    labels = [one.box().bottom for one in drawing.by_id("legend-label") if isinstance(one, Text)]
    (title,) = [one for one in drawing.by_id("frame-title") if isinstance(one, Text)]
    assert title.box().top > max(labels)
    (source,) = [one for one in drawing.by_id("source") if isinstance(one, Text)]
    assert frame.y + frame.height <= source.box().top
    corner = squares()
    corner.shapes[[0, 3, 6]] = corner.shapes[[1, 1, 1]]  # a column is free
    free = draw_map(
        replace(
            corner,
            shapes=np.append(corner.shapes[:9], shapely.box(-SIDE, 0, -0.9 * SIDE, SIDE / 9)),
            insets=corner.insets,
        ),
        layer(),
    )
    (frame,) = [one for one in free.by_id("frame") if isinstance(one, Rect)]
    assert frame.x >= 0
    own = shapely.box(frame.x, frame.y, frame.x + frame.width, frame.y + frame.height)
    assert not any(own.intersects(shapely.box(*box_of(shown_of(free, area)))) for area in range(8))


def test_the_scale_bar_is_round_and_as_long_as_it_says() -> None:
    drawing = draw_map(squares(), layer())
    bars = [one for one in drawing.by_id("scale") if isinstance(one, Rect)]
    assert len(bars) == 2
    left, _, right, _ = box_of(shown_of(drawing, 0))
    length = sum(bar.width for bar in bars) / (right - left) * SIDE
    assert bars[0].x + bars[0].width == pytest.approx(bars[1].x)
    labels = texts(drawing, "scale-label")
    assert length == pytest.approx(1000 * float(labels[-1]))
    assert length == pytest.approx(round_length(3 * SIDE * 0.28))
    assert texts(drawing, "scale-unit") == ["km"]
    assert not draw_map(replace(squares(), metres=False), layer()).by_id("scale")


def test_north_is_up() -> None:
    drawing = draw_map(squares(), layer())
    assert box_of(shown_of(drawing, 6))[3] <= box_of(shown_of(drawing, 0))[1] + 1e-6  # the upper row lies in the north
    (arrow,) = paths(drawing, "north-arrow")
    (letter,) = [one for one in drawing.by_id("north") if isinstance(one, Text)]
    assert arrow.points[0, 1] < arrow.points[1:, 1].min() and letter.box().bottom <= arrow.points[0, 1]


def test_borders_of_upper_areas_lie_above_the_areas() -> None:
    order = [one.gid for one in draw_map(squares(), layer()).walk()]
    main = order[: order.index("frame-ground")]
    assert main.index("upper") > max(i for i, gid in enumerate(main) if gid.startswith(("class-", "ground-", "hatch-")))


def test_an_upper_area_that_lies_in_the_map_and_in_a_frame_is_cut_off_at_both() -> None:
    own = squares()
    drawing = draw_map(own, layer())
    groups = [one for one in drawing.elements if isinstance(one, Group)]
    assert len(groups) == 2
    for group in groups:
        assert group.clip is not None
        inside = [one for one in group.elements if isinstance(one, Path)]
        assert inside and all(one.gid == "upper" for one in inside)
    left, top, right, bottom = groups[0].clip or (0, 0, 0, 0)
    assert left <= 4 and right - left < drawing.width and bottom - top < drawing.height


def test_a_hole_stays_a_hole() -> None:
    (path,) = paths(draw_map(squares(), layer()), "ground-no_data")
    sizes = []
    for ring in rings(path):
        x, y = np.append(ring, ring[:1], axis=0).T
        sizes.append(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])))
    assert len(sizes) == 2 and sizes[0] * sizes[1] < 0  # rings that turn against each other leave a hole


def crooked(corners: int) -> Areas:
    """Two areas that share a border with many more corners than a print shows."""
    up = np.linspace(0, SIDE, corners)
    border = np.column_stack([SIDE + 20 * np.sin(np.arange(corners)), up])
    left = shapely.Polygon([(0, 0), *border.tolist(), (0, SIDE)])
    right = shapely.Polygon([(2 * SIDE, 0), (2 * SIDE, SIDE), *border[::-1].tolist()])
    return replace(
        squares(),
        codes=("00", "01"),
        names=("a", "b"),
        shapes=np.array([left, right], object),
        upper=np.array([-1, -1]),
        upper_shapes=None,
        insets=(),
    )


def of_two(first: float, second: float) -> Layer:
    nothing = np.full((1, 2), np.nan)
    return replace(
        layer(),
        estimate=np.array([[first, second]]),
        ci_low=nothing,
        ci_high=nothing,
        standing=np.array([[SHOWN, SHOWN]]),
        units=np.full(2, np.nan),
        cutoffs=("1/3",),
    )


def test_corners_that_no_print_shows_are_left_out_and_neighbours_keep_one_border() -> None:
    own = crooked(5_000)
    drawing = draw_map(own, of_two(0.1, 0.5))
    drawn = [path.points for i in (0, 2) for path in paths(drawing, f"class-{i}")]
    assert len(drawn) == 2 and all(len(points) < 500 for points in drawn)
    (a, b) = ({tuple(point) for point in points.tolist()} for points in drawn)
    shared = a & b
    assert len(shared) >= len(a) - 4  # all but the outer corners
    fine = drawn[0][:, 0].max()
    scale = (drawn[1][:, 0].max() - drawn[0][:, 0].min()) / (2 * SIDE)
    assert abs(fine - (drawn[0][:, 0].min() + (SIDE + 20) * scale)) < 0.1 * MILLIMETRE


def test_areas_are_laid_out_once_for_all_their_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    own, asked = squares(), []
    simplified = geometry.simplified
    monkeypatch.setattr(geometry, "simplified", lambda *a: (asked.append(1), simplified(*a))[1])
    for language in LANGUAGES:
        draw_map(own, layer(), language=language, title="T" if language == "es" else "")
    assert len(asked) == 4  # the map and its frame, areas and upper areas


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
        (text,) = texts(draw_map(squares(), layer(), language=language), "source")
        assert text.startswith(told)


def test_a_layer_of_other_areas_or_an_unknown_cutoff_is_refused() -> None:
    with pytest.raises(UsageError, match="MPI-P001"):
        draw_map(squares(), layer(), k="2/3")
    with pytest.raises(UsageError, match="MPI-P001"):
        draw_map(replace(squares(), codes=("00",)), layer())


def colombia(root: FilePath) -> tuple[Areas, Layer]:
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
    areas, own = colombia(FilePath(os.environ["MPI_REAL_DATA"]))
    assert len(areas) == 1122
    with cpu_seconds_below(SECONDS):
        drawing = draw_map(areas, own, title="Incidencia (H), censo 2018", language="es")
        content = picture(drawing, ".png")
    assert content.startswith(b"\x89PNG")
    known = own.estimate[0][np.isfinite(own.estimate[0])]
    expected, _ = np.histogram(known, bins=[-1, 0.2, 0.4, 0.6, 0.8, 1.1])
    # numpy closes bins on the left; nothing lies on a break apart from what is counted here.
    on_break = [int(np.count_nonzero(known == edge)) for edge in (0.2, 0.4, 0.6, 0.8)]
    shift = [*on_break, 0]
    expected = expected + np.array(shift) - np.array([0, *on_break])
    drawn = [count(drawing, f"class-{i}") for i in range(5)]
    assert drawn == expected.tolist()
    assert sum(drawn) + count(drawing, "ground-no_data") == 1122
    # One path a class, on the map and in the frame; no corner finer than the print.
    assert len([one for one in drawing.walk() if one.gid.startswith("class-")]) <= 10
    corners = sum(len(one.points) for i in range(5) for one in paths(drawing, f"class-{i}"))
    assert corners < shapely.get_num_coordinates(areas.shapes).sum()


def test_names_stand_over_their_areas_and_cover_no_other_name() -> None:
    drawing = draw_map(squares(), layer())
    told = [one for one in drawing.by_id("area-name") if isinstance(one, Text)]
    halos = [one for one in drawing.by_id("halo") if isinstance(one, Text)]
    assert told and [(one.text, one.x, one.y) for one in told] == [(one.text, one.x, one.y) for one in halos]
    assert all(one.outline > 0 and one.ink != told[0].ink for one in halos)
    boxes = [one.box() for one in told]
    assert not [
        (one, other) for one, other in combinations(boxes, 2) if shapely.box(*one).overlaps(shapely.box(*other))
    ]
    assert len(set(boxes)) == len(boxes) > 1
    for form in at_least_one(FORMATS):
        assert picture(drawing, form, dpi=50) == picture(drawing, form, dpi=50)


def test_lists_stand_below_the_legend_while_they_have_room() -> None:
    lists = [("Highest", ["one  1.0", "two  2.0"]), ("Lowest", ["three  3.0"]), ("Far too many", ["x"] * 200)]
    drawing = draw_map(squares(), layer(), beside=lists)
    assert texts(drawing, "list-title") == ["Highest", "Lowest"] and texts(drawing, "list")[0] == "one  1.0\ntwo  2.0"
    labels = [one.box() for one in drawing.by_id("legend-label") if isinstance(one, Text)]
    heads = [one.box() for one in drawing.by_id("list-title") if isinstance(one, Text)]
    assert max(box.bottom for box in labels) < heads[0].top < heads[1].top


def test_places_for_an_inset_are_tried_from_where_its_areas_are() -> None:
    box, size = Box(0, 0, 100, 200), (20.0, 30.0)
    corners = {(-50.0, -10.0): (0, 0), (130.0, 10.0): (80, 0), (120.0, 250.0): (80, 170), (-5.0, 199.0): (0, 170)}
    for true, first in at_least_one(corners.items()):
        assert _candidates(box, size, true)[0] == first
