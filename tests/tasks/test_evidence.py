"""Evidence tables: cells, rows, directions, and the whole report from a small index made here."""

import json
import os
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

import rag
from indexer.errors import ConfigError
from indexer.types import Document, Section, Source
from rag.effect import Effect
from rag.tasks.evidence import evidence_report, page
from rag.tasks.evidence.choose import FEATURES, WEIGHTS, direction_of
from rag.tasks.evidence.results import rows
from rag.tasks.evidence.study import READ, study
from rag.tasks.evidence.types import Cell, Piece, stands
from rag.tasks.page import Heading, Picture, Points, Table

TRIAL = (
    "BACKGROUND: Zolpaxine may lower blood pressure. "
    "METHODS: A total of 412 adults with mild hypertension were randomly assigned to zolpaxine or placebo for 12 weeks. "
    "RESULTS: Stroke was significantly less frequent with zolpaxine than with placebo "
    "(hazard ratio 0.75, 95% CI 0.60 to 0.93, p = 0.009). "
    "Systolic blood pressure was lower in the zolpaxine group than in the placebo group (131 versus 139 mmHg, p < 0.001). "
    "There was no significant difference in headache between the groups (p = 0.44). "
    "CONCLUSION: Zolpaxine lowered blood pressure."
)


def document(text=TRIAL, title="Zolpaxine versus placebo for hypertension: a randomized trial", **fields):
    source = Source("pmid:1", kind="abstract", title=title, design="randomized controlled trial", year=2019)
    return Document(replace(source, **fields), text, (Section("", 0, len(text)),))


def read(text, **fields):
    d = document(text, **fields)
    made = study(d)
    return [(r.outcome.text, r.direction, r.effect.text, r.interval.text) for r in rows(d, made, read=READ)]


def test_a_study_says_its_design_number_people_and_arms_word_by_word():
    d = document()
    s = study(d)
    assert s.design.text == "randomized trial"
    assert s.n.text == "412"
    assert s.population.text == "adults with mild hypertension"
    assert (s.intervention.text, s.comparator.text) == ("Zolpaxine", "placebo")
    for cell in (s.design, s.n, s.population, s.intervention, s.comparator):
        assert stands(cell, d)


def test_each_result_is_a_row_with_its_own_numbers():
    found = read(TRIAL)
    assert ("Stroke", "decreased", "hazard ratio 0.75", "0.60 to 0.93") in found
    assert ("Systolic blood pressure", "decreased", "131 versus 139 mmHg, p < 0.001", "") in found
    assert ("headache", "no difference", "p = 0.44", "") in found
    assert len(found) == 3  # the conclusion repeats one; the background's "may lower" is none


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Mortality was higher in the placebo group than in the zolpaxine group (p = 0.01).", ("Mortality", "decreased")),
        ("Mortality was higher in the zolpaxine group than in the placebo group (p = 0.01).", ("Mortality", "increased")),
        ("Mortality was lower with zolpaxine than with placebo, but this was not significant (p = 0.30).",
         ("Mortality", "unclear")),
        ("Zolpaxine did not reduce mortality compared with placebo.", ("mortality", "no difference")),
        ("Patients given zolpaxine were more likely to develop cough than those given placebo (RR 2.1, 95% CI 1.4-3.2).",
         ("cough", "increased")),
        ("Pain scores were improved with zolpaxine compared with placebo (p = 0.02).", ("Pain scores", "unclear")),
    ],
)  # fmt: skip
def test_directions_are_of_the_intervention_against_the_comparator(sentence, expected):
    found = read(f"METHODS: We randomly assigned 90 adults to zolpaxine or placebo. RESULTS: {sentence}")
    assert [(o, d) for o, d, *_ in found] == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "Blood pressure decreased from baseline in both groups.",  # within groups
        "Smith et al. [12] found that mortality was lower with zolpaxine than with placebo.",  # of others
        "Zolpaxine might reduce mortality compared with placebo.",  # only may be
    ],
)
def test_what_is_no_result_of_this_study_is_no_row(sentence):
    assert read(f"METHODS: We randomly assigned 90 adults to zolpaxine or placebo. RESULTS: {sentence}") == []


