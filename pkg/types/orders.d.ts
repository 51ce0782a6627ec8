// Orders: what names one, what it says, what came of it, and what the edge knows of it.
import type { EdgeOptions } from "./options.js";

/** Why a certificate is revoked, by number or by the name of RFC 5280; `codeReasons` tells when to choose which. */
export type CodeReason =
  | 0
  | 1
  | 3
  | 4
  | 5
  | "unspecified"
  | "keyCompromise"
  | "affiliationChanged"
  | "superseded"
  | "cessationOfOperation";

/**
 * What is to be revoked. The names are the CA's own parameter names. Members that do not exist are an error, and
 * members that are `undefined` count as absent. All faults are reported at once, and nothing is sent.
 *
 * The name, `productCode` and `product` together say what is revoked.
 */
export type RevocationOrder = OrderName & OrderTerms;

/** What names a certificate in an order: exactly one of these. */
export type OrderName =
  | {
      /**
       * The order's number at the CA: decimal digits without leading zeros, 1 to 2^63-1. As a number at most 2^53-1,
       * since a number cannot carry larger ones exactly.
       */
      orderNumber: string | number;
      serialNumber?: undefined;
      certificateID?: undefined;
      certificate?: undefined;
    }
  | {
      /** The certificate's serial number, in at most 34 hexadecimal digits. Colons, blanks and a leading `0x` are dropped. */
      serialNumber: string;
      orderNumber?: undefined;
      certificateID?: undefined;
      certificate?: undefined;
    }
  | {
      /** The CA's number of the certificate: at most 16 decimal digits. As a number at most 2^53-1. */
      certificateID: string | number;
      orderNumber?: undefined;
      serialNumber?: undefined;
      certificate?: undefined;
    }
  | {
      /**
       * The certificate itself, in PEM or as bytes in DER; CAs' own certificates beside it, as in a chain, are left out. Its serial
       * number is sent, and names it in what comes of the call. The module that does everything reads it, and is loaded for that.
       */
      certificate: string | Uint8Array;
      orderNumber?: undefined;
      serialNumber?: undefined;
      certificateID?: undefined;
    };

/** What an order says besides its name. */
export interface OrderTerms {
  /** The reason that counts. It cannot be corrected afterwards. Default: 0, unspecified. */
  codeReason?: CodeReason | undefined;
  /** A comment for your records, at most 1024 characters. It has no effect at the CA. */
  revocationReason?: string | undefined;
  /** Which certificate of the order, at most 50 characters. */
  productCode?: string | undefined;
  /** The product's number. */
  product?: number | undefined;
  /** Validate only: nothing is changed. Default: false. */
  test?: boolean | "Y" | "N" | undefined;
}

/** An order that goes straight to the CA. */
export type DirectRevocationOrder = RevocationOrder & {
  /** Your account's number at the CA. (The edge has its own.) */
  accountID?: number | undefined;
  /** How the CA is asked to answer: 0 lines of text, 1 form-encoded. Both are understood. Default: 1. */
  responseFormat?: 0 | 1 | undefined;
};

/**
 * What names a certificate in an answer: exactly one of these, as it was sent to the CA. That two of them may mean the same
 * certificate is the CA's knowledge, not the edge's.
 */
export type CertificateName =
  | { orderNumber: string; serialNumber?: undefined; certificateID?: undefined }
  | { serialNumber: string; orderNumber?: undefined; certificateID?: undefined }
  | { certificateID: string; orderNumber?: undefined; serialNumber?: undefined };

/** What is known of a certificate besides what names it at the CA. Others may have chosen it: show it as text, never as HTML. */
export interface CertificateDescription {
  /** What its planner called it, or the names in the certificate. */
  label?: string;
  /** What the certificate says of itself, where it was there and not its number alone. Its signature is not verified. */
  certificate?: {
    /** The DNS names and IP addresses that it is for, of many the first sixteen; its common name where it has none of these. */
    names: string[];
    /** Who issued it, as RFC 4514 writes a name. */
    issuer: string;
    /** When it ends. */
    notAfter: string;
  };
}

/** How a call may be done. */
export type Outcome = Revocation["outcome"];

type Done = CertificateName & {
  /** The edge's audit log has it under this number. (Through the edge only.) */
  auditSeq?: number;
};

