/** Python clients against a gateway of their own, run as scripts that tell what they saw as JSON. */
import { join } from 'node:path'
import { plainEnvironment, run, tenantEnvironment, type Up } from '../support/gateway-process'

const { findPython } = require('../../scripts/setup/python-clients') as { findPython: () => string | undefined }

/** Tests that need both modules are skipped, loudly, where they cannot be had (`node scripts/setup.js clients` says how). */
export function describeWithPython(name: string, tests: (python: string) => void): void {
  const python = findPython()
  if (python) {
    describe(name, () => tests(python))
    return
  }
  process.stderr.write(`SKIPPED: ${name}: no Python with libcloud and boto3; run "node scripts/setup.js clients"\n`)
  describe.skip(`${name} (no Python with libcloud and boto3)`, () => tests(''))
}

/** libcloud's EC2 driver knows Amazon's regions only, so the site bears the name of one. */
export const SITE = ['--port', '0', '--region', 'us-east-1']

/** What a script of this folder printed; its error with all that Python says when it failed. */
export async function sawBy(python: string, script: string, words: readonly string[], up: Up): Promise<unknown> {
  const env = { ...plainEnvironment(), ...tenantEnvironment(up.session()) }
  const { code, stdout, stderr } = await run(python, [join(__dirname, script), ...words], env)
  if (code !== 0) throw new Error(`${script} ${words.join(' ')} ended with ${code}:\n${stderr}`)
  return JSON.parse(stdout)
}
