"""Every judge: one verdict per pair, in order, the same whatever stands beside it, never `unjudged`."""

import pytest

from indexer.errors import ConfigError
from rag.judge import judge_from

QUOTE = "Scurvy is caused by a lack of vitamin C, which is needed to make collagen."
PAIRS = [
    ("Scurvy is caused by a lack of vitamin C.", QUOTE),
    ("Hernia surgery shortens the hospital stay.", QUOTE),
    ("坏血病是缺乏维生素C引起的。", "坏血病是由于缺乏维生素C引起的疾病。"),
]
VERDICTS = {"supported", "partial", "contradicted", "unsupported"}
LABELS = ["CONTRADICTION", "neutral", "entailment"]


def save_nli(folder, labels):
    """A real NLI checkpoint: two random layers with a trained tokenizer, saved as safetensors."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    texts = [text for pair in PAIRS for text in pair]
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=200, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), special, strict=True))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **names).save_pretrained(folder)
    config = BertConfig(
        vocab_size=200, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        num_labels=len(labels), id2label=dict(enumerate(labels)), label2id={name: i for i, name in enumerate(labels)},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    if len(labels) == 3:
        model.classifier.bias.data[labels.index("entailment")] = 50.0  # so that it always says the same
    model.save_pretrained(folder, safe_serialization=True)
    return f"nli:{folder}"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return save_nli(tmp_path_factory.mktemp("nli"), LABELS)


@pytest.fixture(scope="module", params=["overlap", "tiny"])
def made(request):
    return judge_from(request.getfixturevalue("tiny") if request.param == "tiny" else request.param)


def test_one_verdict_per_pair_in_order(made):
    together = made.verdicts(PAIRS)
    assert len(together) == 3
    assert set(together) <= VERDICTS
    assert [made.verdicts([p])[0] for p in PAIRS] == together
    assert made.verdicts(PAIRS[::-1]) == together[::-1]
    assert made.verdicts(PAIRS * 7) == together * 7
    assert made.verdicts([]) == []


def test_a_sentence_supports_itself(made):
    assert made.verdicts([(QUOTE, QUOTE), PAIRS[2]]) == ["supported", "supported"]


def test_odd_input(made):
    found = made.verdicts([("", ""), ("\ud800", "a\0b"), ("x " * 50_000, "?" * 50_000)])
    assert len(found) == 3
    assert set(found) <= VERDICTS


def test_spec_round_trips(made):
    assert judge_from(made.spec).spec == made.spec


def test_overlap_tells_a_quote_from_another():
    assert judge_from("overlap").verdicts(PAIRS) == ["supported", "unsupported", "supported"]


def test_labels_are_read_from_the_model(tiny, tmp_path):
    assert judge_from(tiny).verdicts(PAIRS) == ["supported"] * 3
    with pytest.raises(ConfigError, match="entailment"):
        judge_from(save_nli(tmp_path, ["good", "bad"])).verdicts(PAIRS)


@pytest.mark.parametrize("spec", ["nli:", "", "ce:x", "bundeld"])
def test_wrong_specs(spec):
    with pytest.raises(ConfigError, match="judge"):
        judge_from(spec)


def test_a_missing_model_is_explained(tmp_path):
    with pytest.raises(ConfigError, match="HF_HUB_OFFLINE"):
        judge_from(f"nli:{tmp_path}").verdicts(PAIRS)
