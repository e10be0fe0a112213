// Shows where the reader is: a strip of links wider than a phone is scrolled to the current one.
"use strict";
for (const own of document.querySelectorAll(".steps [aria-current], .sections [aria-current], .tabs [aria-current]")) {
  const strip = own.closest("nav");
  strip.scrollLeft = own.offsetLeft - (strip.clientWidth - own.offsetWidth) / 2;
}
