"""Vietnamese as machines before Unicode wrote it: each text is bytes that were shown as Latin letters."""

from __future__ import annotations

import unicodedata

_TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        bytes.fromhex(
            "b5b6b7b8b9a8bbbcbdbec6a9c7c8c9cacbaecccecfd0d1aad2d3d4d5d6d7d8dcdddedfe1e2e3e4abe5e6e7e8e9aceaebecedee"
            "eff1f2f3f4adf5f6f7f8f9fafbfcfdfea1a2a3a4a5a6a7"
        ).decode("latin-1"),
        strict=True,
    )
)
_VISCII = dict(
    zip(
        "ạắằặấầẩậẽẹếềểễệốồổỗơộờởịớợưứừửữựẳẵẫàáâãảăèéêẻìíĩỉđòóôõỏọụùúũủýỳỷỹỵỡ",
        bytes.fromhex(
            "d5a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2bdb5b6b7b8befedfd1d7d8e6f1c6c7e7e0e1e2e3e4e5e8e9eaebecedeeeff0"
            "f2f3f4f5f6f7f8f9fafbfcfdcfd6dbdcde"
        ).decode("latin-1"),
        strict=True,
    )
)
_VNI_TONES = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_VNI_HATS = {
    "\u0302": {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"},
    "\u0306": {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"},
}
_VNI_ALONE = {
    "í": "í",
    "ì": "ì",
    "ỉ": "æ",
    "ĩ": "ó",
    "ị": "ò",
    "ỵ": "î",
    "đ": "ñ",
    "Đ": "Ñ",
    "ơ": "ô",
    "ư": "ö",
    "Ơ": "Ô",
    "Ư": "Ö",
}


def as_tcvn3(text: str) -> str:
    """*text* in TCVN3 (ABC) bytes shown as Latin-1; capitals with tones do not exist there and stay small."""
    return "".join(_TCVN3.get(char, _TCVN3.get(char.lower(), char)) for char in text)


def as_viscii(text: str) -> bytes:
    """*text* in VISCII bytes; capitals with tones are written small."""
    shown = "".join(_VISCII.get(char, _VISCII.get(char.lower(), char)) for char in text)
    return shown.encode("latin-1")


def as_vni(text: str) -> str:
    """*text* in VNI Windows letters shown as Latin-1."""
    return "".join(map(_vni, text))


def as_cp1258(text: str) -> bytes:
    """*text* as Windows-1258 has it: base letters with their hats, tones as combining marks."""
    out = []
    for char in text:
        try:
            out.append(char.encode("cp1258"))
        except UnicodeEncodeError:
            base, tone = _split_tone(char)
            out.append(base.encode("cp1258") + tone.encode("cp1258"))
    return b"".join(out)


def _vni(char: str) -> str:
    if char in _VNI_ALONE:
        return _VNI_ALONE[char]
    base, *marks = unicodedata.normalize("NFD", char)
    if not marks:
        return char
    tone = next((mark for mark in marks if mark in _VNI_TONES), "")
    hat = next((mark for mark in marks if mark in _VNI_HATS), "")
    if hat:
        return base + _VNI_HATS[hat][tone]
    horned = unicodedata.normalize("NFC", base + "\u031b") if "\u031b" in marks else base
    return _VNI_ALONE.get(horned, horned) + _VNI_TONES.get(tone, "")


def _split_tone(char: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", char)
    tone = next(mark for mark in parts if mark in _VNI_TONES)
    return unicodedata.normalize("NFC", parts.replace(tone, "")), tone
