/** OCCI requests of every path kind, method and rendering, with HTTP Basic. */
import { basicOf } from '../http'
import type { Corpus, FuzzRequest } from './harness'
import { asHeader, asTarget, mutated } from './mutate'
import type { Random } from './random'

const OCCI = 'http://schemas.ogf.org/occi/'
const INFRASTRUCTURE = `${OCCI}infrastructure#`
const kind = (term: string) => `Category: ${term}; scheme="${INFRASTRUCTURE}"; class="kind"`
const action = (of: string, term: string) =>
  `Category: ${term}; scheme="${OCCI}infrastructure/${of}/action#"; class="action"`
const attribute = (name: string, value: string | number) => `X-OCCI-Attribute: ${name}=${JSON.stringify(value)}`
const TAG = 'Category: blue; scheme="https://cloud.example.org/user/ann#"; class="mixin"'

type Seed = readonly [method: string, path: string, lines: readonly string[]]

/** Lines of text/plain; the same in headers and in JSON is made of them. Names in braces are what answers taught. */
const SEEDS: readonly Seed[] = [
  ['GET', '/-/', []],
  ['GET', '/-/', [kind('compute')]],
  ['POST', '/-/', [`${TAG}; location="/tags/blue/"; title="Blue things"; rel="http://example.com/x#y"`]],
  ['DELETE', '/-/', [TAG]],
  ['GET', '/', []],
  ['DELETE', '/?category=http%3A%2F%2Fexample.com%2Fx%23y', []],
  ['GET', '/compute/?page=1;number=5', [attribute('occi.compute.cores', 1)]],
  ['GET', '/compute/?category={category}&attribute=occi.core.title&value=web', []],
  ['POST', '/compute/', [kind('compute'), attribute('occi.core.title', 'web "one", ü')]],
  [
    'POST',
    '/compute/',
    [
      kind('compute'),
      'Category: t2_micro; scheme="http://occi-gateway.org/occi/infrastructure/resource_tpl#"; class="mixin"',
      attribute('occi.compute.hostname', 'web1.example.org'),
      attribute('occi.compute.memory', 1.5),
      attribute('occi.credentials.ssh.publickey', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me'),
      attribute('occi.compute.userdata', 'IyEvYmluL3NoCg=='),
    ],
  ],
  [
    'POST',
    '/compute/',
    [
      kind('compute'),
      `Link: <{network}>; rel="${INFRASTRUCTURE}network"; category="${INFRASTRUCTURE}networkinterface"; occi.networkinterface.mac="02:00:00:00:00:77"`,
      `Link: <{storage}>; rel="${INFRASTRUCTURE}storage"; category="${INFRASTRUCTURE}storagelink"; occi.storagelink.deviceid="/dev/vdb"`,
    ],
  ],
  ['PUT', '/compute/77777777-2222-4333-8444-555555555555', [kind('compute'), attribute('occi.core.title', 'put')]],
  ['GET', '{compute}', []],
  ['HEAD', '{compute}', []],
  ['PUT', '{compute}', [kind('compute'), attribute('occi.core.title', 'whole'), attribute('occi.compute.share', 100)]],
  ['POST', '{compute}', [attribute('occi.core.summary', 'partial'), TAG]],
  ['POST', '{compute}', [attribute('occi.compute.cores', 2), attribute('occi.compute.memory', 4)]],
  ['POST', '{compute}?action=stop', [action('compute', 'stop'), attribute('method', 'graceful')]],
  ['POST', '{compute}?action=start', [action('compute', 'start')]],
  ['POST', '{compute}?action=restart', [action('compute', 'restart'), attribute('method', 'warm')]],
  ['POST', '{compute}?action=suspend', [action('compute', 'suspend')]],
  ['POST', '{compute}?action=save', [action('compute', 'save'), attribute('method', 'hot'), attribute('name', 'one')]],
  ['POST', '/compute/?action=stop', [action('compute', 'stop')]],
  ['DELETE', '{compute}', []],
  ['DELETE', '/compute/?attribute=occi.core.title&value=put', []],
  ['POST', '/storage/', [kind('storage'), attribute('occi.storage.size', 1), attribute('occi.core.title', 'data')]],
  ['GET', '{storage}', []],
  ['PUT', '{storage}', [kind('storage'), attribute('occi.storage.size', 2)]],
  ['POST', '{storage}?action=resize', [action('storage', 'resize'), attribute('size', 3)]],
  ['POST', '{storage}?action=offline', [action('storage', 'offline')]],
  ['POST', '{storage}?action=snapshot', [action('storage', 'snapshot')]],
  ['DELETE', '{storage}', []],
  [
    'POST',
    '/storagelink/',
    [
      kind('storagelink'),
      attribute('occi.core.source', '{compute}'),
      attribute('occi.core.target', '{storage}'),
      attribute('occi.storagelink.deviceid', '/dev/vdc'),
    ],
  ],
  ['GET', '/storagelink/', []],
  ['DELETE', '/storagelink/', []],
  ['GET', '{network}', []],
  ['POST', '/network/', [kind('network'), attribute('occi.network.vlan', 12), attribute('occi.core.title', 'lan')]],
  [
    'POST',
    '/networkinterface/',
    [kind('networkinterface'), attribute('occi.core.source', '{compute}'), attribute('occi.core.target', '{network}')],
  ],
  ['GET', '/networkinterface/', []],
  ['GET', '/mixin/os_tpl/', []],
  ['POST', '/tags/blue/', ['X-OCCI-Location: {base}{compute}', 'X-OCCI-Location: {storage}']],
  ['PUT', '/tags/blue/', ['X-OCCI-Location: {compute}']],
  ['DELETE', '/tags/blue/', ['X-OCCI-Location: {compute}']],
  ['GET', '/tags/', []],
  ['POST', '/mixin/restartable/', ['X-OCCI-Location: {compute}']],
  ['OPTIONS', '/compute/', []],
  ['PATCH', '/compute/', []],
  ['POST', '/', [kind('storage'), attribute('occi.storage.size', 1)]],
]

const TYPES = [
  'text/plain',
  'text/occi',
  'application/occi+json',
  'application/json',
  'text/occi+plain',
  'text/uri-list',
]

export function occiCorpus(options: {
  readonly base: string
  readonly host: string
  readonly user: string
  readonly password: string
}): Corpus {
  const { base, host, user, password } = options
  const known = new Map<string, string[]>()
  const fill = (chance: Random, text: string): string =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      if (name === 'base') return base
      if (name === 'category') return encodeURIComponent(`${INFRASTRUCTURE}compute`)
      const paths = known.get(name)
      return paths === undefined || paths.length === 0
        ? `/${name}/99999999-2222-4333-8444-555555555555`
        : chance.pick(paths) || whole
    })
  return {
    name: 'OCCI',
    next(chance) {
      const [method, path, lines] = chance.pick(SEEDS)
      const type = chance.pick(TYPES)
      const filled = lines.map((line) => fill(chance, line))
      const made = rendered(method, fill(chance, path), type, filled)
      const spoiled = chance.once(8) ? made : spoil(chance, made)
      const headers = { ...spoiled.headers, Host: host, ...basicOf(user, password) }
      return { ...spoiled, headers: { ...headers, 'Content-Length': String(Buffer.byteLength(spoiled.body)) } }
    },
    passed: ({ status, body }) =>
      status < 400 ||
      (status !== 401 && status < 500 && !/malformed|media-type|cannot be read/.test(body.slice(0, 200))),
    learn({ body, location }) {
      for (const [, path = '', name = ''] of `${location ?? ''} ${body}`.matchAll(
        /(\/(compute|storage|network|storagelink|networkinterface)\/[0-9a-f-]{36})/g,
      )) {
        const paths = known.get(name) ?? []
        if (!paths.includes(path)) known.set(name, [...paths, path].slice(-20))
      }
    },
  }
}

