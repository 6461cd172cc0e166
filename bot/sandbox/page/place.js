// Who acts and what is open, kept in the address: `#user=U1&channel=C1&thread=17…` or `#user=U1&home`.

export function place() {
  const asked = new URLSearchParams(location.hash.slice(1));
  return {
    user: asked.get("user"),
    channel: asked.get("channel"),
    thread: asked.get("thread"),
    home: asked.has("home"),
  };
}

export function hashOf({ user, channel, thread, home }) {
  const parts = new URLSearchParams();
  if (user) parts.set("user", user);
  if (!home && channel) parts.set("channel", channel);
  if (!home && thread) parts.set("thread", thread);
  const text = parts.toString();
  return `#${home ? [text, "home"].filter(Boolean).join("&") : text}`;
}

/** Open a place; what isn't named in `change` stays, but a new place has no thread open. */
export function go(change) {
  const now = place();
  const moved = "channel" in change || "home" in change || "user" in change;
  const next = { ...now, ...(moved ? { thread: null } : {}), ...change };
  if (change.channel) next.home = false;
  if (hashOf(next) !== location.hash) location.hash = hashOf(next);
}

/** Fill in what the address leaves out, without a new step in the history. */
export function settle(full) {
  if (hashOf(full) !== location.hash) history.replaceState(null, "", hashOf(full));
}
