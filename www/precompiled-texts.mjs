// A plugin for Vite: the texts become what their parser would make of them, so that the page does without the parser.
import { parse } from "@formatjs/icu-messageformat-parser";

/** @type {import("vite").Plugin} */
export const precompiledTexts = {
  name: "precompiled-texts",
  enforce: "pre",
  async load(id) {
    if (!/\/www\/src\/texts\/(de|en)\.js$/.test(id)) return undefined;
    const { default: texts } = await import(`${id}?${Date.now()}`);
    const parsed = Object.entries(texts).map(([name, text]) => {
      // Numbers and plurals stay; where a message has nothing to fill in, it is its own text.
      const parts = parse(String(text), { captureLocation: false });
      return [name, parts.length === 1 && parts[0].type === 0 ? parts[0].value : parts];
    });
    return `export default ${JSON.stringify(Object.fromEntries(parsed))};`;
  },
};
