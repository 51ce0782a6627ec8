// The project's documents: which there are, their code blocks, headings and links.
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { slug } from "../../docs/.vitepress/links.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Documents outside of docs/ that people read. */
const ELSEWHERE = [
  ...["README.md", "ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md"],
  ...["pkg/README.md", "simulator/README.md", "tests/security/README.md"],
  ...["create-autorevoke-edge/README.md", "create-autorevoke-edge/template/README.md", "examples/README.md"],
];

/** All of them, from the root; what the build writes is none. @returns {Promise<string[]>} */
export async function documents() {
  return [...ELSEWHERE, ...(await pages()).map((path) => `docs/${path}.md`)];
}

/** The pages in docs/ that are in the repository, below it and without `.md`. @returns {Promise<string[]>} */
export async function pages() {
  const { written } = await import("../../docs/.vitepress/sidebar.mjs");
  const names = await readdir(`${root}docs`, { recursive: true });
  return names
    .filter((name) => name.endsWith(".md") && !/^(\.vitepress|node_modules)\//.test(name))
    .map((name) => name.slice(0, -3))
    .filter((name) => !written.includes(name) && !name.startsWith("reference/api/"))
    .sort();
}

/**
 * @typedef {object} Block
 * @property {string} file
 * @property {number} line of its first line, from 1
 * @property {string} language
 * @property {string} how what else stands behind the language
 * @property {string} text without the indentation of its fence
 */

/** @param {string} file from the root @returns {{ prose: string, blocks: Block[] }} `prose`: all that is in no block */
export function read(file) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {string[]} */
  const prose = [];
  /** @type {{ end: RegExp, indentation: RegExp, lines: string[], block: Omit<Block, "text"> } | undefined} */
  let open;
  for (const [index, line] of readFileSync(`${root}${file}`, "utf8").split("\n").entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})\s*(\S*)\s*(.*)$/.exec(line);
    if (open) {
      if (open.end.test(line)) {
        blocks.push({ ...open.block, text: `${open.lines.join("\n")}\n` });
        open = undefined;
      } else open.lines.push(line.replace(open.indentation, ""));
    } else if (fence) {
      const [, indentation, marks, language, how] = fence;
      open = {
        end: new RegExp(`^\\s*${marks}\\s*$`),
        indentation: new RegExp(`^ {0,${indentation.length}}`),
        lines: [],
        block: { file, line: index + 2, language, how },
      };
    } else prose.push(line);
  }
  if (open) throw new Error(`${file}:${open.block.line}: this block has no end`);
  return { prose: prose.join("\n"), blocks };
}

/** @param {string} prose @returns {{ text: string, target: string }[]} */
export const linksOf = (prose) =>
  [...withoutCode(prose).matchAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g)].map(([, text, target]) => ({
    text,
    target,
  }));

/** Inline code is no link. @param {string} prose */
const withoutCode = (prose) => prose.replace(/(`+)[^`]*?\1/g, (code) => (code.includes("](") ? "" : code));

/** What the headings are called in addresses. @param {string} prose */
export const anchorsOf = (prose) =>
  new Set(
    [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, text]) =>
      slug(text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*]/g, "")),
    ),
  );
