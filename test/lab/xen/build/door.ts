/** How a host of the lab is entered: its key was made with its disk, so it is known before it first starts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Door } from '../ssh'

/** `image`: folder of the stage 'host'. */
export const doorOf = (image: string, name: string, sshPort: number): Door => ({
  name,
  sshPort,
  user: 'root',
  keyFile: join(image, 'id_lab'),
  hostKey: readFileSync(join(image, `${name}.hostkey`), 'utf8').trim(),
})
