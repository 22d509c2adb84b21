/** Where to look for a picture when the first is black, in seconds. */
const LATER = [0.1, 0.5, 1, 2];
/** No point brighter than this, of 255, is black. */
const BLACK = 24;

/**
 * Many recorders start with a black picture, and WebKit on phones with none: before the reader plays, a later one
 * stands for it. It only looks; the playhead stays where it is.
 * @param {HTMLVideoElement} video
 * @param {{ resting: () => boolean, peek: (seconds: number) => void }} page
 *   `resting`: nobody has played yet or gone elsewhere
 */
export function findPicture(video, { resting, peek }) {
  const places = LATER.filter((at) => at < video.duration);

  function look() {
    if (!resting() || !isBlack(video)) return;
    const next = places.shift();
    if (next === undefined) return peek(0);
    video.addEventListener('seeked', look, { once: true });
    peek(next);
  }
  look();
}

/** False as well where the page may not look at its video. @param {HTMLVideoElement} video */
function isBlack(video) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 24;
  const brush = canvas.getContext('2d');
  try {
    brush?.drawImage(video, 0, 0, canvas.width, canvas.height);
    return brush?.getImageData(0, 0, canvas.width, canvas.height).data.every((value, at) => at % 4 === 3 || value <= BLACK) ?? false;
  } catch {
    return false;
  }
}
