/** @import { App, Span } from './types.d.ts' */
import { choice, dress, iconButton, setPressed } from './buttons.js';
import { languageMenu } from './captions.js';
import { fill, h } from './dom.js';
import { drawing } from './icons.js';
import { label } from './label.js';
import { RATES } from './rates.js';
import { spanOf } from './span.js';
import { formatTime } from './time.js';

/** @type {[Span['mode'], string, string?][]} */
export const SPANS = [['whole', label('Whole')], ['around', '±5 s'], ['range', label('Range'), label('spanRangeTitle')]];

/**
 * The row of buttons under the bar.
 * @param {App} app
 * @param {(() => void) | null} fullscreen
 */
export function createControls(app, fullscreen) {
  const { store, source: { manifest: { captions, video, audio } } } = app;
  const play = iconButton('', app.toggle, '');
  const now = h('b');
  const total = h('span');
  const spans = choice(label('Show events of'), SPANS, (mode) => app.setSpan(spanOf(store.get(), mode)));
  spans.group.classList.add('spans');
  store.watch(['span'], ({ span }) => spans.press(span.mode));
  store.watch(['paused'], ({ paused }) => {
    dress(play, label(paused ? 'Play (Space)' : 'Pause (Space)'), drawing(paused ? 'play' : 'pause'));
  });
  store.watch(['time', 'duration'], ({ time, duration }) => {
    now.textContent = formatTime(time);
    total.textContent = formatTime(duration);
  });
  return h('div', { class: 'controls' },
    play,
    iconButton(label('10 s back (J)'), () => app.seek(store.get().time - 10_000), '−10'),
    iconButton(label('10 s on (L)'), () => app.seek(store.get().time + 10_000), '+10'),
    h('span', { class: 'time' }, now, ' / ', total),
    rateMenu(app),
    h('span', { class: 'space' }),
    spans.group,
    video && captions.length > 0 && captionsButton(app),
    video && captions.length > 1 && languageMenu(app),
    (video || audio) && soundButtons(app),
    fullscreen && iconButton(label('Full screen (F)'), fullscreen, drawing('full')));
}

/** @param {App} app */
function rateMenu({ store, playback }) {
  const name = label('Speed (< and >)');
  const select = h('select', { class: 'rate', dir: 'ltr', 'aria-label': name, title: name, onchange: () => playback.setRate(Number(select.value)) });
  store.watch(['rate'], ({ rate }) => {
    const all = [...new Set([...RATES, rate])].sort((a, b) => a - b);
    if (select.length !== all.length) fill(select, ...all.map((value) => h('option', { value }, `${value}×`)));
    select.value = String(rate);
  });
  return select;
}

/** @param {App} app */
function captionsButton({ store }) {
  const toggle = iconButton(label('Captions (C)'), () => store.set({ captions: !store.get().captions }), 'CC');
  toggle.className = 'cc';
  store.watch(['captions'], ({ captions }) => setPressed(toggle, captions));
  return toggle;
}

/** @param {App} app */
function soundButtons({ store, playback }) {
  const mute = iconButton('', () => playback.setMuted(!store.get().muted), '');
  const slider = h('input', { class: 'volume', type: 'range', max: 1, step: 0.05, 'aria-label': label('Volume (↑ and ↓)'), oninput() {
    playback.setVolume(Number(slider.value));
    playback.setMuted(false);
  } });
  store.watch(['muted', 'volume'], ({ muted, volume }) => {
    const silent = muted || volume === 0;
    dress(mute, label(silent ? 'Unmute (M)' : 'Mute (M)'), drawing(silent ? 'silent' : 'sound'));
    slider.value = String(muted ? 0 : volume);
  });
  const lost = h('span', { class: 'problem', hidden: true }, label('No sound'));
  store.watch(['soundError'], ({ soundError }) => {
    lost.hidden = soundError === null;
    lost.title = soundError ?? '';
  });
  return h('span', { class: 'sound' }, lost, mute, slider);
}
