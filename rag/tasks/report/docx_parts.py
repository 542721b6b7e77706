"""The parts of a Word file that do not depend on a report's blocks: package, styles, numbering, footer, drawing frame.

Decides the look and the page (A4). Element order follows the schemas of ECMA-376, part 1. All inputs are escaped by
the caller. Knows nothing of pages.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence

from rag.tasks.report.wording import word

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NS = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
TEXT_WIDTH = 9638  # twentieths of a point between A4's margins of 20 mm
_EMU = 9525  # English Metric Units of a pixel at 96 dpi
_WIDEST = 6_000_000
_SIZE = re.compile(r'\b(width|height)="(\d{1,5})(?:\.\d{0,6})?(?:px)?"')

ROOT_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_REL}"><Relationship Id="rId1" Type="{_R}/officeDocument" '
    'Target="word/document.xml"/><Relationship Id="rId2" '
    'Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" '
    f'Target="docProps/core.xml"/><Relationship Id="rId3" Type="{_R}/extended-properties" '
    'Target="docProps/app.xml"/></Relationships>'
)
APP = (
    f'{_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Anamnesis</Application></Properties>"
)
SETTINGS = (
    f'{_HEAD}<w:settings xmlns:w="{_W}"><w:defaultTabStop w:val="720"/><w:compat><w:compatSetting '
    'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
)
NUMBERING = (
    f'{_HEAD}<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="360" w:hanging="260"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
_EDGES = "".join(
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
)
TABLE_LOOK = (
    f'<w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:tblBorders>{_EDGES}</w:tblBorders>'
    '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
    'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
)


def content_types(drawings: bool) -> str:
    """`[Content_Types].xml`. drawings: whether there are pictures."""
    media = '<Default Extension="png" ContentType="image/png"/><Default Extension="svg" ContentType="image/svg+xml"/>'
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in (
            ("document", "document.main"), ("styles", "styles"), ("numbering", "numbering"),
            ("settings", "settings"), ("footer1", "footer"),
        )
    )  # fmt: skip
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{media if drawings else ""}{overrides}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override '
        'PartName="/docProps/app.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
    )


def relations(links: Sequence[str], drawings: int) -> str:
    """The relationships of the main part: fixed ones, addresses linked to (`rLink1`, …), pictures (`rDraw1`, …)."""
    made = [
        _relation(f"rId{n}", kind, f"{name}.xml")
        for n, (kind, name) in enumerate(
            (("styles", "styles"), ("numbering", "numbering"), ("settings", "settings"), ("footer", "footer1")), start=1
        )
    ]
    made += [
        _relation(f"rLink{n}", "hyperlink", link.replace("&", "&amp;"), mode=' TargetMode="External"')
        for n, link in enumerate(links, start=1)
    ]
    made += [_relation("rBlank", "image", "media/blank.png")] if drawings else []
    made += [_relation(f"rDraw{n}", "image", f"media/drawing{n}.svg") for n in range(1, drawings + 1)]
    return f'{_HEAD}<Relationships xmlns="{_REL}">{"".join(made)}</Relationships>'


def _relation(id: str, kind: str, target: str, *, mode: str = "") -> str:
    return f'<Relationship Id="{id}" Type="{_R}/{kind}" Target="{target}"{mode}/>'


def core(title: str, language: str) -> str:
    """`docProps/core.xml`, without a time: the same page gives the same bytes."""
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:creator>Anamnesis</dc:creator>'
        f"<dc:language>{'zh-CN' if language == 'zh' else 'en-US'}</dc:language></cp:coreProperties>"
    )


def document(body: str) -> str:
    """The main part around its paragraphs and tables: A4, margins of 20 mm, the footer."""
    return (
        f"{_HEAD}<w:document {_NS}><w:body>{body}<w:sectPr>"
        '<w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" '
        'w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def footer(notice: str, language: str) -> str:
    """What stands under every page: the notice, and the page's number."""
    texts = [f"{notice}  {word('page', language)} ", _field("PAGE"), f" {word('of', language)} ", _field("NUMPAGES")]
    texts.append(f" {word('pages', language)}".rstrip())
    runs = "".join(t if t.startswith("<") else f'<w:r><w:t xml:space="preserve">{t}</w:t></w:r>' for t in texts if t)
    return f'{_HEAD}<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{runs}</w:p></w:ftr>'


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def styles(language: str) -> str:
    """`word/styles.xml`."""
    lang = "zh-CN" if language == "zh" else "en-US"
    made = [
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="SimSun" '
        f'w:cs="Calibri"/><w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="{lang}" w:eastAsia="zh-CN"/></w:rPr>'
        '</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="100" w:line="264" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>",
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>',
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>',
        _style("Title", "Title", paragraph='<w:spacing w:after="160"/>', run='<w:b/><w:sz w:val="36"/>'),
    ]
    for level, size in enumerate((28, 25, 23, 21), start=1):
        look = f'<w:keepNext/><w:spacing w:before="220" w:after="80"/><w:outlineLvl w:val="{level - 1}"/>'
        made.append(_style(f"Heading{level}", f"heading {level}", paragraph=look, run=f'<w:b/><w:sz w:val="{size}"/>'))
    made += [
        _style("Notice", "Notice", paragraph='<w:pBdr><w:left w:val="single" w:sz="24" w:space="6" w:color="B35C00"/>'
               "</w:pBdr>", run="<w:i/>"),
        _style("ListBullet", "List Bullet", paragraph='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
               '<w:spacing w:after="40"/>'),
        _style("TableText", "Table Text", paragraph='<w:spacing w:before="20" w:after="20"/>',
               run='<w:sz w:val="19"/>'),
        _style("Caption", "caption", paragraph='<w:spacing w:after="60"/>', run='<w:i/><w:sz w:val="18"/>'),
        _style("Reference", "Reference", paragraph='<w:spacing w:after="40"/>', run='<w:sz w:val="18"/>'),
        _style("Footer", "footer", run='<w:color w:val="555555"/><w:sz w:val="16"/>'),
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr>'
        '<w:color w:val="0B4F9E"/><w:u w:val="single"/></w:rPr></w:style>',
        '<w:style w:type="character" w:customStyle="1" w:styleId="Label"><w:name w:val="Label"/><w:rPr>'
        '<w:color w:val="0B4F9E"/><w:vertAlign w:val="superscript"/></w:rPr></w:style>',
    ]  # fmt: skip
    return f'{_HEAD}<w:styles xmlns:w="{_W}">{"".join(made)}</w:styles>'


