// One issue beside the board: what it says, and what the acting person can do with it.

import { h, icon, keepFocus, reconcile } from "./dom.js";
import { ask } from "./menu.js";
import { link } from "./mrkdwn.js";
import { nameOf } from "./people.js";
import { go } from "./place.js";
import { moment } from "./time.js";

const el = (id) => document.getElementById(id);
let shown = null;

export function setUpTicket() {
  el("ticket-close").addEventListener("click", close);
  el("ticket").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector(":popover-open")) close();
  });
}

function close() {
  const card = document.querySelector(".issue-card.current .issue-open")?.dataset.focus;
  go({ issue: null });
  if (card) requestAnimationFrame(() => document.querySelector(`[data-focus="${CSS.escape(card)}"]`)?.focus());
}

export function drawTicket(jira, world) {
  const issue = jira && world.place.issue ? find(jira, world.place.issue) : null;
  const open = Boolean(jira && world.place.issue);
  el("ticket").hidden = !open;
  document.body.classList.toggle("ticket-open", open);
  if (!open) {
    shown = null;
    return;
  }
  el("ticket-title").textContent = issue?.key ?? world.place.issue;
  el("ticket-gone").hidden = Boolean(issue);
  keepFocus(el("ticket-body"), () => reconcile(el("ticket-body"), issue ? parts(issue, jira, world) : []));
  if (shown !== world.place.issue) {
    el("ticket-scroll").scrollTop = 0;
    el("ticket-close").focus({ preventScroll: true });
  }
  shown = world.place.issue;
}

/** By its key, or by one it had before it was moved. */
function find(jira, key) {
  const former = (issue) => issue.history.some((change) => change.items.some((item) => item.field === "Key" && item.fromString === key));
  return jira.issues.find((each) => each.key === key) ?? jira.issues.find(former);
}

// Each part is drawn anew only when what it shows has changed, so that nothing typed is lost.
function parts(issue, jira, world) {
  const may = [Boolean(jira.act), world.me?.id, issue.key];
  const part = (key, sig, build) => ({ key: `${issue.id}:${key}`, sig: JSON.stringify([sig, may]), build });
  return [
    part("head", [issue.summary, issue.type, issue.status], () => head(issue)),
    part("who", world.me?.real_name, () => whoMay(jira, world)),
    part("move", issue.transitions, () => moves(issue, jira)),
    part("assignee", [issue.assignee, assignable(issue, jira)], () => assignee(issue, jira)),
    part("due", issue.duedate, () => dueDate(issue, jira)),
    part("description", issue.description, () => description(issue)),
    part("labels", issue.labels, () => labels(issue)),
    part("links", issue.links, () => links(issue, world)),
    part("comments", [issue.comments, world.zone], () => comments(issue, jira, world)),
    part("history", [issue.history, issue.created, world.zone], () => history(issue, jira, world)),
    part("delete", null, () => remove(issue, jira)),
  ];
}

const head = (issue) => h("header", { class: "ticket-head" },
  h("p", { class: "muted" }, `${issue.type} · `, h("span", { class: `lozenge ${issue.category}` }, issue.status)),
  h("h3", {}, issue.summary));

const whoMay = (jira, world) => (jira.act ? h("div", { hidden: true })
  : h("p", { class: "muted" }, world.me?.deleted ? `${nameOf(world.me)} is deactivated.` : `${nameOf(world.me)} has no account in Jira, and can only look.`));

function moves(issue, jira) {
  if (!jira.act) return h("div", { hidden: true });
  const buttons = issue.transitions.map((way) => h("button", {
    type: "button", class: "button", title: way.name, data: { focus: `way:${way.id}` },
    on: { click: () => jira.act("transition", { key: issue.key, to: way.id }) } }, icon("M5 12h13M13 7l5 5-5 5"), way.to));
  return h("div", { class: "ticket-moves", role: "group", "aria-label": "Move to" }, buttons);
}

const assignable = (issue, jira) => jira.projects.find((each) => each.key === issue.project)?.assignable ?? [];

