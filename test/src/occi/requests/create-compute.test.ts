import { asFault } from '../../../../src/faults'
import type { NetworkId } from '../../../../src/model/ids'
import { parseTextPlain } from '../../../../src/model/occi/text'
import { openModel } from '../../../../src/occi/model'
import { openCatalogue } from '../../../../src/occi/model/catalogue'
import { computeOrder } from '../../../../src/occi/requests/create-compute'
import type { Ground } from '../../../../src/occi/requests/links'
import type { RunOrder } from '../../../../src/operations/operations'
import { ann, fakeOperations } from '../../../support/fake-operations'

const KIND = 'Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind"'
const OURS = 'http://occi-gateway.org/occi/infrastructure/'
const mixin = (id: string) =>
  `Category: ${id.slice(id.indexOf('#') + 1)};scheme="${id.slice(0, id.indexOf('#') + 1)}";class="mixin"`
const image = mixin(`${OURS}os_tpl#ami-00000000000000002`)
const micro = mixin(`${OURS}resource_tpl#t2_micro`)
const zone = mixin(`${OURS}availability_zone#local-1b`)
const nic = (target: string) =>
  `Link: <${target}>;rel="http://schemas.ogf.org/occi/infrastructure#network";category="http://schemas.ogf.org/occi/infrastructure#networkinterface"`
const NETWORK = '/network/dddddddd-0000-4000-8000-000000000001'
const NETWORK_ID = NETWORK.slice('/network/'.length) as NetworkId
const OTHER = '/network/dddddddd-0000-4000-8000-000000000002'
const OTHER_ID = OTHER.slice('/network/'.length) as NetworkId
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExample ann@example.org'

let ground: Ground
beforeAll(async () => {
  const operations = fakeOperations()
  const model = openModel()
  ground = {
    model,
    catalogue: await openCatalogue(model, operations, ann),
    base: 'http://cloud.example.org',
  }
})

const order = (...lines: readonly string[]): RunOrder => computeOrder(parseTextPlain(lines.join('\n')), ground)
const ordered = (...lines: readonly string[]) => {
  const { minCount, maxCount, ...rest } = order(KIND, ...lines)
  expect([minCount, maxCount]).toEqual([1, 1])
  return rest
}
const refusal = (...lines: readonly string[]) => {
  try {
    order(...lines)
  } catch (thrown) {
    return asFault(thrown)
  }
  throw new Error('it was accepted')
}
const attribute = (name: string, value: string | number) => `X-OCCI-Attribute: ${name}=${JSON.stringify(value)}`

test.each<[string, readonly string[], Partial<RunOrder>]>([
  ['nothing but the kind: all by default (§13.9)', [], {}],
  ['an image', [image], { image: 'cccccccc-0000-4000-8000-000000000002' as never }],
  ['a size', [micro], { type: 't2.micro' }],
  ['a zone', [zone], { zone: 'local-1b' }],
  ['bases of templates say nothing', [mixin('http://schemas.ogf.org/occi/infrastructure#os_tpl')], {}],
  [
    'sizes of its own, GiB on the wire',
    [attribute('occi.compute.cores', 2), attribute('occi.compute.memory', 1.5)],
    { cores: 2, memoryMiB: 1536 },
  ],
  ['numbers in quotes', [attribute('occi.compute.cores', '2')], { cores: 2 }],
  ['a template beats sizes', [micro, attribute('occi.compute.cores', 8)], { type: 't2.micro' }],
  [
    'texts',
    [
      attribute('occi.core.title', 'a, "b"; c'),
      attribute('occi.core.summary', 's'),
      attribute('occi.compute.hostname', 'h.example.org'),
    ],
    { title: 'a, "b"; c', summary: 's', hostname: 'h.example.org' },
  ],
  ['an empty title is none', [attribute('occi.core.title', '')], {}],
  ['a title that is a number', [attribute('occi.core.title', 5)], { title: '5' }],
  [
    'immutable attributes and identifiers are left out (§13.7)',
    [attribute('occi.core.id', 'no uri'), attribute('occi.compute.state', 'nonsense')],
    {},
  ],
  ['attributes of a link are left out', [attribute('occi.core.source', '/x')], {}],
  ['attributes of nobody we know are left out', [attribute('example.test', 'x')], {}],
  [
    'hints are taken, a share is kept',
    [
      attribute('occi.compute.architecture', 'x86'),
      attribute('occi.compute.speed', 2.4),
      attribute('occi.compute.share', 5),
    ],
    { share: 5 },
  ],
  ['a link to a network', [nic(NETWORK)], { interfaces: [{ network: NETWORK_ID }] }],
  [
    'the same by its URL, with another origin',
    [nic(`https://cloud.example.org/${NETWORK}`)],
    { interfaces: [{ network: NETWORK_ID }] },
  ],
  [
    'several, with an address and a MAC address of the caller’s choice',
    [
      `${nic(NETWORK)};occi.networkinterface.address="10.0.0.9";occi.networkinterface.mac="02:00:00:00:00:09"`,
      `${nic(OTHER)};occi.networkinterface.state="active";occi.networkinterface.interface="eth7"`,
    ],
    {
      interfaces: [{ network: NETWORK_ID, address: '10.0.0.9', mac: '02:00:00:00:00:09' }, { network: OTHER_ID }],
    },
  ],
  [
    'a copied link: its dynamic address was nobody’s choice',
    [`${nic(NETWORK)};occi.networkinterface.address="10.0.0.9";occi.networkinterface.allocation="dynamic"`],
    { interfaces: [{ network: NETWORK_ID }] },
  ],
  [
    'the actions of a compute that was copied',
    ['Link: </compute/x?action=stop>;rel="http://schemas.ogf.org/occi/infrastructure/compute/action#stop"'],
    {},
  ],
  ['the same value twice', [attribute('occi.compute.cores', 2), attribute('occi.compute.cores', '2')], { cores: 2 }],
  [
    'a key of OCCI 1.2',
    [
      mixin('http://schemas.ogf.org/occi/infrastructure/credentials#ssh_key'),
      attribute('occi.credentials.ssh.publickey', KEY),
    ],
    { publicKey: KEY },
  ],
  ['a key as ooi misspells it', [attribute('occi.crendentials.ssh.publickey', KEY)], { publicKey: KEY }],
  ['a key as ooi reads it', [attribute('occi.credentials.ssh_key', KEY)], { publicKey: KEY }],
  [
    'a key of OpenStack',
    [
      mixin('http://schemas.openstack.org/instance/credentials#public_key'),
      attribute('org.openstack.credentials.publickey.name', 'mine'),
      attribute('org.openstack.credentials.publickey.data', `${KEY} `),
    ],
    { keyName: 'mine', publicKey: KEY },
  ],
  [
    'user data in base64',
    [
      mixin('http://schemas.openstack.org/compute/instance#user_data'),
      attribute('org.openstack.compute.user_data', 'I2Nsb3VkLWNvbmZpZwo='),
    ],
    { userData: 'I2Nsb3VkLWNvbmZpZwo=' },
  ],
  [
    'user data as it is',
    [attribute('occi.compute.userdata', '#!/bin/sh')],
    { userData: Buffer.from('#!/bin/sh').toString('base64') },
  ],
])('%s', (_name, lines, expected) => {
  expect(ordered(...lines)).toEqual(expected)
})

