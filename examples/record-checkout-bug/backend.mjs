// The shop's backend: four small services in one process that write one log.
// The fault is a real one: a refresh of the VAT rates that is meant to remove
// duplicate rows removes both of them, and with them the whole country.
import { setTimeout as sleep } from 'node:timers/promises';

const FEED = [
  { country: 'AT', vat: 20, since: '2016-01-01' },
  { country: 'BE', vat: 21, since: '1996-01-01' },
  { country: 'DE', vat: 19, since: '2021-01-01' },
  { country: 'ES', vat: 21, since: '2012-09-01' },
  { country: 'FR', vat: 20, since: '2014-01-01' },
  { country: 'IE', vat: 23, since: '2021-03-01' },
  { country: 'NL', vat: 21, since: '2012-10-01' },
  { country: 'PT', vat: 23, since: '2011-01-01' },
];
// The next delivery of the feed says the same again for one country.
const NEXT_FEED = [...FEED, { country: 'IE', vat: 23, since: '2026-12-01' }];

const NAMES = { AT: 'Austria', BE: 'Belgium', DE: 'Germany', ES: 'Spain', FR: 'France', IE: 'Ireland', NL: 'Netherlands', PT: 'Portugal' };

export class RateMissing extends Error {
  constructor(country) {
    super(`no VAT rate for country ${country}`);
    this.name = 'RateMissing';
  }
}

export class Backend {
  log = [];
  #rates = new Map(FEED.map(row => [row.country, row]));
  #version = 411;
  #attempts = 0;
  #timers = [];
  #cart = {
    id: 'c_81f2', country: 'DE', currency: 'EUR', shipping: 700,
    items: [
      { sku: 'MUG-HRB', name: 'Harbour mug', detail: 'Stoneware, 350 ml', price: 2400, quantity: 1, image: '/assets/mug.webp' },
      { sku: 'TOTE-CNV', name: 'Canvas tote', detail: 'Organic cotton, sand', price: 4800, quantity: 1, image: '/assets/tote.svg' },
    ],
  };

  write(level, service, message, { traceId, requestId, ...fields } = {}) {
    this.log.push({ timestamp: new Date().toISOString(), level, service, message, traceId, requestId, fields });
  }

  // What goes on behind the requests: the refresh that does the damage, and some noise.
  startJobs() {
    const at = (ms, job) => this.#timers.push(setTimeout(job, ms));
    at(1500, () => this.write('debug', 'gateway', 'health check ok', { path: '/healthz', upstreams: 3 }));
    at(4200, () => this.#refreshRates());
    at(11_000, () => this.write('warn', 'gateway', 'connection pool to payments above 80 %', { inUse: 26, size: 32 }));
    at(16_500, () => this.write('debug', 'gateway', 'health check ok', { path: '/healthz', upstreams: 3 }));
  }

  stop() {
    this.#timers.forEach(clearTimeout);
  }

  async #refreshRates() {
    const job = { jobId: 'job_rates_0412', traceId: 'b04c9e5f1d7a42c89be3f6601275a3d8' };
    this.write('info', 'rates', 'cache refresh started', { ...job, source: 'vat-feed', from: `v${this.#version}` });
    await sleep(180);
    const times = country => NEXT_FEED.filter(row => row.country === country).length;
    const kept = NEXT_FEED.filter(row => times(row.country) === 1);
    const dropped = NEXT_FEED.length - kept.length;
    this.write('warn', 'rates', `cache refresh dropped ${dropped} rows with a duplicate key`, {
      ...job, rowsRead: NEXT_FEED.length, rowsKept: kept.length, keys: ['IE'], rule: 'unique(country)',
    });
    this.#rates = new Map(kept.map(row => [row.country, row]));
    this.#version += 1;
    this.write('info', 'rates', `cache refresh done, v${this.#version} active`, { ...job, countries: kept.length, durationMs: 183 });
  }

  countries() {
    return Object.entries(NAMES).map(([code, name]) => ({ code, name }));
  }

  cart() {
    const subtotal = this.#cart.items.reduce((sum, item) => sum + item.price * item.quantity, 0);
    return { ...this.#cart, subtotal, total: subtotal + this.#cart.shipping };
  }

  async moveCart(country, ids) {
    const from = this.#cart.country;
    await sleep(60);
    this.#cart.country = country;
    this.write('info', 'cart', `country changed ${from} -> ${country}`, { ...ids, cart: this.#cart.id });
    return this.cart();
  }

  // Undefined for a country without a rate: whoever asks decides what that means.
  rate(country, ids) {
    const row = this.#rates.get(country);
    if (row) this.write('debug', 'rates', `rate ${country} ${row.vat} %`, { ...ids, cache: `v${this.#version}` });
    else this.write('warn', 'rates', `rate ${country} not in cache, answering 204`, { ...ids, cache: `v${this.#version}` });
    return row;
  }

  async pay(order, ids) {
    this.#attempts += 1;
    const { total, currency, id } = this.cart();
    this.write('info', 'payments', `payment attempt ${this.#attempts} for cart ${id}`, {
      ...ids, amount: total, currency, country: order.country, customer: order.email, card: `visa **** ${order.card.number.slice(-4)}`,
    });
    await sleep(90);
    this.write('info', 'cart', `cart ${id} locked for payment`, ids);
    this.write('debug', 'payments', 'asking rates for the tax quote', { ...ids, upstream: 'rates', timeoutMs: 1500 });
    await sleep(110);
    try {
      const row = this.#rates.get(order.country);
      if (!row) {
        this.write('error', 'rates', `no VAT rate for country ${order.country}`, {
          ...ids, country: order.country, cache: `v${this.#version}`, cached: [...this.#rates.keys()],
        });
        throw new RateMissing(order.country);
      }
      return { receipt: { number: 'R-2026-11873', total, vat: row.vat } };
    } catch (error) {
      await sleep(40);
      this.write('error', 'payments', `${error.name}: ${error.message}`, {
        ...ids, attempt: this.#attempts, charged: false,
        stack: 'RateMissing: no VAT rate for country ' + order.country
          + '\n    at RateBook.require (services/rates/book.ts:41:13)'
          + '\n    at quoteTax (services/payments/quote.ts:88:22)'
          + '\n    at authorise (services/payments/authorise.ts:129:17)',
      });
      throw error;
    } finally {
      this.write('info', 'cart', `cart ${id} unlocked`, ids);
      if (this.#attempts === 2) {
        this.write('warn', 'payments', 'alert pay-5xx: 2 of 2 payments failed in 60 s', { route: 'POST /api/pay', threshold: 0.05 });
      }
    }
  }
}
