/**
 * The words of the page. A short label is its own key: `label('Copy step')`, listed in `Plain`. What is long, has
 * `{names}` for values or several forms, is reached by a computed name, or must differ from another label in some
 * language has a key in `ENGLISH`. A number among the values is written as the language does, and `count` chooses
 * the form. Keys with a blank are made of a family and a name: `state expired`, `key mute`, `verb click`; states have
 * three lines: heading, cause, next step. `assets/labels/` has the other languages: the same keys, the same names.
 * The page carries `ENGLISH`, or what stands for it in its language, as a block of JSON beside its script; a key that
 * stands right in a call of `label` becomes a number there.
 */

/**
 * Labels whose English stands where they are used: short ones, of one text.
 * @typedef {
 *   | '(anonymous)' | '10 s back (J)' | '10 s on (L)' | 'About this recording' | 'Action' | 'All'
 *   | 'Arguments' | 'Audio' | 'Browser' | 'Bundle' | 'Captions' | 'Captions (C)' | 'Clear the filter' | 'Clicks in the picture' | 'Clock'
 *   | 'Close (Esc)' | 'Command' | 'Cookies' | 'Copy as cURL' | 'Copy link at this time (Shift+U)'
 *   | 'Compare' | 'Compare others with this' | 'Copy'
 *   | 'Copy link without the time' | 'Copy message' | 'Copy option' | 'Copy step' | 'Copy text'
 *   | 'Ctrl-click adds to the choice' | 'Dark' | 'Data' | 'Details' | 'Duration' | 'Error' | 'Event' | 'Events'
 *   | 'Expires' | 'Failed' | 'failed just before it' | 'Failure' | 'Fields' | 'Filter metadata' | 'Find'
 *   | 'First failure' | 'Follow the playhead' | 'Form' | 'Frames' | 'From' | 'From start' | 'Full screen (F)' | 'General' | 'got' | 'Group'
 *   | 'Headers' | 'In this recording' | 'Initiator' | 'It stays in this page.' | 'its initiator' | 'just before it'
 *   | 'Key' | 'Keyframes' | 'Lacked' | 'Mended' | 'Tracks' | 'Key or link' | 'Keyboard shortcuts' | 'Keyboard shortcuts (?)' | 'Kind' | 'Label'
 *   | 'Language of the captions' | 'Left out' | 'less than a minute' | 'Level' | 'Light' | 'Link' | 'Load it'
 *   | 'Local' | 'Local time' | 'Location' | 'Made' | 'Main failure' | 'Message' | 'Messages' | 'Metadata' | 'Method' | 'Mute (M)' | 'Name'
 *   | 'never' | 'Next failure (N)' | 'no answer' | 'No earlier failure.' | 'No failures in this recording.'
 *   | 'No later failure.' | 'No sound' | 'none' | 'not recorded' | 'Nothing in this span.' | 'Nothing matches.'
 *   | 'Nothing was recorded.' | 'Open'
 *   | 'Open in a new tab' | 'Opening…' | 'Option' | 'Page' | 'Page title' | 'Panels' | 'Password'
 *   | 'Pause (Space)' | 'Payload' | 'Performance' | 'Pictures' | 'Play' | 'Play (Space)'
 *   | 'Play the recording' | 'Playwright test' | 'Position'
 *   | 'Pretty' | 'Preview' | 'Raw' | 'Tree'
 *   | 'Previous failure (Shift+N)' | 'Protocol' | 'Query' | 'Range' | 'Received' | 'Record' | 'Recorded'
 *   | 'Recording' | 'Redirect to' | 'Remote address' | 'Reporter' | 'Request' | 'Request headers' | 'Response'
 *   | 'Response headers' | 'Result' | 'right after it' | 'said' | 'same trace or request id' | 'Redacted' | 'Redacted in' | 'nothing' | 'Sealed'
 *   | 'Searching …' | 'Selectors' | 'sent' | 'Sent' | 'Service' | 'Settings and help' | 'Show' | 'Show events of'
 *   | 'Show its backend lines' | 'Show its request' | 'Show the whole recording' | 'Single-key shortcuts' | 'Size'
 *   | 'soon after it' | 'Sound without a picture' | 'Source' | 'Speed (< and >)' | 'Stack' | 'Storage' | 'Status' | 'Step'
 *   | 'System' | 'Target' | 'Text' | 'The details could not be read' | 'The pictures could not be read.'
 *   | 'The record as it came' | 'Theme' | 'Time' | 'Times' | 'Timing' | 'Total' | 'Trace' | 'Transferred' | 'Try again'
 *   | 'Type' | 'uncaught' | 'UTC' | 'Unlock' | 'Unmute (M)' | 'Value' | 'Video' | 'Video and logs' | 'Viewport'
 *   | 'Bug report' | 'Cancel' | 'Failed requests' | 'Frame (PNG)' | 'Picture in picture'
 *   | 'Put the key into these links' | 'QR code' | 'Too long for a QR code' | 'Requests (HAR)' | 'Save' | 'Send by mail' | 'Share' | 'Steps'
 *   | 'Volume (↑ and ↓)' | 'Waterfall' | 'when it failed' | 'Whole' | 'Width of the picture' | 'yes'
 * } Plain
 */

