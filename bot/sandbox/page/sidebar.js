// Who acts, and where they can go.

import { h, icon, reconcile } from "./dom.js";
import { avatar } from "./people.js";
import { go, hashOf } from "./place.js";
import { unread } from "./reads.js";
import { statusLine } from "./status.js";
import { city, clock } from "./time.js";

const ICONS = {
  public: ["M5 9h15M4 15h15M10 4 8 20M16 4l-2 16"],
  private: ["M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3"],
  im: ["M4 5h16v11H9l-5 4z"],
  home: ["M4 11l8-7 8 7M6 10v10h12V10"],
  jira: ["M4 5h4v14H4zM10 5h4v9h-4zM16 5h4v6h-4z"],
};

export function setUpSidebar() {
  const picker = document.getElementById("act-as");
  picker.addEventListener("change", () => go({ user: picker.value, channel: null }));
  const toggle = document.getElementById("sidebar-toggle");
  toggle.addEventListener("click", () => open(toggle.getAttribute("aria-expanded") !== "true"));
  document.getElementById("sidebar-veil").addEventListener("click", () => open(false));
  document.getElementById("places").addEventListener("click", (event) => event.target.closest("a") && open(false));
  document.getElementById("sidebar").addEventListener("keydown", (event) => event.key === "Escape" && open(false));
}

function open(wanted) {
  document.body.classList.toggle("sidebar-open", wanted);
  document.getElementById("sidebar-toggle").setAttribute("aria-expanded", String(wanted));
}

export function drawSidebar(world) {
  const { me, state } = world;
  document.getElementById("workspace-name").textContent = state.team?.name ?? "Workspace";
  document.title = `${placeName(world)} · ${state.team?.name ?? "Sandbox"}`;
  drawPicker(world);
  const seen = JSON.stringify([me, world.zone, me && clock(world.now, me.tz)]);
  reconcile(document.getElementById("actor"), me ? [{ key: me.id, sig: seen, build: () => actorCard(me, world) }] : []);
  reconcile(document.getElementById("status"), me && !me.deleted ? [{ key: me.id, sig: seen, build: () => statusLine(world) }] : []);
  const channels = world.mine.filter((each) => !each.is_im).sort((a, b) => a.name.localeCompare(b.name));
  const direct = world.mine.filter((each) => each.is_im);
  reconcile(document.getElementById("channels"), channels.map((each) => channelItem(each, world)));
  reconcile(document.getElementById("apps"), [...direct.map((each) => channelItem(each, world)), homeItem(world)]);
  reconcile(document.getElementById("jira"), [boardItem(world)]);
}

function placeName({ place, channels, nameOf }) {
  if (place.jira) return place.issue ? `${place.issue}, Jira board` : "Jira board";
  if (place.home) return "App Home";
  return channels.has(place.channel) ? nameOf(channels.get(place.channel)) : "";
}

function drawPicker({ people, me, now }) {
  const picker = document.getElementById("act-as");
  reconcile(picker, people.map((user) => {
    const text = `${user.real_name || user.name}, ${clock(now, user.tz)} ${city(user.tz)}${user.deleted ? " (deactivated)" : ""}`;
    return { key: user.id, sig: text, build: () => h("option", { value: user.id }, text) };
  }));
  if (me && picker.value !== me.id) picker.value = me.id;
}

function actorCard(me, { now }) {
  return h("div", { class: "card" }, avatar(me),
    h("span", { class: "card-text" },
      h("strong", {}, me.real_name || me.name),
      h("small", {}, me.deleted ? "Deactivated" : me.title || `@${me.name}`),
      h("small", {}, `${clock(now, me.tz)} · ${me.tz}`)));
}

function channelItem(channel, world) {
  const { place } = world;
  const current = !place.home && !place.jira && place.channel === channel.id;
  const news = current ? 0 : unread(world, channel.id);
  const kind = channel.is_im ? "im" : channel.is_private ? "private" : "public";
  const notes = [channel.is_archived && "archived"].filter(Boolean).join(", ");
  return item(channel.id, kind, world.nameOf(channel), { user: place.user, channel: channel.id }, { current, news, notes, channel: channel.id });
}

function homeItem({ place }) {
  return item("home", "home", "App Home", { user: place.user, home: true }, { current: place.home, news: 0 });
}

function boardItem({ place }) {
  return item("jira", "jira", "Jira board", { user: place.user, jira: true }, { current: place.jira, news: 0 });
}

function item(key, kind, name, target, { current, news, notes, channel }) {
  const mark = news ? h("span", { class: "unread", "aria-label": `${news} unread` }, String(news)) : null;
  const build = () => h("li", {}, h("a", {
    href: hashOf(target), class: news ? "has-news" : null, "aria-current": current ? "page" : null, data: { focus: key, channel } },
  icon(...ICONS[kind]), h("span", { class: "place-name" }, name), notes ? h("small", {}, notes) : null, mark));
  return { key, sig: JSON.stringify([name, target, current, news, notes]), build };
}
