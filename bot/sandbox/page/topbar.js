// The clock: what time it is in the sandbox, and moving it.

import { attempt } from "./api.js";
import { nameOf } from "./people.js";
import { now, refresh } from "./store.js";
import { position } from "./menu.js";
import { city, clock, fromLocalField, localField, longDay, moment, shortDay } from "./time.js";
import { toast } from "./toast.js";

const TICK_MS = 1000;
const MOST_SILENT = 20;
const el = (id) => document.getElementById(id);
let world = null;
let busy = false;

export function setUpTopbar() {
  el("plus-quarter").addEventListener("click", () => move({ advance: "PT15M" }));
  el("plus-hour").addEventListener("click", () => move({ advance: "PT1H" }));
  el("next").addEventListener("click", () => move({ next: true }, shown(world.state)));
  el("go-to-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!el("go-to-time").value) return;
    el("go-to-panel").hidePopover();
    move({ to: fromLocalField(el("go-to-time").value, world.zone).toISOString() });
  });
  // What it begins with is set before it shows: "toggle" comes after somebody may have typed in it.
  el("go-to-panel").addEventListener("beforetoggle", (event) => event.newState === "open" && prepareGoTo());
  el("go-to-panel").addEventListener("toggle", (event) => event.newState === "open" && showGoTo());
  setInterval(() => world && drawTimes(), TICK_MS);
}

function prepareGoTo() {
  const start = localField(now(), world.zone);
  el("go-to-time").min = start;
  el("go-to-time").value = start;
  el("go-to-zone").textContent = `In ${nameOf(world.me)}'s zone, ${world.zone}. The clock only moves forward, and stops at whatever is due in between.`;
}

function showGoTo() {
  position(el("go-to-panel"), el("go-to"));
  el("go-to-time").focus();
}

/** What people can see of a state: a bot also does things at moments when nobody sees anything. */
const shown = ({ messages, homes }) => JSON.stringify([messages, homes]);

/** Move the clock; with `before`, go on from due moment to due moment until something else is seen. */
async function move(body, before) {
  if (busy) return;
  busy = true;
  drawControls();
  let answer = await attempt("clock", body);
  for (let silent = 1; before && answer?.next_due && silent < MOST_SILENT; silent += 1) {
    await refresh();
    if (shown(world.state) !== before) break;
    answer = await attempt("clock", body);
  }
  busy = false;
  if (answer?.waiting) toast(`The bot is at rest, with ${answer.waiting} sent again later.`);
  await refresh();
  drawControls();
}

export function drawTopbar(next) {
  world = next;
  drawTimes();
  drawControls();
}

const setText = (id, text) => {
  if (el(id).textContent !== text) el(id).textContent = text;
};

function drawTimes() {
  const at = now();
  setText("clock-utc", `${clock(at, "UTC")} UTC`);
  setText("clock-day", shortDay(at, "UTC"));
  setText("clock-local", `${clock(at, world.zone)} ${city(world.zone)}`);
  setText("clock-local-day", shortDay(at, world.zone));
  el("clock").title = `${longDay(at, "UTC")}; for ${nameOf(world.me)} ${longDay(at, world.zone)}`;
}

function drawControls() {
  const { state } = world;
  const due = state.next_due ? new Date(state.next_due) : null;
  const fixed = state.clock_movable === false;
  const moving = busy || Boolean(state.clock_moving);
  el("next").title = due ? `On to when something happens, from ${moment(due, now(), world.zone)} on` : "Nothing is due";
  for (const id of ["plus-quarter", "plus-hour", "go-to"]) el(id).disabled = moving || fixed;
  el("next").disabled = moving || fixed || !due;
  el("clock-busy").hidden = !moving;
  el("clock").setAttribute("aria-busy", String(moving));
  const notes = [
    state.bot_connected === false && `${nameOf(world.bot)} isn't connected.`,
    fixed && "The clock can't be moved from here: the bot runs beside this sandbox."];
  el("clock-reason").hidden = !notes.some(Boolean);
  setText("clock-reason", notes.filter(Boolean).join(" "));
}
