"""Whom a text is about where no word of inclusion says so: titles, participants, recommendations, contraindications."""

import pytest

from indexer.types import Document, Section, Source
from rag.records.criteria import criteria


def read(text, *, title="", cited=(), kind="article", sections=()):
    spans = [(text.index(c), text.index(c) + len(c)) for c in cited]
    return criteria(Document(Source("s", kind, title), text, tuple(sections)), cited=spans)


def limits(text, **rest):
    """kind, rule and quote, but for what is merely described."""
    return [(c.kind, c.rule, c.quote) for c in read(text, **rest) if c.rule != "described"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A statin is recommended for adults aged 40 to 75 years.", [("age", "required", "aged 40 to 75 years")]),
        ("In children, watchful waiting is recommended.", [("age", "required", "children")]),
        ("Aspirin is suggested for pregnant women.", [("pregnancy", "required", "pregnant")]),
        ("In women, a second test should be offered.", [("sex", "required", "women")]),
        ("Older adults should be asked about falls.", [("age", "required", "Older adults")]),
        ("推荐65岁及以上老年人接种疫苗。", [("age", "required", "65岁及以上")]),
        ("本指南适用于成人痛风患者。", [("age", "required", "成人"), ("condition", "required", "痛风")]),
        ("The guideline applies to adults aged 50 years or older.", [("age", "required", "aged 50 years or older")]),
    ],
)  # fmt: skip
def test_advice_and_scope(text, expected):
    assert limits(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The drug is contraindicated in patients with an eGFR below 30 mL/min.", ("renal", "excluded", "eGFR below 30 mL/min")),
        ("It should not be given to people with cirrhosis.", ("hepatic", "excluded", "cirrhosis")),
        ("Use in pregnancy is contraindicated.", ("pregnancy", "excluded", "pregnancy")),
        ("It must not be taken by mothers who are breastfeeding.", ("lactation", "excluded", "breastfeeding")),
        ("It is not recommended for children younger than 8 years.", ("age", "excluded", "children younger than 8 years")),
        ("Avoid NSAIDs in people with asthma.", ("condition", "excluded", "asthma")),
        ("The drug must not be used in anyone with a penicillin allergy.", ("allergy", "excluded", "penicillin")),
        ("肝硬化患者禁用本品。", ("hepatic", "excluded", "肝硬化")),
    ],
)  # fmt: skip
def test_contraindications(text, expected):
    assert expected in limits(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Among 4,304 participants aged 65 years or older, half were given the vaccine.", ("age", "required", "aged 65 years or older")),
        ("PARTICIPANTS: 1,021 older adults who had fallen.", ("age", "required", "older adults")),
        ("This trial in men with gout lasted a year.", ("sex", "required", "men")),
        ("A total of 640 boys and girls 6 to 17 years old were seen at 22 clinics.", ("age", "required", "6 to 17 years")),
        ("Participants were helmet owners, aged 18 to 75 years.", ("age", "required", "aged 18 to 75 years")),
        ("患者年龄40-75岁，病程1~12年。", ("age", "required", "年龄40-75岁")),
        ("Men and women over the age of 18 volunteered.", ("age", "required", "age of 18")),
    ],
)  # fmt: skip
def test_a_study_names_its_people(text, expected):
    assert expected in limits(text)


@pytest.mark.parametrize(
    "text",
    [
        "Previous trials excluded patients with an eGFR below 30 mL/min.",
        "Holm and colleagues randomised 5,804 people aged 70 to 82 years.",
        "Subgroup analyses were done for participants aged 75 years or older.",
        "Male rats aged 8 weeks were randomly assigned to metformin.",
        "The disease usually begins between 30 and 50 years of age.",
        "No dose adjustment is needed in older adults.",
        "Parents of children with asthma were randomised to a telephone programme.",
        "Patients with a penicillin allergy may be given azithromycin.",
        "In contrast to a previous study, which enrolled men aged 40 to 59 years, nobody was turned away.",
        "健康雄性SD大鼠40只，8周龄，随机分为4组。",
        "该病男性发病率高于女性，多见于50岁以上人群。",
    ],
)
def test_others_subgroups_animals_and_onset_are_no_population(text):
    assert [x for x in limits(text) if x[0] in ("age", "sex", "pregnancy", "renal", "allergy")] == []


def test_a_range_beside_counts_by_sex_is_described():
    (c,) = read("对照组43例，男23例，女20例，年龄41~75岁。")
    assert (c.rule, c.low, c.high, c.quote) == ("described", 41, 75, "年龄41~75岁")


def test_a_title_is_quoted_where_it_stands_and_has_no_place_elsewhere():
    title = "Raloxifene in postmenopausal women with osteoporosis"
    text = title + "\nThe trial lasted three years."
    (sex, state, disease) = read(text, title=title)
    assert text[sex.start : sex.end] == sex.quote == "postmenopausal women"
    assert (state.what, disease.what) == ("postmenopausal", "osteoporosis")
    assert {(c.start, c.end, c.sentence) for c in read("It lasted three years.", title=title)} == {(0, 0, (0, 0))}
    assert read("It lasted three years.", title="Metformin in mice and in 12 female rats") == []


def test_only_the_cited_advice_of_a_guideline_counts():
    one, two = (
        "In adults aged 60 years or older, start at 150 mm Hg.",
        "In adults younger than 60 years, start at 140 mm Hg.",
    )
    text = f"{one} {two}"
    assert [c.low for c in read(text, cited=[one])] == [60]
    assert [c.high for c in read(text, cited=[two])] == [60]
    assert read(text) == []


def test_a_heading_of_a_guideline_names_the_people_of_its_section():
    text = "Children\n\nGive 10 mg/kg.\n\nAdults\n\nGive 500 mg."
    sections = (Section("Doses > Children", 10, 24), Section("Doses > Adults", 34, len(text)))
    assert limits(text, kind="guideline", sections=sections, cited=["Give 500 mg."]) == [("age", "required", "Adults")]
    assert limits(text, kind="article", sections=sections, cited=["Give 500 mg."]) == []


def test_a_cited_sentence_of_results_is_about_its_people():
    text = "RESULTS: In women aged 50 years or older, the drug halved fractures."
    assert [c.of for c in read(text, cited=["the drug halved"])] == ["statement", "statement"]
    assert read(text) == []


def test_quotes_stand_at_their_offsets():
    text = "We report a trial.\nIn women with gout, allopurinol is recommended. 推荐65岁以上老年人接种疫苗。"
    found = read(text, cited=["recommended", "推荐"])
    assert len(found) == 3 and all(text[c.start : c.end] == c.quote for c in found)
