// Runs first, in the oldest syntax there is: where the player cannot even be parsed, somebody must say so.
(function () {
  var root = document.documentElement;
  function say(parent, tag, text) {
    var element = document.createElement(tag);
    element.appendChild(document.createTextNode(text));
    parent.appendChild(element);
  }
  function check() {
    var app = document.getElementById('app');
    if (root.sealcast || !app) return;
    while (app.firstChild) app.removeChild(app.firstChild);
    // Where the end of the file is missing too, no other browser would do better.
    var cut = !document.getElementById('end');
    root.setAttribute('data-reason', cut ? 'cut' : 'old-browser');
    root.setAttribute('data-state', cut ? 'damaged' : 'unsupported');
    say(app, 'h1', cut ? 'This recording is incomplete' : 'This browser cannot open the recording');
    say(app, 'p', cut ? 'The download or the copy stopped half way.' : 'It is too old for this page, or something in it stops the page\u2019s own script.');
    say(app, 'p', cut ? 'Download it again, or ask the person who sent it.' : 'Open the file in a current Chrome, Edge, Firefox or Safari.');
  }
  root.setAttribute('data-state', 'loading');
  if (document.addEventListener) document.addEventListener('DOMContentLoaded', check, false);
  else window.attachEvent('onload', check);
})();
