// Asks a server that speaks E2B's protocol for everything that the official SDK, unchanged, relies
// on: results, errors and timing, area by area. Prints a line for each case, then
// `N passed, N failed`, and exits with 0 only when none failed.
//
// E2B_API_URL, E2B_SANDBOX_URL (the same when absent) and E2B_API_KEY say which server. Against the
// hosted service (no E2B_API_URL) it runs only with CONFORMANCE_HOSTED=1.
import { strict as assert } from 'node:assert'
import { createHash, randomBytes } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'

const apiUrl = process.env.E2B_API_URL
if (!apiUrl && process.env.CONFORMANCE_HOSTED !== '1') {
  console.error('E2B_API_URL is not set; CONFORMANCE_HOSTED=1 runs this against the hosted service')
  process.exit(2)
}
if (apiUrl) process.env.E2B_SANDBOX_URL ??= apiUrl
const base = (apiUrl ?? 'https://api.e2b.app').replace(/\/$/, '')
const key = process.env.E2B_API_KEY

const {
  Sandbox,
  AuthenticationError,
  CommandExitError,
  FileNotFoundError,
  FilesystemEventType,
  InvalidArgumentError,
  NotEnoughSpaceError,
  NotFoundError,
  SandboxError,
  SandboxNotFoundError,
  TimeoutError,
  getSignature,
} = await import('e2b')

// ---------------------------------------------------------------- cases

const run = randomBytes(6).toString('hex')
const cases = []
const test = (name, body) => cases.push({ name, body })
const made = new Set()

async function create(template, opts) {
  if (typeof template !== 'string') [template, opts] = ['base', template]
  const sandbox = await Sandbox.create(template, {
    timeoutMs: 300_000,
    ...opts,
    metadata: { run, ...opts?.metadata },
  })
  made.add(sandbox.sandboxId)
  return sandbox
}

let shared
const it = async () => (shared ??= await create())

// ---------------------------------------------------------------- plain HTTP

function request(method, url, { headers = {}, body, onData } = {}) {
  return new Promise((resolve, reject) => {
    const call = (url.startsWith('https:') ? https : http).request(url, { method, headers }, answer => {
      const chunks = []
      answer.on('data', chunk => {
        chunks.push(chunk)
        onData?.(Buffer.concat(chunks), call)
      })
      const end = complete => {
        const bytes = Buffer.concat(chunks)
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          bytes,
          text: bytes.toString(),
          complete,
          get json() {
            return JSON.parse(bytes.toString())
          },
        })
      }
      answer.on('end', () => end(true))
      answer.on('aborted', () => end(false))
      answer.on('error', () => end(false))
    })
    call.on('error', reject)
    call.end(body)
  })
}

const api = (method, path, body, headers = {}) =>
  request(method, base + path, {
    headers: { 'X-API-KEY': key, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    body: body && JSON.stringify(body),
  })

async function raw(body, route = '/v2/sandboxes') {
  const answer = await api('POST', route, { templateID: 'base', metadata: { run }, ...body })
  if (answer.status === 201) made.add(answer.json.sandboxID)
  return answer
}

const daemon = id => (process.env.E2B_SANDBOX_URL ?? `https://49983-${id}.e2b.app`).replace(/\/$/, '')
const sandboxHeaders = (id, token) => ({
  'E2b-Sandbox-Id': id,
  'E2b-Sandbox-Port': '49983',
  ...(token === undefined ? {} : { 'X-Access-Token': token }),
})
const tokenOf = async id => (await api('GET', '/sandboxes/' + id)).json.envdAccessToken

const unary = (id, token, method, message) =>
  request('POST', `${daemon(id)}/${method}`, {
    headers: {
      ...sandboxHeaders(id, token),
      'Connect-Protocol-Version': '1',
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(message),
  })

function envelope(message) {
  const payload = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(5)
  head.writeUInt32BE(payload.length, 1)
  return Buffer.concat([head, payload])
}

function frames(bytes) {
  const found = []
  let at = 0
  while (at + 5 <= bytes.length) {
    const length = bytes.readUInt32BE(at + 1)
    if (at + 5 + length > bytes.length) break
    found.push({ flags: bytes[at], json: JSON.parse(bytes.subarray(at + 5, at + 5 + length).toString()) })
    at += 5 + length
  }
  return { found, rest: bytes.length - at }
}

const streaming = (id, token, method, message, { headers = {}, onData } = {}) =>
  request('POST', `${daemon(id)}/${method}`, {
    headers: {
      ...sandboxHeaders(id, token),
      'Connect-Protocol-Version': '1',
      'Content-Type': 'application/connect+json',
      ...headers,
    },
    body: envelope(message),
    onData,
  })

const shell = command => ({ process: { cmd: '/bin/bash', args: ['-l', '-c', command] }, stdin: false })

// ---------------------------------------------------------------- small things

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

async function until(what, condition, ms = 10_000) {
  const end = Date.now() + ms
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > end) assert.fail(`${what} did not come within ${ms} ms`)
    await sleep(25)
  }
}

async function failing(promise) {
  try {
    await promise
  } catch (error) {
    return error
  }
  assert.fail('it should have failed')
}

async function within(ms, promise, what) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

async function timed(action) {
  const began = Date.now()
  const value = await action()
  return { value, ms: Date.now() - began }
}

// ---------------------------------------------------------------- 1 auth

test('1.1 an unknown API key is 401 with code and message', async () => {
  for (const headers of [{ 'X-API-KEY': 'e2b_' + '0'.repeat(40) }, { 'X-API-KEY': '' }]) {
    const answer = await api('GET', '/v2/sandboxes', undefined, headers)
    assert.equal(answer.status, 401)
    assert.equal(answer.json.code, 401)
    assert.equal(typeof answer.json.message, 'string')
  }
  const error = await failing(Sandbox.create({ apiKey: 'e2b_' + '0'.repeat(40) }))
  assert(error instanceof AuthenticationError, String(error))
})

test('1.2 a missing, wrong or foreign access token is 401 on calls, reads and writes', async () => {
  const sandbox = await it()
  const other = await create()
  for (const token of [undefined, 'wrong', await tokenOf(other.sandboxId)]) {
    const call = await unary(sandbox.sandboxId, token, 'process.Process/List', {})
    assert.equal(call.status, 401)
    const stream = await streaming(sandbox.sandboxId, token, 'process.Process/Start', shell('true'))
    assert.equal(stream.status, 401)
    const read = await request('GET', daemon(sandbox.sandboxId) + '/files?path=/etc/passwd', {
      headers: sandboxHeaders(sandbox.sandboxId, token),
    })
    assert.equal(read.status, 401)
    assert.equal(read.json.code, 401)
    const write = await request('POST', daemon(sandbox.sandboxId) + '/files?path=/tmp/x', {
      headers: { ...sandboxHeaders(sandbox.sandboxId, token), 'Content-Type': 'application/octet-stream' },
      body: 'x',
    })
    assert.equal(write.status, 401)
  }
  await other.kill()
})

test('1.3 the daemon is healthy without a token, and only with both headers', async () => {
  const id = (await it()).sandboxId
  const nowhere = await request('GET', daemon(id) + '/nowhere', { headers: sandboxHeaders(id) })
  assert.equal(nowhere.status, 401)
  const health = await request('GET', daemon(id) + '/health', { headers: sandboxHeaders(id) })
  assert.equal(health.status, 204)
  if (apiUrl) {
    const half = await request('GET', daemon(id) + '/health', { headers: { 'E2b-Sandbox-Id': id } })
    assert.equal(half.status, 400)
    const plain = await api('GET', '/health')
    assert.equal(plain.status, 200)
  }
})

// ---------------------------------------------------------------- 2 unknown things

