/** Builds dist/: compiles src and workers, and copies what the compiler leaves behind (Lua scripts, JSON tables). */
const { spawnSync } = require('node:child_process')
const { cpSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } = require('node:fs')
const { dirname, join, relative } = require('node:path')

const root = join(__dirname, '..')
const dist = join(root, 'dist')
const COPIED = /\.(lua|json)$/

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else yield path
  }
}

function compile() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  return spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' }).status === 0
}

function copyTables() {
  for (const folder of ['src', 'workers'])
    for (const file of filesBelow(join(root, folder))) {
      if (!COPIED.test(file)) continue
      const target = join(dist, relative(root, file))
      mkdirSync(dirname(target), { recursive: true })
      cpSync(file, target)
    }
}

// A file that was removed from the sources must not live on.
rmSync(dist, { recursive: true, force: true })
const started = new Date()
if (!compile()) process.exit(1)
copyTables()
// Dated at the start: what was saved while we compiled is newer.
const mark = join(dist, '.built')
writeFileSync(mark, '')
utimesSync(mark, started, started)
