"""A quote is in the stored document, character by character, or it is not shown."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.types import Document, Passage, Section, Source
from rag.cite import cite
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
    assert cited("Statins lower risk.").claims == ()
    assert cited("Statins lower risk. [2]").claims == ()  # it stands in passage 1 only


def test_a_document_that_changed_since_gives_no_quote():
    changed = Document(SOURCE, TEXT.replace("lower", "raise"), DOCUMENT.sections)
    assert cited("Statins lower risk. [1]", changed).claims == ()
    assert cite("Statins lower risk. [1]", HITS, document=lambda _: None).claims == ()


@given(st.text(max_size=200))
def test_no_draft_can_make_a_quote_that_is_not_there(draft):
    for claim in cited(draft + " [1][2]").claims:
        for citation in claim.citations:
            assert TEXT[citation.start : citation.end] == citation.quote


def test_a_reference_of_the_source_is_part_of_the_sentence():
    from indexer.types import Document, Passage, Section, Source
    from rag.cite import cite
    from rag.types import Hit

    text = "Metformin reduced mortality by 30% in adults with type 2 diabetes [3]."
    document = Document(Source("t:1"), text, (Section("", 0, len(text)),))
    hit = Hit(Passage(document.source, "", None, 0, len(text), text), 1.0, {})
    found = cite(f"{text} [1]\n", [hit], document=lambda _: document)
    assert [c.text for c in found.claims] == [text]
    assert found.dropped == 0
