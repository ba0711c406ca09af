import type { SealedText } from '../../../../src/model/records'
import { computeEntity, computeMember } from '../../../../src/occi/entities/compute'
import { allAttributes } from '../../../../src/occi/entities/entity'
import type { OcciVersion } from '../../../../src/occi/entities/member'
import { openModel } from '../../../../src/occi/model'
import { jsonEntity } from '../../../../src/occi/render/json'
import { plainEntity } from '../../../../src/occi/render/text-plain'
import { type ComputeParts, computeRecord, placed, sighting } from '../../../support/compute-record'
import { fakeOperations } from '../../../support/fake-operations'

const site = { operations: fakeOperations(), model: openModel() }
const shown = (parts: ComputeParts, version: OcciVersion = '1.2') => {
  const entity = computeEntity(site, computeRecord(parts), version)
  return {
    ...Object.fromEntries(allAttributes(entity).map(({ name, value }) => [name, value])),
    actions: entity.actions.map((id) => id.slice(id.indexOf('#') + 1)),
    mixins: entity.mixins.map((id) => id.slice(id.indexOf('#') + 1)),
    links: entity.links,
  }
}

const running: ComputeParts = {
  place: placed,
  seen: { machine: sighting('running', { interfaces: ['02:00:00:00:00:01'] }), starts: 1 },
}
const failed: ComputeParts = { place: placed, journal: { failed: { message: 'the disk is full', at: 1, retries: 0 } } }

test('all that is known of a running one', () => {
  const titles = { title: 'web', summary: 'a server', hostname: 'web.example.org' }
  expect(shown({ ...running, wish: titles })).toMatchObject({
    'occi.core.id': 'urn:uuid:11111111-2222-4333-8444-555555555555',
    'occi.core.title': 'web',
    'occi.core.summary': 'a server',
    'occi.compute.architecture': 'x64',
    'occi.compute.cores': 1,
    'occi.compute.memory': 0.5,
    'occi.compute.hostname': 'web.example.org',
    'occi.compute.state': 'active',
    'org.occi-gateway.instance.name': 'i-00000000000000001',
    'org.occi-gateway.instance.simulated': true,
    actions: ['stop', 'restart', 'suspend'],
    mixins: ['ami-00000000000000001', 't2_nano', 'local-1a', 'instance'],
  })
})

test.each<[string, ComputeParts, string, string, string[]]>([
  ['just ordered', {}, 'inactive', 'inactive', []],
  ['running', running, 'active', 'active', ['stop', 'restart', 'suspend']],
  [
    'off',
    { wish: { power: 'off' }, place: placed, seen: { machine: sighting('off'), starts: 1 } },
    'inactive',
    'inactive',
    ['start'],
  ],
  [
    'suspended',
    { wish: { power: 'suspended' }, place: placed, seen: { machine: sighting('saved'), starts: 1 } },
    'suspended',
    'suspended',
    ['start'],
  ],
  ['failed', failed, 'error', 'inactive', []],
])('%s: %s in 1.2, %s in 1.1', (_name, parts, state, old, actions) => {
  expect(shown(parts)).toMatchObject({ 'occi.compute.state': state, actions })
  expect(shown(parts, '1.1')).toMatchObject({ 'occi.compute.state': old, actions })
})

test('why it is so is told, in both versions', () => {
  expect(shown(failed)['occi.compute.state.message' as never]).toBe('the disk is full')
  expect(shown(failed, '1.1')['occi.compute.state.message' as never]).toBe('the disk is full')
})

test('a machine without a place does not say whether its host is simulated', () => {
  expect(shown({})).not.toHaveProperty(['org.occi-gateway.instance.simulated'])
})

test('a size of its own has no template, one of the operator has that', () => {
  const size = { type: '', cores: 3, cpuHundredths: 300, memoryMiB: 3000, diskGiB: 8 }
  expect(shown({ wish: { size } }).mixins).toEqual(['ami-00000000000000001', 'instance'])
  const huge = { id: 'http://e#huge', gives: { what: 'sizes', cores: 3, memoryMiB: 3000 } } as never
  const { mixins } = computeEntity({ ...site, model: { sizes: [huge] } }, computeRecord({ wish: { size } }), '1.2')
  expect(mixins).toContain('http://e#huge')
})

test('an interface is active once its host shows its MAC, inactive while the host is silent', () => {
  const state = (parts: ComputeParts) =>
    shown(parts).links[0]?.attributes.find(({ name }) => name === 'occi.networkinterface.state')?.value
  expect(state(running)).toBe('active')
  expect(state({ place: placed })).toBe('inactive')
  expect(state({ ...running, seen: { ...running.seen, contact: 'lost' } })).toBe('inactive')
})

test('an interface without an address has no IP mixin; its id is a UUID that never changes', () => {
  const [wish] = computeRecord().wish.interfaces
  if (wish === undefined) throw new Error('it has one')
  const [link] = shown({ wish: { interfaces: [{ ...wish, address: null }] } }).links
  expect(link?.mixins).toEqual([])
  expect(link?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(link?.id).toBe(shown(running).links[0]?.id)
})

test('secrets and host names are in no rendering', () => {
  const secrets = {
    userData: 'U0VDUkVU' as SealedText,
    keyName: 'KEYNAME',
    publicKey: 'ssh-ed25519 SECRET',
    clientToken: 'TOKEN',
  }
  const entity = computeEntity(site, computeRecord({ ...running, wish: secrets }), '1.2')
  for (const text of [plainEntity(entity), jsonEntity(entity)])
    for (const secret of ['U0VDUkVU', 'KEYNAME', 'SECRET', 'TOKEN', 'sim-1']) expect(text).not.toContain(secret)
})

test('a rendering is made once per record and version', () => {
  const record = computeRecord(running)
  const render = jest.fn(plainEntity)
  const member = computeMember(site, record)
  expect(computeMember(site, record)).toBe(member)
  const texts = [member.fragment('1.2', render), member.fragment('1.2', render), member.fragment('1.1', render)]
  expect(render).toHaveBeenCalledTimes(2)
  expect(texts[0]).toBe(texts[1])
  expect(computeMember(site, { ...record, rev: 2 })).not.toBe(member)
})
