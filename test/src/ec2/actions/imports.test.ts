import type { ImportSeen } from '../../../../src/model/records'
import type { Caller } from '../../../../src/operations/context'
import type { Operations } from '../../../../src/operations/operations'
import { codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { type Gateways, startGateways } from '../../../support/gateways'
import { expectGolden } from '../../../support/golden'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let operations: Operations
let ann: Caller
let bob: Caller
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis)
  operations = site.first.operations
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
})
afterEach(() => site.close())

const URL = 'https://files.example.org/disk.qcow2?X-Amz-Signature=secret'
const xml = (action: string, parameters: Parameters = {}, caller = ann) =>
  xmlOf(action, parameters, { operations, caller })
const code = (action: string, parameters: Parameters = {}, caller = ann) =>
  codeOf(action, parameters, { operations, caller })
const stable = (text: string): string =>
  pretty(text).replace(/\b(ami|snap|import-ami|import-snap)-[0-9a-f]{17}\b/g, '$1-#')
const taskOf = (answer: string): string => texts(answer, 'importTaskId')[0] ?? ''

/** As its job would: what came of the import. */
async function observe(task: string, seen: Partial<ImportSeen>): Promise<void> {
  const record = (await site.store.readAll('imageimport')).find(({ wish }) => wish.task?.name === task)
  const claim = await site.store.claim('imageimport', record?.id ?? '', site.clock.now())
  if (!claim) throw new Error('no import')
  await site.store.observe(claim, { seen: { ...claim.record.seen, ...seen }, what: 'test' }, site.clock.now())
}

const file = { sha256: 'ab'.repeat(32), bytes: 4096, format: 'qcow2', sizeGiB: 3 } as const

describe('ImportImage', () => {
  const order = {
    'DiskContainer.1.Url': URL,
    'DiskContainer.1.Format': 'qcow2',
    Description: 'brought along',
    'TagSpecification.1.ResourceType': 'import-image-task',
    'TagSpecification.1.Tag.1.Key': 'stage',
    'TagSpecification.1.Tag.1.Value': 'test',
  }

  test('golden: active, with progress, then completed', async () => {
    const answer = await xml('ImportImage', order)
    expectGolden('ec2/ImportImage.xml', stable(answer))
    const task = taskOf(answer)
    await observe(task, { state: 'fetching', bytes: 1024, total: 4096 })
    expectGolden('ec2/DescribeImportImageTasks-active.xml', stable(await xml('DescribeImportImageTasks')))
    await observe(task, { state: 'completed', bytes: 4096, total: 4096, file, completedAt: 5 })
    const done = await xml('DescribeImportImageTasks', { 'ImportTaskId.1': task })
    expectGolden('ec2/DescribeImportImageTasks-completed.xml', stable(done))
    expect(done).not.toContain('secret')
    expect(texts(done, 'imageId')[0]).toMatch(/^ami-/)
  })

  test('what went wrong is told', async () => {
    const task = taskOf(await xml('ImportImage', order))
    await observe(task, { state: 'failed', message: 'files.example.org answers 404', completedAt: 5 })
    const described = await xml('DescribeImportImageTasks', {
      'Filters.1.Name': 'task-state',
      'Filters.1.Value.1': 'deleted',
    })
    expect(texts(described, 'statusMessage')).toEqual(['files.example.org answers 404'])
  })

  test('a token makes one, and pages go on', async () => {
    const first = taskOf(await xml('ImportImage', { ...order, ClientToken: 'a' }))
    expect(taskOf(await xml('ImportImage', { ...order, ClientToken: 'a' }))).toBe(first)
    expect(await code('ImportImage', { ...order, ClientToken: 'a', Description: 'x' })).toBe(
      'IdempotentParameterMismatch',
    )
    site.clock.at += 1000
    const second = taskOf(await xml('ImportImage', order))
    const page = await xml('DescribeImportImageTasks', { MaxResults: 1 })
    expect(taskOf(page)).toBe(first)
    const NextToken = texts(page, 'nextToken')[0] ?? ''
    expect(taskOf(await xml('DescribeImportImageTasks', { MaxResults: 1, NextToken }))).toBe(second)
  })

  test('CancelImportTask takes the image with it', async () => {
    const task = taskOf(await xml('ImportImage', order))
    expect(texts(await xml('DescribeImages', { 'Owner.1': 'self' }), 'imageState')).toEqual(['pending'])
    expect(await code('CancelImportTask', { ImportTaskId: task }, bob)).toBe('InvalidConversionTaskId')
    const answer = await xml('CancelImportTask', { ImportTaskId: task })
    expect([texts(answer, 'previousState'), texts(answer, 'state')]).toEqual([['active'], ['deleting']])
    expect(texts(await xml('DescribeImages', { 'Owner.1': 'self' }), 'imageState')).toEqual([])
    expect(texts(await xml('DescribeImportImageTasks'), 'status')).toEqual(['deleting'])
    expect(await code('CancelImportTask', { ImportTaskId: task })).toBe('IncorrectImportTaskState')
    expect(await code('CancelImportTask', { ImportTaskId: 'x' })).toBe('InvalidConversionTaskId.Malformed')
    expect(await code('CancelImportTask')).toBe('MissingParameter')
  })

  test.each<[string, Parameters, string]>([
    ['no address', { 'DiskContainer.1.Url': '' }, 'MissingParameter'],
    ['http', { 'DiskContainer.1.Url': 'http://files.example.org/x' }, 'InvalidParameterValue'],
    ['a bucket by address', { 'DiskContainer.1.Url': 's3://bucket/key' }, 'InvalidParameterValue'],
    ['a private address', { 'DiskContainer.1.Url': 'https://10.0.0.7/x' }, 'InvalidParameterValue'],
    ['the metadata service', { 'DiskContainer.1.Url': 'https://169.254.169.254/x' }, 'InvalidParameterValue'],
    ['this very gateway', { 'DiskContainer.1.Url': 'https://[::1]:8787/x' }, 'InvalidParameterValue'],
    ['a password in it', { 'DiskContainer.1.Url': 'https://a:b@files.example.org/x' }, 'InvalidParameterValue'],
    ['a bucket', { 'DiskContainer.1.UserBucket.S3Bucket': 'b' }, 'UnsupportedOperation'],
    ['VMDK', { 'DiskContainer.1.Format': 'VMDK' }, 'UnsupportedOperation'],
    ['two disks', { 'DiskContainer.2.Url': URL }, 'UnsupportedOperation'],
    ['Windows', { Platform: 'Windows' }, 'UnsupportedOperation'],
    ['i386', { Architecture: 'i386' }, 'UnsupportedOperation'],
    ['a role that it does not need', { Encrypted: true }, 'UnsupportedOperation'],
  ])('refused: %s', async (_what, parameters, expected) => {
    expect(await code('ImportImage', { ...order, ...parameters })).toBe(expected)
    expect(await site.store.readAll('imageimport')).toEqual([])
  })
})

