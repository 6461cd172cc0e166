// rich_text blocks as DOM nodes.

import { h } from "./dom.js";
import { channelMention, emojiNode, link, userMention } from "./mrkdwn.js";
import { slackDate } from "./time.js";

const ELEMENTS = {
  text: (each) => lines(each.text),
  link: (each, look) => link(each.url, each.text || each.url, look),
  emoji: (each) => emojiNode(each.name),
  user: (each, look) => userMention(each.user_id, look),
  channel: (each, look) => channelMention(each.channel_id, look),
  usergroup: (each) => h("span", { class: "mention" }, `@${each.usergroup_id}`),
  broadcast: (each) => h("span", { class: "mention" }, `@${each.range}`),
  color: (each) => h("code", {}, each.value),
  date: (each, look) => dateNode(each, look),
};

const STYLES = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u" };

const PARTS = {
  rich_text_section: (part, look) => h("p", {}, run(part.elements, look)),
  rich_text_quote: (part, look) => h("blockquote", {}, run(part.elements, look)),
  rich_text_preformatted: (part) => h("pre", {}, part.elements.map((each) => each.text ?? each.url ?? "")),
  rich_text_list: (part, look) => list(part, look),
};

export function richText(block, look) {
  return h("div", { class: "rich-text" },
    block.elements.map((part) => PARTS[part.type]?.(part, look) ?? h("p", {}, `(${part.type})`)));
}

export const run = (elements = [], look) => elements.map((each) => styled(each, look));

function styled(each, look) {
  const content = ELEMENTS[each.type]?.(each, look) ?? each.text ?? "";
  return Object.entries(STYLES)
    .filter(([style]) => each.style?.[style])
    .reduce((inner, [, tag]) => h(tag, {}, inner), content);
}

const lines = (text) => text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));

function dateNode(each, look) {
  const text = slackDate(each.timestamp, each.format, look) ?? each.fallback ?? "";
  const node = h("time", { title: each.fallback }, text);
  return each.url ? link(each.url, node, look) : node;
}

function list(part, look) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const start = part.offset ? part.offset + 1 : null;
  return h(tag, { start, class: `indent-${Math.min(part.indent ?? 0, 8)}` },
    part.elements.map((item) => h("li", {}, run(item.elements, look))));
}