test('2.1 an unknown template is refused with JSON', async () => {
  const answer = await raw({ templateID: 'no-such-template-' + run })
  assert([400, 403, 404].includes(answer.status), String(answer.status))
  assert.equal(answer.json.code, answer.status)
  const error = await failing(Sandbox.create('no-such-template-' + run))
  assert(error instanceof SandboxError, String(error))
})

test('2.2 an unknown sandbox is 404 with an integer code on every route', async () => {
  const id = 'i' + '0'.repeat(20)
  for (const [method, path, body] of [
    ['GET', `/sandboxes/${id}`],
    ['DELETE', `/sandboxes/${id}`],
    ['POST', `/sandboxes/${id}/timeout`, { timeout: 60 }],
    ['POST', `/sandboxes/${id}/refreshes`, { duration: 60 }],
    ['POST', `/sandboxes/${id}/pause`, {}],
    ['POST', `/v2/sandboxes/${id}/connect`, {}],
    ['POST', `/sandboxes/${id}/connect`, { timeout: 60 }],
    ['POST', `/sandboxes/${id}/resume`, { timeout: 60 }],
    ['GET', `/sandboxes/${id}/metrics`],
    ['GET', `/v2/sandboxes/${id}/logs`],
    ['PUT', `/sandboxes/${id}/network`, {}],
  ]) {
    const answer = await api(method, path, body)
    assert.equal(answer.status, 404, method + ' ' + path)
    assert.strictEqual(answer.json.code, 404, method + ' ' + path)
  }
  assert.equal(await Sandbox.kill(id), false)
  for (const call of [
    () => Sandbox.getInfo(id),
    () => Sandbox.setTimeout(id, 1000),
    () => Sandbox.connect(id),
    () => Sandbox.pause(id),
  ]) {
    assert((await failing(call())) instanceof SandboxNotFoundError)
  }
})

test('2.3 an envd call for an unknown sandbox is 502 with JSON', async () => {
  const id = 'i' + '1'.repeat(20)
  const answer = await request('GET', daemon(id) + '/health', { headers: sandboxHeaders(id) })
  assert.equal(answer.status, 502)
  assert.equal(answer.json.code, 502)
  assert.equal(answer.json.sandboxId, id)
})

test('2.4 an id that is none is 400, an old composite one is understood', async () => {
  assert.equal((await api('GET', '/sandboxes/NO_ID')).status, 400)
  assert.equal((await api('GET', '/sandboxes/a-b-c')).status, 400)
  assert.equal((await api('GET', `/sandboxes/${(await it()).sandboxId}-abc`)).status, 200)
})

// ---------------------------------------------------------------- 3 create

