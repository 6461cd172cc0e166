// Standard Markdown, as the `markdown` block carries it: headings, lists, quotes, code, tables, links.

import { h } from "./dom.js";
import { emojiNode, link } from "./mrkdwn.js";

const INLINE = new RegExp([
  "`([^`\\n]+)`",
  "\\[([^\\]\\n]+)\\]\\(([^()\\s]+)\\)",
  "(?:\\*\\*|__)(?=\\S)(.+?\\S|\\S)(?:\\*\\*|__)",
  "~~(?=\\S)(.+?)~~",
  "(?<![\\w*])\\*(?=[^\\s*])([^*\\n]*[^*\\s])\\*(?!\\w)",
  "(?<![\\w_])_(?=[^\\s_])([^_\\n]*[^_\\s])_(?!\\w)",
  ":([a-z0-9_+-]+):",
  "(https?://[^\\s<>]*[^\\s<>.,;:!?)\\]'\"])",
  "(\\n)",
].join("|"), "g");

function inline(text, look) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(text.slice(from, match.index));
    nodes.push(token(match, look));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

function token([whole, code, label, url, bold, strike, star, under, shortcode, bare, newline], look) {
  if (code) return h("code", {}, code);
  if (label) return link(url, inline(label, look), look);
  if (bold) return h("strong", {}, inline(bold, look));
  if (strike) return h("s", {}, inline(strike, look));
  if (star || under) return h("em", {}, inline(star || under, look));
  if (shortcode) return emojiNode(shortcode, whole);
  if (bare) return link(bare, bare, look);
  return newline ? h("br") : whole;
}

const STARTS = [
  [/^```/, fence],
  [/^#{1,6}\s/, heading],
  [/^(?:-{3,}|\*{3,}|_{3,})\s*$/, rule],
  [/^>/, quote],
  [/^\s*(?:[-*+]|\d+[.)])\s+/, list],
  [/^\|.*\|\s*$/, table],
];
const startOf = (line) => STARTS.find(([pattern]) => pattern.test(line));

export function markdown(text, look) {
  const lines = text.split("\n");
  const nodes = [];
  while (lines.length) {
    if (!lines[0].trim()) lines.shift();
    else nodes.push((startOf(lines[0])?.[1] ?? paragraph)(lines, look));
  }
  return h("div", { class: "rich-text" }, nodes);
}

/** Take the leading lines for which `keep` holds; at least one. */
function take(lines, keep) {
  const taken = [lines.shift()];
  while (lines.length && keep(lines[0])) taken.push(lines.shift());
  return taken;
}

function paragraph(lines, look) {
  return h("p", {}, inline(take(lines, (line) => line.trim() && !startOf(line)).join("\n"), look));
}

function fence(lines) {
  const code = take(lines, (line) => !line.startsWith("```")).slice(1);
  lines.shift();
  return h("pre", {}, code.join("\n"));
}

function heading(lines, look) {
  const [, marks, text] = /^(#+)\s+(.*)$/.exec(lines.shift());
  return h(`h${Math.min(marks.length + 2, 6)}`, { class: `level-${marks.length}` }, inline(text, look));
}

function rule(lines) {
  lines.shift();
  return h("hr");
}

function quote(lines, look) {
  const inside = take(lines, (line) => line.startsWith(">")).map((line) => line.replace(/^>\s?/, ""));
  return h("blockquote", {}, inline(inside.join("\n"), look));
}

const ITEM = /^(\s*)(?:[-*+]|(\d+)[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;

function list(lines, look) {
  const items = take(lines, (line) => ITEM.test(line)).map((line) => ITEM.exec(line));
  const [, , number] = items[0];
  return h(number ? "ol" : "ul", { start: number }, items.map(([, indent, , box, text]) =>
    h("li", { class: `indent-${Math.min(Math.floor(indent.length / 2), 8)}` },
      box ? (box === " " ? "☐ " : "☑ ") : null, inline(text, look))));
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

function table(lines, look) {
  const rows = take(lines, (line) => /^\|/.test(line)).map(cells);
  const headed = rows[1]?.every((cell) => /^:?-+:?$/.test(cell));
  const row = (tag) => (each) => h("tr", {}, each.map((cell) => h(tag, {}, inline(cell, look))));
  return h("div", { class: "table" }, h("table", {},
    headed ? h("thead", {}, row("th")(rows[0])) : null,
    h("tbody", {}, rows.slice(headed ? 2 : 0).map(row("td")))));
}
