import { call, useToken } from '/assets/api.js';
import { countryPicker } from '/assets/country.js';

const RATES = 'https://api.acme.example/v2/rates';
const $ = id => document.getElementById(id);
const money = cents => `€${(cents / 100).toFixed(2)}`;
const state = { country: 'DE', cart: null, rate: null, attempts: 0 };

console.log('%cAcme%c checkout 2026.11.2 %c(4c1d9ab)', 'color: white; background: #0b7a53; padding: 2px 8px; border-radius: 4px', 'font-weight: bold', 'color: gray');
navigator.sendBeacon('https://events.acme.example/v1/collect', JSON.stringify({ event: 'page_view', path: location.pathname }));

async function boot() {
  console.time('[checkout] boot');
  const session = await call('GET', '/api/session');
  useToken(session.token);
  console.info('[session] signed in', { customer: session.customer, flags: new Map(Object.entries(session.flags)) });
  const [cart, countries] = await Promise.all([call('GET', '/api/cart'), call('GET', '/api/countries')]);
  state.cart = cart;
  countryPicker(countries, changeCountry);
  console.group('[checkout] cart %s', cart.id);
  console.table(cart.items, ['sku', 'price', 'quantity']);
  console.log('total %d cents, country %s', cart.total, cart.country);
  console.groupEnd();
  await loadRate();
  render();
  console.timeEnd('[checkout] boot');
  followStock(cart.items.map(item => item.sku));
}

async function loadRate() {
  state.rate = await call('GET', `${RATES}?from=EUR&country=${state.country}`);
  if (!state.rate) console.warn('[rates] no VAT rate for %s, the total is shown without it', state.country);
}

async function changeCountry(code) {
  console.log('[checkout] country', { from: state.country, to: code });
  state.country = code;
  $('postcode-label').textContent = code === 'IE' ? 'Eircode' : 'Postcode';
  state.cart = await call('PATCH', '/api/cart', { country: code });
  await loadRate();
  render();
}

function render() {
  const { items, subtotal, shipping, total } = state.cart;
  $('items').innerHTML = items.map(item => `<li><img src="${item.image}" alt=""><div>${item.name}<small>${item.detail}</small></div>${money(item.price)}</li>`).join('');
  const vat = state.rate && total - total / (1 + state.rate.vat / 100);
  $('sums').innerHTML = `<dt>Subtotal<dd>${money(subtotal)}<dt>Shipping<dd>${money(shipping)}<dt class="total">Total<dd class="total">${money(total)}`
    + `<dt class="note">${vat ? `Includes ${money(vat)} VAT (${state.rate.vat} %)` : 'VAT is worked out at payment'}`;
}

function followStock(skus) {
  const socket = new WebSocket('wss://live.acme.example/stock?ticket=tk_invented_0d41f7');
  socket.onopen = () => socket.send(JSON.stringify({ type: 'subscribe', skus }));
  socket.onmessage = ({ data }) => console.debug('[stock]', JSON.parse(data));
  setInterval(() => socket.send('{"type":"ping"}'), 10_000);
}

function showReceipt(number) {
  location.href = `/receipts/${number}`;
}

async function pay() {
  state.attempts += 1;
  console.count('[checkout] pay');
  const payment = await call('POST', '/api/pay', {
    cart: state.cart.id, country: state.country, email: $('email').value, name: $('name').value,
    address: { street: $('street').value, postcode: $('postcode').value },
    card: { number: $('card').value.replaceAll(' ', ''), expiry: $('expiry').value, cvc: $('cvc').value },
  });
  showReceipt(payment.receipt.number);
}

$('form').onsubmit = event => {
  event.preventDefault();
  $('toast').hidden = true;
  $('pay').disabled = true;
  $('pay').textContent = 'Processing…';
  pay();
};

// The last resort for whatever nobody caught: tell the customer, tell the team.
addEventListener('unhandledrejection', ({ reason }) => {
  $('pay').disabled = false;
  $('pay').textContent = 'Pay now';
  $('toast').hidden = false;
  console.error('[ui] payment attempt %d failed', state.attempts, { country: state.country, cart: state.cart.id, reason });
  navigator.sendBeacon('/api/client-errors', JSON.stringify({ message: reason.message, attempt: state.attempts }));
});

$('toast').querySelector('button').onclick = () => { $('toast').hidden = true; };
$('postcode').onchange = async event => {
  const { city } = await call('POST', '/api/address/check', { country: state.country, postcode: event.target.value });
  console.log('[address] %s is in %s', event.target.value, city);
};

// 4242 4242 4242 4242 and 11 / 28 as the customer types.
$('card').oninput = event => { event.target.value = event.target.value.replace(/\D/g, '').slice(0, 16).replace(/(.{4})(?=.)/g, '$1 '); };
$('expiry').oninput = event => { event.target.value = event.target.value.replace(/\D/g, '').slice(0, 4).replace(/^(..)(?=.)/, '$1 / '); };

boot();