for (const route of ['/v2/sandboxes', '/sandboxes']) {
  test(`3.1 POST ${route} takes a chunked body and answers what the SDK needs`, async () => {
    const answer = await request('POST', base + route, {
      headers: { 'X-API-KEY': key, 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
      body: JSON.stringify({ templateID: 'base', metadata: { run }, secure: true }),
    })
    assert.equal(answer.status, 201)
    const sandbox = answer.json
    made.add(sandbox.sandboxID)
    assert.match(sandbox.sandboxID, /^[a-z0-9]+$/)
    assert.match(sandbox.envdVersion, /^v?\d+\.\d+\.\d+$/)
    const [major, minor, patch] = sandbox.envdVersion.replace('v', '').split('.').map(Number)
    assert(major * 1e6 + minor * 1e3 + patch >= 5_002)
    assert(sandbox.envdAccessToken.length >= 16)
    assert.equal(typeof sandbox.clientID, 'string')
    const info = (await api('GET', '/sandboxes/' + sandbox.sandboxID)).json
    const seconds = (Date.parse(info.endAt) - Date.parse(info.startedAt)) / 1000
    assert(Math.abs(seconds - (route === '/sandboxes' ? 15 : 300)) < 2, `lives ${seconds} s`)
    await Sandbox.kill(sandbox.sandboxID)
  })
}

test('3.2 bad creations are 400 with JSON', async () => {
  for (const body of [
    { timeout: 0 },
    { timeout: -5 },
    { timeout: 1e9 },
    { timeout: 'x' },
    { templateID: '' },
    { metadata: { a: 1 } },
    { autoPauseMemory: false },
    { autoPause: true, autoPauseMemory: false, autoResume: { enabled: true } },
    { network: { allowOut: ['example.com'] } },
    { network: { denyOut: ['example.com'] } },
  ]) {
    const answer = await raw(body)
    assert.equal(answer.status, 400, JSON.stringify(body) + ' ' + answer.text)
    assert.strictEqual(answer.json.code, 400)
    assert.equal(typeof answer.json.message, 'string')
  }
  const broken = await request('POST', base + '/v2/sandboxes', {
    headers: { 'X-API-KEY': key, 'Content-Type': 'application/json' },
    body: '{"templateID":',
  })
  assert.equal(broken.status, 400)
})

test('3.3 unknown fields are ignored, a timeout is rounded up by the SDK and kept', async () => {
  const answer = await raw({ timeout: 91, nobodyKnowsThis: { a: 1 } })
  assert.equal(answer.status, 201)
  const info = await Sandbox.getInfo(answer.json.sandboxID)
  assert(Math.abs(info.endAt - info.startedAt - 91_000) < 2000)
  await Sandbox.kill(answer.json.sandboxID)
})

test('3.4 a hundred creations at once are a hundred sandboxes', async () => {
  const count = Number(process.env.CONFORMANCE_AT_ONCE ?? 100)
  // what other cases have made stays below the limit of a server
  await Promise.all([...made].filter(id => id !== shared?.sandboxId).map(id => Sandbox.kill(id)))
  const room = shared ? count - 1 : count
  const all = await Promise.all(
    Array.from({ length: room }, (_, n) => create({ metadata: { n: String(n) }, requestTimeoutMs: 120_000 })),
  )
  assert.equal(new Set(all.map(sandbox => sandbox.sandboxId)).size, room)
  const names = await Promise.all(
    all.map((sandbox, n) => sandbox.commands.run(`echo ${n} > mine; cat mine; ls`, { timeoutMs: 120_000 })),
  )
  names.forEach((result, n) => assert.equal(result.stdout, `${n}\nmine\n`))
  await Promise.all(all.map(sandbox => sandbox.kill({ requestTimeoutMs: 120_000 })))
})

// ---------------------------------------------------------------- 4 info

test('4.1 info has state, metadata, times, numbers and lifecycle', async () => {
  const sandbox = await create({
    metadata: { task: 'ä&=' },
    lifecycle: { onTimeout: { action: 'pause' }, autoResume: true },
  })
  const info = await sandbox.getInfo()
  assert.equal(info.sandboxId, sandbox.sandboxId)
  assert.equal(info.state, 'running')
  assert.deepEqual(info.metadata, { run, task: 'ä&=' })
  assert(Math.abs(info.startedAt - Date.now()) < 60_000)
  assert(Math.abs(info.endAt - info.startedAt - 300_000) < 3000)
  assert(info.cpuCount >= 1 && Number.isInteger(info.cpuCount))
  assert(info.memoryMB >= 64 && Number.isInteger(info.memoryMB))
  const detail = (await api('GET', '/sandboxes/' + sandbox.sandboxId)).json
  assert.deepEqual(detail.lifecycle, { onTimeout: 'pause', autoResume: true })
  assert(detail.diskSizeMB >= 1)
  assert.equal(detail.templateID, 'base')
  await sandbox.kill()
})

test('4.2 metrics of one and of several', async () => {
  const sandbox = await it()
  const [metrics] = await sandbox.getMetrics()
  assert(metrics.cpuCount >= 1 && metrics.memTotal > metrics.memUsed && metrics.diskTotal > 0)
  assert(metrics.timestamp instanceof Date)
  const several = await api('GET', '/sandboxes/metrics?sandbox_ids=' + sandbox.sandboxId + ',inosuchone')
  assert.deepEqual(Object.keys(several.json.sandboxes), [sandbox.sandboxId])
  const logs = await api('GET', `/v2/sandboxes/${sandbox.sandboxId}/logs?limit=5&direction=forward`)
  assert(Array.isArray(logs.json.logs))
})

test("4.3 the daemon's own metrics and environment", async () => {
  const id = (await it()).sandboxId
  const headers = sandboxHeaders(id, await tokenOf(id))
  const metrics = (await request('GET', daemon(id) + '/metrics', { headers })).json
  assert(metrics.cpu_count > 0 && metrics.mem_total > 0 && metrics.disk_total > 0 && metrics.ts > 1e9)
  const envs = (await request('GET', daemon(id) + '/envs', { headers })).json
  assert.equal(envs.E2B_SANDBOX_ID, id)
})

// ---------------------------------------------------------------- 5 exec

test('5.1 stdout and stderr come apart, with the exit code', async () => {
  const sandbox = await it()
  const good = await sandbox.commands.run('echo out; echo err >&2')
  assert.deepEqual([good.exitCode, good.stdout, good.stderr], [0, 'out\n', 'err\n'])
  const bad = await failing(sandbox.commands.run('echo o; echo e >&2; exit 3'))
  assert(bad instanceof CommandExitError)
  assert.deepEqual([bad.exitCode, bad.stdout, bad.stderr], [3, 'o\n', 'e\n'])
  for (const code of [1, 2, 126, 127, 255]) {
    assert.equal((await failing(sandbox.commands.run('exit ' + code))).exitCode, code)
  }
  const signalled = await failing(sandbox.commands.run('kill -TERM $$'))
  assert.equal(signalled.exitCode, -1)
  assert.match(signalled.error, /signal: terminated/)
})

test('5.2 output comes while the command runs', async () => {
  const sandbox = await it()
  const came = []
  const began = Date.now()
  await sandbox.commands.run('for i in 1 2 3; do echo $i; sleep 0.4; done', {
    onStdout: text => came.push([text, Date.now() - began]),
  })
  assert.deepEqual(came.map(([text]) => text), ['1\n', '2\n', '3\n'])
  assert(came[2][1] - came[0][1] > 500, 'all at once: ' + JSON.stringify(came))
})

test('5.3 a character split between two chunks stays whole', async () => {
  const sandbox = await it()
  const result = await sandbox.commands.run(
    String.raw`printf '\xf0\x9f'; sleep 0.2; printf '\x98\x80'; printf '\xc3' >&2; sleep 0.2; printf '\xbc' >&2`,
  )
  assert.deepEqual([result.stdout, result.stderr], ['😀', 'ü'])
})

test('5.4 two megabytes come whole', async () => {
  const sandbox = await it()
  const result = await sandbox.commands.run('for i in $(seq 40000); do printf "%050d\\n" $i; done')
  assert.equal(result.stdout.length, 40_000 * 51)
  const lines = result.stdout.split('\n')
  assert.equal(lines.length, 40_001)
  lines.slice(0, -1).forEach((line, n) => assert.equal(Number(line), n + 1))
})

test('5.5 scripts of several lines, quotes and all', async () => {
  const sandbox = await it()
  const script = `set -e
x="a b"
for y in 1 2; do
  echo "$x $y" 'q"q'
done
cat <<'END'
here $x
END`
  assert.equal((await sandbox.commands.run(script)).stdout, 'a b 1 q"q\na b 2 q"q\nhere $x\n')
})

test('5.6 the environment: who goes over whom, and what nobody sees', async () => {
  const sandbox = await create({ envs: { ONE: 'sandbox', TWO: 'sandbox', ODD: 'ä "$x\' \n=' } })
  const env = await sandbox.commands.run('echo $ONE $TWO $THREE; printf %s "$ODD"', {
    envs: { TWO: 'command', THREE: 'command' },
  })
  assert.equal(env.stdout, 'sandbox command command\nä "$x\' \n=')
  assert.equal((await sandbox.commands.run('echo "[$THREE][$TWO]"')).stdout, '[][sandbox]\n')
  const own = await sandbox.commands.run('echo $USER $HOME $PWD $E2B_SANDBOX $E2B_SANDBOX_ID $E2B_TEMPLATE_ID')
  assert.equal(own.stdout, `user /home/user /home/user true ${sandbox.sandboxId} base\n`)
  const all = await sandbox.commands.run('env', { envs: { USER: 'me' } })
  assert.match(all.stdout, /^USER=me$/m)
  assert.doesNotMatch(all.stdout, /E2B_API_KEY|GITHUB|SLIPWAY|JAVA_HOME|NODE_/)
  await sandbox.kill()
})

test('5.7 cwd, also a relative one, and one that is not there', async () => {
  const sandbox = await it()
  assert.equal((await sandbox.commands.run('pwd', { cwd: '/tmp' })).stdout, '/tmp\n')
  await sandbox.files.makeDir('some/where')
  assert.equal((await sandbox.commands.run('pwd', { cwd: 'some/where' })).stdout, '/home/user/some/where\n')
  const error = await failing(sandbox.commands.run('pwd', { cwd: '/nowhere' }))
  assert(error instanceof InvalidArgumentError, String(error))
  assert.match(error.message, /cwd '\/nowhere' does not exist/)
})

test('5.8 root, user, and nobody of that name', async () => {
  const sandbox = await it()
  assert.equal((await sandbox.commands.run('id -un; id -u; pwd', { user: 'root' })).stdout, 'root\n0\n/root\n')
  assert.equal((await sandbox.commands.run('id -un', { user: 'user' })).stdout, 'user\n')
  assert.equal((await sandbox.commands.run('id -un')).stdout, 'user\n')
  const error = await failing(sandbox.commands.run('id', { user: 'nobody-of-that-name' }))
  assert(error instanceof AuthenticationError, String(error))
  const read = await failing(sandbox.files.read('/etc/passwd', { user: 'nobody-of-that-name' }))
  assert(read instanceof AuthenticationError, String(read))
})

test('5.9 a program that is not there is an invalid argument', async () => {
  const id = (await it()).sandboxId
  const answer = await streaming(id, await tokenOf(id), 'process.Process/Start', {
    process: { cmd: '/no/such/program' },
  })
  assert.equal(answer.status, 200)
  const { found } = frames(answer.bytes)
  assert.equal(found.length, 1)
  assert.equal(found[0].json.error.code, 'invalid_argument')
})

// ---------------------------------------------------------------- 6 processes

test('6.1 stdin is closed unless asked for', async () => {
  const sandbox = await it()
  const result = await within(5000, sandbox.commands.run('cat; echo end'), 'cat of nothing')
  assert.equal(result.stdout, 'end\n')
  const handle = await sandbox.commands.run('sleep 5', { background: true })
  assert(await failing(sandbox.commands.sendStdin(handle.pid, 'x')))
  await handle.kill()
})

test('6.2 sendStdin and closeStdin', async () => {
  const sandbox = await it()
  const handle = await sandbox.commands.run('cat; sleep 0.5; echo end', { background: true, stdin: true })
  await sandbox.commands.sendStdin(handle.pid, 'hello\n')
  await handle.sendStdin('wörld\n')
  await until('the echo', () => handle.stdout === 'hello\nwörld\n')
  await handle.closeStdin()
  await handle.closeStdin()
  assert.equal((await handle.wait()).stdout, 'hello\nwörld\nend\n')
})

test('6.3 a command in the background is listed and waited for', async () => {
  const sandbox = await it()
  const handle = await sandbox.commands.run('sleep 1; exit 7', { background: true, envs: { MARK: run } })
  const found = (await sandbox.commands.list()).find(one => one.pid === handle.pid)
  assert.equal(found.cmd, '/bin/bash')
  assert.deepEqual(found.args, ['-l', '-c', 'sleep 1; exit 7'])
  assert.equal(found.envs.MARK, run)
  const error = await failing(handle.wait())
  assert.equal(error.exitCode, 7)
  assert(!(await sandbox.commands.list()).some(one => one.pid === handle.pid))
})

test('6.4 a kill is real, and a second one says so', async () => {
  const sandbox = await it()
  const handle = await sandbox.commands.run('exec sleep 1000', { background: true })
  assert.match((await sandbox.commands.run('ps -o args= -p ' + handle.pid)).stdout, /sleep 1000/)
  assert.equal(await handle.kill(), true)
  const error = await within(5000, failing(handle.wait()), 'the end')
  assert(error instanceof CommandExitError)
  assert.equal(error.exitCode, -1)
  assert.match(error.error, /signal: killed/)
  assert.equal(await handle.kill(), false)
  assert.equal(await sandbox.commands.kill(handle.pid), false)
  assert.equal((await failing(sandbox.commands.run('kill -0 ' + handle.pid))).exitCode, 1)
})

test('6.5 a killed shell does not keep the stream open by its children', async () => {
  const sandbox = await it()
  const handle = await sandbox.commands.run('sleep 30 & sleep 31; wait', { background: true })
  await sleep(200)
  await handle.kill()
  await within(3000, failing(handle.wait()), 'the end')
  await sandbox.commands.run('pkill sleep')
})

test('6.6 the end waits for whoever has the output open', async () => {
  const sandbox = await it()
  const { value, ms } = await timed(() => sandbox.commands.run('(sleep 1; echo late) & echo soon'))
  assert.equal(value.stdout, 'soon\nlate\n')
  assert(ms >= 900, String(ms))
})

test('6.7 who has gone comes back by the pid; the process has gone on', async () => {
  const sandbox = await it()
  const first = await sandbox.commands.run('for i in $(seq 30); do echo $i; echo $i >> again; sleep 0.1; done', {
    background: true,
  })
  await until('output', () => first.stdout.includes('3\n'))
  await first.disconnect()
  await sleep(500)
  const seen = []
  const second = await sandbox.commands.connect(first.pid, { onStdout: text => seen.push(text) })
  assert.equal(second.pid, first.pid)
  const result = await second.wait()
  assert.equal(result.exitCode, 0)
  assert(!result.stdout.startsWith('1\n') && result.stdout.endsWith('29\n30\n'))
  assert.equal((await sandbox.files.read('again')).split('\n').length, 31)
})

test('6.8 an ended process can still be asked for its end; an unknown one not', async () => {
  const sandbox = await it()
  const handle = await sandbox.commands.run('exit 4', { background: true })
  await failing(handle.wait())
  const again = await sandbox.commands.connect(handle.pid)
  assert.equal((await failing(again.wait())).exitCode, 4)
  const error = await failing(sandbox.commands.connect(424242))
  assert(error instanceof NotFoundError, String(error))
  assert.match(error.message, /process with pid 424242 not found/)
  assert.equal(await sandbox.commands.kill(424242), false)
})

test('6.9 a timeout raises and really ends the process', async () => {
  const sandbox = await it()
  const { value, ms } = await timed(() =>
    failing(sandbox.commands.run('touch started; exec sleep 77', { timeoutMs: 1000 })),
  )
  assert(value instanceof TimeoutError, String(value))
  assert(ms >= 900 && ms < 4000, String(ms))
  await until('its end', async () => !(await sandbox.commands.run('pgrep -af "^sleep 77" || true')).stdout)
  const handle = await sandbox.commands.run('exec sleep 2', { timeoutMs: 0, background: true })
  assert.equal((await handle.wait()).exitCode, 0)
})

test('6.10 twelve commands at once', async () => {
  const sandbox = await it()
  const { value, ms } = await timed(() =>
    Promise.all(Array.from({ length: 12 }, (_, n) => sandbox.commands.run(`sleep 1; echo ${n}; echo ${n} >&2`))),
  )
  value.forEach((result, n) => assert.deepEqual([result.stdout, result.stderr], [`${n}\n`, `${n}\n`]))
  assert(ms < 6000, String(ms))
})

test('6.11 a terminal, and its size', async () => {
  const sandbox = await it()
  let seen = ''
  const decoder = new TextDecoder()
  const handle = await sandbox.pty.create({
    cols: 90,
    rows: 33,
    envs: { PS1: '' },
    onData: data => (seen += decoder.decode(data, { stream: true })),
  })
  const type = text => sandbox.pty.sendInput(handle.pid, new TextEncoder().encode(text))
  await type('stty size; tty; echo $TERM\n')
  await until('the size', () => /33 90/.test(seen) && /\/dev\/pts\/\d+/.test(seen) && /xterm-256color/.test(seen))
  await sandbox.pty.resize(handle.pid, { cols: 100, rows: 30 })
  await type('stty size\n')
  await until('the new size', () => /30 100/.test(seen))
  await type('exit 5\n')
  assert.equal((await failing(handle.wait())).exitCode, 5)
  const other = await sandbox.pty.create({ cols: 80, rows: 24, onData: () => {} })
  assert.equal(await sandbox.pty.kill(other.pid), true)
  assert.equal((await failing(other.wait())).exitCode, -1)
})

test('6.12 SIGTERM can be caught; other signals and StreamInput are unimplemented', async () => {
  const id = (await it()).sandboxId
  const token = await tokenOf(id)
  const sandbox = await it()
  const handle = await sandbox.commands.run("trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.1; done", {
    background: true,
  })
  await until('ready', () => handle.stdout === 'ready\n')
  const odd = await unary(id, token, 'process.Process/SendSignal', {
    process: { pid: handle.pid },
    signal: 'SIGNAL_SIGHUP',
  })
  assert.equal(odd.status, 501)
  assert.equal(odd.json.code, 'unimplemented')
  const term = await unary(id, token, 'process.Process/SendSignal', {
    process: { pid: handle.pid },
    signal: 'SIGNAL_SIGTERM',
  })
  assert.equal(term.status, 200)
  const error = await failing(handle.wait())
  assert.deepEqual([error.exitCode, error.stdout], [9, 'ready\ncaught\n'])
})

test('6.13 a slow reader makes the process wait, nobody lets it run on', async () => {
  const sandbox = await it()
  const first = await sandbox.commands.run('seq 3000000 | tail -c 20000000; echo done > unread', {
    background: true,
    timeoutMs: 0,
  })
  await first.disconnect()
  await until('the end of what nobody reads', () => sandbox.files.exists('unread'), 30_000)
})

// ---------------------------------------------------------------- 7 files

test('7.1 text: written, overwritten, read, with parents and relative paths', async () => {
  const sandbox = await it()
  const info = await sandbox.files.write('deep/er/a.txt', 'first and longer')
  assert.deepEqual([info.name, info.path, info.type], ['a.txt', '/home/user/deep/er/a.txt', 'file'])
  await sandbox.files.write('/home/user/deep/er/a.txt', 'üñí 😀')
  assert.equal(await sandbox.files.read('deep/er/a.txt'), 'üñí 😀')
  assert.equal(await sandbox.files.read('~/deep/../deep/er/a.txt'), 'üñí 😀')
  assert.equal((await sandbox.commands.run('stat -c "%U %a" deep deep/er/a.txt')).stdout, 'user 755\nuser 644\n')
  await sandbox.files.write('root.txt', 'r', { user: 'root' })
  assert.equal((await sandbox.commands.run('stat -c %U /root/root.txt', { user: 'root' })).stdout, 'root\n')
})

const noise = randomBytes(3_000_000)

test('7.2 bytes by form, octet-stream, gzip and stream', async () => {
  const sandbox = await it()
  const bytes = noise.buffer.slice(noise.byteOffset, noise.byteOffset + noise.length)
  const stream = () =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < noise.length; at += 100_000) controller.enqueue(new Uint8Array(noise.subarray(at, at + 100_000)))
        controller.close()
      },
    })
  for (const [name, data, opts] of [
    ['form', bytes],
    ['octets', bytes, { useOctetStream: true }],
    ['gzip', bytes, { gzip: true }],
    ['blob', new Blob([bytes])],
    ['stream', stream()],
  ]) {
    await sandbox.files.write('bytes/' + name, data, opts)
    const back = Buffer.from(await sandbox.files.read('bytes/' + name, { format: 'bytes' }))
    assert(back.equals(noise), name)
  }
  const sums = await sandbox.commands.run('sha256sum bytes/* | cut -d" " -f1 | sort -u')
  assert.equal(sums.stdout.trim(), createHash('sha256').update(noise).digest('hex'))
})

