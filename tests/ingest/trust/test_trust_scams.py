"""Fake offices and dressed-up links are found; whoever warns of them is not taken for one."""

from __future__ import annotations

import pytest

from ingest.errors import BadMetadata
from ingest.trust.flags import Code
from ingest.trust.inspection import inspect, without_traps
from ingest.trust.links import is_deceiving, links_in
from ingest.trust.sources import read_sources
from tests.ingest.trust.trust_drafts import SOURCES, TODAY, draft, found_in, grave_in

ASKING = [
    "Công an phường thông báo: công dân cung cấp mã OTP cho cán bộ để hoàn tất định danh mức 2.",
    "Đề nghị ông bà tải ứng dụng dịch vụ công tại đường dẫn dichvucong-gov.vn.com trong hôm nay.",
    "Cơ quan điều tra yêu cầu chuyển tiền vào tài khoản an toàn để chứng minh vô tội.",
    "Truy cập https://vneid-gov.top/xacminh để cập nhật căn cước.",
    "Bộ Công an: bocongan.gov-vn.xyz là trang xác minh duy nhất.",
    "Đăng nhập vietcornbank.com hoặc vietcombank-xacthuc.online để mở khóa tài khoản.",
    "Điều tra viên sẽ gọi video qua Zalo để lấy lời khai, công dân chuẩn bị căn cước.",
    "Kết bạn Zalo với cán bộ công an để cập nhật thông tin định danh.",
    "Cục An ninh mạng hỗ trợ lấy lại tiền bị lừa, liên hệ ngay Zalo của luật sư.",
    "Muốn tố giác phải nộp phí 200.000 đồng.",
    "Tải về file http://congan-vietnam.info/vneid.apk và cài đặt theo hướng dẫn của công an.",
    "Cảnh báo: tài khoản VNeID của bạn sắp bị khóa, vào vneid chấm xyz để xác minh.",
    "Police notice: please send the OTP code to the officer to confirm your report.",
    "Gửi lại mã xác thực mà công an vừa nhắn cho bạn.",
    "Nộp tiền bảo lãnh cho người nhà đang bị công an tạm giữ vào số tài khoản bên dưới.",
]
HONEST = [
    "Công an không bao giờ yêu cầu người dân cung cấp mã OTP qua điện thoại.",
    "Tuyệt đối không cung cấp mã OTP, mật khẩu cho bất kỳ ai.",
    "Không bấm vào đường dẫn lạ, không tải ứng dụng VNeID từ link trong tin nhắn.",
    "Kẻ gian giả danh công an, bảo tải ứng dụng ở đường dẫn vneid-xacminh.example rồi đọc mã OTP.",
    "Thủ đoạn: đối tượng gọi video qua Zalo, yêu cầu chuyển tiền vào tài khoản để phục vụ điều tra.",
    "Cài đặt VNeID trên App Store hoặc CH Play.",
    "Bước 3: Nhập mã OTP được gửi về số điện thoại để kích hoạt tài khoản VNeID.",
    "Nhắn tin qua Zalo của Công an xã để phản ánh tình hình an ninh, trật tự.",
    "Nộp tiền phạt vào tài khoản Kho bạc Nhà nước trong 10 ngày.",
    "Nộp hồ sơ trực tuyến tại dichvucong.gov.vn hoặc ứng dụng VNeID.",
    "Bà con hãy nói lại cho nhau cùng biết, đừng chuyển tiền khi có người gọi tự xưng công an.",
    "Tải mẫu đơn tại đường dẫn https://congan.phutho.gov.vn/mau-don.",
]


@pytest.mark.parametrize("text", ASKING)
def test_what_no_office_asks_is_grave(text):
    assert grave_in(text) & {Code.FAKE_POLICE, Code.PHISHING_LINK}


@pytest.mark.parametrize("text", HONEST)
def test_a_warning_or_a_true_step_is_not_grave(text):
    assert grave_in(text) == set()


