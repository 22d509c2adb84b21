// A hand on mouse and keyboard: moves in curves, hits near the middle, types at
// the pace of a person. The jitter is seeded, so that two runs take equally long.
import { setTimeout as sleep } from 'node:timers/promises';

export class Hand {
  #page;
  #seed = 20261121;
  #at = { x: 640, y: 330 };

  constructor(page) {
    this.#page = page;
  }

  #random() {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0;
    return this.#seed / 2 ** 32;
  }

  async moveTo(x, y) {
    const from = this.#at;
    const distance = Math.hypot(x - from.x, y - from.y);
    const duration = 220 + distance * 0.8;
    const bend = (this.#random() - 0.5) * 0.16;
    const started = Date.now();
    for (let part = 0; part < 1;) {
      part = Math.min(1, (Date.now() - started) / duration);
      const ease = part * part * (3 - 2 * part);
      const off = Math.sin(Math.PI * ease) * bend;
      await this.#page.mouse.move(from.x + (x - from.x) * ease - (y - from.y) * off, from.y + (y - from.y) * ease + (x - from.x) * off);
      await sleep(14);
    }
    this.#at = { x, y };
  }

  // A new document knows nothing of the mouse until it moves.
  async nudge() {
    await this.#page.mouse.move(this.#at.x + 1, this.#at.y);
  }

  async click(selector) {
    const box = await this.#page.locator(selector).boundingBox();
    const across = 0.35 + this.#random() * 0.3;
    await this.moveTo(Math.round(box.x + Math.min(box.width, 220) * across), Math.round(box.y + box.height * 0.55));
    await sleep(120);
    await this.#page.mouse.down();
    await sleep(70);
    await this.#page.mouse.up();
  }

  async type(text) {
    for (const letter of text) {
      await this.#page.keyboard.press(letter === ' ' ? 'Space' : letter);
      await sleep(45 + this.#random() * 60);
    }
  }

  async fill(selector, text) {
    await this.click(selector);
    await sleep(160);
    await this.type(text);
    await sleep(220);
  }

  async scroll(distance) {
    const steps = 12;
    for (let i = 0; i < steps; i++) {
      await this.#page.mouse.wheel(0, distance / steps);
      await sleep(30);
    }
  }
}
