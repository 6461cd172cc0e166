// Block Kit's interactive elements: buttons, fields, boxes. Selects live in `selects.js`.

import { dots, freshId, h } from "./dom.js";
import { read, write } from "./drafts.js";
import { externalMultiSelect, externalSelect } from "./external.js";
import { ask, openMenu } from "./menu.js";
import { placeOf } from "./mrkdwn.js";
import { multiSelect, singleSelect } from "./selects.js";
import { compositionText, plainText } from "./text.js";

const DRAW = {
  button,
  overflow,
  plain_text_input: textInput,
  email_text_input: (element, use) => field(element, use, { type: "email" }),
  url_text_input: (element, use) => field(element, use, { type: "url" }),
  number_input: (element, use) => field(element, use, {
    type: "number", min: element.min_value, max: element.max_value, step: element.is_decimal_allowed ? "any" : 1 }),
  datepicker: (element, use) => field(element, use, { type: "date" }, "change"),
  timepicker: (element, use) => field(element, use, { type: "time" }, "change"),
  datetimepicker: (element, use) => field(element, use, { type: "datetime-local" }, "change"),
  checkboxes: (element, use) => boxes(element, use, "checkbox"),
  radio_buttons: (element, use) => boxes(element, use, "radio"),
  static_select: singleSelect,
  external_select: externalSelect,
  users_select: singleSelect,
  conversations_select: singleSelect,
  channels_select: singleSelect,
  multi_static_select: multiSelect,
  multi_external_select: externalMultiSelect,
  multi_users_select: multiSelect,
  multi_conversations_select: multiSelect,
  multi_channels_select: multiSelect,
};

const GROUPS = /^(checkboxes|radio_buttons|multi_)/;

/** An element outside an input block: whatever is chosen is sent at once. */
export function drawElement(element, block, site, nearby = "") {
  const draw = DRAW[element.type];
  if (!draw) return h("span", { class: "muted" }, `(${element.type})`);
  const label = element.accessibility_label ?? (plainText(element.placeholder) || nearby || element.action_id);
  return draw(element, usage(element, block, site, { "aria-label": label }, true));
}

/** What an element's drawing needs: its value, how to keep it, how to name it, how to send it. */
function usage(element, block, site, naming, sends) {
  const sure = async () => !element.confirm || agreed(element.confirm, site.look);
  const send = async (value) => (await sure()) && site.act(element, block.block_id, value);
  return {
    naming,
    sends,
    look: site.look,
    suggestion: (query) => ({ user: site.look.me.id, action_id: element.action_id, block_id: block.block_id, query }),
    optional: block.type === "input" && Boolean(block.optional),
    value: () => read(site, block.block_id, element),
    send,
    keep: (value) => write(site.scope, block.block_id, element.action_id, value),
    choose(value) {
      write(site.scope, block.block_id, element.action_id, value);
      site.touched?.(block.block_id);
      if (sends) send(value);
    },
  };
}

const agreed = (confirm, look) => ask({
  title: plainText(confirm.title),
  body: compositionText(confirm.text, look),
  agree: plainText(confirm.confirm),
  refuse: plainText(confirm.deny),
  danger: confirm.style === "danger",
});

/** An input block: label, element, hint and the place for its error. */
export function drawInput(block, site) {
  const { element } = block;
  const [id, hint, problem] = [freshId("input"), freshId("hint"), freshId("problem")];
  const group = GROUPS.test(element.type);
  const naming = { id, "aria-describedby": `${hint} ${problem}` };
  const draw = DRAW[element.type] ?? (() => h("span", { class: "muted" }, `(${element.type})`));
  const control = draw(element, usage(element, block, site, naming, Boolean(block.dispatch_action)));
  const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
  const label = [plainText(block.label), optional];
  const foot = [
    h("p", { class: "hint", id: hint }, plainText(block.hint)),
    h("p", { class: "problem", id: problem, role: "alert", data: { problem: block.block_id } }),
  ];
  return group && !element.type.startsWith("multi_")
    ? h("fieldset", { "aria-describedby": naming["aria-describedby"] }, h("legend", {}, label), control, foot)
    : h("div", {}, h("label", { for: id }, label), control, foot);
}

