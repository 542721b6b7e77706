"""JATS within a paragraph and within a table: citation marks, exponents, formulas; which header a cell belongs to."""

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from indexer.readers.inline import plain
from indexer.readers.jats_tables import table_lines
from indexer.readers.xml_guard import records


def parsed(folder: Path, text: str) -> Element:
    """The root element of `text`, as the readers get it."""
    path = folder / "element.xml"
    path.write_text(text, encoding="utf-8")
    (element,) = records(path, tags=("p", "table"))
    return element


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("It fell [<xref ref-type='bibr'>1</xref>].", "It fell."),
        ("It fell [<xref ref-type='bibr'>1</xref>,<xref ref-type='bibr'>2</xref>–<xref ref-type='bibr'>4</xref>].",
         "It fell."),
        ("It fell <xref ref-type='bibr'>[1]</xref>, as known.", "It fell, as known."),
        ("It fell.<sup><xref ref-type='bibr'>1</xref>,<xref ref-type='bibr'>2</xref></sup> It rose.",
         "It fell. It rose."),
        ("It fell.<xref ref-type='bibr'><sup>12</sup></xref> It rose.", "It fell. It rose."),
        ("It fell<sup><xref ref-type='bibr'>8</xref>–10</sup> in 20<sup>3</sup>.", "It fell in 20^3."),
        ("It fell (reviewed in <xref ref-type='bibr'>7</xref>).", "It fell."),
        ("It fell (see <xref ref-type='fig'>Fig. 2</xref> and <xref ref-type='table'>Table 1</xref>).",
         "It fell (see Fig. 2 and Table 1)."),
        ("It fell (<xref ref-type='bibr'>Smith et al., 2005</xref>).", "It fell (Smith et al., 2005)."),
        ("Smith (<xref ref-type='bibr'>2005</xref>) saw it.", "Smith (2005) saw it."),
        ("See ref. <xref ref-type='bibr'>12</xref> for more.", "See ref. 12 for more."),
        ("Median 3 [1–4] days in (12) men.", "Median 3 [1–4] days in (12) men."),
        ("Risk<xref ref-type='fn'>*</xref> fell.", "Risk fell."),
        ("Adults.<sup>12,13</sup> Children.", "Adults. Children."),
        ("p value<sup>a</sup> of 10<sup>−9</sup> m<sup>2</sup>, CD4<sup>+</sup>", "p value^a of 10^−9 m2, CD4^+"),
        ("A <inline-formula><alternatives><tex-math>\\documentclass{minimal}\\begin{document}$$x$$\\end{document}"
         "</tex-math><mml:math><mml:mfrac><mml:mi>a</mml:mi><mml:mrow><mml:mi>b</mml:mi><mml:mo>+</mml:mo>"
         "<mml:mn>1</mml:mn></mml:mrow></mml:mfrac></mml:math></alternatives></inline-formula> B", "A a/(b + 1) B"),
        ("A <inline-formula><tex-math>\\begin{document}$$x_1 = 2$$\\end{document}</tex-math></inline-formula>.",
         "A x_1 = 2."),
        ("A <inline-formula>n = <mml:math><mml:mn>5</mml:mn></mml:math> or <mml:math><mml:mi>x</mml:mi></mml:math>"
         "</inline-formula>.<disp-formula><label>(1)</label><mml:math><mml:msup><mml:mi>x</mml:mi><mml:mo>′</mml:mo>"
         "</mml:msup><mml:mo>=</mml:mo><mml:msqrt><mml:mn>2</mml:mn></mml:msqrt></mml:math></disp-formula>",
         "A n = 5 or x. x′ = √(2)"),
        ("A<fn><p>A note.</p></fn> and<break/>B <ext-link>http://a.org</ext-link>", "A and B http://a.org"),
    ],
)  # fmt: skip
def test_inline(markup: str, expected: str, tmp_path: Path) -> None:
    element = parsed(tmp_path, f"<p xmlns:mml='m'>{markup}</p>")
    assert plain(element) == expected


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("<thead><tr><th>Arm</th><th>Died, n (%)</th></tr></thead><tbody><tr><td>Drug</td><td>3 (1)</td></tr>"
         "<tr><td/><td/></tr><tr><td>Placebo</td><td>9 (3)</td></tr></tbody>",
         ["Arm: Drug; Died, n (%): 3 (1)", "Arm: Placebo; Died, n (%): 9 (3)"]),
        ("<thead><tr><th rowspan='2'/><th colspan='2'>Drug</th><th rowspan='2'>P</th></tr><tr><th>Before</th>"
         "<th>(after)</th></tr></thead><tbody><tr><td>Pain</td><td>7</td><td>3</td><td>.01</td></tr>"
         "<tr><td>Sleep</td><td colspan='2'>same</td><td>.9</td></tr></tbody>",
         ["Pain; Drug, Before: 7; Drug (after): 3; P: .01",
          "Sleep; Drug, Before / Drug (after): same; P: .9"]),
        ("<thead><tr><th>Group</th><th>Day</th><th>n</th></tr></thead><tbody><tr><td rowspan='2'>Men</td><td>1</td>"
         "<td>5</td></tr><tr><td>2</td><td>4</td></tr><tr><td colspan='3'>Women</td></tr><tr><td>All</td><td>1</td>"
         "<td>6</td></tr></tbody>",
         ["Group: Men; Day: 1; n: 5", "Group: Men; Day: 2; n: 4", "Women", "Group: All; Day: 1; n: 6"]),
        ("<tr><th>Arm</th><th>n</th></tr><tr><th>Drug</th><td>3</td></tr>", ["Arm: Drug; n: 3"]),
        ("<tr><td>Drug</td><td>3</td></tr><tr><td>Placebo</td><td>9</td></tr>", ["Drug; 3", "Placebo; 9"]),
        ("<thead><tr><th colspan='2'>All patients</th></tr><tr><th>Arm</th><th>n</th></tr></thead><tbody><tr>"
         "<td>Drug</td><td>3<xref ref-type='table-fn'><sup>a</sup></xref></td></tr></tbody>", ["Arm: Drug; n: 3"]),
        # A head without the rowspans that it needs, as some publishers' files have it.
        ("<thead><tr><th/><th colspan='2'>Rate</th><th>P</th></tr><tr><th>Drug</th><th>Placebo</th></tr></thead>"
         "<tbody><tr><td>Death</td><td>1</td><td>2</td><td>.3</td></tr></tbody>",
         ["Death; Rate, Drug: 1; Rate, Placebo: 2; P: .3"]),
        ("<tgroup cols='3'><colspec colname='c1'/><colspec colname='c2'/><colspec colname='c3'/><thead><row>"
         "<entry morerows='1'>Arm</entry><entry namest='c2' nameend='c3'>Died</entry></row><row><entry colname='c2'>"
         "Day 1</entry><entry colname='c3'>Day 2</entry></row></thead><tbody><row><entry>Drug</entry><entry>0</entry>"
         "<entry>1</entry></row></tbody></tgroup>",
         ["Arm: Drug; Died, Day 1: 0; Died, Day 2: 1"]),
    ],
)  # fmt: skip
def test_tables(table: str, lines: list[str], tmp_path: Path) -> None:
    assert list(table_lines(parsed(tmp_path, f"<table>{table}</table>"))) == lines
