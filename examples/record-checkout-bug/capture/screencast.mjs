// The picture: Chromium's screencast gives a JPEG for each change and the wall
// time at which it was shown. From these, frames at a constant rate are made, so
// that the video's zero is the time of the first picture and nothing drifts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const FPS = 15;
const KEYFRAME_EVERY = 39; // frames: every 2.6 s, so that seeking stays quick

export class Screencast {
  frames = [];
  #session;

  constructor(session) {
    this.#session = session;
  }

  // Resolves when the first picture is there; its time is the recording's zero.
  async start(width, height) {
    const first = new Promise(resolve => {
      this.#session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
        this.frames.push({ time: metadata.timestamp * 1000, data: Buffer.from(data, 'base64') });
        this.#session.send('Page.screencastFrameAck', { sessionId }).catch(() => {}); // the page may be closing
        resolve();
      });
    });
    await this.#session.send('Page.startScreencast', { format: 'jpeg', quality: 92, maxWidth: width, maxHeight: height });
    await first;
    return this.zero;
  }

  get zero() {
    return this.frames[0].time;
  }

  async stop() {
    this.end = Date.now();
    await this.#session.send('Page.stopScreencast');
  }

  // Two passes: for a page that mostly stands still the second halves the size.
  async encode(file, scratch) {
    const count = Math.round((this.end - this.zero) / 1000 * FPS);
    await this.#ffmpeg(count, ['-pass', '1', '-passlogfile', scratch, '-f', 'null', '-']);
    // Cues in front let a player seek over HTTP without reading the file's end first.
    await this.#ffmpeg(count, ['-pass', '2', '-passlogfile', scratch, '-cues_to_front', '1', '-f', 'webm', file]);
    return { frames: count, durationMs: Math.round(count * 1000 / FPS) };
  }

  async #ffmpeg(count, output) {
    const child = spawn('ffmpeg', [
      '-v', 'error', '-y', '-f', 'image2pipe', '-c:v', 'mjpeg', '-framerate', String(FPS), '-i', '-',
      // Exact rounding: without it the white of the page is a shade off.
      '-vf', 'format=gbrp,scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int,format=yuv420p',
      '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv',
      '-c:v', 'libvpx-vp9', '-crf', '40', '-b:v', '0', '-g', String(KEYFRAME_EVERY), '-deadline', 'good', '-cpu-used', '2', '-row-mt', '1',
      '-fflags', '+bitexact', '-flags:v', '+bitexact', ...output,
    ], { stdio: ['pipe', 'ignore', 'inherit'] });
    const done = once(child, 'close');
    child.stdin.on('error', () => {}); // ffmpeg gave up: its exit code tells
    const step = 1000 / FPS;
    let shown = 0;
    for (let i = 0; i < count; i++) {
      // The picture on screen at the middle of the frame: at most half a frame off.
      while (shown + 1 < this.frames.length && this.frames[shown + 1].time <= this.zero + (i + 0.5) * step) shown++;
      if (!child.stdin.write(this.frames[shown].data)) await Promise.race([once(child.stdin, 'drain'), done]);
    }
    child.stdin.end();
    const [code] = await done;
    if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
  }
}
