// Runs first, in the oldest syntax there is: where the player cannot even be parsed, somebody must say so.
(function () {
  var root = document.documentElement;
  function say(parent, tag, text) {
    var element = document.createElement(tag);
    element.appendChild(document.createTextNode(text));
    parent.appendChild(element);
  }
  // The page of another language carries its words in a block.
  function words(key, english) {
    try {
      return JSON.parse(document.getElementById('labels').firstChild.data)[key].split('\n');
    } catch (error) {
      return english.split('\n');
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
    var said = cut
      ? words('state damaged/cut', 'This recording is incomplete\nThe end of the file is missing: the download or the copy stopped half way.\nDownload it again. If that does not help, ask the person who sent it.')
      : words('state unsupported', 'This browser cannot open the recording\nIt is too old for this page, or something in it stops the page\u2019s own script.\nOpen the file in a current Chrome, Edge, Firefox or Safari.');
    for (var i = 0; i < said.length; i++) say(app, i ? 'p' : 'h1', said[i]);
  }
  root.setAttribute('data-state', 'loading');
  if (document.addEventListener) document.addEventListener('DOMContentLoaded', check, false);
  else window.attachEvent('onload', check);
})();
