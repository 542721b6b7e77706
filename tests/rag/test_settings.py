"""Where a setting comes from, and what a wrong one says."""

import pytest

from indexer.errors import ConfigError
from rag.settings import EFFORTS, load


def test_flag_over_environment_over_file_over_default(tmp_path, monkeypatch):
    file = tmp_path / "anamnesis.toml"
    assert load(file=file).effort == "normal"
    file.write_text('effort = "quick"\nindex = "from-file"\n')
    assert (load(file=file).effort, load(file=file).index) == ("quick", "from-file")
    monkeypatch.setenv("ANAMNESIS_EFFORT", "thorough")
    assert load(file=file).effort == "thorough"
    assert load(file=file, effort="normal").effort == "normal"
    assert load(file=file, effort=None).effort == "thorough"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('efort = "quick"', "unknown key 'efort'; did you mean 'effort'"),
        ('effort = "fast"', "expected one of quick, normal, thorough"),
        ("effort = 3", "expected str"),
        ('allow_retracted = "maybe', "not valid TOML"),
    ],
)
def test_wrong_settings_are_named(tmp_path, text, words):
    file = tmp_path / "anamnesis.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=words):
        load(file=file)


def test_efforts_rise():
    quick, normal, thorough = (EFFORTS[e] for e in ("quick", "normal", "thorough"))
    assert quick.depth < normal.depth < thorough.depth
    assert quick.hits < normal.hits < thorough.hits
