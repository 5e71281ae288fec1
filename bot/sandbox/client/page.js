// The page's own script: asks what changed and puts it in, and sends what is pressed and typed. It draws nothing itself.
"use strict";

const body = document.body;
const ended = `The demo has ended, or does not answer. Start it again: ${body.dataset.again}`;
const known = JSON.parse(body.dataset.known);
const token = document.querySelector("meta[name=token]").content;
const byId = (id) => document.getElementById(id);
const drawn = {}; // regions as the server drew them last: what this script put in stays until they change

// --- putting in what changed ---

function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.isEqualNode(fresh) || "own" in old.dataset) return;
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name); // what somebody opened stays open
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.nodeName === "OPTION") old.selected = fresh.hasAttribute("selected");
  if (old.nodeName !== "TEXTAREA") morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const named = new Map([...old.children].filter((one) => one.id).map((one) => [one.id, one]));
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const same = next.id ? named.get(next.id) : null;
    if (same) {
      if (same !== at) old.insertBefore(same, at);
      else at = at.nextSibling;
      morph(same, next);
    } else if (!next.id && at && !at.id && at.nodeName === next.nodeName) {
      const now = at;
      at = at.nextSibling;
      morph(now, next);
    } else {
      old.insertBefore(next, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    if (gone.open && gone.close) gone.close(); // a window gives the focus back to where it came from
    gone.remove();
  }
}

let wanted = ""; // the field that is to have the focus once it shows

function put(regions) {
  const places = logs();
  const line = document.activeElement.closest(".line")?.id;
  for (const [id, html] of Object.entries(regions)) {
    if (drawn[id] === html) continue;
    drawn[id] = html;
    const fresh = byId(id).cloneNode(false);
    fresh.innerHTML = html;
    morphChildren(byId(id), fresh);
  }
  byId("frame").dataset.beside = byId("aside").firstChild ? "open" : "";
  showWindows();
  for (const [name, log] of logs()) {
    if (look().in !== "home" && places.get(name)?.atEnd !== false) log.node.scrollTop = log.node.scrollHeight;
  }
  focus(line);
}

function focus(line) { // nobody loses their place because what they pressed is gone
  if (wanted) byId(wanted)?.focus();
  else if (line && document.activeElement === body) (byId(line) || byId("line"))?.focus();
  wanted = "";
}

function logs() { // the conversations that show, by where they are: who reads further up stays there
  const found = [...document.querySelectorAll("[role=log]")].map((node) => {
    const name = node.id ? `${node.id}${look().in}` : `beside${location.search}`;
    return [name, { node, atEnd: node.scrollHeight - node.scrollTop - node.clientHeight < 80 }];
  });
  return new Map(found);
}

function showWindows() {
  for (const dialog of byId("windows").children) {
    if (!dialog.open) dialog.showModal();
    const field = dialog.querySelector(".input [data-block]");
    if (field && !dialog.dataset.entered) {
      dialog.dataset.entered = "yes";
      field.focus();
    }
  }
}

// --- asking ---

let asking = new AbortController();

async function watch(version) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  while (!signal.aborted) {
    try {
      const query = new URLSearchParams(location.search);
      query.set("version", version);
      const answer = await fetch(`/changes?${query}`, { headers: { "X-Demo-Token": token }, signal });
      if (answer.status === 403) return location.reload(); // another run of the demo at the same address
      const { version: now, regions } = await answer.json();
      if (signal.aborted) return;
      version = now;
      put(regions);
    } catch {
      if (signal.aborted) return;
      tell(ended);
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

function look() {
  const { as, in: place, beside } = Object.fromEntries(new URLSearchParams(location.search));
  return { as, in: place, beside };
}

async function act(what, given = {}) {
  try {
    const answer = await fetch("/do", {
      method: "POST",
      headers: { "X-Demo-Token": token, "Content-Type": "application/json" },
      body: JSON.stringify({ ...look(), ...given, act: what }),
    });
    const said = answer.ok ? await answer.json() : { told: await answer.text() };
    tell(said.told);
    if (said.go === "/") location.assign("/");
    else if (said.go) go(said.go);
    return said;
  } catch {
    tell(ended);
    return { told: "" };
  }
}

function tell(text) {
  byId("told").textContent = text || "";
  byId("told").hidden = !text;
}

async function go(address) {
  const before = look();
  history.pushState(null, "", address);
  await enter(before);
}

async function enter(before = {}) {
  tell("");
  const now = look();
  if (before.beside !== now.beside && matchMedia("(hover: hover)").matches) wanted = now.beside ? "reply" : "line";
  watch("");
  if (before.as !== now.as || before.in !== now.in || before.beside !== now.beside) await act("look");
}

// --- pressing ---

function placeOf(element) {
  const line = element.closest(".line");
  const view = element.closest("[data-view]");
  return view ? { view: view.dataset.view } : line ? { channel: line.dataset.channel, ts: line.dataset.ts } : {};
}

function entered(dialog) {
  const values = {};
  for (const field of dialog ? dialog.querySelectorAll(".input [data-block]") : []) {
    const given = (values[field.dataset.block] ||= []);
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked) given.push(field.value);
    } else if (field.multiple) {
      given.push(...[...field.selectedOptions].map((one) => one.value));
    } else {
      given.push(field.value);
    }
  }
  return values;
}

