// The control API, and the stream that says when something changed.

import { toast } from "./toast.js";

async function parsed(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || answer?.error) {
    throw new Error(answer?.error ?? `The sandbox answered ${response.status} without saying why.`);
  }
  return answer;
}

async function call(path, options) {
  const unreachable = () => {
    throw new Error("The sandbox isn't answering.");
  };
  return parsed(await fetch(`/_control/${path}`, options).catch(unreachable));
}

export const get = (path) => call(path, { headers: { Accept: "application/json" } });

export const post = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Post, and answer null after telling the person when the sandbox refused. */
export async function attempt(path, body) {
  try {
    const answer = await post(path, body);
    // A command that fails is answered by Slackbot in the channel; the rest would pass in silence.
    if (answer.acked === false && path !== "command") toast("The app didn't answer in time. Try again?", "refusal");
    return answer;
  } catch (error) {
    toast(error.message, "refusal");
    return null;
  }
}

const POLL_MS = 2000;

/** Call `changed` on every change; poll for as long as the stream is down. */
export function listen(changed) {
  const stream = new EventSource("/_control/stream");
  let poll = null;
  stream.addEventListener("changed", changed);
  stream.addEventListener("message", changed);
  stream.addEventListener("open", () => {
    clearInterval(poll);
    poll = null;
    changed();
  });
  stream.addEventListener("error", () => {
    poll ??= setInterval(changed, POLL_MS);
    // A browser gives up on a stream that was refused outright; the page doesn't.
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(() => {
        clearInterval(poll);
        listen(changed);
      }, 5 * POLL_MS);
    }
  });
}
