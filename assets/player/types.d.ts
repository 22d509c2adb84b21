// Mirror of FORMAT.md for the type checker, and the seams between the player's modules. Ships nowhere.

import type { Child } from './dom.js';
import type { Check } from './query.js';
import type { Bytes, Handle, Piece } from './seal.d.ts';

/** The logs, and `transcript`: the captions, which the page itself makes rows of. */
export type StreamName = 'console' | 'network' | 'actions' | 'backend' | 'transcript';
export type PanelName = 'timeline' | StreamName | 'info';

/** FORMAT.md, "Header". */
export interface Header {
  v: number;
  suite: string;
  bundle: string;
  /** Seconds since 1970. */
  created: number;
  /** Seconds since 1970; 0 = never. */
  expires: number;
  kdf: null | { alg: string; iter: number; salt: string };
  share: boolean;
}

/** FORMAT.md, "End block": [part id, length in bytes, CRC-32]. */
export interface End {
  parts: [number, number, number][];
}

/** FORMAT.md, "Manifest". Times in ms from the video's zero unless said otherwise. */
export interface Manifest {
  v: number;
  producer: string;
  title: string | null;
  note: string | null;
  /** Epoch ms of the zero of the timeline; null when no clock time is known. */
  started: number | null;
  /** Length of the timeline in ms. */
  duration: number;
  /** `offset`: ms by which the sharer moved the video against what was found. */
  timeline: { source: string; uncertainty: number | null; offset?: number };
  video: Media | null;
  /** Pictures that follow each other, in place of a video; absent when there are none. */
  frames?: Frames;
  /** Small pictures of the video; absent when there are none. */
  preview?: Preview;
  audio: Media | null;
  poster: Media | null;
  captions: Media[];
  stills: Media[];
  streams: Partial<Record<StreamName, StreamParts>>;
  /** Merged order of all events: one byte an event, the number of its stream (0 console, 1 network, 2 actions, 3 backend). */
  order: { part: number; count: number; blocks: BlockRef[] } | null;
  failures: { count: number; first: Failure | null };
  /** Thinned by the exporter to at most 1,000 each, earliest of a place first. */
  marks: { failures: Failure[]; actions: [time: number, row: number][] };
  /** Panels the sharer wants shown; null = all that have data. */
  panels: PanelName[] | null;
  /** What the page does not offer to take away: `link mail qr report ai frame har rows video pip`; absent = nothing. */
  withheld?: string[];
  metadata: Record<string, unknown>;
  /** What was skipped or left out, in words for the reader. */
  warnings: string[];
  redaction?: Redaction;
  parts: Part[];
}

/** What was taken out, in numbers. */
export interface Redaction {
  level: string;
  total: number;
  by_rule: Record<string, number>;
  by_place: Record<string, number>;
  /** Values of headers that are not on the list of those without secrets. */
  headers_not_listed: number;
}

export interface Part {
  id: number;
  length: number;
  /** Relative path when the part is a file beside the page; absent when inline. */
  file?: string;
  /** Paths and lengths of the files that a part was cut into, in order. */
  files?: Piece[];
  /** Of a sealed part: 43 base64url characters. */
  commitment?: string;
}

export interface Media {
  part: number;
  type: string;
  name?: string;
  codecs?: string;
  /** Boxes of the picture that were made black, in shares of its width and height; times in ms of the medium. */
  masks?: { x: number; y: number; width: number; height: number; from?: number; to?: number }[];
  /** ms from the timeline's zero at which this track starts. */
  start?: number;
  duration?: number;
  width?: number;
  height?: number;
  /** Degrees clockwise by which browsers turn the picture; `width` and `height` are those shown. */
  rotation?: number;
  tracks?: { kind: string; codec?: string; width?: number; height?: number }[];
  /** `gap`: the longest time in ms between two; `times`: thinned, ms from the one before. */
  keyframes?: { count: number; gap: number; times: number[] };
  language?: string;
  label?: string;
  /** What the file lacked, and what was done about it, in words. */
  missing?: string[];
  repairs?: string[];
}

