// A line for the first visit: what to do next. It follows where the person has got to, until dismissed.

import { nameOf } from "./people.js";
import { messagesIn } from "./store.js";
import { plainText } from "./text.js";

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
  const button = direct && firstButton(messagesIn(world, direct.id));
  if (button) {
    const there = place.channel === direct.id && !place.home && !place.jira;
    const way = there ? `Press ${button}` : `Open the DM with ${nameOf(bot)} and press ${button}`;
    return `${who} ${way}. Then move the clock.`;
  }
  if (state.next_due && state.clock_movable) {
    return `${who} Press Next above to move the clock on, and see whom ${nameOf(bot)} asks.`;
  }
  if (place.jira) return `${who} Open an issue, move it, or act as somebody else.`;
  const command = state.commands[0];
  return command ? `${who} Type ${command} below to begin, or act as somebody else.` : `${who} Write something, or act as somebody else.`;
}

/** The label of the button that the app's latest message puts forward, if it does. */
function firstButton(messages) {
  const elements = (message) => (message.blocks ?? []).flatMap((block) => block.elements ?? [block.accessory]);
  const last = messages.findLast((each) => each.bot_id && !each.thread_ts);
  return last && plainText(elements(last).find((each) => each?.type === "button" && each.style === "primary")?.text);
}
