"""Text in any encoding, or in none (H4): no crash, and every passage is a slice of its document."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.passages import passages
from indexer.readers.clean import clean, decode
from indexer.readers.text import TextReader

TEXT = "Metformin – 500 mg daily – lowered HbA1c by 1% (“significant”). 二甲双胍可降低血糖。"
PLAIN = "Metformin lowered fasting glucose. It was safe."
CASES = {
    "utf-8": TEXT.encode(), "utf-8-sig": TEXT.encode("utf-8-sig"), "utf-16 with mark": TEXT.encode("utf-16"),
    "utf-16-le with mark": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16-be with mark": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "gb18030": "二甲双胍可降低空腹血糖，并且安全。".encode("gb18030"),
    "gbk": "二甲双胍可降低空腹血糖，并且安全。".encode("gbk"), "utf-16-le without mark": PLAIN.encode("utf-16-le"),
    "utf-16-be without mark": PLAIN.encode("utf-16-be"), "cp1252": "Naïve “patients” – 5 µg".encode("cp1252"),
    "latin-1": "Ménière’s".replace("’", "'").encode("latin-1"), "overlong": b"Text \xc0\xaf\xe0\x80\xaf here and more words.",
    "lone surrogate": b"Text \xed\xa0\x80\xed\xb0\x80 here.", "truncated sequence": "Text 二甲".encode()[:-1],
    "NUL": b"Text\x00with\x00NULs and more of it to read.", "C0": bytes(range(1, 32)) + b" " + PLAIN.encode() * 40,
    "C1": PLAIN.encode("cp1252") + bytes(range(0x80, 0xA0)), "bidi": "Text \u202eesrever\u202c and \u2066more\u2069.".encode(),
    "zero width": "Met\u200bfor\u200dmin\ufeff lowers.".encode(), "tags": "Text\U000e0041\U000e0042\U000e007f.".encode(),
    "variation selectors": "Text\ufe0f\U000e0100 here.".encode(), "private use": "Text \ue000\uf8ff here.".encode(),
    "noncharacters": "Text \ufffe\uffff here.".encode("utf-8", "surrogatepass"), "combining": ("e\u0301" * 500 + " text.").encode(),
    "zalgo": ("a" + "\u0300" * 5000 + " text.").encode(), "CR only": b"One line.\rAnother.\rThird.", "CRLF": b"One.\r\n\r\nTwo.",
    "NEL": "One.\u0085Two.".encode(), "line separator": "One.\u2028Two.\u2029Three.".encode(), "vertical tab": b"One.\x0bTwo.\x0cThree.",
    "nbsp": "5\u00a0mg\u202fdaily".encode(), "soft hyphen": "meta\u00adanalysis".encode(), "emoji": "Safe 👍🏽 and 👩‍⚕️.".encode(),
    "astral CJK": "患者𠀀𠀁用药。".encode(), "fullwidth": "ＨｂＡ１ｃ　５０％".encode(), "arabic": "مرحبا بالعالم.".encode(),
    "thai": "ผู้ป่วยได้รับยา".encode(), "only controls": b"\x01\x02\x03", "one byte": b"\xff", "half a mark": b"\xef\xbb",
    "utf-7": b"+AGg- text", "ebcdic": PLAIN.encode("cp500"), "shift-jis": "患者は薬を飲んだ。".encode("shift-jis"),
    "big5": "患者服用藥物。".encode("big5"), "koi8-r": "Пациенты принимали".encode("koi8-r"),
}  # fmt: skip


def read(path, data):
    """The documents, or the reason code of the refusal; anything else is a failure of the reader."""
    path.write_bytes(data)
    try:
        (document,) = TextReader().read(path)
    except ReadError as error:
        return error.reason
    for p in passages(document):
        assert p.text == document.text[p.start : p.end]
    assert clean(document.text) == document.text
    return document


@pytest.mark.parametrize("suffix", [".md", ".txt"])
@pytest.mark.parametrize("case", CASES)
def test_encodings(tmp_path, case, suffix):
    found = read(tmp_path / f"a{suffix}", CASES[case])
    assert found in ("empty", "binary") if isinstance(found, str) else found.text


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("utf-8", TEXT), ("utf-8-sig", TEXT), ("utf-16 with mark", TEXT), ("utf-16-le with mark", TEXT), ("utf-16-be with mark", TEXT),
        ("gb18030", "二甲双胍可降低空腹血糖，并且安全。"), ("gbk", "二甲双胍可降低空腹血糖，并且安全。"), ("utf-16-le without mark", PLAIN),
        ("utf-16-be without mark", PLAIN), ("cp1252", "Naïve “patients” – 5 µg"), ("zero width", "Metformin lowers."), ("nbsp", "5 mg daily"),
        ("soft hyphen", "metaanalysis"), ("CR only", "One line.\nAnother.\nThird."),
    ],
)  # fmt: skip
def test_decoded_as_it_was_meant(case, words):
    assert decode(CASES[case]) == words


@settings(deadline=None, max_examples=150)
@given(data=st.binary(max_size=400))
def test_any_bytes(tmp_path_factory, data):
    read(tmp_path_factory.getbasetemp() / "any.md", data)


@settings(deadline=None, max_examples=150)
@given(text=st.text(max_size=300))
def test_any_text(tmp_path_factory, text):
    read(tmp_path_factory.getbasetemp() / "any.txt", text.encode("utf-8", "surrogatepass"))