def test_a_list_gives_each_member_its_own_bracket():
    found = read(
        "RESULTS: Zolpaxine, compared with placebo, had lower anxiety (p = 0.01), higher nausea (p = 0.02), and lower "
        "fatigue (p = 0.03)."
    )
    assert [(o, d, e) for o, d, e, _ in found] == [
        ("anxiety", "decreased", "p = 0.01"), ("nausea", "increased", "p = 0.02"), ("fatigue", "decreased", "p = 0.03"),
    ]  # fmt: skip


def test_a_years_or_an_age_is_no_number_of_participants():
    s = study(document("METHODS: Patients aged 65 years were seen in 2014. RESULTS: Nothing differed."))
    assert not s.n
    assert (
        study(document("Results. Forty-two women with anaemia were randomized to iron or placebo.")).n.text
        == "Forty-two"
    )


def test_chinese_abstracts_give_number_and_arms():
    text = "方法：选取120例高血压患者，随机分为两组。观察组采用缬沙坦治疗，对照组采用氨氯地平治疗。结果：略。"
    s = study(document(text, title="缬沙坦治疗高血压的随机对照研究"))
    assert s.n.text == "120"
    assert (s.intervention.text, s.comparator.text) == ("缬沙坦治疗", "氨氯地平治疗")


def test_a_cell_that_is_not_in_the_text_does_not_stand():
    d = document()
    assert stands(Cell((Piece("412", TRIAL.index("412"), TRIAL.index("412") + 3),)), d)
    assert not stands(Cell((Piece("413", TRIAL.index("412"), TRIAL.index("412") + 3),)), d)
    assert not stands(Cell((Piece("Meta-Analysis", 0, 13, "record"),)), d)


def test_weights_fit_the_features_and_the_vote_finds_the_direction():
    assert len(WEIGHTS) == len(FEATURES) + 1
    up = direction_of(document(), Effect("zolpaxine", "placebo", "systolic blood pressure"))
    assert up.direction == "decreased"
    assert sum(up.votes) == pytest.approx(1, abs=1e-4)
    assert "Systolic" in TRIAL[up.sentence.start : up.sentence.end]
    assert direction_of(document(), Effect("zolpaxine", "placebo", "headache")).direction == "no difference"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evidence")
    other = (
        "OBJECTIVE: To see whether zolpaxine protects older people. METHODS: In nine clinics, 230 people over 75 years "
        "were randomized to receive zolpaxine or placebo and seen every month by nurses who did not know the group. "
        "RESULTS: The rate of stroke was not significantly different (hazard ratio 0.81, 95% CI 0.64 to 1.03, p = 0.08). "
        "Dizziness was more common with zolpaxine than with placebo (12% versus 7%, p = 0.02)."
    )
    pulled = (
        "METHODS: Seventy-seven patients were randomized to zolpaxine or placebo in one hospital over two winters. "
        "RESULTS: Strokes fell by half with zolpaxine (hazard ratio 0.50, 95% CI 0.30 to 0.80), and nobody had any harm."
    )
    records = [
        {"id": "pmid:1", "title": "Zolpaxine versus placebo: a randomized trial", "text": TRIAL, "year": 2019,
         "publication_types": ["Randomized Controlled Trial"]},
        {"id": "pmid:2", "title": "Zolpaxine versus placebo in older adults: a randomized trial", "text": other, "year": 2021,
         "publication_types": ["Randomized Controlled Trial"]},
        {"id": "pmid:3", "title": "Zolpaxine versus placebo again", "text": pulled, "year": 2018,
         "publication_types": ["Randomized Controlled Trial", "Retracted Publication"]},
        {"id": "pmid:4", "title": "Gardens", "text": "Roses need water in July. Tulips are planted in autumn.", "year": 2001},
    ]  # fmt: skip
    file = folder / "documents.jsonl"
    file.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    rag.build([file], into=folder / "index")
    with rag.open(folder / "index") as opened:
        yield opened


