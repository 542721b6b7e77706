"""Charts of values over time, for a terminal and as SVG."""

import xml.etree.ElementTree as ET

from rag.records.part import Point
from rag.records.sparkline import chart, svg

THREE = [Point("2020-01-01", 1.0, "mg/dL"), Point("2020-07-01", 3.0, "mg/dL"), Point("2021-01-01", 2.0, "mg/dL")]


def test_chart_runs_from_first_to_last_day_with_the_range():
    assert chart(THREE) == "2020-01-01 ▁  █  ▅ 2021-01-01  min 1, max 3 mg/dL"


def test_chart_in_ascii_has_only_ascii():
    text = chart(THREE, ascii_only=True)
    assert text == "2020-01-01 _  @  + 2021-01-01  min 1, max 3 mg/dL"
    assert text.isascii()
    assert chart([Point("2020-01-01", 88.4, "µmol/L", "肌酐")], ascii_only=True) == "??  2020-01-01 +  88.4 umol/L"


def test_points_are_placed_by_time_not_by_rank():
    points = [Point("2020-01-01", 1.0), Point("2020-01-02", 2.0), Point("2020-12-31", 3.0)]
    line = chart(points, width=21)
    assert line.startswith("2020-01-01 ▅     █ 2020-12-31")  # the first two share a column; the later one shows


def test_many_points_fit_the_width():
    points = [Point(f"20{10 + i // 12}-{i % 12 + 1:02d}-01", float(i)) for i in range(100)]
    line = chart(points, width=30)
    assert len(line.split(" 2018-04-01")[0]) == len("2010-01-01 ") + 30
    assert line.endswith("min 0, max 99")


def test_series_are_apart_by_name_and_unit():
    points = [Point("2020-01-01", 120.0, "mm[Hg]", "Systolic"), Point("2020-01-01", 80.0, "mm[Hg]", "Diastolic")]
    assert chart(points) == "Systolic  2020-01-01 ▅  120 mm[Hg]\nDiastolic  2020-01-01 ▅  80 mm[Hg]"


def test_flat_undated_and_empty():
    flat = [Point("2020-01-01", 5.0), Point("2021-01-01", 5.0)]
    assert chart(flat) == "2020-01-01 ▅  ▅ 2021-01-01  5"
    assert chart([Point("", 5.0), Point("unknown", 5.0), Point("2020-01-01", float("nan"))]) == ""
    assert chart([]) == svg([]) == ""


def test_times_of_other_zones_keep_their_order():
    points = [Point("2020-01-02T00:30:00+02:00", 2.0), Point("2020-01-01T23:00:00Z", 1.0)]
    assert chart(points).split()[1:3] == ["█", "▁"]


def test_svg_is_well_formed_escaped_and_has_a_point_for_each_value():
    drawn = svg([*THREE, Point("2020-01-01", 1.0, "<script>alert(1)</script>", 'A & "B"')])
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    assert "<script" not in drawn
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}circle")) == 4
    assert len(root.findall(f"{space}polyline")) == 2
    assert 'A & "B" 1 <script>alert(1)</script>' in [t.text for t in root.findall(f"{space}text")]


def test_svg_higher_is_further_up():
    root = ET.fromstring(svg(THREE))  # noqa: S314 - our own
    heights = [float(c.attrib["cy"]) for c in root.iter("{http://www.w3.org/2000/svg}circle")]
    assert heights[1] < heights[2] < heights[0]
