// A RevocationError narrows by its kind.
import { RevocationError, type RevocationErrorKind, type RevocationFailure } from "autorevoke";

declare const thrown: unknown;

if (thrown instanceof RevocationError) {
  const kind: RevocationErrorKind = thrown.kind;
  const mayHaveRevoked: boolean = thrown.mayHaveRevoked;
  const stack: string | undefined = thrown.stack;
  const isError: Error = thrown;
  // Each can be asked for before it is known which kind it is.
  const [code, status, fields] = [thrown.errorCode, thrown.status, thrown.fields];
  void [
    kind,
    mayHaveRevoked,
    stack,
    isError,
    code,
    status,
    fields,
    thrown.problem,
    thrown.retryAfter,
    thrown.cause,
  ];

  // @ts-expect-error: not every error has fields
  thrown.fields.orderNumber;
  // @ts-expect-error: no such kind
  if (thrown.kind === "ca-refuse") void 0;

  switch (thrown.kind) {
    case "invalid-order": {
      const faults: Record<string, string> = thrown.fields;
      void faults;
      break;
    }
    case "ca-refused": {
      const code: number = thrown.errorCode;
      const status: number = thrown.status;
      void [code, status];
      break;
    }
    case "ca-login-refused": {
      const code: -16 | undefined = thrown.errorCode;
      void code;
      break;
    }
    case "rate-limited": {
      const status: 429 = thrown.status;
      const seconds: number | undefined = thrown.retryAfter;
      void [status, seconds];
      break;
    }
    case "aborted": {
      const status: undefined = thrown.status;
      void status;
      break;
    }
    default:
  }
}

/** All kinds, and nothing else. */
export function advice(error: RevocationError): string {
  switch (error.kind) {
    case "invalid-order":
    case "malformed-request":
    case "unsupported-request":
      return "correct it";
    case "unauthenticated":
    case "forbidden":
    case "not-configured":
      return "ask an operator";
    case "in-progress":
    case "rate-limited":
    case "ca-busy":
      return "wait";
    case "idempotency-mismatch":
    case "not-found":
    case "plan-mismatch":
    case "illegal-state":
      return "look again";
    case "ca-refused":
    case "ca-login-refused":
      return "see the code";
    case "internal":
    case "not-sent":
    case "aborted":
      return "try again";
    case "unknown-outcome":
      return "find out";
  }
}

const failure: RevocationFailure = { kind: "aborted", message: "", mayHaveRevoked: true };
const error: RevocationError = new RevocationError(failure);
const again: RevocationError = RevocationError.from(JSON.parse(JSON.stringify(error)));
const { name, message, cause } = again.toJSON();
const texts: { name: string; message: string } | undefined = cause;
const exact: "RevocationError" = name;
void [message, texts, exact];

// @ts-expect-error: an invalid order says what is wrong with it
new RevocationError({ kind: "invalid-order", message: "", mayHaveRevoked: false });

// @ts-expect-error: it is read only
again.kind = "aborted";