def _style(id: str, name: str, *, paragraph: str = "", run: str = "") -> str:
    inner = (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "") + (f"<w:rPr>{run}</w:rPr>" if run else "")
    own = ' w:customStyle="1"' if name in ("Notice", "Table Text", "Reference") else ""
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/>{inner}</w:style>"
    )


def picture(number: int, *, alt: str, svg: str) -> str:
    """A paragraph with the drawing of this number. alt: what it shows, as a quoted attribute."""
    size = {name: int(value) for name, value in _SIZE.findall(svg[: svg.find(">")])}
    wide, tall = size.get("width", 640) * _EMU, size.get("height", 400) * _EMU
    if wide > _WIDEST:
        wide, tall = _WIDEST, tall * _WIDEST // wide
    wide, tall = max(wide, 1), max(tall, 1)
    named = f'id="{number}" name="Drawing {number}" descr={alt}'
    return (
        f'<w:p><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{tall}"/>'
        f"<wp:docPr {named}/><wp:cNvGraphicFramePr/><a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f"<pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>"
        '<a:blip r:embed="rBlank"><a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip '
        'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
        f'r:embed="rDraw{number}"/></a:ext></a:extLst></a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{tall}"/></a:xfrm><a:prstGeom prst="rect">'
        "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def blank_png() -> bytes:
    """A white picture of one pixel (PNG, ISO/IEC 15948), for programs that cannot show SVG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\xff\xff")) + chunk(
        b"IEND", b""
    )  # fmt: skip
