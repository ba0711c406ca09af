/** docs/xen.md says of the guard what its code does. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_FOLDER, operatorScript, TOOLS } from '../../workers/drivers/guard/install'

const page = readFileSync(join('docs', 'xen.md'), 'utf8')
const HOST = join('workers', 'drivers', 'guard', 'host')
const guard = readdirSync(HOST)
  .map((name) => readFileSync(join(HOST, name), 'utf8'))
  .join('\n')

test('every program that the guard needs is named', () => {
  for (const tool of TOOLS) expect(page).toContain(`\`${tool}\``)
})

test('every program that its script calls is looked for when it is installed', () => {
  const called = guard.match(
    /\b(flock|setsid|sha256sum|sync|head|tail|grep|find|date|sleep|wc|cat|mkdir|mv|rm|rmdir|chmod|awk|sed|cut|mktemp|od|stat|touch|ln|cp|dd|tr|sort|xargs|timeout|ps|basename|dirname|readlink)(?= [-"$0-9./])/g,
  )
  expect(TOOLS).toEqual(expect.arrayContaining([...new Set(called)]))
})

test('folder and sudo rule', () => {
  expect(page).toContain(`${DEFAULT_FOLDER}/guard\``)
  const rule = /echo '(USER ALL=.*)' >/.exec(operatorScript({ user: 'USER' }))?.[1]
  expect(page).toContain(`\`${rule}\``)
})

test.each(['its records cannot be written', 'another call of this claim is under way'])(
  'the guard says: %s',
  (text) => {
    expect(guard).toContain(text)
    expect(page).toContain(text)
  },
)
