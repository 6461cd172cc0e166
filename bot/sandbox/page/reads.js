// What each person has read. Only the page knows: the sandbox has no eyes.

import { forgetLog } from "./inspector.js";
import { messagesIn } from "./store.js";

const KEY = "meridian-sandbox-read";
const marks = load();
let latest = 0;

function load() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

const spot = (userId, channelId) => `${userId}/${channelId}`;

export const readUpTo = (world, channelId) => marks[spot(world.me?.id, channelId)] ?? 0;

/** How many messages by others stand in the channel beyond what the person has read. */
export function unread(world, channelId) {
  const mark = readUpTo(world, channelId);
  return messagesIn(world, channelId).filter((each) => Number(each.ts) > mark && each.user !== world.me?.id).length;
}

export function markRead(world, channelId) {
  const last = messagesIn(world, channelId).at(-1);
  if (!last || Number(last.ts) <= readUpTo(world, channelId)) return;
  marks[spot(world.me?.id, channelId)] = Number(last.ts);
  sessionStorage.setItem(KEY, JSON.stringify(marks));
}

/** Calendar time never goes back, so an earlier one means a fresh sandbox: nothing of it has been read. */
export function noticeRestart(world) {
  const at = Date.parse(world.state.now);
  if (at < latest) {
    for (const key of Object.keys(marks)) delete marks[key];
    forgetLog();
  }
  latest = at;
}
