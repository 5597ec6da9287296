"""
The words that frames of Vietnamese web pages are made of. Pure tables and one classifier.

Patterns match folded lines (lower case, no marks). A line of several such words counts too:
what is left after taking them away decides.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from knowledge.text.folding import fold


class Frame(Enum):
    """What a line of a frame is."""

    UI = auto()  # buttons, font bars, forms
    MENU = auto()  # may be an article's word too: counts only in a run
    COUNTER = auto()
    TAIL = auto()  # opens a list of other news, comments, links
    FOOTER = auto()
    DATE = auto()  # nothing but a date
    DATED = auto()  # a date labelled as the day of publication
    DOTS = auto()  # nothing but punctuation
    WEAK = auto()  # contact lines, names of fields: the article's own unless they stand in a tail


_DAY = r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}"
_CLOCK = r"\(?\[?\b(?:\d{1,2}[:h]\d{2}(?::\d{2})?\s?(?:am|pm)?|gmt\s?[+-]\s?\d+)\b\]?\)?"
_WEEKDAY = r"\b(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn)\b"
_LABEL = (
    r"(?<![a-z])(?:ngay (?:dang|cap nhat|xuat ban|ban hanh|tao|viet)|(?:bai )?dang(?: ngay| luc)?"
    r"|cap nhat(?: luc| ngay| lan cuoi)?|xuat ban|thoi gian dang)\b"
)
_COUNTER = (
    r"(?:(?:so )?luot (?:xem|truy cap|doc|view)|luot nguoi truy cap|da xem|(?:so )?nguoi (?:xem"
    r"|doc|dang truy cap)|(?:dang|tong|tong so|tong luot|so luot|tong so luot)? ?truy cap(?: tong"
    r"| hien tai| hom nay| trong \w+)?(?: cong)?|dang (?:online|xem)|(?:khach|thanh vien) online"
    r"|luot thich"
    r"|views?)\s*:?\s*[\d.,]*\d|so luot xem\s*:?|thong ke(?: luot)? truy cap"
)
_UI = (
    r"a-\s*a\s*a\+|a[+-]|(?:tang|giam) tuong phan|do tuong phan|mau chu|co chu|doc bai viet"
    r"|nghe (?:doc )?bai(?: viet)?|in (?:bai viet|bai|trang(?: nay)?)|ban in"
    r"|gui (?:email|mail|bai viet|cho ban be)"
    r"|chia se(?: bai viet)?(?: (?:facebook|zalo|twitter|len .*))?|facebook|zalo|twitter|youtube"
    r"|tiktok|telegram|linkedin|instagram|pinterest|rss|copy link|sao chep lien ket"
    r"|quay lai(?: trang (?:chu|truoc))?|ve dau trang|len dau trang|tro ve(?: trang chu)?"
    r"|dau trang|back to top|xem them|xem tiep|xem chi tiet|xem tat ca|tat ca tin"
    r"|skip (?:ribbon commands|to main content|to content|navigation)|turn (?:on|off) animations"
    r"|sign (?:in|up|out)|log ?(?:in|out)|toggle navigation|menu|dang (?:nhap|xuat)"
    r"|quen mat khau|tim kiem(?: nang cao| tin tuc)?\.*|xem tin theo ngay|nhap tu khoa.{0,20}"
    r"|chon (?:tep dinh kem|file|lien ket|ngay)\.*|lay lai ma(?: bao mat| xac nhan)?|doi ma khac"
    r"|ma (?:xac nhan|bao mat|captcha|kiem tra)|captcha|nhap ma(?: xac nhan| bao mat| captcha)?"
    r"|gop y cho du thao|yeu thich|theo doi(?: tren)? google news|bai viet xem"
    r"|khong tim thay (?:noi dung|trang)(?: yeu cau)?(?: ?\(?404\)?)?|(?:loi|error) 404"
    r"|404(?: not found)?|page not found|javascript .{0,40}|vui long bat javascript.*"
    r"|trang (?:truoc|sau|tiep)|phong to|thu nho|toan man hinh|loading\.*"
    r"|dang tai\.*"
)
_WEAK = (
    r"ho (?:va )?ten|e-?mail|so dien thoai|tieu de|noi dung|dia chi email|gui|huy bo|nhap lai|dong y"
    r"|chi tiet|dang ky|thich|luu|tiep theo|null"
    r"|(?:hom (?:nay|qua)|(?:tuan|thang|nam) (?:nay|truoc|qua)|tat ca|online)\s*:?\s*[\d.,]*\d"
    r"|(?:dia chi|tru so|so dien thoai|dien thoai|dt|tel|hotline|duong day nong|fax|e-?mail|website)\s*:.*"
)
_MENU = (
    r"trang chu|home|gioi thieu(?: chung)?|tin tuc(?: - su kien| su kien| va su kien)?|lien he"
    r"|so do (?:trang|site)|sitemap|site map|hoi dap|hoi - dap|thu vien(?: anh| video| hinh anh)?"
    r"|van ban(?: phap luat| phap quy| chi dao[^.:]{0,30})?|thong bao|gop y(?: website| y kien)?"
    r"|tham do(?: y kien)?|ban do(?: hanh chinh| website)?|lien ket(?: web| website| web site)?"
    r"|danh ba(?: dien thoai)?|cong bao[^.:]{0,30}|dich vu cong[^.:]{0,30}|thu tuc hanh chinh"
    r"|cong khai(?: ngan sach[^.:]{0,20})?|lich (?:cong tac|tiep cong dan|lam viec)|thu dien tu(?: cong vu)?"
    r"|mot cua dien tu|he thong van ban[^.:]{0,30}|chuyen muc|danh muc|english|tieng viet|co cau to chuc"
    r"|so do to chuc|bo may to chuc|du thao(?: online| luat)?|lay y kien|video|hinh anh|podcast"
    r"|multimedia|media|e-?magazine"
)
_TAIL = (
    r"(?:cac )?(?:tin|bai|bai viet|tin bai|tin tuc|van ban|noi dung|chuyen de)(?: tin"
    r"| viet)? (?:khac|lien quan|cung (?:chuyen muc|chu de|loai|danh muc)|moi(?: nhat| hon| dang"
    r"| cap nhat)?|cu hon|da dang|noi bat|da dua|tiep theo|lien ket|doc nhieu|xem nhieu)"
    r"|(?:cac )?bai (?:moi|da) dang|(?:tin )?doc nhieu(?: nhat)?|xem nhieu(?: nhat)?"
    r"|co the ban quan tam|tin moi nhat|tin nong|moi nhat"
    r"|(?:(?:gui|viet|dang|cac) (?:binh luan|y kien)|y kien (?:ban doc|cua ban)|binh luan cua ban)"
    r"(?: \(?\d+\)?)?|binh luan\s*:?\s*\(?\d*\)?|phan hoi cua ban"
    r"|lien ket (?:web(?:site| site)?|ngoai|nhanh)|-* ?chon lien ket ?-*|danh gia bai viet"
    r"|quang cao|lien ket quang cao|bo cuc trang|tags?|tu khoa"
)
_FOOTER = (
    r"(?:nguoi )?chiu trach nhiem(?: (?:chinh|noi dung|xuat ban|quan ly))?\s*:.*|ghi ro nguon .*"
    r"|(?:©|\(c\)|copyright|ban quyen|mien tru).*|.*\bban quyen (?:thuoc|cua)\b.*"
    r"|(?:cong|trang) (?:thong tin|tin) dien tu[^.:;,]{0,80}"
    r"|giay phep (?:so|thiet lap|hoat dong)\b.*"
    r"|(?:thiet ke|phat trien|xay dung|van hanh)(?: va \w+(?: \w+)?)? boi\b.*"
    r"|(?:truong ban bien tap|tong bien tap|co quan chu quan)\s*:.*"
    r"|powered by.*|®.*"
)
_TAGS = re.compile(r"(?:tags?|tu khoa)\s*:.*")
_CRUMB = re.compile(r"(?:trang chu|home)\s*(?:[/»>›|→\\]|::).*")
_ALONE = re.compile(r"[\s\W_]*")
_COUNTER_LINE = re.compile(f"(?:{_COUNTER})")
_UI_WORDS = re.compile(rf"(?<!\w)(?:{_UI})(?!\w)")
_BUTTONS = re.compile(rf"(?<!\w)(?:{_UI}|thich|luu|gui|email)(?!\w)")
_WEAK_LINE = re.compile(f"(?:{_WEAK})")
_NEWS_LIST = re.compile(
    r"(?:cac )?(?:tin|bai|tin bai|bai viet)(?: \w+)? (?:khac|lien quan|cung .*|moi.*|noi bat|doc nhieu)"
)
_MENU_LINE = re.compile(f"(?:{_MENU})")
_MENU_WORDS = re.compile(rf"(?<!\w)(?:{_MENU})(?!\w)")
_TAIL_LINE = re.compile(rf"(?:{_TAIL})\s*[:.…»>]*\s*")
_FOOTER_LINE = re.compile(f"(?:{_FOOTER})")
_DATE_PARTS = re.compile(f"{_DAY}|{_CLOCK}|{_WEEKDAY}|{_LABEL}|{_COUNTER}|\\b(?:ngay|luc|hom nay)\\b")
_FORM_MARK = re.compile(r"\(\*\)|\*|:|\.{2,}|_{2,}")
_LONGEST = 300


def frame_of(line: str) -> Frame | None:  # noqa: PLR0911 - one way out a kind, in order
    """What kind of frame *line* is, or None where it may be the article's."""
    if not line or len(line) > _LONGEST:
        return None
    if _ALONE.fullmatch(line):
        return Frame.DOTS
    folded = " ".join(fold(line).split())
    bare = folded.strip(" .|:-–•*[]")
    dated = _date_line(folded)
    if dated:
        return dated
    if _TAIL_LINE.fullmatch(bare) or _TAGS.fullmatch(folded):
        return Frame.TAIL
    if _COUNTER_LINE.fullmatch(bare) or _nothing_left(_COUNTER_LINE, folded):
        return Frame.COUNTER
    if (
        _CRUMB.fullmatch(folded)
        or _is_form(folded)
        or _nothing_left(_UI_WORDS, folded)
        or _is_button_bar(folded)
    ):
        return Frame.UI
    if _FOOTER_LINE.fullmatch(folded):
        return Frame.FOOTER
    if _WEAK_LINE.fullmatch(bare) or _WEAK_LINE.fullmatch(folded):
        return Frame.WEAK
    if _MENU_LINE.fullmatch(bare) or _is_menu_bar(folded):
        return Frame.MENU
    return None


