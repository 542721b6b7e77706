"""A page as Markdown, HTML, Word and JSON: what it says is all there, and what is data stays data."""

import io
import json
import zipfile
from xml.etree import ElementTree

import pytest

from indexer.errors import ConfigError
from rag.records.part import Cited
from rag.tasks.page import Heading, Page, Paragraph, Picture, Points, Reference, Table, Text
from rag.tasks.report.docx import docx
from rag.tasks.report.drawing import clean_svg
from rag.tasks.report.html import POLICY, html
from rag.tasks.report.jsonpage import page_json
from rag.tasks.report.links import web
from rag.tasks.report.markdown import escaped, markdown
from rag.tasks.report.writing import checked, rendered, save
from scripts.eval_reports import poisoned
from scripts.report_payloads import active, payloads

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="94" viewBox="0 0 320 94"><polyline points="1,2 3,4" fill="none" stroke="currentColor"/><text x="6" y="12">Creatinine</text></svg>'
PAGE = Page(
    "Evidence: statins", "en",
    (
        Heading("Findings"), Paragraph((Text("Fewer died.", ("1",)), Text("It is safe.", ("1", "2")))),
        Points((Text("One point", ("2",)),)),
        Table(("study", "effect"), ((Text("A 2001"), Text("RR 0.9 (0.8-1.0)", ("1",))),), "Table 1"),
        Heading("Trend", 2), Picture(SVG, "Creatinine over time"),
    ),
    (Reference("1", "A. Journal 2001", "Fewer died (RR 0.9).", "https://doi.org/10.1/x?a=1&b=2"), Reference("2", "B. Journal 2002")),
    ("A reading aid.",),
)  # fmt: skip


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {n: archive.read(n) for n in archive.namelist()}


def test_markdown_says_everything_in_order():
    text = markdown(PAGE)
    assert text.startswith(
        "# Evidence: statins\n\n> A reading aid.\n\n## Findings\n\nFewer died. [1] It is safe. [1] [2]\n"
    )
    assert "- One point [2]\n" in text
    assert "**Table 1**\n\n| study | effect |\n| --- | --- |\n| A 2001 | RR 0.9 (0.8-1.0) [1] |\n" in text
    assert "### Trend\n\n*Creatinine over time*\n" in text
    assert text.endswith(
        "## References\n\n- [1] A. Journal 2001 “Fewer died (RR 0.9).” <https://doi.org/10.1/x?a=1&b=2>\n"
        "- [2] B. Journal 2002\n"
    )


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("Creatinine [Mass/volume] in Blood: 39.16 fL <5", "Creatinine [Mass/volume] in Blood: 39.16 fL <5"),
        ("[x](javascript:alert(1))", r"[x\](javascript\:alert(1))"),
        ("[1]: http://evil", r"[1\]: http\://evil"),
        ("<script>", r"\<script>"),
        ("a | b *c* `d`", r"a \| b \*c\* \`d\`"),
        ("# title", r"\# title"),
        ("1. one\nline", r"1\. one line"),
        ("file_name _x_", r"file_name \_x\_"),
    ],
)
def test_markdown_shows_data_as_it_stands(data, shown):
    assert escaped(data) == shown


def test_html_needs_nothing_and_forbids_everything():
    page = html(PAGE)
    assert f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">' in page
    assert POLICY.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in POLICY
    assert active(page, links=["https://doi.org/10.1/x?a=1&b=2"]) == []
    assert '<p>Fewer died.<sup><a href="#c1">[1]</a></sup> It is safe.' in page
    assert '<li id="c1">[1] A. Journal 2001 <q>Fewer died (RR 0.9).</q>' in page
    assert 'viewBox="0 0 320 94"' in page
    assert html(PAGE) == page


def test_200_payloads_in_every_place_of_a_page_stay_text():
    assert len(set(payloads())) == 200
    for payload in payloads():
        page = html(poisoned(payload))
        assert active(page, links=[f"https://x.example/{payload}"]) == [], payload
        assert "default-src 'none'" in page


def test_the_finder_finds_what_acts():
    assert active("<p onclick=x>") == ["p onclick="]
    assert active("<script>") == ["<script>"]
    assert active('<a href="javascript:x">') == ["a href=javascript:x"]
    assert active('<svg fill="url(//x)">') == ["svg fill=url(//x)"]


