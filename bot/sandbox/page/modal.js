// The acting person's open modal: the topmost view of their stack.
// It covers the conversation, while the clock and the choice of person stay in reach.

import { attempt } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { focusPath, h, icon, keepFocus } from "./dom.js";
import { forget, prune, values } from "./drafts.js";
import { refresh } from "./store.js";
import { plainText } from "./text.js";

const host = () => document.getElementById("modal-host");
const errorsOf = new Map();
let shown = null;
let world = null;

const scopeOf = (view) => `view:${view.id}`;

export function drawModal(next) {
  world = next;
  const stacks = Object.values(world.state.modals ?? {}).flat();
  const alive = new Set(stacks.map(scopeOf));
  forget((scope) => scope.startsWith("view:") && !alive.has(scope));
  for (const id of errorsOf.keys()) if (!alive.has(`view:${id}`)) errorsOf.delete(id);
  const stack = world.state.modals?.[world.me?.id] ?? [];
  const view = stack.at(-1);
  if (!view) return hide();
  const sig = JSON.stringify([view.id, view.hash, view.title, view.submit, view.close, view.blocks, stack.length, world.zone]);
  if (shown?.sig === sig) return undefined;
  return shown?.view.id === view.id ? update(view, sig) : open(view, stack, sig);
}

function hide() {
  if (!shown) return;
  const { back } = shown;
  shown = null;
  host().replaceChildren();
  host().hidden = true;
  cover(false);
  const origin = back.node?.isConnected ? back.node : back.path && document.querySelector(back.path);
  (origin ?? document.querySelector("#composer textarea"))?.focus();
}

function cover(covered) {
  for (const id of ["panes", "places"]) document.getElementById(id).inert = covered;
}

function open(view, stack, sig) {
  const back = shown?.back ?? { node: document.activeElement, path: focusPath(document.activeElement) };
  const body = h("div", { class: "modal-body" });
  const form = h("form", {
    class: "modal", role: "dialog", "aria-modal": "true", "aria-labelledby": "modal-title", novalidate: true, tabindex: -1,
    data: { viewId: view.id, callbackId: view.callback_id },
    on: { submit, keydown: keys } },
  h("header", {}, stack.length > 1 ? h("button", { type: "button", class: "quiet back", "aria-label": "Back", title: "Back", on: { click: close } }, icon("M15 5l-7 7 7 7")) : null,
    h("h2", { id: "modal-title" }),
    h("button", { type: "button", class: "quiet", "aria-label": "Dismiss", title: "Close", on: { click: dismiss } }, icon("M6 6l12 12M18 6 6 18"))),
  body, h("footer", {}));
  shown = { view, form, body, back };
  host().replaceChildren(form);
  host().hidden = false;
  cover(true);
  update(view, sig);
  focusFirst();
}

function update(view, sig) {
  const scroll = shown.body.scrollTop;
  Object.assign(shown, { view, sig });
  prune(scopeOf(view), view.blocks);
  shown.form.querySelector("#modal-title").textContent = plainText(view.title);
  const hadFocus = shown.form.contains(document.activeElement);
  keepFocus(shown.form, () => {
    shown.body.replaceChildren(...drawBlocks(view.blocks, site(view)));
    shown.form.querySelector("footer").replaceChildren(...buttons(view));
  });
  shown.body.scrollTop = scroll;
  showErrors(errorsOf.get(view.id) ?? {});
  // A modal that was still loading has its fields only now.
  const unplaced = !shown.form.contains(document.activeElement) || document.activeElement === shown.form;
  if (hadFocus && unplaced) focusFirst();
}

function buttons(view) {
  const label = plainText(view.close) || (view.submit ? "Cancel" : "Close");
  return [
    h("button", { type: "button", class: "button", data: { focus: "close" }, on: { click: close } }, label),
    view.submit ? h("button", { type: "submit", class: "button primary", data: { focus: "submit" } }, plainText(view.submit)) : null,
  ].filter(Boolean);
}

function site(view) {
  const entered = { scope: scopeOf(view), known: view.state?.values };
  const act = (element, blockId, value) => attempt("click", {
    user: world.me.id, action_id: element.action_id, block_id: blockId, value, state: values(entered, view.blocks) }).then(refresh);
  return { ...entered, look: world, act, touched: (blockId) => clearError(view, blockId) };
}

async function submit(event) {
  event.preventDefault();
  const { view, form } = shown;
  if (!view.submit || form.getAttribute("aria-busy") === "true") return undefined;
  form.setAttribute("aria-busy", "true");
  const answer = await attempt("submit", { user: world.me.id, values: values(site(view), view.blocks) });
  form.removeAttribute("aria-busy");
  if (answer?.outcome === "errors") reportErrors(view, answer.errors ?? {});
  else if (answer) errorsOf.delete(view.id);
  return refresh();
}

/** The cross takes the whole stack away, where Close and Back show what lies below. */
async function dismiss() {
  await attempt("close", { user: world.me.id, all: true });
  return refresh();
}

async function close() {
  await attempt("close", { user: world.me.id });
  return refresh();
}

function reportErrors(view, errors) {
  errorsOf.set(view.id, errors);
  if (shown?.view.id !== view.id) return;
  showErrors(errors);
  shown.body.querySelector("[aria-invalid=true]")?.focus();
}

function showErrors(errors) {
  for (const slot of shown.body.querySelectorAll("[data-problem]")) {
    const text = errors[slot.dataset.problem] ?? "";
    slot.textContent = text;
    const block = slot.closest("[data-block-id]");
    block.classList.toggle("wrong", Boolean(text));
    for (const control of block.querySelectorAll("input, textarea, select")) {
      if (text) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }
}

function clearError(view, blockId) {
  const errors = errorsOf.get(view.id);
  if (!errors?.[blockId]) return;
  delete errors[blockId];
  showErrors(errors);
}

const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)";

const FIELD = "input:not(:disabled), select:not(:disabled), textarea:not(:disabled)";

/** The first field; where there is none, the modal itself, so that Enter presses nothing unseen. */
function focusFirst() {
  const wanted = shown.body.querySelector("[data-focus-on-load]") ?? shown.body.querySelector(FIELD);
  (wanted ?? shown.form).focus();
}

function keys(event) {
  if (event.key === "Escape" && !document.querySelector(":popover-open")) {
    event.preventDefault();
    close();
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) shown.form.requestSubmit();
  if (event.key === "Tab") trap(event);
}

function trap(event) {
  const all = [...shown.form.querySelectorAll(FOCUSABLE)].filter((each) => each.offsetParent);
  const [first, last] = [all[0], all.at(-1)];
  const edge = event.shiftKey ? first : last;
  if (document.activeElement !== edge && document.activeElement !== shown.form) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}
