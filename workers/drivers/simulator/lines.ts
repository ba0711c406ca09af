/** JSON lines on a socket. (Node's readline also splits at U+2028, which JSON leaves as it is.) */
import type { Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'

/** More than a line ever is: a listing of thousands of machines. */
const LONGEST = 64 * 1_048_576

export const sendLine = (socket: Socket, value: unknown): void => {
  if (socket.writable) socket.write(`${JSON.stringify(value)}\n`)
}

/** Calls `take` with each value; a line that is no JSON, or far too long, ends the connection. */
export function onLines(socket: Socket, take: (value: unknown) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  socket.on('data', (bytes) => {
    const lines = (rest + decoder.write(bytes)).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST) socket.destroy()
    for (const line of lines) {
      let value: unknown
      try {
        value = JSON.parse(line)
      } catch {
        socket.destroy()
        return
      }
      take(value)
    }
  })
}
