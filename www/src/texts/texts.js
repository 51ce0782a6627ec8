// The page's texts, by name: ICU messages, in one place for each language. Numbers and times are written by the person's locale.
import { IntlMessageFormat } from "intl-messageformat";
import { languageOf } from "../../../pkg/element/words/language.js";
import de from "./de.js";
import en from "./en.js";

/** @typedef {keyof typeof en} TextName */

/** The build has parsed every message with something to fill in; the others are their own texts. @type {Record<string, Record<string, any>>} */
const TEXTS = { de, en };
export const LANGUAGES = /** @type {const} */ ({ en: "English", de: "Deutsch" });
const KEPT = "autorevoke:language";

/** @type {Map<string, IntlMessageFormat>} */
const formats = new Map();

/** @param {TextName} name @param {Record<string, string | number>} [values] */
export function t(name, values) {
  const { lang, locale } = language();
  const text = TEXTS[lang][name];
  if (typeof text === "string") return text;
  const key = `${locale} ${name}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new IntlMessageFormat(text, locale)));
  return String(format.format(values));
}

/** How numbers, times and the shared parts are written now. */
export const language = () => languageOf(document.documentElement);

/** As the browser prefers, unless the person has chosen. */
export function chooseLanguage() {
  const kept = storedLanguage();
  const preferred = navigator.languages.find((tag) => tag.split("-")[0] in TEXTS) ?? "en";
  const same = navigator.languages.find((tag) => tag.split("-")[0] === kept);
  document.documentElement.lang = kept && kept in TEXTS ? (same ?? kept) : preferred;
}

function storedLanguage() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

/** @param {string} lang */
export function keepLanguage(lang) {
  try {
    localStorage.setItem(KEPT, lang);
  } catch {
    // It is chosen again the next time.
  }
  document.documentElement.lang = navigator.languages.find((tag) => tag.split("-")[0] === lang) ?? lang;
}
