/** A build when a source is newer than what was built. */
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')
const { newest } = require('./newest')
const { root } = require('./place')
const { giveUp, step } = require('./say')

const SOURCES = ['src', 'workers', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/build.js']
const MARK = join(root, 'dist', '.built')

/** Whether dist/ is what the sources say. */
const built = () => newest(MARK) >= Math.max(...SOURCES.map((name) => newest(join(root, name))))

/** Builds dist/ if it is missing or older than its sources. */
function build() {
  if (built()) return
  step('building', () => {
    const done = spawnSync(process.execPath, [join(root, 'scripts', 'build.js')], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    })
    if (done.status !== 0) giveUp(['the build failed (see above)'])
  })
}

module.exports = { build }
