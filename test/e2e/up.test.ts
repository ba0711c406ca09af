/** `occi-gateway up` as a person meets it: what it prints and writes, how it ends, what it refuses. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import {
  alive,
  newData,
  occiGateway,
  processesOf,
  removeData,
  type Session,
  spawnUp,
  startUp,
  type Up,
} from '../support/gateway-process'
import { COMPUTE_CATEGORY, listUrls, occiClient } from '../support/occi-client'
import { until } from '../support/until'

const PROCESSES = ['redis', 'simulator', 'gateway', 'worker']
const data = newData()
let up: Up
let first: Session

beforeAll(async () => {
  const since = performance.now()
  up = await startUp(data)
  first = up.session()
  seconds = (performance.now() - since) / 1000
})
let seconds = Number.POSITIVE_INFINITY
afterAll(async () => {
  await up.end('SIGINT')
  removeData(data)
})

const end = async (signal: 'SIGINT' | 'SIGTERM') => {
  const pids = [up.pid, ...PROCESSES.map((name) => up.pidOf(name))]
  const runtime = up.runtime()
  const since = performance.now()
  const code = await up.end(signal)
  return { code, ms: performance.now() - since, left: pids.filter(alive), runtime }
}

describe('the first start', () => {
  test('is ready within 5 s', () => {
    expect(seconds).toBeLessThan(5)
  })

  test('says what it is, that the hosts are simulated, and where it answers', () => {
    expect(up.output()).toMatch(/cloud gateway/)
    expect(up.output()).toMatch(/8 hosts behind it are SIMULATED/)
    expect(up.output()).toContain(first.occiUrl)
    expect(up.output()).toContain(first.ec2Url)
    expect(up.output()).toMatch(/aws ec2 run-instances/)
    expect(up.output()).toContain(`curl -w '\\n' -u "$OCCI_USER:$OCCI_PASSWORD"`)
  })

  test('prints no secret', () => {
    const token = JSON.parse(readFileSync(join(data, 'operator.json'), 'utf8')).token
    for (const secret of [first.password, first.secretAccessKey, token]) expect(up.output()).not.toContain(secret)
  })

  test('leaves a first session that only its owner reads', () => {
    expect(Object.keys(first)).toEqual(
      'occiUrl ec2Url user password accessKeyId secretAccessKey accountId region imageId instanceType'.split(' '),
    )
    expect(first.accountId).toMatch(/^\d{12}$/)
    expect(first.imageId).toMatch(/^ami-/)
    for (const name of ['first-session.json', 'operator.json', 'keys'])
      expect(statSync(join(data, name)).mode & 0o777).toBe(0o600)
    expect(statSync(up.runtime()).mode & 0o777).toBe(0o700)
  })

  test('`env` prints it as shell exports', async () => {
    const { stdout, code } = await occiGateway(['env', '--data', data])
    expect(code).toBe(0)
    expect(stdout.split('\n')).toEqual([
      `export AWS_ACCESS_KEY_ID='${first.accessKeyId}'`,
      `export AWS_SECRET_ACCESS_KEY='${first.secretAccessKey}'`,
      `export AWS_DEFAULT_REGION='${first.region}'`,
      `export AWS_ENDPOINT_URL_EC2='${first.ec2Url}'`,
      `export AWS_ENDPOINT_URL_STS='${first.ec2Url}'`,
      `export AWS_ENDPOINT_URL_IAM='${first.ec2Url}'`,
      `export OCCI_ENDPOINT='${first.occiUrl}'`,
      `export OCCI_USER='${first.user}'`,
      `export OCCI_PASSWORD='${first.password}'`,
      '',
    ])
  })

  test('keeps logs in files, as JSON lines, without secrets', async () => {
    for (const name of PROCESSES) {
      const log = readFileSync(join(data, 'logs', `${name}.log`), 'utf8')
      for (const line of log.trimEnd().split('\n')) expect(typeof JSON.parse(line)).toBe('object')
      expect(log).not.toContain(first.password)
      expect(log).not.toContain(first.secretAccessKey)
    }
  })

  test('answers /healthz and /readyz, every answer with a request id', async () => {
    for (const path of ['healthz', 'readyz', 'compute/', 'api/v1/hosts']) {
      const answer = await fetch(new URL(path, first.occiUrl))
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      if (path.endsWith('z')) expect(answer.status).toBe(200)
      else expect(answer.status).toBe(401)
    }
  })
})

describe('what it refuses', () => {
  test('a second `up` on the same data folder, naming the first', async () => {
    const { code, stderr } = await occiGateway(['up', '--data', data, '--port', '0'])
    expect(code).toBe(1)
    expect(stderr).toContain(`process ${up.pid}`)
    expect((await fetch(new URL('readyz', first.occiUrl))).status).toBe(200)
  })

  test('a port that another process has, and leaves nothing behind', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const folder = newData()
    const { code, stderr } = await occiGateway(['up', '--data', folder, '--port', String(port)])
    other.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`port ${port} on 127.0.0.1 is taken.*--port`))
    expect(processesOf(folder)).toEqual([])
    removeData(folder)
  })

  test('a data folder that cannot be made, and tells how to name another', async () => {
    const { code, stderr } = await occiGateway(['up', '--data', join(data, 'first-session.json'), '--port', '0'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/cannot be the data folder.*--data/)
    expect(stderr.trimEnd()).not.toContain('\n')
  })

  test.each([
    [['--port', 'many'], '--port', '"many"'],
    [['--region', 'Paris!'], '--region', '"Paris!"'],
    [['--colour', 'red'], '--colour', '--port'],
  ])('a bad option: %j', async (args, name, told) => {
    const { code, stderr } = await occiGateway(['up', ...args])
    expect(code).toBe(2)
    expect(stderr).toContain(name)
    expect(stderr).toContain(told)
  })
})

describe('a process that dies', () => {
  test.each(PROCESSES)('%s: is started again, and told in one line', async (name) => {
    const pid = up.pidOf(name)
    process.kill(pid, 'SIGKILL')
    await until(() => up.pidOf(name) !== pid && alive(up.pidOf(name)), { what: `another ${name}` })
    expect(up.output()).toMatch(new RegExp(`^occi-gateway: ${name} ended \\(SIGKILL\\).*$`, 'm'))
    await until(async () => (await fetch(new URL('readyz', first.occiUrl))).ok, { what: 'readiness' })
  })

  test('none of them dies again for that', () => {
    const deaths = up.output().match(/^occi-gateway: .* ended/gm) ?? []
    expect(deaths).toHaveLength(PROCESSES.length)
  })
})

describe('ending and starting again', () => {
  const created: string[] = []

  test('Ctrl-C ends all of it within 5 s and leaves no process and no folder', async () => {
    const client = occiClient(first)
    const answer = await client('POST', 'compute/', { 'content-type': 'text/occi', category: COMPUTE_CATEGORY })
    expect(answer.status).toBe(201)
    created.push(...(await listUrls(client)))
    expect(created).toHaveLength(1)
    const ended = await end('SIGINT')
    expect(ended).toMatchObject({ code: 0, left: [] })
    expect(ended.ms).toBeLessThan(5_000)
    expect(processesOf(data)).toEqual([])
    expect(existsSync(ended.runtime)).toBe(false)
  })

  test('the next start continues with the state it had', async () => {
    up = await startUp(data)
    expect(up.output()).toMatch(/Ready again/)
    const again = up.session()
    expect(again).toEqual({ ...first, occiUrl: again.occiUrl, ec2Url: again.ec2Url })
    const names = (await listUrls(occiClient(again))).map((url) => new URL(url).pathname)
    expect(names).toEqual(created.map((url) => new URL(url).pathname))
  })

  test('killed, its processes end themselves, and the next start takes over', async () => {
    const pids = PROCESSES.map((name) => up.pidOf(name))
    await up.end('SIGKILL')
    await until(() => !pids.some(alive), { timeoutMs: 8_000, what: 'the children to end' })
    await until(() => processesOf(data).length === 0, { what: 'Redis to end' })
    up = await startUp(data)
    expect(await listUrls(occiClient(up.session()))).toHaveLength(1)
  })

  test('killed and started again at once, it waits for what still ends', async () => {
    await up.end('SIGKILL')
    up = await startUp(data)
    expect(await listUrls(occiClient(up.session()))).toHaveLength(1)
  })

  test('SIGTERM during the start ends what was started', async () => {
    const folder = newData()
    const starting = spawnUp(folder)
    await until(() => existsSync(join(folder, 'logs', 'redis.log')))
    expect(await starting.end('SIGTERM')).toBe(0)
    expect(processesOf(folder)).toEqual([])
    removeData(folder)
  })
})
