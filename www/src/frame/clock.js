// The time now: UTC, and the reader's own under it.
import { html, LitElement, nothing } from "lit";
import { local, utc } from "../texts/times.js";

class DashboardClock extends LitElement {
  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.requestUpdate(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  render() {
    const now = new Date();
    return html`<span class="utc">${utc(now)}</span>${
        now.getTimezoneOffset() === 0 ? nothing : html`<span class="local">${local(now)}</span>`
      }`;
  }
}
customElements.define("dashboard-clock", DashboardClock);