function use(element, chosen) {
  const { block, action } = element.dataset;
  act("use", { ...placeOf(element), block, action, chosen, values: entered(element.closest("dialog")) });
}

document.addEventListener("click", (event) => {
  const found = (selector) => event.target.closest(selector);
  for (const menu of document.querySelectorAll("details.overflow[open]")) {
    if (!menu.contains(event.target) || found(".overflow li")) menu.open = false;
  }
  const link = found("a[data-look]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    return void go(link.getAttribute("href"));
  }
  const pressed = found("button, a[data-action]");
  if (!pressed) return;
  const { action, value, say, tour: step } = pressed.dataset;
  if (action) use(pressed, value ? [value] : []);
  else if (pressed.dataset.do) press(pressed);
  else if (say) act("say", { text: say, channel: composerBeside(pressed).dataset.channel });
  else if (step) tour(step);
  else if ("close" in pressed.dataset) act("close", placeOf(pressed));
});

async function press(button) {
  const place = placeOf(button);
  const said = await act(button.dataset.do, place);
  if (said.edit !== undefined) startEditing(composerBeside(button), place, said.edit);
}

function composerBeside(element) {
  return (element.closest("main, aside") || document).querySelector("form.composer");
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.dataset.go === "as") return void go(`/?as=${field.value}`);
  if (!field.dataset.action || field.closest(".input")) return;
  const ticked = () => [...document.getElementsByName(field.name)].filter((one) => one.checked);
  const chosen = field.name ? ticked() : [...(field.selectedOptions || [field])];
  use(field, chosen.map((one) => one.value));
});

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.matches(".composer")) return void send(form);
  const dialog = form.closest("dialog");
  const { errors } = await act("submit", { view: dialog.dataset.view, values: entered(dialog) });
  for (const old of dialog.querySelectorAll(".fault")) old.remove();
  for (const field of dialog.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const [block, text] of Object.entries(errors || {}).reverse()) showFault(dialog, block, text);
});

function showFault(dialog, block, text) {
  const field = dialog.querySelector(`.input [data-block="${CSS.escape(block)}"]`);
  if (!field) return tell(text);
  const fault = document.createElement("p");
  fault.className = "fault";
  fault.id = `fault-${block}`;
  fault.setAttribute("role", "alert");
  fault.textContent = text;
  field.closest(".input").append(fault);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", fault.id);
  field.focus();
}

document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches(".overflow")) event.target.lastElementChild.scrollIntoView({ block: "nearest" });
}, true);

document.addEventListener("cancel", (event) => {
  event.preventDefault(); // the bot's workspace closes it
  act("close", { view: event.target.dataset.view });
}, true);

// --- writing ---

async function send(form) {
  const field = form.querySelector("textarea");
  const text = field.value;
  if (!text.trim()) return;
  const { channel, thread, edit } = form.dataset;
  field.value = "";
  complete(field);
  delete form.dataset.edit;
  const said = await act(edit ? "edit" : "say", { text, channel, thread, ts: edit });
  if (said.told) field.value = text; // nothing typed is lost
}

function startEditing(form, place, text) {
  form.dataset.edit = place.ts;
  const field = form.querySelector("textarea");
  field.value = text;
  field.focus();
  tell("You change your message. Enter saves it, Escape leaves it as it is.");
}

