"""English that is left on a page in Danish, as the browser shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from playwright.sync_api import Page

WORDS = Path(__file__).parents[2] / "webui/translations/da/LC_MESSAGES/messages.po"
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
SHOWN = """() => {
  const said = [];
  const skipped = "script, style, code, bdi, option, [lang]:not(html)";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const own = walk.currentNode.parentElement;
    if (!own.closest(skipped) && own.checkVisibility()) said.push(walk.currentNode.data);
  }
  for (const own of document.querySelectorAll("body *:not([lang], [lang] *)"))
    for (const { name, value } of own.attributes)
      if (/^(aria-label|title|placeholder|data-[a-z-]+)$/.test(name)) said.push(value);
  return said.map((text) => text.replace(/\\s+/g, " ").trim());
}"""
"""Every text that is seen, and those that scripts and screen readers say."""


def english_at(page: Page, address: str) -> list[str]:
    """Open a page that is there, in Danish; what it still says in English."""
    answer = page.goto(address)
    assert answer
    assert answer.ok, address
    assert page.locator("html").get_attribute("lang") == "da"
    return english_left(page)


def english_left(page: Page) -> list[str]:
    """Texts of the page that have a Danish form and stand there in English."""
    english = _english()
    return [text for text in page.evaluate(SHOWN) if english.fullmatch(text)]


@cache
def _english() -> re.Pattern[str]:
    with WORDS.open("rb") as file:
        catalog = read_po(file, locale="da")
    pairs = [(english, danish) for own in catalog if own.id for english, danish in _forms(own)]
    danish = {own for _, own in pairs}
    texts = {english for english, own in pairs if english != own and english not in danish}
    return re.compile("|".join(_pattern(own) for own in texts if _is_telling(own)))


def _forms(message: object) -> Iterator[tuple[str, str]]:
    """English and Danish of a message, singular and plural."""
    english, danish = message.id, message.string  # type: ignore[attr-defined]
    if isinstance(english, str):
        english, danish = (english,), (danish,)
    yield from zip(english, danish, strict=True)


def _is_telling(text: str) -> bool:
    """Whether a text with places says enough of its own to be known again."""
    return not PLACE.search(text) or len(re.findall(r"[A-Za-z]{3,}", PLACE.sub("", text))) > 1


def _pattern(text: str) -> str:
    return ".+".join(re.escape(part) for part in PLACE.split(" ".join(text.split())))
