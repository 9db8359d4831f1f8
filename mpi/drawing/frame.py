"""What stands around a picture that leaves its page: a title, what it measures, and where it comes from.

Comes in: a drawing as a page shows it, which has title and source beside it. Goes out: the same with its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from mpi.drawing.canvas import Drawing
from mpi.drawing.palette import GREY, INK, PALE
from mpi.drawing.scene import Face, Look, Picture, Rect, Text, Told, moved
from mpi.drawing.widths import fitted
from mpi.specs.template import Asset

MARGIN, GAP = 8.0, 4.0  # points: at the edges, and between what is one below the other
SPARE = (
    0.96  # of the room for a line: in PNG letters stand on whole pixels, and a long line may be longer than on paper
)
TITLE_SIZE, SUBTITLE_SIZE, SOURCE_SIZE = 12.0, 8.5, 7.0
RULE = 0.6
LOGO_HEIGHT, LOGO_SHARE = 24.0, 0.25  # points; of the width at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The texts around a picture.

    Attributes
    ----------
    title : str
        What the picture shows, in a few words.
    subtitle : str
        What is measured, where, when and how.
    source : tuple of str
        Lines below the picture: where the figures come from, who publishes them, what readers must know.
    description : str
        What who does not see the picture should know; the subtitle if left out.
    publisher, language : str
        Told by the file alone.
    logo : Asset or None
        A PNG, at the upper right.
    alt : str
        What the logo is.
    face : Face or None
        The letters of the picture.
    """

    title: str
    subtitle: str = ""
    source: tuple[str, ...] = ()
    description: str = ""
    publisher: str = ""
    language: str = ""
    logo: Asset | None = None
    alt: str = ""
    face: Face | None = None


def framed(drawing: Drawing, frame: Frame) -> Drawing:
    """A drawing between its title and its source, as wide as it is, whose file says what it shows."""
    room = drawing.width - 2 * MARGIN
    logo = _logo(frame, drawing.width)
    beside = room - sum(one.width + 2 * GAP for one in logo)
    title = _text(frame.title, "frame-title", MARGIN, TITLE_SIZE, beside, bold=True)
    subtitle = _text(frame.subtitle, "frame-subtitle", title.box().bottom + GAP, SUBTITLE_SIZE, beside, ink=GREY)
    ends = [(subtitle if frame.subtitle else title).box().bottom, *(one.y + one.height for one in logo)]
    top = max(ends) + GAP
    foot = top + drawing.height
    line = Rect(MARGIN, foot, room, RULE, Look(fill=PALE), gid="frame-rule")
    source = _text("\n".join(frame.source), "frame-source", foot + GAP + RULE, SOURCE_SIZE, room, ink=GREY)
    below = (line, source) if frame.source else ()
    description = frame.description or frame.subtitle
    told = Told(
        title=frame.title,
        description=description if description != frame.title else "",
        author=frame.publisher,
        language=frame.language,
    )
    return Drawing(
        drawing.width,
        source.box().bottom + MARGIN if below else foot,
        (title, *((subtitle,) if frame.subtitle else ()), *moved(drawing.elements, 0, top), *below, *logo),
        told,
        frame.face,
    )


def _logo(frame: Frame, width: float) -> tuple[Picture, ...]:
    """The logo in the upper right corner, if there is one."""
    if frame.logo is None:
        return ()
    scale = min(LOGO_HEIGHT / frame.logo.height, LOGO_SHARE * width / frame.logo.width)
    wide, high = frame.logo.width * scale, frame.logo.height * scale
    own = Picture(
        x=width - MARGIN - wide, y=MARGIN, width=wide, height=high, content=frame.logo, alt=frame.alt, gid="logo"
    )
    return (own,)


def _text(text: str, gid: str, y: float, size: float, room: float, *, bold: bool = False, ink: str = INK) -> Text:
    lines = [fitted(line, size, room * SPARE, bold=bold) for line in text.split("\n")]
    return Text(x=MARGIN, y=y, text="\n".join(lines), size=size, bold=bold, ink=ink, level="top", gid=gid)
