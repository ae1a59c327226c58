"""Files that are hostile, damaged, or not what their name says: each a named error."""

import io
import struct
import zipfile
import zlib
from dataclasses import replace

import docx
import openpyxl
import pytest

from knowledge_base.errors import DocumentError
from knowledge_base.readers import LIMITS, read_file, read_path

TEXT = "关于支持科技创新的通知\n一、对企业给予补助,最高不超过10万元。\n"
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><l>&j;</l>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'


def refusal(name, content, limits=LIMITS):
    with pytest.raises(DocumentError) as caught:
        read_file(name, content, limits)
    message = str(caught.value)
    assert message.startswith(f"{name}:")
    return message


def word(text=TEXT):
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def archive(entries, method=zipfile.ZIP_DEFLATED):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return held.getvalue()


def office(**entries):
    base = {"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>"}
    return archive({**base, **{key.replace("__", "/"): value for key, value in entries.items()}})


def workbook_with(part, content):
    """A real workbook with one part replaced."""
    held = io.BytesIO()
    openpyxl.Workbook().save(held)
    with zipfile.ZipFile(held) as made:
        entries = {name: made.read(name) for name in made.namelist()}
    assert part in entries
    return archive({**entries, part: content})


def test_an_empty_file_is_named():
    assert "文件是空的(0 字节)" in refusal("空.txt", b"")


def test_a_file_of_blanks_has_no_words():
    assert "文件里没有文字" in refusal("空白.txt", b" \r\n\xe3\x80\x80\n")


def test_a_file_over_the_limit_is_told_both_sizes():
    small = replace(LIMITS, file_bytes=1 << 20)
    message = refusal("大.txt", b"a" * (3 << 19), small)
    assert "文件有 1.5 MB,超过 1 MB 的上限" in message


def test_no_more_of_a_file_is_read_than_the_limit_allows(tmp_path):
    sparse = tmp_path / "巨.txt"
    with sparse.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(DocumentError, match=r"巨\.txt:文件有 1048576\.0 MB,超过 20 MB 的上限"):
        read_path(sparse)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(DocumentError, match=r"无\.txt:找不到这个文件"):
        read_path(tmp_path / "无.txt")
    with pytest.raises(DocumentError, match="不是普通文件"):
        read_path(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("甲.pdf", word(), "后缀是 .pdf(PDF 文件),内容却是Word 文档;请核对是否传错文件,或把后缀改为 .docx"),
        ("甲.docx", b"%PDF-1.7\n%%EOF", "后缀是 .docx(Word 文档),内容却是PDF 文件"),
        ("甲.doc", word(), "后缀是 .doc(旧版 Word 或 WPS 文字),内容却是Word 文档"),
        ("甲.html", TEXT.encode(), "后缀是 .html(网页),内容却是纯文本"),
        ("甲.txt", b"<html><body><p>\xe4\xb8\x80</p></body></html>", "内容却是网页"),
        ("甲.xlsx", word(), "后缀是 .xlsx(Excel 工作簿),内容却是Word 文档"),
        ("甲.docx", b"\x89PNG\r\n\x1a\n" + bytes(40), "内容却是图片"),
        ("甲.csv", "产品,机构\n贷,行\n".encode(), "不读取 .csv 表格"),
    ],
)  # fmt: skip
def test_a_suffix_that_contradicts_the_content_is_named(name, content, told):
    assert told in refusal(name, content)


@pytest.mark.parametrize("name", ["通知", "通知.TXT", "通知.unknown", "a/b\\通知.txt"])
def test_a_suffix_that_says_nothing_else_is_accepted(name):
    (reading,) = read_file(name, TEXT.encode())
    assert reading.text == TEXT


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为 .docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "另存为 .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "取消密码"),
        (b"{\\rtf1\\ansi hello}", "RTF"),
        (b"Rar!\x1a\x07\x00" + bytes(20), "请先解压"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "请先解压"),
        (b"\x1f\x8b\x08" + bytes(20), "请先解压"),
        (bytes(257) + b"ustar" + bytes(200), "请先解压"),
        (b"PK\x05\x06" + bytes(18), "请先解压"),
        (archive({"readme.txt": b"x"}), "请先解压"),
        (archive({"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<a/>"}), "OFD"),
        (archive({"ppt/presentation.xml": b"<a/>"}), "演示文稿"),
        (b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n", ".mht"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), "不是公文"),
        (b'<?xml version="1.0"?><data>1</data>', "XML 数据"),
    ],
)
def test_what_is_not_read_is_refused_with_what_to_do(content, told):
    assert told in refusal("文件", content)


def test_a_zip_bomb_is_refused_by_its_ratio_within_the_memory_limit():
    bomb = office(word__media__a=bytes(150 << 20))
    assert len(bomb) < 200_000
    assert "压缩比超过 100 倍,疑似压缩炸弹" in refusal("炸弹.docx", bomb)


