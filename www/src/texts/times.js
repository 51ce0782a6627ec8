// Times: UTC first, as servers, CAs and colleagues elsewhere mean it, and the reader's own beside it.
import { html } from "lit";
import { language, t } from "./texts.js";

const MINUTE = 60_000;

/** To make one takes longer than to draw a row: each is made once. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string | number | Date} at @param {Intl.DateTimeFormatOptions} options */
function written(at, options) {
  const { locale } = language();
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.DateTimeFormat(locale, options)));
  return format.format(new Date(at));
}

/** @param {string | number | Date} at @param {string} [timeZone] */
function clock(at, timeZone) {
  const today = written(Date.now(), { dateStyle: "short", timeZone });
  return written(at, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
    ...(written(at, { dateStyle: "short", timeZone }) !== today && {
      day: "numeric",
      month: "short",
      year: "numeric",
    }),
  });
}

/** @param {string | number | Date} at */
export const utc = (at) => `${clock(at, "UTC")} UTC`;

/** With the reader's zone where it is another. @param {string | number | Date} at */
export function local(at) {
  const zone = written(at, { timeZoneName: "short" }).split(/[ ,]+/).at(-1) ?? "";
  return `${clock(at)} ${zone}`;
}

/** @param {string | number | Date} at */
export const moment = (at) => {
  const iso = new Date(at).toISOString();
  const isElsewhere = new Date(at).getTimezoneOffset() !== 0;
  return html`<time datetime=${iso}>${utc(at)}${isElsewhere ? ` (${local(at)})` : ""}</time>`;
};

/** For tables: UTC alone, and the reader's own on demand. @param {string | number | Date} at */
export const short = (at) =>
  html`<time datetime=${new Date(at).toISOString()} title=${local(at)}>${utc(at)}</time>`;

/** In the two largest units. @param {number} ms */
export function span(ms) {
  const minutes = Math.round(Math.abs(ms) / MINUTE);
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (Math.abs(ms) < MINUTE) return t("span.seconds", { s: Math.round(Math.abs(ms) / 1000) });
  if (d > 0) return t("span.days", { d, h });
  return h > 0 ? t("span.hours", { h, m }) : t("span.minutes", { m });
}

/** "in 23 h 41 min", or "2 min ago". @param {string | number | Date} at */
export function away(at) {
  const ms = new Date(at).getTime() - Date.now();
  return t(ms >= 0 ? "span.in" : "span.ago", { span: span(ms) });
}
