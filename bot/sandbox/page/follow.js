// A scrolling pane that stays at its end while things are added, unless the person has scrolled up.

const NEAR_END = 60;

/** `list` grows inside `pane`; the answer moves to the end, or to a node above it. */
export function followEnd(pane, list) {
  let following = true;
  let lastTop = 0;
  const toEnd = () => {
    pane.scrollTop = pane.scrollHeight;
  };
  pane.addEventListener("scroll", () => {
    const near = pane.scrollHeight - pane.scrollTop - pane.clientHeight < NEAR_END;
    // Far from the end isn't enough: a picture may have grown the list before this event came.
    if (near) following = true;
    else if (pane.scrollTop < lastTop) following = false;
    lastTop = pane.scrollTop;
  }, { passive: true });
  // Pictures load late and panes change their height when others open: both move the end.
  const observer = new ResizeObserver(() => following && toEnd());
  observer.observe(pane);
  observer.observe(list);
  return (above = null) => {
    toEnd();
    following = true;
    if (!above || above.offsetTop >= pane.scrollTop) return;
    following = false;
    pane.scrollTop = above.offsetTop - NEAR_END;
  };
}
