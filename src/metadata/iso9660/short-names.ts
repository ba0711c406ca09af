/**
 * Names as ISO 9660 level 1 takes them: 8 and 3 capital letters, digits and underscores, with a version. Nobody looks for
 * them where Rock Ridge or Joliet can be read, but they must differ.
 */
export function shortNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    const [stem = '', extension = ''] = name.toUpperCase().split('.')
    const plain = (text: string, most: number): string => text.replace(/[^A-Z0-9]/g, '_').slice(0, most)
    const tail = `.${plain(extension, 3)};1`
    let short = `${plain(stem, 8)}${tail}`
    for (let number = 1; taken.has(short); number += 1)
      short = `${plain(stem, 7 - String(number).length)}_${number}${tail}`
    taken.add(short)
    return short
  })
}