function rendered(method: string, path: string, type: string, lines: readonly string[]): FuzzRequest {
  const accept = { Accept: type === 'text/uri-list' ? 'text/plain' : type }
  const bare = method === 'GET' || method === 'HEAD'
  if (bare || type === 'text/occi') {
    const headers: Record<string, string> = { ...accept, ...(bare ? {} : { 'Content-Type': 'text/occi' }) }
    for (const line of lines) {
      const [name = '', ...rest] = line.split(': ')
      headers[name] = [...(headers[name] === undefined ? [] : [headers[name]]), rest.join(': ')].join(', ')
    }
    return { method, path, headers, body: '' }
  }
  const body = type.includes('json') ? asJson(lines) : type === 'text/uri-list' ? asList(lines) : lines.join('\n')
  return { method, path, headers: { ...accept, 'Content-Type': type }, body }
}

const asList = (lines: readonly string[]): string =>
  lines.map((line) => line.replace('X-OCCI-Location: ', '')).join('\n')

/** Not all of it is right JSON for its path: that is what it is for. */
function asJson(lines: readonly string[]): string {
  const of = (field: string) =>
    lines.filter((line) => line.startsWith(`${field}: `)).map((line) => line.slice(field.length + 2))
  const ids = of('Category').map((one) => one.replace(/^(\S+); scheme="([^"]+)".*$/, '$2$1'))
  const [first, ...mixins] = ids
  const values = of('X-OCCI-Attribute').map((one) => {
    const at = one.indexOf('=')
    return [one.slice(0, at), JSON.parse(one.slice(at + 1))] as const
  })
  const named = first?.includes('/action#') ? { action: first } : { kind: first }
  const links = of('Link').map((one) => ({ target: { location: /<([^>]+)>/.exec(one)?.[1] } }))
  return JSON.stringify({
    ...named,
    ...(mixins.length > 0 ? { mixins } : {}),
    attributes: Object.fromEntries(values),
    ...(links.length > 0 ? { links } : {}),
    ...(of('X-OCCI-Location').length > 0 ? { resources: of('X-OCCI-Location').map((location) => ({ location })) } : {}),
  })
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']

/** One part of a request, mutated; the others as they were. */
function spoil(chance: Random, request: FuzzRequest): FuzzRequest {
  const { method, path, headers, body } = request
  const names = Object.keys(headers)
  switch (chance.int(body === '' ? 6 : 9)) {
    case 0:
      return { ...request, method: chance.pick(METHODS) }
    case 1:
      return { ...request, path: asTarget(mutated(chance, path)) }
    case 2:
      return {
        ...request,
        headers: { ...headers, 'X-OCCI-Attribute': asHeader(mutated(chance, 'occi.core.title="x"')) },
      }
    case 3:
    case 4: {
      const name = chance.pick(names)
      return { ...request, headers: { ...headers, [name]: asHeader(mutated(chance, headers[name] ?? '')) } }
    }
    case 5:
      return {
        ...request,
        method: chance.once(4) ? chance.pick(METHODS) : method,
        path: asTarget(`/${mutated(chance, path)}`),
      }
    default:
      return { ...request, body: mutated(chance, body) }
  }
}
