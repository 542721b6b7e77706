"""Every reranker: one score per text, in order, the better passage higher, the same whatever stands beside it."""

import numpy as np
import pytest

from indexer.errors import ConfigError
from rag.rerank import reranker

QUESTION = "What causes scurvy?"
TEXTS = [
    "The trial compared two surgical techniques for inguinal hernia.",
    "Scurvy is caused by a lack of vitamin C, which is needed to make collagen.",
    "Vitamin C supplements did not shorten the common cold in the general population.",
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A real cross-encoder checkpoint: two random layers with a trained tokenizer, saved as safetensors."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("ce")
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator([QUESTION, *TEXTS], trainers.WordPieceTrainer(vocab_size=200, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), special, strict=True))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)
    config = BertConfig(
        vocab_size=200, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, num_labels=1
    )
    BertForSequenceClassification(config).save_pretrained(folder, safe_serialization=True)
    return f"ce:{folder}"


@pytest.fixture(scope="module", params=["bundled", "tiny"])
def made(request):
    spec = request.getfixturevalue("tiny") if request.param == "tiny" else request.param
    return reranker(spec)


def test_one_score_per_text_in_order(made):
    together = made.score(QUESTION, TEXTS)
    assert len(together) == 3
    assert all(isinstance(s, float) for s in together)
    alone = [made.score(QUESTION, [t])[0] for t in TEXTS]
    assert np.allclose(together, alone, atol=0.03)
    assert made.score(QUESTION, TEXTS[::-1]) == pytest.approx(together[::-1], abs=0.03)
    assert made.score(QUESTION, []) == []


def test_odd_input(made):
    scores = made.score("?" * 10_000, ["", "\ud800", "x " * 100_000, "二甲双胍", "a\0b"])
    assert len(scores) == 5
    assert np.isfinite(scores).all()


def test_the_bundled_one_knows_an_answer():
    scores = reranker("bundled").score(QUESTION, TEXTS)
    assert scores[1] > 0 > max(scores[0], scores[2])


def test_spec_round_trips(made):
    assert reranker(made.spec).spec == made.spec


@pytest.mark.parametrize("spec", ["bundeld", "ce:", "", "nli:x"])
def test_wrong_specs(spec):
    with pytest.raises(ConfigError, match="reranker"):
        reranker(spec)


def test_none_is_none():
    assert reranker("none") is None


def test_a_missing_model_is_explained(tmp_path):
    with pytest.raises(ConfigError, match="HF_HUB_OFFLINE"):
        reranker(f"ce:{tmp_path}").score("q", ["t"])
