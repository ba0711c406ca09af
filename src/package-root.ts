import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The package's folder: the nearest upwards that holds a package.json, the same from src/ and from dist/src/. */
export function packageRoot(from: string = __dirname): string {
  const up = dirname(from)
  return existsSync(join(from, 'package.json')) || up === from ? from : packageRoot(up)
}
