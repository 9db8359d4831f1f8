"""SVG for a page: no styles, only ids that are referred to, and every reference met under its new name."""

from xml.etree.ElementTree import XML

import pytest

from mpi.drawing import svg

DRAWN = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="9pt" xmlns="http://www.w3.org/2000/svg" version="1.1">
 <metadata><id>x</id></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round}</style></defs>
 <g id="axes_1"><g id="axes_1">
  <defs><path id="m1" d="M 0 0
L 1 1" style="stroke: #222222; stroke-width: 0.6"/></defs>
  <use xlink:href="#m1" style="fill: url(#h1)"/><pattern id="h1"/>
  <g clip-path="url(#p1)">
   <text id="t" style="font: italic 700 7.5px 'DejaVu Sans', 'Arial'; fill: #fff">a &lt; b</text>
  </g>
  <clipPath id="p1"/>
 </g></g>
</svg>"""


def test_styles_become_attributes_and_ids_stay_where_something_refers_to_them() -> None:
    root = XML(svg.file_text(svg.plain(DRAWN)).encode())
    found = {one.tag.split("}")[1]: one for one in root.iter()}
    assert "style" not in found and "metadata" not in found
    assert sorted(name for one in root.iter() if (name := one.get("id"))) == ["h1", "m1", "p1"]
    assert dict(found["path"].attrib) == {"id": "m1", "d": "M 0 0 L 1 1", "stroke": "#222222", "stroke-width": "0.6"}
    assert found["text"].text == "a < b"
    assert dict(found["text"].attrib) == {
        "font-style": "italic",
        "font-weight": "700",
        "font-size": "7.5px",
        "font-family": "'DejaVu Sans', 'Arial'",
        "fill": "#fff",
    }
    assert root.get("stroke-linejoin") == "round" and root.get("width") == "9pt"


@pytest.mark.parametrize("description", ["", "1 < 2 & 3"])
def test_ids_and_references_of_an_inlined_picture_change_alike(description: str) -> None:
    text = svg.page_text(svg.plain(DRAWN), title="a <b>", description=description, ids="f1")
    root = XML(text)
    assert text.startswith("<svg ") and " style=" not in text
    ids = {name for one in root.iter() if (name := one.get("id"))}
    said = ["f1-title", "f1-desc"] if description else ["f1-title"]
    assert ids == {"f1-m1", "f1-h1", "f1-p1", *said}
    assert root.get("aria-labelledby") == " ".join(said)
    assert [one.text for one in root][: len(said)] == ["a <b>", description][: len(said)]
    assert {"#f1-m1", "url(#f1-h1)", "url(#f1-p1)"} <= {value for one in root.iter() for value in one.attrib.values()}


def test_a_font_without_a_size_stays_as_it_is() -> None:
    root = svg.plain('<svg xmlns="http://www.w3.org/2000/svg"><text style="font: caption"/></svg>')
    assert root[0].attrib == {"font": "caption"}
