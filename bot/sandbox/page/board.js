// The Jira board: a column for each kind of status, a card for each issue.

import { attempt, get } from "./api.js";
import { h, icon, keepFocus, reconcile } from "./dom.js";
import { openMenu } from "./menu.js";
import { avatar, nameOf } from "./people.js";
import { hashOf } from "./place.js";
import { redraw, refresh } from "./store.js";
import { drawTicket, setUpTicket } from "./ticket.js";
import { isoDate, shortDay } from "./time.js";
import { toast } from "./toast.js";

const el = (id) => document.getElementById(id);
let held = null;
let heldOf = null;
let asking = false;
let project = "";

export function setUpBoard() {
  el("board-project").addEventListener("change", (event) => {
    project = event.target.value;
    redraw();
  });
  setUpTicket();
}

export function drawBoard(world) {
  const open = world.place.jira;
  el("board").hidden = !open;
  if (open && heldOf !== world.state.changes) load(world);
  const jira = open && held ? view(world) : null;
  if (jira) draw(jira, world);
  drawTicket(jira, world);
}

/** Fetch what Jira holds; the workspace's state only counts its issues. */
async function load(world) {
  if (asking) return;
  asking = true;
  const of = world.state.changes;
  try {
    held = await get("jira/issues");
    heldOf = of;
  } catch (error) {
    toast(error.message, "refusal");
    heldOf = of;
  } finally {
    asking = false;
  }
  redraw();
}

/** Jira as the acting person sees it: `account` is theirs, null where they have none. */
function view(world) {
  const accounts = new Map(held.accounts.map((each) => [each.id, each]));
  const account = held.accounts.find((each) => each.user === world.me?.id && each.active) ?? null;
  const projects = held.projects.filter((each) => !each.deleted);
  return { ...held, accounts, account, projects, act: account && !world.me.deleted ? act(world) : null };
}

const act = (world) => async (what, body) => {
  const answer = await attempt(`jira/${what}`, { user: world.me.id, ...body });
  refresh();
  return answer;
};

function draw(jira, world) {
  el("board-note").textContent = [jira.deployment === "Cloud" ? "Jira Cloud" : "Jira Data Center",
    jira.token === "alive" ? null : "the bot's token is no longer good"].filter(Boolean).join(" · ");
  drawProjects(jira);
  const shown = jira.issues.filter((each) => jira.projects.some((other) => other.key === each.project) && (!project || each.project === project));
  el("board-empty").hidden = shown.length > 0;
  // A card that moves takes the focus along into its new column.
  keepFocus(el("board-columns"), () => reconcile(el("board-columns"), jira.categories.map((each) => ({ key: each.key, sig: each.name, build: () => column(each) }))));
  keepFocus(el("board-columns"), () => {
    for (const each of jira.categories) drawColumn(each, shown.filter((issue) => issue.category === each.key), jira, world);
  });
}

function drawProjects(jira) {
  const choices = [{ key: "", name: "All projects" }, ...jira.projects];
  if (!choices.some((each) => each.key === project)) project = "";
  reconcile(el("board-project"), choices.map((each) => ({
    key: each.key || "all", sig: each.name, build: () => h("option", { value: each.key }, each.key ? `${each.key} · ${each.name}` : each.name) })));
  el("board-project").value = project;
}

const column = ({ key, name }) => h("section", { class: "board-column", "aria-labelledby": `column-${key}`, data: { category: key } },
  h("h2", { id: `column-${key}` }, name, " ", h("small", {})), h("ol", {}));

function drawColumn({ key }, issues, jira, world) {
  const section = el("board-columns").querySelector(`[data-category="${CSS.escape(key)}"]`);
  section.querySelector("small").textContent = String(issues.length);
  const newest = issues.toSorted((a, b) => Number(b.id) - Number(a.id));
  const today = isoDate(world.now, world.zone);
  reconcile(section.querySelector("ol"), newest.map((issue) => {
    const assignee = jira.accounts.get(issue.assignee);
    const current = world.place.issue === issue.key;
    const sig = JSON.stringify([issue.key, issue.summary, issue.status, issue.type, issue.duedate, issue.transitions, assignee, current, world.me?.id, Boolean(jira.act), today]);
    return { key: issue.id, sig, build: () => card(issue, assignee, jira, world, { current, today }) };
  }));
}

function card(issue, assignee, jira, world, { current, today }) {
  const move = (event) => openMenu(event.currentTarget, `Move ${issue.key}`, ways(issue, jira));
  return h("li", { class: current ? "issue-card current" : "issue-card", data: { menuHost: "", issue: issue.key } },
    h("a", { class: "issue-open", href: hashOf({ user: world.me?.id, jira: true, issue: issue.key }), "aria-current": current ? "true" : null, data: { focus: `card:${issue.id}` } },
      h("span", { class: "issue-summary" }, issue.summary)),
    h("div", { class: "issue-foot" },
      h("span", { class: "issue-facts" },
        h("span", { class: "issue-key" }, issue.key),
        h("span", { class: "muted" }, issue.type),
        due(issue, today)),
      assignee ? face(assignee, world) : h("span", { class: "avatar nobody", title: "Unassigned", role: "img", "aria-label": "Unassigned" })),
    jira.act && issue.transitions.length
      ? h("button", { type: "button", class: "quiet issue-move", "aria-label": `Move ${issue.key}`, title: "Move", "aria-haspopup": "menu", data: { focus: `move:${issue.id}` }, on: { click: move } }, icon("M5 12h13M13 7l5 5-5 5"))
      : null);
}

/** The ways out of where an issue is, for a menu. */
export const ways = (issue, jira) => issue.transitions.map((way) => ({
  text: way.to, detail: way.name === way.to ? null : way.name, run: () => jira.act("transition", { key: issue.key, to: way.id }) }));

/** A due date, marked when it has passed on the person's own day. */
export function due(issue, today) {
  if (!issue.duedate) return null;
  const late = issue.category !== "done" && issue.duedate < today;
  const text = shortDay(new Date(`${issue.duedate}T12:00Z`), "UTC");
  return h("time", { class: late ? "due late" : "due", datetime: issue.duedate, title: late ? "Overdue" : "Due" }, late ? `${text}, overdue` : text);
}

/** An account's face: that of the member it belongs to, else of its name. */
export function face(account, world) {
  const node = avatar(world.users.get(account.user) ?? { real_name: account.display_name });
  node.removeAttribute("aria-hidden");
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", account.display_name);
  node.title = nameOf({ real_name: account.display_name });
  return node;
}
