"""Short answers: from token marks to names, with values worked out by hand."""

import numpy as np
import pytest

from rag import spans


def marked(answers):
    """A model that marks the given answers: logit 4 at their first and last token, -6 elsewhere; tokens are words."""

    def mark(pairs):
        told = []
        for _, text in pairs:
            offsets, at = [], 0
            for word in text.split(" "):
                offsets.append((at, at + len(word)))
                at += len(word) + 1
            logits = np.full((len(offsets), 2), -6.0, np.float32)
            for answer in answers:
                place = text.find(answer)
                if place >= 0:
                    inside = [i for i, (a, b) in enumerate(offsets) if a < place + len(answer) and place < b]
                    logits[inside[0], 0] = logits[inside[-1], 1] = 4.0
            told.append((offsets, logits))
        return told

    return mark


def found(question, kind, texts, answers):
    return spans.answers(question, kind, texts, [1.0] * len(texts), mark=marked(answers))


def test_a_name_is_cut_free_of_articles_and_marks():
    (answer,) = found(
        "Which gene is mutated?", "factoid", ["It is caused by the CFTR gene, on chromosome 7."], ["the CFTR gene,"]
    )
    assert answer.text == "CFTR gene"
    assert (answer.start, answer.end) == (20, 29)
    assert answer.score > 0.97


def test_the_same_name_in_two_sentences_counts_once_and_more():
    texts = ["Milvexian inhibits factor XIa strongly.", "We show that factor XIa is the target."]
    (answer,) = found("Which factor is inhibited?", "factoid", texts, ["factor XIa"])
    one = 1 / (1 + np.exp(-4.0))
    assert answer.score == pytest.approx(1 - (1 - one) * (1 - 0.4 * one))


def test_lists_have_several_and_do_not_repeat_the_question():
    texts = ["Alirocumab and evolocumab are antibodies against PCSK9."]
    listed = found("Which antibodies act against PCSK9?", "list", texts, ["Alirocumab", "evolocumab", "PCSK9."])
    assert sorted(a.text for a in listed) == ["Alirocumab", "evolocumab"]


def test_a_count_needs_a_number_and_a_date_a_date():
    texts = ["The trial enrolled 412 patients in many hospitals in 2004 altogether."]
    assert [
        a.text for a in found("How many patients were enrolled?", "factoid", texts, ["412 patients", "many hospitals"])
    ] == ["412 patients"]
    assert [a.text for a in found("When was it?", "factoid", texts, ["2004", "many hospitals"])] == ["2004"]


def test_silence_when_nothing_is_marked():
    assert found("Which gene?", "factoid", ["Nothing of note was found here."], []) == []
    assert spans.answers("Which gene?", "list", [], [], mark=marked([])) == []


def test_keys_join_writings_of_one_name():
    assert spans.key("PD-L1 inhibitors") == spans.key("pd l1 Inhibitor")
