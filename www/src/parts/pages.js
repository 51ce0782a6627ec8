// Lists that the server gives in parts: a part may be short, or empty, although there are more.

/**
 * All parts, until there are so many.
 * @template Item
 * @param {(after: number | undefined) => Promise<{ items: Item[], next?: number | undefined }>} part
 * @param {number} most
 */
export async function collect(part, most) {
  /** @type {Item[]} */
  const all = [];
  /** @type {number | undefined} */
  let after;
  while (all.length < most) {
    const { items, next } = await part(after);
    all.push(...items);
    if (next === undefined) break;
    after = next;
  }
  return all;
}
