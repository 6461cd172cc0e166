// Menus of options, people and conversations, on the browser's own select: it works by keyboard and on a phone.

import { h } from "./dom.js";
import { plainText } from "./text.js";

const option = (each) => ({ value: each.value, text: plainText(each.text) });
const byText = (a, b) => a.text.localeCompare(b.text);

/** Groups of `{value, text}` that an element offers; the label is null for a plain list. */
function offered(element, look) {
  if (element.option_groups) {
    return element.option_groups.map((group) => ({ label: plainText(group.label), options: group.options.map(option) }));
  }
  if (element.options) return [{ label: null, options: element.options.map(option) }];
  if (/users_select/.test(element.type)) return [{ label: null, options: people(look) }];
  if (/conversations_select|channels_select/.test(element.type)) return conversations(element, look);
  return [{ label: null, options: [element.initial_option, ...(element.initial_options ?? [])].filter(Boolean).map(option) }];
}

const people = (look) => [...look.users.values()]
  .filter((user) => !user.deleted)
  .map((user) => ({ value: user.id, text: user.real_name || user.name }))
  .sort(byText);

function conversations(element, look) {
  const filter = element.filter ?? {};
  const kinds = element.type.includes("channels") ? ["public"] : filter.include ?? ["public", "private", "im"];
  const shared = (channel) => channel.members.some((id) => look.users.get(id)?.team_id !== look.me?.team_id);
  const open = [...look.channels.values()].filter((channel) =>
    !channel.is_archived
    && !(channel.is_private && !channel.members.includes(look.me?.id))
    && !(filter.exclude_external_shared_channels && shared(channel)));
  const channels = open
    .filter((each) => !each.is_im && kinds.includes(each.is_private ? "private" : "public"))
    .map((each) => ({ value: each.id, text: `#${each.name}` }));
  // The only direct messages here are those with the app, which is a bot.
  const direct = kinds.includes("im") && !filter.exclude_bot_users ? open.filter((each) => each.is_im && each.members.includes(look.me?.id)) : [];
  const groups = [{ label: direct.length ? "Channels" : null, options: channels.sort(byText) }];
  if (direct.length) groups.push({ label: "Direct messages", options: direct.map((each) => ({ value: each.id, text: look.nameOf(each) })) });
  return groups;
}

const optionNodes = (groups, chosen) => groups.flatMap(({ label, options }) => {
  const nodes = options.map((each) => h("option", { value: each.value, selected: each.value === chosen }, each.text));
  return label ? [h("optgroup", { label }, nodes)] : nodes;
});

/** Keys open the list instead of choosing unseen: a choice may be sent at once, or become a chip. */
function openByKeys(select) {
  select.addEventListener("keydown", (event) => {
    const typing = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!typing && !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    select.showPicker?.();
  });
}

export function singleSelect(element, use) {
  const chosen = use.value();
  const blank = plainText(element.placeholder) || "Choose…";
  const select = h("select", { class: "field", ...use.naming, "data-action-id": element.action_id },
    h("option", { value: "", selected: !chosen, disabled: !use.optional }, blank),
    optionNodes(offered(element, use.look), chosen));
  select.classList.toggle("blank", !chosen);
  openByKeys(select);
  select.addEventListener("change", () => {
    select.classList.toggle("blank", !select.value);
    use.choose(select.value || null);
  });
  return select;
}

/** Something chosen, with a button that takes it back. */
export const chip = (text, remove) => h("span", { class: "chip" }, text,
  h("button", { type: "button", "aria-label": `Remove ${text}`, on: { click: remove } }, "×"));

/** What is chosen as removable chips, and a select that adds to them. */
export function multiSelect(element, use) {
  const groups = offered(element, use.look);
  const names = new Map(groups.flatMap((group) => group.options).map((each) => [each.value, each.text]));
  const chips = h("span", { class: "chips" });
  const select = h("select", { class: "field blank", ...use.naming, "data-action-id": element.action_id });
  const node = h("div", { class: "multi" }, chips, select);

  function change(values) {
    use.choose(values);
    draw();
  }
  const chosenChip = (value) => chip(names.get(value) ?? value, () => {
    change(use.value().filter((each) => each !== value));
    select.focus();
  });
  function draw() {
    const chosen = use.value() ?? [];
    const left = groups.map((group) => ({ ...group, options: group.options.filter((each) => !chosen.includes(each.value)) }));
    chips.replaceChildren(...chosen.map(chosenChip));
    const full = element.max_selected_items && chosen.length >= element.max_selected_items;
    const blank = full ? `At most ${element.max_selected_items}` : chosen.length ? "Add another…" : plainText(element.placeholder) || "Choose…";
    select.replaceChildren(h("option", { value: "", selected: true }, blank), ...(full ? [] : optionNodes(left)));
  }
  openByKeys(select);
  select.addEventListener("change", () => select.value && change([...(use.value() ?? []), select.value]));
  draw();
  return node;
}
