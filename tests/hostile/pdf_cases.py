"""Hostile PDF files: bombs, cycles, lies about sizes, truncations, and mutations of good files, made from a seed."""

from __future__ import annotations

import functools
import io
import random
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pypdf import PdfReader, PdfWriter

from tests.typeset import Article, Style, by_frames

MB = 1 << 20
PLAIN = b"BT /F1 12 Tf 72 700 Td (Aspirin lowered the risk of stroke in this trial.) Tj ET"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf(objects: dict[int, bytes], *, trailer: bytes = b"", root: bytes = b"1 0 R", table: bool = True) -> bytes:
    """A PDF of numbered objects with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start, size = len(out), max(objects) + 1
    if table:
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size
        for number in range(1, size):
            out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer\n<< /Size %d /Root %s %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, start)
    return bytes(out)


def stream(data: bytes, extra: bytes = b"", *, length: int | None = None) -> bytes:
    """A stream object around data that is encoded already."""
    return b"<< /Length %d %s >>\nstream\n" % (len(data) if length is None else length, extra) + data + b"\nendstream"


def book(content: bytes, *, page: bytes = PAGE, font: bytes = FONT, more: dict[int, bytes] | None = None) -> bytes:
    """A file of one page with this content stream object."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page, 4: content, 5: font, **(more or {}),
    }  # fmt: skip
    return pdf(objects)


@functools.cache
def good() -> bytes:
    """A small article in two columns, as platypus sets it."""
    text = "Patients were randomly assigned to aspirin or placebo and followed for five years in forty hospitals. " * 6
    article = Article("Aspirin for the prevention of stroke", (("heading", "Methods"), ("text", text)) * 3)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "good.pdf"
        by_frames(article, into=path, style=Style(columns=2))
        return path.read_bytes()


def _flate_bomb(layers: int) -> bytes:
    data = zlib.compress(b" " * (64 * MB), 9)
    for _ in range(layers - 1):
        data = zlib.compress(data * 20, 9)
    return book(stream(data, b"/Filter [" + b"/FlateDecode " * layers + b"]"))


