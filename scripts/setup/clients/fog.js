/** Ruby with fog-aws. */
const { chmodSync, mkdirSync, readdirSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { libraries } = require('../debian')
const { findAll } = require('../find')
const { cache } = require('../place')
const { wrapperOf } = require('../python')
const { answers } = require('./fetch')

const TARGET = 'fog'
const tree = join(cache, TARGET)

const folders = (path) => {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(path, name))
  } catch {
    return []
  }
}

/** Where Debian's Ruby looks for files: its own version's folders, and those of the machine's architecture. */
function loadPath() {
  const pure = join(tree, 'usr', 'lib', 'ruby')
  const roots = [
    pure,
    ...libraries(TARGET)
      .split(':')
      .map((folder) => join(folder, 'ruby')),
  ]
  const versions = [...roots, ...roots.map((folder) => join(folder, 'vendor_ruby'))]
    .flatMap(folders)
    .filter((folder) => /\/\d+\.\d+\.\d+$/.test(folder))
  return [...versions, join(pure, 'vendor_ruby')]
}

/** Where it looks for gems: those in Ruby, and those with compiled parts. */
function gemPath() {
  const compiled = libraries(TARGET)
    .split(':')
    .flatMap((folder) => folders(join(folder, 'rubygems-integration')))
  return [join(tree, 'usr', 'share', 'rubygems-integration', 'all'), ...compiled]
}

/** Writes a wrapper that runs the unpacked Ruby with the unpacked libraries. */
function wrapRuby() {
  const ruby = readdirSync(join(tree, 'usr', 'bin')).find((name) => /^ruby\d/.test(name)) ?? 'ruby'
  const lines = [
    '#!/bin/sh',
    `RUBYLIB='${loadPath().join(':')}'; export RUBYLIB`,
    `GEM_PATH='${gemPath().join(':')}'; export GEM_PATH`,
    `LD_LIBRARY_PATH='${libraries(TARGET)}'; export LD_LIBRARY_PATH`,
    `exec '${join(tree, 'usr', 'bin', ruby)}' "$@"`,
  ]
  mkdirSync(join(tree, 'bin'), { recursive: true })
  writeFileSync(wrapperOf(TARGET, 'ruby'), `${lines.join('\n')}\n`)
  chmodSync(wrapperOf(TARGET, 'ruby'), 0o755)
}

const fog = {
  name: 'Ruby with fog-aws',
  packages: ['ruby-fog-aws'],
  target: TARGET,
  candidates: () => [wrapperOf(TARGET, 'ruby'), ...findAll('ruby')],
  works: (bin) => answers(bin, ['-e', 'require "fog/aws"; Fog::Compute']),
  wrap: wrapRuby,
  advice: ['Debian, Ubuntu   sudo apt-get install ruby-fog-aws', 'others           gem install fog-aws'],
}

module.exports = { fog }
