// HAR 1.2 from the debugging protocol, with the extra fields of Chrome DevTools
// (_initiator, _priority, _resourceType, _transferSize, _webSocketMessages).
// Events are only collected while the page runs and put together at the end:
// the *ExtraInfo events come before or after those they belong to.
const BODY_GONE = /No (data|resource)|not found|unavailable/i;

export async function captureNetwork(session) {
  const chains = new Map(); // requestId -> redirect hops and what belongs to them
  const sockets = new Map();
  const pages = [];
  const bodies = [];
  const chain = id => chains.get(id) ?? chains.set(id, { hops: [], sent: [], received: [] }).get(id);
  const on = (event, listener) => session.on(`Network.${event}`, listener);

  on('requestWillBeSent', event => {
    const { hops } = chain(event.requestId);
    if (event.redirectResponse) Object.assign(hops.at(-1), { response: event.redirectResponse, end: event.timestamp, transferred: event.redirectResponse.encodedDataLength });
    hops.push({ ...event });
    if (event.type === 'Document' && !event.redirectResponse) pages.push({ loaderId: event.loaderId, start: event.wallTime, clock: event.timestamp });
    if (event.request.hasPostData && !event.request.postData) {
      bodies.push(session.send('Network.getRequestPostData', { requestId: event.requestId }).then(({ postData }) => { event.request.postData = postData; }, ignoreGone));
    }
  });
  on('requestWillBeSentExtraInfo', event => chain(event.requestId).sent.push(event));
  on('responseReceivedExtraInfo', event => chain(event.requestId).received.push(event));
  on('requestServedFromCache', ({ requestId }) => Object.assign(chain(requestId).hops.at(-1), { cached: 'memory' }));
  on('responseReceived', event => Object.assign(chain(event.requestId).hops.at(-1), { response: event.response, kind: event.type }));
  on('loadingFinished', ({ requestId, timestamp, encodedDataLength }) => {
    const hop = chain(requestId).hops.at(-1);
    if (!hop) return;
    Object.assign(hop, { end: timestamp, transferred: encodedDataLength });
    bodies.push(session.send('Network.getResponseBody', { requestId }).then(body => { hop.body = body; }, ignoreGone));
  });
  on('loadingFailed', ({ requestId, timestamp, errorText, canceled }) => {
    Object.assign(chain(requestId).hops.at(-1) ?? {}, { end: timestamp, error: canceled ? 'net::ERR_ABORTED' : errorText });
  });
  on('webSocketCreated', event => sockets.set(event.requestId, { ...event, messages: [] }));
  on('webSocketWillSendHandshakeRequest', event => Object.assign(sockets.get(event.requestId), { sent: event }));
  on('webSocketHandshakeResponseReceived', event => Object.assign(sockets.get(event.requestId), { received: event }));
  on('webSocketFrameSent', event => sockets.get(event.requestId).messages.push({ type: 'send', ...event }));
  on('webSocketFrameReceived', event => sockets.get(event.requestId).messages.push({ type: 'receive', ...event }));
  session.on('Page.domContentEventFired', ({ timestamp }) => { if (pages.length) pages.at(-1).content ??= timestamp; });
  session.on('Page.loadEventFired', ({ timestamp }) => { if (pages.length) pages.at(-1).load ??= timestamp; });
  await session.send('Network.enable', { maxPostDataSize: 65536 });

  return async function har({ zero, title, creator, browser }) {
    await Promise.all(bodies);
    const pageOf = loaderId => `page_${Math.max(0, pages.findIndex(page => page.loaderId === loaderId)) + 1}`;
    // Each hop of a redirect has its own extra information, in the same order.
    const entries = [...chains.values()].flatMap(({ hops, sent, received }) => hops
      .filter(hop => !hop.request.url.startsWith('data:'))
      .map((hop, index) => entry(hop, sent[index], received[index], pageOf(hop.loaderId))));
    for (const socket of sockets.values()) entries.push(socketEntry(socket, `page_${pages.length}`));
    entries.sort((a, b) => Date.parse(a.startedDateTime) - Date.parse(b.startedDateTime));
    return { log: {
      version: '1.2', creator, browser,
      pages: pages.map(({ start, clock, content, load }, index) => ({
        startedDateTime: iso(start), id: `page_${index + 1}`, title,
        pageTimings: { onContentLoad: millis(content - clock), onLoad: millis(load - clock) },
      })),
      entries: entries.filter(({ startedDateTime }) => Date.parse(startedDateTime) >= zero),
    } };
  };
}

function ignoreGone(error) {
  if (!BODY_GONE.test(error.message)) throw error;
}

const iso = seconds => new Date(seconds * 1000).toISOString();
const millis = seconds => (Number.isFinite(seconds) ? Math.round(seconds * 1e6) / 1e3 : -1);
const pairs = headers => Object.entries(headers).flatMap(([name, value]) => value.split('\n').map(line => ({ name, value: line })));
const find = (headers, name) => headers.find(header => header.name.toLowerCase() === name)?.value;
const bytes = text => Buffer.byteLength(text ?? '');