/** FORMAT.md, "Preview". Pixels of one picture; ms of video that one stands for. */
export interface Preview {
  part: number;
  type: string;
  width: number;
  height: number;
  columns: number;
  count: number;
  interval: number;
}

/** FORMAT.md, "Frames". */
export interface Frames {
  /** All pictures, one behind the other. */
  part: number;
  /** Part id of the index: a JSON array of FrameRef, by time. */
  index: number;
  type: string;
  count: number;
  width?: number;
  height?: number;
}

/** A picture: where it lies in the part, and when it is shown, in ms. */
export type FrameRef = [offset: number, length: number, time: number];

export interface StreamParts {
  index: number;
  rows: number;
  details: number;
  count: number;
  /** Events that are failures (console: errors; network: failed requests; backend: lines of level error; actions: with error). */
  failed: number;
  /** Counts by level (console, backend: error, warn, info, debug) or status class (network: none, 1xx … 5xx); empty for actions. */
  classes: number[];
  /** Of the console: lines that repeat the one above. */
  same?: number;
}

/** [offset, length, raw length] of an independent deflate-raw block. */
export type BlockRef = [offset: number, length: number, raw: number];

/** FORMAT.md, "Index". A rows block: offset, length, raw length, number of rows, earliest and latest time (null when none is timed), counts as in StreamParts.classes. */
export type RowsBlock = [offset: number, length: number, raw: number, rows: number, first: number | null, last: number | null, ...classes: number[]];

export interface StreamIndex {
  rows: RowsBlock[];
  details: BlockRef[];
  /** Of the console: how many rows stand for themselves, how many only repeat, and so on. */
  same?: number[];
}

export type FailureKind = 'uncaught' | 'request' | 'console' | 'resource' | 'image';
export type Failure = [time: number | null, stream: StreamName, row: number, kind: FailureKind];

/** What all rows have. Absent members are unknown. */
export interface BaseRow {
  /** ms from the video's zero; absent = untimed. */
  time?: number;
  duration?: number;
  /** [raw offset, raw length] into the stream's details. */
  detail?: [number, number];
  trace?: string;
  request?: string;
}

export interface ConsoleRow extends BaseRow {
  level: 'error' | 'warn' | 'info' | 'debug';
  text: string;
  /** The text goes on in the detail. */
  cut?: true;
  method?: string;
  type?: string;
  uncaught?: true;
  /** `file:line:column`, counted from 1. */
  at?: string;
  repeat?: number;
  /** How many equal lines follow it within a second. */
  again?: number;
  /** It is one of those. */
  same?: true;
  /** Rows at which the groups begin that it lies in, the outermost first. */
  groups?: number[];
}

export interface NetworkRow extends BaseRow {
  method: string;
  url: string;
  /** HTTP status; 0 = no response. */
  status: number;
  /** document fetch xhr script stylesheet image font media websocket eventsource other */
  kind: string;
  mime?: string;
  /** Bytes over the wire. */
  size?: number;
  /** ms until the first byte of the response. */
  wait?: number;
  /** Whole ms of blocked, dns, connect (with ssl), ssl and send; those at the end may be missing. */
  phases?: number[];
  /** In words of the browser, e.g. net::ERR_CONNECTION_RESET. */
  error?: string;
  canceled?: true;
  failed?: true;
  /** Served from cache or service worker. */
  from?: string;
}

export interface ActionRow extends BaseRow {
  kind: string;
  label?: string;
  target?: string;
  value?: string;
  url?: string;
  x?: number;
  y?: number;
  /** `rage`: one of many clicks in one place; `dead`: a click that nothing followed. */
  sign?: 'rage' | 'dead';
  /** It as a line of a Playwright test. */
  code?: string;
  error?: string;
}

export interface BackendRow extends BaseRow {
  level: 'error' | 'warn' | 'info' | 'debug';
  service?: string;
  text: string;
  cut?: true;
}

/** A cue of the captions, as the page reads it. */
export interface CueRow extends BaseRow {
  time: number;
  duration: number;
  /** Its time before the video was moved against the logs. */
  given: number;
  /** With its speakers' names. */
  text: string;
  /** Which of the captions. */
  file: number;
}

