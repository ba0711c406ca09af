import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACTIONS } from '../../../src/ec2/actions/index'
import { isEc2Action, isList, isSimple, shapeNamed, shapesOf } from '../../../src/ec2/codec/table'

const ROOT = join(__dirname, '..', '..', '..')

test('table.json and actions.json are what the installed SDK gives', () => {
  // Exits with 1, and names the file, when they differ.
  const said = execFileSync(process.execPath, ['scripts/generate-ec2-table.js', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(said).toBe('')
})

test('every file of actions/ is in the list, once, under its own name, with its shapes', () => {
  const pascal = (file: string) =>
    file
      .slice(0, -3)
      .split('-')
      .map((word) => word[0]?.toUpperCase() + word.slice(1))
      .join('')
  const files = readdirSync(join(ROOT, 'src/ec2/actions')).filter((file) => file !== 'index.ts')
  expect(ACTIONS.map((action) => action.name).sort()).toEqual(files.map(pascal).sort())
  for (const action of ACTIONS) expect(shapesOf(action.name)).toHaveLength(2)
})

test("an action's parameters are exactly the model's, less DryRun", () => {
  for (const action of ACTIONS) {
    const [input] = shapesOf(action.name) ?? []
    const shape = input === undefined || isSimple(input) ? undefined : shapeNamed(input)
    if (!shape || isList(shape)) throw new Error(`${action.name} has no input structure`)
    const members = shape.members.map(([name]) => name).filter((name) => name !== 'DryRun')
    expect(Object.keys(action.uses).sort()).toEqual(members.sort())
  }
})

test('all of EC2 is known by name', () => {
  for (const name of ['RunInstances', 'CreateVpc', 'DescribeFleets', 'ModifyVolume'])
    expect(isEc2Action(name)).toBe(true)
  for (const name of ['runInstances', 'GetCallerIdentity', '__proto__', 'constructor', ''])
    expect(isEc2Action(name)).toBe(false)
})

test('every type that the table names is in it', () => {
  const seen = new Set<string>()
  const walk = (type: string): void => {
    if (isSimple(type) || seen.has(type)) return
    seen.add(type)
    const shape = shapeNamed(type)
    if (isList(shape)) walk(shape.of)
    else for (const [, , , of] of shape.members) walk(of)
  }
  for (const action of ACTIONS) for (const type of shapesOf(action.name) ?? []) walk(type)
  expect(seen.size).toBeGreaterThan(200)
})

test('prototype names are no actions and no shapes', () => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    expect(shapesOf(name)).toBeUndefined()
    expect(() => shapeNamed(name)).toThrow(/no shape/)
  }
})

test('the SDK is used for its types only, but for buckets: loading it would cost 200 ms and 70 MB', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const loads = files.filter((file) =>
    /^(?:import (?!type )[^\n]*|.*\b(?:require|import)\()['"]?.*@aws-sdk/m.test(
      readFileSync(join(ROOT, 'src', file), 'utf8'),
    ),
  )
  expect(files.length).toBeGreaterThan(50)
  expect(loads).toEqual(['images/s3.ts'])
  // There only where a bucket is opened, in the body of a function.
  expect(readFileSync(join(ROOT, 'src/images/s3.ts'), 'utf8')).toMatch(
    /^ {2}const sdk = require\('@aws-sdk\/client-s3'\)/m,
  )
})