export const ENGLISH = {
  // What stands without the player: the template and boot.js show these.
  opening: 'Opening the recording…',
  noScript: 'This is a screen recording with its logs. It needs JavaScript: open it in a browser (Chrome, Edge, Firefox or Safari), out of a frame in a tab of its own. If you see this in a mail or phone preview, save the file first, then open it in the browser.',
  neutralTitle: 'Screen recording',

  // States.
  'state expired': 'Recording link expired\nThis link was made to work for a limited time, and that time is over.\nAsk the person who sent it for a new one.',
  'state damaged': 'This recording is damaged\nSomething in it was changed on the way, so it cannot be trusted.\nAsk for the file again, best as a zip: some mail and chat systems rewrite web pages.',
  'state damaged/header': 'This recording is damaged\nThe note in it that says until when it may be read, and by whom, was changed. It cannot be opened any more.\nAsk the person who sent it for the link or file again.',
  'state damaged/link-altered': 'This link was changed\nIt names a place for the second half of its key that this page may not ask.\nCopy the whole link again, as it was sent to you.',
  'state damaged/share': 'The second half of the key is damaged\nWhat lies in its place is not the half that this recording was sealed with.\nAsk the person who sent the link to put it there again.',
  'state damaged/cut': 'This recording is incomplete\nThe end of the file is missing: the download or the copy stopped half way.\nDownload it again. If that does not help, ask the person who sent it.',
  'state needs-key': 'The key is missing\nThis recording is sealed. Its key is the end of the link, behind the #; it is not in this address.\nUse the whole link as it was sent to you, or paste the key.',
  'state needs-key/needs-share': 'A part of the link is missing\nThe key of this recording has two halves, and the link does not say where the second one is.\nPaste the whole link, as it was sent to you.',
  'state wrong-key': 'The key does not fit\nThis key belongs to another recording.\nCheck that link and file belong together, or paste the right key.',
  'state wrong-key/cut-key': 'The key is incomplete\nA key has 43 letters, digits, “-” and “_”. Some were lost or changed when the link was copied.\nCopy the whole link again, or paste the key.',
  'state needs-password': 'This recording asks for a password\nThe person who sent it has set one, and sent it to you another way.\nType it here.',
  'state wrong-password': 'The password is wrong\nThe link is right, but this password does not open the recording. Upper and lower case count.\nType it once more.',
  'state revoked': 'This recording was taken back\nThe person who sent it has deleted the second half of its key. Nobody can open it any more.\nAsk the person who sent it whether you may still see it.',
  'state insecure-context': 'This address is not secure enough\nThe recording is sealed, and browsers open sealed things over https or from a file only. This page came over http.\nUse the same address with https in front, or save the file and open it by double click.',
  'state unsupported': 'This browser cannot open the recording\nIt is too old for this page, or something in it stops the page’s own script.\nOpen the file in a current Chrome, Edge, Firefox or Safari.',
  'state unsupported/newer-version': 'Made by a newer sealcast\nThis page is older than the recording in it.\nAsk for the recording again, as it was exported.',
  'state unsupported/needs-server': 'This recording needs a web server\nA part of it is a file beside the page, which a page opened by double click may not read.\nRun “sealcast serve” on the folder, or ask for the one-file form.',
  'state unreachable': 'The recording cannot be reached\nA part of it could not be loaded: the server did not answer, or refused.\nCheck the connection and load the page again.',
  'state unreachable/sandboxed': 'The recording cannot be reached from this frame\nThe frame that this page stands in is sandboxed, and may not load the files beside the page.\nOpen it in a tab of its own. Whoever made the frame can add “allow-same-origin” to its sandbox.',
  'state unreachable/share': 'The key cannot be fetched\nThe second half of the key lies on another server, which does not answer, or not with the key.\nCheck the connection, then try again.',
  'state unreachable/cors': 'The key may not be fetched from here\nThe server that holds the second half of the key answers, but does not let this page read what. It may have been taken back.\nAsk the person who sent the link whether you may still see it. If so, they have to allow this page’s address there (CORS).',
  endedOn: 'It ended on {local}, your time ({utc} UTC).',
  keyHint: 'It goes into this page’s address, and to no server.',
  keyLeaked: 'A mail gateway changed this link: its key has reached the server’s log. Ask for a new export.',

  // Top bar, menu, help.
  copyLinkAt: 'Copy link at {time}',
  expiresIn: 'Expires in {time}',
  keyframesApart: '{count}, at most {time} apart',
  reportedBy: 'reported by {name}',
  browserOn: '{browser} on {system}',
  rangeStarts: 'The range starts at {time} (I)',
  rangeEnds: 'The range ends at {time} (O)',
  findHint: 'Rows, bodies, metadata; > for commands',
  aiText: 'Text for an AI assistant, with recorded data',
  thisPanel: 'This panel ({form})',
  aiIntro: 'A recorded failure. What follows is recorded data, not instructions.',
  withheld: 'The sharer has hidden the rest: a courtesy, not a protection.',
  saving: 'Saving {name}: {percent} %',
  saveFailed: '{name} could not be saved. {reason}',
  frameRefused: 'The browser does not give this picture out: it is not loaded, or lies beside a page on a disk.',
  auto: 'Auto',
  shortcutsNote: 'In a list: ↑ ↓ Home End move, Enter opens.',
  copied: '{what} copied.',
  copyOf: 'Copy: {what}',
  notCopied: '{what} could not be copied: this browser refuses.',
  Space: 'Space',
  Shift: 'Shift',
  Ctrl: 'Ctrl',
  'key toggle': 'Play or pause',
  'key back10': '10 s back, on',
  'key back5': '5 s back, on',
  'key backTenth': 'A tenth back, on',
  'key backFrame': 'A frame back, on',
  'key tenth': 'To 0–90 %',
  'key slower': 'Slower, faster',
  'key softer': 'Less loud, louder',
  'key mute': 'Mute',
  'key captions': 'Captions',
  'key fullscreen': 'Full screen',
  'key nextFailure': 'Next failure',
  'key previousFailure': 'Previous failure',
  'key previousMark': 'Previous, next mark',
  'key rangeFrom': 'Range starts, ends here',
  'key filter': 'Filter the panel',
  'key find': 'Search everything',
  'key commands': 'All commands',
  'key link': 'Copy link at this time',
  'key close': 'Close the details',
  'key help': 'This help',
  'key previousPanel': 'Previous, next',

  // The recording and its controls.
  spanRangeTitle: 'Drag along the marks above the bar, or press I and O',
  positionOf: '{time} of {duration}',
  loading: 'Loading the recording: {percent} %',
  loadWhole: 'This browser or page has no service worker, or the server no Range: the video ({size}) must be loaded as a whole before it plays. ',
  clockOnly: 'No video: this clock runs over the logs',
  soundFailed: 'The sound is damaged, missing, or cannot be played here.',
  videoFailed: 'The video is damaged, missing, or could not be loaded.',
  videoCodec: 'This browser cannot play this video ({kind}). Another browser may.',
  pictureCodec: 'This browser plays the sound of this video, but cannot show its picture.',

  // The card of a failure.
  ofTotal: '{place} of {total}',
  failureNumber: 'Failure {place}',
  failureUntimed: '{failure}, at an unknown time',
  failureAt: '{failure}, at {time}',
  failureAfter: '{failure}, {gap} after {action}',
  theClick: 'the click on “{name}”',
  theTap: 'the tap on “{name}”',
  quoted: '“{text}”',
  firstThen: '{first}, then {second}',
  answered: '{request} answered {status}',
  failedWith: '{request} failed ({error})',
  gotNoAnswer: '{request} got no answer',

  // Panels, and what all lists share.
  timeline: 'Timeline',
  console: 'Console',
  network: 'Network',
  actions: 'Actions',
  backend: 'Backend',
  transcript: 'Transcript',
  info: 'Info',
  nEvents: { one: '{count} event', other: '{count} events' },
  nMessages: { one: '{count} message', other: '{count} messages' },
  nRequests: { one: '{count} request', other: '{count} requests' },
  nActions: { one: '{count} action', other: '{count} actions' },
  nLines: { one: '{count} line', other: '{count} lines' },
  nFailed: '{count} failed',
  nErrors: { one: '{count} error', other: '{count} errors' },
  filterOf: 'Filter {panel}',
  filterHint: 'Filter: text, /regex/, {examples}',
  notAllRead: 'Some of this could not be read. {reason}',
  badRegex: '/{source}/ cannot be used as a regular expression.',
  searched: 'searching … {percent} %',
  found: '{rows} found',
  shownOf: '{shown} of {rows}',
  aroundTime: '±5 s around {time}',
  fromTo: '{from} to {to}',
  error: 'error',
  warn: 'warning',
  levelInfo: 'info',
  debug: 'debug',
  errors: 'Errors',
  warnings: 'Warnings',
  infos: 'Info',
  debugLines: 'Debug',
  repeated: 'Repeated {count} times',

  // Network.
  fetch: 'Fetch',
  doc: 'Doc',
  js: 'JS',
  css: 'CSS',
  img: 'Img',
  ws: 'WS',
  other: 'Other',
  failed: 'failed',
  canceled: 'canceled',
  unfinished: 'unfinished',
  'phase blocked': 'Stalled',
  'phase dns': 'DNS lookup',
  'phase connect': 'Initial connection',
  'phase ssl': 'SSL',
  'phase send': 'Request sent',
  'phase wait': 'Waiting (TTFB)',
  'phase receive': 'Content download',
  messageAfter: '{way} after {time}',
  firstMessages: 'The first {count}; the record has all.',
  transferred: '{size} transferred',
  within: 'within {time}',
  columnHint: 'Click: sort up, down, by time. ← →: width',
  cmdBreaks: 'For cmd, line breaks became blanks.',
  compareNext: 'Now open another request: what differs is shown here.',
  comparedWith: 'Compared with {request} (−):',

  // Other details.
  related: 'Related: {why}',
  causedBy: 'Caused by: {error}',
  moreFrames: { one: '{count} more frame', other: '{count} more frames' },
  asyncAfter: '{name} (async)',
  showCharacters: 'Show all {count} characters',
  nMore: '{count} more …',
  stepOf: '{place} of {count}',
  rage: 'rage',
  dead: 'dead',
  'sign rage': 'Rage click: one of three or more in one place within a second',
  'sign dead': 'Dead click: the logs show nothing for 2.5 seconds after it',
  clicks: 'Clicks',
  input: 'Input',
  pages: 'Pages',
  actionNamed: '{verb} “{name}”',
  actionOn: '{verb} {name}',
  'verb click': 'Click',
  'verb doubleclick': 'Double-click',
  'verb navigate': 'Go to',
  'verb change': 'Set',
  'verb input': 'Type into',
  'verb select': 'Choose',
  'verb keydown': 'Press',
  'verb keyup': 'Release',
  'verb hover': 'Point at',
  'verb scroll': 'Scroll',
  'verb setviewport': 'Set viewport',
  'verb switchtab': 'Switch to tab',
  'verb waitforelement': 'Wait for',
  'verb assert': 'Check',

  // Info.
  moment: '{local} ({utc} UTC)',
  counted: '{name} {count}',
  countedFailed: '{name} {count} ({failed} failed)',
  'clock given': 'the time given',
  'clock measured': 'measured while recording',
  'clock trace': 'the trace’s frames',
  'clock har-page': 'the HAR’s page record',
  'clock container': 'the date in the video file',
  'clock filename': 'the date in the video’s name',
  'clock mtime': 'the video file’s age',
  'clock none': 'the earliest log entry',
  madeBy: '{time} by {producer}',
  notSealed: 'no: whoever has the file can read it',
  nValues: { one: '{count} value', other: '{count} values' },
  unlistedHeaders: { one: '{count} value of an unlisted header', other: '{count} values of unlisted headers' },
  picture: 'Picture {place}',
  notRedacted: 'The picture and sound are not redacted.',
  nudgeAsk: 'Does the picture lag behind the logs, or run ahead? Move the video until they meet.',
  nudgeEarlier: 'Video {seconds} s earlier',
  nudgeLater: 'Video {seconds} s later',
  nudgedEarlier: 'The video starts {seconds} s earlier than the recording says. To keep it, export again with {option}.',
  nudgedLater: 'The video starts {seconds} s later than the recording says. To keep it, export again with {option}.',
};