/** A call that is done. Everything else throws a {@link RevocationError}. */
export type Revocation =
  | (Done & {
      /** The CA answered 0: it revoked the certificate, or cancelled the order if it was not issued yet. */
      outcome: "revoked";
      errorCode: 0;
      errorMessage?: undefined;
      test: false;
    })
  | (Done & {
      /** The CA answered 0 to a call with `test`: nothing was changed. */
      outcome: "tested";
      errorCode: 0;
      errorMessage?: undefined;
      test: true;
    })
  | (Done & {
      /** It had been revoked before, by whomever, perhaps with a weaker reason. */
      outcome: "already-revoked";
      errorCode: -21;
      /** The CA's text. */
      errorMessage?: string;
      test: boolean;
    })
  | (Done & {
      /** The order had been rejected before. */
      outcome: "already-rejected";
      errorCode: -20;
      /** The CA's text. */
      errorMessage?: string;
      test: boolean;
    });

/** Where an order stands. */
export type OrderState =
  "pending" | "sending" | "revoked" | "already-revoked" | "already-rejected" | "refused" | "unknown";

/** One call of the edge to the CA: what was asked, by whom, and what came of it. */
export interface OrderAttempt {
  /**
   * There only if it was made because of an unknown outcome. `settle`: a test call, to find out what became of it. `resend`: the
   * order once more. `check`: a test call, to see whether the CA answers at all before a job goes on.
   */
  purpose?: "settle" | "resend" | "check";
  /** Absent only where what is stored of the call cannot be read. */
  codeReason?: CodeReasonDescription["number"];
  revocationReason?: string;
  productCode?: string;
  product?: number;
  test: boolean;
  /** `tested`: a test call went well, which changes no order. */
  outcome: OrderState | "tested";
  errorCode?: number;
  /** The CA's text: show it as text, never as HTML. */
  errorMessage?: string;
  /** Why the outcome is unknown, in words. */
  detail?: string;
  actor: string;
  /** The request's id, which is also in the edge's log. */
  instance: string;
  startedAt: string;
  endedAt?: string;
  auditSeqs: number[];
}

/** What happens next to an order that is `unknown`. */
interface Unsettled {
  /** Since when it is `unknown`, where that is known. */
  unknownSince?: string;
  /** When the edge probes it next, or sends it again; absent when it does nothing more by itself. */
  nextProbeAt?: string;
  /** Until when the edge may send it again by itself; absent when it does not, or not any more. */
  resendUntil?: string;
  /** It is `unknown`, and nothing more is done about it by itself. */
  waitsForPerson?: true;
  /** It was refused in the backup that the ledger was restored from: what was done since is not known. */
  unknownSinceRestore?: true;
}

/** What the edge knows of an order. */
export type OrderRecord = CertificateName &
  CertificateDescription &
  Unsettled & {
    /** Where it stands, by its real attempts alone: test calls change nothing. */
    state: OrderState;
    /**
     * The state was found out after an unknown outcome: that it was the edge's own lost call is likely, and not proven.
     */
    settled?: true;
    /** The newest 250 real calls and the newest 250 test calls, in order. */
    attempts: OrderAttempt[];
    auditSeqs: number[];
    /** How many older calls are not among `attempts`; the audit log has them. */
    omitted?: number;
  };

/** An order in a list, and where it stands. */
export type ListedOrder = CertificateName &
  Unsettled & {
    /** What it is called: show it as text, never as HTML. */
    label?: string;
    productCode?: string;
    product?: number;
    /** The reason that it was last sent with. */
    codeReason?: CodeReason;
    state: OrderState;
    /** The state was found out after an unknown outcome. */
    settled?: true;
    /** When it was last sent for real. */
    sentAt?: string;
  };

/** A part of the list of orders. It may be short, or empty, although there are more. */
export interface OrderList {
  orders: ListedOrder[];
  /** What to give as `after` for the next part; not there if this is the last one. */
  next?: number;
}

/** Which orders. */
export interface OrderListOptions extends EdgeOptions {
  /** Only those that stand there. Default: all that were ever sent for real. */
  state?: OrderState | undefined;
  /** `next` of the part before. Default: from the one that was sent first on. */
  after?: number | undefined;
  /** How many orders at most, up to 1000. Default: the edge's, 100. */
  limit?: number | undefined;
}

/** How an order is settled. */
export interface SettleOptions extends EdgeOptions {
  /**
   * Send the revocation again, because a person says so: the order may have been replaced meanwhile. Without it the edge
   * only probes with a test call, which changes nothing. Default: false.
   */
  resend?: boolean | undefined;
}

/** A reason in words. */
export interface CodeReasonDescription {
  readonly number: 0 | 1 | 3 | 4 | 5;
  readonly name: Extract<CodeReason, string>;
  readonly whenToChoose: string;
}

export {};
