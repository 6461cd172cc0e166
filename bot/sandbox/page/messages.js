// The messages of a channel, and those of a thread.

import { h, reconcile } from "./dom.js";
import { followEnd } from "./follow.js";
import { continues, drawMessage, instantOf, signature } from "./message.js";
import { go } from "./place.js";
import { markRead, readUpTo } from "./reads.js";
import { messagesIn } from "./store.js";
import { dayHeading, isoDate } from "./time.js";

const PAGE = 150;
let shownPlace = null;
let firstNew = null;
let lastShown = null;
let limit = PAGE;

const isTop = (message) => !message.thread_ts || message.thread_ts === message.ts || message.broadcast;
const el = (id) => document.getElementById(id);

export function drawPlace(world) {
  const { place } = world;
  el("conversation").hidden = place.home || place.jira;
  if (place.home || place.jira) {
    shownPlace = null;
    return;
  }
  const channel = world.channels.get(place.channel);
  drawHeading(channel, world);
  drawList(world);
}

function drawHeading(channel, world) {
  const title = channel ? (channel.is_im ? world.nameOf(channel) : `#${channel.name}`) : "No conversation";
  const members = channel && !channel.is_im ? channel.members.map((id) => world.users.get(id)?.real_name ?? id) : [];
  el("place-title").textContent = title;
  const note = el("place-note");
  note.textContent = [
    members.length ? `${members.length} members` : channel && "Direct message with the app",
    channel?.is_private && !channel.is_im && "private", channel?.is_archived && "archived"].filter(Boolean).join(" · ");
  note.title = members.join(", ");
}

function drawList(world) {
  const { place } = world;
  const all = messagesIn(world, place.channel);
  const replies = Map.groupBy(all.filter((each) => each.thread_ts && each.thread_ts !== each.ts && !each.ephemeral_to), (each) => each.thread_ts);
  const top = all.filter(isTop);
  const key = `${place.user}/${place.channel}`;
  const moved = key !== shownPlace;
  if (moved) {
    shownPlace = key;
    firstNew = firstUnread(top, world);
    limit = PAGE;
  }
  el("messages").setAttribute("aria-label", `Messages in ${el("place-title").textContent}`);
  el("empty").hidden = top.length > 0;
  el("earlier").hidden = top.length <= limit;
  reconcile(el("message-list"), rows(top.slice(-limit), replies, world));
  if (moved) toEnd.messages(el("message-list").querySelector(".new-line"));
  else if (top.at(-1)?.ts !== lastShown && top.at(-1)?.user === world.me?.id) toEnd.messages();
  lastShown = top.at(-1)?.ts;
  if (document.visibilityState === "visible") markRead(world, place.channel);
}

/** The first message the person hasn't read on arriving; null where they haven't read anything yet. */
function firstUnread(messages, world) {
  const mark = readUpTo(world, world.place.channel);
  return mark ? messages.find((each) => Number(each.ts) > mark && each.user !== world.me?.id)?.ts : null;
}

function rows(messages, replies, world) {
  const list = [];
  let [before, day] = [null, null];
  for (const message of messages) {
    const date = isoDate(instantOf(message), world.zone);
    if (date !== day) {
      list.push(dayRow(message, date, world));
      before = null;
    }
    if (message.ts === firstNew) {
      before = null;
      list.push({ key: "new", sig: "new", build: () => h("p", { class: "new-line" }, "New") });
    }
    list.push(messageRow(message, before, replies.get(message.ts) ?? [], world));
    [before, day] = [message, date];
  }
  return list;
}

function dayRow(message, date, world) {
  const heading = dayHeading(instantOf(message), world.now, world.zone);
  return { key: `day:${date}`, sig: heading, build: () => h("h3", { class: "day" }, h("span", {}, heading)) };
}

function messageRow(message, before, replies, world) {
  const compact = continues(before, message);
  const more = [compact, replies.map((each) => [each.ts, each.user]), world.state.shortcuts];
  return {
    key: message.ts, sig: signature(message, world, more),
    build: () => drawMessage(message, world, { compact, replies }) };
}

const toEnd = {};

export function setUpMessages(redraw) {
  toEnd.messages = followEnd(el("messages"), el("message-list"));
  toEnd.thread = followEnd(el("thread-messages"), el("thread-list"));
  el("earlier").addEventListener("click", () => {
    limit += PAGE;
    redraw();
  });
  el("thread-close").addEventListener("click", () => go({ thread: null }));
  el("thread").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) go({ thread: null });
  });
}

let shownThread = null;
let lastReply = null;

export function drawThread(world) {
  const { channel, thread, home, jira } = world.place;
  const all = messagesIn(world, channel);
  const parent = all.find((each) => each.ts === thread);
  const replies = all.filter((each) => each.thread_ts === thread && each.ts !== thread);
  const open = Boolean(thread) && !home && !jira;
  const opened = open && shownThread !== thread;
  el("thread").hidden = !open;
  document.body.classList.toggle("thread-open", open);
  shownThread = open ? thread : null;
  if (!open) return;
  el("thread-note").textContent = el("place-title").textContent;
  const row = (message, index, list) => {
    const compact = index > 1 && continues(list[index - 1], message);
    return { key: message.ts, sig: signature(message, world, [compact, world.state.shortcuts]), build: () => drawMessage(message, world, { compact }) };
  };
  const shown = [parent, ...replies].filter(Boolean);
  el("thread-gone").hidden = Boolean(parent);
  reconcile(el("thread-list"), shown.map(row));
  if (opened || (shown.at(-1)?.ts !== lastReply && shown.at(-1)?.user === world.me?.id)) toEnd.thread();
  lastReply = shown.at(-1)?.ts;
}
