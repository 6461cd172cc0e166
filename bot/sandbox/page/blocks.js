// Block Kit blocks as DOM nodes. A `site` says where they stand:
// {look, scope, act(element, blockId, value)}; see `elements.js` for what people can use in them.

import { h } from "./dom.js";
import { drawElement, drawInput } from "./elements.js";
import { markdown } from "./markdown.js";
import { mrkdwn } from "./mrkdwn.js";
import { picture } from "./pictures.js";
import { richText, run } from "./richtext.js";
import { compositionText } from "./text.js";

const BLOCKS = {
  header: (block) => h(`h${Math.min((block.level ?? 1) + 2, 6)}`, { class: "header" }, compositionText(block.text)),
  divider: () => h("hr"),
  section,
  context: (block, site) => h("div", { class: "context-line" }, block.elements.map((each) => contextElement(each, site))),
  actions: (block, site) => h("div", { class: "actions" }, block.elements.map((each) => drawElement(each, block, site))),
  input: drawInput,
  image: (block) => picture(block),
  rich_text: (block, site) => richText(block, site.look),
  markdown: (block, site) => markdown(block.text, site.look),
  table,
};

export function drawBlocks(blocks, site) {
  return (blocks ?? []).map((block) => {
    const draw = BLOCKS[block.type] ?? undrawn;
    const kind = block.type.replaceAll("_", "-");
    return h("div", { class: `block ${kind}-block`, data: { blockId: block.block_id } }, draw(block, site));
  });
}

const undrawn = (block) => h("p", { class: "muted" }, `A ${block.type} block, which this page doesn't draw.`);

function section(block, site) {
  const body = h("div", { class: "section-body" },
    block.text ? h("div", { class: "text" }, compositionText(block.text, site.look)) : null,
    block.fields ? h("div", { class: "fields" },
      block.fields.map((field) => h("div", { class: "text" }, compositionText(field, site.look)))) : null);
  if (!block.accessory) return body;
  const accessory = block.accessory.type === "image"
    ? picture(block.accessory, "thumbnail")
    : drawElement(block.accessory, block, site, body.textContent);
  return [body, h("div", { class: "accessory" }, accessory)];
}

function contextElement(element, site) {
  if (element.type === "image") return picture(element, "glyph");
  return h("span", { class: "text" }, element.type === "mrkdwn" ? mrkdwn(element.text, site.look) : compositionText(element));
}

function table(block, site) {
  const cell = (each) => each.type === "rich_text" ? each.elements.map((part) => run(part.elements, site.look)) : each.text;
  const row = (tag) => (cells) => h("tr", {}, cells.map((each) => h(tag, {}, cell(each))));
  const [head, ...rest] = block.rows;
  return h("div", { class: "table" }, h("table", {}, h("thead", {}, row("th")(head)), h("tbody", {}, rest.map(row("td")))));
}
