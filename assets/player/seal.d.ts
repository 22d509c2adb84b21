// What sealed bundles add to types.d.ts. Ships nowhere.

export type Bytes = Uint8Array<ArrayBuffer>;

/** FORMAT.md, "Checks": 16 bytes each, which choose words only. */
export interface Checks {
  key: Bytes;
  header: Bytes;
  password: Bytes | null;
}

/** The keys of one message: enough to open it, and nothing else of the bundle. */
export interface MessageSecret {
  key: Bytes;
  nonce: Bytes;
}

export interface Message {
  /** Opens records that follow each other; only the message's last one is shorter than the others. */
  open(first: number, sealed: Bytes): Promise<Bytes>;
}

/** Bytes [offset, offset + length) of a sealed part. */
export type ByteSource = (offset: number, length: number) => Promise<Bytes>;

/** Whole files or stretches of them, by address. */
export type Piece = [url: string, bytes: number];

/** All that the service worker needs to play a part. */
export interface Handle {
  pieces: Piece[];
  /** Of what is played, in bytes. */
  length: number;
  type: string;
  /** Null when the part is not sealed, only cut into files. */
  secret: MessageSecret | null;
}

/** A page state that stands in the way. */
export interface Refusal {
  state: string;
  reason?: string;
}

export interface Root {
  /** Checks a message's first bytes and gives its keys. */
  message(part: number, head: Bytes, commitment?: string): Promise<MessageSecret>;
  /** Makes the bundle unreadable in this page. */
  forget(): void;
}

/** The part of ServiceWorkerGlobalScope that is used; the type checker knows windows only. */
export interface WorkerScope {
  registration: { scope: string };
  clients: {
    claim(): Promise<void>;
    get(id: string): Promise<WorkerClient | undefined>;
    matchAll(options: { includeUncontrolled: boolean }): Promise<WorkerClient[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, listen: (event: any) => void): void;
}

export interface WorkerClient {
  id: string;
  postMessage(message: unknown, transfer?: Transferable[]): void;
}
