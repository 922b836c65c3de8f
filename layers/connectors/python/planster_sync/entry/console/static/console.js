// Keeps what moves up to date, and nothing else: without this script every page works, and is loaded anew by hand.
"use strict";

const SLOWEST = 60;

class LivePart {
  constructor(element) {
    this.element = element;
    this.tag = "";
    this.failures = 0;
    this.plan(Number(element.dataset.seconds));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.plan(0); });
  }

  plan(seconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), seconds * 1000);
  }

  async look() {
    if (document.hidden) return;
    let seconds = Number(this.element.dataset.seconds);
    try {
      const headers = this.tag ? { "If-None-Match": this.tag } : {};
      const answer = await fetch(this.element.dataset.live, { headers, redirect: "error", cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) return;
      seconds = Number(answer.headers.get("Retry-After") || answer.headers.get("Poll-After")) || seconds;
      if (answer.ok) {
        this.tag = answer.headers.get("ETag") || "";
        this.put(await answer.text());
      }
      this.failures = 0;
    } catch {
      this.failures += 1;
      seconds = Math.min(seconds * 2 ** this.failures, SLOWEST);
    }
    this.plan(seconds);
  }

  put(html) {
    const focused = this.element.contains(document.activeElement) ? document.activeElement.id : "";
    const opened = [...this.element.querySelectorAll("details[open][id]")].map((each) => each.id);
    const said = this.element.querySelector("[data-say]")?.textContent;
    this.element.innerHTML = html;
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const says = this.element.querySelector("[data-say]")?.textContent;
    if (says && says !== said) say(says);
  }
}

// Tells a screen reader one sentence; the whole part would be too much.
function say(text) {
  const place = document.getElementById("said");
  if (place) place.textContent = text.trim();
}

// A button that was pressed is not pressed twice.
function sendOnce(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
}

// Back from the history: the page is as it was left, but may be used again.
function freshen() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
}

// A file is read into a field, so that what is sent can be seen first.
async function take(event) {
  const place = document.getElementById(event.target.dataset.into);
  if (event.target.files.length) place.value = await event.target.files[0].text();
}

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
for (const input of document.querySelectorAll("[data-into]")) input.addEventListener("change", take);
for (const element of document.querySelectorAll("[data-live]")) new LivePart(element);
// What a form or a consent has led to is loaded anew under its own address, and the address of a consent's code is gone.
const lasting = document.querySelector("[data-address]");
if (lasting) history.replaceState(null, "", lasting.dataset.address);
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.addEventListener("submit", sendOnce);
addEventListener("pageshow", freshen);
