// The world as last heard from the sandbox, seen as the acting person sees it.

import { get } from "./api.js";
import { SLACKBOT, isApp } from "./people.js";
import { place, settle } from "./place.js";
import { fromLocalField, localField } from "./time.js";

const followers = [];
let state = null;
let heardAt = 0;
let asking = null;
let again = false;
let failing = false;

/** Call `draw(world)` whenever the state or the place changes. */
export const follow = (draw) => followers.push(draw);

/** Fetch the state; calls that overlap share the next fetch, so a storm of changes stays cheap. */
export function refresh() {
  if (asking) {
    again = true;
    return asking;
  }
  asking = load().finally(() => {
    asking = null;
    if (again) {
      again = false;
      refresh();
    }
  });
  return asking;
}

async function load() {
  try {
    state = await get("state");
    heardAt = performance.now();
    failing = false;
  } catch {
    failing = true;
  }
  redraw();
}

export function redraw() {
  document.body.classList.toggle("offline", failing);
  document.getElementById("offline").hidden = !failing;
  if (!state) return;
  const seen = view();
  for (const draw of followers) draw(seen);
}

/** Calendar time now: it runs at the machine's pace between two states. */
export function now() {
  return new Date(Date.parse(state.now) + performance.now() - heardAt);
}

/** The world as it is drawn: state, place, and look-ups. */
export function view() {
  const people = state.users.filter((user) => !user.is_bot && user.id !== SLACKBOT);
  const me = actor(people);
  const bot = state.users.find(isApp);
  const users = new Map(state.users.map((user) => [user.id, user]));
  const mine = channelsOf(me, bot);
  const channels = new Map([...state.channels, ...mine].map((channel) => [channel.id, channel]));
  const at = where(me, mine);
  const zone = me?.tz ?? "UTC";
  const nameOf = (channel) => {
    if (!channel.is_im) return channel.name;
    return users.get(channel.members.find((id) => id !== me?.id))?.real_name ?? "Direct message";
  };
  return {
    state, people, me, bot, users, mine, channels, place: at, zone, now: now(), nameOf,
    threads: new Set(state.messages.filter((each) => each.thread_ts && each.thread_ts !== each.ts && !each.deleted).map((each) => each.thread_ts)),
    instants: {
      toField: (seconds) => localField(new Date(seconds * 1000), zone),
      fromField: (text) => Math.floor(fromLocalField(text, zone).getTime() / 1000),
    },
  };
}

function actor(people) {
  return people.find((user) => user.id === place().user)
    ?? people.find((user) => user.is_admin)
    ?? people.find((user) => !user.deleted)
    ?? null;
}

function channelsOf(me, bot) {
  const mine = state.channels.filter((channel) => me && channel.members.includes(me.id));
  const hasDirect = mine.some((channel) => channel.is_im && channel.members.includes(bot?.id));
  if (hasDirect || !me || !bot) return mine;
  // The sandbox opens a person's DM with the first message; its id follows from theirs.
  return [...mine, { id: `D${me.id.slice(1)}`, name: "", is_im: true, members: [me.id, bot.id] }];
}

/** The place in the address, or the first sensible one for this person. */
function where(me, mine) {
  const asked = place();
  const known = mine.some((channel) => channel.id === asked.channel);
  const channel = known ? asked.channel : (mine.find((each) => each.is_im) ?? mine[0])?.id ?? null;
  const at = { user: me?.id, channel, thread: known ? asked.thread : null, home: asked.home && !asked.jira, jira: asked.jira, issue: asked.issue };
  settle(at);
  return at;
}

/** The messages this person can see in a channel, oldest first; a deleted one only while its thread lives. */
export function messagesIn(world, channelId) {
  return world.state.messages
    .filter((each) => each.channel === channelId && (!each.deleted || world.threads.has(each.ts)))
    .filter((each) => !each.ephemeral_to || each.ephemeral_to === world.me?.id)
    .sort((a, b) => Number(a.ts) - Number(b.ts));
}
