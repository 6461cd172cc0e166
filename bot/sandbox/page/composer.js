// Where the acting person types. `/` at the start offers the app's commands, `@` offers people.

import { attempt } from "./api.js";
import { h, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { commanded, spoken } from "./outgoing.js";
import { nameOf } from "./people.js";
import { refresh } from "./store.js";
import { suggestions } from "./suggest.js";

const drafts = new Map();

/** Build a composer in `host`; the answer draws it for a world. */
export function composer(host, { inThread }) {
  let world = null;
  let place = null;
  const input = h("textarea", { rows: 1, autocomplete: "off", class: "field", data: { focus: inThread ? "reply-text" : "text" } });
  const send = h("button", { type: "submit", class: "button primary send", "aria-label": inThread ? "Post reply" : "Post message", title: "Post" }, icon("M4 12 20 5l-5 15-3-6z"));
  const extras = h("button", { type: "button", class: "button square", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", hidden: true,
    on: { click: () => openMenu(extras, "Shortcuts", globalShortcuts(world)) } }, icon("M13 3 5 14h6l-1 7 8-11h-6z"));
  const reason = h("p", { class: "muted", hidden: true });
  const form = h("form", { class: "composer-form" }, extras, input, send);
  const offers = suggestions(form, input, (text) => offered(text, world, inThread));
  host.append(form, reason);

  const fit = () => {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
  };
  input.addEventListener("input", () => {
    drafts.set(place, input.value);
    fit();
  });
  input.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    const from = place;
    setText("");
    offers.close();
    if (!(await say(text, world, inThread)) && place === from && !input.value) setText(text);
  });

  function setText(text) {
    input.value = text;
    drafts.set(place, text);
    fit();
  }

  return function draw(next) {
    world = next;
    const { user, channel, thread, home, jira } = world.place;
    host.hidden = home || jira || !channel || (inThread && !thread);
    const key = [user, channel, inThread ? thread : ""].join("/");
    if (key !== place) {
      place = key;
      input.value = drafts.get(key) ?? "";
      offers.close();
      requestAnimationFrame(fit);
    }
    const open = world.channels.get(channel);
    const name = open ? (open.is_im ? world.nameOf(open) : `#${open.name}`) : "";
    const label = inThread ? "Reply to thread" : `Message ${name}`;
    input.setAttribute("aria-label", label);
    input.placeholder = inThread ? "Reply…" : label;
    extras.hidden = inThread || !globalShortcuts(world).length;
    const shut = closedBecause(world, open);
    form.hidden = Boolean(shut);
    reason.hidden = !shut;
    reason.textContent = shut ?? "";
  };
}

function closedBecause({ me, state }, channel) {
  if (me?.deleted) return `${nameOf(me)} is deactivated and can't write.`;
  if (channel?.is_im && state.dm_read_only) return "Sending messages to this app has been turned off.";
  return channel?.is_archived ? "This channel is archived." : null;
}

const globalShortcuts = (world) => (world?.state.shortcuts ?? []).filter((each) => each.type === "global").map((each) => ({
  text: each.name, detail: nameOf(world.bot),
  run: () => attempt("shortcut", { user: world.me.id, channel: world.place.channel, callback_id: each.callback_id }).then(refresh) }));

/** Send a message or run a command; falsy when the sandbox refused. */
async function say(text, world, inThread) {
  const { user, channel, thread } = world.place;
  const where = { user, channel, ...(inThread ? { thread_ts: thread } : {}) };
  const [, name, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const answer = name
    ? await attempt("command", { ...where, command: name, text: commanded(rest, world) })
    : await attempt("message", { ...where, text: spoken(text, world) });
  refresh();
  return answer;
}

/** What could complete the word under the caret: `{from, items: [{text, detail, insert}]}`. */
function offered(before, world, inThread) {
  const slash = /^\/\S*$/.exec(before);
  if (slash && !inThread) {
    const offers = [...world.state.commands.map((each) => [each, nameOf(world.bot)]), ...world.state.own_commands.map((each) => [each, "Slack"])];
    const known = offers.filter(([each]) => each.startsWith(before) && each !== before);
    return { from: 0, items: known.map(([text, detail]) => ({ text, detail, insert: `${text} ` })) };
  }
  const at = /(?:^|\s)@([^@\n]{0,30})$/.exec(before);
  if (!at) return { from: 0, items: [] };
  const asked = at[1].toLowerCase();
  // A name that stands there whole needs no completing: Enter sends it.
  const begins = (name) => name.toLowerCase().startsWith(asked) && name.toLowerCase() !== asked;
  const people = [...world.users.values()].filter((user) => !user.deleted && nameOf(user).toLowerCase() !== asked && (begins(nameOf(user)) || begins(user.name)));
  return { from: before.length - at[1].length - 1, items: people.slice(0, 8).map((user) => ({ text: nameOf(user), detail: `@${user.name}`, insert: `@${nameOf(user)} ` })) };
}
