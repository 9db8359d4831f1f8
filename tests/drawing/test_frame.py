"""A picture that leaves its page says what it shows, in its texts and in what its file says about itself."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from mpi.drawing.canvas import Drawing, picture
from mpi.drawing.frame import Frame, framed
from mpi.drawing.scene import WIDTH, Box, Group, Look, Marker, Rect, Text
from tests.support.loops import at_least_one

MOST = 60.0  # seconds
FRAME = Frame(
    title="La incidencia (H) bajó de 11,5\u202f% en 2024 a 9,9\u202f% en 2025, <b>según</b> la encuesta",
    subtitle="Incidencia (H), % de las personas; Total del país; 2025; k = 1/3",
    source=("Fuente: Oficina de estadística, Encuesta 2025. Cifras provisionales.", "Datos sintéticos."),
    description="H de 2024 a 2025.",
    publisher="Oficina de estadística",
    language="es",
)


def plain() -> Drawing:
    inner = Group((Rect(10, 10, 40, 20, Look(fill="#0072B2"), gid="bar"),), clip=Box(0, 0, 45, 45))
    return Drawing(WIDTH, 60, (inner, Marker(70, 20, "o", 5, Look(fill="#D55E00"), gid="point")))


def test_a_frame_leaves_the_drawing_as_it_is_between_title_and_source() -> None:
    before, after = plain(), framed(plain(), FRAME)
    title, subtitle, source = (after.by_id(f"frame-{name}")[0] for name in ("title", "subtitle", "source"))
    assert all(isinstance(one, Text) for one in (title, subtitle, source))
    boxes = [one.box() for one in (title, subtitle, source) if isinstance(one, Text)]
    (bar,), (point,) = after.by_id("bar"), after.by_id("point")
    assert isinstance(bar, Rect) and isinstance(point, Marker)
    down = bar.y - 10
    assert (bar.x, point.x, point.y) == (10, 70, 20 + down)
    assert boxes[0].bottom < boxes[1].top and boxes[1].bottom <= down and down + before.height <= boxes[2].top
    assert boxes[2].bottom < after.height and all(box.left >= 0 and box.right <= WIDTH for box in boxes)
    (group,) = [one for one in after.walk() if isinstance(one, Group)]
    assert group.clip == Box(0, down, 45, 45 + down)
    assert "\n" in title.text and title.text.replace("\n", " ") == FRAME.title  # type: ignore[attr-defined]


def test_every_format_says_what_its_picture_shows(tmp_path: Path) -> None:
    found = framed(plain(), FRAME)
    image = Image.open(io.BytesIO(picture(found, ".png", dpi=72)))
    assert image.text == {"Title": FRAME.title, "Description": FRAME.description, "Author": FRAME.publisher}  # type: ignore[attr-defined]
    svg = picture(found, ".svg").decode()
    assert '<title id="title">' in svg and f'<desc id="desc">{FRAME.description}</desc>' in svg
    assert 'xml:lang="es"' in svg and 'role="img"' in svg and "<b>" not in svg
    content = picture(found, ".pdf")
    assert b"/Lang (es)" in content and b"untitled" not in content
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    shown = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, timeout=MOST).stdout.decode()
    told = dict(re.findall(r"^(Title|Subject|Author): +(.*)$", shown, re.MULTILINE))
    assert told == {"Title": FRAME.title, "Subject": FRAME.description, "Author": FRAME.publisher}


@pytest.mark.parametrize("form", [".png", ".svg", ".pdf"])
def test_a_drawing_without_a_frame_says_nothing_about_itself(form: str) -> None:
    content = picture(plain(), form, dpi=72)
    for word in at_least_one([b"iTXt", b"<title", b"<desc", b"untitled", b"anonymous", b"/Lang"]):
        assert word not in content
