// Runs first, in the oldest syntax there is: where the player cannot even be parsed, somebody must say so.
(function () {
  var root = document.documentElement;
  function say(parent, tag, text) {
    var element = document.createElement(tag);
    element.appendChild(document.createTextNode(text));
    parent.appendChild(element);
  }
  // The words of the page stand in a block before this script.
  function words(key) {
    try {
      return JSON.parse(document.getElementById('labels').firstChild.data)[key].split('\n');
    } catch (error) {
      return ['This browser cannot open the recording'];
    }
  }
  function check() {
    var app = document.getElementById('app');
    if (root.sealcast || !app) return;
    while (app.firstChild) app.removeChild(app.firstChild);
    // Where the end of the file is missing too, no other browser would do better.
    var cut = !document.getElementById('end');
    root.setAttribute('data-reason', cut ? 'cut' : 'old-browser');
    root.setAttribute('data-state', cut ? 'damaged' : 'unsupported');
    var said = words(cut ? 'state damaged/cut' : 'state unsupported');
    for (var i = 0; i < said.length; i++) say(app, i ? 'p' : 'h1', said[i]);
  }
  root.setAttribute('data-state', 'loading');
  if (document.addEventListener) document.addEventListener('DOMContentLoaded', check, false);
  else window.attachEvent('onload', check);
})();
