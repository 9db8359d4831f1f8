"""SVG as matplotlib writes it, made fit for a page that holds several pictures and forbids styles.

Comes in: the text of an SVG file. Goes out: its tree, in which every style is an attribute and every id is referred to,
as a file or as an element of a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import XML, Element, tostring

NAMESPACES = {"http://www.w3.org/2000/svg": "", "http://www.w3.org/1999/xlink": "xlink:"}
# What matplotlib gives a whole file in a style for `*`, which would reach all of a page that holds the picture.
ROOT = {
    "xmlns": "http://www.w3.org/2000/svg",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
    "stroke-linejoin": "round",
    "stroke-linecap": "butt",
}
LEFT_OUT = ("style", "metadata")
REFERENCE = re.compile(r"url\(#([^)]+)\)")


def plain(text: str) -> Element:
    """The tree of an SVG without styles, metadata, and ids that nothing refers to."""
    root = XML(text)
    for parent in list(root.iter()):
        for child in list(parent):
            if _plain_name(child.tag) in LEFT_OUT:
                parent.remove(child)
    for one in root.iter():
        one.tag = _plain_name(one.tag)
        one.attrib = dict(_attributes(one))
    met = {name for one in root.iter() for name in _references(one)}
    for one in root.iter():
        # What an artist was drawn as would be an id many times over.
        if one.get("id") not in met:
            one.attrib.pop("id", None)
    root.attrib = {**ROOT, **root.attrib}
    return root


def file_text(root: Element) -> str:
    """A tree as the text of a file."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def page_text(root: Element, *, title: str, description: str, ids: str) -> str:
    """A tree as an element of a page, with a text for screen readers; every id begins with `ids`."""
    for one in root.iter():
        for name, value in one.attrib.items():
            if name == "id":
                one.set(name, f"{ids}-{value}")
            elif name.endswith("href"):
                one.set(name, f"#{ids}-{value.removeprefix('#')}")
            else:
                one.set(name, value.replace("url(#", f"url(#{ids}-"))
    texts = {"title": title, **({"desc": description} if description else {})}
    for place, (name, text) in enumerate(texts.items()):
        child = Element(name, id=f"{ids}-{name}")
        child.text = text
        root.insert(place, child)
    root.set("role", "img")
    root.set("aria-labelledby", " ".join(f"{ids}-{name}" for name in texts))
    return tostring(root, encoding="unicode")


def _plain_name(name: str) -> str:
    """A name with the prefix of its namespace: `{http://www.w3.org/1999/xlink}href` is `xlink:href`."""
    space, _, own = name.rpartition("}")
    return NAMESPACES.get(space.removeprefix("{"), "") + own


def _references(one: Element) -> Iterator[str]:
    """The ids that an element refers to."""
    for name, value in one.attrib.items():
        if name.endswith("href"):
            yield value.removeprefix("#")
        yield from REFERENCE.findall(value)


def _attributes(one: Element) -> Iterator[tuple[str, str]]:
    """The attributes of an element, with the declarations of its style in the place of the style."""
    for name, value in one.attrib.items():
        if name != "style":
            yield _plain_name(name), value
            continue
        for declaration in value.split(";"):
            declared, _, text = (part.strip() for part in declaration.partition(":"))
            if declared == "font":
                yield from _font(text)
            elif declared:
                yield declared, text


def _font(text: str) -> Iterator[tuple[str, str]]:
    """The parts of the short form of a font: style, weight, size, family."""
    words = text.split(" ")
    size = next((place for place, word in enumerate(words) if word.endswith("px")), None)
    if size is None:
        yield "font", text
        return
    for word in words[:size]:
        if word in ("italic", "oblique"):
            yield "font-style", word
        elif word.isdigit() or word == "bold":
            yield "font-weight", word
    yield "font-size", words[size]
    yield "font-family", " ".join(words[size + 1 :])
