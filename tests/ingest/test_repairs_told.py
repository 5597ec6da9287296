"""Texts spoiled by rule come back word for word, and what was repaired goes with the document."""

from __future__ import annotations

import textwrap
import unicodedata

import pytest

from ingest.document import read_document
from ingest.encodings import undo_old_pieces
from ingest.errors import GarbledText
from ingest.repair import repair
from ingest.repairs import Repair
from ingest.wrapping import unwrap
from prompts.catalog import LANGUAGES, text
from tests.ingest.old_encodings import as_cp1258, as_tcvn3, as_viscii, as_vni

_TEXT = """Quy ước giữ gìn an ninh trật tự của thôn
Người dân phát hiện việc trộm cắp, đánh bạc hoặc người lạ dò hỏi nhà vắng chủ thì báo ngay cho công an xã.
Tổ hòa giải nhận đơn vào sáng thứ bảy hằng tuần tại nhà văn hóa; mỗi vụ có ít nhất hai hòa giải viên dự.
1. Sau hai mươi hai giờ không hát karaoke, không mở loa thùng, trừ đêm giao thừa và ngày hội của thôn.
2. Hộ có người thuê trọ đăng ký tạm trú cho họ trong thời hạn luật định và nhắc họ giữ vệ sinh chung.
Quy ước này được toàn thể cử tri trong thôn biểu quyết thông qua và gửi ủy ban nhân dân xã công nhận."""
_LINES = _TEXT.split("\n")


def _invisible(source):
    return "".join(f"{char}\u200b" if n % 9 == 0 else char for n, char in enumerate(source)).replace(
        "hòa", "hò\u00ada"
    )


_SPOILED = {
    "old_bytes": as_cp1258(_TEXT),
    "misread_bytes": _TEXT.encode("utf-8").decode("latin-1").encode("utf-8"),
    "split_marks": unicodedata.normalize("NFD", _TEXT).encode("utf-8"),
    "hidden_characters": _invisible(_TEXT).encode("utf-8"),
    "wrong_glyphs": _TEXT.replace("ư", "ƣ").replace("Đ", "Ð").encode("utf-8"),
    "hard_wraps": "\n".join(line for part in _LINES for line in textwrap.wrap(part, 60)).encode("utf-8"),
    "word_a_line": "\n\n".join("\n".join(line.split()) for line in _LINES).encode("utf-8"),
}
_OLD = {"tcvn3": as_tcvn3(_TEXT).encode(), "vni": as_vni(_TEXT).encode(), "viscii": as_viscii(_TEXT)}


def _words(draft):
    return " ".join(passage.text for passage in draft.passages).lower().split()


def _read(folder, data):
    path = folder / "quy uoc.txt"
    path.write_bytes(data)
    return read_document(path, key="k")


@pytest.mark.parametrize("code", list(_SPOILED))
def test_a_spoiled_text_comes_back_whole_and_says_what_was_done(tmp_path, code):
    draft = _read(tmp_path, _SPOILED[code])
    clean = _read(tmp_path, _TEXT.encode())
    assert _words(draft) == _words(clean)
    assert code in draft.repairs
    assert clean.repairs == ()


def test_utf8_with_a_few_broken_letters_stays_readable_and_says_so(tmp_path):
    data = bytearray(_TEXT.encode())
    for place in (100, 300, 500):
        data[place] = 0xFF
    draft = _read(tmp_path, bytes(data)[:-1] + "ậ".encode()[:2])
    lost = len(set(_words(_read(tmp_path, _TEXT.encode()))) - set(_words(draft)))
    assert lost <= 4
    assert "misread_bytes" in draft.repairs


@pytest.mark.parametrize("encoding", list(_OLD))
def test_letters_of_old_fonts_come_back_as_unicode(tmp_path, encoding):
    draft = _read(tmp_path, _OLD[encoding])
    assert _words(draft) == _words(_read(tmp_path, _TEXT.encode()))
    assert "old_letters" in draft.repairs


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_an_encoding_that_says_what_it_is_needs_no_repair(tmp_path, encoding):
    draft = _read(tmp_path, _TEXT.encode(encoding))
    assert _words(draft) == _words(_read(tmp_path, _TEXT.encode()))
    assert draft.repairs == ()


def test_list_items_and_headings_stay_apart_when_single_words_are_joined():
    words = "Điều 1. Phạm vi Quy ước này áp dụng trong thôn. Điều 2. Trật tự Hộ dân giữ yên tĩnh: a) ban đêm;"
    spread = f"{words} b) ban trưa.".split()
    assert unwrap(spread) == [
        "Điều 1. Phạm vi Quy ước này áp dụng trong thôn.",
        "Điều 2. Trật tự Hộ dân giữ yên tĩnh:",
        "a) ban đêm;",
        "b) ban trưa.",
    ]


def test_letters_without_meaning_are_refused_and_a_bullet_of_wingdings_is_none():
    with pytest.raises(GarbledText):
        repair("(cid:12)(cid:7) điều (cid:3) khoản (cid:44)(cid:2) (cid:9)")
    with pytest.raises(GarbledText):
        repair("".join(chr(0xF000 + ord(char)) for char in "Trong thang, ba con da bao"))
    assert repair("\uf0b7 Gọi 113") == "• Gọi 113"


def test_russian_words_stay_and_cyrillic_twins_inside_words_go():
    assert repair("слово Москва") == "слово Москва"
    assert repair("h\u043eà giải, c\u043eông an") == "hoà giải, coông an"


def test_cells_in_new_letters_stay_where_others_are_old():
    pieces = [as_tcvn3("Họ và tên"), "Ủy ban nhân dân phường", as_tcvn3("Địa chỉ"), "2026"]
    noted: set[Repair] = set()
    assert undo_old_pieces(pieces, noted) == ["Họ và tên", "Ủy ban nhân dân phường", "Địa chỉ", "2026"]
    assert noted == {Repair.OLD_LETTERS}


def test_every_repair_has_words_in_both_languages():
    for code in Repair:
        for language in LANGUAGES:
            assert text(f"ingest.repair_{code.value}", language)
