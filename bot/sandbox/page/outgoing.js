// What Slack's client does to typed text before it leaves: escapes it, and turns names into references.

import { nameOf } from "./people.js";
import { escape, unescape } from "./mrkdwn.js";

const names = (world) => [...world.users.values()]
  .flatMap((user) => [[nameOf(user), user.id], [user.name, user.id]])
  .sort((a, b) => b[0].length - a[0].length);

/** Typed text as a message carries it: `@Lena Vogt` becomes `<@U…>`, `#general` becomes `<#C…>`. */
export function spoken(text, world) {
  const channels = [...world.mine].filter((each) => !each.is_im).sort((a, b) => b.name.length - a.name.length);
  return escape(text)
    .replace(/(^|[\s(])@([^\s@][^\n@]*)/g, (whole, before, rest) => {
      const found = names(world).find(([name]) => startsWithWord(rest, escape(name)));
      return found ? `${before}<@${found[1]}>${rest.slice(escape(found[0]).length)}` : whole;
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
  return unescape(text
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (whole, id) => (world.users.has(id) ? `@${nameOf(world.users.get(id))}` : whole))
    .replace(/<#(\w+)(?:\|[^>]*)?>/g, (whole, id) => (world.channels.has(id) ? `#${world.channels.get(id).name}` : whole)));
}
