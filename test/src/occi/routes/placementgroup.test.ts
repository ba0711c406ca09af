/** Placement groups at their paths and on computes, in every rendering, over the real operations: the same records as EC2's. */
import { randomUUID } from 'node:crypto'
import type { ComputeId } from '../../../../src/model/ids'
import { NOBODY } from '../../../../src/store/store'
import { texts } from '../../../support/ec2-call'
import { BASE, COMPUTE_KIND } from '../../../support/occi-app'
import { type Answered, expectAnswer } from '../../../support/occi-golden'
import { useOcciSite } from '../../../support/occi-site'
import { attribute, inText, RENDERINGS } from '../../../support/occi-text'

const here = useOcciSite()
const { send, shown } = inText(() => here.ask)

const KIND = 'Category: placementgroup; scheme="http://occi-gateway.org/occi/infrastructure#"; class="kind"'
const MIXIN = 'Category: grouped; scheme="http://occi-gateway.org/occi/infrastructure/compute#"; class="mixin"'
const FRESH = '/placementgroup/77777777-2222-4333-8444-555555555555'
const COMPUTE = '/compute/77777777-2222-4333-8444-666666666666'
const title = (name: string) => attribute('occi.core.title', name)
const says = (name: string, value: string | number) => attribute(`org.occi-gateway.placementgroup.${name}`, value)
const inGroup = (group: string) => attribute('org.occi-gateway.compute.placementgroup', group)
const made = async (...lines: readonly string[]): Promise<string> => {
  const { status, headers, body } = await send('post', '/placementgroup/', KIND, ...lines)
  expect([status, status === 201 ? '' : body]).toEqual([201, ''])
  return String(headers.location).slice(BASE.length)
}

/** As its worker would, once nothing is left of the machine. */
async function forgotten(id: ComputeId): Promise<void> {
  await here.site.observe(id, ({ seen }) => ({
    seen: { ...seen, host: null, machine: null, goneAt: here.site.clock.now() },
  }))
  const record = await here.site.store.read('compute', id)
  const releases = [{ hash: `members:${record?.wish.placementGroup?.id}`, field: id }]
  const change = { operationId: randomUUID(), actor: NOBODY, what: 'test', releases }
  await here.site.store.change(change, here.site.clock.now())
}

const scrub = (text: string) =>
  text
    .replace(/\b(pg|i|ami)([-_])[0-9a-f]{17}/g, '$1$20000000000000000a')
    .replaceAll(here.site.site, 'the-site')
    .replace(/02(?::[0-9a-f]{2}){5}/g, '02:00:00:00:00:01')
    .replace(
      /networkinterface\/[0-9a-f-]{36}|securitygrouplink\/[0-9a-f-]{36}|network\/[0-9a-f-]{36}|securitygroup\/[0-9a-f-]{36}|storagelink\/[0-9a-f-]{36}|storage\/[0-9a-f-]{36}/g,
      (path) => `${path.split('/')[0]}/an-id`,
    )
    .replace(/urn:uuid:(?!77777777)[0-9a-f-]{36}/g, 'urn:uuid:an-id')

describe.each(RENDERINGS)('%s', (accept, extension) => {
  const golden = (name: string, answer: Answered) => expectAnswer(`${name}.${extension}`, answer, scrub)
  const asked = (method: 'get' | 'put' | 'delete', path: string) =>
    here.ask(method, path).set('Content-Type', 'text/plain').set('Accept', accept)

  test('made, shown, listed, used by a compute, in use, deleted', async () => {
    const lines = [KIND, title('front'), says('keeps', 'apart'), says('over', 'host')]
    golden('placementgroup-created', await asked('put', FRESH).send(lines.join('\n')))
    golden('placementgroup', await asked('get', FRESH))
    golden('placementgroups', await asked('get', '/placementgroup/'))
    expect((await send('put', COMPUTE, COMPUTE_KIND, MIXIN, inGroup(FRESH))).status).toBe(201)
    golden('compute-in-group', await asked('get', COMPUTE))
    golden('placementgroup-in-use', await asked('delete', FRESH))
    const id = COMPUTE.slice('/compute/'.length) as ComputeId
    await here.site.first.operations.deleteComputes(here.ann, { ids: [id] })
    // Until nothing is left of the machine, which its worker says and then forgets.
    expect((await asked('delete', FRESH)).status).toBe(409)
    await forgotten(id)
    golden('placementgroup-deleted', await asked('delete', FRESH))
    expect((await asked('get', FRESH)).status).toBe(404)
  })
})

