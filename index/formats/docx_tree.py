"""The elements of WordprocessingML by their names, in either edition of the standard."""

from __future__ import annotations

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_OFF = ("0", "false", "off")


def name_of(element: etree._Element) -> str:
    """Its name if it is Word's own, else nothing."""
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2] if tag.startswith((W, STRICT)) else ""


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of Word's own with this name."""
    return None if element is None else next((one for one in element if name_of(one) == name), None)


def attribute(element: etree._Element | None, name: str) -> str:
    """An attribute of Word's own; nothing where it is missing."""
    return "" if element is None else str(element.get(W + name) or element.get(STRICT + name) or "")


def switched(properties: etree._Element | None, name: str) -> bool | None:
    """Whether ``properties`` of a run or a style turn ``name`` on or off; None when they do not say."""
    found = child(properties, name)
    return None if found is None else attribute(found, "val") not in _OFF