def _date_line(folded: str) -> Frame | None:
    if not re.search(_DAY, folded):
        return None
    left = _DATE_PARTS.sub(" ", folded)
    if len(re.findall(r"\w", left)) > 2:  # noqa: PLR2004 - a stray letter
        return None
    return Frame.DATED if re.search(_LABEL, folded) else Frame.DATE


def _is_form(folded: str) -> bool:
    return "(*)" in folded and len(_FORM_MARK.sub("", folded)) <= 30  # noqa: PLR2004 - a field's name


def opens_news_list(line: str) -> bool:
    """Whether *line* stands over headlines of other articles."""
    return bool(_NEWS_LIST.fullmatch(fold(line).strip(" .:»>|")))


def _is_button_bar(folded: str) -> bool:
    return len(_BUTTONS.findall(folded)) > 1 and _nothing_left(_BUTTONS, folded)


def _nothing_left(words: re.Pattern[str], folded: str) -> bool:
    return bool(_ALONE.fullmatch(words.sub(" ", folded)))


def _is_menu_bar(folded: str) -> bool:
    """Several menu words in one line, with or without `|` between them."""
    parts = [part for part in re.split(r"\s*[|•·»]\s*", folded) if part]
    if len(parts) > 1 and sum(1 for part in parts if _MENU_LINE.fullmatch(part)) * 2 >= len(parts):
        return True
    return len(_MENU_WORDS.findall(folded)) >= 3 and len(_MENU_WORDS.sub("", folded)) < len(folded) / 2  # noqa: PLR2004