test.each([
  ['together by host', [], 'cluster', ''],
  ['apart by rack', [says('keeps', 'apart')], 'spread', 'rack'],
  ['apart by host, softly', [says('keeps', 'apart'), says('over', 'host'), says('strength', 'soft')], 'spread', 'host'],
  ['two partitions', [says('keeps', 'partitions')], 'partition', ''],
] as const)('EC2 shows the same group: %s', async (name, lines, strategy, level) => {
  const path = await made(title(name), ...lines)
  const answer = await here.ec2('DescribePlacementGroups')
  expect(texts(answer, 'groupName')).toEqual([name])
  expect(texts(answer, 'strategy')).toEqual([strategy])
  expect(texts(answer, 'spreadLevel')).toEqual(level === '' ? [] : [level])
  expect(texts(answer, 'partitionCount')).toEqual(strategy === 'partition' ? ['2'] : [])
  const { attributes } = await shown(path)
  expect(attributes['org.occi-gateway.placementgroup.name']).toBe(texts(answer, 'groupId')[0])
})

test('a group of EC2 is shown, used and deleted by OCCI', async () => {
  const created = await here.ec2('CreatePlacementGroup', {
    GroupName: 'db',
    Strategy: 'partition',
    PartitionCount: '3',
  })
  const [listed = ''] = String((await here.ask('get', '/placementgroup/').set('Accept', 'text/uri-list')).body).split(
    /\r?\n/,
  )
  const path = listed.slice(BASE.length)
  expect((await shown(path)).attributes).toMatchObject({
    'occi.core.title': 'db',
    'org.occi-gateway.placementgroup.keeps': 'partitions',
    'org.occi-gateway.placementgroup.over': 'rack',
    'org.occi-gateway.placementgroup.strength': 'hard',
    'org.occi-gateway.placementgroup.partitions': 3,
    'org.occi-gateway.placementgroup.name': texts(created, 'groupId')[0],
  })
  const partition = attribute('org.occi-gateway.compute.partition', 3).replace('"3"', '3')
  expect((await send('put', COMPUTE, COMPUTE_KIND, inGroup(BASE + path), partition)).status).toBe(201)
  const instances = await here.ec2('DescribeInstances')
  expect(texts(instances, 'groupName')).toContain('db')
  expect(texts(instances, 'partitionNumber')).toEqual(['3'])
  const { mixins, attributes } = await shown(COMPUTE)
  expect(mixins).toContain('http://occi-gateway.org/occi/infrastructure/compute#grouped')
  expect(attributes).toMatchObject({
    'org.occi-gateway.compute.placementgroup': path,
    'org.occi-gateway.compute.partition': 3,
  })
  const [name = ''] = texts(instances, 'instanceId')
  const refused = await here.ask('delete', path)
  expect([refused.status, String(refused.body)]).toEqual([409, expect.stringContaining(name)])
})

test('a compute names its group by location, path or id; its number by itself is given', async () => {
  const path = await made(title('db'), says('keeps', 'partitions'))
  const id = path.slice('/placementgroup/'.length)
  for (const named of [path, `${BASE}${path}`, id, `urn:uuid:${id}`]) {
    here.site.clock.at += 1
    expect((await send('post', '/compute/', COMPUTE_KIND, inGroup(named))).status).toBe(201)
  }
  const all = await here.site.first.operations.listComputes(here.ann)
  expect(all.map(({ wish }) => wish.placementGroup)).toEqual([1, 2, 1, 2].map((partition) => ({ id, partition })))
})

