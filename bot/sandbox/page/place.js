// Who acts and what is open, kept in the address: `#user=U1&channel=C1&thread=17…`, `#user=U1&home`,
// or `#user=U1&issue=ML-1&jira`.

export function place() {
  const asked = new URLSearchParams(location.hash.slice(1));
  return {
    user: asked.get("user"),
    channel: asked.get("channel"),
    thread: asked.get("thread"),
    home: asked.has("home"),
    jira: asked.has("jira"),
    issue: asked.get("issue"),
  };
}

export function hashOf({ user, channel, thread, home, jira, issue }) {
  const parts = new URLSearchParams();
  const elsewhere = jira ? "jira" : home ? "home" : null;
  if (user) parts.set("user", user);
  if (!elsewhere && channel) parts.set("channel", channel);
  if (!elsewhere && thread) parts.set("thread", thread);
  if (jira && issue) parts.set("issue", issue);
  return `#${[parts.toString(), elsewhere].filter(Boolean).join("&")}`;
}

/** Open a place; what isn't named in `change` stays, but a new place has no thread open. */
export function go(change) {
  const now = place();
  const moved = "channel" in change || "home" in change || "user" in change;
  const next = { ...now, ...(moved ? { thread: null } : {}), ...change };
  if (change.channel) next.home = next.jira = false;
  if (hashOf(next) !== location.hash) location.hash = hashOf(next);
}

/** Fill in what the address leaves out, without a new step in the history. */
export function settle(full) {
  if (hashOf(full) !== location.hash) history.replaceState(null, "", hashOf(full));
}
