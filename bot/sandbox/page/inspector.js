// The traffic between the sandbox and the bot, both ways.

import { get } from "./api.js";
import { h, reconcile } from "./dom.js";
import { toast } from "./toast.js";

const SHOWN = 300;
const KEPT = 4000;
const el = (id) => document.getElementById(id);
let loading = false;
let entries = [];

export function setUpInspector() {
  el("inspector-toggle").addEventListener("click", () => toggle(el("inspector").hidden));
  el("inspector-close").addEventListener("click", () => toggle(false));
  el("inspector-filter").addEventListener("input", draw);
  el("inspector").addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
}

function toggle(open) {
  el("inspector").hidden = !open;
  document.body.classList.toggle("inspector-open", open);
  el("inspector-toggle").setAttribute("aria-expanded", String(open));
  if (open) {
    loadLog();
    el("inspector-filter").focus();
  } else {
    el("inspector-toggle").focus();
  }
}

/** Fetch what was logged since, if somebody is looking. */
export async function loadLog() {
  if (el("inspector").hidden || loading) return;
  loading = true;
  try {
    const last = entries.at(-1)?.n ?? 0;
    const answer = await get(`log?after=${last}`);
    const news = (Array.isArray(answer) ? answer : answer.entries ?? answer.log ?? []).filter((entry) => entry.n > last);
    entries = [...entries, ...news].slice(-KEPT);
    draw();
  } catch (error) {
    toast(error.message, "refusal");
  } finally {
    loading = false;
  }
}

/** A fresh sandbox counts its traffic anew. */
export function forgetLog() {
  entries = [];
}

function draw() {
  const wanted = el("inspector-filter").value.trim().toLowerCase();
  const found = entries.filter((entry) =>
    !wanted || [entry.kind, entry.summary, entry.status, entry.body].some((text) => String(text ?? "").toLowerCase().includes(wanted)));
  el("inspector-count").textContent = wanted ? `${found.length} of ${entries.length}` : String(entries.length);
  el("inspector-empty").hidden = found.length > 0;
  const rows = found.slice(-SHOWN).reverse();
  reconcile(el("log"), rows.map((entry) => ({ key: entry.n, sig: entry.at, build: () => row(entry) })));
}

function row({ at, direction, kind, summary, status, body }) {
  const out = direction === "out";
  const failed = /^(?!ok|2\d\d|ack|accepted|sent|delivered)\w/i.test(status ?? "");
  const details = h("details", {}, h("summary", {},
    h("span", { class: out ? "way to-bot" : "way from-bot" }, out ? "to bot" : "from bot"),
    h("code", {}, kind), h("span", { class: "summary-text" }, summary),
    h("span", { class: failed ? "log-status failed" : "log-status" }, status), h("time", { datetime: at }, String(at).slice(11, 19))));
  // Bodies are long and most stay shut.
  details.addEventListener("toggle", () => details.append(h("pre", {}, pretty(body) || "No body.")), { once: true });
  return h("li", {}, details);
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
