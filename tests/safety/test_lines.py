"""Help lines: the file that the user gives, and an alert that survives a bad one."""

import pytest

from indexer.errors import ConfigError
from rag.safety import first
from rag.safety.lines import OWN, read

GOOD = '[[line]]\ncountry = "nl"\nkinds = ["crisis"]\nnumber = "0800-0113"\nen = "Netherlands"\nzh = "荷兰"\n'


def test_a_users_file_replaces_the_lines(tmp_path, monkeypatch):
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, "utf-8")
    monkeypatch.setenv("ANAMNESIS_HELP_LINES", str(file))
    assert [(x.number, x.country) for x in first("I want to die").lines] == [("0800-0113", "nl")]


def test_a_file_that_lies_in_the_working_folder_does_not_count(tmp_path, monkeypatch):
    (tmp_path / "help-lines.toml").write_text(GOOD, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert "0800-0113" not in [x.number for x in first("I want to die").lines]


@pytest.mark.parametrize(
    "bad", ["not toml [", "", GOOD.replace('"crisis"', '"crises"'), GOOD.replace('number = "0800-0113"', "number = 5")]
)
def test_a_bad_file_is_named_by_read_and_never_stops_an_alert(tmp_path, monkeypatch, bad):
    file = tmp_path / "bad.toml"
    file.write_text(bad, "utf-8")
    with pytest.raises(ConfigError, match=r"bad\.toml"):
        read(file)
    monkeypatch.setenv("ANAMNESIS_HELP_LINES", str(file))
    assert "988" in {x.number for x in first("I want to die").lines}


def test_our_own_file_is_sound():
    assert {x.number for x in read(OWN)} == {"→", "120", "110", "12356", "988", "116 123", "112"}