def _lzw_bomb() -> bytes:
    """Each code stands for a run one longer than the one before: 5 KB give 7 MB, and that thirty times."""
    codes = [(256, 9), (32, 9)] + [(code, (code + 1).bit_length()) for code in range(258, 4_094)]
    bits = "".join(f"{code:0{max(width, 9)}b}" for code, width in codes) * 30
    packed = int(bits, 2).to_bytes(len(bits) // 8 + 1, "big")
    return book(stream(packed, b"/Filter /LZWDecode"))


def _cmap_bomb(ranges: int, width: int) -> bytes:
    lines = b"".join(b"<%04x> <%04x> <0041>\n" % (0, width) for _ in range(ranges))
    cmap = b"/CMapName /X def 1 begincodespacerange <0000> <ffff> endcodespacerange\n%d beginbfrange\n" % ranges
    more = {6: stream(zlib.compress(cmap + lines + b"endbfrange"), b"/Filter /FlateDecode")}
    return book(stream(PLAIN), font=FONT[:-2] + b"/ToUnicode 6 0 R >>", more=more)


def _kids_cycle() -> bytes:
    return pdf({
        1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 9 >>",
        3: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 9 >>",
    })  # fmt: skip


def _wide_tree() -> bytes:
    """Each level names the next one twenty times: 20 to the tenth pages."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for level in range(2, 12):
        objects[level] = b"<< /Type /Pages /Count 99999999 /Kids [" + b"%d 0 R " % (level + 1) * 20 + b"] >>"
    objects[12] = PAGE
    objects |= {4 + 20: stream(PLAIN), 5 + 20: FONT}
    return pdf(objects)


def _prev_cycle() -> bytes:
    data = pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"})
    start = data.index(b"xref\n0")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def _form_cycle(copies: int) -> bytes:
    form = b"<< /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    inner = b"/X Do " * copies
    page = PAGE[:-6] + b"/XObject << /X 6 0 R >> >> >>"
    more = {6: form + b" /Length %d >>\nstream\n" % len(inner) + inner + b"\nendstream"}
    return book(stream(PLAIN + b" /X Do"), page=page, more=more)


def _object_stream_of_itself() -> bytes:
    body = b"6 0 << /Type /Pages /Kids [] /Count 0 >>"
    extra = b"/Type /ObjStm /N 99999999 /First 4 /Extends 6 0 R"
    return pdf({1: b"<< /Type /Catalog /Pages 6 0 R >>", 6: stream(body, extra)})


def _encrypted(user: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(good())))
    writer.encrypt(user, "owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


CASES: dict[str, Callable[[], bytes]] = {
    "flate bomb": lambda: _flate_bomb(1),
    "flate bomb in layers": lambda: _flate_bomb(3),
    "filters without end": lambda: book(stream(b"x", b"/Filter [" + b"/ASCIIHexDecode " * 5_000 + b"]")),
    "lzw bomb": _lzw_bomb,
    "run length bomb": lambda: book(stream(b"\x81 " * (4 * MB) + b"\x80", b"/Filter /RunLengthDecode")),
    "predictor of huge rows": lambda: book(stream(
        zlib.compress(b"x" * MB), b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 999999999 >>")),
    "cmap of huge ranges": lambda: _cmap_bomb(50, 0xFFFF),
    "cmap of many ranges": lambda: _cmap_bomb(200_000, 0),
    "pages in a cycle": _kids_cycle,
    "pages without number": _wide_tree,
    "cross-references in a cycle": _prev_cycle,
    "forms in a cycle": lambda: _form_cycle(1),
    "forms in a wide cycle": lambda: _form_cycle(3_000),
    "object stream of itself": _object_stream_of_itself,
    "object that is itself": lambda: pdf({1: b"1 0 R", 2: b"<< /Kids 2 0 R >>"}),
    "parent in a cycle": lambda: book(stream(PLAIN), page=PAGE.replace(b"/Parent 2 0 R", b"/Parent 3 0 R")),
    "huge Length": lambda: book(stream(PLAIN, length=2**40)),
    "negative Length": lambda: book(stream(PLAIN, length=-5)),
    "Length of itself": lambda: book(stream(PLAIN).replace(b"/Length 76", b"/Length 4 0 R")),
    "huge Size": lambda: book(stream(PLAIN)).replace(b"/Size 6", b"/Size 4294967295"),
    "huge cross-reference section": lambda: book(stream(PLAIN)).replace(b"xref\n0 6", b"xref\n0 4000000000"),
    "huge Count": lambda: book(stream(PLAIN)).replace(b"/Count 1", b"/Count 2147483647"),
    "huge media box": lambda: book(stream(PLAIN), page=PAGE.replace(b"612 792", b"1e300 -1e300")),
    "media box of names": lambda: book(stream(PLAIN), page=PAGE.replace(b"612 792", b"/a (b)")),
    "no end of file": lambda: good()[:-40],
    "no cross-references": lambda: pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<<>>"}, table=False),
    "no pages": lambda: pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}),
    "no root": lambda: pdf({1: b"<<>>"}, root=b"null"),
    "empty file": lambda: b"",
    "only a header": lambda: b"%PDF-1.7\n",
    "zeros": lambda: b"%PDF-1.7\n" + bytes(8 * MB),
    "not a pdf": lambda: b"<html>" + b"<p>text</p>" * 1000,
    "inline image without end": lambda: book(stream(b"BI /W 9 /H 9 ID " + bytes(range(256)) * 4_000)),
    "inline images that never end": lambda: book(stream(b"BI ID " * 300_000)),
    "arrays nested deep": lambda: book(stream(b"[" * 500_000 + PLAIN)),
    "arrays nested deep in an object": lambda: pdf({1: b"[" * 200_000, 2: b"<< >>"}),
    "dictionaries nested deep": lambda: pdf({1: b"<< /A " * 100_000 + b">>" * 100_000}),
    "parentheses nested deep": lambda: book(stream(b"(" * 500_000)),
    "string without end": lambda: book(stream(b"(" + b"a\\" * 500_000)),
    "comments only": lambda: book(stream(b"%\n" * MB)),
    "states without end": lambda: book(stream(b"q " * MB + PLAIN)),
    "many tiny strings": lambda: book(stream(
        zlib.compress(b"BT /F1 9 Tf" + b" (a) Tj 3 1 Td" * 200_000), b"/Filter /FlateDecode")),
    "many columns of digits": lambda: book(stream(zlib.compress(
        b"BT /F1 4 Tf " + b"".join(b"1 0 0 1 %d %d Tm (7) Tj " % (9 * (i % 60), 4 * (i // 60)) for i in range(12_000))),
        b"/Filter /FlateDecode")),
    "numbers out of range": lambda: book(stream(b"BT /F1 1e309 Tf 9" + b"9" * 400 + b" 0 Td (a) Tj 1 0 0 1 1e308 1e308 cm"
                                                b" 1e308 0 0 1e308 0 0 cm (b) Tj ET")),
    "operators without operands": lambda: book(stream(b"BT Tf Td Tm Tj TJ cm Do Q Q Q ' \" re l " * 500 + b"ET")),
    "widths that are no list": lambda: book(stream(PLAIN), font=FONT[:-2] + b"/Widths /X /FirstChar (a) >>"),
    "font of itself": lambda: book(stream(PLAIN), font=FONT[:-2] + b"/Encoding 5 0 R /FontDescriptor 5 0 R >>"),
    "encrypted": lambda: _encrypted("secret"),
    "encrypted for its owner only": lambda: _encrypted(""),
    "encryption that is none": lambda: pdf(
        {1: b"<< /Type /Catalog >>"}, trailer=b"/Encrypt << /Filter /X /V 99 >> /ID [<00> <00>]"),
}  # fmt: skip


def hostile_pdfs(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes): every case above, then truncations and mutations of good files up to `count`."""
    for number, (name, make) in enumerate(CASES.items()):
        if number < count:
            yield name, make()
    random_ = random.Random(seed)
    seeds = [good(), _encrypted(""), book(stream(PLAIN)), _form_cycle(1)]
    for number in range(len(CASES), count):
        data = random_.choice(seeds)
        if number % 4 == 0:
            yield f"truncated {number}", data[: random_.randrange(len(data))]
        else:
            yield f"mutated {number}", _mutated(data, random_)


def _mutated(data: bytes, random_: random.Random) -> bytes:
    """`data` with a few bytes changed, taken out, doubled, or numbers replaced by large ones."""
    changed = bytearray(data)
    for _ in range(random_.choice((1, 3, 10, 100))):
        at, how = random_.randrange(len(changed)), random_.randrange(5)
        if how == 0:
            changed[at] = random_.randrange(256)
        elif how == 1:
            del changed[at : at + random_.randrange(1, 40)]
        elif how == 2:
            changed[at:at] = changed[at : at + random_.randrange(1, 400)]
        elif how == 3:
            changed[at] ^= 1 << random_.randrange(8)
        else:
            digits = next((i for i in range(at, len(changed)) if 48 <= changed[i] < 58), at)
            changed[digits : digits + 1] = random_.choice((b"99999999", b"-1", b"0", b"4294967296"))
    return bytes(changed)
