/** The process of xl-hosts.ts: `node … FOLDER COUNT`; tells its ports, and how many commands came when asked. */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Server } from 'ssh2'

const [folder = '', count = '1'] = process.argv.slice(2)
const answer = readFileSync(join(folder, 'answer'))
const hostKeys = [readFileSync(join(folder, 'host-key'))]
let commands = 0

const start = (): Promise<number> =>
  new Promise((resolve) => {
    const server = new Server({ hostKeys }, (client) => {
      client.on('authentication', (context) => context.accept())
      client.on('error', () => undefined)
      client.on('ready', () =>
        client.on('session', (accept) =>
          accept().on('exec', (acceptExec) => {
            commands += 1
            const channel = acceptExec()
            channel.on('data', () => undefined)
            channel.write(answer)
            channel.exit(0)
            channel.end()
          }),
        ),
      )
    })
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

process.on('message', () => process.send?.(commands))
process.on('disconnect', () => process.exit(0))
void Promise.all(Array.from({ length: Number(count) }, start)).then((ports) => process.send?.(ports))