test('several of one request go into a group together', async () => {
  const path = await made(title('front'), says('keeps', 'apart'))
  const one = {
    kind: 'http://schemas.ogf.org/occi/infrastructure#compute',
    attributes: { 'org.occi-gateway.compute.placementgroup': path },
  }
  const sent = here.ask('post', '/compute/').set('Content-Type', 'application/occi+json')
  expect((await sent.send(JSON.stringify({ resources: [one, one] }))).status).toBe(201)
  const names = texts(await here.ec2('DescribeInstances'), 'groupName')
  expect(names.filter((name) => name === 'front')).toHaveLength(2)
})

test.each<[string, number, RegExp, readonly string[]]>([
  ['no name', 400, /missing: .*occi\.core\.title/, [KIND]],
  ['a name with a space at its end', 400, /occi\.core\.title: the name of a placement group/, [KIND, title('a ')]],
  ['no such rule', 400, /placementgroup\.keeps/, [KIND, title('a'), says('keeps', 'beside')]],
  ['no label', 400, /placementgroup\.over: /, [KIND, title('a'), says('over', 'a b')]],
  [
    'soft partitions',
    400,
    /placementgroup\.strength: /,
    [KIND, title('a'), says('keeps', 'partitions'), says('strength', 'soft')],
  ],
  [
    'partitions of none',
    400,
    /placementgroup\.partitions: /,
    [KIND, title('a'), 'X-OCCI-Attribute: org.occi-gateway.placementgroup.partitions=3'],
  ],
  [
    'too many partitions',
    400,
    /placementgroup\.partitions/,
    [KIND, title('a'), 'X-OCCI-Attribute: org.occi-gateway.placementgroup.partitions=8'],
  ],
  ['a summary', 409, /occi\.core\.summary/, [KIND, title('a'), attribute('occi.core.summary', 'x')]],
  ['another kind', 400, /this path takes/, [COMPUTE_KIND]],
  ['a mixin of computes', 403, /cannot be put on/, [KIND, title('a'), MIXIN]],
  [
    'a link',
    501,
    /starts no links/,
    [KIND, title('a'), 'Link: </network/x>; rel="http://schemas.ogf.org/occi/infrastructure#network"'],
  ],
  [
    'an attribute of OCCI that it has not',
    404,
    /occi\.compute\.cores/,
    [KIND, title('a'), 'X-OCCI-Attribute: occi.compute.cores=2'],
  ],
])('a group is refused, naming what is wrong, and nothing is made: %s', async (_name, status, message, lines) => {
  const answer = await send('put', FRESH, ...lines)
  expect([answer.status, String(answer.body)]).toEqual([status, expect.stringMatching(message)])
  expect(await here.site.first.operations.listPlacementGroups(here.ann)).toEqual([])
})

test.each<[string, number, RegExp, readonly string[]]>([
  ['the mixin alone', 400, /compute\.placementgroup/, [MIXIN]],
  [
    'a partition of none',
    400,
    /compute\.partition goes with/,
    ['X-OCCI-Attribute: org.occi-gateway.compute.partition=1'],
  ],
  ['no group', 404, /no placementgroup at nowhere/, [inGroup('nowhere')]],
  ['a group that is not there', 404, /no such placement group/, [inGroup(FRESH)]],
])('a compute is refused, and none is made: %s', async (_name, status, message, lines) => {
  const answer = await send('post', '/compute/', COMPUTE_KIND, ...lines)
  expect([answer.status, String(answer.body)]).toEqual([status, expect.stringMatching(message)])
  expect(await here.site.first.operations.listComputes(here.ann)).toEqual([])
})

