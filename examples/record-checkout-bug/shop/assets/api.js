// Calls to the shop's API. Each one carries the session's token, an id of its
// own and a W3C trace context, so that the backend's log can be joined to it.
const hex = bytes => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), byte => byte.toString(16).padStart(2, '0')).join('');
const csrf = document.querySelector('meta[name=csrf-token]').content;
let token;

export function useToken(value) {
  token = value;
}

export async function call(method, path, body) {
  const headers = { 'x-request-id': `req_${hex(6)}`, traceparent: `00-${hex(16)}-${hex(8)}-01` };
  if (token) headers.authorization = `Bearer ${token}`;
  if (body) Object.assign(headers, { 'content-type': 'application/json', 'x-csrf-token': csrf });
  console.debug('[api] %s %s %s', method, path, headers['x-request-id']);
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}