describe('ImportSnapshot', () => {
  const order = { 'DiskContainer.Url': URL, Description: 'a disk' }

  test('golden: active and completed', async () => {
    const answer = await xml('ImportSnapshot', order)
    expectGolden('ec2/ImportSnapshot.xml', stable(answer))
    const task = taskOf(answer)
    await observe(task, { state: 'completed', bytes: 4096, total: 4096, file, completedAt: 5 })
    const done = await xml('DescribeImportSnapshotTasks', { 'ImportTaskId.1': task })
    expectGolden('ec2/DescribeImportSnapshotTasks-completed.xml', stable(done))
    expect(texts(await xml('DescribeImportImageTasks'), 'importTaskId')).toEqual([])
  })

  test('is cancelled, and told by its owner only', async () => {
    const task = taskOf(await xml('ImportSnapshot', { ...order, ClientToken: 't' }))
    expect(taskOf(await xml('ImportSnapshot', { ...order, ClientToken: 't' }))).toBe(task)
    expect(await code('DescribeImportSnapshotTasks', { 'ImportTaskId.1': task }, bob)).toBe('InvalidConversionTaskId')
    expect(await code('DescribeImportImageTasks', { 'ImportTaskId.1': task })).toBe('InvalidConversionTaskId.Malformed')
    expect(texts(await xml('CancelImportTask', { ImportTaskId: task }), 'state')).toEqual(['deleting'])
    expect(texts(await xml('DescribeImportSnapshotTasks'), 'status')).toEqual(['deleting'])
  })
})

test('a project has so many images, and so many bytes of them', async () => {
  const { caller } = await site.project('small', { images: 2, imageGiB: 1 })
  const upload = (name: string, bytes: number) =>
    operations.addImage(caller, { name, parts: { disk: { from: 'upload', bytes } } })
  await expect(upload('large', 2 * 1024 ** 3)).rejects.toMatchObject({ kind: 'quota', detail: { field: 'imageGiB' } })
  await upload('one', 700 * 1024 ** 2)
  await expect(upload('two', 700 * 1024 ** 2)).rejects.toMatchObject({ kind: 'quota', detail: { field: 'imageGiB' } })
  await upload('two', 1024)
  await expect(upload('three', 1024)).rejects.toMatchObject({ kind: 'quota', detail: { field: 'images' } })
  expect(await code('ImportImage', { 'DiskContainer.1.Url': URL }, caller)).toBe('ResourceLimitExceeded')
  await site.first.operations.deregisterImage(
    caller,
    (await operations.listImages(caller)).find((one) => one.wish.name === 'two')?.id as never,
  )
  await upload('three', 1024)
})

test('so many files are fetched for a project at once', async () => {
  const order = { 'DiskContainer.Url': URL }
  const tasks: string[] = []
  for (let n = 0; n < 19; n += 1) tasks.push(taskOf(await xml('ImportSnapshot', order)))
  await xml('ImportImage', { 'DiskContainer.1.Url': URL })
  expect(await code('ImportSnapshot', order)).toBe('ResourceLimitExceeded')
  expect(await code('ImportImage', { 'DiskContainer.1.Url': URL, DryRun: true })).toBe('ResourceLimitExceeded')
  await xml('ImportSnapshot', order, bob)
  await xml('CancelImportTask', { ImportTaskId: tasks[0] ?? '' })
  await xml('ImportSnapshot', order)
})
