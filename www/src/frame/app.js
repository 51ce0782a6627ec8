// The frame: who is signed in, where one can go, the clock, the banner, and the screen that the address names.
import { ContextProvider } from "@lit/context";
import { html, LitElement, nothing } from "lit";
import { chooseLanguage, keepLanguage, language, LANGUAGES, t } from "../texts/texts.js";
import { banner } from "./banner.js";
import "./clock.js";
import { languageContext, newsContext, sessionContext } from "./contexts.js";
import { navigation } from "./navigation.js";
import { NewsReader } from "./news.js";
import "./pause-all.js";
import { routeOf, screenOf } from "./router.js";
import { Session } from "./session.js";
import "./sign-in.js";
import "../home/home-screen.js";
import "../orders/order-screen.js";

/** @typedef {HTMLElement & { route?: import("./router.js").Route }} Screen */

class DashboardApp extends LitElement {
  constructor() {
    super();
    chooseLanguage();
    /** @type {Session | undefined} */
    this.session = undefined;
    /** Whether it is still found out if the browser's own session says who it is. */
    this.begins = true;
    /** Why one has to sign in again. @type {"expired" | "unreachable" | undefined} */
    this.reason = undefined;
    this.route = routeOf();
    /** @type {Screen | undefined} */
    this.screen = undefined;
    this.announcement = "";
    this.failedToLoad = false;
    this.sessionProvider = new ContextProvider(this, { context: sessionContext });
    this.newsProvider = new ContextProvider(this, { context: newsContext, initialValue: {} });
    this.languageProvider = new ContextProvider(this, {
      context: languageContext,
      initialValue: language().lang,
    });
  }

  createRenderRoot() {
    this.replaceChildren();
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("hashchange", () => void this.go());
    // A page kept for the Back button keeps its memory: the next person at this screen must not find a session.
    addEventListener("pagehide", () => this.signOut());
    this.addEventListener("dashboard-changed", () => void this.reader?.ask());
    this.addEventListener("dashboard-announce", (event) => {
      this.announcement = /** @type {CustomEvent} */ (event).detail;
      this.requestUpdate();
    });
    this.addEventListener("dashboard-sign-in", (event) =>
      this.enter(/** @type {CustomEvent} */ (event).detail),
    );
    void this.begin();
  }

  /** Behind a single sign-on the browser is signed in already. */
  async begin() {
    try {
      this.enter(await Session.signIn());
    } catch {
      this.begins = false;
      this.requestUpdate();
    }
  }

  /** @param {Session} session */
  enter(session) {
    this.session = session;
    this.reason = undefined;
    this.begins = false;
    this.sessionProvider.setValue(session);
    this.reader = new NewsReader(
      session,
      (news) => {
        this.newsProvider.setValue(news);
        this.requestUpdate();
      },
      () => this.signOut("expired"),
      () => ["home", "unknown"].includes(this.route.name),
    );
    void this.go();
  }

  /** Nothing of the one person is left for the next. @param {"expired"} [reason] */
  signOut(reason) {
    this.session?.end();
    this.session = this.screen = this.reader = undefined;
    this.reason = reason;
    this.newsProvider.setValue({});
    this.requestUpdate();
  }

  async go() {
    this.route = routeOf();
    const { tag, load } = screenOf(this.route);
    const { route } = this;
    const isLoaded = await Promise.resolve(load?.()).then(
      () => true,
      () => false,
    );
    if (route !== this.route || !this.session) return;
    this.failedToLoad = !isLoaded;
    if (isLoaded) {
      // Another order or job has a screen of its own: what comes late for the one before does not find the next.
      if (this.screen?.localName !== tag || this.screen.route?.subject !== route.subject)
        this.screen = /** @type {Screen} */ (document.createElement(tag));
      this.screen.route = route;
      void this.reader?.ask();
    }
    this.requestUpdate();
  }

  /** @param {string} lang */
  speak(lang) {
    keepLanguage(lang);
    this.languageProvider.setValue(lang);
    this.requestUpdate();
  }

  render() {
    const { session, route } = this;
    return html`<a class="skip" href="#main" @click=${this.skip}>${t("frame.skip")}</a>
      <header class="frame">
        <p class="brand">
          <strong>autorevoke</strong> <span class="host" title=${t("frame.server")}>${location.host}</span>
        </p>
        ${session ? navigation(session, this.newsProvider.value, route) : nothing}
        <div class="tools">
          ${session?.mayForAll("operate") ? html`<pause-all .session=${session}></pause-all>` : nothing}
          <dashboard-clock></dashboard-clock>
          <label class="unseen" for="language">${t("frame.language")}</label>
          <select id="language" @change=${(/** @type {any} */ { target }) => this.speak(target.value)}>
            ${Object.entries(LANGUAGES).map(
              ([lang, name]) =>
                html`<option value=${lang} lang=${lang} ?selected=${lang === language().lang}>
                  ${name}
                </option>`,
            )}
          </select>
          ${
            session
              ? html`<span class="person" title=${session.me.actor}>${session.name}</span>
                  <button type="button" class="small" @click=${() => this.signOut()}>
                    ${t("frame.signOut")}
                  </button>`
              : nothing
          }
        </div>
      </header>
      ${session ? banner(session, this.newsProvider.value) : nothing}
      <p class="unseen" role="status">${this.announcement}</p>
      <main id="main" tabindex="-1">
        ${
          session
            ? this.failedToLoad
              ? html`<p class="band" data-tone="no">${t("frame.notLoaded")}</p>`
              : this.screen
            : this.begins
              ? html`<p>${t("frame.begins")}</p>`
              : html`<sign-in .reason=${this.reason}></sign-in>`
        }
      </main>`;
  }

  /** The hash is the route's: the link must not change it. @param {Event} event */
  skip(event) {
    event.preventDefault();
    document.getElementById("main")?.focus();
  }

  updated() {
    if (!this.session && !this.begins) document.title = `${t("signIn.title")} · autorevoke`;
  }
}
customElements.define("dashboard-app", DashboardApp);
