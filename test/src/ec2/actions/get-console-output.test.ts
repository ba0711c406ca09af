import { call, codeOf, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
let one: { InstanceId: string }
beforeEach(async () => {
  operations = fakeOperations()
  await xmlOf('RunInstances', { MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001' }, { operations })
  one = { InstanceId: [...operations.computes.values()][0]?.wish.name ?? '' }
})

test('golden: GetConsoleOutput in base64, with its time', async () => {
  const xml = await xmlOf('GetConsoleOutput', { ...one, Latest: true }, { operations })
  expectGolden('ec2/GetConsoleOutput.xml', pretty(xml))
  expect(Buffer.from(texts(xml, 'output')[0] ?? '', 'base64').toString('utf8')).toBe('login: é\n')
})

test('nothing seen yet: no output and no time', async () => {
  operations.consoleOutput = async () => null
  const xml = await xmlOf('GetConsoleOutput', one, { operations })
  expect([texts(xml, 'instanceId'), texts(xml, 'output'), texts(xml, 'timestamp')]).toEqual([[one.InstanceId], [], []])
})

test('DryRun looks at nothing', async () => {
  let looks = 0
  operations.consoleOutput = async () => {
    looks += 1
    return null
  }
  expect((await call('GetConsoleOutput', { ...one, DryRun: true }, { operations })).status).toBe(412)
  expect(looks).toBe(0)
})

test('what is not there', async () => {
  expect(await codeOf('GetConsoleOutput', {}, { operations })).toBe('MissingParameter')
  expect(await codeOf('GetConsoleOutput', { InstanceId: 'x' }, { operations })).toBe('InvalidInstanceID.Malformed')
  expect(await codeOf('GetConsoleOutput', one, { operations, caller: bob })).toBe('InvalidInstanceID.NotFound')
})
