// A list of completions above a text field, walked with the arrow keys.

import { freshId, h } from "./dom.js";

/** `offer(textBeforeCaret)` answers `{from, items: [{text, detail, insert}]}`. */
export function suggestions(host, input, offer) {
  const id = freshId("offers");
  const list = h("div", { id, class: "offers", role: "listbox", "aria-label": "Suggestions", hidden: true });
  host.append(list);
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", id);
  let current = { from: 0, items: [] };
  let picked = 0;

  function show() {
    current = offer(input.value.slice(0, input.selectionStart));
    picked = 0;
    draw();
  }
  function close() {
    current = { from: 0, items: [] };
    draw();
  }
  function draw() {
    list.hidden = !current.items.length;
    list.replaceChildren(...current.items.map((item, index) => h("div", {
      id: `${id}-${index}`, role: "option", "aria-selected": String(index === picked),
      on: { mousedown: (event) => (event.preventDefault(), choose(item)) } },
    h("span", {}, item.text), h("small", {}, item.detail))));
    if (current.items.length) input.setAttribute("aria-activedescendant", `${id}-${picked}`);
    else input.removeAttribute("aria-activedescendant");
  }
  function choose(item) {
    const rest = input.value.slice(input.selectionStart);
    input.value = input.value.slice(0, current.from) + item.insert + rest;
    input.selectionStart = input.selectionEnd = current.from + item.insert.length;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }
  function keys(event) {
    const { length } = current.items;
    if (!length || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) picked = (picked + step + length) % length;
    else if (event.key === "Enter" || event.key === "Tab") choose(current.items[picked]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (step) draw();
  }
  input.addEventListener("input", show);
  input.addEventListener("keydown", keys, { capture: true });
  input.addEventListener("blur", close);
  return { close };
}
