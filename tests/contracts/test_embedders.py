"""What every Embedder must do, over all of them: values, unit length, order, and texts that are not nice."""

import json

import numpy as np
import pytest

from indexer import privacy
from indexer.embed import embedder

privacy.silence()

TEXTS = [
    "Metformin lowers blood glucose.",
    "Aspirin prevents myocardial infarction in men who have had one.",
    "二甲双胍是2型糖尿病的一线治疗药物。",
    "HR 0.76 (95% CI 0.63 to 0.91)",
    "Children with otitis media were treated for ten days. " * 6,
]
# First four components by sentence-transformers 6.2 in float32.
GOLDEN = {"bundled": (TEXTS[0], [-0.06839263, 0.04254853, -0.03518743, 0.07501239])}


def build_tiny_model(folder):
    """A BERT of two layers with random weights, a WordPiece tokenizer and two prompts, saved as its publisher would."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import BertConfig, BertModel, BertTokenizerFast, set_seed

    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=300, special_tokens=specials)
    tokenizer.train_from_iterator([*TEXTS, "query: passage:"], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    set_seed(7)
    config = BertConfig(
        vocab_size=300, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64,
    )  # fmt: skip
    raw = folder / "raw"
    BertModel(config).save_pretrained(raw)
    BertTokenizerFast(tokenizer_object=tokenizer).save_pretrained(raw)
    body = Transformer(str(raw), max_seq_length=64)
    model = SentenceTransformer(modules=[body, Pooling(32)], prompts={"query": "query: ", "document": "passage: "})
    model.save_pretrained(str(folder / "tiny"), safe_serialization=True)
    return folder / "tiny"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return build_tiny_model(tmp_path_factory.mktemp("st"))


@pytest.fixture(scope="module", params=["bundled", "hashing", "hashing:64", "st"])
def made(request):
    if request.param == "st":
        return embedder(f"st:{request.getfixturevalue('tiny')}")
    return embedder(request.param)


DIMS = {"bundled": 384, "hashing": 512, "hashing:64": 64}


def test_dimension_type_and_unit_length(made):
    dim = DIMS.get(made.spec, 32)
    assert made.dim == dim
    for encode in (made.encode_passages, made.encode_questions):
        vectors = encode(TEXTS)
        assert vectors.shape == (len(TEXTS), dim)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_spec_makes_it_again_with_the_same_fingerprint(made):
    again = embedder(made.spec)
    assert again.spec == made.spec
    assert again.fingerprint == made.fingerprint
    assert len(made.fingerprint) == 64
    assert int(made.fingerprint, 16) > 0
    assert np.abs(again.encode_questions(TEXTS[:2]) - made.encode_questions(TEXTS[:2])).max() < 1e-6


def test_engine_is_one_line(made):
    assert made.engine
    assert "\n" not in made.engine


def test_a_vector_depends_on_its_text_only(made):
    # sentence-transformers pads a batch to its longest text, which moves float32 sums by some 1e-7.
    alone = np.vstack([made.encode_passages([t]) for t in TEXTS])
    assert np.abs(alone - made.encode_passages(TEXTS)).max() < 2e-6
    assert np.abs(alone[::-1] - made.encode_passages(TEXTS[::-1])).max() < 2e-6


def test_no_texts(made):
    assert made.encode_passages([]).shape == (0, made.dim)
    assert made.encode_questions([]).dtype == np.float32


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\ud800 lone", "\x00\x07", "🙂", "x" * 5000])
def test_odd_texts_get_a_unit_vector(made, text):
    vector = made.encode_passages([text])[0]
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_a_thousand_texts_keep_their_order(made):
    distinct = [f"patient {i} received {i * 7 % 50} mg of drug {i % 9}" for i in range(50)]
    vectors = made.encode_passages(distinct * 20)
    assert vectors.shape[0] == 1000
    first = made.encode_passages(distinct)
    assert np.abs(vectors.reshape(20, 50, -1) - first).max() < 2e-6


def test_similar_texts_are_nearer(made):
    if made.spec.startswith("st:"):
        pytest.skip("random weights")
    a, b, c = made.encode_passages(
        [
            "aspirin after myocardial infarction",
            "aspirin in patients with myocardial infarctions",
            "screening for colorectal cancer by colonoscopy",
        ]
    )
    assert a @ b > a @ c + 0.2


@pytest.mark.parametrize("spec", sorted(GOLDEN))
def test_golden_values(spec):
    text, expected = GOLDEN[spec]
    assert embedder(spec).encode_passages([text])[0][:4] == pytest.approx(expected, abs=5e-3)


def test_hashing_is_the_same_everywhere():
    # One character is one feature: its place and sign are those of BLAKE2b-64, little-endian, lowest bit the sign.
    vector = embedder("hashing:16").encode_passages(["药"])[0]
    assert vector.tolist() == [1.0 if i == 6 else 0 for i in range(16)]


def test_bundled_reads_256_tokens_and_no_more():
    made = embedder("bundled")
    full = "drug " * 254  # with [CLS] and [SEP] 256 tokens
    under, exact, over = made.encode_passages(["drug " * 253 + "food", full, full + "food " * 50])
    assert np.array_equal(exact, over)
    assert not np.array_equal(under, exact)


def test_st_uses_the_prompts_of_the_model(tiny):
    from sentence_transformers import SentenceTransformer

    made = embedder(f"st:{tiny}")
    model = SentenceTransformer(str(tiny), device="cpu")
    text = TEXTS[0]
    plain, query, passage = model.encode([text, "query: " + text, "passage: " + text], normalize_embeddings=True)
    assert made.encode_questions([text])[0] == pytest.approx(query, abs=1e-6)
    assert made.encode_passages([text])[0] == pytest.approx(passage, abs=1e-6)
    assert np.abs(plain - query).max() > 1e-3
    assert np.abs(query - passage).max() > 1e-3


def test_st_fingerprint_follows_the_weights(tiny, tmp_path):
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(tiny, copy)
    assert embedder(f"st:{copy}").fingerprint == embedder(f"st:{tiny}").fingerprint
    (copy / "README.md").write_text("other words")
    assert embedder(f"st:{copy}").fingerprint == embedder(f"st:{tiny}").fingerprint
    prompts = json.loads((copy / "config_sentence_transformers.json").read_text())
    prompts["prompts"]["query"] = "q: "
    (copy / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    assert embedder(f"st:{copy}").fingerprint != embedder(f"st:{tiny}").fingerprint
