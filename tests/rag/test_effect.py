"""Questions for the direction of an effect."""

from rag.asking import kind_of
from rag.effect import effect


def test_forms():
    found = effect("With respect to pain, what is the reported difference between ibuprofen and placebo?")
    assert (found.intervention, found.comparator, found.outcome) == ("ibuprofen", "placebo", "pain")
    assert found.raises == "Does ibuprofen increase pain compared with placebo?"
    assert found.lowers == "Does ibuprofen reduce pain compared with placebo?"
    found = effect("What is the effect of metformin on body weight compared with sulfonylureas?")
    assert (found.intervention, found.comparator, found.outcome) == ("metformin", "sulfonylureas", "body weight")
    assert effect("How does exercise affect HbA1c?").raises == "Does exercise increase HbA1c?"
    assert effect("What is the difference in mortality between early and late dialysis?").comparator == "late dialysis"


def test_other_questions():
    for question in ("Does metformin reduce mortality?", "What is metformin?", "How does metformin work?"):
        assert effect(question) is None
        assert kind_of(question) != "effect"
    assert kind_of("What are the effects of statins on muscle?") == "effect"