function suggestions(text) {
  if (/^\/\S*$/.test(text)) {
    const begun = known.command.startsWith(text);
    return begun ? [{ insert: `${known.command} `, shown: known.command, help: "what is true of an org, and what to do next" }] : [];
  }
  if (text.startsWith(`${known.command} `)) {
    const rest = text.slice(known.command.length + 1).toLowerCase();
    const verb = rest.split(" ")[0];
    return known.usages.filter(({ shown }) => shown.startsWith(rest) || (rest.includes(" ") && shown.split(" ")[0] === verb));
  }
  const name = /(?:^|\s)(@\w*)$/.exec(text);
  return name ? known.names.filter(({ shown }) => shown.startsWith(name[1].toLowerCase())) : [];
}

function complete(field) {
  const list = field.form.querySelector("[role=listbox]");
  const found = suggestions(field.value);
  list.replaceChildren(...found.map(({ insert, shown, help }, number) => {
    const line = document.createElement("li");
    const name = document.createElement("strong");
    line.id = `${list.id}-${number}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    line.dataset.insert = insert;
    name.textContent = shown;
    line.append(name, ` ${help}`);
    return line;
  }));
  list.hidden = !found.length;
  field.setAttribute("aria-expanded", String(found.length > 0));
  field.removeAttribute("aria-activedescendant");
}

function choose(field, line) {
  const text = field.value;
  field.value = line.dataset.insert.startsWith("@") ? text.replace(/@\w*$/, line.dataset.insert) : line.dataset.insert;
  field.focus();
  complete(field);
}

function move(field, by) {
  const lines = [...field.form.querySelectorAll("[role=option]")];
  const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  const next = lines[(at + by + lines.length + (at < 0 && by < 0 ? 1 : 0)) % lines.length];
  for (const line of lines) line.setAttribute("aria-selected", String(line === next));
  field.setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("input", (event) => {
  if (event.target.matches(".composer textarea")) complete(event.target);
});

document.addEventListener("mousedown", (event) => {
  const line = event.target.closest("[role=option]");
  if (!line) return;
  event.preventDefault();
  choose(line.closest("form").querySelector("textarea"), line);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key === "Escape") escape(field);
  if (!field.matches(".composer textarea") || event.isComposing) return;
  const list = field.form.querySelector("[role=listbox]");
  const chosen = list.hidden ? null : list.querySelector("[aria-selected=true]");
  if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    move(field, event.key === "ArrowDown" ? 1 : -1);
  } else if (chosen && (event.key === "Enter" || event.key === "Tab")) {
    event.preventDefault();
    choose(field, chosen);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    field.form.requestSubmit();
  }
});

function escape(element) {
  const menu = element.closest("details.overflow[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  const form = element.closest(".composer");
  if (!form) return;
  const list = form.querySelector("[role=listbox]");
  if (!list.hidden) {
    list.hidden = true;
  } else if (form.dataset.edit) {
    delete form.dataset.edit;
    form.querySelector("textarea").value = "";
    tell("");
  }
}

// --- the tour ---

function tour(step) {
  const [what, ...rest] = step.split(":");
  if (what === "type") {
    const field = composerBeside(byId("channels"));
    const input = field && field.querySelector("textarea");
    if (!input) return tell("Open a channel first.");
    input.value = rest.join(":");
    uncover(input);
    return input.focus();
  }
  if (what === "do") {
    uncover(byId("messages"));
    return void act(rest.join(":"));
  }
  const at = what === "start" ? 0 : what === "next" ? Number(localStorage.tour || 0) + 1 : Infinity;
  localStorage.tour = at;
  showTour();
  const title = byId("tour").querySelector(".step:not([hidden]) h2");
  if (title) title.focus();
  else byId("line")?.focus();
}

function uncover(element) { // on a narrow screen what stands beside the conversation covers it
  if (element.offsetParent) return;
  const close = byId("aside").querySelector("header a");
  if (close) void go(close.getAttribute("href"));
  if (element.matches("textarea")) wanted = element.id;
}

function showTour() {
  const steps = [...byId("tour").children];
  const at = Number(localStorage.tour || 0);
  steps.forEach((step, number) => (step.hidden = number !== at));
  byId("tour").hidden = !(at < steps.length);
}

addEventListener("popstate", () => enter());
showTour();
showWindows();
if (look().in !== "home") byId("messages").scrollTop = byId("messages").scrollHeight;
watch(body.dataset.version);
act("look");
