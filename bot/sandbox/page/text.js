// Block Kit's text objects.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn, unescape } from "./mrkdwn.js";

/** A text object as nodes: mrkdwn or plain. */
export function compositionText(text, look) {
  if (!text) return "";
  if (text.type === "mrkdwn") return mrkdwn(text.text, look);
  return h("span", { class: "plain" }, plainText(text));
}

/** A plain_text object as a string, for labels and options. */
export function plainText(text) {
  if (!text) return "";
  return text.emoji === false ? text.text : withEmoji(unescape(text.text));
}