function button(element, use) {
  const press = async (event) => {
    const pressed = event.currentTarget;
    if (pressed.getAttribute("aria-busy") === "true") return;
    pressed.setAttribute("aria-busy", "true");
    await use.send(element.value);
    pressed.removeAttribute("aria-busy");
  };
  const style = ["button", element.style].filter(Boolean).join(" ");
  const label = element.accessibility_label ?? null;
  const shared = { class: style, "aria-label": label, data: { actionId: element.action_id }, on: { click: press } };
  const text = compositionText(element.text);
  if (!/^https?:/.test(element.url ?? "")) return h("button", { type: "button", ...shared }, text);
  const place = placeOf(element.url, use.look);
  if (place) return h("a", { href: place, ...shared }, text);
  return h("a", { href: element.url, target: "_blank", rel: "noreferrer noopener", ...shared }, text);
}

function overflow(element, use) {
  const items = element.options.map((option) => ({
    text: plainText(option.text),
    detail: plainText(option.description),
    run: () => use.send(option.value),
  }));
  const open = (event) => openMenu(event.currentTarget, "More options", items);
  return h("button", {
    type: "button", class: "button square", "aria-haspopup": "menu", "aria-label": element.accessibility_label ?? "More options",
    data: { actionId: element.action_id }, on: { click: open } }, dots());
}

function field(element, use, attributes, sendsOn = "commit") {
  const stored = element.type === "datetimepicker" ? instantField(use) : use;
  const input = h("input", {
    ...attributes, ...use.naming, class: "field", placeholder: plainText(element.placeholder) || null,
    "data-action-id": element.action_id, value: stored.value() ?? "", autocomplete: "off",
    "data-focus-on-load": element.focus_on_load || null });
  input.addEventListener("input", () => stored.keep(input.value || null));
  // A picker has its whole value on `change`; a text is ready when the person presses Enter.
  if (sendsOn === "change") input.addEventListener("change", () => stored.choose(input.value || null));
  else dispatchTyped(input, element, use);
  return input;
}

/** A datetimepicker holds Unix seconds, its field the person's local time. */
function instantField(use) {
  const { toField, fromField } = use.look.instants;
  const outward = (text) => (text ? fromField(text) : null);
  return {
    value: () => (use.value() ? toField(use.value()) : null),
    keep: (text) => use.keep(outward(text)),
    choose: (text) => use.choose(outward(text)),
  };
}

function textInput(element, use) {
  if (!element.multiline) return withCounter(field(element, use, { type: "text" }), element);
  const input = h("textarea", {
    ...use.naming, class: "field", rows: 4, placeholder: plainText(element.placeholder) || null,
    "data-action-id": element.action_id, value: use.value() ?? "", "data-focus-on-load": element.focus_on_load || null });
  input.addEventListener("input", () => use.keep(input.value || null));
  dispatchTyped(input, element, use);
  return withCounter(input, element);
}

function dispatchTyped(input, element, use) {
  if (!use.sends) return;
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (triggers.includes("on_character_entered")) input.addEventListener("input", () => use.choose(input.value || null));
  if (!triggers.includes("on_enter_pressed")) return;
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    use.choose(input.value || null);
  });
}

// A count is shown once there is little left, as it would only distract before.
const COUNTED_FROM = 0.8;

function withCounter(input, element) {
  const most = element.max_length;
  if (!most) return input;
  const counter = h("span", { class: "counter", "aria-hidden": "true" });
  const count = () => {
    const used = input.value.length;
    counter.hidden = used < most * COUNTED_FROM;
    counter.textContent = `${used} / ${most}`;
    counter.classList.toggle("over", used > most);
  };
  input.addEventListener("input", count);
  count();
  return h("div", { class: "counted" }, input, counter);
}

function boxes(element, use, type) {
  const name = freshId("choice");
  const chosen = [use.value() ?? []].flat();
  const group = h("div", {
    class: "boxes", role: use.naming["aria-label"] ? "group" : null, "aria-label": use.naming["aria-label"],
    "data-action-id": element.action_id });
  const inputs = element.options.map((option) => h("input", {
    type, name, value: option.value, checked: chosen.includes(option.value), data: { choice: option.value }, on: { change: changed } }));
  function changed() {
    const picked = inputs.filter((each) => each.checked).map((each) => each.value);
    use.choose(type === "radio" ? picked[0] ?? null : picked);
  }
  group.append(...element.options.map((option, index) => h("label", { class: "box" }, inputs[index],
    h("span", {}, compositionText(option.text, use.look),
      option.description ? h("small", {}, compositionText(option.description, use.look)) : null))));
  return group;
}
