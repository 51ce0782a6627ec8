// Which language an element speaks, and how numbers and times are written in it.
import de from "./de.js";
import en from "./en.js";

/** @typedef {import("./en.js").Texts} Texts */
/** @typedef {ReturnType<typeof languageOf>} Language */

/** @type {Record<string, Texts>} */
const TEXTS = { de, en };

/** @type {Map<string, ReturnType<typeof speaking>>} */
const languages = new Map();

/**
 * The language of an element: its own `lang`, or that of what it stands in, through all shadow roots.
 * @param {Element} element
 */
export function languageOf(element) {
  const tag = langOf(element) || "en";
  let language = languages.get(tag);
  if (!language) languages.set(tag, (language = speaking(tag)));
  return language;
}

/** @param {Element} element */
function langOf(element) {
  for (let at = /** @type {Element | undefined} */ (element); at;) {
    const near = at.closest("[lang]");
    if (near) return near.getAttribute("lang");
    const root = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : undefined;
  }
  return document.documentElement.lang;
}

/** @param {string} tag of the page; where it is none of ours, English */
function speaking(tag) {
  const primary = tag.split("-")[0].toLowerCase();
  const own = primary in TEXTS;
  let locale = own ? tag : "en";
  try {
    Intl.getCanonicalLocales(locale);
  } catch {
    locale = own ? primary : "en";
  }
  const number = new Intl.NumberFormat(locale);
  const moment = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  });
  /** @param {number} count @param {"second" | "minute" | "hour"} unit */
  const duration = (count, unit) =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(count);

  return {
    lang: own ? primary : "en",
    locale,
    texts: TEXTS[own ? primary : "en"],
    /** @param {number} value */
    number: (value) => number.format(value),
    /** With its zone. @param {string | number | Date} at */
    time(at) {
      const date = new Date(at);
      return Number.isNaN(date.getTime()) ? String(at) : moment.format(date);
    },
    /** @param {number} seconds */
    seconds(seconds) {
      if (seconds < 100) return duration(seconds, "second");
      if (seconds < 5400) return duration(Math.ceil(seconds / 60), "minute");
      return duration(Math.ceil(seconds / 3600), "hour");
    },
  };
}
