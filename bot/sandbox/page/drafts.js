// What people have typed and chosen but not sent, kept apart from the DOM so that redrawing loses nothing.
// A scope is a view, a message or a home; within it a value belongs to its block and action.

const scopes = new Map();

const key = (blockId, actionId) => `${blockId ?? ""}/${actionId}`;

const option = (field) => (element) => element[field]?.value ?? null;
const options = (field) => (element) => (element[field] ?? []).map((each) => each.value);
const plain = (field) => (element) => (element[field] === undefined ? null : element[field]);
const list = (field) => (element) => element[field] ?? [];

const INITIAL = {
  static_select: option("initial_option"),
  external_select: option("initial_option"),
  radio_buttons: option("initial_option"),
  users_select: plain("initial_user"),
  conversations_select: plain("initial_conversation"),
  channels_select: plain("initial_channel"),
  multi_static_select: options("initial_options"),
  multi_external_select: options("initial_options"),
  checkboxes: options("initial_options"),
  multi_users_select: list("initial_users"),
  multi_conversations_select: list("initial_conversations"),
  multi_channels_select: list("initial_channels"),
  datepicker: plain("initial_date"),
  timepicker: plain("initial_time"),
  datetimepicker: plain("initial_date_time"),
  plain_text_input: plain("initial_value"),
  number_input: plain("initial_value"),
  email_text_input: plain("initial_value"),
  url_text_input: plain("initial_value"),
};

/** What an element shows: what was typed, else what the view's state holds of it, else its initial value. */
export function read({ scope, known }, blockId, element) {
  const kept = scopes.get(scope)?.get(key(blockId, element.action_id));
  if (kept !== undefined && offered(element, kept)) return kept;
  const entry = known?.[blockId]?.[element.action_id];
  return entry ? fromState(entry) : INITIAL[element.type]?.(element) ?? null;
}

/** A state entry, such as `{type, selected_option: {value}}`, as the plain value it holds. */
function fromState(entry) {
  const [, held] = Object.entries(entry).find(([name]) => name !== "type") ?? [];
  if (Array.isArray(held)) return held.map((each) => each.value ?? each);
  return held?.value ?? held ?? null;
}

/** Whether every kept choice is still among the options; an updated view may have dropped one. */
function offered(element, kept) {
  const groups = element.option_groups?.flatMap((group) => group.options) ?? element.options;
  if (!groups || kept === null) return true;
  return [kept].flat().every((value) => groups.some((each) => each.value === value));
}

export function write(scope, blockId, actionId, value) {
  if (!scopes.has(scope)) scopes.set(scope, new Map());
  scopes.get(scope).set(key(blockId, actionId), value);
}

/** Drop what was entered into inputs that an update took away: they begin anew should they come back. */
export function prune(scope, blocks) {
  const there = new Set(blocks.flatMap((block) => elementsOf(block).map((each) => key(block.block_id, each.action_id))));
  for (const each of [...scopes.get(scope)?.keys() ?? []]) if (!there.has(each)) scopes.get(scope).delete(each);
}

/** Drop the scopes for which `gone` holds. */
export function forget(gone) {
  for (const scope of [...scopes.keys()]) if (gone(scope)) scopes.delete(scope);
}

const elementsOf = (block) =>
  ({ input: [block.element], section: [block.accessory], actions: block.elements }[block.type] ?? []).filter(Boolean);

/** Every stateful element's value, as `{block_id: {action_id: value}}`. */
export function values(site, blocks = []) {
  const all = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      if (!INITIAL[element.type]) continue;
      (all[block.block_id ?? ""] ??= {})[element.action_id] = read(site, block.block_id, element);
    }
  }
  return all;
}