export type Row = ConsoleRow | NetworkRow | ActionRow | BackendRow | CueRow;

/**
 * A detail is the source's own JSON (HAR entry, console message, action, backend line) with unknown keys kept.
 * What the exporter left out of it stands in `_sealcast.left_out`: e.g. { "/response/content/text": "binary body of 48213 bytes not included (image/png)" }.
 */
export type Detail = Record<string, any>;

/** The parts of a bundle, plain or sealed, wherever they are carried. */
export interface Parts {
  part(id: number): Part;
  /** The manifest's bytes; once it is read, `accept` takes what it says of the parts. */
  manifest(): Promise<Bytes>;
  accept(parts: Part[]): void;
  read(id: number, offset: number, length: number): Promise<Bytes>;
  /** A part that there is, or should be, as one Blob already; null when it is not. */
  blob(id: number, type: string): Promise<Blob | null>;
  /** The address of a part that can be shown from there as it is. */
  direct(id: number): string | null;
  /** A part from its start to its end, as it arrives. */
  whole(id: number): AsyncIterable<Bytes>;
  /** What the service worker needs to play a part that is files; null when it had better not. */
  handle(id: number, type: string): Promise<Handle | null>;
  close(): void;
}

/** Whether a row can be what is looked for, by its JSON. */
export type Sift = (json: string) => boolean;

/** How the page reads a bundle. */
export interface Source {
  header: Header;
  manifest: Manifest;
  /** Rejects with an Error whose `state`/`reason` name the page state. */
  read(part: number, offset: number, length: number): Promise<Uint8Array>;
  /** A URL for <video>, <img>: the file itself, the service worker's, or a blob. */
  url(part: number, type: string): Promise<string>;
  /** Another URL for a medium that failed under the first; null when there is none. */
  instead(part: number, type: string): Promise<string | null>;
  /** A medium to keep: the address it can be saved from as it is, else all of it. */
  whole(part: number, type: string, job: { life: AbortSignal, onProgress: (share: number) => void }): Promise<string | Blob>;
  count(stream: StreamName): number;
  /**
   * Rows [from, to) by row number. Whoever goes through all of them may leave out rows by their JSON: those that do not
   * pass `sift` are not parsed, and undefined.
   */
  rows(stream: StreamName, from: number, to: number, sift?: Sift): Promise<Row[]>;
  detail(stream: StreamName, row: number): Promise<Detail>;
  /** The JSON of a detail, which a row's `detail` names. */
  text(stream: StreamName, place: [number, number]): Promise<string>;
  /** How many rows of the stream have a time below `ms` (untimed rows count with their predecessor). */
  before(stream: StreamName, ms: number): Promise<number>;
  /** The index, for skipping blocks by their times. */
  index(stream: StreamName): Promise<StreamIndex>;
  /** The merged order; built on first use. */
  order(): Promise<Order>;
}

export interface Order {
  count: number;
  /** Stream and row at a place of the merged list. */
  at(place: number): { stream: StreamName; row: number };
  /** Place of a row in the merged list. */
  place(stream: StreamName, row: number): number;
  /** How many events lie below `ms`. */
  before(ms: number): Promise<number>;
}

export interface Span {
  mode: 'whole' | 'around' | 'range';
  /** ms; only for mode `range`. */
  from: number;
  to: number;
}

