import { call, codeOf, faultOf, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICkqSP1zYcGt9CdIRVuqVMkr2uTCBmBK3fvVQHZyYKNq'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const material = { PublicKeyMaterial: base64(`${ED25519} ann@home`) }

let operations: FakeOperations
beforeEach(() => {
  operations = fakeOperations()
})
const tagged = (value: string) => ({
  'TagSpecification.1.ResourceType': 'key-pair',
  'TagSpecification.1.Tag.1.Key': 'of',
  'TagSpecification.1.Tag.1.Value': value,
})
const bring = (name: string, more = {}) =>
  xmlOf('ImportKeyPair', { KeyName: name, ...material, ...more }, { operations })
const describe = (more = {}) => xmlOf('DescribeKeyPairs', more, { operations })

test('golden: ImportKeyPair', async () => {
  expectGolden('ec2/ImportKeyPair.xml', pretty(await bring('mine', tagged('ann'))))
})

test('golden: CreateKeyPair gives the private key once', async () => {
  const xml = await xmlOf('CreateKeyPair', { KeyName: 'made', KeyType: 'ed25519', ...tagged('ann') }, { operations })
  const plain = xml
    .replace(/(<keyMaterial>-----BEGIN OPENSSH PRIVATE KEY-----)[^-]*(-----END)/, '$1 … $2')
    .replace(/(<keyFingerprint>)[^<]*/, '$1…')
  expectGolden('ec2/CreateKeyPair.xml', pretty(plain))
  expect(await describe({ IncludePublicKey: true })).not.toContain('PRIVATE')
})

test('RSA is what is made unless said otherwise', async () => {
  const xml = await xmlOf('CreateKeyPair', { KeyName: 'made', KeyFormat: 'pem' }, { operations })
  expect(texts(xml, 'keyMaterial')[0]).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/)
  expect(texts(xml, 'keyFingerprint')[0]).toMatch(/^([0-9a-f]{2}:){19}[0-9a-f]{2}$/)
  expect(texts(await describe(), 'keyType')).toEqual(['rsa'])
})

test('golden: DescribeKeyPairs, with the public key when asked for', async () => {
  await bring('mine', tagged('ann'))
  await bring('other')
  expectGolden('ec2/DescribeKeyPairs.xml', pretty(await describe()))
  expect(texts(await describe({ IncludePublicKey: true, 'KeyName.1': 'mine' }), 'publicKey')).toEqual([
    `${ED25519} mine`,
  ])
})

test.each<[string, object, string[]]>([
  ['by name', { 'KeyName.1': 'b' }, ['b']],
  ['by id', { 'KeyPairId.1': 'key-00000000000000001' }, ['a']],
  ['by a name with wildcards', { 'Filter.1.Name': 'key-name', 'Filter.1.Value.1': '?' }, ['a', 'b']],
  ['by tag', { 'Filter.1.Name': 'tag:of', 'Filter.1.Value.1': 'bob' }, ['b']],
  ['by tag-key', { 'Filter.1.Name': 'tag-key', 'Filter.1.Value.1': 'of' }, ['a', 'b']],
  ['by id filter', { 'Filter.1.Name': 'key-pair-id', 'Filter.1.Value.1': '*2' }, ['b']],
  ['by fingerprint', { 'Filter.1.Name': 'fingerprint', 'Filter.1.Value.1': 'aa:*' }, []],
])('DescribeKeyPairs %s', async (_how, more, names) => {
  await bring('a', tagged('ann'))
  await bring('b', tagged('bob'))
  expect(texts(await describe(more), 'keyName')).toEqual(names)
})

test("another's key pairs are not there", async () => {
  await bring('mine')
  const theirs = { operations, caller: bob }
  expect(texts(await xmlOf('DescribeKeyPairs', {}, theirs), 'keyName')).toEqual([])
  expect(await codeOf('DescribeKeyPairs', { 'KeyName.1': 'mine' }, theirs)).toBe('InvalidKeyPair.NotFound')
  await xmlOf('DeleteKeyPair', { KeyName: 'mine' }, theirs)
  expect(operations.keyPairs.size).toBe(1)
})

test('golden: DeleteKeyPair by name; by id; again', async () => {
  await bring('a')
  await bring('b')
  expectGolden('ec2/DeleteKeyPair.xml', pretty(await xmlOf('DeleteKeyPair', { KeyName: 'a' }, { operations })))
  await xmlOf('DeleteKeyPair', { KeyPairId: 'key-00000000000000002' }, { operations })
  expect(operations.keyPairs.size).toBe(0)
  const again = await xmlOf('DeleteKeyPair', { KeyName: 'a' }, { operations })
  expect(texts(again, 'return')).toEqual(['true'])
  expect(texts(again, 'keyPairId')).toEqual([])
})

