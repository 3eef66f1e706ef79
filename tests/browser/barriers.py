"""What axe-core finds in a page that shuts somebody out."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")


def barriers(page: Page, include: list[list[str]] | None = None, **options: Any) -> list[Any]:
    """The serious findings; formulas, which MathJax makes, are left out.

    Parameters
    ----------
    page : Page
    include : list of list of str, optional
        Selectors of the parts to look at; default: everything.
    **options
        Of axe-core.
    """
    # It would fetch style sheets, which a file must not, and tell of what is well at length.
    options = {"preload": False, "resultTypes": ["violations"], **options}
    context = {"exclude": [["mjx-container"]]} | ({"include": include} if include else {})
    results = Axe().run(page, context=context, options=options).response
    return [
        (rule["id"], len(rule["nodes"]), rule["nodes"][0]["html"][:300])
        for rule in results["violations"]
        if rule["impact"] in SERIOUS
    ]


def barriers_of_outputs(page: Page) -> list[Any]:
    """Those of a notebook's outputs in JupyterLab; the rest of its page is not the course's.

    axe-core skips the colours of text that it takes for cut off. In JupyterLab that is all of it,
    since the body has no height, and what lies below the window's edge.
    """
    page.add_style_tag(content="body { min-height: 100vh; }")
    size = page.viewport_size
    assert size is not None
    inner = page.locator(".jp-WindowedPanel-outer:visible")
    page.set_viewport_size({**size, "height": 300 + inner.evaluate("panel => panel.scrollHeight")})
    page.wait_for_timeout(500)
    found = barriers(page, [[".jp-Cell-outputArea"]])
    page.set_viewport_size(size)
    return found
