// A menu whose options the app offers while a person types: a field with a list below it.

import { attempt } from "./api.js";
import { freshId, h } from "./dom.js";
import { chip } from "./selects.js";
import { plainText } from "./text.js";

const PAUSE_MS = 150;
const LEAST_TYPED = 3;
const option = (each) => ({ value: each.value, text: plainText(each.text) });

// How options read that were offered, for the field is drawn anew with the value alone.
const texts = new Map();

const textOf = (value) => texts.get(value) ?? value ?? "";
const remember = (options) => options.filter(Boolean).map(option).forEach((each) => texts.set(each.value, each.text));

export function externalSelect(element, use) {
  remember([element.initial_option]);
  return search(element, use, {
    shown: () => textOf(use.value()),
    pick(each, input) {
      input.value = each.text;
      use.choose(each.value);
    },
    /** What was typed and not chosen is none of the options: an empty field is a choice of nothing. */
    leave(input) {
      if (!input.value.trim() && use.optional && use.value()) use.choose(null);
      input.value = textOf(use.value());
    },
  });
}

/** What is chosen as removable chips, above a field that searches for more. */
export function externalMultiSelect(element, use) {
  remember(element.initial_options ?? []);
  const chips = h("span", { class: "chips" });
  const values = () => use.value() ?? [];
  const field = search(element, use, {
    shown: () => "",
    fits: (each) => !values().includes(each.value),
    pick(each, input) {
      input.value = "";
      change([...values(), each.value]);
    },
    leave(input) {
      input.value = "";
    },
  });
  const input = field.querySelector("input");
  function change(chosen) {
    use.choose(chosen);
    draw();
  }
  const chosenChip = (value) => chip(textOf(value), () => {
    change(values().filter((each) => each !== value));
    input.focus();
  });
  function draw() {
    const most = element.max_selected_items;
    const full = Boolean(most) && values().length >= most;
    chips.replaceChildren(...values().map(chosenChip));
    input.disabled = full;
    input.placeholder = full ? `At most ${most}` : plainText(element.placeholder) || "Type to search";
  }
  draw();
  return h("div", { class: "multi" }, chips, field);
}

/** A field that asks the app for options as a person types; `on` says what becomes of them. */
function search(element, use, on) {
  const id = freshId("offers");
  const input = h("input", {
    ...use.naming, type: "text", class: "field", role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
    "aria-controls": id, "aria-expanded": "false", "data-action-id": element.action_id,
    placeholder: plainText(element.placeholder) || "Type to search", value: on.shown() });
  const list = h("div", { id, class: "offers below", role: "listbox", "aria-label": "Suggestions", hidden: true });
  const least = element.min_query_length ?? LEAST_TYPED;
  let [offered, picked, timer, asked] = [[], 0, null, 0];

  async function ask() {
    const query = input.value === on.shown() ? "" : input.value.trim();
    const turn = ++asked;
    const answer = query.length < least ? { options: [] } : await attempt("suggest", use.suggestion(query));
    // Somebody may have typed on, or left, while the app was asked.
    if (turn === asked && document.activeElement === input) draw((answer?.options ?? []).map(option).filter(on.fits ?? Boolean));
  }
  function draw(options) {
    const chosen = options.findIndex((each) => each.text === on.shown());
    [offered, picked] = [options, Math.max(0, chosen)];
    list.hidden = !offered.length;
    list.replaceChildren(...offered.map((each, index) => h("div", {
      id: `${id}-${index}`, role: "option", "aria-selected": String(index === picked),
      on: { mousedown: (event) => (event.preventDefault(), choose(each)) } }, h("span", {}, each.text))));
    mark();
  }
  function mark() {
    [...list.children].forEach((each, index) => each.setAttribute("aria-selected", String(index === picked)));
    input.setAttribute("aria-expanded", String(Boolean(offered.length)));
    if (offered.length) input.setAttribute("aria-activedescendant", `${id}-${picked}`);
    else input.removeAttribute("aria-activedescendant");
  }
  function choose(each) {
    texts.set(each.value, each.text);
    close();
    on.pick(each, input);
  }
  function close() {
    clearTimeout(timer);
    asked += 1;
    draw([]);
  }
  function keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!offered.length && event.key === "ArrowDown") return ask();
    if (!offered.length || event.isComposing) return;
    if (step) picked = (picked + step + offered.length) % offered.length;
    else if (event.key === "Enter") choose(offered[picked]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (step) mark();
  }
  function leave() {
    close();
    on.leave(input);
  }
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  // Where something is chosen already, a list would only hide what stands below.
  input.addEventListener("focus", () => on.shown() || ask());
  input.addEventListener("click", ask);
  input.addEventListener("keydown", keys);
  input.addEventListener("blur", leave);
  return h("div", { class: "searched" }, input, list);
}
