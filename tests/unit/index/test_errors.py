from __future__ import annotations

import pickle

import pytest

from index import BadIndex, BadInput, BadSetting, IndexCorrupt


@pytest.mark.parametrize(
    "problem",
    [BadSetting("SCO_PORT", "is no port"), IndexCorrupt("a.json", "is cut short"), BadIndex("gone")],
    ids=lambda problem: type(problem).__name__,
)
def test_an_error_comes_from_another_process_as_it_was(problem: BadInput) -> None:
    told = pickle.loads(pickle.dumps(problem))
    assert (type(told), str(told), vars(told)) == (type(problem), str(problem), vars(problem))
