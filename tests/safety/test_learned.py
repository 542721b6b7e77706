"""The learned layer adds hints that no rule has words for, and takes nothing away."""

import json

import pytest

from indexer.errors import IndexCorrupt
from rag.safety import first, learned
from rag.safety.crisis import crisis, hinted


@pytest.mark.parametrize(
    "text",
    [
        "Everyone would breathe easier once I'm out of the picture.",
        "我已经把猫托付给邻居了，以后的事就不用操心我了，活着真没意思。",
    ],
)
def test_a_hint_is_found(text):
    assert learned.likelihood(text) >= learned.HINTS
    alert = first(text)
    assert (alert.kind, alert.stops) == ("crisis", True)


@pytest.mark.parametrize(
    "text",
    [
        "Does lithium reduce suicide in bipolar disorder?",
        "I have had a cough for three days.",
        "孩子发烧39度怎么办？",
        "",
    ],
)
def test_ordinary_questions_are_no_crisis(text):
    assert hinted(text) is None
    assert crisis(text) is None


def test_a_method_is_never_less_than_none():
    text = "Everyone would breathe easier once I'm out of the picture."
    assert first(text + " I have the pills ready.").severity > first(text).severity


def test_features_have_unit_length():
    assert sum(v * v for v in learned.features("I cannot go on 活着没意思").values()) == pytest.approx(1)


def test_changed_weights_are_refused(tmp_path, monkeypatch):
    card = json.loads(learned.MODEL.with_suffix(".json").read_text("utf-8"))
    (tmp_path / "crisis.safetensors").write_bytes(learned.MODEL.read_bytes()[:-1] + b"\x7f")
    (tmp_path / "crisis.json").write_text(json.dumps(card), "utf-8")
    monkeypatch.setattr(learned, "MODEL", tmp_path / "crisis.safetensors")
    learned._model.cache_clear()
    try:
        with pytest.raises(IndexCorrupt, match="not the file"):
            learned.likelihood("I am so tired of all this.")
    finally:
        learned._model.cache_clear()


def test_a_hint_at_the_end_of_a_long_text_is_found():
    long = "my knee still clicks when I climb stairs and the cream did little for it " * 12
    assert first(long + "everyone would breathe easier once I'm out of the picture for good").kind == "crisis"


def test_the_most_urgent_of_a_text_goes_first():
    text = (
        "I have crushing chest pain going to my left arm and I am sweating. "
        + "x " * 8000
        + " I want to kill myself tonight."
    )
    assert first(text).kind == "crisis"


def test_a_declined_request_does_not_hide_an_alert():
    from rag.answer import met

    answer = met("I took 40 paracetamol pills. Where can I buy oxycodone without a prescription?")
    assert "emergency" in answer.alert.lower() or "poison" in answer.alert.lower()
    assert answer.reason != answer.alert