test('7.3 a read that streams, and blobs', async () => {
  const sandbox = await it()
  await sandbox.files.write('streamed', noise.toString('latin1'))
  await sandbox.files.write('bytes/raw', noise.buffer.slice(noise.byteOffset, noise.byteOffset + noise.length))
  const chunks = []
  for await (const chunk of await sandbox.files.read('bytes/raw', { format: 'stream' })) chunks.push(chunk)
  assert(Buffer.concat(chunks).equals(noise))
  const blob = await sandbox.files.read('bytes/raw', { format: 'blob' })
  assert.equal(blob.size, noise.length)
})

test('7.4 an empty file is there and empty', async () => {
  const sandbox = await it()
  await sandbox.files.write('empty', '')
  assert.equal(await sandbox.files.read('empty'), '')
  assert.equal((await sandbox.files.read('empty', { format: 'bytes' })).length, 0)
  const info = await sandbox.files.getInfo('empty')
  assert.deepEqual([info.size, info.type], [0, 'file'])
})

const oddNames = ['sp ace', "qu'ote", 'dou"ble', 'back\\slash', 'ümläut 😀', '-dash', '$(x)', 'a+b%20c&d=e#f?', 'line\nfeed', '*']

test('7.5 odd names', async () => {
  const sandbox = await it()
  for (const name of oddNames) {
    await sandbox.files.write('odd/' + name, name)
    assert.equal(await sandbox.files.read('odd/' + name), name)
    assert.equal((await sandbox.files.getInfo('odd/' + name)).name, name)
  }
  const listed = (await sandbox.files.list('odd')).map(entry => entry.name)
  assert.deepEqual([...listed].sort(), [...oddNames].sort())
  for (const name of oddNames) await sandbox.files.remove('odd/' + name)
  assert.deepEqual(await sandbox.files.list('odd'), [])
})

