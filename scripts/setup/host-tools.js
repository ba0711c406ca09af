/**
 * Programs of a Xen host that the tests run here, for tests only: qemu-img, and busybox as its other shell. On PATH, else Debian's
 * packages unpacked into .cache/host-tools. jest.config.js puts them on the PATH of all tests.
 */
const { spawnSync } = require('node:child_process')
const { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } = require('node:fs')
const { join, relative } = require('node:path')
const { hasApt, libraries, unpackDebian } = require('./debian')
const { findAll } = require('./find')
const { cache } = require('./place')
const { say, step } = require('./say')

const TARGET = 'host-tools'
const TOOLS = [
  { name: 'qemu-img', package: 'qemu-utils', words: ['--version'] },
  { name: 'busybox', package: 'busybox', words: ['true'] },
]
/** The folder of what was unpacked. */
const folder = join(cache, TARGET, 'path')

const works = ({ words }, bin) => spawnSync(bin, words, { stdio: 'ignore', timeout: 60_000 }).status === 0

/** Where a tool is, on PATH or unpacked; undefined when it is neither. */
const find = (tool) => [...findAll(tool.name), join(folder, tool.name)].find((bin) => works(tool, bin))

/** An unpacked program finds the libraries that were unpacked with it. Not so busybox: it needs none, and goes by the names of links to it. */
function place(name) {
  const bin = ['usr/bin', 'bin'].map((at) => join(cache, TARGET, at, name)).find((file) => existsSync(file))
  if (!bin) throw new Error(`Debian's package has no ${name}`)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  if (name === 'busybox') symlinkSync(relative(folder, bin), file)
  else {
    writeFileSync(file, `#!/bin/sh\nLD_LIBRARY_PATH='${libraries(TARGET)}' exec '${bin}' "$@"\n`)
    chmodSync(file, 0o755)
  }
}

const ADVICE = [
  'qemu-img or busybox could not be had: the tests that run them are skipped. This makes them available:',
  '    Debian, Ubuntu   sudo apt-get install --no-install-recommends qemu-utils busybox',
]

/** Makes sure that the tests have them, if they can be had. */
function hostTools() {
  const lacking = () => TOOLS.filter((tool) => find(tool) === undefined)
  const wanted = lacking()
  if (wanted.length > 0 && hasApt()) {
    const packages = wanted.map((tool) => tool.package)
    try {
      step(`unpacking Debian's ${packages.join(', ')} into .cache/${TARGET}`, () => {
        unpackDebian(packages, TARGET)
        for (const { name } of wanted) place(name)
      })
    } catch (error) {
      say(`no tools of a Xen host that way: ${error.message}`)
    }
  }
  if (lacking().length > 0) for (const line of ADVICE) say(line)
}

module.exports = { hostTools, folder }
