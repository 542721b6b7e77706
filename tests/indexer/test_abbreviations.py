"""Abbreviations that a text defines (Schwartz and Hearst)."""

import os
from pathlib import Path

import pytest

from indexer.abbreviations import pairs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chronic obstructive pulmonary disease (COPD) is", [("COPD", "chronic obstructive pulmonary disease")]),
        ("Patients with COPD (chronic obstructive pulmonary disease) were", [("COPD", "chronic obstructive pulmonary disease")]),
        ("tumour necrosis factor alpha (TNF-alpha)", [("TNF-alpha", "tumour necrosis factor alpha")]),
        ("a randomised trial (n = 40) of", []),
        ("as shown before (see Table 2)", []),
        ("body mass index (BMI, in kg/m2)", [("BMI", "body mass index")]),
    ],
)  # fmt: skip
def test_pairs(text, expected):
    assert pairs(text) == expected


@pytest.mark.data
@pytest.mark.skipif("ANAMNESIS_DATA" not in os.environ, reason="ANAMNESIS_DATA is not set")
def test_gold_pairs():
    text = (Path(os.environ["ANAMNESIS_DATA"]) / "ab3p_med1250" / "MED1250_labeled").read_text("utf-8", "replace")
    right = found_all = gold_all = 0
    for record in text.split("\n\n"):
        lines = [line for line in record.split("\n") if line.strip()]
        gold = {tuple(p.strip() for p in x.split("|")[:2]) for x in lines if x.startswith("  ") and "|" in x}
        found = set(pairs("\n".join(x for x in lines if not x.startswith("  "))))
        right, found_all, gold_all = right + len(gold & found), found_all + len(found), gold_all + len(gold)
    assert 2 * right / (found_all + gold_all) >= 0.85
