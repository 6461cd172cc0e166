// Short notices at the foot of the page, read out politely.

import { h } from "./dom.js";

const STAY_MS = 9000;

export function toast(text, kind = "note") {
  const shelf = document.getElementById("toasts");
  const close = () => node.remove();
  const node = h("div", { class: `toast ${kind}` },
    h("span", {}, text),
    h("button", { type: "button", class: "quiet", "aria-label": "Dismiss notice", on: { click: close } }, "×"));
  for (const other of [...shelf.children]) if (other.firstChild.textContent === text) other.remove();
  shelf.append(node);
  setTimeout(close, STAY_MS);
}
