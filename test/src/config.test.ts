import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Config, environmentOf, flagOf, KEYS, loadConfig, OTHER_VARIABLES, variableOf } from '../../src/config'
import { Fault } from '../../src/faults'

const folder = mkdtempSync(join(tmpdir(), 'og-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (content: unknown): string => {
  const name = join(folder, 'config.json')
  writeFileSync(name, typeof content === 'string' ? content : JSON.stringify(content))
  return name
}

const refused = (argv: readonly string[], env: Record<string, string> = {}): Fault => {
  try {
    loadConfig(argv, env)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('it was accepted')
}

test('without anything: the defaults', () => {
  expect(loadConfig([], {})).toEqual<Config>({
    site: 'local-1',
    port: 8787,
    listen: '127.0.0.1',
    data: resolve('data'),
    images: resolve('data', 'images'),
    redis: { kind: 'url', url: 'redis://127.0.0.1:6379' },
    redisNamed: false,
    logLevel: 'info',
    requestsPerSecond: 5000,
    placementPolicy: 'striping',
    placementBackfilling: 'aggressive',
    concurrency: 32,
  })
})

test('flags before environment before file before default', () => {
  const config = file({ port: 1001, listen: '0.0.0.0', region: 'from-file', hostPollMs: 250 })
  const env = { OCCI_GATEWAY_CONFIG: config, OCCI_GATEWAY_PORT: '1002', OCCI_GATEWAY_REGION: 'from-env' }
  expect(loadConfig(['--port', '1003'], env)).toMatchObject({
    port: 1003,
    site: 'from-env',
    listen: '0.0.0.0',
    hostPollMs: 250,
    logLevel: 'info',
  })
  expect(loadConfig([`--config=${config}`], { OCCI_GATEWAY_CONFIG: '/nowhere' })).toMatchObject({ port: 1001 })
})

test('that tenants may name hosts is said, and handed to child processes', () => {
  expect(loadConfig([], {}).tenantsNameHosts).toBeUndefined()
  const config = loadConfig(['--tenants-name-hosts', 'true'], {})
  expect(config.tenantsNameHosts).toBe(true)
  expect(environmentOf(config)).toMatchObject({ OCCI_GATEWAY_TENANTS_NAME_HOSTS: 'true' })
  expect(refused(['--tenants-name-hosts', 'perhaps']).message).toContain('--tenants-name-hosts')
})

test('metricsOpen is handed to child processes as it is given', () => {
  expect(loadConfig([], {}).metricsOpen).toBeUndefined()
  const config = loadConfig(['--metrics-open', 'true', '--host-poll-ms', '700'], {})
  expect(config).toMatchObject({ metricsOpen: true, hostPollMs: 700 })
  expect(environmentOf(config)).toMatchObject({
    OCCI_GATEWAY_METRICS_OPEN: 'true',
    OCCI_GATEWAY_HOST_POLL_MS: '700',
  })
  expect(environmentOf(loadConfig([], {}))).not.toHaveProperty('OCCI_GATEWAY_HOST_POLL_MS')
})

test('an empty variable is none', () => {
  expect(loadConfig([], { OCCI_GATEWAY_PORT: '', OCCI_GATEWAY_REDIS: '' })).toMatchObject({
    port: 8787,
    redisNamed: false,
  })
})

test.each(['https://cloud.example.org', 'https://cloud.example.org/', 'https://cloud.example.org//'])(
  'the public address %s has no slash at its end',
  (given) => {
    expect(loadConfig(['--public-url', given], {}).publicUrl).toBe('https://cloud.example.org')
  },
)

test.each([
  ['redis://db:6379/0', { kind: 'url', url: 'redis://db:6379/0' }],
  ['rediss://user:word@db', { kind: 'url', url: 'rediss://user:word@db' }],
  ['unix:/run/redis.sock', { kind: 'socket', path: '/run/redis.sock' }],
])('redis %s', (text, address) => {
  expect(loadConfig(['--redis', text], {})).toMatchObject({ redis: address, redisNamed: true })
})

test.each([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
])('simulated %s', (text, value) => {
  expect(loadConfig([], { OCCI_GATEWAY_SIMULATED: text }).simulated).toBe(value)
})

describe('what is wrong is named, with its value and what it takes', () => {
  test.each([
    [['--port', '70000'], {}, ['--port', '"70000"', '0 to 65535']],
    [['--port=x'], {}, ['--port', '"x"', 'whole number']],
    [['--port', '80.5'], {}, ['--port', '"80.5"']],
    [[], { OCCI_GATEWAY_PORT: '-1' }, ['OCCI_GATEWAY_PORT', '"-1"']],
    [[], { OCCI_GATEWAY_LOG_LEVEL: 'loud' }, ['OCCI_GATEWAY_LOG_LEVEL', '"loud"', 'fatal, error']],
    [[], { OCCI_GATEWAY_SIMULATED: 'maybe' }, ['OCCI_GATEWAY_SIMULATED', '"maybe"', 'true or false']],
    [['--region', 'Paris'], {}, ['--region', '"Paris"', 'lower case']],
    [['--public-url', 'ftp://x'], {}, ['--public-url', '"ftp://x"', 'http']],
    [['--listen'], {}, ['--listen', 'wants a value']],
    [['--colour', 'red'], {}, ['--colour', '--port', '--config']],
    [['port'], {}, ['port', '--port']],
    [[], { OCCI_GATEWAY_PROT: '1' }, ['OCCI_GATEWAY_PROT', '"1"', 'OCCI_GATEWAY_PORT']],
  ])('%j %j', (argv, env, words) => {
    const { message } = refused(argv, env)
    for (const word of words) expect(message).toContain(word)
  })

  test.each([
    [{ colour: 'red' }, ['colour', 'port']],
    [{ port: true }, ['port', 'whole number']],
    [{ port: '' }, ['port', '""', 'whole number']],
    [{ port: null }, ['port', 'null']],
    [{ data: '' }, ['data', '""']],
    [[], ['one JSON object']],
    ['{"port":', ['cannot be read']],
  ])('in the file: %j', (content, words) => {
    const name = file(content)
    const { message } = refused(['--config', name])
    for (const word of [name, ...words]) expect(message).toContain(word)
  })

  test('a file that is not there', () => {
    expect(refused(['--config', '/nowhere/x.json']).message).toContain('/nowhere/x.json')
  })

  test('a Redis address is not shown: it may hold a password', () => {
    const { message } = refused(['--redis', 'http://user:secret@db'])
    expect(message).toContain('--redis')
    expect(message).not.toContain('secret')
  })
})

test('as environment for a child it is the same configuration', () => {
  const config = loadConfig(
    [
      '--redis',
      'unix:/run/r.sock',
      '--simulator',
      '/run/s.sock',
      '--clock',
      '/run/c.sock',
      '--public-url',
      'https://x.org',
    ],
    { OCCI_GATEWAY_SIMULATED: 'false', OCCI_GATEWAY_DATA: '/var/lib/og' },
  )
  expect(loadConfig([], environmentOf(config))).toEqual(config)
})

test('each key has a flag and a variable of its own', () => {
  expect(flagOf('hostPollMs')).toBe('--host-poll-ms')
  expect(variableOf('hostPollMs')).toBe('OCCI_GATEWAY_HOST_POLL_MS')
  expect(new Set(KEYS.map(variableOf)).size).toBe(KEYS.length)
})

test('every variable with our prefix that the sources name is a key or a known other one', () => {
  const known = new Set<string>([...KEYS.map(variableOf), ...OTHER_VARIABLES])
  const sources = ['src', 'workers', 'bin'].flatMap((name) =>
    readdirSync(name, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|js)$/.test(path))
      .map((path) => readFileSync(join(name, path), 'utf8')),
  )
  const named = sources.flatMap((text) => text.match(/\bOCCI_GATEWAY_[A-Z_]*[A-Z]\b/g) ?? [])
  expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([])
})

test('origins of web pages are a list; what is none is named', () => {
  const given = (corsOrigins: string) => loadConfig(['--cors-origins', corsOrigins], {}).corsOrigins
  expect(given('https://a.example, http://b.example:8080')).toEqual(['https://a.example', 'http://b.example:8080'])
  expect(given('*')).toEqual(['*'])
  for (const wrong of ['a.example', 'https://a.example/', 'https://a.example,*', 'null'])
    expect(() => given(wrong)).toThrow(/corsOrigins|cors-origins/)
})

describe('an OIDC issuer', () => {
  const [ISSUER, AUDIENCE] = ['https://login.example.org/realms/one', 'https://cloud.example.org/']

  test('is taken with its audience, and handed to child processes', () => {
    const config = loadConfig(['--oidc-issuer', ISSUER, '--oidc-audience', AUDIENCE], {})
    expect(config.oidc).toEqual({ issuer: ISSUER, audience: AUDIENCE, userClaim: 'sub' })
    expect(loadConfig([], environmentOf(config)).oidc).toEqual(config.oidc)
    const named = loadConfig(['--oidc-user-claim', 'email'], {
      OCCI_GATEWAY_OIDC_ISSUER: 'http://127.0.0.1:9000',
      OCCI_GATEWAY_OIDC_AUDIENCE: AUDIENCE,
    })
    expect(named.oidc).toEqual({ issuer: 'http://127.0.0.1:9000', audience: AUDIENCE, userClaim: 'email' })
    expect(loadConfig([], {}).oidc).toBeUndefined()
  })

  test.each<[string, Record<string, string>, string, string]>([
    ['no audience', { ISSUER }, 'OCCI_GATEWAY_OIDC_AUDIENCE', 'oidcAudience'],
    ['an audience alone', { AUDIENCE }, 'OCCI_GATEWAY_OIDC_ISSUER', 'oidcIssuer'],
    ['a claim alone', { USER_CLAIM: 'email' }, 'OCCI_GATEWAY_OIDC_ISSUER', 'oidcIssuer'],
    ['an issuer by http elsewhere', { ISSUER: 'http://login.example.org', AUDIENCE }, 'OIDC_ISSUER', 'oidcIssuer'],
    ['an issuer that is no URL', { ISSUER: 'example', AUDIENCE }, 'OIDC_ISSUER', 'oidcIssuer'],
    ['an issuer with a query', { ISSUER: `${ISSUER}?a=b`, AUDIENCE }, 'OIDC_ISSUER', 'oidcIssuer'],
  ])('%s is refused by the name of the key', (_what, given, variable, field) => {
    const env = Object.fromEntries(Object.entries(given).map(([key, value]) => [`OCCI_GATEWAY_OIDC_${key}`, value]))
    const thrown = refused([], env)
    expect(thrown.message).toContain(variable)
    expect(thrown.detail.field).toBe(field)
  })
})

test('Digest is off unless it is asked for', () => {
  expect(loadConfig([], {}).digest).toBeUndefined()
  const config = loadConfig(['--digest', 'true'], {})
  expect(config.digest).toBe(true)
  expect(loadConfig([], environmentOf(config)).digest).toBe(true)
})

test.each(['off', 'aggressive', 'conservative', 'intermediate=3'])('placementBackfilling takes %s', (way) => {
  expect(loadConfig(['--placement-backfilling', way], {})).toMatchObject({ placementBackfilling: way })
})

test.each(['greedy', 'intermediate', 'intermediate=0', 'intermediate=x', ''])(
  'placementBackfilling refuses %p',
  (way) => {
    expect(() => loadConfig([`--placement-backfilling=${way}`], {})).toThrow(
      /--placement-backfilling: .*intermediate=N/,
    )
  },
)
