"""The page's modules and the script that is made of them: the same program, whatever names they use."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from mpi.maps.bundle import EXPORT, IMPORT, bundle, modules
from mpi.maps.page_texts import page_texts
from tests.support import webmap
from tests.support.loops import at_least_one
from tests.support.page_scripts import PAGE, output

SOURCES = sorted(PAGE.glob("*.js"))
# Private names alike, names of the outer world, a diamond, functions used before they are written, state that changes.
TRICKY = {
    "main": """
        import { count, step } from "./counter.js";
        import { words } from "./left.js";
        import { name } from "./right.js";
        const secret = "main";
        const log = (...parts) => console.log(parts.join(" "));
        step();
        log(secret, words(), name, count(), typeof status, this === undefined);
        log([later(1), `import { x } from "./nothing.js";`, "export const y = 1;"].join("|"));
        function later(n) { return n + 1; }
        """,
    "left": """
        // @ts-check
        import { step } from "./counter.js";
        import { name } from "./right.js";
        const secret = "left";
        step();
        /**
         * Says its own secret.
         * @param {string} [text] export const in a comment
         */
        export function words(text = secret) { return `${text} ${name} ${status()}`; }
        /** @returns {string} */
        export const status = () => "left status";
        console.log("left runs");
        """,
    "right": """
        import { step } from "./counter.js";
        const secret = "right";
        export const name = secret + step();
        console.log("right runs");
        """,
    "counter": """
        let secret = 0;
        export const step = () => ++secret;
        export function count() { return secret; }
        export class Unused { size = secret; }
        console.log("counter runs", step.name);
        """,
}

PROBE = """
        import { readSetting, recomputed, unpackedLive } from "./live.js";
        import { shapesOf } from "./unpacking.js";
        const { block, upper, upperAreas, rings } = GIVEN;
        const norm = readSetting({ k: ">2/7", weights: block.items.map((_, i) => `${i}/97`) });
        const sums = recomputed(unpackedLive(block), norm, { areas: upper.length, upper, upperAreas });
        const told = (key, value) => {
          if (typeof value === "bigint") return String(value);
          return ArrayBuffer.isView(value) ? [...value] : value;
        };
        console.log(JSON.stringify([norm, sums, shapesOf(rings)], told));
        """


def put(folder: Path, sources: dict[str, str]) -> Path:
    for name, text in sources.items():
        lines = [line.removeprefix("        ") for line in text.strip("\n").splitlines()]
        (folder / f"{name}.js").write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    return folder


def both(folder: Path, entry: str) -> tuple[str, str]:
    """What the modules write, and what the script made of them writes."""
    script = folder / "bundle.cjs"
    script.write_text(bundle(folder, entry), "utf-8")
    return output(folder / f"{entry}.js"), output(script)


def test_the_script_does_what_the_modules_do(tmp_path: Path) -> None:
    as_modules, as_script = both(put(tmp_path, TRICKY), "main")
    assert as_script == as_modules
    first, second, third, fourth, _ = as_modules.splitlines()
    assert (first, second, third) == ("counter runs step", "right runs", "left runs")
    assert fourth == "main left right1 left status right1 3 undefined true"


def test_the_arithmetic_of_the_page_is_the_same_in_its_script(tmp_path: Path) -> None:
    held = json.loads(webmap.page().split('id="data">', 1)[1].split("</script>", 1)[0])
    given = {
        "block": held["live"],
        "upper": held["areas"]["upper"],
        "upperAreas": len(held["areas"]["upperCodes"]),
        "rings": held["areas"]["rings"],
    }
    for source in SOURCES:
        shutil.copy(source, tmp_path)
    put(tmp_path, {"probe": PROBE.replace("GIVEN", json.dumps(given))})
    as_modules, as_script = both(tmp_path, "probe")
    assert as_script == as_modules and len(as_modules) > 100_000


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('import { step as walk } from "./counter.js";', "another form"),
        ('import * as counter from "./counter.js";', "another form"),
        ('import "./counter.js";', "another form"),
        ("export default 1;", "another form"),
        ("export let changing = 1;", "another form"),
        ("export { secret };", "another form"),
        ('import { secret } from "./main.js";', "main -> left -> main"),
    ],
)
def test_what_the_joining_does_not_know_is_refused(tmp_path: Path, line: str, said: str) -> None:
    folder = put(tmp_path, {**TRICKY, "left": f"{line}\nexport const words = 1;\n"})
    with pytest.raises(ValueError, match=re.escape(said)):
        bundle(folder)


def test_every_module_is_used_and_checked_for_types() -> None:
    assert {source.stem for source in SOURCES} == set(modules(PAGE))
    for source in SOURCES:
        first, second, *_ = source.read_text("utf-8").splitlines()
        assert first == "// @ts-check" and second.startswith("// "), f"{source.name}: a head that says what is in it"


def test_no_export_is_unused() -> None:
    sources = [source.read_text("utf-8") for source in SOURCES]
    wanted = {(match[2], name) for text in sources for match in IMPORT.finditer(text) for name in match[1].split(", ")}
    given = {
        (source.stem, match[1])
        for source, text in zip(SOURCES, sources, strict=True)
        for match in EXPORT.finditer(text)
    }
    assert given == wanted


def interface(name: str) -> set[str]:
    """Fields of an interface of the page's types."""
    match = re.search(
        rf"^export interface {name} \{{\n(.*?)^\}}", (PAGE / "types.d.ts").read_text("utf-8"), re.M | re.S
    )
    assert match
    return set(re.findall(r"^  (\w+):", match[1], re.M))


def test_the_types_name_what_python_hands_over() -> None:
    held = json.loads(webmap.page().split('id="data">', 1)[1].split("</script>", 1)[0])
    parts = {
        "PageData": held,
        "PageTexts": held["texts"],
        "Palette": held["palette"],
        "AreasBlock": held["areas"],
        "Frame": held["areas"]["frames"][0],
        "Layer": held["layers"][0],
        "LiveBlock": held["live"],
        "Item": held["live"]["items"][0],
    }
    for name, part in at_least_one(parts.items()):
        assert interface(name) == part.keys(), name


def test_texts_of_the_page_are_there() -> None:
    """Keys in page.html, which tsc does not read, and those that the types promise."""
    keys = set(re.findall(r'data-(?:text|label)="(\w+)"', (PAGE / "page.html").read_text("utf-8")))
    declared = re.search(r"^export type TextKey =\n(.*?);$", (PAGE / "types.d.ts").read_text("utf-8"), re.M | re.S)
    assert declared
    texts = page_texts(["en"])["en"]
    assert set(re.findall(r'"(\w+)"', declared[1])) == set(texts)
    assert len(keys) > 20 and keys <= set(texts)
