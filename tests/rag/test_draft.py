"""A draft becomes the same sentences however it is cut, with the marks that belong to each."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.draft import Draft, sentences

DRAFT = """**Answer.** Statins lower risk. [1][2] They are safe [1, 3]; cheap too [2]. 他汀降低风险【1】。下一句（2）。再一句！[3]
## Details
Here is more:
- Levels of IL-6 fell vs. placebo (p < 0.05) and HLA-B*57:01 matters [1-3].
- A <b>bold</b> `code` word, e.g. this one.
[4]
1. No mark here. ［2］
| a | b |
Last one without a stop [5]
References
[1] Smith J. Statins. Lancet 2020."""


def read(draft):
    return [(s.text, s.numbers) for s in sentences([draft])]


def test_each_sentence_has_its_own_marks():
    assert read(DRAFT) == [
        ("Answer.", ()),
        ("Statins lower risk.", (1, 2)),
        ("They are safe;", (1, 3)),
        ("cheap too.", (2,)),
        ("他汀降低风险。", (1,)),
        ("下一句。", (2,)),
        ("再一句！", (3,)),
        ("Levels of IL-6 fell vs. placebo (p < 0.05) and HLA-B*57:01 matters.", (1, 2, 3)),
        ("A bold code word, e.g. this one.", (4,)),
        ("No mark here.", (2,)),
        ("a | b |", ()),
        ("Last one without a stop", (5,)),
    ]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("In stage (2) disease it failed (1).", [("In stage (2) disease it failed.", (1,))]),
        ("The range was [10-150] here. [1]", [("The range was [10-150] here.", (1,))]),
        ("It fell [1] and rose [2]。", [("It fell and rose。", (1, 2))]),
        ("It fell.[1]It rose.[2]", [("It fell.", (1,)), ("It rose.", (2,))]),
        ("[3] It fell.", [("It fell.", (3,))]),
        ("It fell [^2].", [("It fell.", (2,))]),
        ("It fell [passage 2].", [("It fell.", (2,))]),
        ("It fell [0.6-0.9] by half. [1]", [("It fell [0.6-0.9] by half.", (1,))]),
        ("<think>Hmm. [1] says\n\nso.</think>\nIt fell. [2]", [("It fell.", (2,))]),
        ("<think>never closed. [1]", []),
        ("## Results\n# It fell by half [1]", [("It fell by half", (1,))]),
        ("Dose was 0.5 * 3 mg. [1]\r\nNext. [2]", [("Dose was 0.5 * 3 mg.", (1,)), ("Next.", (2,))]),
        ("", []),
        (" \n[1]\n", []),
    ],
)
def test_marks_and_markup(draft, expected):
    assert read(draft) == expected


def test_what_was_written_is_kept_for_marks_of_the_source():
    (found,) = sentences(["It fell in adults [3].[4] [1]\n"])
    assert found.raw == "It fell in adults [3]."
    assert found.trailing == (("[4]", (4,)), (" [1]", (1,)))
    assert found.numbers == (3, 4, 1)


def test_a_sentence_comes_as_soon_as_it_is_complete():
    draft = Draft()
    assert draft.feed("Statins lower the risk of stroke in adults with diabetes.") == []
    assert draft.feed(" [1") == []
    assert draft.feed("] They") == []
    assert [(s.text, s.numbers) for s in draft.feed(" are")] == [
        ("Statins lower the risk of stroke in adults with diabetes.", (1,))
    ]
    assert [s.text for s in draft.feed(" safe. [2]\nN")] == ["They are safe."]
    assert [s.text for s in draft.end()] == ["N"]


ALPHABET = st.sampled_from([
    "a", "It fell", " ", ". ", ".", "[1]", "[", "]", "1", ", ", "(2)", "(", ")", "\n", "。", "！", "【3】", "*", "**", "- ",
    "# ", "<b>", "<", ">", "; ", "；", "References", "vs. ", "”", "A", "[2-4]", "_", "`", "</think>", "<think>", ": ", "\r",
    "e.g. ", "?", "Next one ", "p<0.05 ",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(ALPHABET, max_size=60), st.data())
def test_any_cut_gives_the_same_sentences(parts, data):
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=30)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert list(sentences(pieces)) == list(sentences([text])) == list(sentences(text))


@pytest.mark.parametrize("cut", range(1, 9))
def test_the_sample_cut_evenly(cut):
    pieces = [DRAFT[i : i + cut] for i in range(0, len(DRAFT), cut)]
    assert list(sentences(pieces)) == list(sentences([DRAFT]))


@pytest.mark.parametrize(
    "shape", ["a", " ", "a ", "[1", "[", "<a", "1,", "。", "a. ", "**", "(1", "\n", "- ", "<think"]
)
def test_a_long_draft_takes_linear_time(shape):
    before = time.process_time()
    list(sentences([shape * (300_000 // len(shape))]))
    assert time.process_time() - before < 5
