/** The two sessions that `up` prints, pasted into a shell as they stand. */
import { delimiter, dirname } from 'node:path'
import {
  describeWithAws,
  findAws,
  newData,
  plainEnvironment,
  type Ran,
  removeData,
  run,
  startUp,
  type Up,
} from '../support/gateway-process'

const data = newData()
let up: Up

beforeAll(async () => {
  up = await startUp(data)
})
afterAll(async () => {
  await up.end('SIGINT')
  removeData(data)
})

/** The indented lines below a heading. */
function session(heading: RegExp): string {
  const lines = up.output().split('\n')
  const from = lines.findIndex((line) => heading.test(line)) + 2
  const to = lines.findIndex((line, at) => at >= from && line === '')
  return lines.slice(from, to).join('\n')
}

const paste = (text: string): Promise<Ran> => {
  const aws = findAws()
  const path = [...(aws?.includes('/') ? [dirname(aws)] : []), process.env.PATH ?? ''].join(delimiter)
  return run('bash', ['-euo', 'pipefail', '-c', text], { ...plainEnvironment(), PATH: path, AWS_PAGER: '' })
}

describeWithAws('aws', () => {
  test('makes two machines and lists them', async () => {
    const { code, stdout } = await paste(session(/first session with aws/))
    expect(code).toBe(0)
    expect(stdout.match(/i-[0-9a-f]{17}/g)?.length).toBeGreaterThanOrEqual(4)
  })
})

test('curl lists the machines and makes another one', async () => {
  const { code, stdout } = await paste(session(/by OCCI, with curl/))
  expect(code).toBe(0)
  expect(stdout).toMatch(/X-OCCI-Location: http:\/\/127.0.0.1:\d+\/compute\/[0-9a-f-]{36}/)
})
