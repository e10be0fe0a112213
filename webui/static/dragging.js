// Rows dragged with a mouse or a finger. While the pointer is held at an edge of what can be seen of
// the list, the page scrolls and the dragged row goes along: Sortable's own scrolling leaves it.

const EDGE_PX = 64;
const FASTEST_PX = 14; // a frame

/** What can be seen between the bars that stick to the screen. */
function seen() {
  const [tabs, dock] = [".tabs", ".dock"].map((bar) =>
    document.querySelector(bar)?.getBoundingClientRect(),
  );
  return {
    top: Math.max(0, tabs?.bottom ?? 0),
    bottom: Math.min(innerHeight, dock?.top ?? innerHeight),
  };
}

/** The rows of a list, without the copy that follows the pointer. */
export function rowsOf(list) {
  return [...list.children].filter((row) => !row.classList.contains("sortable-fallback"));
}

/** How far to scroll in this frame; nothing beyond the ends of the list. */
function step(list, y, { top, bottom }) {
  const box = list.getBoundingClientRect();
  const deep = (distance) => Math.ceil(Math.min(1, distance / EDGE_PX) * FASTEST_PX);
  if (y > bottom - EDGE_PX) {
    return Math.max(0, Math.min(deep(y - bottom + EDGE_PX), box.bottom + EDGE_PX / 2 - bottom));
  }
  if (y < top + EDGE_PX) {
    return Math.min(0, Math.max(-deep(top + EDGE_PX - y), box.top - EDGE_PX / 2 - top));
  }
  return 0;
}

/** Let the rows of a list be dragged by their grips. */
export function letDrag(list, { began, ended }) {
  let y = null;
  let frame = 0;
  let item = null;

  const follow = (event) => {
    y = (event.touches?.[0] ?? event).clientY;
  };
  const scroll = () => {
    const view = seen();
    if (y !== null && (y > view.bottom - EDGE_PX || y < view.top + EDGE_PX)) {
      scrollBy({ top: step(list, y, view), behavior: "instant" });
      const at = Math.min(Math.max(y, view.top), view.bottom);
      const isBelow = (row) => {
        const box = row.getBoundingClientRect();
        return box.top + box.height / 2 > at;
      };
      const next = rowsOf(list).find((row) => row !== item && isBelow(row)) ?? null;
      const after = rowsOf(list)[rowsOf(list).indexOf(item) + 1] ?? null;
      if (next !== after) list.insertBefore(item, next);
    }
    frame = requestAnimationFrame(scroll);
  };

  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  window.Sortable?.create(list, {
    handle: ".grip",
    animation: isCalm ? 0 : 150,
    forceFallback: true, // the same for mouse and touch
    fallbackTolerance: 4,
    scroll: false,
    onStart: (event) => {
      item = event.item;
      y = null;
      for (const kind of ["pointermove", "touchmove"]) addEventListener(kind, follow);
      frame = requestAnimationFrame(scroll);
      began();
    },
    onEnd: (event) => {
      cancelAnimationFrame(frame);
      for (const kind of ["pointermove", "touchmove"]) removeEventListener(kind, follow);
      ended(event.item, event.oldIndex !== event.newIndex);
    },
  });
}
