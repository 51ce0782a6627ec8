// What every screen shares: who is signed in, what the server reported last, and the language.
import { createContext } from "@lit/context";

/** @type {import("@lit/context").Context<symbol, import("./session.js").Session>} */
export const sessionContext = createContext(Symbol("session"));

/** @type {import("@lit/context").Context<symbol, import("./news.js").News>} */
export const newsContext = createContext(Symbol("news"));

/** @type {import("@lit/context").Context<symbol, string>} */
export const languageContext = createContext(Symbol("language"));
