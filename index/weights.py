"""A safetensors file: where its tensors lie, one of them, and rows of one."""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.dense import Vectors

WEIGHTS_FILE = "model.safetensors"
# The table of all words, of which a text needs a few rows.
WORDS = "embeddings.word_embeddings.weight"
_HEADER_LIMIT = 2**24


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tensor's numbers lie: ``shape``, first byte in the file, and number of bytes."""

    shape: tuple[int, ...]
    first: int
    size: int


def places(file: Path) -> Mapping[str, Place]:
    """Name → place of every float32 tensor. Raises OSError, or ValueError when it is no safetensors file."""
    with file.open("rb") as handle:
        size = int.from_bytes(handle.read(8), "little")
        if size > _HEADER_LIMIT:
            raise ValueError(f"{file} is not a safetensors file")
        header = json.loads(handle.read(size))
    found: dict[str, Place] = {}
    for name, tensor in header.items():
        if name != "__metadata__" and tensor["dtype"] == "F32":
            start, end = tensor["data_offsets"]
            found[name] = Place(tuple(tensor["shape"]), 8 + size + start, end - start)
    return found


def tensor(file: Path, place: Place) -> Vectors:
    """A copy of one tensor, float32, in the shape that ``place`` says. Raises OSError or ValueError."""
    found: Vectors = np.fromfile(file, dtype="<f4", count=place.size // 4, offset=place.first)
    return found.reshape(place.shape)


class Rows:
    """The rows of one float32 matrix, read where they lie. Safe to call from any thread.

    What was read stays with the system, which may drop it, and not with this process: of a table of tens of megabytes
    each row would otherwise bring its neighbours along, until all of it was resident.
    """

    def __init__(self, file: Path, name: str) -> None:
        """Raises OSError or ValueError when the file or the matrix cannot be read."""
        place = places(file).get(name)
        if place is None or len(place.shape) != 2:
            raise ValueError(f"{file} has no matrix {name}")
        with file.open("rb") as handle:
            self._mapped = mmap.mmap(handle.fileno(), 0, prot=mmap.PROT_READ)
        count = place.shape[0] * place.shape[1]
        flat: Vectors = np.frombuffer(self._mapped, dtype="<f4", count=count, offset=place.first)
        self._rows = flat.reshape(place.shape)

    def __getitem__(self, numbers: npt.NDArray[np.int64]) -> Vectors:
        """A copy of the rows of these numbers, shape ``(*numbers.shape, columns)``, float32."""
        found: Vectors = self._rows[numbers]
        self._mapped.madvise(mmap.MADV_DONTNEED)
        return found
