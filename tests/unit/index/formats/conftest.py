from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from index.documents import read_document
from index.errors import BadSource
from index.extraction import Extracted, Extractor

Read = Callable[[str, bytes], Extracted]


@pytest.fixture(scope="session")
def extractor() -> Iterator[Extractor]:
    """The real one, with its process, kept for all tests."""
    with Extractor() as started:
        yield started


@pytest.fixture
def read(extractor: Extractor) -> Read:
    def reading(name: str, data: bytes) -> Extracted:
        found = read_document(name, data, extractor)
        assert isinstance(found, Extracted)
        return found

    return reading


@pytest.fixture
def complaint(extractor: Extractor) -> Callable[[str, bytes], str]:
    """The line under which a file would be left out."""

    def complaining(name: str, data: bytes) -> str:
        with pytest.raises(BadSource) as caught:
            read_document(name, data, extractor)
        return str(caught.value)

    return complaining


@pytest.fixture
def blocks(read: Read) -> Callable[[str, bytes], list[tuple[str, str]]]:
    """(kind, words) of each block of a file."""

    def listing(name: str, data: bytes) -> list[tuple[str, str]]:
        found = read(name, data)
        return [(block.kind, found.text[block.start : block.end]) for block in found.structure.blocks]

    return listing
