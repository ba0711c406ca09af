/** EC2 requests of every action that is served, with parameters of the shapes that its model names, spoiled, then signed (V4). */
import { sign } from 'aws4'
import allActions from '../../../src/ec2/actions.json'
import { isList, isSimple, shapeNamed, shapesOf } from '../../../src/ec2/codec/table'
import type { Corpus } from './harness'
import { asTarget, mutated } from './mutate'
import type { Random } from './random'

/** Values by the end of a parameter's name; ids that answers taught come before them. */
const VALUES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/InstanceType$/, ['t2.nano', 't2.micro', 'm1.small', 'p9.huge']],
  [/Count$/, ['1', '2']],
  [
    /(?:^|\.)Filter\.\d+\.Name$/,
    ['instance-id', 'tag:Name', 'tag-key', 'instance-state-name', 'status', 'name', 'no-such'],
  ],
  [/Device(?:Name)?$/, ['/dev/sdf', '/dev/xvdb', '/dev/sda1']],
  [/Size$/, ['1', '2']],
  [/CidrIp$/, ['10.0.0.0/8', '0.0.0.0/0']],
  [/(?:From|To)Port$/, ['22', '80', '-1']],
  [/IpProtocol$/, ['tcp', 'udp', 'icmp', '-1']],
  [/(?:Attribute)$/, ['instanceType', 'userData', 'disableApiTermination', 'description', 'launchPermission']],
  [/Key(?:Name)?$/, ['Name', 'mine', 'aws:reserved']],
  [/Name$/, ['one', 'two', 'default']],
  [/Value(?:\.\d+)?$/, ['x', 'web*', 'true', '']],
  [/UserData$/, ['IyEvYmluL3NoCg==']],
  [/MaxResults$/, ['5', '1000']],
  [/AvailabilityZone$/, ['local-1a', 'eu-west-9z']],
  [/ResourceType$/, ['instance', 'volume', 'image', 'snapshot']],
]

const SHORT: readonly (readonly [RegExp, string])[] = [
  [/Instance(?:Id)?(?:\.\d+)?$/, 'i'],
  [/Volume(?:Id)?(?:\.\d+)?$/, 'vol'],
  [/Image(?:Id)?(?:\.\d+)?$/, 'ami'],
  [/Snapshot(?:Id)?(?:\.\d+)?$/, 'snap'],
  [/Group(?:Id)?(?:\.\d+)?$/, 'sg'],
  [/Allocation(?:Id)?(?:\.\d+)?$/, 'eipalloc'],
  [/Resource(?:Id)?(?:\.\d+)?$/, 'i'],
]

/** Errors before a request's parameters are understood: signature, action, form of a value. */
const UNREAD =
  /<Code>(?:AuthFailure|SignatureDoesNotMatch|IncompleteSignature|RequestExpired|MissingAuthenticationToken|MissingAction|InvalidAction|UnknownParameter|MalformedQueryString|UnsupportedOperation)<\/Code>/

export function ec2Corpus(options: {
  readonly host: string
  readonly region: string
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string }
}): Corpus {
  const { host, region, key } = options
  const known = new Map<string, string[]>()
  const actions = allActions.flatMap((action) => {
    const shapes = shapesOf(action)
    return shapes === undefined ? [] : [[action, shapes] as const]
  })

  const scalar = (chance: Random, name: string, type: string): string => {
    const short = SHORT.find(([end]) => end.test(name))?.[1]
    const ids = short === undefined ? undefined : known.get(short)
    if (short !== undefined) return ids ? chance.pick(ids) : `${short}-0123456789abcdef0`
    if (type === 'boolean') return chance.pick(['true', 'false'])
    const values = VALUES.find(([end]) => end.test(name))?.[1]
    if (values) return chance.pick(values)
    return type === 'number' ? '1' : 'text'
  }
  const walk = (chance: Random, name: string, type: string, depth: number, into: [string, string][]): void => {
    if (isSimple(type)) {
      if (name !== '') into.push([name, scalar(chance, name, type)])
      return
    }
    if (depth > 5) return
    const shape = shapeNamed(type)
    if (isList(shape)) {
      for (let at = 1; at <= 1 + chance.int(2); at++) walk(chance, `${name}.${at}`, shape.of, depth + 1, into)
      return
    }
    for (const [at, [, wire, , of]] of shape.members.entries())
      if ((at < shape.required && !chance.once(12)) || chance.once(wire === 'DryRun' ? 20 : 7))
        walk(chance, name === '' ? wire : `${name}.${wire}`, of, depth + 1, into)
  }

  return {
    name: 'EC2',
    next(chance) {
      const [action, [input]] = chance.pick(actions)
      const pairs: [string, string][] = [
        ['Action', action],
        ['Version', chance.once(9) ? '2012-06-01' : '2016-11-15'],
      ]
      walk(chance, '', input, 0, pairs)
      if (!chance.once(6)) spoil(chance, pairs)
      const form = pairs
        .map(([name, value]) => `${encodeURIComponent(sane(name))}=${encodeURIComponent(sane(value))}`)
        .join('&')
      const body = chance.once(25) ? mutated(chance, form) : form
      // The signer refuses to sign a path that is not properly encoded; as a form it is as good a riddle.
      const isGet = chance.once(4) && isEncoded(body)
      const path = isGet ? asTarget(`/?${body}`) : chance.once(10) ? '/services/Cloud/' : '/'
      const signed = sign(
        {
          ...{ service: 'ec2', region, host, path, method: isGet ? 'GET' : 'POST' },
          ...(isGet ? {} : { body, headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' } }),
        },
        key,
      )
      return { method: isGet ? 'GET' : 'POST', path, headers: { ...signed.headers }, body: isGet ? '' : body }
    },
    passed: ({ status, body }) => status < 400 || !UNREAD.test(body),
    learn({ body }) {
      for (const [id, short = ''] of body.matchAll(/\b(i|vol|ami|snap|sg|eipalloc)-[0-9a-f]{17}\b/g)) {
        const ids = known.get(short) ?? []
        if (!ids.includes(id)) known.set(short, [...ids, id].slice(-20))
      }
    },
  }
}

/** Nor does it sign a parameter without a name, or one that its own objects cannot have. */
const isEncoded = (text: string): boolean =>
  /^(?:[\w.~&=-]|%[0-9A-Fa-f]{2})*$/.test(text) && !/(?:^|&)(?:[=&]|__proto__=|$)/.test(text) && isUtf8(text)

function isUtf8(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined
  } catch {
    return false
  }
}

/** A lone surrogate cannot be encoded at all. */
const sane = (text: string): string => text.replace(/\p{Cs}/gu, '?')

function spoil(chance: Random, pairs: [string, string][]): void {
  const at = chance.int(pairs.length)
  const [name, value] = pairs[at] ?? ['', '']
  switch (chance.int(9)) {
    case 0:
      pairs[at] = [mutated(chance, name), value]
      return
    case 1:
      pairs.push([name, value])
      return
    case 2:
      pairs.splice(at, 1)
      return
    case 3:
      pairs.push([
        chance.pick(['NextToken', 'MaxResults', 'ClientToken', 'Filter.1.Value.1', 'TagSpecification.1.Tag.1.Key']),
        mutated(chance, value),
      ])
      return
    default: {
      // What comes behind the action and the version is where most of the reading is done.
      const chosen = 2 + chance.int(Math.max(1, pairs.length - 2))
      const [its, text] = pairs[chosen] ?? ['', '']
      if (its !== '') pairs[chosen] = [its, mutated(chance, text)]
    }
  }
}
