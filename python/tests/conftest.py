import pytest

import miandan


@pytest.fixture(scope="session")
def scanner():
    return miandan.Scanner()