def test_one_word_of_warning_far_away_does_not_excuse_a_demand():
    far = "Bài viết về thủ đoạn lừa đảo của kẻ gian.\n" + "Trời hôm nay nắng đẹp.\n" * 4
    assert grave_in(f"{far}Công an đề nghị công dân cung cấp mã OTP cho cán bộ.") == {Code.FAKE_POLICE}


def test_a_warned_of_link_is_told_lightly():
    assert found_in("Kẻ gian gửi đường dẫn vneid-xacminh.example để lừa bà con.") == {Code.LINK_IN_WARNING}


@pytest.mark.parametrize(
    "host",
    [
        "vneid-xacminh.example", "dichvucong-gov.vn.com", "bocongan.gov-vn.xyz", "vietcornbank.com",
        "vne1d.top", "vnеid.com", "www.dichvucong.gov.vn.dangnhap.xyz", "congan-phuong.info",
        "agribank-vn.shop", "vneidd.vn",
    ],
)  # fmt: skip
def test_a_look_alike_deceives(host):
    assert is_deceiving(host, "", SOURCES)


@pytest.mark.parametrize(
    "host",
    [
        "vneid.gov.vn", "dichvucong.gov.vn", "congan.hungyen.gov.vn", "bocongan.gov.vn", "chinhphu.vn",
        "vietcombank.com.vn", "congannghean.vn", "vnexpress.net", "zalo.me", "facebook.com",
        "xaydungchinhsach.chinhphu.vn", "tuoitre.vn",
    ],
)  # fmt: skip
def test_a_true_or_foreign_name_does_not(host):
    assert not is_deceiving(host, "", SOURCES)


def test_a_program_to_install_deceives_wherever_it_lies():
    assert is_deceiving("tailieu.net", "/vneid.APK?x=1", SOURCES)
    assert not is_deceiving("tailieu.net", "/huong-dan.pdf", SOURCES)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("Vào https://VNeID.gov.vn/a?b=1.", ["vneid.gov.vn"]),
        ("Vào vneid chấm xyz hoặc vneid[.]top, hxxp://a.example/x", ["a.example", "vneid.xyz", "vneid.top"]),
        ("Thư: congan@gov.vn. Điều 5.Khoản 2, v.v. TP.HCM, 1.343 vụ, ngày 3.5.2024", []),
        ("Công an huyện.Top đầu cả nước", []),
    ],
)
def test_links_are_read_however_disguised_and_full_stops_are_none(text, hosts):
    assert [host for host, _ in links_in(text)] == hosts


def test_what_asks_leaves_the_document_and_the_rest_stays():
    text = "Trụ sở mở cửa từ 7 giờ.\nCông dân cung cấp mã OTP cho công an.\nNghỉ chủ nhật."
    (passage,) = without_traps(draft(text), SOURCES).passages
    assert passage.text == "Trụ sở mở cửa từ 7 giờ.\nNghỉ chủ nhật."


def test_an_unlisted_source_is_told_and_an_office_is_not():
    def codes(url):
        return {flag.code for flag in inspect(draft("Tin.", url=url), sources=SOURCES, today=TODAY)}

    assert codes("https://blogcuatoi.net/bai") == {Code.SOURCE_UNLISTED}
    assert codes("https://evil-gov.vn.example/bai") == {Code.SOURCE_UNLISTED}
    assert codes("https://xa-a.hanoi.gov.vn/bai") == set()
    assert codes("") == set()


def test_the_operator_adds_domains_and_lines_of_their_own(tmp_path):
    (tmp_path / "sources.toml").write_text(
        'official = ["xa-a.vn"]\nlines = ["0912.345.678"]\n', encoding="utf-8"
    )
    sources = read_sources(tmp_path)
    assert sources.is_official("tin.xa-a.vn")
    assert not sources.is_official("xa-a.vn.example")
    assert sources.is_public_line("0912345678")
    assert sources.is_official("chinhphu.vn")


@pytest.mark.parametrize("text", ["domains = []", "official = 3", "official = [3]", "official = ["])
def test_a_wrong_list_of_sources_is_refused_by_name(tmp_path, text):
    (tmp_path / "sources.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadMetadata):
        read_sources(tmp_path)
