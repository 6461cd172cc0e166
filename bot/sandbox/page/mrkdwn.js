// Slack's mrkdwn as DOM nodes. `look` is what text is seen through: users, channels, zone, now, me.

import { fragment, h } from "./dom.js";
import { emoji } from "./emoji.js";
import { hashOf } from "./place.js";
import { slackDate } from "./time.js";

const TOKEN = new RegExp([
  "`([^`\\n]+)`",
  "<([^<>\\n]+)>",
  ":([a-z0-9_+-]+):",
  "(?<![\\w*])\\*(?=[^\\s*])([^*\\n]*[^*\\s])\\*(?![\\w*])",
  "(?<![\\w_])_(?=[^\\s_])([^_\\n]*[^_\\s])_(?![\\w_])",
  "(?<![\\w~])~(?=[^\\s~])([^~\\n]*[^~\\s])~(?![\\w~])",
  "(https?://[^\\s<>|]*[^\\s<>|.,;:!?)\\]'\"*_~])",
  "(\\n)",
].join("|"), "g");

export const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
export const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export function mrkdwn(text, look) {
  const parts = String(text ?? "").split(/```\n?([\s\S]+?)```/);
  return fragment(parts.map((part, index) =>
    index % 2 ? h("pre", {}, unescape(part.replace(/\n$/, ""))) : quoted(trimmed(part, index, parts.length), look)));
}

// A line break next to a preformatted part is drawn by that part's own margins.
function trimmed(part, index, count) {
  const head = index > 0 ? part.replace(/^\n/, "") : part;
  return index < count - 1 ? head.replace(/\n$/, "") : head;
}

function quoted(text, look) {
  if (!text) return [];
  const groups = [];
  for (const line of text.split("\n")) {
    const match = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    const last = groups.at(-1);
    if (last && last.quote === Boolean(match)) last.lines.push(match ? match[1] : line);
    else groups.push({ quote: Boolean(match), lines: [match ? match[1] : line] });
  }
  return groups.map(({ quote, lines }) =>
    quote ? h("blockquote", {}, inline(lines.join("\n"), look)) : inline(lines.join("\n"), look));
}

function inline(text, look) {
  const nodes = [];
  let from = 0;
  const plain = (to) => to > from && nodes.push(unescape(text.slice(from, to)));
  for (const match of text.matchAll(TOKEN)) {
    plain(match.index);
    nodes.push(token(match, look));
    from = match.index + match[0].length;
  }
  plain(text.length);
  return nodes;
}

function token([whole, code, angle, shortcode, bold, italic, strike, url, newline], look) {
  if (code) return h("code", {}, unescape(code));
  if (angle) return reference(angle, look);
  if (shortcode) return emojiNode(shortcode, whole);
  if (bold) return h("strong", {}, inline(bold, look));
  if (italic) return h("em", {}, inline(italic, look));
  if (strike) return h("s", {}, inline(strike, look));
  if (url) return link(unescape(url), unescape(url), look);
  return newline ? h("br") : whole;
}

export function emojiNode(name, whole = `:${name}:`) {
  const character = emoji(name);
  return character ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, character) : whole;
}

function reference(inside, look) {
  const bar = inside.indexOf("|");
  const [target, label] = bar < 0 ? [inside, null] : [inside.slice(0, bar), unescape(inside.slice(bar + 1))];
  if (target.startsWith("@")) return userMention(target.slice(1), look, label);
  if (target.startsWith("#")) return channelMention(target.slice(1), look, label);
  if (target.startsWith("!date^")) return dateNode(target.slice(6), label, look);
  if (target.startsWith("!")) return h("span", { class: "mention" }, `@${(label ?? target.slice(1).split("^").pop()).replace(/^@/, "")}`);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) return `<${unescape(inside)}>`;
  return link(unescape(target), label ?? unescape(target).replace(/^mailto:/, ""), look);
}

export function userMention(id, look, label = null) {
  const name = look.users.get(id)?.real_name ?? look.users.get(id)?.name ?? label ?? id;
  return h("span", { class: id === look.me?.id ? "mention of-me" : "mention", data: { user: id } }, `@${name.replace(/^@/, "")}`);
}

export function channelMention(id, look, label = null) {
  const channel = look.channels.get(id);
  const text = `#${(channel?.name ?? label ?? id).replace(/^#/, "")}`;
  if (!channel) return h("span", { class: "mention" }, text);
  return h("a", { class: "mention", href: hashOf({ user: look.me?.id, channel: id }) }, text);
}

function dateNode(inside, fallback, look) {
  const [timestamp, pattern = "", url] = inside.split("^");
  const text = slackDate(timestamp, pattern, look) ?? fallback ?? inside;
  const node = h("time", { title: fallback }, text);
  return url ? link(unescape(url), node, look) : node;
}

const SAFE = /^(https?|mailto|tel):/i;
const ARCHIVE = /\/archives\/(\w+)(?:\/p(\d+)(\d{6}))?(?:\?.*thread_ts=([\d.]+))?/;

/** Where on this page an address leads: to a message of this workspace, to an issue on the board, or null. */
export function placeOf(url, look) {
  const archive = ARCHIVE.exec(url);
  if (archive && look?.channels.has(archive[1])) {
    const [, channel, seconds, micros, parent] = archive;
    const thread = parent ?? (seconds && look.threads?.has(`${seconds}.${micros}`) ? `${seconds}.${micros}` : null);
    return hashOf({ user: look.me?.id, channel, thread });
  }
  const issues = `${look?.state?.jira?.url}/browse/`;
  return url.startsWith(issues) ? hashOf({ user: look.me?.id, jira: true, issue: url.slice(issues.length) }) : null;
}

/** A link; one within this sandbox stays on the page, one that could run a script stays text. */
export function link(url, content, look) {
  const place = placeOf(url, look);
  if (place) return h("a", { href: place }, content);
  if (!SAFE.test(url)) return h("span", {}, content);
  return h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, content);
}
