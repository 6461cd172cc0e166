// A line for the first visit: what to do next. It follows where the person has got to, until dismissed.

import { nameOf } from "./people.js";
import { messagesIn } from "./store.js";

const KEY = "meridian-sandbox-hint";

export function setUpHint() {
  document.getElementById("hint-close").addEventListener("click", () => {
    localStorage.setItem(KEY, "dismissed");
    document.getElementById("hint").hidden = true;
  });
}

export function drawHint(world) {
  const node = document.getElementById("hint");
  node.hidden = localStorage.getItem(KEY) === "dismissed" || !world.me;
  document.getElementById("hint-text").textContent = node.hidden ? "" : advice(world);
}

function advice(world) {
  const { me, bot, mine, place, state } = world;
  const who = `You are ${nameOf(me).split(" ")[0]}.`;
  const direct = mine.find((channel) => channel.is_im);
  const asked = direct && messagesIn(world, direct.id).some((each) => each.blocks?.some((block) => block.type === "actions"));
  const there = place.channel === direct?.id && !place.home;
  if (asked) {
    const way = there ? "Press Answer" : `Open the DM with ${nameOf(bot)} and press Answer`;
    return `${who} ${way}. Then move the clock.`;
  }
  const command = state.commands[0]?.command ?? state.commands[0];
  if (state.next_due && state.clock_movable !== false) return `${who} Press Next above to move the clock to what is due, and see whom ${nameOf(bot)} asks.`;
  return command ? `${who} Type ${command} below to begin, or act as somebody else.` : `${who} Write something, or act as somebody else.`;
}
