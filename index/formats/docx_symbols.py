"""Characters that Word takes from a font of symbols by their place in it, such as "☑" → what they are in Unicode."""

from __future__ import annotations

# Places from 0x20 on, as Adobe's and Microsoft's tables have them; a space stands for what is not told here.
_SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_ αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
    "                                 €ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…  ↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑"
)
_WINGDINGS = {
    0x21: "✏", 0x22: "✂", 0x28: "☎", 0x2A: "✉", 0x36: "⌛", 0x41: "✌", 0x46: "☞", 0x4A: "☺", 0x4C: "☹", 0x4E: "☠",
    0x51: "✈", 0x52: "☼", 0x54: "❄", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒",
    0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA8: "◻", 0xA7: "▪", 0xAB: "★", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA3: "□"}
_TABLES = {
    "symbol": {place: character for place, character in enumerate(_SYMBOL, 0x20) if character != " "},
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
}
# Stands for a character that is none in Unicode: that something stands there, a reader must see.
_UNKNOWN = "\ufffd"


def symbol(font: str, code: str) -> str:
    """The character at the place ``code``, a hexadecimal number, of ``font``."""
    try:
        place = int(code, 16)
    except ValueError:
        return ""
    # Word writes a place of such a font as one of Unicode's private area, 0xF000 and up, or as it is.
    told = _TABLES.get(font.strip().lower(), {}).get(place & 0xFF if 0xF000 <= place <= 0xF0FF else place)
    if told is not None:
        return told
    if font.strip().lower() in _TABLES or not 0x20 <= place < 0xD800:
        return _UNKNOWN
    return chr(place)
