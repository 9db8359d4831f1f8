"""The files that a template names: read whole, and looked at before anything is computed.

A picture or a font that is not what its name says would else be found by a reader of the publication.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree

from mpi.config.nodes import Node
from mpi.errors.resources import said_by_system
from mpi.language import phrase
from mpi.specs.template import PNG, SVG, TRUETYPE, Asset

MOST_PICTURE, MOST_FONT = 64 * 1024, 512 * 1024  # bytes: every page carries them
MOST_SIDE = 4096  # pixels
SIGNATURE = b"\x89PNG\r\n\x1a\n"
TABLES = {b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"post"}  # of TrueType: letters and widths
NAMESPACE = "{http://www.w3.org/2000/svg}"


class Damaged(Exception):
    """Why a file is not what it should be, as a phrase."""


def read_picture(node: Node, what: str, folder: Path, *, kinds: tuple[str, ...] = (PNG, SVG)) -> Asset | None:
    """The picture that a node names, below a folder.

    Parameters
    ----------
    node : Node
    what : str
        What the picture is, for messages.
    folder : Path
        Of the template.
    kinds : tuple of str
        Media types that are taken.
    """
    found = _content(node, what, folder, MOST_PICTURE)
    if found is None:
        return None
    path, content = found
    media = PNG if content.startswith(SIGNATURE) else SVG
    if media not in kinds:
        text = phrase("{what}: this picture must be a PNG", what=what)
        node.wrong("MPI-C180", text, phrase("save it as PNG, for instance 600 pixels wide"))
        return None
    try:
        width, height = _png(content) if media == PNG else _svg(content)
    except Damaged as error:
        text = phrase("{what}: this is no PNG or SVG that can be used: {why}", what=what, why=error.args[0])
        node.wrong("MPI-C180", text, phrase("export it again as PNG, or as plain SVG without scripts and links"))
        return None
    return Asset(path=path, media=media, sha256=_hash(content), content=content, width=width, height=height)


def read_font(node: Node, what: str, folder: Path) -> Asset | None:
    """The TrueType font that a node names, below a folder."""
    found = _content(node, what, folder, MOST_FONT)
    if found is None:
        return None
    path, content = found
    try:
        _truetype(content)
    except Damaged as error:
        text = phrase("{what}: this is no font that can be used: {why}", what=what, why=error.args[0])
        node.wrong("MPI-C180", text, phrase("name a TrueType font, .ttf"))
        return None
    return Asset(path=path, media=TRUETYPE, sha256=_hash(content), content=content)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _content(node: Node, what: str, folder: Path, most: int) -> tuple[Path, bytes] | None:
    """A file below the folder, by its path and its bytes."""
    name = node.text(what)
    if name is None:
        return None
    path = folder / name
    try:
        if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
            text = phrase("{what}: {name!r} is outside the folder of the template", what=what, name=name)
            node.wrong("MPI-C180", text, phrase("copy the file beside the template, and name it from there"))
            return None
        size = path.stat().st_size
        if size > most:
            text = phrase("{what}: {size:,} bytes are too many: at most {most:,}", what=what, size=size, most=most)
            node.wrong("MPI-C180", text, phrase("take a smaller file: every page carries it"))
            return None
        return path, path.read_bytes()
    except (OSError, ValueError) as error:
        reason = said_by_system(error) if isinstance(error, OSError) else phrase("this is no name of a file")
        text = phrase("{what}: {name!r} cannot be read ({reason})", what=what, name=name, reason=reason)
        node.wrong("MPI-C180", text, phrase("give the path of a file below the folder of the template"))
        return None


def _png(content: bytes) -> tuple[float, float]:
    """Width and height of a PNG whose parts are whole."""
    place, kinds, data = len(SIGNATURE), [], b""
    while place < len(content):
        try:
            length, kind = struct.unpack(">I4s", content[place : place + 8])
            (check,) = struct.unpack(">I", content[place + 8 + length : place + 12 + length])
        except struct.error:
            raise Damaged(phrase("it is cut off")) from None
        body = content[place + 8 : place + 8 + length]
        if zlib.crc32(kind + body) != check:
            raise Damaged(phrase("its checksum is wrong"))
        kinds.append(kind)
        data += body if kind == b"IDAT" else b""
        place += 12 + length
    if kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or not data:
        raise Damaged(phrase("it is cut off"))
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise Damaged(phrase("it is {width} by {height} pixels", width=width, height=height))
    return width, height


def _svg(content: bytes) -> tuple[float, float]:
    """Width and height of an SVG that neither runs nor loads anything."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Damaged(phrase("it has a DOCTYPE"))
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  without a DOCTYPE there are no entities
    except ElementTree.ParseError:
        raise Damaged(phrase("it is not XML")) from None
    if root.tag != f"{NAMESPACE}svg":
        raise Damaged(phrase("its first element is not svg"))
    for one in root.iter():
        if one.tag in (f"{NAMESPACE}script", f"{NAMESPACE}foreignObject"):
            raise Damaged(phrase("it has a script"))
        for name, value in one.attrib.items():
            plain = name.rpartition("}")[2].lower()
            if plain.startswith("on"):
                raise Damaged(phrase("it has a script"))
            if plain == "href" and not value.startswith(("#", "data:image/")):
                raise Damaged(phrase("it loads another file"))
    box = root.get("viewBox", "").replace(",", " ").split()
    try:
        width, height = (float(part) for part in box[2:4])
    except ValueError:
        raise Damaged(phrase("it has no viewBox")) from None
    if not (width > 0 and height > 0):
        raise Damaged(phrase("it has no viewBox"))
    return width, height


def _truetype(content: bytes) -> None:
    """Refuse what is no TrueType font with all its tables inside."""
    if content[:4] not in (b"\x00\x01\x00\x00", b"true"):
        raise Damaged(phrase("it is not TrueType"))
    count = int.from_bytes(content[4:6])
    tables = {}
    for i in range(count):
        record = content[12 + 16 * i : 28 + 16 * i]
        tables[record[:4]] = int.from_bytes(record[8:12]) + int.from_bytes(record[12:16])
    if not tables.keys() >= TABLES or max(tables.values()) > len(content):
        raise Damaged(phrase("it is cut off"))
