/**
 * Others' readers of seed disks, for tests only: cloud-init with the Python it needs, bsdtar and isoinfo. Debian's packages,
 * unpacked into .cache/seed-readers.
 */
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')
const { hasApt, libraries, unpackDebian } = require('./debian')
const { findAll } = require('./find')
const { cache } = require('./place')
const { wrapPython, wrapperOf } = require('./python')
const { say, step } = require('./say')

const PACKAGES = ['cloud-init', 'libarchive-tools', 'genisoimage']
const TARGET = 'seed-readers'

const env = () => ({ ...process.env, LD_LIBRARY_PATH: libraries(TARGET) })
const succeeds = (bin, args, settings) =>
  spawnSync(bin, args, { stdio: 'ignore', timeout: 60_000, env: settings }).status === 0

/** What of a name is on PATH or unpacked, `{ bin, env }`; undefined when it is neither. */
function find(name, words) {
  const settings = env()
  const bin = [...findAll(name), join(cache, TARGET, 'usr', 'bin', name)].find((file) =>
    succeeds(file, words, settings),
  )
  return bin && { bin, env: settings }
}

/** All that there is of them. */
const findSeedReaders = () => ({
  bsdtar: find('bsdtar', ['--version']),
  isoinfo: find('isoinfo', ['-version']),
  python: [wrapperOf(TARGET, 'python3'), ...findAll('python3')].find((bin) =>
    succeeds(bin, ['-c', 'import yaml; from cloudinit.sources import DataSourceNoCloud'], process.env),
  ),
})

const ADVICE = [
  'cloud-init, bsdtar or isoinfo could not be had: the tests that read seed disks with them are skipped. This makes them available:',
  '    Debian, Ubuntu   sudo apt-get install --no-install-recommends cloud-init libarchive-tools genisoimage',
]

/** Makes sure that the tests have them, if they can be had. */
function seedReaders() {
  const isWhole = () => Object.values(findSeedReaders()).every((found) => found !== undefined)
  if (!isWhole() && hasApt()) {
    try {
      step(`unpacking Debian's ${PACKAGES.join(', ')} into .cache/${TARGET}`, () => {
        unpackDebian(PACKAGES, TARGET)
        wrapPython(TARGET, 'python3')
      })
    } catch (error) {
      say(`no readers of seed disks that way: ${error.message}`)
    }
  }
  if (!isWhole()) for (const line of ADVICE) say(line)
  return findSeedReaders()
}

module.exports = { seedReaders, findSeedReaders }
