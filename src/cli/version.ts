/** The product's version, from its package.json. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** The package's folder: the nearest upwards that holds a package.json, the same from src/ and from dist/src/. */
export function packageRoot(from: string = __dirname): string {
  const up = dirname(from)
  return existsSync(join(from, 'package.json')) || up === from ? from : packageRoot(up)
}

export const version = (): string =>
  z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'))).version
