/** Where a process that listens is called by this machine's own tools. */

/** `http://127.0.0.1:8787`, without a slash at its end: an address that means all of them is none to call. */
export function reachableUrl(listen: string, port: number): string {
  const host = listen === '0.0.0.0' || listen === '::' ? '127.0.0.1' : listen
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
