/** No file over 400 lines: what grows beyond it holds more than one thing. */
const { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } = require('node:fs')
const { join, relative } = require('node:path')

const root = join(__dirname, '..')
const FOLDERS = ['src', 'workers', 'test', 'scripts', 'bin']
const CODE = /\.(ts|js|mjs|lua|sh|py|rb)$/
const MOST = 400

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else if (entry.isFile() && (CODE.test(entry.name) || isProgram(path))) yield path
  }
}

/** A program needs no extension to be one. */
function isProgram(path) {
  const start = Buffer.alloc(2)
  const file = openSync(path)
  readSync(file, start)
  closeSync(file)
  return start.toString('latin1') === '#!'
}

const lines = FOLDERS.map((name) => join(root, name))
  .filter((folder) => statSync(folder, { throwIfNoEntry: false }))
  .flatMap((folder) => [...filesBelow(folder)])
  .map((file) => ({ file: relative(root, file), lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
  .sort((a, b) => a.lines - b.lines)

const long = lines.filter((entry) => entry.lines > MOST)
for (const entry of long) console.error(`${entry.file}: ${entry.lines} lines, at most ${MOST}`)
const at = (share) => lines[Math.min(lines.length - 1, Math.floor(lines.length * share))]?.lines ?? 0
console.log(`${lines.length} files; lines: median ${at(0.5)}, 95 % ${at(0.95)}, longest ${at(1)}`)
process.exit(long.length > 0 ? 1 : 0)
