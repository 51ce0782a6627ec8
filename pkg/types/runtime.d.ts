// What runtimes have, by shape, or taken from whichever library declares it: no type needs the DOM library.

/** A signal, by shape: an `AbortSignal` of any library. */
export interface SignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A URL, by shape. */
export interface UrlLike {
  readonly href: string;
}

/** What a replaced `fetch` is called with: the runtime's `Request`, where a library declares it. */
export type FetchRequest = typeof globalThis extends { Request: { prototype: infer Declared } }
  ? Declared
  : {
      readonly url: string;
      readonly method: string;
      readonly headers: { get(name: string): string | null };
      readonly redirect: string;
      readonly signal: SignalLike;
      text(): Promise<string>;
      json(): Promise<any>;
    };

/** What a replaced `fetch` gives, by shape: a `Response`. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly redirected?: boolean;
  readonly body?: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A compiled module: the runtime's `WebAssembly.Module`, where a library declares it. */
export type WasmModule = typeof globalThis extends {
  WebAssembly: { Module: { prototype: infer Declared } };
}
  ? Declared
  : object;

/** Where a module is to be had: its URL, in Node also a path, a Response, its bytes, or compiled. */
export type WasmSource =
  string | UrlLike | FetchResponse | PromiseLike<FetchResponse> | ArrayBuffer | ArrayBufferView | WasmModule;

/** Options of one call, over those of the client. */
export type PerCall<Options> = { [Name in keyof Options]?: Options[Name] | undefined };