def test_many_small_parts_are_refused_by_what_they_expand_to():
    tight = replace(LIMITS, expanded_bytes=10 << 20)
    bomb = office(**{f"word__part{number}": bytes(1 << 20) for number in range(12)})
    assert "解压后超过 10 MB 的上限" in refusal("炸弹.docx", bomb, tight)


def test_a_header_that_lies_about_the_size_is_refused():
    honest = office(word__styles=b"a" * 5000)
    lying = honest.replace(struct.pack("<I", 5000), struct.pack("<I", 50))
    assert lying != honest
    assert "登记的大小与实际不符" in refusal("说谎.docx", lying)


def test_a_header_that_understates_a_bomb_does_not_help_it():
    size = 100 << 20
    honest = office(word__media__a=bytes(size))
    lying = honest.replace(struct.pack("<I", size), struct.pack("<I", 10))
    assert lying != honest
    assert "压缩比超过 100 倍" in refusal("说谎.docx", lying)


def test_overlapping_entries_are_refused():
    raw = bytes(1000)
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = machine.compress(raw) + machine.flush()
    sizes = (zlib.crc32(raw), len(packed), len(raw))
    names = [b"word/document.xml", *(b"word/part%04d.xml" % number for number in range(200))]
    local = b"PK\x03\x04" + struct.pack("<5H3I2H", 20, 0, 8, 0, 0, *sizes, len(names[0]), 0)
    local += names[0] + packed * 3
    central = b"".join(
        b"PK\x01\x02"
        + struct.pack("<6H3I5H2I", 20, 20, 0, 8, 0, 0, *sizes, len(name), 0, 0, 0, 0, 0, 0)
        + name
        for name in names
    )
    count = len(names)
    end = struct.pack("<4H2IH", 0, 0, count, count, len(central), len(local), 0)
    far = struct.pack("<I", len(packed))
    bomb = local + central.replace(far, struct.pack("<I", 9000)) + b"PK\x05\x06" + end
    assert "互相重叠" in refusal("重叠.docx", bomb)


def test_a_zip_inside_an_office_file_is_refused():
    inner = archive({"a.txt": b"a"})
    assert "压缩包里还有压缩包" in refusal("套娃.docx", office(**{"word__a.zip": inner}))
    assert "压缩包里还有压缩包" in refusal("套娃.docx", office(word__innocent=inner))


@pytest.mark.parametrize("path", ["../../etc/cron", "/etc/passwd", "C:/windows/a", "word/../../a"])
def test_a_path_that_leaves_the_folder_is_refused(path):
    entries = {"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>", path: b"x"}
    assert "越出目录的路径" in refusal("越界.docx", archive(entries))


def test_too_many_entries_are_refused():
    many = office(**{f"word__{number}": b"" for number in range(6000)})
    assert "超过 2000 个的上限" in refusal("多.docx", many)


def test_an_encrypted_entry_is_refused():
    content = bytearray(office(word__styles=b"a" * 500))
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    assert "已加密" in refusal("加密.docx", bytes(content))


@pytest.mark.parametrize("hostile", [LAUGHS, OUTSIDE, LAUGHS.decode().encode("utf-16")])
@pytest.mark.parametrize("part", ["word/document.xml", "word/_rels/document.xml.rels"])
def test_entities_in_a_word_document_are_refused(hostile, part):
    entries = {"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>", part: hostile}
    assert "带有实体定义(DTD)" in refusal("笑.docx", archive(entries))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"]
)
def test_entities_in_a_workbook_are_refused(part):
    assert "带有实体定义(DTD)" in refusal("笑.xlsx", workbook_with(part, LAUGHS))


def test_xml_nested_too_deep_is_refused():
    deep = b"<a>" * 5000 + b"</a>" * 5000
    assert "嵌套超过 200 层" in refusal("深.docx", office(**{"word__styles.xml": deep}))


def test_a_truncated_word_document_is_damaged():
    whole = word()
    for share in (0.3, 0.6, 0.95):
        assert "已损坏" in refusal("断.docx", whole[: int(len(whole) * share)])


def test_a_file_with_two_faces_is_refused():
    assert "同时是 PDF 和压缩包" in refusal("双面.pdf", b"%PDF-1.7\n%%EOF\n" + word())
    assert "同时是 PDF 和压缩包" in refusal(
        "双面.docx", archive({"%PDF-1.7": b"x", "word/document.xml": b"<w/>"}, zipfile.ZIP_STORED)
    )


def test_a_name_cannot_spoil_the_message():
    with pytest.raises(DocumentError) as caught:
        read_file("../../秘\u202e密\n文件" + "长" * 300 + ".txt", b"")
    message = str(caught.value)
    assert "\n" not in message
    assert "\u202e" not in message
    assert ".." not in message
    assert len(message) < 140
