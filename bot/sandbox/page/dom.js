// Building and updating DOM nodes. Text only ever enters through text nodes, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** A node: `h("p", {class: "note", data: {ts}, on: {click}}, "text", child)`. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) apply(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function apply(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "data") {
    for (const [key, text] of Object.entries(value)) if (text !== undefined && text !== null) node.dataset[key] = text;
  } else if (name === "value" || name === "checked" || name === "selected") {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? "" : value);
  }
}

/** An icon of stroked paths on a 24 by 24 grid; decoration, so hidden from assistive technology. */
export function icon(...paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** Three dots: more can be done here. */
export function dots() {
  const svg = icon("M5 12h.01M12 12h.01M19 12h.01");
  svg.classList.add("dots");
  return svg;
}

export function fragment(...nodes) {
  const all = document.createDocumentFragment();
  all.append(...nodes.flat(Infinity));
  return all;
}

let lastId = 0;
export const freshId = (stem) => `${stem}-${++lastId}`;

const drawn = new WeakMap();

/**
 * Make the children of `parent` those of `items` ({key, sig, build}), in that order.
 * A child whose signature is unchanged stays the same node, so nothing in it is lost.
 */
export function reconcile(parent, items) {
  const old = new Map();
  for (const child of parent.children) if (drawn.has(child)) old.set(drawn.get(child).key, child);
  const wanted = new Set(items.map((item) => item.key));
  keepFocus(parent, () => {
    // What goes, goes first, and what changes is replaced where it stands: a node that is moved
    // loses the focus, and with it what is half typed.
    for (const [key, child] of old) if (!wanted.has(key)) child.remove();
    let cursor = parent.firstChild;
    for (const item of items) {
      const before = old.get(item.key);
      const same = before && drawn.get(before).sig === item.sig;
      const node = same ? before : item.build();
      if (!same) drawn.set(node, { key: item.key, sig: item.sig });
      if (node === cursor) cursor = cursor.nextSibling;
      else if (before && before === cursor) {
        cursor = cursor.nextSibling;
        before.replaceWith(node);
      } else parent.insertBefore(node, cursor);
    }
    while (cursor) {
      const next = cursor.nextSibling;
      cursor.remove();
      cursor = next;
    }
  });
}

/** Redraw with `change`, then give focus and caret back to the element that took the old one's place. */
export function keepFocus(root, change) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const path = active && focusPath(active);
  const caret = active && caretOf(active);
  change();
  if (!active || active.isConnected || !path) return;
  const heir = root.querySelector(path);
  heir?.focus({ preventScroll: true });
  if (heir && caret) heir.setSelectionRange?.(...caret);
}

/** A selector that finds the element again after its surroundings were redrawn, or null. */
export function focusPath(node) {
  const steps = [];
  const message = node.closest("[data-ts]");
  if (message) steps.push(`[data-ts="${CSS.escape(message.dataset.ts)}"]`);
  const block = node.closest("[data-block-id]");
  if (block) steps.push(`[data-block-id="${CSS.escape(block.dataset.blockId)}"]`);
  const own = ["actionId", "choice", "focus"].filter((key) => node.dataset[key] !== undefined);
  if (!own.length) return null;
  const dashed = (key) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  steps.push(own.map((key) => `[data-${dashed(key)}="${CSS.escape(node.dataset[key])}"]`).join(""));
  return steps.join(" ");
}

function caretOf(node) {
  try {
    return node.selectionStart === null ? null : [node.selectionStart, node.selectionEnd];
  } catch {
    return null;
  }
}
