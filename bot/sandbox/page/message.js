// One message: who, when, what, and what can be done with it.

import { attempt } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { dots, h, icon } from "./dom.js";
import { values } from "./drafts.js";
import { emojiNode, mrkdwn } from "./mrkdwn.js";
import { ask, openMenu } from "./menu.js";
import { spoken, typed } from "./outgoing.js";
import { avatar, isApp, nameOf } from "./people.js";
import { attachment } from "./pictures.js";
import { go } from "./place.js";
import { statusMark } from "./status.js";
import { refresh } from "./store.js";
import { clock, isoDate, longDay } from "./time.js";

const GROUP_MS = 5 * 60_000;
export const instantOf = (message) => new Date(message.at ?? Number(message.ts) * 1000);

/** Whether `message` follows `before` closely enough to share its heading. */
export function continues(before, message) {
  return Boolean(before)
    && before.user === message.user
    && Boolean(before.ephemeral_to) === Boolean(message.ephemeral_to)
    && instantOf(message) - instantOf(before) < GROUP_MS;
}

/** What makes a message look different: its content, its reader, the day (for "today") and the names in it. */
export function signature(message, world, more) {
  const author = world.users.get(message.user);
  return JSON.stringify([message, more, world.me?.id, world.zone, isoDate(world.now, world.zone), nameOf(author), author?.color, author?.status_text, author?.status_emoji]);
}

/** `replies` is the thread's messages where a summary is wanted, null inside the thread itself. */
export function drawMessage(message, world, { compact = false, replies = null } = {}) {
  const author = world.users.get(message.user);
  const at = instantOf(message);
  const kinds = ["message", compact && "compact", message.ephemeral_to && "ephemeral"].filter(Boolean);
  const time = h("time", { datetime: at.toISOString(), title: `${longDay(at, world.zone)}, ${clock(at, world.zone)}` }, clock(at, world.zone));
  const head = h("header", {}, h("strong", { class: "author" }, nameOf(author)), statusMark(author, world),
    isApp(author) ? h("span", { class: "badge" }, "App") : null, " ", time);
  return h("article", {
    class: kinds.join(" "), data: { ts: message.ts, menuHost: "" }, "aria-label": `${nameOf(author)}, ${clock(at, world.zone)}` },
  h("div", { class: "gutter" }, compact ? time : avatar(author)),
  h("div", { class: "content" },
    message.ephemeral_to ? onlyYou(message, world) : null,
    compact ? null : head,
    message.subtype === "thread_broadcast" || message.broadcast ? h("p", { class: "muted" }, "replied to a thread") : null,
    body(message, world),
    reactions(message, world),
    replies?.length ? threadSummary(message, replies, world) : null),
  toolbar(message, world, replies !== null));
}

function onlyYou(message, world) {
  const dismiss = () => attempt("dismiss", { user: world.me.id, channel: message.channel, ts: message.ts }).then(refresh);
  return h("p", { class: "only-you" }, "Only visible to you · ", h("button", { type: "button", data: { focus: "dismiss" }, on: { click: dismiss } }, "Dismiss"));
}

function body(message, world) {
  if (message.deleted) return h("p", { class: "muted" }, "This message was deleted.");
  const files = (message.files ?? []).map((file) => attachment(file));
  // What people write carries the same as rich text; their text is what they read.
  if (!message.blocks?.length || !message.bot_id) {
    const edited = message.edited && [" ", h("small", { class: "edited" }, "(edited)")];
    return [h("div", { class: "text" }, mrkdwn(message.text, world), edited), files];
  }
  // Slack says of no message with blocks that it was edited.
  return [h("div", { class: "blocks" }, drawBlocks(message.blocks, siteOf(message, world))), files];
}

function siteOf(message, world) {
  const scope = `message:${world.me?.id}:${message.channel}:${message.ts}`;
  const act = (element, blockId, value) => attempt("click", {
    user: world.me.id, channel: message.channel, ts: message.ts,
    action_id: element.action_id, block_id: blockId, value, state: values({ scope }, message.blocks),
  }).then(refresh);
  return { look: world, scope, act };
}

function reactions(message, world) {
  const all = Array.isArray(message.reactions)
    ? message.reactions
    : Object.entries(message.reactions ?? {}).map(([name, users]) => ({ name, users }));
  if (!all.length) return null;
  return h("p", { class: "reactions" }, all.map(({ name, users }) =>
    h("span", { class: "reaction", title: users.map((id) => nameOf(world.users.get(id))).join(", ") }, emojiNode(name), ` ${users.length}`)));
}

function threadSummary(message, replies, world) {
  const faces = [...new Set(replies.map((each) => each.user))].slice(0, 4).map((id) => avatar(world.users.get(id)));
  const count = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
  return h("button", { type: "button", class: "thread-summary", data: { focus: "thread" }, on: { click: () => go({ thread: message.ts }) } },
    h("span", { class: "faces" }, faces), h("strong", {}, count),
    h("small", {}, `last at ${clock(instantOf(replies.at(-1)), world.zone)}`));
}

function toolbar(message, world, canReply) {
  if (message.ephemeral_to) return null;
  const reply = canReply ? h("button", {
    type: "button", "aria-label": "Reply in thread", title: "Reply in thread", data: { focus: "reply" },
    on: { click: () => go({ thread: message.ts }) } }, icon("M4 5h16v11H9l-5 4z", "M8 9h8M8 12h5")) : null;
  const items = message.deleted ? [] : menuItems(message, world);
  const more = items.length ? h("button", {
    type: "button", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu", data: { focus: "more" },
    on: { click: (event) => openMenu(event.currentTarget, "Message actions", items) } }, dots()) : null;
  return reply || more ? h("div", { class: "toolbar" }, reply, more) : null;
}

function menuItems(message, world) {
  const { me, state, bot } = world;
  const target = { user: me?.id, channel: message.channel, ts: message.ts };
  const shortcuts = (state.shortcuts ?? []).filter((each) => each.type !== "global").map((each) => ({
    text: each.name, detail: nameOf(bot), run: () => attempt("shortcut", { ...target, callback_id: each.callback_id }).then(refresh) }));
  const own = message.user === me?.id ? [
    { text: "Edit message", run: () => edit(message, target, world) },
    { text: "Delete message", danger: true, run: () => remove(target) },
  ] : [];
  return [...shortcuts, ...own];
}

async function edit(message, target, world) {
  const text = await ask({ title: "Edit message", agree: "Save", text: typed(message.text, world) });
  if (text?.trim()) await attempt("edit", { ...target, text: spoken(text.trim(), world) }).then(refresh);
}

async function remove(target) {
  const sure = await ask({ title: "Delete message", body: "It will be gone for everyone.", agree: "Delete", danger: true });
  if (sure) await attempt("delete", { ...target, text: "" }).then(refresh);
}
