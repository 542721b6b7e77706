"""The guards have the last word; the model judges the rest; a citation that does not support goes."""

import pytest

from indexer.errors import ConfigError
from indexer.types import Passage, Source
from rag.judge import faults, judge, judge_all, judge_from
from rag.judges.overlap import OverlapJudge
from rag.types import Citation, Claim

SOURCE = Source("pmid:1", title="Trial of 2019", year=2020, links={"pmid": "1"})
TEXT = "Metformin lowered mortality by 30% in 120 adults with diabetes."
OTHER = "Nausea was common in both groups of the trial."


def claim(text, *quotes, support="unjudged"):
    passages = [Passage(SOURCE, "Results", None, 0, len(q), q) for q in quotes]
    return Claim(text, tuple(Citation(i, p, p.text, 0, p.end) for i, p in enumerate(passages, start=1)), support)


class Yes:
    """A judge that always agrees, to see that the guards do not ask it."""

    spec = "yes"

    def __init__(self):
        self.asked = []

    def verdicts(self, pairs):
        self.asked += pairs
        return ["supported"] * len(pairs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In adults with diabetes, metformin lowered mortality by 30%.", "supported"),
        ("In adults with diabetes, metformin lowered mortality by 40%.", "unsupported"),
        ("In adults with diabetes, metformin raised mortality by 30%.", "contradicted"),
        ("Metformin lowered mortality in adults with diabetes (PMID 99999999).", "unsupported"),
        ("Metformin lowered mortality in adults with diabetes in 2020 and 2019.", "supported"),
        ("Metformin lowered mortality in adults with diabetes in 2018.", "unsupported"),
    ],
)
def test_no_model_overrules_a_guard(text, expected):
    assert judge(claim(text, TEXT), support=Yes()).support == expected


def test_without_a_model_only_the_guards_speak():
    assert judge(claim("Adults lived longer.", TEXT), support=None).support == "unjudged"
    assert judge(claim("It fell by 31%.", TEXT), support=None).support == "unsupported"
    assert judge(claim(TEXT, TEXT, support="supported"), support=None).support == "supported"
    assert judge(claim("Nothing behind it."), support=None).support == "unsupported"


def test_a_sentence_cut_out_of_its_quote_is_not_verbatim():
    part = claim("statins cure cancer.", "It is not true that statins cure cancer.")
    yes = Yes()
    judge(part, support=yes)
    assert yes.asked == [("statins cure cancer.", "It is not true that statins cure cancer.")]


def test_a_citation_that_does_not_support_goes():
    both = claim("Metformin lowered mortality in adults with diabetes.", TEXT, OTHER)
    judged = judge(both, support=OverlapJudge())
    assert judged.support == "supported"
    assert [c.quote for c in judged.citations] == [TEXT]


def test_a_number_may_stand_in_either_quote():
    assert faults(claim("30% fell and 12 weeks passed.", TEXT, "It took 12 weeks.")) == []
    assert faults(claim("30% fell and 13 weeks passed.", TEXT, "It took 12 weeks.")) == ["13"]


def test_many_claims_are_judged_in_one_call_and_in_order():
    yes = Yes()
    claims = [
        claim(TEXT, TEXT, support="supported"),
        claim("Adults with diabetes lived longer.", TEXT),
        claim("It fell by 31%.", TEXT),
        claim("Many had nausea.", OTHER),
    ]
    judged = judge_all(claims, support=yes)
    assert [c.support for c in judged] == ["supported", "supported", "unsupported", "supported"]
    assert yes.asked == [("Adults with diabetes lived longer.", TEXT), ("Many had nausea.", OTHER)]


def test_specs():
    assert judge_from("none") is None
    assert judge_from("overlap").spec == "overlap"
    with pytest.raises(ConfigError, match="overlap"):
        judge_from("overlpa")
