// A person's Slack status: shown beside their name, set from a short list as in Slack.

import { attempt } from "./api.js";
import { h } from "./dom.js";
import { openMenu } from "./menu.js";
import { emojiNode } from "./mrkdwn.js";
import { refresh } from "./store.js";
import { fromLocalField, isoDate, moment } from "./time.js";

const HOUR = 3600;
const DAY_MS = 86_400_000;

/** The ends of a status, in Unix seconds, as seen from the person's own day. */
const tonight = ({ now, me }) => endOfDay(now, me.tz);
const week = ({ now, me }) => endOfDay(new Date(now.getTime() + 6 * DAY_MS), me.tz);
const inAnHour = ({ now }) => Math.floor(now.getTime() / 1000) + HOUR;

const endOfDay = (at, zone) => Math.floor(fromLocalField(`${isoDate(at, zone)}T23:59`, zone).getTime() / 1000) + 59;

const CHOICES = [
  { text: "In a meeting", emoji: ":spiral_calendar_pad:", until: inAnHour, detail: "For an hour" },
  { text: "Out sick", emoji: ":face_with_thermometer:", until: tonight, detail: "Today" },
  { text: "Vacationing", emoji: ":palm_tree:", until: week, detail: "For a week" },
  { text: "Working remotely", emoji: ":house_with_garden:", until: tonight, detail: "Today" },
];

/** The status's emoji beside a name, its words in the tooltip; null where there is none. */
export function statusMark(user, world) {
  if (!user?.status_emoji && !user?.status_text) return null;
  const words = [user.status_text, ending(user, world)].filter(Boolean).join(", ");
  const name = (user.status_emoji || ":speech_balloon:").replaceAll(":", "");
  return h("span", { class: "status", title: words, role: "img", "aria-label": words }, emojiNode(name));
}

function ending({ status_expiration: seconds }, { now, zone }) {
  return seconds ? `until ${moment(new Date(seconds * 1000), now, zone)}` : null;
}

/** What stands below the acting person's name, and a menu to change it. */
export function statusLine(world) {
  const { me } = world;
  const set = me.status_text || me.status_emoji;
  const words = set ? [statusMark(me, world), ` ${me.status_text || "Status"}`] : "Set a status";
  const open = (event) => openMenu(event.currentTarget, "Status", items(world));
  return h("button", {
    type: "button", class: "status-line", "aria-haspopup": "menu", title: set ? ending(me, world) : null,
    data: { focus: "status" }, on: { click: open } }, words);
}

function items(world) {
  const change = (fields) => () => attempt("user", { user: world.me.id, ...fields }).then(refresh);
  const choices = CHOICES.map(({ text, emoji, until, detail }) => ({
    text, detail, run: change({ status_text: text, status_emoji: emoji, status_expiration: until(world) }) }));
  const set = world.me.status_text || world.me.status_emoji;
  const clear = { text: "Clear status", run: change({ status_text: "", status_emoji: "", status_expiration: 0 }) };
  return set ? [...choices, clear] : choices;
}
