"""Drawings in three formats: what is painted is where the scene says, in its colours, the same at every run."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path as File
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib import ft2font, get_data_path
from PIL import Image

from mpi.drawing.canvas import Drawing, picture, svg_text
from mpi.drawing.hatches import APART, lines_of, segments, within
from mpi.drawing.palette import HATCHES, INK, LIGHT, MARKERS, SERIES
from mpi.drawing.scene import Box, Element, Group, Look, Marker, Path, Rect, Text
from mpi.drawing.svg import TILE
from mpi.drawing.widths import advances, text_width
from mpi.errors import UsageError
from tests.support.loops import at_least_one

SVG = "{http://www.w3.org/2000/svg}"
PIXEL = 1.5  # how far anti-aliasing and hinting may reach, in pixels
RTOL_WIDTH = 0.04  # hinted letters stand on whole pixels
WHITE, BLUE = (255, 255, 255), (0, 114, 178)


def drawing(*elements: Element, width: float = 100, height: float = 80) -> Drawing:
    return Drawing(width, height, elements)


def written(x: float, y: float, text: str, size: float, **look: Any) -> Text:
    return Text(x=x, y=y, text=text, size=size, **look)


def pixels(*elements: Element, dpi: int = 72) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    image = Image.open(io.BytesIO(picture(drawing(*elements), ".png", dpi=dpi)))
    return np.asarray(image.convert("RGB"))


def inked(found: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]], dpi: int) -> Box:
    """What is not paper, in points."""
    down, across = np.nonzero((found < 200).any(axis=2))
    scale = 72 / dpi
    return Box(across.min() * scale, down.min() * scale, (across.max() + 1) * scale, (down.max() + 1) * scale)


def whole() -> Drawing:
    """One of everything."""
    looks = [Look(fill=LIGHT[i], stroke=INK, width=0.5, hatch=hatch) for i, hatch in enumerate(HATCHES)]
    return drawing(
        *(Rect(5 + 10 * i, 5, 8, 8, look) for i, look in enumerate(looks)),
        *(Marker(5 + 10 * i, 20, kind, 5, Look(stroke=INK, width=1)) for i, kind in enumerate([*MARKERS, "|", "_"])),
        Path(np.array([[5, 30], [90, 30]]), Look(stroke=SERIES[0], width=1, dash=(3, 1))),
        written(5, 45, "<script> $x^2$ & ñ †\nzwei", 7, bold=True, anchor="start"),
        written(95, 70, "up", 7, upright=True),
        Group((Rect(5, 60, 20, 20, Look(fill=SERIES[1], opacity=0.5)),), clip=Box(10, 65, 20, 75)),
    )


@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_those_of_the_font(bold: bool) -> None:
    font = ft2font.FT2Font(f"{get_data_path()}/fonts/ttf/DejaVuSans{'-Bold' if bold else ''}.ttf")
    known = advances(bold=bold)
    assert set(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) <= known.keys()
    assert {"†", "\u2013", "\u2212", "…", "\u202f", "≥"} <= known.keys()
    named = getattr(ft2font, "LoadFlags", None)  # new in matplotlib 3.10
    flags = named.NO_SCALE | named.NO_HINTING if named else ft2font.LOAD_NO_SCALE | ft2font.LOAD_NO_HINTING
    assert {sign: font.load_char(ord(sign), flags=flags).horiAdvance for sign in known} == known


def test_signs_that_the_font_lacks_have_a_width_and_marks_over_letters_have_none() -> None:
    assert text_width("北", 10) == 10 and text_width("\U0001f600", 10) > 5
    assert text_width("e\u0301\u200d", 10) == text_width("e", 10)


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("text", ["Hxp", "Barras\nÁy", "M0 0,041"])
def test_letters_lie_in_the_box_of_their_text(text: str, upright: bool) -> None:
    dpi = 200
    for anchor, level in at_least_one(product(("start", "middle", "end"), ("baseline", "top", "middle", "bottom"))):
        one = written(50, 40, text, 8, anchor=anchor, level=level, upright=upright)
        seen, box = inked(pixels(one, dpi=dpi), dpi), one.box()
        room = PIXEL * 72 / dpi + RTOL_WIDTH * (box.right - box.left)
        assert box.left - room <= seen.left and seen.right <= box.right + room, (anchor, level)
        assert box.top - room <= seen.top and seen.bottom <= box.bottom + room, (anchor, level)
        # As long as it says, not only inside.
        long, wide = (1, 3) if upright else (0, 2)
        assert seen[wide] - seen[long] == pytest.approx(box[wide] - box[long], abs=2)  # but for the room beside letters


def test_an_anchored_text_ends_where_it_is_told() -> None:
    for anchor, across in (("start", (50, 70)), ("middle", (40, 60)), ("end", (30, 50))):
        width = text_width("HHH", 8)
        box = written(50, 40, "HHH", 8, anchor=anchor).box()
        assert box.right - box.left == pytest.approx(width)
        assert min(across) - 5 < box.left < max(across)
    assert written(50, 40, "H", 8, level="top").box().top == pytest.approx(40)
    assert written(50, 40, "H\nH", 8, level="bottom").box().bottom == pytest.approx(40)
    assert written(50, 40, "a\x00", 8).text == "a\\u0000"


@pytest.mark.parametrize("hatch", [*filter(None, HATCHES), "///", "..."])
def test_lines_of_a_hatch_stay_in_their_box_and_meet_those_of_the_next(hatch: str) -> None:
    lines = segments(hatch, 3, 5, 40, 29)
    assert len(lines)
    reach = 0.6 if "." in hatch else 1e-9
    assert lines[..., 0].min() >= 3 - reach and lines[..., 0].max() <= 40 + reach
    assert lines[..., 1].min() >= 5 - reach and lines[..., 1].max() <= 29 + reach
    apart = APART / hatch.count(hatch[0]) * (2 if hatch[0] in "/\\" else 1)
    signs = {"/": (1, 1), "\\": (1, -1), "|": (1, 0), "-": (0, 1), ".": (0, 1)}
    if hatch[0] in signs:
        across, down = signs[hatch[0]]
        steps = (across * lines[..., 0] + down * lines[..., 1]) / apart
        assert steps == pytest.approx(np.rint(steps), abs=1e-9)


@pytest.mark.parametrize("hatch", [*filter(None, HATCHES), "...", "|x"])
def test_a_hatch_ends_at_the_borders_of_its_shape_as_shapely_cuts_it(hatch: str) -> None:
    from shapely import MultiLineString, Polygon, points, union_all

    rng = np.random.default_rng(7)
    for corners in (3, 40, 900):
        turn = np.sort(rng.uniform(0, 2 * np.pi, corners))[:, None]
        star = np.hstack([np.cos(turn), np.sin(turn)]) * rng.uniform(20, 90, (corners, 1)) + (110, 95)
        hole = np.array([[104, 90], [104, 97.5], [118, 96]]) if corners > 3 else np.zeros((0, 2))
        other = np.array([[240.0, 12], [300, 12], [300, 96], [240, 96]])  # whose borders are lines of hatches, too
        starts = np.cumsum([0, len(star), len(hole)])
        found = within(hatch, np.concatenate([star, hole, other]), starts)
        area = Polygon(star, [hole] if len(hole) else []).union(Polygon(other))
        middle = found.mean(axis=1)
        assert len(found) and area.buffer(0.61 if "." in hatch else 1e-6).contains(points(middle)).all()
        whole = MultiLineString(list(segments(hatch, 0, 0, 320, 200)))
        expected = whole.intersection(area.buffer(-1e-9)).length
        reach = 1.2 * len(found) * 0.02 if "." in hatch else 1e-3
        edges = 2 * 84 + 2 * 60  # a line that is a border is inside or not
        length = float(np.hypot(*(found[:, 1] - found[:, 0]).T).sum())
        assert length == pytest.approx(expected, abs=reach + edges * (hatch[0] in "-|+.x")), corners
        assert not union_all(MultiLineString(list(found))).difference(area.buffer(0.7)).length


def test_shapes_without_an_inside_have_no_hatch_and_those_with_one_have() -> None:
    look = Look(hatch="////")
    line = np.array([[0.0, 0], [50, 40], [90, 3]])
    assert not len(lines_of(Path(line, look), "////")) and len(lines_of(Path(line, look, closed=True), "////"))
    assert not len(within("////", np.zeros((0, 2)), np.zeros(1, np.int64)))
    for kind in MARKERS:
        found = lines_of(Marker(40, 40, kind, 30, look), "////")
        assert len(found) and np.hypot(*(found - 40).reshape(-1, 2).T).max() < 22, kind
    assert not len(lines_of(Marker(40, 40, "|", 30, look), "////"))


def test_colours_of_a_drawing_are_exact_and_a_clear_one_lets_the_other_through() -> None:
    look = Look(fill="#0072B2")
    found = pixels(Rect(10, 10, 30, 30, look), Rect(50, 10, 30, 30, Look(fill="#0072B2", opacity=0.5)))
    assert tuple(found[25, 25].tolist()) == BLUE and tuple(found[25, 65].tolist()) == pytest.approx(
        (127, 184, 216), abs=2
    )
    assert tuple(found[70, 5].tolist()) == WHITE
    both = pixels(Rect(10, 10, 30, 30, look), Rect(10, 10, 30, 30, Look(fill="#D55E00", opacity=0.5)))
    assert tuple(both[25, 25].tolist()) == pytest.approx((106, 104, 89), abs=3)


def test_a_ring_that_turns_round_is_a_hole_and_a_clip_cuts() -> None:
    outer, hole = [[10, 10], [60, 10], [60, 60], [10, 60]], [[20, 20], [20, 50], [50, 50], [50, 20]]
    ring = Path(np.array([*outer, *hole], float), Look(fill="#0072B2"), closed=True, starts=np.array([0, 4]))
    found = pixels(ring)
    assert tuple(found[15, 15].tolist()) == BLUE and tuple(found[35, 35].tolist()) == WHITE
    cut = pixels(Group((ring, written(20, 20, "WWWW", 20)), clip=Box(0, 0, 30, 80)))
    assert tuple(cut[15, 15].tolist()) == BLUE and (cut[:, 32:] == 255).all()
    inner = pixels(Group((Group((ring,), clip=Box(0, 0, 80, 30)),), clip=Box(0, 0, 30, 80)))
    assert tuple(inner[15, 15].tolist()) == BLUE and (inner[32:] == 255).all() and (inner[:, 32:] == 255).all()


def test_hatches_and_dashes_are_seen_on_pixels() -> None:
    plain = pixels(Rect(10, 10, 40, 40, Look(fill="#E69F00")), dpi=144)
    seen = {}
    for hatch in at_least_one(HATCHES[1:]):
        for one in (
            Rect(10, 10, 40, 40, Look(fill="#E69F00", hatch=hatch)),
            Path(np.array([[10, 10], [50, 10], [50, 50], [10, 50]], float), Look(fill="#E69F00", hatch=hatch), True),
        ):
            found = pixels(one, dpi=144)
            dark = (found[..., 0] < 200) & (found[..., 1] < 140)  # the ground is (230, 159, 0)
            assert 0.01 < dark[25:95, 25:95].mean() < 0.9, hatch
            assert not dark[:18].any() and not dark[:, :18].any() and not dark[102:].any(), hatch
            assert (found[:18] == plain[:18]).all()
        seen[hatch] = dark.tobytes()
    assert len(set(seen.values())) == len(seen)
    line = pixels(Path(np.array([[0, 20], [100, 20]]), Look(stroke=INK, width=2, dash=(5, 5))))
    assert 0.4 < (line[20] < 128).all(axis=1).mean() < 0.6


@pytest.mark.parametrize("form", [".png", ".svg", ".pdf"])
def test_two_runs_give_the_same_bytes(form: str, tmp_path: File) -> None:
    first = picture(whole(), form)
    assert first == picture(whole(), form)
    whole().save(tmp_path / f"x{form}")
    assert (tmp_path / f"x{form}").read_bytes() == first


def test_an_svg_has_no_styles_and_every_reference_is_met_under_its_prefix() -> None:
    texts = [svg_text(whole(), title="<b>", description="a & b", ids=name) for name in ("a", "b")]
    for text, name in zip(texts, "ab", strict=True):
        root = ElementTree.fromstring(text)  # noqa: S314  our own text
        assert root.get("role") == "img" and root.get("aria-labelledby") == f"{name}-title {name}-desc"
        assert [child.text for child in list(root)[:2]] == ["<b>", "a & b"]
        assert " style=" not in text and "<style" not in text and "<script" not in text
        ids = re.findall(r'\bid="([^"]+)"', text)
        met = set(re.findall(r"url\(#([^)]+)\)", text))
        assert len(met) == len(HATCHES) and met < set(ids) and len(ids) == len(set(ids)) == len(met) + 2
        assert all(each.startswith(f"{name}-") for each in ids)
        words = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
        assert words == ["<script> $x^2$ & ñ †", "zwei", "up"]
    assert "desc" not in svg_text(whole(), title="t", ids="c")
    assert whole()._repr_svg_() == picture(whole(), ".svg").decode()


def elements_of(text: str, tag: str) -> Sequence[dict[str, str]]:
    """Elements of an SVG with what they inherit."""

    def below(one: ElementTree.Element, held: dict[str, str]) -> list[dict[str, str]]:
        own = {**held, **one.attrib}
        found = [own] if one.tag == f"{SVG}{tag}" else []
        return found + [each for child in one if child.tag != f"{SVG}defs" for each in below(child, own)]

    return below(ElementTree.fromstring(text), {})  # noqa: S314  our own text


def test_neighbours_that_look_alike_share_attributes_and_keep_their_own() -> None:
    look, other = Look(fill="#0072B2", stroke=INK, width=0.5), Look(stroke=INK, width=2, dash=(1, 2), opacity=0.5)
    rects = [Rect(i, 2 * i, 3, 4, look) for i in range(3)] + [Rect(9, 9, 1, 1, other)]
    text = picture(drawing(*rects), ".svg").decode()
    found = elements_of(text, "rect")[1:]  # the first is the paper
    assert [(one["x"], one["y"]) for one in found] == [("0", "0"), ("1", "2"), ("2", "4"), ("9", "9")]
    assert [one["fill"] for one in found] == ["#0072B2"] * 3 + ["none"]
    assert found[-1]["stroke-dasharray"] == "2 4" and found[-1]["opacity"] == "0.5"
    assert text.count('fill="#0072B2"') == 1
    own = drawing(written(50, 20, "ab", 8, anchor="end"), Group((written(1, 2, "c@d", 7),)))
    said = picture(own, ".svg").decode()
    assert "c@d</text>" in said
    ends = elements_of(said, "text")
    assert [(one.get("text-anchor"), one["x"], one["font-size"]) for one in ends] == [
        ("end", "50", "8"),
        (None, "1", "7"),
    ]
    assert {one["font-family"].split(",")[0] for one in ends} == {"'DejaVu Sans'"}


def test_a_drawing_is_read_back_and_extended() -> None:
    inner = Marker(1, 2, "o", 3, Look(), gid="point", data=np.array([[0.5, 1.0]]))
    own = drawing(Group((inner,), gid="all"), written(0, 0, "x", 8, gid="name"))
    assert own.by_id("point") == [inner] and [one.text for one in own.texts()] == ["x"]
    assert [one.gid for one in own.walk()] == ["all", "point", "name"]
    longer = own.extended(12, written(0, 85, "y", 8))
    assert isinstance(longer, Drawing) and longer.height == own.height + 12 and len(longer.texts()) == 2


@pytest.mark.parametrize(("package", "form"), [("matplotlib", ".png"), ("matplotlib", ".pdf"), ("reportlab", ".pdf")])
def test_without_a_package_there_are_svgs_and_a_remedy(
    monkeypatch: pytest.MonkeyPatch, package: str, form: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, package, None)
    assert b"<svg" in picture(whole(), ".svg")
    with pytest.raises(UsageError, match=rf"(?s)MPI-P002 pictures need {package}, .*install them: .*'\.\[publish\]'"):
        picture(whole(), form)


@pytest.mark.parametrize("sign", ["/", "\\", "|", "-", "x", "+", "."])
@pytest.mark.parametrize("count", range(1, 13))
def test_the_lines_of_a_hatch_go_on_from_tile_to_tile(sign: str, count: int) -> None:
    inside = 0.1  # of the tile's edges, where lines of no length begin
    whole = segments(sign * count, inside, inside, TILE - inside, TILE - inside)
    for across, down in ((TILE, 0.0), (0.0, TILE), (-TILE, TILE)):
        beside = segments(sign * count, across + inside, down + inside, across + TILE - inside, down + TILE - inside)
        assert len(whole)
        assert beside - (across, down) == pytest.approx(whole, abs=1e-9)
