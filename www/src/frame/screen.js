// What all screens have in common: light DOM, so that labels and styles reach everywhere; who is signed in; the heading, which gets
// the focus when the screen opens.
import { ContextConsumer } from "@lit/context";
import { LitElement } from "lit";
import { languageContext, newsContext, sessionContext } from "./contexts.js";

export class Screen extends LitElement {
  static properties = { route: { attribute: false } };

  constructor() {
    super();
    /** @type {import("./router.js").Route} */
    this.route = { name: "home", subject: "", query: new URLSearchParams() };
    this.sessionConsumer = new ContextConsumer(this, { context: sessionContext, subscribe: true });
    this.newsConsumer = new ContextConsumer(this, { context: newsContext, subscribe: true });
    new ContextConsumer(this, { context: languageContext, subscribe: true });
  }

  createRenderRoot() {
    return this;
  }

  get session() {
    return /** @type {import("./session.js").Session} */ (this.sessionConsumer.value);
  }

  get news() {
    return this.newsConsumer.value ?? {};
  }

  get heading() {
    return "";
  }

  /** Each screen has its own. */
  get windowTitle() {
    return this.heading;
  }

  /** Something was done: what the frame shows may have changed. */
  changed() {
    this.dispatchEvent(new CustomEvent("dashboard-changed", { bubbles: true }));
  }

  /** @param {string} text for screen readers */
  announce(text) {
    this.dispatchEvent(new CustomEvent("dashboard-announce", { bubbles: true, detail: text }));
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    // An answer may come when the screen was left, and the next one has its title.
    if (!this.isConnected) return;
    document.title = `${this.windowTitle} · autorevoke`;
    if (changed.has("route")) this.focusOn("h1");
  }

  /** What is to be read next is in view, and has the focus. @param {string} selector */
  focusOn(selector) {
    const found = /** @type {HTMLElement | null} */ (this.querySelector(selector));
    found?.focus({ preventScroll: true });
    found?.scrollIntoView({ block: "nearest" });
    if (selector === "h1") scrollTo(0, 0);
  }
}