def test_word_files_have_all_their_parts():
    files = parts(docx(PAGE))
    for name, data in files.items():
        if name.endswith((".xml", ".rels", ".svg")):
            ElementTree.fromstring(data)  # noqa: S314 - made by us
    types = ElementTree.fromstring(files["[Content_Types].xml"])  # noqa: S314
    known = {t.get("PartName", "").lstrip("/") for t in types} | {t.get("Extension") for t in types}
    assert all(n in known or n.rpartition(".")[2] in known for n in files)
    relations = ElementTree.fromstring(files["word/_rels/document.xml.rels"])  # noqa: S314
    targets = {r.get("Id"): r for r in relations}
    assert all(r.get("TargetMode") == "External" or f"word/{r.get('Target')}" in files for r in relations)
    body = ElementTree.fromstring(files["word/document.xml"])  # noqa: S314
    used = [v for e in body.iter() for k, v in e.attrib.items() if k.startswith(R)]
    assert set(used) <= set(targets)
    link = next(e for e in body.iter(f"{W}hyperlink") if e.get(f"{R}id"))
    assert targets[link.get(f"{R}id")].get("Target") == "https://doi.org/10.1/x?a=1&b=2"
    marks = {e.get(f"{W}name") for e in body.iter(f"{W}bookmarkStart")}
    assert {e.get(f"{W}anchor") for e in body.iter(f"{W}hyperlink") if e.get(f"{W}anchor")} <= marks == {"ref1", "ref2"}
    styles = {e.get(f"{W}styleId") for e in ElementTree.fromstring(files["word/styles.xml"]).iter(f"{W}style")}  # noqa: S314
    assert {e.get(f"{W}val") for e in body.iter() if e.tag in (f"{W}pStyle", f"{W}rStyle")} <= styles
    text = "".join(t.text or "" for t in body.iter(f"{W}t"))
    assert "Fewer died. [1] It is safe. [1] [2]One point [2]Table 1studyeffectA 2001RR 0.9 (0.8-1.0) [1]Trend" in text
    assert "PAGE" in files["word/footer1.xml"].decode()


def test_word_files_are_the_same_bytes_and_survive_any_data():
    assert docx(PAGE) == docx(PAGE)
    for payload in (*payloads()[::7], "\ufffe\uffff\x00\x1b\ud800", "a\nb"):
        for name, data in parts(docx(poisoned(payload))).items():
            if name.endswith((".xml", ".rels", ".svg")):
                ElementTree.fromstring(data)  # noqa: S314


def test_drawings_keep_their_shapes_alone():
    assert clean_svg(SVG) == SVG.replace("/>", "></polyline>") or "<polyline" in clean_svg(SVG)
    dirty = '<svg width="5" onload="x"><g><script>bad()</script><rect x="1" fill="url(#a)" style="x"/></g><a href="//x"><text>t</text></a></svg><p>after'
    assert clean_svg(dirty) == '<svg xmlns="http://www.w3.org/2000/svg" width="5"><g><rect x="1"/></g></svg>'
    assert clean_svg("no drawing") == ""
    assert (
        clean_svg("<svg><text>a &lt;b&gt;") == '<svg xmlns="http://www.w3.org/2000/svg"><text>a &lt;b&gt;</text></svg>'
    )


def test_json_has_a_version_and_every_block():
    cited = [Cited(1, "fhir:Observation/o", "2021-01-02", "d", 3, 9, "quote"), Cited(2, "note:1", "", "n", 0, 1, "q")]
    found = page_json(PAGE, cited=cited)
    assert (found["format"], found["version"]) == ("anamnesis report", 1)
    assert [b["type"] for b in found["blocks"]] == ["heading", "paragraph", "points", "table", "heading", "picture"]
    assert found["blocks"][3]["rows"] == [
        [{"text": "A 2001", "cites": []}, {"text": "RR 0.9 (0.8-1.0)", "cites": ["1"]}]
    ]
    assert found["citations"][0] == {
        "label": "1", "resource": "fhir:Observation/o", "time": "2021-01-02", "document": "d", "start": 3, "end": 9, "quote": "quote"
    }  # fmt: skip
    assert json.loads(rendered(PAGE, ".json"))["references"][0]["link"] == "https://doi.org/10.1/x?a=1&b=2"


def test_files_say_their_format_and_are_not_overwritten(tmp_path):
    file = tmp_path / "a.html"
    checked(file, replace=False)
    save(rendered(PAGE, ".HTML"), file, private=True)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text("utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(ConfigError, match="--replace"):
        checked(file, replace=False)
    checked(file, replace=True)
    with pytest.raises(ConfigError, match=r"\.md, \.html, \.docx, \.json"):
        checked(tmp_path / "a.pdf", replace=False)
    with pytest.raises(ConfigError, match="no such folder"):
        checked(tmp_path / "none" / "a.md", replace=False)
    with pytest.raises(ConfigError, match="expected one of"):
        rendered(PAGE, ".pdf")


def test_chinese_pages():
    page = Page("证据", "zh", (Paragraph((Text("甲。", ("1",)), Text("乙。"))),), (Reference("1", "来源"),))
    assert "甲。 [1]乙。" in markdown(page)
    assert '<html lang="zh-CN">' in html(page)
    assert "参考来源" in parts(docx(page))["word/document.xml"].decode()


def test_links_go_to_the_web_alone():
    assert web("https://a.example/x?y=1") == "https://a.example/x?y=1"
    assert [
        web(x) for x in ("javascript:x", "//a", 'https://a"b', "https://a b", "file:///etc", None, "https://a'b")
    ] == [None] * 7
