"""Sphinx settings of the manual: `make docs` builds each language from the English pages and its own over them."""

import gc
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from babel.messages.mofile import write_mo  # noqa: E402
from babel.messages.pofile import read_po  # noqa: E402
from site_pages import LANGUAGES, WORDS  # noqa: E402

import mpi  # noqa: E402

sys.path.remove(str(HERE))  # where docutils, which has no Portuguese, would take the folder `pt` for its own module

gc.disable()  # trees of pages stay to the end of a build: a seventh of its time went by in looking for garbage

WORK = HERE.parent / "build" / "docs-work"
# Kernels of a profile of their own: nobody's start-up files, and no warning that they speak over this machine's TCP.
os.environ["IPYTHONDIR"] = str(WORK / "ipython")
profile = WORK / "ipython" / "profile_default"
profile.mkdir(parents=True, exist_ok=True)
(profile / "ipython_kernel_config.py").write_text("get_config().IPKernelApp.log_level = 'ERROR'\n", encoding="utf-8")

# `-t es` chooses: Sphinx gives its settings no other word on how it was called.
language = next((name for name in LANGUAGES if tags.has(name)), "en")  # type: ignore[name-defined]  # noqa: F821
# Texts of the theme that we say otherwise: `locale/LANGUAGE.po`, compiled for Sphinx, which asks ours first.
locale_dirs = [str(WORK / "locale")]
for written in (HERE / "locale").glob("*.po"):
    compiled = WORK / "locale" / written.stem / "LC_MESSAGES" / "sphinx.mo"
    compiled.parent.mkdir(parents=True, exist_ok=True)
    with written.open("rb") as source, compiled.open("wb") as target:
        write_mo(target, read_po(source, locale=written.stem))

project = "mpi"
author = "The mpi-engine authors"
release = version = mpi.__version__
extensions = ["myst_nb", "numpydoc", "sphinx.ext.autodoc", "sphinx_copybutton", "sphinx_design", "site_pages"]
templates_path = ["templates"]
exclude_patterns: list[str] = []
nitpicky = True
smartquotes = False  # texts stand as the program writes them
default_role = "code"  # of docstrings, which mark code by one backtick
pygments_style = "default"

myst_enable_extensions = ["colon_fence", "attrs_inline", "deflist"]
myst_heading_anchors = 4
# Within one `make docs`, which begins without it: pages of the same cells run once for all languages.
nb_execution_mode = "cache"
nb_execution_cache_path = str(WORK / "cells")
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # they would come from a network

autodoc_typehints = "none"  # numpydoc's sections say them, with shapes and units
autodoc_member_order = "groupwise"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

html_theme = "pydata_sphinx_theme"
html_title = f"mpi {release}"
html_static_path = ["static", "pictures"]
html_css_files = ["site.css"]
html_show_sourcelink = html_copy_source = html_show_copyright = html_show_sphinx = False
html_show_search_summary = False  # read by fetch(), which pages opened as files may not
html_use_index = False
html_theme_options = {
    "logo": {"text": "mpi"},
    "navbar_start": ["navbar-logo"],
    "navbar_center": ["navbar-nav"],
    "navbar_persistent": ["search-button"],
    "navbar_end": ["languages", "theme-switcher"],
    "header_links_before_dropdown": 6,
    "show_prev_next": True,
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
    "search_bar_text": WORDS[language]["search"],
    "pygments_light_style": "tango",
    "pygments_dark_style": "github-dark",
    "back_to_top_button": False,
}
html_sidebars = {"index": [], "search": []}
html_context = {"default_mode": "auto", "languages": LANGUAGES}
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True
copybutton_exclude = ".linenos, .gp, .go"
copybutton_selector = ", ".join(
    f"div.highlight-{name} pre" for name in ("console", "python", "ipython3", "yaml", "stata", "r")
)
