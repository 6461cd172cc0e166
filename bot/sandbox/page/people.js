// How a person looks beside what they say.

import { h, icon } from "./dom.js";

const MERIDIAN = ["M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18", "M12 3c-5 4-5 14 0 18c5-4 5-14 0-18", "M3 12h18"];

export const nameOf = (user) => user?.real_name || user?.name || "Somebody";

const initials = (user) => nameOf(user).split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();

export const SLACKBOT = "USLACKBOT";
export const isApp = (user) => Boolean(user?.is_bot) && user.id !== SLACKBOT;

export function avatar(user) {
  const face = h("span", { class: isApp(user) ? "avatar app" : "avatar", "aria-hidden": "true" },
    isApp(user) ? icon(...MERIDIAN) : initials(user));
  if (/^[0-9a-f]{6}$/i.test(user?.color ?? "") && !user.is_bot) face.style.setProperty("--person", `#${user.color}`);
  return face;
}
