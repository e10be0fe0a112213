"""Protected cells and files that are whole."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import SchedulerError
from scheduler.files import make_folder, protect, unprotect, write_whole


@given(st.text(alphabet="'=+-@|\t\r\na ", max_size=6))
def test_unprotect_gives_back_what_was_protected(text: str) -> None:
    assert unprotect(protect(text)) == text


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "\na", "|a"])
def test_protect_puts_an_apostrophe_before_a_formula(text: str) -> None:
    assert protect(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ann", "'t Hooft", "a=b", "1-2"])
def test_protect_leaves_other_text(text: str) -> None:
    assert protect(text) == text
    assert unprotect(text) == text


def test_write_whole_keeps_the_old_file_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250)
    path.write_text("old")
    with pytest.raises(SchedulerError, match="cannot be written"):
        write_whole(path, b"new")
    assert path.read_text() == "old"


def test_make_folder_makes_those_above_it(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
