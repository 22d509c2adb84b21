// Console lines from the debugging protocol: calls of the page, uncaught errors,
// and what the browser itself had to say (failed loads and the like).
const METHODS = { warning: 'warn', startGroup: 'group', startGroupCollapsed: 'groupCollapsed', endGroup: 'groupEnd' };
const LEVELS = { debug: 'debug', trace: 'debug', verbose: 'debug', warning: 'warn', error: 'error', assert: 'error' };

export async function captureConsole(session) {
  const lines = [];
  const deep = [];
  // A preview is one level deep. What is below is asked for at once, before the
  // page changes it, and kept the way the protocol itself writes it (as in BiDi).
  function deepen(object, argument) {
    if (object.type !== 'object' || !object.objectId || object.subtype === 'error') return;
    deep.push(session.send('Runtime.callFunctionOn', {
      objectId: object.objectId, functionDeclaration: 'function () { return this; }',
      serializationOptions: { serialization: 'deep', maxDepth: 4 },
    }).then(({ result }) => { argument.deepSerializedValue = withoutHandle(result.deepSerializedValue); }, () => {})); // gone with its page: the preview remains
  }

  session.on('Runtime.consoleAPICalled', ({ type, args, stackTrace, timestamp }) => {
    const kept = args.map(withoutHandle);
    args.forEach((object, index) => deepen(object, kept[index]));
    lines.push({
      timestamp, level: LEVELS[type] ?? 'info', type: 'console', method: METHODS[type] ?? type,
      text: format(args), args: kept, ...where(stackTrace),
    });
  });
  session.on('Runtime.exceptionThrown', ({ timestamp, exceptionDetails: { text, exception, stackTrace, url } }) => {
    lines.push({
      timestamp, level: 'error', type: 'javascript', uncaught: true,
      text: `${text} ${exception?.description ?? ''}`.trim(), args: exception ? [withoutHandle(exception)] : [], url, ...where(stackTrace),
    });
  });
  session.on('Log.entryAdded', ({ entry: { source, level, text, timestamp, url, stackTrace } }) => {
    const type = ['network', 'security', 'javascript'].includes(source) ? source : 'other';
    lines.push({ timestamp, level: LEVELS[level] ?? 'info', type, text, url, ...where(stackTrace) });
  });
  await session.send('Runtime.enable');
  await session.send('Log.enable');
  // Stacks that go on behind an await, in console lines and initiators alike.
  await session.send('Debugger.enable');
  await session.send('Debugger.setAsyncCallStackDepth', { maxDepth: 8 });
  return async function finish() {
    await Promise.all(deep);
    return lines;
  };
}

// Handles mean nothing once the page is gone.
function withoutHandle({ objectId, ...rest }) {
  return rest;
}

function where(stackTrace) {
  if (!stackTrace) return {};
  return { url: stackTrace.callFrames[0]?.url, stackTrace: stack(stackTrace) };
}

function stack({ callFrames, description, parent }) {
  return {
    ...(description && { description }),
    callFrames: callFrames.map(({ functionName, url, lineNumber, columnNumber }) => ({ functionName, url, lineNumber, columnNumber })),
    ...(parent && { parent: stack(parent) }),
  };
}

// The message as the console shows it: placeholders filled in, %c without effect.
function format(args) {
  const rest = [...args];
  let text = '';
  if (rest[0]?.type === 'string') {
    text = rest.shift().value.replace(/%([sdifoOc%])/g, (whole, kind) => {
      if (kind === '%') return '%';
      if (!rest.length) return whole;
      const arg = rest.shift();
      if (kind === 'c') return '';
      return kind === 'd' || kind === 'i' ? String(Math.trunc(arg.value)) : show(arg);
    });
  }
  return [text, ...rest.map(show)].filter(part => part !== '').join(' ');
}

function show(object) {
  const { type, subtype, value, unserializableValue, description, preview } = object;
  if (type === 'string') return value;
  if (type === 'undefined') return 'undefined';
  if (type !== 'object' || subtype === 'null') return unserializableValue ?? String(value);
  return preview && subtype !== 'error' ? showPreview(preview) : description;
}

function showPreview({ subtype, description, properties, entries, overflow }) {
  const quote = ({ type, subtype: kind, value }) => (type === 'string' ? `'${value}'` : kind === 'array' || type !== 'object' ? value : value.split('\n')[0]);
  const list = entries
    ? entries.map(({ key, value }) => (key ? `${key.description} => ` : '') + value.description)
    : properties.map(property => (subtype === 'array' ? '' : `${property.name}: `) + quote(property));
  if (overflow) list.push('…');
  if (subtype === 'array') return `[${list.join(', ')}]`;
  return `${description === 'Object' ? '' : description + ' '}{${list.join(', ')}}`;
}
