"""A model's graph without its large tensors, which onnxruntime then takes from the model's file where they lie.

Of ONNX it knows the four messages on the way to a tensor's bytes, as ``onnx.proto`` numbers their fields: importing
``onnx`` for that would cost more memory than this saves.
"""

from __future__ import annotations

from collections.abc import Iterator

# Of a message: of ModelProto, GraphProto, TensorProto, and of the pairs of strings that say where a tensor lies.
_GRAPH, _INITIALIZER = 7, 5
_KIND, _NAME, _RAW, _PLACE, _LOCATION = 2, 8, 9, 13, 14
_KEY, _VALUE = 1, 2
_EXTERNAL = 1
# TensorProto.DataType: of one byte each, so that no place in a file is one that a processor reads badly.
_UINT8, _INT8 = 2, 3
# Below it a tensor is left in: it weighs no more than the words that say where it lies.
LEAST = 4096

_VARINT, _FIXED64, _BLOCK, _FIXED32 = 0, 1, 2, 5


def lean(model: memoryview, file: str) -> bytes:
    """``model``, the bytes of a file named ``file``, with each large tensor of bytes replaced by its place in it.

    Raises ValueError when it is no ONNX model.
    """
    try:
        return b"".join(_rewritten(model, 0, len(model), (_GRAPH, _INITIALIZER), file))
    except IndexError:
        raise ValueError(f"{file} ends within a field") from None


def _rewritten(model: memoryview, start: int, end: int, path: tuple[int, ...], file: str) -> Iterator[bytes]:
    """The fields of the message in [start, end), the tensors at the end of ``path`` moved."""
    if not path:
        yield _moved(model, start, end, file)
        return
    for number, at, first, last in _fields(model, start, end):
        if number == path[0]:
            yield _block(number, b"".join(_rewritten(model, first, last, path[1:], file)))
        else:
            yield bytes(model[at:last])


def _moved(model: memoryview, start: int, end: int, file: str) -> bytes:
    """The tensor in [start, end), its bytes replaced by where they lie if there are many."""
    fields = list(_fields(model, start, end))
    kind = next((_varint(model, first)[0] for number, _, first, _ in fields if number == _KIND), 0)
    raw = next(((first, last) for number, _, first, last in fields if number == _RAW), (0, 0))
    if kind not in (_UINT8, _INT8) or raw[1] - raw[0] < LEAST:
        return bytes(model[start:end])
    kept = b"".join(bytes(model[at:last]) for number, at, _, last in fields if number != _RAW)
    place = {"location": file, "offset": str(raw[0]), "length": str(raw[1] - raw[0])}
    told = b"".join(
        _block(_PLACE, _block(_KEY, key.encode()) + _block(_VALUE, value.encode())) for key, value in place.items()
    )
    return kept + told + _number(_LOCATION << 3 | _VARINT) + _number(_EXTERNAL)


def _fields(model: memoryview, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Of each field in [start, end): its number, where it begins, and where its contents begin and end."""
    at = start
    while at < end:
        tag, first = _varint(model, at)
        kind = tag & 7
        if kind == _BLOCK:
            size, first = _varint(model, first)
            last = first + size
        elif kind == _VARINT:
            last = _varint(model, first)[1]
        elif kind in (_FIXED32, _FIXED64):
            last = first + (4 if kind == _FIXED32 else 8)
        else:
            raise ValueError(f"a field of an unknown kind at byte {at}")
        if last > end:
            raise ValueError(f"the field at byte {at} ends beyond what holds it")
        yield tag >> 3, at, first, last
        at = last


def _varint(model: memoryview, at: int) -> tuple[int, int]:
    """The number at ``at``, seven bits a byte, the lowest first, and where it ends."""
    number = shift = 0
    while True:
        byte = model[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def _number(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


def _block(field: int, contents: bytes) -> bytes:
    return _number(field << 3 | _BLOCK) + _number(len(contents)) + contents