test('tags of key pairs are set, listed and removed like others', async () => {
  await bring('mine', tagged('ann'))
  expect(texts(await xmlOf('DescribeTags', {}, { operations }), 'resourceType')).toEqual(['key-pair'])
  const changes: unknown[] = []
  operations.tagResources = async (_caller, change) => {
    changes.push(change)
  }
  const id = [...operations.keyPairs.keys()][0]
  await xmlOf(
    'CreateTags',
    { 'ResourceId.1': 'key-00000000000000001', 'Tag.1.Key': 'a', 'Tag.1.Value': '1' },
    { operations },
  )
  expect(changes).toEqual([{ refs: [{ kind: 'keypair', id }], set: { a: '1' }, dryRun: false }])
  expect(
    await codeOf('CreateTags', { 'ResourceId.1': 'key-00000000000000009', 'Tag.1.Key': 'a' }, { operations }),
  ).toBe('InvalidKeyPair.NotFound')
})

test.each<[string, string, object, string]>([
  ['no name', 'CreateKeyPair', {}, 'MissingParameter'],
  ['ppk', 'CreateKeyPair', { KeyName: 'a', KeyFormat: 'ppk' }, 'UnsupportedOperation'],
  ['dsa', 'CreateKeyPair', { KeyName: 'a', KeyType: 'dsa' }, 'InvalidParameterValue'],
  [
    'tags of something else',
    'CreateKeyPair',
    { KeyName: 'a', 'TagSpecification.1.ResourceType': 'instance', 'TagSpecification.1.Tag.1.Key': 'a' },
    'InvalidParameterValue',
  ],
  ['a taken name', 'CreateKeyPair', { KeyName: 'taken', KeyType: 'ed25519' }, 'InvalidKeyPair.Duplicate'],
  ['a taken name', 'ImportKeyPair', { KeyName: 'taken', ...material }, 'InvalidKeyPair.Duplicate'],
  ['no key', 'ImportKeyPair', { KeyName: 'a' }, 'MissingParameter'],
  ['no base64', 'ImportKeyPair', { KeyName: 'a', PublicKeyMaterial: '!' }, 'InvalidParameterValue'],
  ['no public key', 'ImportKeyPair', { KeyName: 'a', PublicKeyMaterial: base64('x') }, 'InvalidKey.Format'],
  ['no such name', 'DescribeKeyPairs', { 'KeyName.1': 'nobody' }, 'InvalidKeyPair.NotFound'],
  ['no such id', 'DescribeKeyPairs', { 'KeyPairId.1': 'key-00000000000000099' }, 'InvalidKeyPair.NotFound'],
  ['no id', 'DescribeKeyPairs', { 'KeyPairId.1': 'mine' }, 'InvalidParameterValue'],
  ['no such filter', 'DescribeKeyPairs', { 'Filter.1.Name': 'x', 'Filter.1.Value.1': 'y' }, 'InvalidParameterValue'],
  ['nothing', 'DeleteKeyPair', {}, 'MissingParameter'],
  ['no id', 'DeleteKeyPair', { KeyPairId: 'x' }, 'InvalidParameterValue'],
])('refused: %s (%s)', async (_what, action, parameters, code) => {
  await bring('taken')
  expect(await codeOf(action, parameters as Record<string, string>, { operations })).toBe(code)
  expect(operations.keyPairs.size).toBe(1)
})

test('a refusal never repeats the key', async () => {
  const { message } = await faultOf(
    'ImportKeyPair',
    { KeyName: 'a', PublicKeyMaterial: base64('ssh-rsa SECRET') },
    { operations },
  )
  expect(message).toBe('Key is not in valid OpenSSH public key format')
})

test('DryRun makes and ends nothing', async () => {
  await bring('there')
  for (const [action, more] of [
    ['CreateKeyPair', { KeyName: 'a', KeyType: 'ed25519' }],
    ['ImportKeyPair', { KeyName: 'a', ...material }],
    ['DeleteKeyPair', { KeyName: 'there' }],
  ] as const)
    expect((await call(action, { ...more, DryRun: true }, { operations })).status).toBe(412)
  expect([...operations.keyPairs.values()].map((record) => record.wish.name)).toEqual(['there'])
})
