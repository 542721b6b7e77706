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
from rag.relevance import Terms
from rag.tasks.evidence import evidence_report, page
from rag.tasks.evidence.choose import FEATURES, WEIGHTS, direction_of
from rag.tasks.evidence.clauses import Clause, Sentence
from rag.tasks.evidence.cues import Cue, cues
from rag.tasks.evidence.guard import guarded
from rag.tasks.evidence.limits import limits
from rag.tasks.evidence.results import at_sentence, rows
from rag.tasks.evidence.study import READ, study
from rag.tasks.evidence.subject import Topic
from rag.tasks.evidence.types import Cell, Estimate, Piece, stands
from rag.tasks.page import Heading, Picture, Points, Table
from rag.types import Question

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
    ("title", "sentence", "expected"),
    [
        ("Intensive versus standard blood pressure control (SPRINT, summary)",
         "Deaths from any cause were also fewer under the intensive blood pressure target "
         "(hazard ratio 0.73, 95% CI 0.60 to 0.90).", ("Deaths from any cause", "decreased")),
        ("Intensive versus standard blood pressure control",
         "Deaths from any cause were fewer under the standard blood pressure target.", ("Deaths from any cause", "increased")),
        ("Intensive versus conventional glucose control in critical illness (NICE-SUGAR, summary)",
         "Intensive glucose control thus increased mortality in critically ill adults by 2.6 percentage points.",
         ("mortality in critically ill adults", "increased")),
        # Which arm had 6 mL is not said here: empty, not guessed.
        ("Smaller versus traditional tidal volumes in ARDS",
         "Ventilation with a tidal volume of 6 mL per kg and limited plateau pressure lowers mortality compared with 12 mL per kg.",
         ("mortality", "unclear")),
        ("Smaller versus traditional tidal volumes in ARDS",
         "Ventilation with smaller tidal volumes lowers mortality compared with traditional tidal volumes.",
         ("mortality", "decreased")),
    ],
)  # fmt: skip
def test_words_that_both_arms_share_do_not_turn_a_direction(title, sentence, expected):
    found = read(f"METHODS: We randomised 861 adults. RESULTS: {sentence}", title=title)
    assert [(o, d) for o, d, *_ in found] == [expected]


@pytest.mark.parametrize(
    ("sentence", "said", "expected"),
    [
        ("Deaths were fewer with zolpaxine.", "increased", "unclear"),
        ("Deaths were fewer with zolpaxine.", "decreased", "decreased"),
        ("Deaths were fewer with placebo.", "increased", "increased"),
        ("Zolpaxine increased deaths.", "decreased", "unclear"),
    ],
)
def test_a_direction_that_its_clause_contradicts_is_left_empty(sentence, said, expected):
    made = study(document())
    clause = Clause(Sentence(sentence, sentence, 0, made), cues(sentence)[0], 0, len(sentence))
    start = sentence.lower().index("deaths")
    assert guarded(clause, (start, start + 6), None, said=said) == expected


@pytest.mark.parametrize(
    ("value", "low", "high", "said", "expected"),
    [
        (0.73, 0.60, 0.90, "increased", "unclear"),
        (1.14, 1.02, 1.28, "decreased", "unclear"),
        (1.14, 1.02, 1.28, "increased", "increased"),
        (0.90, 0.70, 1.20, "increased", "increased"),  # an interval with 1 in it contradicts nothing
    ],
)
def test_a_ratio_on_the_other_side_of_one_leaves_the_direction_empty(value, low, high, said, expected):
    text = "With zolpaxine the deaths were many."
    made, cue = study(document()), Cue(0, "left", 26, 30, "event")
    clause = Clause(Sentence(text, text, 0, made), cue, 0, len(text))
    assert guarded(clause, (19, 25), Estimate("HR", value, low, high), said=said) == expected


def test_a_direction_by_vote_is_held_against_the_sentence_too():
    text = "Zolpaxine lowered the rate of stroke."
    d = document(text)
    row = at_sentence(d, study(d), (0, len(text)), outcome="deaths stroke", said="increased")
    assert row is not None
    assert (row.outcome.text, row.direction) == ("stroke", "unclear")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Background\n\nFor many years adults with hypertension were treated to 140 mm Hg.\n\nMethods\n\n"
         "It enrolled 9361 adults aged 50 years or older with a raised systolic pressure. ",
         "adults aged 50 years or older with a raised systolic pressure"),
        ("The trial randomised 10,141 women with pre-eclampsia in 33 countries. This means 11 fewer women with convulsions "
         "per 1000 treated.", "women with pre-eclampsia"),
        ("It enrolled patients with active arthritis despite methotrexate. ", "patients with active arthritis despite methotrexate"),
        ("A trial in 4744 adults with heart failure of New York Heart Association class II to IV. ", "adults with heart failure"),
    ],
)  # fmt: skip
def test_the_people_are_those_who_took_part(text, expected):
    assert study(document(text, title="A trial")).population.text == expected


def test_a_title_that_names_drug_and_disease_gives_the_intervention():
    assert study(document("", title="Dapagliflozin in heart failure")).intervention.text == "Dapagliflozin"
    assert not study(document("", title="Mortality in heart failure")).intervention


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


@pytest.fixture(scope="module")
def hearts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hearts")
    failing = (
        "Adults with heart failure were randomly assigned to an SGLT2 inhibitor, dapagliflozin, or placebo. "
        "Admission for heart failure was less frequent with dapagliflozin than with placebo (p = 0.01)."
    )
    joints = (
        "Patients with arthritis received tofacitinib or inhibitors of TNF. Heart disease was more frequent with "
        "tofacitinib than with inhibitors of TNF (p = 0.01)."
    )
    records = [
        {"id": "pmid:11", "title": "Dapagliflozin in heart failure", "text": failing},
        {"id": "pmid:12", "title": "Heart disease with tofacitinib in arthritis: inhibitors compared", "text": joints},
    ]
    file = folder / "documents.jsonl"
    file.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    rag.build([file], into=folder / "index")
    with rag.open(folder / "index") as opened:
        yield opened


def test_a_study_of_another_drug_in_another_condition_is_left_out(hearts):
    report = evidence_report(hearts, "SGLT2 inhibitors in heart failure", limit=5)
    assert [s.source.id for s in report.studies] == ["pmid:11"]
    asked = Question("SGLT2 inhibitors in heart failure")
    topic = Topic(asked, Terms(asked, hearts.index.lexical))
    assert [topic.of(hearts.index.catalogue.document(i)) for i in ("pmid:11", "pmid:12")] == [True, False]


def test_an_empty_direction_is_named_in_the_limits(library):
    report = evidence_report(library, "Does zolpaxine reduce stroke?")
    empty = replace(report, rows=(replace(report.rows[0], direction="unclear"),), off_topic=("pmid:9",))
    told = limits(empty, read=READ)
    assert any("Direction left empty in 1 of 1 rows" in t and report.rows[0].outcome.text in t for t in told)
    assert any("pmid:9" in t for t in told)
    assert not any("Direction left empty" in t for t in report.limits)


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
