"""One line of any script: what is printed, in which order, from which font."""

import unicodedata

import pytest

from scheduler.documents.lines import break_lines, clean, cut, typeset, unbroken

NAMES = (
    "Søren Ærøskøbing Åse",
    "Nguyễn Thị Hương",
    unicodedata.normalize("NFD", "Đặng Ở Ẫn Thị"),
    "Łukasz Żółkiewski",
    "Αλέξανδρος Παπαδόπουλος",
    "Ольга Ковалёва Ґонта",
    "عمر الخطيب",
    "دانیال علی\u200cرضایی",
    "محمد عمران خاں",
    "דוד בן־גוריון",
    "प्रिया शर्मा कृष्णमूर्ति",
    "สมชาย ศรีสุวรรณ",
    "李小明 陳雅婷",
    "田中さくら 髙﨑 𠮷田",
    "김민준",
    "Արամ Հակոբյան",
    "ანა გელაშვილი",
    "অনির্বাণ চট্টোপাধ্যায়",
    "தமிழ்ச்செல்வன்",
    "ሰላም ተስፋዬ",
    "Li 王 (Anna) Müller",
    "Tuʻipelehake O'Neil van ’t Hoff",
)


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_name_has_a_font_for_every_character(name: str, bold: bool) -> None:
    line = typeset(name, bold)

    assert line.missing == ()
    assert line.text == unicodedata.normalize("NFC", name)
    assert line.width > 0


@pytest.mark.parametrize("name", NAMES)
def test_no_glyph_is_the_box_of_a_missing_one(name: str) -> None:
    for run in typeset(name).runs:
        glyphs = run.face.font.face.charToGlyph
        assert all(glyphs.get(ord(code), 0) for code in run.glyphs)


def test_composed_and_decomposed_names_are_one() -> None:
    composed = unicodedata.normalize("NFC", "Nguyễn")
    decomposed = unicodedata.normalize("NFD", "Nguyễn")

    assert typeset(composed).text == typeset(decomposed).text
    assert typeset(composed).width == typeset(decomposed).width


def test_clean_drops_what_turns_or_hides_text() -> None:
    assert clean(" Ann\u202egnp\u2066\x07\u200e\ufeff\tBerg\n") == "Anngnp Berg"


def test_clean_keeps_the_joiners_of_a_spelling() -> None:
    assert clean("علی\u200cرضا") == "علی\u200cرضا"


def test_arabic_letters_are_joined() -> None:
    (run,) = typeset("عمر").runs

    # from left to right: the final form of ر, the medial one of م, the initial one of ع
    assert str(run.glyphs) == "\ufeae\ufee4\ufecb"


def test_right_to_left_text_stands_in_visual_order() -> None:
    (run,) = typeset("אבג").runs

    assert str(run.glyphs) == "גבא"


def visual(text: str) -> list[str]:
    """What each run was, from left to right; brackets and blanks by themselves."""
    return [str(run.glyphs).strip() for run in typeset(text).runs if str(run.glyphs).strip()]


def test_left_to_right_name_with_hebrew_keeps_its_order() -> None:
    assert visual("Dan דן Levi") == ["Dan", "ןד", "Levi"]


def test_right_to_left_name_puts_the_latin_part_on_the_left() -> None:
    assert visual("דן Levi 12") == ["Levi 12", "ןד"]


def test_brackets_stand_around_the_word_they_hold() -> None:
    # the Unicode rule for pairs: read from the right, the Hebrew, then (Dan), then Cohen
    assert visual("דוד (Dan) Cohen") == ["Cohen", "(", "Dan", ")", "דוד"[::-1]]


def test_mixed_name_takes_each_font_where_it_is_needed() -> None:
    faces = [run.face.name for run in typeset("Li 王 (Anna) Müller").runs]

    assert faces == ["NotoSans-Regular", "NotoSansSC-Regular", "NotoSans-Regular"]


def test_private_characters_are_left_out() -> None:
    line = typeset("A\ue000B")

    assert line.text == "AB"
    assert line.missing == (("\ue000", ""),)


def test_compatibility_form_stands_in_for_a_missing_character() -> None:
    line = typeset("𝓑erg 😀")

    assert line.text == "Berg"
    assert line.missing == (("𝓑", "B"), ("😀", ""))


def test_cut_ends_with_an_ellipsis_and_fits() -> None:
    short = cut("Wolfeschlegelsteinhausen", 5.0, False)

    assert short.endswith("…")
    assert typeset(short).width <= 5.0


def test_cut_never_parts_a_mark_from_its_letter() -> None:
    text = "कृष्णमूर्ति" * 3
    for width in range(2, 20):
        rest = text[len(cut(text, width, False)) - 1 :]
        assert not rest or unicodedata.category(rest[0])[0] != "M"


@pytest.mark.parametrize("text", [*NAMES, "Fernández-Núñez og Søn", "a" * 200, "李" * 50])
def test_broken_lines_fit_and_are_the_text_again(text: str) -> None:
    rows = break_lines(text, 6.0, False)

    assert "".join(rows) == text
    assert all(typeset(row.rstrip(" ")).width <= 6.0 for row in rows)


def test_items_of_a_list_stay_together() -> None:
    rows = break_lines(unbroken("English C1, Full-time job, Danish C1"), 9.0, False)

    assert [row.replace("\u00a0", " ").strip() for row in rows] == [
        "English C1,",
        "Full-time job,",
        "Danish C1",
    ]
