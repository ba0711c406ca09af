import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../../../workers/reconcile/fencing/run-command'
import { until } from '../../../support/until'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fence-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const host = { name: 'hv1', address: 'ssh://root@192.0.2.1' }
const script = (text: string): string[] => {
  const path = join(folder, 'fence.sh')
  writeFileSync(path, text)
  return ['sh', path]
}

test('done only with 0; words reach it as they are, and it knows the host', async () => {
  const words = script('echo "$OCCI_HOST $OCCI_ADDRESS ($1)"; env | grep -c OCCI_')
  expect(await runCommand([...words, "a 'b' $HOME"], host, 5000)).toEqual({
    outcome: 'done',
    output: "hv1 ssh://root@192.0.2.1 (a 'b' $HOME)\n2",
  })
})

test('what it said is kept when it fails, with how it ended', async () => {
  expect(await runCommand(script('echo no power >&2; exit 7'), host, 5000)).toEqual({
    outcome: 'failed',
    output: 'no power\nit ended with 7',
  })
})

test('a program that is not there is a failure', async () => {
  const came = await runCommand(['/no/such/program'], host, 5000)
  expect(came).toMatchObject({ outcome: 'failed' })
  expect(came.output).toContain('ENOENT')
})

test('one that takes too long is ended with all that it started, and has failed', async () => {
  const pid = join(folder, 'pid')
  const came = await runCommand(script(`sleep 60 & echo $! >${pid}; echo waiting; wait`), host, 300)
  expect(came).toEqual({ outcome: 'failed', output: 'waiting\nit did not end within 0.3 s' })
  await until(
    () =>
      !existsSync(`/proc/${readFileSync(pid, 'utf8').trim()}/cmdline`) || isZombie(readFileSync(pid, 'utf8').trim()),
  )
})

const isZombie = (pid: string): boolean => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')

describe('what it leaves behind in a session of its own, with its outputs', () => {
  const pid = () => join(folder, 'left')
  /** As `ssh` with ControlPersist does. */
  const leaving = (then: string) =>
    script(`setsid sh -c 'echo $$ >${pid()}.new; mv ${pid()}.new ${pid()}; exec sleep 60' &
until [ -e ${pid()} ]; do sleep 0.02; done
${then}`)
  afterEach(() => process.kill(Number(readFileSync(pid(), 'utf8')), 'SIGKILL'))

  test('does not keep it from having ended', async () => {
    expect(await runCommand(leaving('echo off'), host, 20_000)).toEqual({ outcome: 'done', output: 'off' })
    expect(existsSync(`/proc/${readFileSync(pid(), 'utf8').trim()}`)).toBe(true)
  })

  test('does not make a failure of it last', async () => {
    const came = await runCommand(leaving('echo no power >&2; exit 3'), host, 20_000)
    expect(came).toEqual({ outcome: 'failed', output: 'no power\nit ended with 3' })
  })

  test('does not hold it up once it has taken too long', async () => {
    const came = await runCommand(leaving('echo waiting; sleep 60'), host, 1500)
    expect(came).toEqual({ outcome: 'failed', output: 'waiting\nit did not end within 1.5 s' })
  })
})

test('of much that it says the newest is kept', async () => {
  const { output } = await runCommand(
    script('i=0; while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); done'),
    host,
    9000,
  )
  expect(output.length).toBeLessThanOrEqual(4096)
  expect(output.endsWith('line 2999')).toBe(true)
})