export interface State {
  /** Playhead and length in ms. */
  time: number;
  duration: number;
  paused: boolean;
  ended: boolean;
  waiting: boolean;
  /** The browser would not play before the reader does something. */
  refused: boolean;
  rate: number;
  /** 0 to 1. */
  volume: number;
  muted: boolean;
  loop: boolean;
  /** ms up to which the video is loaded around the playhead. */
  buffered: number;
  captions: boolean;
  /** Which of the captions. */
  language: number;
  /** Words when the picture cannot be shown. */
  videoError: string | null;
  /** Words when a sound track apart cannot be played. */
  soundError: string | null;
  /** How much of a medium that must be loaded as a whole is there, 0 to 1; null when none is. */
  loaded: number | null;
  /** A medium of so many bytes would have to be loaded as a whole: `go` is the reader's answer. */
  ask: { bytes: number, go(): void } | null;
  /** ms by which the reader moved the video against the logs. */
  nudge: number;
  panel: PanelName;
  selected: { stream: StreamName; row: number } | null;
  span: Span;
  /** Rows of the console at which closed groups begin. */
  closed: number[];
  /** Filter text by panel. */
  queries: Partial<Record<PanelName, string>>;
  theme: 'auto' | 'light' | 'dark';
  /** How rows tell their times. */
  times: 'start' | 'local' | 'utc';
  shortcuts: boolean;
  /** Whether clicks and keys are drawn over the picture. */
  rings: boolean;
}

export interface Store {
  get(): State;
  set(patch: Partial<State>): void;
  on(keys: (keyof State)[], run: (state: State) => unknown): void;
  /** The same, and once at once. */
  watch(keys: (keyof State)[], run: (state: State) => unknown): void;
}

/** The video, or a clock over the logs when there is none: one face. Reports into the store only. */
export interface Playback {
  /** What to show on the stage; null for the clock. */
  element: HTMLVideoElement | null;
  /** A sound track apart from the video, or without one. */
  audio: HTMLAudioElement | null;
  play(): void;
  pause(): void;
  /** Loads what waits for the reader to want it. */
  wake(): void;
  seek(ms: number): void;
  setRate(rate: number): void;
  setVolume(volume: number): void;
  setMuted(muted: boolean): void;
  destroy(): void;
}

export interface App {
  store: Store;
  source: Source;
  playback: Playback;
  /** Aborted when the page closes itself (expiry, damage): for listeners on the document. */
  life: AbortSignal;
  seek(ms: number): void;
  play(): void;
  pause(): void;
  toggle(): void;
  /** Selects a row; `seek` moves the playhead to it, `reveal` shows its panel (unless the Timeline is open). */
  select(stream: StreamName, row: number, options?: { seek?: boolean; reveal?: boolean }): void;
  /** Closes the details. */
  deselect(): void;
  showPanel(panel: PanelName): void;
  setSpan(span: Span): void;
  /** Sets the filter of a panel. */
  search(panel: PanelName, text: string): void;
  /** Moves the video against the logs to so many ms from where the recording lays it. */
  nudge(ms: number): void;
  /** To the next (1) or previous (-1) failure. */
  step(direction: 1 | -1): void;
  toast(...news: Child[]): void;
  copy(text: string, what: string): void;
  /** The ms limits of the current span, e.g. [t-5000, t+5000]; null for the whole recording. */
  spanLimits(): [number, number] | null;
}

/** A row, where it comes from and its place in the list it is shown in. */
export interface Item<R = any> {
  stream: StreamName;
  row: number;
  place: number;
  data: R;
}

/** What a list shows, by place: one stream, or all of them merged. */
export interface Feed {
  count: number;
  /** What was loaded before, without waiting. */
  peek(place: number): Item | undefined;
  /** Loads and keeps the items of these places. */
  fetch(places: number[]): Promise<void>;
  /** Items [from, to), not kept; without those whose JSON does not pass `sift`. */
  load(from: number, to: number, sift?: Sift): Promise<Item[]>;
  before(ms: number): Promise<number>;
  /** The place of a row; -1 when it is not in this feed. */
  place(stream: StreamName, row: number): Promise<number>;
  /** Gets ready to answer `find` for long logs. */
  learn?(): Promise<unknown> | undefined;
  /** Adds the places of all items that pass to a list, if they are known without going through the items; says so. */
  find?(judge: Judge, list: number[], step: (scanned: number) => Promise<boolean>): Promise<boolean>;
  /** Stretches to scan. */
  blocks(): Promise<{ from: number; to: number }[]>;
}

/**
 * Asks an item of which each number is 0, for all that differ from it by numbers only: null when none of them passes, else what
 * remains to be asked of each. An exact one stands for itself.
 */
export type Judge = (item: Item, exact: boolean) => Check<Item>[] | null;