test('7.6 several files in one request; the same one twice is refused', async () => {
  const sandbox = await it()
  const infos = await sandbox.files.write([
    { path: 'many/ä b.txt', data: 'one' },
    { path: '/tmp/many.txt', data: new Blob(['two']) },
    { path: 'many/empty', data: '' },
  ])
  assert.deepEqual(infos.map(info => info.path), ['/home/user/many/ä b.txt', '/tmp/many.txt', '/home/user/many/empty'])
  assert.equal(await sandbox.files.read('many/ä b.txt'), 'one')
  assert.equal(await sandbox.files.read('/tmp/many.txt'), 'two')
  const boundary = 'b' + run
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="/tmp/twice"\r\n\r\nx\r\n`
  const id = sandbox.sandboxId
  const twice = await request('POST', daemon(id) + '/files', {
    headers: {
      ...sandboxHeaders(id, await tokenOf(id)),
      'Content-Type': 'multipart/form-data; boundary=' + boundary,
    },
    body: part + part + `--${boundary}--\r\n`,
  })
  assert.equal(twice.status, 400)
})

test('7.7 a list, by depth and with details', async () => {
  const sandbox = await it()
  await sandbox.files.write('tree/a/b/c.txt', 'abc')
  await sandbox.files.write('tree/z.txt', 'z')
  const flat = await sandbox.files.list('tree')
  assert.deepEqual(flat.map(entry => [entry.name, entry.type]), [['a', 'dir'], ['z.txt', 'file']])
  const deep = await sandbox.files.list('tree', { depth: 3 })
  assert.deepEqual(
    deep.map(entry => entry.path.replace('/home/user/tree/', '')),
    ['a', 'a/b', 'a/b/c.txt', 'z.txt'],
  )
  const file = deep[2]
  assert.deepEqual(
    [file.size, file.mode, file.permissions, file.owner, file.group],
    [3, 0o644, '-rw-r--r--', 'user', 'user'],
  )
  assert(Math.abs(file.modifiedTime - Date.now()) < 60_000)
  const folder = deep[0]
  assert.deepEqual([folder.mode, folder.permissions], [0o755, 'drwxr-xr-x'])
})

test('7.8 links: to files, to folders, to nothing', async () => {
  const sandbox = await it()
  await sandbox.commands.run(
    'mkdir -p links/dir && cd links && echo x > file && chmod 600 file && ln -s file tofile && ln -s dir todir && ln -s gone tonothing',
  )
  const info = await sandbox.files.getInfo('links/tofile')
  assert.deepEqual([info.type, info.symlinkTarget, info.mode], ['file', 'file', 0o600])
  const listed = await sandbox.files.list('links')
  assert.deepEqual(
    listed.map(entry => [entry.name, entry.type, entry.symlinkTarget]),
    [
      ['dir', 'dir', undefined],
      ['file', 'file', undefined],
      ['todir', 'dir', 'dir'],
      ['tofile', 'file', 'file'],
    ],
  )
  assert.equal(await sandbox.files.read('links/tofile'), 'x\n')
})

test('7.9 exists and makeDir say what was there', async () => {
  const sandbox = await it()
  assert.equal(await sandbox.files.exists('made/of'), false)
  assert.equal(await sandbox.files.makeDir('made/of/folders'), true)
  assert.equal(await sandbox.files.makeDir('made/of/folders'), false)
  assert.equal(await sandbox.files.exists('made/of'), true)
  await sandbox.files.write('made/file', 'x')
  const error = await failing(sandbox.files.makeDir('made/file'))
  assert(error instanceof InvalidArgumentError, String(error))
})

test('7.10 rename, over what is there and into new folders', async () => {
  const sandbox = await it()
  await sandbox.files.write('ren/a', 'a')
  await sandbox.files.write('ren/b', 'b')
  const info = await sandbox.files.rename('ren/a', 'ren/b')
  assert.deepEqual([info.name, info.path], ['b', '/home/user/ren/b'])
  assert.equal(await sandbox.files.read('ren/b'), 'a')
  await sandbox.files.rename('ren', 'moved/in/to')
  assert.equal(await sandbox.files.read('moved/in/to/b'), 'a')
  const error = await failing(sandbox.files.rename('ren/none', 'ren/x'))
  assert(error instanceof FileNotFoundError, String(error))
})

test('7.11 remove takes all, and nothing is nothing', async () => {
  const sandbox = await it()
  await sandbox.files.write('gone/a/b', 'x')
  await sandbox.files.remove('gone')
  assert.equal(await sandbox.files.exists('gone'), false)
  await sandbox.files.remove('gone')
})

test('7.12 errors have their classes', async () => {
  const sandbox = await it()
  assert((await failing(sandbox.files.read('none'))) instanceof FileNotFoundError)
  assert((await failing(sandbox.files.list('none'))) instanceof FileNotFoundError)
  assert((await failing(sandbox.files.getInfo('none'))) instanceof FileNotFoundError)
  assert((await failing(sandbox.files.read('/tmp'))) instanceof InvalidArgumentError)
  assert((await failing(sandbox.files.write('/tmp', 'x'))) instanceof InvalidArgumentError)
  await sandbox.files.write('plain', 'x')
  assert((await failing(sandbox.files.list('plain'))) instanceof InvalidArgumentError)
  assert((await failing(sandbox.files.read('~other/x'))) instanceof InvalidArgumentError)
  assert((await failing(sandbox.files.read('/root/.bashrc'))) instanceof SandboxError)
})

test('7.13 parts of files, by range, and by date', async () => {
  const sandbox = await it()
  const id = sandbox.sandboxId
  const headers = sandboxHeaders(id, await tokenOf(id))
  await sandbox.files.write('range', '0123456789')
  const read = more => request('GET', daemon(id) + '/files?path=range', { headers: { ...headers, ...more } })
  for (const [range, text, content] of [
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-99', '56789', 'bytes 5-9/10'],
  ]) {
    const part = await read({ Range: range })
    assert.deepEqual([part.status, part.text, part.headers['content-range']], [206, text, content])
  }
  assert.equal((await read({ Range: 'bytes=10-' })).status, 416)
  const whole = await read({})
  assert.deepEqual([whole.status, whole.text, whole.headers['content-length']], [200, '0123456789', '10'])
  assert.match(whole.headers['content-disposition'], /^inline; filename/)
  assert.equal((await read({ 'If-Modified-Since': whole.headers['last-modified'] })).status, 304)
  const zipped = await read({ 'Accept-Encoding': 'gzip' })
  assert.equal(zipped.headers['content-encoding'], 'gzip')
  assert.equal((await read({ 'Accept-Encoding': 'identity;q=0, br' })).status, 406)
})

test('7.14 a watch tells of everything that happens', async () => {
  const sandbox = await it()
  await sandbox.files.makeDir('watched/sub')
  const events = []
  const watch = await sandbox.files.watchDir('watched', event => events.push(event), { recursive: true, includeEntry: true })
  const saw = (type, name) => until(`${type} ${name}`, () => events.find(one => one.type === type && one.name === name))
  await sandbox.files.write('watched/new', 'x')
  const created = await saw(FilesystemEventType.CREATE, 'new')
  assert.equal(created.entry?.path, '/home/user/watched/new')
  await saw(FilesystemEventType.WRITE, 'new')
  await sandbox.commands.run('chmod 600 watched/new; mv watched/new watched/newer; rm watched/newer; echo y > watched/sub/deep')
  await saw(FilesystemEventType.CHMOD, 'new')
  await saw(FilesystemEventType.RENAME, 'new')
  await saw(FilesystemEventType.CREATE, 'newer')
  await saw(FilesystemEventType.REMOVE, 'newer')
  await saw(FilesystemEventType.CREATE, 'sub/deep')
  await sandbox.commands.run('mkdir -p watched/made/now; sleep 0.3; echo z > watched/made/now/z')
  await saw(FilesystemEventType.CREATE, 'made/now/z')
  await watch.stop()
  const flat = []
  const second = await sandbox.files.watchDir('watched', event => flat.push(event))
  await sandbox.commands.run('echo 1 > watched/sub/unseen; echo 2 > watched/seen')
  await until('seen', () => flat.some(one => one.name === 'seen'))
  assert(!flat.some(one => one.name.includes('unseen')))
  assert.equal(flat[0].entry, undefined)
  await second.stop()
  assert((await failing(sandbox.files.watchDir('none', () => {}))) instanceof FileNotFoundError)
  assert((await failing(sandbox.files.watchDir('plain', () => {}))) instanceof InvalidArgumentError)
})

test('7.15 a watch ends at its time', async () => {
  const sandbox = await it()
  const ended = new Promise(resolve => {
    sandbox.files.watchDir('watched', () => {}, { timeoutMs: 700, onExit: resolve })
  })
  assert(await within(5000, ended, 'the end') instanceof Error)
})

test('7.16 a watcher that is asked again and again', async () => {
  const id = (await it()).sandboxId
  const call = (method, message) => unary(id, token, 'filesystem.Filesystem/' + method, message)
  const token = await tokenOf(id)
  const made = await call('CreateWatcher', { path: 'watched' })
  const { watcherId } = made.json
  await (await it()).files.write('watched/polled', 'x')
  const events = []
  await until('the event', async () => {
    events.push(...((await call('GetWatcherEvents', { watcherId })).json.events ?? []))
    return events.some(event => event.name === 'polled' && event.type === 'EVENT_TYPE_CREATE')
  })
  assert.equal((await call('RemoveWatcher', { watcherId })).status, 200)
  assert.equal((await call('GetWatcherEvents', { watcherId })).status, 404)
})

test('7.17 no room is said to be no room', async () => {
  if (!apiUrl) return
  const sandbox = await it()
  const error = await failing(sandbox.files.write('/dev/full', 'x'))
  assert(error instanceof NotEnoughSpaceError, String(error))
})

// ---------------------------------------------------------------- 8 signed URLs

test('8.1 signed URLs read and write; tampered or expired ones do not', async () => {
  const sandbox = await it()
  await sandbox.files.write('signed ü.txt', 'secret')
  const url = await sandbox.downloadUrl('signed ü.txt', { useSignatureExpiration: 60 })
  assert.equal((await request('GET', url)).text, 'secret')
  assert.equal((await request('GET', await sandbox.downloadUrl('signed ü.txt'))).text, 'secret')
  assert.equal((await request('GET', await sandbox.downloadUrl('signed ü.txt', { user: 'user' }))).text, 'secret')
  const changed = new URL(url)
  changed.searchParams.set('path', '/etc/passwd')
  assert.equal((await request('GET', changed.href)).status, 401)
  const longer = new URL(url)
  longer.searchParams.set('signature_expiration', '99999999999')
  assert.equal((await request('GET', longer.href)).status, 401)
  const form = new FormData()
  form.append('file', new Blob(['written']), 'x')
  assert.equal((await fetch(url, { method: 'POST', body: form })).status, 401)
  const upload = await sandbox.uploadUrl('up ü.txt', { useSignatureExpiration: 60 })
  assert.equal((await fetch(upload, { method: 'POST', body: form })).status, 200)
  assert.equal(await sandbox.files.read('up ü.txt'), 'written')
  const id = sandbox.sandboxId
  const { signature, expiration } = await getSignature({
    path: 'signed ü.txt',
    operation: 'read',
    user: undefined,
    expirationInSeconds: -10,
    envdAccessToken: await tokenOf(id),
  })
  const expired = `${daemon(id)}/files?path=${encodeURIComponent('signed ü.txt')}&signature=${encodeURIComponent(signature)}&signature_expiration=${expiration}`
  assert.equal((await request('GET', expired)).status, 401)
  const wrong = await request('GET', url, { headers: sandboxHeaders(id, 'wrong') })
  assert.equal(wrong.status, 401)
})

// ---------------------------------------------------------------- 9 wire

test('9.1 frames: start first, end-stream last, flags right', async () => {
  const id = (await it()).sandboxId
  const answer = await streaming(id, await tokenOf(id), 'process.Process/Start', shell('echo hi; exit 3'))
  assert.equal(answer.status, 200)
  assert.match(answer.headers['content-type'], /^application\/connect\+json/)
  const { found, rest } = frames(answer.bytes)
  assert.equal(rest, 0)
  assert(Number.isInteger(found[0].json.event.start.pid))
  assert.deepEqual(found.map(frame => frame.flags), [...found.slice(1).map(() => 0), 2])
  assert.deepEqual(found.at(-1).json, {})
  assert.deepEqual(found.at(-2).json.event.end, {
    exitCode: 3,
    exited: true,
    status: 'exit status 3',
    error: 'exit status 3',
  })
  assert.equal(Buffer.from(found[1].json.event.data.stdout, 'base64').toString(), 'hi\n')
})

test('9.2 keepalives at the interval that was asked for', async () => {
  const id = (await it()).sandboxId
  const { value: answer } = await timed(async () =>
    streaming(id, await tokenOf(id), 'process.Process/Start', shell('sleep 3.5'), {
      headers: { 'Keepalive-Ping-Interval': '1' },
    }),
  )
  const { found } = frames(answer.bytes)
  const alive = found.filter(frame => frame.json.event?.keepalive).length
  assert(alive >= 2 && alive <= 4, String(alive))
  assert(found[0].json.event.start)
})

test('9.3 a stream that fails does so within HTTP 200', async () => {
  const id = (await it()).sandboxId
  const answer = await streaming(id, await tokenOf(id), 'process.Process/Connect', { process: { pid: 424242 } })
  assert.equal(answer.status, 200)
  const { found } = frames(answer.bytes)
  assert.deepEqual(found.map(frame => frame.flags), [2])
  assert.deepEqual(found[0].json.error, { code: 'not_found', message: 'process with pid 424242 not found' })
})

test('9.4 a unary call that fails has a status and a code', async () => {
  const id = (await it()).sandboxId
  const token = await tokenOf(id)
  const stat = await unary(id, token, 'filesystem.Filesystem/Stat', { path: 'none' })
  assert.deepEqual([stat.status, stat.json.code], [404, 'not_found'])
  const there = await unary(id, token, 'filesystem.Filesystem/MakeDir', { path: '/tmp' })
  assert.deepEqual([there.status, there.json.code], [409, 'already_exists'])
  const list = await unary(id, token, 'process.Process/List', { unknown: 1 })
  assert.equal(list.status, 200)
  assert.match(list.headers['content-type'], /^application\/json/)
})

test('9.5 Connect-Timeout-Ms ends the process with deadline_exceeded', async () => {
  const id = (await it()).sandboxId
  const { value, ms } = await timed(async () =>
    streaming(id, await tokenOf(id), 'process.Process/Start', shell('exec sleep 66'), {
      headers: { 'Connect-Timeout-Ms': '800' },
    }),
  )
  const { found } = frames(value.bytes)
  assert.equal(found.at(-1).json.error.code, 'deadline_exceeded')
  assert(ms > 700 && ms < 4000, String(ms))
})

// ---------------------------------------------------------------- 10 list

test('10.1 metadata is matched exactly, whatever is in it, and all of it', async () => {
  const odd = { 'ke y&=%': 'a&b=c %+/ü😀', plain: 'x' + run }
  const sandbox = await create({ metadata: odd })
  const other = await create({ metadata: { plain: 'x' + run } })
  const ids = async metadata => (await Sandbox.list({ query: { metadata } }).nextItems()).map(one => one.sandboxId)
  assert.deepEqual(await ids(odd), [sandbox.sandboxId])
  assert.deepEqual((await ids({ plain: 'x' + run })).sort(), [sandbox.sandboxId, other.sandboxId].sort())
  assert.deepEqual(await ids({ ...odd, more: 'y' }), [])
  assert.equal((await api('GET', '/v2/sandboxes?metadata=novalue')).status, 400)
  await sandbox.kill()
  await other.kill()
})

test('10.2 states, order, time and pages', async () => {
  const mark = 'page' + run
  const all = []
  for (let n = 0; n < 5; n++) {
    all.push(await create({ metadata: { mark } }))
    await sleep(15)
  }
  const ids = all.map(sandbox => sandbox.sandboxId)
  await all[1].pause()
  const list = (query, opts) => Sandbox.list({ query: { metadata: { mark }, ...query }, ...opts })
  const items = async (query, opts) => (await list(query, opts).nextItems()).map(one => one.sandboxId)
  assert.deepEqual(await items({}), [...ids].reverse())
  assert.deepEqual(await items({}, { order: 'asc' }), ids)
  assert.deepEqual(await items({ state: ['paused'] }), [ids[1]])
  assert.deepEqual(await items({ state: ['running'] }, { order: 'asc' }), ids.filter((_, n) => n !== 1))
  const { startedAt } = await all[3].getInfo()
  assert.deepEqual(await items({ startedAfter: startedAt }, { order: 'asc' }), ids.slice(3))
  const paged = []
  const pages = list({}, { limit: 2, order: 'asc' })
  while (pages.hasNext) paged.push((await pages.nextItems()).map(one => one.sandboxId))
  assert.deepEqual(paged, [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)])
  const query = `metadata=${encodeURIComponent('mark=' + mark)}&limit=2`
  const first = await api('GET', `/v2/sandboxes?${query}&order=asc`)
  assert.equal(first.headers['x-total-running'], '4')
  const token = first.headers['x-next-token']
  assert.equal((await api('GET', `/v2/sandboxes?${query}&order=desc&nextToken=${token}`)).status, 400)
  assert.equal((await api('GET', `/v2/sandboxes?${query}&limit=0`.replace('limit=2&', ''))).status, 400)
  const old = await api('GET', `/sandboxes?metadata=${encodeURIComponent('mark=' + mark)}`)
  assert.deepEqual(old.json.map(one => one.sandboxID).sort(), ids.filter((_, n) => n !== 1).sort())
  await Promise.all(all.map(sandbox => sandbox.kill()))
})

// ---------------------------------------------------------------- 11 isolation

test('11.1 two sandboxes see nothing of each other', async () => {
  const [a, b] = await Promise.all([create(), create()])
  await Promise.all([a, b].map((one, n) => one.commands.run(`echo ${n} > ~/file; echo ${n} > /tmp/file`)))
  for (const [n, one] of [a, b].entries()) {
    assert.equal((await one.commands.run('cat ~/file /tmp/file')).stdout, `${n}\n${n}\n`)
  }
  // each counts its processes by itself: this one gets a number that the other has not come to
  await a.commands.run('for i in $(seq 500); do (:); done')
  const sleeper = await a.commands.run('exec sleep 4321', { background: true })
  assert.match((await a.commands.run('ps -e -o args=')).stdout, /sleep 4321/)
  assert.doesNotMatch((await b.commands.run('ps -e -o args=')).stdout, /4321|java|node|postgres/)
  assert.deepEqual(await b.commands.list(), [])
  assert.equal(await b.commands.kill(sleeper.pid), false)
  assert((await failing(b.commands.connect(sleeper.pid))) instanceof NotFoundError)
  assert.equal((await unary(b.sandboxId, await tokenOf(a.sandboxId), 'process.Process/List', {})).status, 401)
  assert.equal((await failing(b.commands.run(`kill ${sleeper.pid}`))).exitCode, 1)
  await b.kill()
  assert.equal((await a.commands.run('cat ~/file')).stdout, '0\n')
  assert.equal((await a.commands.list()).length, 1)
  await a.kill()
})

// ---------------------------------------------------------------- 12 lifecycle

test('12.1 setTimeout goes both ways, connect only extends', async () => {
  const sandbox = await create({ timeoutMs: 100_000 })
  const left = async () => (await sandbox.getInfo()).endAt - Date.now()
  await sandbox.setTimeout(400_000)
  assert(Math.abs((await left()) - 400_000) < 3000)
  await sandbox.setTimeout(50_000)
  assert(Math.abs((await left()) - 50_000) < 3000)
  await Sandbox.connect(sandbox.sandboxId, { timeoutMs: 20_000 })
  assert(Math.abs((await left()) - 50_000) < 3000)
  const again = await Sandbox.connect(sandbox.sandboxId, { timeoutMs: 200_000 })
  assert(Math.abs((await left()) - 200_000) < 3000)
  assert.equal((await again.commands.run('echo same')).stdout, 'same\n')
  const v1 = await api('POST', `/sandboxes/${sandbox.sandboxId}/connect`, { timeout: 300 })
  assert.equal(v1.status, 200)
  assert.equal((await api('POST', `/sandboxes/${sandbox.sandboxId}/connect`, {})).status, 400)
  assert.equal((await api('POST', `/sandboxes/${sandbox.sandboxId}/refreshes`, { duration: 3600 })).status, 204)
  assert((await left()) > 3_000_000)
  await sandbox.kill()
})

test('12.2 a kill ends running streams at once, and all that follows is not found', async () => {
  const sandbox = await create()
  const handle = await sandbox.commands.run('sleep 1000', { background: true, timeoutMs: 0 })
  let watched
  await sandbox.files.watchDir('/home/user', () => {}, { timeoutMs: 0, onExit: error => (watched = error ?? true) })
  const { value, ms } = await timed(async () => {
    const waiting = failing(handle.wait())
    assert.equal(await sandbox.kill(), true)
    return waiting
  })
  assert(ms < 5000, String(ms))
  assert(value instanceof TimeoutError, String(value))
  await until('the end of the watch', () => watched)
  assert.equal(await sandbox.isRunning(), false)
  assert.equal(await sandbox.kill(), false)
  assert((await failing(sandbox.getInfo())) instanceof SandboxNotFoundError)
  assert((await failing(sandbox.setTimeout(1000))) instanceof SandboxNotFoundError)
  assert((await failing(Sandbox.connect(sandbox.sandboxId))) instanceof SandboxNotFoundError)
  assert(await failing(sandbox.commands.run('true')))
  assert(await failing(sandbox.files.read('x')))
})

test('12.3 pause and resume keep files and processes', async () => {
  const sandbox = await create()
  await sandbox.files.write('kept', 'yes')
  const handle = await sandbox.commands.run('while :; do date +%s%N > beat; sleep 0.05; done', {
    background: true,
    timeoutMs: 0,
  })
  await until('a beat', () => sandbox.files.exists('beat'))
  const token = await tokenOf(sandbox.sandboxId)
  const cut = failing(handle.wait())
  assert.equal(await sandbox.pause(), true)
  await within(5000, cut, 'the end of the stream')
  assert.equal(await sandbox.pause(), false)
  const info = await sandbox.getInfo()
  assert.equal(info.state, 'paused')
  assert.equal(await sandbox.isRunning(), false)
  assert.equal((await api('POST', `/sandboxes/${sandbox.sandboxId}/pause`, {})).status, 409)
  const resumed = await api('POST', `/v2/sandboxes/${sandbox.sandboxId}/connect`, {})
  assert.equal(resumed.status, 201)
  assert.equal(resumed.json.envdAccessToken, token)
  const back = await Sandbox.connect(sandbox.sandboxId)
  assert.equal(await back.files.read('kept'), 'yes')
  assert((await back.commands.list()).some(one => one.pid === handle.pid))
  const before = await back.files.read('beat')
  await until('the next beat', async () => (await back.files.read('beat')) !== before)
  assert.equal(await back.commands.kill(handle.pid), true)
  await back.kill()
})

test('12.4 a pause without memory keeps files alone', async () => {
  const sandbox = await create()
  await sandbox.files.write('kept', 'yes')
  await sandbox.commands.run('setsid sleep 1234 & exec sleep 4321', { background: true, timeoutMs: 0 })
  await until('both', async () => (await sandbox.commands.run('pgrep -c sleep')).stdout === '2\n')
  assert.equal(await sandbox.pause({ keepMemory: false }), true)
  const back = await Sandbox.connect(sandbox.sandboxId)
  assert.equal(await back.files.read('kept'), 'yes')
  assert.deepEqual(await back.commands.list(), [])
  assert.equal((await back.commands.run('pgrep sleep || echo none')).stdout, 'none\n')
  await back.kill()
})

test('12.5 when its time is over it is gone', async () => {
  const sandbox = await create({ timeoutMs: 2000 })
  const handle = await sandbox.commands.run('sleep 100', { background: true, timeoutMs: 0 })
  const { ms } = await timed(() => failing(handle.wait()))
  assert(ms > 500 && ms < 6000, String(ms))
  assert.equal(await Sandbox.kill(sandbox.sandboxId), false)
  const other = await create()
  await other.setTimeout(0)
  await until('the end', async () => (await api('GET', '/sandboxes/' + other.sandboxId)).status === 404)
})

test('12.6 or paused, when that was asked for', async () => {
  const sandbox = await create({ timeoutMs: 1500, lifecycle: { onTimeout: { action: 'pause' } } })
  await sandbox.files.write('kept', 'yes')
  await until('the pause', async () => (await sandbox.getInfo()).state === 'paused')
  const answer = await request('GET', daemon(sandbox.sandboxId) + '/health', {
    headers: sandboxHeaders(sandbox.sandboxId),
  })
  assert.equal(answer.status, 502)
  const back = await Sandbox.connect(sandbox.sandboxId, { timeoutMs: 60_000 })
  assert.equal(await back.files.read('kept'), 'yes')
  await back.kill()
  const waking = await create({
    timeoutMs: 1500,
    lifecycle: { onTimeout: { action: 'pause' }, autoResume: true },
  })
  await until('the pause', async () => (await waking.getInfo()).state === 'paused')
  assert.equal((await waking.commands.run('echo awake')).stdout, 'awake\n')
  await waking.pause()
  assert.equal(await waking.kill(), true)
})

test('12.7 found by metadata and killed, also when paused', async () => {
  const mark = 'sweep' + run
  const all = await Promise.all([1, 2, 3].map(() => create({ metadata: { mark } })))
  await all[0].pause()
  const found = await Sandbox.list({ query: { metadata: { mark } } }).nextItems()
  assert.equal(found.length, 3)
  for (const one of found) assert.equal(await Sandbox.kill(one.sandboxId), true)
  assert.deepEqual(await Sandbox.list({ query: { metadata: { mark } } }).nextItems(), [])
})

test('12.8 the network can be changed while it runs', async () => {
  const sandbox = await create()
  await sandbox.updateNetwork({ allowOut: ['1.1.1.1'], denyOut: ['0.0.0.0/0'] })
  const detail = (await api('GET', '/sandboxes/' + sandbox.sandboxId)).json
  assert.deepEqual(detail.network.allowOut, ['1.1.1.1'])
  assert.deepEqual(detail.network.denyOut, ['0.0.0.0/0'])
  assert.equal((await api('PUT', `/sandboxes/${sandbox.sandboxId}/network`, { denyOut: ['x.example'] })).status, 400)
  await sandbox.kill()
})

// ---------------------------------------------------------------- run them

const only = process.env.CONFORMANCE_ONLY && new RegExp(process.env.CONFORMANCE_ONLY)
let failed = 0
let passed = 0
const began = Date.now()
for (const { name, body } of cases.filter(one => !only || only.test(one.name))) {
  const start = Date.now()
  try {
    await within(100_000, body(), name)
    passed++
    console.log(`ok    ${name} (${Date.now() - start} ms)`)
  } catch (error) {
    failed++
    console.log(`FAIL  ${name}: ${error?.stack ?? error}`)
  }
}
await Promise.all([...made].map(id => Sandbox.kill(id).catch(() => {})))
console.log(`${passed} passed, ${failed} failed in ${Math.round((Date.now() - began) / 1000)} s`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
