"""An office's logo and letters in pictures: where they stand, in every format, and that nothing else moves."""

from __future__ import annotations

import io
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mpi.drawing.canvas import Drawing, picture
from mpi.drawing.fonts import font_file
from mpi.drawing.frame import Frame, framed
from mpi.drawing.scene import Face, Look, Picture, Rect, Text
from mpi.drawing.svg import file_of
from mpi.specs.template import PNG, TRUETYPE, Asset
from tests.support.office_files import png

RED = (0xC0, 0x20, 0x10)
TITLE = "Poverty fell by more than four points in ten years, most of all in the countryside"


def asset(content: bytes, media: str, width: float = 0.0, height: float = 0.0) -> Asset:
    return Asset(
        path=Path("x"), media=media, sha256=sha256(content).hexdigest(), content=content, width=width, height=height
    )


def logo() -> Asset:
    return asset(png(30, 10, bytes(RED)), PNG, 30, 10)


def plain() -> Drawing:
    return Drawing(
        480.0,
        60.0,
        (Rect(20, 20, 100, 20, Look(fill="#0072B2")), Text(x=240, y=50, text="middle", size=9, anchor="middle")),
    )


def pixels(drawing: Drawing) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(picture(drawing, ".png", dpi=144))).convert("RGB"))


def test_the_logo_is_at_the_upper_right_in_its_colours_and_no_title_runs_below_it() -> None:
    made = framed(plain(), Frame(title=TITLE, subtitle="H, %", logo=logo(), alt="Our sign"))
    (sign,) = made.by_id("logo")
    assert isinstance(sign, Picture)
    assert (sign.x + sign.width, sign.y) == (472.0, 8.0)
    assert sign.width / sign.height == pytest.approx(3)
    (title,) = made.by_id("frame-title")
    assert isinstance(title, Text) and title.box().right <= sign.x
    found = pixels(made)
    middle = found[int(2 * (sign.y + sign.height / 2)), int(2 * (sign.x + sign.width / 2))]
    assert tuple(middle) == RED


def test_every_format_holds_the_logo_and_svg_says_what_it_is() -> None:
    made, without = (framed(plain(), Frame(title=TITLE, logo=own, alt="Our <sign>")) for own in (logo(), None))
    assert 'href="data:image/png;base64,' in file_of(made) and "<title>Our &lt;sign&gt;</title>" in file_of(made)
    for form in (".png", ".pdf", ".svg"):
        assert picture(made, form) != picture(without, form)
        assert picture(made, form) == picture(made, form)


def test_the_same_font_by_another_name_gives_the_same_pixels() -> None:
    own = asset(Path(font_file(bold=False)).read_bytes(), TRUETYPE)
    drawing = plain()
    assert (pixels(replace(drawing, face=Face(regular=own))) == pixels(drawing)).all()


def test_a_wider_font_is_set_smaller_and_stays_in_its_place() -> None:
    wide = asset(Path(font_file(bold=True)).read_bytes(), TRUETYPE)
    text = Text(x=240, y=30, text="in the middle of the drawing", size=10, anchor="middle")
    drawing = Drawing(480.0, 60.0, (text,))
    box = text.box()
    for face in (None, Face(regular=wide)):
        dark = np.nonzero(pixels(replace(drawing, face=face)).min(axis=2) < 128)[1] / 2
        assert box.left - 1 <= dark.min() and dark.max() <= box.right + 1
        assert (dark.min() + dark.max()) / 2 == pytest.approx(240, abs=1.5)


def test_svg_names_the_families_before_its_own_and_pdf_holds_the_font() -> None:
    wide = asset(Path(font_file(bold=True)).read_bytes(), TRUETYPE)
    made = replace(plain(), face=Face(families=("Open Sans",), regular=wide))
    assert "font-family=\"'Open Sans', 'DejaVu Sans', Verdana" in file_of(made)
    assert b"DejaVuSans-Bold" in picture(made, ".pdf")
    assert b"DejaVuSans-Bold" not in picture(plain(), ".pdf")
