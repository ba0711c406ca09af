import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const REPO = join(__dirname, '..', '..', '..', '..')
const REGISTER = join(REPO, 'test', 'support', 'swc-register.js')
const SUBJECT = join(REPO, 'src', 'http', 'auth', 'known-deprecation.ts')
const run = promisify(execFile)

/** In a process of its own: Node warns once. */
const stderrOf = async (...lines: readonly string[]): Promise<string> =>
  (await run(process.execPath, ['-r', REGISTER, '-e', lines.join('\n')])).stderr

test('after it, a call of Buffer is warned of no more, and other deprecations are', async () => {
  const known = `require(${JSON.stringify(SUBJECT)}).knowBufferDeprecation()`
  const other = "process.emitWarning('of something else', 'DeprecationWarning', 'X')"
  expect(await stderrOf('new Buffer(1)')).toContain('DEP0005')
  const quiet = await stderrOf(known, 'new Buffer(1)', other)
  expect(quiet).not.toContain('DEP0005')
  expect(quiet).toContain('of something else')
})
