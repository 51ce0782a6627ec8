// Reads the commands of a `sh` block as a shell would split them: enough for what documents have.

/**
 * @param {string} text
 * @returns {string[][]} the words of each command, without assignments before it, redirections and comments
 */
export function commandsOf(text) {
  /** @type {string[][]} */
  const commands = [[]];
  /** @type {string | undefined} the word that is being read */
  let word;
  let quote = "";
  const end = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (quote) {
      if (c === quote) quote = "";
      else if (c === "\\" && quote === '"') word += text[(at += 1)];
      else word += c;
    } else if (c === "'" || c === '"') {
      quote = c;
      word ??= "";
    } else if (c === "\\") {
      at += 1;
      if (text[at] !== "\n") word = (word ?? "") + text[at];
    } else if (c === "#" && word === undefined) {
      at = text.indexOf("\n", at) - 1;
      if (at < 0) break;
    } else if (c === " " || c === "\t") end();
    else if ("\n;|&".includes(c)) {
      end();
      commands.push([]);
    } else word = (word ?? "") + c;
  }
  end();
  return commands.map(withoutRedirections).filter((words) => words.length > 0);
}

/** @param {string[]} words */
function withoutRedirections(words) {
  const kept = words.filter((word, at) => !/^\d?>>?/.test(word) && !/^(\d?>>?|<)$/.test(words[at - 1] ?? ""));
  const first = kept.findIndex((word) => !/^[A-Z_]+=/.test(word));
  return first < 0 ? [] : kept.slice(first).filter((word) => word !== "<");
}
