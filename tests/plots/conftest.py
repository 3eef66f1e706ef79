import pytest

from coursekit import plots


@pytest.fixture
def ax():
    return plots.subplots()[1]
