/** Programs and modules of Debian's Python that were unpacked rather than installed. */
const { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { libraries } = require('./debian')
const { cache } = require('./place')

/** Where the wrapper of that name is, in the tree `<cache>/<target>`. */
const wrapperOf = (target, name) => join(cache, target, 'bin', name)

/**
 * Writes a wrapper that runs Python with the unpacked modules: for a script of the tree, or for what its caller names. Debian's
 * Python modules are built for Debian's Python: the system's own, or the one unpacked with them.
 */
function wrapPython(target, name, script) {
  const tree = join(cache, target)
  const own = existsSync(join(tree, 'usr', 'bin'))
    ? readdirSync(join(tree, 'usr', 'bin')).find((file) => /^python3\.\d+$/.test(file))
    : undefined
  const lines = [
    '#!/bin/sh',
    `tree='${tree}'`,
    'PYTHONPATH="$tree/usr/lib/python3/dist-packages"; export PYTHONPATH',
    ...(libraries(target) ? [`LD_LIBRARY_PATH='${libraries(target)}'; export LD_LIBRARY_PATH`] : []),
    ...(own ? ['PYTHONHOME="$tree/usr"; export PYTHONHOME'] : []),
    `exec ${own ? `"$tree/usr/bin/${own}"` : '/usr/bin/python3'} ${script ? `"$tree/${script}" ` : ''}"$@"`,
  ]
  mkdirSync(join(tree, 'bin'), { recursive: true })
  writeFileSync(wrapperOf(target, name), `${lines.join('\n')}\n`)
  chmodSync(wrapperOf(target, name), 0o755)
}

module.exports = { wrapPython, wrapperOf }
