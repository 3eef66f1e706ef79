"""A student reads the feedback on a phone."""

from dataclasses import replace

import pytest
from lab_page import find_browser

from coursekit.grading.batch.base.records import Grade, TaskGrade, TestGrade
from coursekit.grading.batch.exports import reports
from coursekit.grading.batch.marks.entry import Entry

pytestmark = pytest.mark.skipif(find_browser() is None, reason="no Chromium found")
LONG = " + ".join(f"a_long_name_{k}" for k in range(30))
CODE = f"def mean(x):\n    return {LONG}"
TESTS = [TestGrade("test_mean", f"The mean of `{LONG}`.", 1.0, "failed", f"It is not `{LONG}`.")]
TASKS = [
    TaskGrade("01.1", "mean", 0.0, 1.0, "wrong", f"You forgot `{LONG}`.", tests=TESTS, code=CODE)
]
ADA = Grade("7", "Ada", "x" * 200 + ".ipynb", "01_small", TASKS)


@pytest.mark.parametrize("width", [320, 412])
def test_nothing_is_wider_than_a_phone_and_the_code_scrolls(browser, width):
    context = browser.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    notes = ((f"`{ADA.file}` counts.", {}),)
    entries = [Entry(ADA, {}, notes=notes), Entry(replace(ADA, exercise=""), {})]
    page.set_content(reports.feedback(entries))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    code = page.locator("pre").first
    assert code.evaluate("pre => pre.scrollWidth > pre.clientWidth")
    assert code.inner_text() == CODE
    size = code.locator("code").evaluate("code => parseFloat(getComputedStyle(code).fontSize)")
    assert size >= 12
    context.close()
