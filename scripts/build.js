/** Builds dist/: compiles src and workers, and copies what the compiler leaves behind (Lua and shell scripts, JSON tables). */
const { spawnSync } = require('node:child_process')
const { cpSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } = require('node:fs')
const { dirname, join, relative } = require('node:path')

const root = join(__dirname, '..')
const dist = join(root, 'dist')
/** Built beside it, at the same depth (source maps name their sources from there). */
const part = join(root, `dist.part-${process.pid}`)
const COPIED = /\.(lua|json|sh)$/

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else yield path
  }
}

function compile() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', part]
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0
}

function copyTables() {
  for (const folder of ['src', 'workers'])
    for (const file of filesBelow(join(root, folder))) {
      if (!COPIED.test(file)) continue
      const target = join(part, relative(root, file))
      mkdirSync(dirname(target), { recursive: true })
      cpSync(file, target)
    }
}

/** Whole or not at all, and nothing lives on that was removed from the sources. */
function putInPlace(started) {
  copyTables()
  // Dated at the start: what was saved while we compiled is newer.
  writeFileSync(join(part, '.built'), '')
  utimesSync(join(part, '.built'), started, started)
  rmSync(dist, { recursive: true, force: true })
  renameSync(part, dist)
}

const started = new Date()
try {
  if (compile()) putInPlace(started)
  else process.exitCode = 1
} finally {
  rmSync(part, { recursive: true, force: true })
}