def test_the_report_holds_the_asked_outcome_its_studies_and_its_limits(library):
    report = evidence_report(library, "Does zolpaxine reduce stroke?")
    assert {r.study.source.id for r in report.rows} == {"pmid:1", "pmid:2"}
    assert {(r.study.source.id, r.outcome.text, r.direction) for r in report.rows} == {
        ("pmid:1", "Stroke", "decreased"), ("pmid:2", "rate of stroke", "no difference"),
    }  # fmt: skip
    assert report.left_out == ("pmid:3",)
    assert any("pmid:3" in limit for limit in report.limits)
    assert "pmid:4" not in {s.source.id for s in report.studies}
    for r in report.rows:
        text = library.index.catalogue.document(r.study.source.id).text
        for p in (*r.outcome.pieces, *r.effect.pieces, *r.interval.pieces, r.sentence):
            assert text[p.start : p.end] == p.quote


def test_comparable_effects_have_a_forest_plot_and_the_summary_both_sides(library):
    report = evidence_report(library, "Does zolpaxine reduce stroke?")
    assert report.why_no_forest == ""
    (plot,) = report.forests
    assert (plot.measure, len(plot.rows)) == ("HR", 2)
    assert 0.75 < plot.fixed.value < 0.81
    (line,) = report.summary
    assert (line.decreased, line.same) == (("pmid:1",), ("pmid:2",))


def test_the_report_is_json_and_a_page_whose_labels_are_all_explained(library):
    report = evidence_report(library, "Does zolpaxine reduce stroke?")
    told = json.loads(json.dumps(report.to_json()))
    assert told["rows"][0]["interval"]["pieces"][0]["quote"] in ("0.60 to 0.93", "0.64 to 1.03")
    made = page(report)
    labels = {r.label for r in made.references}
    for table in (b for b in made.blocks if isinstance(b, Table)):
        for row in table.rows:
            assert len(row) == len(table.header)
            assert all(set(t.cites) <= labels for t in row)
    pictures = [b for b in made.blocks if isinstance(b, Picture)]
    assert len(pictures) == 2
    for p in pictures:
        assert ET.fromstring(p.svg).tag.endswith("svg")  # noqa: S314
        assert "0.75" in p.alt or "decreased" in p.alt
    assert any(isinstance(b, Points) for b in made.blocks)


def test_a_chinese_question_gives_chinese_headings_and_verbatim_cells(library):
    report = evidence_report(library, "zolpaxine 能降低 stroke 的发生吗？")
    made = page(report)
    assert made.language == "zh"
    assert "证据表" in [b.text for b in made.blocks if isinstance(b, Heading)]
    cells = {t.text for b in made.blocks if isinstance(b, Table) for row in b.rows for t in row}
    assert {"结局", "方向"} <= set(next(b for b in made.blocks if isinstance(b, Table)).header)
    assert "hazard ratio 0.75" in cells


@pytest.mark.parametrize(("question", "limit"), [("  ", 5), ("Does zolpaxine work?", 0), ("Does zolpaxine work?", 61)])
def test_a_wrong_request_is_told(library, question, limit):
    with pytest.raises(ConfigError):
        evidence_report(library, question, limit=limit)


def test_a_question_that_no_study_answers_gives_an_empty_report_that_says_so(library):
    report = evidence_report(library, "Does warfarin reduce stroke?")
    assert report.rows == ()
    assert report.why_no_forest == "no intervals"
    assert page(report).blocks


@pytest.mark.skipif("ANAMNESIS_DATA" not in os.environ, reason="needs the shared data sets")
def test_cells_of_the_tuning_abstracts_stay_as_precise_as_measured():
    from scripts.eval_evidence_table import tables

    told = tables(Path(os.environ["ANAMNESIS_DATA"]), "tune").summary()
    assert told["all"]["precision"] >= 0.95
    assert told["all"]["recall"] >= 0.65
