"""What axe-core finds in a page that shuts somebody out."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")
OUTPUTS = [[".jp-Cell-outputArea"]]  # the course's part of JupyterLab's page


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
