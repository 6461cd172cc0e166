// Menus that open at a button, and the dialog that asks before something happens.

import { freshId, h } from "./dom.js";

const GAP = 4;

/** Open a menu of `items` ({text, detail, danger, run}) at `anchor`. */
export function openMenu(anchor, label, items) {
  const buttons = items.map((item) => menuItem(item, () => menu.hidePopover()));
  const menu = h("div", { class: "menu", role: "menu", popover: "auto", "aria-label": label, on: { keydown: roam } }, buttons);
  anchor.closest("[data-menu-host]")?.classList.add("menu-open");
  anchor.setAttribute("aria-expanded", "true");
  menu.addEventListener("toggle", (event) => event.newState === "closed" && finish());
  document.body.append(menu);
  menu.showPopover();
  position(menu, anchor);
  buttons[0]?.focus();

  function finish() {
    anchor.setAttribute("aria-expanded", "false");
    anchor.closest("[data-menu-host]")?.classList.remove("menu-open");
    if (menu.contains(document.activeElement) || document.activeElement === document.body) anchor.focus();
    menu.remove();
  }
}

function menuItem({ text, detail, danger, run }, close) {
  const choose = () => {
    close();
    run();
  };
  return h("button", { type: "button", role: "menuitem", class: danger ? "danger" : null, on: { click: choose } },
    h("span", {}, text), detail ? h("small", {}, detail) : null);
}

function roam(event) {
  const items = [...event.currentTarget.children];
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === "Tab") event.currentTarget.hidePopover();
  if (next === undefined) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
}

/** Place a popover under its anchor, or above where there is no room. */
export function position(popover, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const below = at.bottom + GAP + height <= innerHeight;
  popover.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
  popover.style.top = `${Math.max(GAP, below ? at.bottom + GAP : at.top - height - GAP)}px`;
}

/** Ask in a dialog of its own; resolves to the typed text (or true) when agreed, to null otherwise. */
export function ask({ title, body, agree, refuse = "Cancel", danger = false, text = null }) {
  return new Promise((resolve) => {
    const heading = freshId("ask");
    const opener = document.activeElement;
    const field = text === null ? null : h("textarea", { rows: 4, value: text, "aria-label": "Text" });
    const button = (label, kind, outcome) =>
      h("button", { type: "button", class: kind, on: { click: () => (answer = outcome(), dialog.close()) } }, label);
    let answer = null;
    const dialog = h("dialog", { class: "ask", "aria-labelledby": heading },
      h("h2", { id: heading }, title), body ? h("p", {}, body) : null, field,
      h("div", { class: "row end" },
        button(refuse, "button", () => null),
        button(agree, danger ? "button danger solid" : "button primary", () => field?.value ?? true)));
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => {
      dialog.remove();
      opener?.focus?.();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    (field ?? dialog.querySelector("button:last-of-type")).focus();
  });
}