test('a partition that the group has not is refused by name', async () => {
  const path = await made(title('db'), says('keeps', 'partitions'))
  const third = 'X-OCCI-Attribute: org.occi-gateway.compute.partition=3'
  const answer = await send('post', '/compute/', COMPUTE_KIND, inGroup(path), third)
  expect([answer.status, String(answer.body)]).toEqual([400, expect.stringContaining('partitions from 1 to 2')])
})

test('names and ids: taken ones, no UUID, another project’s', async () => {
  expect((await send('put', FRESH, KIND, title('front'))).status).toBe(201)
  expect((await send('post', '/placementgroup/', KIND, title('front'))).status).toBe(409)
  const asBob = (method: 'get' | 'put' | 'delete', path: string) =>
    here.ask(method, path).set('x-test-user', 'bob').set('Content-Type', 'text/plain')
  expect((await asBob('get', FRESH)).status).toBe(404)
  expect((await asBob('delete', FRESH)).status).toBe(404)
  const words: string[] = []
  for (const path of [FRESH, '/placementgroup/mine']) {
    const answer = await asBob('put', path).send([KIND, title('mine')].join('\n'))
    expect(answer.status).toBe(400)
    words.push(String(answer.body))
  }
  expect(words[0]).toBe(words[1])
  const theirs = here.ask('post', '/compute/').set('x-test-user', 'bob').set('Content-Type', 'text/plain')
  expect((await theirs.send([COMPUTE_KIND, inGroup(FRESH)].join('\n'))).status).toBe(404)
})

test('what GET gave can be sent back; another rule or name is refused by name', async () => {
  await send('put', FRESH, KIND, title('front'), says('keeps', 'apart'))
  const before = await here.ask('get', FRESH).set('Accept', 'text/plain')
  for (const method of ['put', 'post'] as const) {
    const again = await here
      .ask(method, FRESH)
      .set('Content-Type', 'text/plain')
      .set('Accept', 'text/plain')
      .send(before.body)
    expect([again.status, again.body]).toEqual([200, before.body])
    for (const line of [title('back'), says('strength', 'soft'), says('over', 'zone')]) {
      const answer = await send(method, FRESH, KIND, line)
      expect([answer.status, String(answer.body)]).toEqual([
        409,
        expect.stringContaining(/([a-z.-]+)=/.exec(line)?.[1] ?? '-'),
      ])
    }
  }
  expect((await send('post', `${FRESH}?action=start`)).status).toBe(404)
})

test('a compute keeps its group when what GET gave is sent back, and another group later is refused by name', async () => {
  await send('put', FRESH, KIND, title('front'))
  const other = await made(title('back'))
  await send('put', COMPUTE, COMPUTE_KIND, inGroup(FRESH))
  const { body } = await here.ask('get', COMPUTE).set('Accept', 'text/plain')
  expect((await here.ask('put', COMPUTE).set('Content-Type', 'text/plain').send(body)).status).toBe(200)
  const answer = await send('post', COMPUTE, inGroup(other))
  expect([answer.status, String(answer.body)]).toEqual([501, expect.stringContaining('compute.placementgroup')])
  expect((await shown(COMPUTE)).attributes['org.occi-gateway.compute.placementgroup']).toBe(FRESH)
})

test('a collection is deleted all or none', async () => {
  const used = await made(title('used'))
  await made(title('free'))
  await send('put', COMPUTE, COMPUTE_KIND, inGroup(used))
  expect((await here.ask('delete', '/placementgroup/')).status).toBe(409)
  expect(await here.site.first.operations.listPlacementGroups(here.ann)).toHaveLength(2)
  expect((await here.ask('delete', '/placementgroup/?attribute=occi.core.title&value=free')).status).toBe(200)
  const left = await here.site.first.operations.listPlacementGroups(here.ann)
  expect(left.map(({ wish }) => wish.name)).toEqual(['used'])
})
