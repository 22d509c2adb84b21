// The commands that `export --for s3` prints put a share into a bucket where it opens: run by aws and rclone
// against a local S3 server.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { PATIENCE, inEngines } from './engines.mjs';
import { enter } from './page.mjs';
import { EXAMPLE, ROOT, share } from './share.mjs';

const BUCKET = 'recordings';
const stills = ['dark', 'light', 'phone'].map((name) => join(ROOT, `docs/player-${name}.png`));
/** What is uploaded, by the state it opens in. The name and the prefix need quotes in a shell. */
const SHARES = {
  'a folder': { state: 'ready', inputs: [EXAMPLE, ...stills], layout: 'dir', args: [] },
  'a sealed folder, cut': { state: 'ready', inputs: [EXAMPLE], layout: 'dir', args: ['--encrypt', '--split', '300k'] },
  'one file': { state: 'ready', inputs: [EXAMPLE], layout: 'html', args: [] },
};

/** Puts moto_server and aws on the PATH, out of an environment of their own if need be; says why it cannot. */
function missing() {
  const path = (process.env.PATH ?? '').split(delimiter);
  const absent = (name) => !path.some((dir) => existsSync(join(dir, name)));
  if (!['moto_server', 'aws'].some(absent)) return false;
  const room = join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 's3-tools');
  const bin = join(room, 'bin');
  const run = (program, ...args) => spawnSync(program, args, { encoding: 'utf8', timeout: 400_000 });
  if (!existsSync(join(bin, 'aws')) || !existsSync(join(bin, 'moto_server'))) {
    const made = run('python3', '-m', 'venv', room);
    const got = made.status === 0 ? run(join(bin, 'pip'), 'install', '--quiet', 'moto[server]', 'awscli') : made;
    if (got.status !== 0) return `aws and moto_server are neither on the PATH nor to be had by pip: ${got.error ?? got.stderr.trim().split('\n').at(-1)}`;
  }
  process.env.PATH = [bin, ...path].join(delimiter);
  return false;
}

const TOOLS = { aws: missing(), rclone: spawnSync('rclone', ['version']).error ? 'rclone is not installed' : false };

/** @param {string} endpoint */
const environment = (endpoint) => ({
  ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: endpoint, RCLONE_S3_ENDPOINT: endpoint, RCLONE_RETRIES: '1', RCLONE_LOW_LEVEL_RETRIES: '1',
  AWS_DEFAULT_REGION: 'us-east-1', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', RCLONE_CONFIG: '/dev/null', no_proxy: '127.0.0.1',
  // What rclone writes is private unless told otherwise, and moto asks no policy then.
  RCLONE_S3_ACL: 'public-read',
  // The server speaks http, and rclone's client takes no bundle by this name.
  AWS_CA_BUNDLE: undefined,
});

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** An S3 server with an empty bucket whose objects anyone may read. */
async function store() {
  const port = await freePort();
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  const shell = (line) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { env: environment(origin), encoding: 'utf8' });
    assert.equal(status, 0, `${line}\n${stdout}${stderr}`);
  };
  for (const end = Date.now() + PATIENCE; !(await fetch(origin).catch(() => null));) {
    assert.ok(Date.now() < end && server.exitCode === null, 'moto_server does not start');
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  shell(`aws s3api create-bucket --bucket ${BUCKET} --acl public-read`);
  const policy = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*` }] };
  shell(`aws s3api put-bucket-policy --bucket ${BUCKET} --policy '${JSON.stringify(policy)}'`);
  return { origin, shell, close: () => server.kill() };
}

inEngines(['chromium'], ({ open }) => {
  let s3;
  before(async () => { if (!TOOLS.aws) s3 = await store(); }, { timeout: PATIENCE });
  after(() => s3?.close());

  for (const [tool, skip] of Object.entries(TOOLS)) {
    for (const [what, { state, inputs, layout, args }] of Object.entries(SHARES)) {
      test(`${tool} uploads what opens: ${what}`, { timeout: PATIENCE, skip: TOOLS.aws || skip }, async (t) => {
        const prefix = `team a/${tool}/${what}/`;
        const url = `https://${BUCKET}.s3.us-east-1.amazonaws.com/${encodeURI(prefix)}`;
        const made = share(inputs, { layout, name: "it's a share", args: ['--for', 's3', '--url', url, ...args] });
        const at = (path) => `${s3.origin}/${BUCKET}/${encodeURI(prefix)}${encodeURIComponent(path).replaceAll('%2F', '/')}`;
        const page = at(made.json.link.replace(/[?#].*/, '').split('/').at(-1).replace(/.*/, decodeURIComponent));

        // Amazon's buckets are host names, which a server on loopback cannot have.
        const lines = made.json.upload[tool].map((line) => line.replace('provider=AWS', 'provider=Other'));
        for (const line of lines.slice(0, -1)) s3.shell(line);
        assert.equal((await fetch(page, { method: 'HEAD' })).status, 404, 'nobody sees the page before its parts are there');
        s3.shell(lines.at(-1));

        for (const { path, bytes, content_type, cache_control } of made.json.files) {
          const { status, headers } = await fetch(at(path), { method: 'HEAD' });
          const got = [status, headers.get('content-type'), headers.get('cache-control'), headers.get('content-length')];
          assert.deepEqual(got, [200, content_type, cache_control, String(bytes)], path);
        }
        const shown = await open();
        t.after(() => shown.close());
        await enter(shown, page + made.json.link.replace(/^[^?#]*/, ''), state);
        await shown.until(() => document.querySelector('video')?.readyState >= 1);
        const { errors, violations } = await shown.seen();
        assert.deepEqual([...errors, ...violations], []);
      });
    }
  }
});
