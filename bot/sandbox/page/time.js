// Instants shown in a person's zone. Nothing here reads the machine's zone.

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone || "UTC", hourCycle: "h23", ...options }));
  }
  return formats.get(key);
}

const DAY_MS = 86_400_000;

export const clock = (at, zone) => format(zone, { hour: "2-digit", minute: "2-digit" }).format(at);
export const clockWithSeconds = (at, zone) =>
  format(zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(at);
export const shortDay = (at, zone) => format(zone, { weekday: "short", day: "numeric", month: "short" }).format(at);
export const longDay = (at, zone) =>
  format(zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(at);
export const city = (zone) => (zone || "UTC").split("/").pop().replaceAll("_", " ");

/** The local date, `2026-03-30`. */
export function isoDate(at, zone) {
  const parts = format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const part = (type) => parts.find((each) => each.type === type).value;
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** The local date and time as a `datetime-local` field wants it. */
export const localField = (at, zone) => `${isoDate(at, zone)}T${clock(at, zone)}`;

/** The instant of a local `2026-03-30T09:00` in `zone`; in a spring gap it moves forward. */
export function fromLocalField(text, zone) {
  const asUtc = Date.parse(`${text}Z`);
  const offset = (at) => Date.parse(`${isoDate(at, zone)}T${clockWithSeconds(at, zone)}Z`) - Math.floor(at / 1000) * 1000;
  const [early, late] = [asUtc - offset(asUtc - DAY_MS), asUtc - offset(asUtc + DAY_MS)].sort((a, b) => a - b);
  const shows = (at) => localField(at, zone) === text;
  return new Date(shows(early) ? early : shows(late) ? late : Math.max(early, late));
}

/** "today", "tomorrow", "yesterday" or null, as seen from `now`. */
function nearDay(at, now, zone) {
  const days = (Date.parse(isoDate(at, zone)) - Date.parse(isoDate(now, zone))) / DAY_MS;
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

const capital = (text) => text && text[0].toUpperCase() + text.slice(1);

/** A day as a heading over messages. */
export const dayHeading = (at, now, zone) => capital(nearDay(at, now, zone)) ?? longDay(at, zone);

/** "09:00" today, "Mon 30 Mar, 09:00" on another day. */
export const moment = (at, now, zone) =>
  nearDay(at, now, zone) === "today" ? clock(at, zone) : `${shortDay(at, zone)}, ${clock(at, zone)}`;

function ago(at, now) {
  const minutes = Math.round((now - at) / 60_000);
  const span = Math.abs(minutes);
  const [count, unit] = span < 60 ? [span, "minute"] : span < 1440 ? [Math.round(span / 60), "hour"] : [Math.round(span / 1440), "day"];
  if (!count) return "just now";
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return minutes < 0 ? `in ${words}` : `${words} ago`;
}

const DATE_TOKENS = {
  date_num: (at, now, zone) => isoDate(at, zone),
  date_slash: (at, now, zone) => isoDate(at, zone).replaceAll("-", "/"),
  date: (at, now, zone) => format(zone, { day: "numeric", month: "long", year: "numeric" }).format(at),
  date_short: (at, now, zone) => format(zone, { day: "numeric", month: "short", year: "numeric" }).format(at),
  date_long: (at, now, zone) => longDay(at, zone),
  time: (at, now, zone) => clock(at, zone),
  time_secs: (at, now, zone) => clockWithSeconds(at, zone),
  ago: (at, now) => ago(at, now),
};
for (const name of ["date", "date_short", "date_long"]) {
  DATE_TOKENS[`${name}_pretty`] = (at, now, zone) => nearDay(at, now, zone) ?? DATE_TOKENS[name](at, now, zone);
}
DATE_TOKENS.day_divider_pretty = (at, now, zone) => nearDay(at, now, zone) ?? shortDay(at, zone);

/** Slack's `{date_short_pretty} at {time}` for a Unix timestamp, or null for one that isn't. */
export function slackDate(timestamp, pattern, { now, zone }) {
  const at = new Date(Number(timestamp) * 1000);
  if (Number.isNaN(at.getTime())) return null;
  const text = pattern.replace(/\{(\w+)\}/g, (whole, name) => DATE_TOKENS[name]?.(at, now, zone) ?? whole);
  return pattern.startsWith("{") ? capital(text) : text;
}

/** A person's zone beside their wall time: "09:00, Berlin". */
export const wallTime = (now, zone) => `${clock(now, zone)}, ${city(zone)}`;
