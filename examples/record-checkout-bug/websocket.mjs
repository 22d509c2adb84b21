// As much of RFC 6455 as the stock ticker of the shop needs: the handshake and
// short text frames. The example should run with no package but the driver's.
import { createHash } from 'node:crypto';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export function accept(request, socket, onText) {
  const key = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
  // A page that goes away resets the connection; nobody is left to tell.
  socket.on('error', () => socket.destroy());
  let rest = Buffer.alloc(0);
  socket.on('data', chunk => {
    rest = Buffer.concat([rest, chunk]);
    // Frames of a client are masked: two bytes of head, four of mask, the text.
    while (rest.length >= 6 && rest.length >= 6 + (rest[1] & 0x7f)) {
      const length = rest[1] & 0x7f;
      const opcode = rest[0] & 0x0f;
      const mask = rest.subarray(2, 6);
      const data = Buffer.from(rest.subarray(6, 6 + length)).map((byte, i) => byte ^ mask[i % 4]);
      rest = rest.subarray(6 + length);
      if (opcode === 1) onText(data.toString(), send);
      if (opcode === 8) socket.end(Buffer.from([0x88, 0]));
    }
  });
  function send(value) {
    const data = Buffer.from(JSON.stringify(value));
    if (data.length > 125) throw new Error('the ticker only sends short frames');
    if (socket.writable) socket.write(Buffer.concat([Buffer.from([0x81, data.length]), data]));
  }
}