function assignee(issue, jira) {
  const able = assignable(issue, jira).map((id) => jira.accounts.get(id));
  const now = jira.accounts.get(issue.assignee);
  const choices = [null, ...(now && !able.includes(now) ? [now] : []), ...able];
  const select = h("select", { class: "field", id: "ticket-assignee", disabled: !jira.act, data: { focus: "assignee" } },
    choices.map((each) => h("option", { value: each?.id ?? "", selected: (each?.id ?? null) === issue.assignee }, each?.display_name ?? "Unassigned")));
  select.addEventListener("change", () => jira.act("edit", { key: issue.key, fields: { assignee: select.value || null } }));
  return h("div", { class: "ticket-field" }, h("label", { for: "ticket-assignee" }, "Assignee"), select);
}

function dueDate(issue, jira) {
  const input = h("input", { type: "date", class: "field", id: "ticket-due", value: issue.duedate ?? "", disabled: !jira.act, data: { focus: "due" } });
  const save = () => {
    if ((input.value || null) !== issue.duedate && !input.validity.badInput) jira.act("edit", { key: issue.key, fields: { duedate: input.value || null } });
  };
  // While a date is typed each digit makes another one: it is sent when the person is done.
  input.addEventListener("blur", save);
  input.addEventListener("keydown", (event) => event.key === "Enter" && save());
  return h("div", { class: "ticket-field" }, h("label", { for: "ticket-due" }, "Due date"), input);
}

/** Wiki markup is shown as it was written: nothing in it is run. */
const description = (issue) => section("Description", issue.description
  ? h("p", { class: "ticket-text" }, issue.description)
  : h("p", { class: "muted" }, "None."));

const labels = (issue) => (issue.labels.length
  ? section("Labels", h("p", { class: "chips" }, issue.labels.map((each) => h("span", { class: "lozenge label" }, each))))
  : h("div", { hidden: true }));

const links = (issue, world) => (issue.links.length
  ? section("Links", h("ul", {}, issue.links.map((each) => h("li", {}, link(each.url, each.title, world)))))
  : h("div", { hidden: true }));

const comments = (issue, jira, world) => (issue.comments.length
  ? section("Comments", h("ul", { class: "ticket-list" }, issue.comments.map((each) => h("li", {}, byline(each, jira, world), h("p", { class: "ticket-text" }, each.text)))))
  : h("div", { hidden: true }));

function history(issue, jira, world) {
  const created = h("li", {}, byline({ at: issue.created, by: issue.reporter }, jira, world), h("p", {}, "Created"));
  const changes = issue.history.toReversed().map((change) => h("li", {}, byline(change, jira, world), change.items.map((item) => h("p", {}, told(item)))));
  return section("History", h("ol", { class: "ticket-list" }, changes, created));
}

const byline = ({ by, at }, jira, world) => h("p", { class: "muted" }, h("strong", {}, jira.accounts.get(by)?.display_name ?? "Somebody"),
  " ", h("time", { datetime: at }, moment(new Date(at), world.now, world.zone)));

const NAMES = { duedate: "Due date", issuetype: "Type" };

function told({ field, fromString: from, toString: to }) {
  const name = NAMES[field] ?? field[0].toUpperCase() + field.slice(1);
  if (field === "description") return "Description changed";
  const short = (text) => (field === "duedate" ? text?.slice(0, 10) : text) || "none";
  return `${name}: ${short(from)} → ${short(to)}`;
}

const section = (title, ...content) => h("section", { class: "ticket-part" }, h("h4", {}, title), content);

function remove(issue, jira) {
  if (!jira.act) return h("div", { hidden: true });
  const sure = async () => {
    const agreed = await ask({ title: `Delete ${issue.key}?`, body: "It is gone for everybody, and can't be brought back.", agree: "Delete", danger: true });
    if (agreed && (await jira.act("delete", { key: issue.key }))) go({ issue: null });
  };
  return h("div", { class: "ticket-part" }, h("button", { type: "button", class: "button danger", data: { focus: "delete" }, on: { click: sure } }, "Delete issue"));
}
