// What Slack's client does to typed text before it leaves: escapes it, and turns names into references.

import { withEmoji, withShortcodes } from "./emoji.js";
import { nameOf } from "./people.js";
import { escape, unescape } from "./mrkdwn.js";

const names = (world) => [...world.users.values()]
  .flatMap((user) => [[nameOf(user), user.id], [user.name, user.id]])
  .sort((a, b) => b[0].length - a[0].length);

const LINK = /(^|[\s(])(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]'"*_~])/g;

/** Typed text as a message carries it: names and links in angle brackets, emoji by name, lists with dots. */
export const spoken = (text, world) =>
  withShortcodes(referring(text, world, (user) => `<@${user.id}>`))
    .replace(LINK, "$1<$2>")
    .replace(/^[-*] (?=\S)/gm, "• ");

/** What follows a command: Slack puts references into it, with a name for those who read the text itself. */
export const commanded = (text, world) => referring(text, world, (user) => `<@${user.id}|${user.name}>`);

/** `@Lena Vogt` becomes what `mention` makes of her, `#general` becomes `<#C…|general>`. */
function referring(text, world, mention) {
  const channels = [...world.mine].filter((each) => !each.is_im).sort((a, b) => b.name.length - a.name.length);
  return escape(text)
    .replace(/(^|[\s(])@([^\s@][^\n@]*)/g, (whole, before, rest) => {
      const found = names(world).find(([name]) => startsWithWord(rest, escape(name)));
      return found ? `${before}${mention(world.users.get(found[1]))}${rest.slice(escape(found[0]).length)}` : whole;
    })
    .replace(/(^|[\s(])#([\w-]+)/g, (whole, before, name) => {
      const found = channels.find((each) => each.name === name);
      return found ? `${before}<#${found.id}|${found.name}>` : whole;
    });
}

const startsWithWord = (text, word) =>
  text.toLowerCase().startsWith(word.toLowerCase()) && !/^\w/.test(text.slice(word.length));

/** The reverse, for editing. */
export function typed(text, world) {
  return unescape(withEmoji(text)
    .replace(/<(https?:[^<>|]*)>/g, "$1")
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (whole, id) => (world.users.has(id) ? `@${nameOf(world.users.get(id))}` : whole))
    .replace(/<#(\w+)(?:\|[^>]*)?>/g, (whole, id) => (world.channels.has(id) ? `#${world.channels.get(id).name}` : whole)));
}
