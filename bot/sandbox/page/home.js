// The acting person's App Home.

import { attempt } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { keepFocus } from "./dom.js";
import { prune, values } from "./drafts.js";
import { nameOf } from "./people.js";
import { refresh } from "./store.js";
import { isoDate } from "./time.js";

let opened = null;
let shown = null;

export function drawHome(world) {
  const { me, place } = world;
  document.getElementById("home").hidden = !place.home;
  if (!place.home || !me) {
    opened = null;
    return;
  }
  if (opened !== me.id) {
    opened = me.id;
    // Slack tells the app each time somebody looks at its Home; the app draws it in answer.
    if (!me.deleted) attempt("home", { user: me.id }).then(refresh);
  }
  draw(world, world.state.homes?.[me.id]);
}

function draw(world, view) {
  const sig = JSON.stringify([world.me.id, view?.hash, view?.blocks, isoDate(world.now, world.zone), world.zone, [...world.users.keys()]]);
  document.getElementById("home-empty").hidden = Boolean(view);
  document.getElementById("home-empty").textContent = `${nameOf(world.bot)} hasn't drawn a Home for ${nameOf(world.me)} yet.`;
  if (sig === shown) return;
  shown = sig;
  prune(`home:${world.me.id}`, view?.blocks ?? []);
  const body = document.getElementById("home-body");
  keepFocus(body, () => body.replaceChildren(...drawBlocks(view?.blocks, site(world, view))));
}

function site(world, view) {
  const entered = { scope: `home:${world.me.id}`, known: view?.state?.values };
  const act = (element, blockId, value) => attempt("click", {
    user: world.me.id, action_id: element.action_id, block_id: blockId, value, state: values(entered, view.blocks) }).then(refresh);
  return { ...entered, look: world, act };
}
