/**
 * Runs the project's TypeScript as it lies: `node -r <repo>/test/support/swc-register.js workers/main.ts …`.
 * What was transpiled once is kept under .cache by its content, so a process that is started often starts quickly.
 */
const { createHash } = require('node:crypto')
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const FORMAT = '1'
const cache = join(__dirname, '..', '..', '.cache', 'transpiled')
mkdirSync(cache, { recursive: true })
process.setSourceMapsEnabled(true)

function transpiled(path) {
  const source = readFileSync(path, 'utf8')
  const kept = join(cache, `${createHash('sha256').update(`${FORMAT}\0${path}\0${source}`).digest('hex')}.js`)
  try {
    return readFileSync(kept, 'utf8')
  } catch {
    // Loaded only when something is new: it is large.
    const { code } = require('@swc/core').transformSync(source, {
      filename: path,
      swcrc: false,
      sourceMaps: 'inline',
      jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
      module: { type: 'commonjs' },
    })
    const fresh = `${kept}.${process.pid}`
    writeFileSync(fresh, code)
    renameSync(fresh, kept)
    return code
  }
}

require.extensions['.ts'] = (module, path) => module._compile(transpiled(path), path)
