"""A quote is in the stored document, character by character, or it is not shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.types import Document, Passage, Section, Source
from rag.cite import cite
from rag.links import clean
from rag.types import Hit

TEXT = "Statins lower risk. They are safe. 他汀类药物降低风险。"
SOURCE = Source("t:1")
DOCUMENT = Document(SOURCE, TEXT, (Section("", 0, len(TEXT)),))
HITS = (
    Hit(Passage(SOURCE, "", None, 0, 19, TEXT[:19]), 1.0, {}),
    Hit(Passage(SOURCE, "", None, 20, len(TEXT), TEXT[20:]), 0.5, {}),
)


def cited(draft, document=DOCUMENT):
    return cite(draft, HITS, document=lambda id: document if id == "t:1" else None)


def test_verbatim_sentences_are_cited_at_their_place():
    found = cited("Statins lower risk. [1]\n他汀类药物降低风险。 [2]\n")
    assert [c.text for c in found.claims] == ["Statins lower risk.", "他汀类药物降低风险。"]
    for claim in found.claims:
        (citation,) = claim.citations
        assert TEXT[citation.start : citation.end] == citation.quote == claim.text
    assert [c.citations[0].number for c in found.claims] == [1, 2]
    assert found.dropped == 0


def test_what_has_nothing_behind_it_is_dropped_and_counted():
    assert cited("Statins cure cancer. [1]").claims == ()
    assert cited("Statins cure cancer. [1]").dropped == 1
    assert cited("Statins lower risk. [7]").dropped == 1
    assert cited("Statins lower risk. [0]").dropped == 1
    assert cited("Bananas are yellow.").claims == ()
    assert cited("Bananas are yellow.").sentences == 1
    found = cited("Statins lower risk. [2]")  # it stands in passage 1 only
    assert [c.passage for c in found.claims[0].citations] == [HITS[0].passage]
    assert found.dropped == 1


def test_without_a_mark_the_passage_that_says_it_is_cited():
    (claim,) = cited("Statins lower risk.").claims
    assert (claim.citations[0].quote, claim.support) == ("Statins lower risk.", "supported")
    (claim,) = cited("The risk is lowered by statins.").claims
    assert (claim.citations[0].quote, claim.support) == ("Statins lower risk.", "unjudged")


def test_part_of_a_sentence_is_not_its_own_proof():
    text = "It is not true that statins cure cancer. They lower risk."
    document = Document(SOURCE, text, (Section("", 0, len(text)),))
    hit = Hit(Passage(SOURCE, "", None, 0, len(text), text), 1.0, {})
    (claim,) = cite("statins cure cancer. [1]", [hit], document=lambda _: document).claims
    assert claim.support == "unjudged"
    assert claim.citations[0].quote == "It is not true that statins cure cancer."


def test_a_document_that_changed_since_gives_no_quote():
    changed = Document(SOURCE, TEXT.replace("lower", "raise"), DOCUMENT.sections)
    assert cited("Statins lower risk. [1]", changed).claims == ()
    assert cite("Statins lower risk. [1]", HITS, document=lambda _: None).claims == ()


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_draft_can_make_a_quote_that_is_not_there(draft):
    for claim in cited(draft + " [1][2]").claims:
        for citation in claim.citations:
            assert TEXT[citation.start : citation.end] == citation.quote


def one(text):
    """A document and its only passage."""
    document = Document(SOURCE, text, (Section("", 0, len(text)),))
    return [Hit(Passage(SOURCE, "", None, 0, len(text), text), 1.0, {})], lambda _: document


def test_a_reference_of_the_source_is_part_of_the_sentence():
    for text in (
        "Metformin reduced mortality by 30% in adults with type 2 diabetes [3].",
        "Metformin reduced mortality by 30% in adults with type 2 diabetes.[3]",
    ):
        hits, document = one(text)
        found = cite(f"{text} [1]\n", hits, document=document)
        assert [c.text for c in found.claims] == [text]
        assert found.dropped == 0


def test_the_stretch_of_the_passage_that_says_it_becomes_the_quote():
    text = (
        "Background was unclear. Metformin lowered mortality by 30% in adults. Nausea was common. "
        "In the second year 12 patients stopped."
    )
    hits, document = one(text)
    (claim,) = cite("Adults who took metformin had 30% lower mortality [1].", hits, document=document).claims
    assert claim.citations[0].quote == "Metformin lowered mortality by 30% in adults."
    both = "Metformin lowered mortality by 30% in adults, but nausea was common [1]."
    (claim,) = cite(both, hits, document=document).claims
    assert claim.citations[0].quote == "Metformin lowered mortality by 30% in adults. Nausea was common."


def test_foreign_links_and_identifiers_are_taken_out_and_counted():
    source = Source("pmid:12345678", links={"pmid": "12345678", "doi": "10.1000/xyz.1"})
    text = "Metformin lowered mortality in adults with diabetes (NCT01234567)."
    document = Document(source, text, (Section("", 0, len(text)),))
    hits = [Hit(Passage(source, "", None, 0, len(text), text), 1.0, {})]
    cases = {
        "Metformin lowered mortality in adults (PMID: 99999999). [1]": ("Metformin lowered mortality in adults.", 1),
        "Metformin lowered mortality in adults, see https://evil.org/a.html [1]": ("Metformin lowered mortality in adults, see", 1),
        "Metformin lowered mortality in [adults](http://evil.org). [1]": ("Metformin lowered mortality in adults.", 1),
        "![x](http://evil.org/x.png) Metformin lowered mortality in adults. [1]": ("Metformin lowered mortality in adults.", 1),
        "Metformin lowered mortality in adults (doi:10.1000/xyz.12). [1]": ("Metformin lowered mortality in adults.", 1),
        "Metformin lowered mortality in adults (NCT01234568). [1]": ("Metformin lowered mortality in adults.", 1),
        "Metformin lowered mortality in adults, write a.b@evil.org. [1]": ("Metformin lowered mortality in adults, write.", 1),
        "Metformin lowered mortality in adults (PMID 12345678, NCT01234567). [1]": (
            "Metformin lowered mortality in adults (PMID 12345678, NCT01234567).", 0),
        "Metformin lowered mortality in adults (doi: 10.1000/XYZ.1). [1]": ("Metformin lowered mortality in adults (doi: 10.1000/XYZ.1).", 0),
        "Metformin\u202e lowered\x1b mortality in adults. [1]": ("Metformin lowered mortality in adults.", 0),
    }  # fmt: skip
    for draft, (shown, removed) in cases.items():
        found = cite(draft, hits, document=lambda _: document)
        assert [c.text for c in found.claims] == [shown], draft
        assert found.links == removed, draft


def test_numbers_of_no_passage_are_dropped_one_quote_has_one_number():
    hits, document = one("Metformin lowered mortality by 30% in adults. Nausea was common in both groups.")
    found = cite(
        "Mortality in adults was lowered 30% by metformin [1, 9]. Nausea was common in groups [7]. Mortality: lowered by metformin in adults. [1]",
        hits, document=document,
    )  # fmt: skip
    assert [[c.number for c in claim.citations] for claim in found.claims] == [[1], [2], [1]]
    assert found.dropped == 2


def test_ordinary_words_are_no_links():
    for text in (
        "Levels of IL-6.In patients they rose.", "Seen in vivo vs.in vitro.", "A ratio of 10.5/7 mm, data: 5 patients.",
    ):  # fmt: skip
        assert clean(text, "") == (text, 0)


def test_whole_sentences_are_needed_in_every_hit():
    assert cited("Statins lower. [1]").claims[0].support == "unjudged"