test.each<[string, readonly string[], string]>([
  ['no kind', [image], 'missing'],
  [
    'two kinds',
    [KIND, 'Category: network;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind"'],
    'combination',
  ],
  ['a network', ['Category: network;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind"'], 'unsupported'],
  ['a storage', ['Category: storage;scheme="http://schemas.ogf.org/occi/infrastructure#";class="kind"'], 'unsupported'],
  ['a category that nobody knows', [KIND, mixin('http://e#x')], 'unknown-field'],
  [
    'a kind called a mixin',
    ['Category: compute;scheme="http://schemas.ogf.org/occi/infrastructure#";class="mixin"'],
    'combination',
  ],
  [
    'an action',
    [KIND, 'Category: stop;scheme="http://schemas.ogf.org/occi/infrastructure/compute/action#";class="action"'],
    'invalid',
  ],
  ['a mixin of networks', [KIND, mixin('http://schemas.ogf.org/occi/infrastructure/network#ipnetwork')], 'forbidden'],
  ['two sizes', [KIND, micro, mixin(`${OURS}resource_tpl#t2_nano`)], 'combination'],
  ['two images', [KIND, image, mixin(`${OURS}os_tpl#ami-00000000000000001`)], 'combination'],
  ['an attribute that a compute has not', [KIND, attribute('occi.storage.size', 1)], 'unknown-field'],
  ['an unknown architecture (§13.10)', [KIND, attribute('occi.compute.architecture', 'arch')], 'invalid'],
  ['half a core', [KIND, attribute('occi.compute.cores', 0.5)], 'invalid'],
  ['no core', [KIND, attribute('occi.compute.cores', 0)], 'invalid'],
  ['cores in words', [KIND, attribute('occi.compute.cores', 'two')], 'invalid'],
  ['no memory', [KIND, attribute('occi.compute.memory', 0)], 'invalid'],
  ['a hostname with blanks', [KIND, attribute('occi.compute.hostname', 'a b')], 'invalid'],
  ['a title that is too long', [KIND, attribute('occi.core.title', 'x'.repeat(256))], 'invalid'],
  ['two values', [KIND, attribute('occi.compute.cores', 2), attribute('occi.compute.cores', 3)], 'combination'],
  ['another network', [KIND, nic('/network/other')], 'not-found'],
  ['a link elsewhere', [KIND, nic('/storage/1')], 'unsupported'],
  [
    'a storage link to what is no storage',
    [KIND, 'Link: </storage/1>;rel="x#y";category="http://schemas.ogf.org/occi/infrastructure#storagelink"'],
    'not-found',
  ],
  ['a link of a kind that nobody knows', [KIND, 'Link: </network/1>;rel="x#y";category="http://e#z"'], 'unknown-field'],
  [
    'keys of both sorts',
    [
      KIND,
      attribute('occi.credentials.ssh.publickey', KEY),
      attribute('org.openstack.credentials.publickey.data', KEY),
    ],
    'conflict',
  ],
  [
    'user data of both sorts',
    [KIND, attribute('occi.compute.userdata', 'a'), attribute('org.openstack.compute.user_data', 'a')],
    'conflict',
  ],
  [
    'no public key',
    [KIND, attribute('occi.credentials.ssh.publickey', '-----BEGIN OPENSSH PRIVATE KEY-----')],
    'invalid',
  ],
  ['user data above 16 KiB', [KIND, attribute('occi.compute.userdata', '#'.repeat(16 * 1024 + 1))], 'too-large'],
])('refused: %s', (_name, lines, kind) => {
  expect(refusal(...lines).kind).toBe(kind)
})

test('a refused key is not told', () => {
  expect(refusal(KIND, attribute('occi.credentials.ssh.publickey', 'SECRETKEY')).message).not.toContain('SECRETKEY')
})
