/* tslint:disable */
/* eslint-disable */

export function __wbg_reset_state(): void;

/**
 * What it means that this happened in a call; `body` is the answer's.
 *
 * Given: `call` (`memo`, `event`, whether the request may have `left`), each `secret` that was sent, and of the event
 * the `token` that a function gave, what was `thrown`, or the `answer`'s head with the members of its `document` and
 * of their `fields`. Of what is read as it comes (feature `jobs`) `body` is what came since.
 *
 * Told: `headers`, to be sent as well; or how the call ends: `done`, `read` (with the document), `failed`. What is read
 * as it comes has more, which `jobs::stream` tells.
 */
export function judge(given: Uint8Array | number[], body: Uint8Array | number[]): string;

/**
 * What is to be sent for a call with these arguments, or the failure that it ends with at once.
 *
 * Given: `call` (what is called and where: `operation`, `order`, `bound`, `options`, the runtime's `fetch`, `document`,
 * `WorkerGlobalScope` and `importScripts`, a random `key`), the members of the `order`, of the options `bound` to the
 * client and of the call's own `options`, of the `credentials`, and the parts of the `endpoint`.
 *
 * Told: `call` (`memo`, `url`, `timeout` if none was given, `limit` in bytes), `headers` and `request`, the rest of
 * what makes a `Request`; or `failed`.
 */
export function plan(given: Uint8Array | number[]): string;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly judge: (a: number, b: number, c: number, d: number) => [number, number];
    readonly plan: (a: number, b: number) => [number, number];
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