function entry({ request, response, kind, type, initiator, wallTime, timestamp, end = timestamp, transferred = 0, body, error, cached }, sent, received, pageref) {
  const requestHeaders = pairs(sent?.headers ?? request.headers);
  const responseHeaders = pairs(received?.headers ?? response?.headers ?? {});
  const status = received?.statusCode ?? response?.status ?? 0;
  const content = { size: body?.base64Encoded ? Buffer.from(body.body, 'base64').length : bytes(body?.body), mimeType: response?.mimeType || 'x-unknown' };
  if (body?.body) Object.assign(content, { text: body.body }, body.base64Encoded && { encoding: 'base64' });
  const headersSize = bytes(received?.headersText) || -1;
  // From memory: the timing that comes along is the first load's.
  const phases = response?.timing && !cached ? timings(response.timing, timestamp, end) : { blocked: millis(end - timestamp), dns: -1, connect: -1, ssl: -1, send: 0, wait: 0, receive: 0 };
  const time = ['blocked', 'dns', 'connect', 'send', 'wait', 'receive'].reduce((sum, name) => sum + Math.max(0, phases[name]), 0);
  return {
    pageref, startedDateTime: iso(wallTime), time: Math.round(time * 1e3) / 1e3,
    request: {
      method: request.method, url: request.url, httpVersion: response?.protocol ?? 'http/1.1',
      headers: requestHeaders, queryString: [...new URL(request.url).searchParams].map(([name, value]) => ({ name, value })),
      cookies: (sent?.associatedCookies ?? []).filter(({ blockedReasons }) => !blockedReasons.length).map(({ cookie }) => cookieOf(cookie)),
      headersSize: -1, bodySize: bytes(request.postData),
      ...(request.postData && { postData: { mimeType: find(requestHeaders, 'content-type') ?? '', text: request.postData } }),
    },
    response: {
      status, statusText: status === 304 ? 'Not Modified' : response?.statusText ?? '', httpVersion: response?.protocol ?? '',
      headers: responseHeaders, cookies: responseHeaders.filter(({ name }) => name.toLowerCase() === 'set-cookie').map(({ value }) => setCookie(value)),
      content, redirectURL: status >= 300 && status < 400 ? find(responseHeaders, 'location') ?? '' : '',
      headersSize, bodySize: response ? status === 304 ? 0 : Math.max(0, transferred - Math.max(0, headersSize)) : -1,
      _transferSize: transferred, _error: error ?? null,
    },
    cache: {}, timings: phases,
    ...(response?.remoteIPAddress && { serverIPAddress: response.remoteIPAddress }),
    ...(response?.connectionId && { connection: String(response.connectionId) }),
    ...(cached && { _fromCache: cached }),
    _initiator: initiator, _priority: request.initialPriority, _resourceType: (kind ?? type ?? 'other').toLowerCase(),
  };
}

// The phases of the protocol are offsets in ms from requestTime; -1 = did not happen.
function timings(timing, issued, end) {
  const { requestTime, dnsStart, dnsEnd, connectStart, connectEnd, sslStart, sslEnd, sendStart, sendEnd, receiveHeadersEnd } = timing;
  const span = (from, to) => (from >= 0 ? Math.round((to - from) * 1e3) / 1e3 : -1);
  const queued = Math.max(0, (requestTime - issued) * 1000);
  const first = [dnsStart, connectStart, sendStart].find(start => start >= 0) ?? 0;
  return {
    blocked: Math.round((queued + first) * 1e3) / 1e3, dns: span(dnsStart, dnsEnd), connect: span(connectStart, connectEnd), ssl: span(sslStart, sslEnd),
    send: Math.max(0, span(sendStart, sendEnd)), wait: Math.max(0, span(sendEnd, receiveHeadersEnd)),
    receive: Math.max(0, millis(end - requestTime - receiveHeadersEnd / 1000)), _blocked_queueing: Math.round(queued * 1e3) / 1e3,
  };
}

function socketEntry({ url, initiator, sent, received, messages }, pageref) {
  const clock = sent.wallTime - sent.timestamp;
  return {
    pageref, startedDateTime: iso(sent.wallTime), time: millis(received.timestamp - sent.timestamp),
    request: { method: 'GET', url, httpVersion: 'http/1.1', headers: pairs(received.response.requestHeaders ?? sent.request.headers), queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })), cookies: [], headersSize: -1, bodySize: 0 },
    response: {
      status: received.response.status, statusText: received.response.statusText, httpVersion: 'http/1.1', headers: pairs(received.response.headers),
      cookies: [], content: { size: 0, mimeType: 'x-unknown' }, redirectURL: '', headersSize: bytes(received.response.headersText) || -1, bodySize: -1, _transferSize: 0, _error: null,
    },
    cache: {}, timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: millis(received.timestamp - sent.timestamp), receive: 0 },
    _initiator: initiator, _resourceType: 'websocket',
    _webSocketMessages: messages.map(({ type, timestamp, response }) => ({ type, time: clock + timestamp, opcode: response.opcode, data: response.payloadData })),
  };
}

function cookieOf({ name, value, path, domain, httpOnly, secure, sameSite }) {
  return { name, value, path, domain, httpOnly, secure, ...(sameSite && { sameSite }) };
}

function setCookie(line) {
  const [[name, ...value], ...rest] = line.split(';').map(part => part.trim().split('='));
  const flags = Object.fromEntries(rest.map(([flag, text = true]) => [flag.toLowerCase(), text]));
  return { name, value: value.join('='), path: flags.path, httpOnly: Boolean(flags.httponly), secure: Boolean(flags.secure), sameSite: flags.samesite };
}
