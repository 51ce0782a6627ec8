// The types of `autorevoke/element`.
import type { EdgeOptions, Me, Revocation, RevocationErrorJson } from "./index.js";
import type { RepeatableClient, RepeatStorage } from "./repeat.js";

/** What of a client the elements need: `createClient({ endpoint, token })` has it. */
export interface ElementClient extends RepeatableClient {
  me(options?: Partial<EdgeOptions>): Promise<Me>;
}

/** What the elements tell, each once at the end of a call; a failure as `toJSON()` of its error has it. All events bubble, through shadow roots too. */
export interface AutorevokeEventMap {
  /** It is done: `revoked`, or it had been done before. */
  revoked: CustomEvent<Exclude<Revocation, { outcome: "tested" }>>;
  /** The CA has checked the order. Nothing was changed. */
  tested: CustomEvent<Extract<Revocation, { outcome: "tested" }>>;
  /** It is not known whether it was revoked. `revoked` may follow, when the person finds out. */
  unknown: CustomEvent<RevocationErrorJson & { mayHaveRevoked: true }>;
  /** It was certainly not revoked by this call. */
  failed: CustomEvent<RevocationErrorJson & { mayHaveRevoked: false }>;
}

/** What both elements have. */
declare class AutorevokeElement extends HTMLElement {
  /** The edge's URL. Attribute `endpoint`. Default: the page's own origin. */
  endpoint: string | undefined;
  /**
   * Who calls: an API key or a JWT, or a function that gives it. A property only, since everyone who can read the page's
   * markup could read an attribute: one is removed again, and reported on the console.
   */
  token: string | (() => string | PromiseLike<string>) | undefined;
  /** A client instead of `endpoint`: of `autorevoke/inline`, of a test. */
  client: ElementClient | undefined;
  /** Where unsettled calls are kept: see `autorevoke/repeat`. Default: the page's `sessionStorage`. */
  storage: RepeatStorage | undefined;
  /** Attribute `order-number`. */
  orderNumber: string | number | undefined;
  /** By name or number. Attribute `code-reason`. */
  codeReason: string | number | undefined;
  /** The comment. Attribute `revocation-reason`. */
  revocationReason: string | undefined;
  /** Attribute `product-code`. */
  productCode: string | undefined;
  /** Attribute `product`. */
  product: string | number | undefined;
  /** Whether it only tests, which changes nothing. Attribute `test`. */
  test: boolean;
  /** The level of its headings, from 1 to 6. Attribute `heading-level`. Default: 2. */
  headingLevel: number;
  /** As at first. A call in flight goes on. */
  reset(): void;
  addEventListener<Type extends keyof AutorevokeEventMap>(
    type: Type,
    listener: (this: this, event: AutorevokeEventMap[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Type extends keyof HTMLElementEventMap>(
    type: Type,
    listener: (this: HTMLElement, event: HTMLElementEventMap[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof AutorevokeEventMap>(
    type: Type,
    listener: (this: this, event: AutorevokeEventMap[Type]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** `<autorevoke-form>`: an order is filled in, confirmed and revoked. */
export class AutorevokeForm extends AutorevokeElement {}

/** `<autorevoke-button>`: the order that `order-number` names is confirmed and revoked in a dialog. */
export class AutorevokeButton extends AutorevokeElement {}

declare global {
  interface HTMLElementTagNameMap {
    "autorevoke-button": AutorevokeButton;
    "autorevoke-form": AutorevokeForm;
  }
}

export {};
