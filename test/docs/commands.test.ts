/** Commands that README.md shows exist, with the options that they are shown with. */
import { readFileSync } from 'node:fs'
import { program } from '../../src/cli/program'

const shown = [
  ...['README.md', 'CONTRIBUTING.md', 'docs/operate.md', 'docs/ec2.md', 'docs/cli.md', 'docs/first-site.md'].flatMap(
    (page) =>
      [...readFileSync(page, 'utf8').matchAll(/npx occi-gateway ((?:[a-z]+ ?)+)([^\n)"`#]*)/g)].map(
        ([, words = '', rest = '']) => ({
          words: words.trim().split(' '),
          options: rest.match(/--[a-z-]+/g) ?? [],
        }),
      ),
  ),
]

test('there are some', () => {
  expect(shown.length).toBeGreaterThan(3)
})

test.each(shown)('occi-gateway $words $options', ({ words, options }) => {
  let command = program({}, () => undefined)
  for (const word of words) {
    const child = command.commands.find((it) => it.name() === word)
    if (!child) break
    command = child
  }
  expect(command.commands).toEqual([])
  const known = command.options.map((option) => option.long)
  for (const option of options) expect(known).toContain(option)
})

const npmWords = (page: string) =>
  [...readFileSync(page, 'utf8').matchAll(/npm (?:run )?([a-z]+(?::[a-z0-9]+)*)/g)].map(([, word = '']) => word)

test('npm scripts that the pages name are there', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'))
  const named = ['README.md', 'CONTRIBUTING.md']
    .flatMap(npmWords)
    .filter((word) => word !== 'packages' && word !== 'run')
  for (const word of named) expect(Object.keys(scripts)).toContain(word)
})
