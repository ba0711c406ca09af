/** Which of many files is the newest: whether something built is older than what it was built from. */
const { readdirSync, statSync } = require('node:fs')
const { join } = require('node:path')

const timeOf = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Latest change in ms below a folder, or of a file; folders count too (a removed file changes its folder); 0: not there. */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

module.exports = { newest, timeOf }
