"""Three small guides of our own: enough to answer from, and few enough to be indexed in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Stands in the guide for members alone; whoever reads it on a public page has found a leak.
MEMBER_CANARY = "xấp vải chàm mã 7741"
MEMBER_QUESTION = "lịch trực của tổ tự quản ngõ Cây Sấu do ai giữ?"
MEMBER_HEADING = "Sổ trực ngõ Cây Sấu do ai giữ?"

MEDIATION = """---
id: hoa-giai
title: Hòa giải ở cơ sở
topic: hoa-giai
audience: public
as_of: 2026-11-22
verified_by: null
---

# Hòa giải ở cơ sở

## Muốn nhờ tổ hòa giải thì làm thế nào? {#xin-hoa-giai}

1. Gặp hòa giải viên của thôn, tổ dân phố. Chưa biết là ai thì hỏi trưởng thôn.
2. Nói rõ mâu thuẫn chuyện gì, với ai, mình muốn ổn ra sao.

Chỉ cần một bên yêu cầu là có thể bắt đầu. Đang đánh nhau thì gọi **113** trước.

### Căn cứ

- `35/2013/QH13+16` Luật Hòa giải ở cơ sở, Điều 16

### Người ta hay hỏi

- hang xom danh nhau thi goi ai hoa giai
- Muốn nhờ người trong xóm đứng ra phân xử thì nói với ai?
- xin to hoa giai can lam gi truoc
- hai nhà gây lộn hoài, nhờ ai tới nói giùm

## Nhờ hòa giải có mất tiền không? {#hoa-giai-mat-tien}

Không. Hòa giải ở cơ sở không thu tiền của hai bên; thù lao của hòa giải viên do ngân sách xã lo.

### Căn cứ

- `35/2013/QH13+6` Luật Hòa giải ở cơ sở, Điều 6

### Người ta hay hỏi

- hoa giai co mat phi khong
- nhờ tổ hòa giải tốn bao nhiêu tiền?
- mời hòa giải viên có phải trả công không
- phí hòa giải ở thôn là bao nhiêu
"""

REPORTING = """---
id: to-giac
title: Tố giác tội phạm
topic: to-giac
audience: public
as_of: 2026-11-22
verified_by: null
---

# Tố giác tội phạm

## Báo tin tội phạm ở đâu? {#bao-o-dau}

Đến công an xã, phường gần nhất, hoặc gọi **113**. Báo bằng lời hay bằng đơn đều được.

### Căn cứ

- `101/2015/QH13+145` Bộ luật Tố tụng hình sự, Điều 145

### Người ta hay hỏi

- bao tin toi pham o dau
- muốn tố giác tội phạm thì đến đâu?
- thay nguoi ta ban ma tuy thi bao ai
- gửi đơn tố giác cho cơ quan nào

## Người báo tin có được giữ bí mật không? {#giu-bi-mat}

Có. Người tố giác có quyền được giữ bí mật tên, địa chỉ và được bảo vệ khi bị đe dọa.

### Căn cứ

- `101/2015/QH13+56` Bộ luật Tố tụng hình sự, Điều 56

### Người ta hay hỏi

- bao cong an co bi lo ten khong
- tôi sợ bị trả thù khi tố giác thì sao?
- người tố giác có được giữ kín tên không
- cong an co cho ke kia biet ai bao khong
"""

MEMBERS = f"""---
id: noi-bo
title: Việc nội bộ của tổ tự quản
topic: van-dong
audience: member
as_of: 2026-11-22
verified_by: null
---

# Việc nội bộ của tổ tự quản

## {MEMBER_HEADING} {{#so-truc}}

Tổ phó giữ lịch trực, gói trong {MEMBER_CANARY}, bàn giao vào tối chủ nhật.

### Căn cứ

- Quy ước riêng của tổ, bịa ra cho bài thử

### Người ta hay hỏi

- {MEMBER_QUESTION}
- lich truc to tu quan ngo Cay Sau ai giu
- sổ trực ngõ Cây Sấu để ở đâu
- ai cầm sổ trực của tổ tự quản ngõ Cây Sấu
"""


def write_small_guides(folder: Path) -> Path:
    """Write the three guides into *folder*, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("hoa-giai", MEDIATION), ("to-giac", REPORTING), ("noi-bo", MEMBERS)):
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder
